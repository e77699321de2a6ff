"""Which collections of rows are folded, and which of them serves: one document for a service.

What is folded changes with a *generation*. Every mark of the projector carries its number, so a
worker that has not heard of the new one loses its next batch, and settles anew. While somebody
*holds* the projector it does not settle, and the marks stand still.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from shared.projections.likeness import likenesses
from shared.projections.marks import PROJECTOR, Marks
from shared.projections.received import Mark, Partition
from shared.projections.sessions import in_transaction
from shared.projections.tables import OFFSETS, SERVED, Document, Tables, rows_of

HOLD_S = 5.0
"""How long the projector waits for somebody who has died holding it."""
BELIEVED_S = 1.0
"""How long a reader may go by what it knows of the collection that serves."""
LEFT_S = 1.5 * BELIEVED_S
"""After this time nobody reads what no longer serves."""
_LOOK_S = 0.02

_ID = "views"
_HELD = {"$gt": ["$hold.until", "$$NOW"]}  # no hold at all is before all time


@dataclass(frozen=True, slots=True)
class Serving:
    """The collections of one view: those that are folded, oldest first, and which one serves.

    `likeness` is the view's as it is folded; `since` when it was last decided what serves.
    """

    likeness: str
    serves: str
    folds: tuple[str, ...]
    since: datetime | None = None

    @property
    def beside(self) -> str | None:
        """The collection that is folded and does not serve."""
        return next((each for each in self.folds if each != self.serves), None)


@dataclass(frozen=True, slots=True)
class Generation:
    """What is folded now; `touched` grows when a stream is mended or a partition is begun."""

    number: int = 1
    touched: int = 0
    held: bool = False
    views: Mapping[str, Serving] = field(default_factory=dict)
    builds: Mapping[str, int] = field(default_factory=dict)
    """The number of the last collection of each view there ever was; it is never used again."""

    @property
    def folds(self) -> Mapping[str, tuple[str, ...]]:
        """The collections that are folded, by view."""
        return {name: each.folds for name, each in self.views.items()}

    @property
    def likenesses(self) -> Mapping[str, str]:
        """What the views are that are folded, by name."""
        return {name: each.likeness for name, each in self.views.items()}


class Generations:
    """The document, and every way it may change."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._served = tables.durable[SERVED]

    async def read(self) -> Generation | None:
        """What is folded and what serves; None before the first start."""
        look: list[Document] = [{"$match": {"_id": _ID}}, {"$set": {"held": _HELD}}]
        async for found in self._served.aggregate(look):
            return _generation(found)
        return None

    async def begin(self, likenesses: Mapping[str, str]) -> None:
        """Write down the first of each view, where nothing is folded yet."""
        views = {
            name: {"likeness": likeness, "serves": rows_of(name), "folds": [rows_of(name)]}
            for name, likeness in likenesses.items()
        }
        builds = dict.fromkeys(views, 1)
        first = {"_id": _ID, "generation": 1, "touched": 0, "views": views, "builds": builds}
        try:
            await self._served.insert_one(first)
        except DuplicateKeyError:
            return

    async def build(self, views: Collection[str]) -> "dict[str, int]":
        """Number the collections that are about to be filled; whoever had the last may not end."""
        if not views:
            return {}
        found = await self._served.find_one_and_update(
            {"_id": _ID},
            {"$inc": {f"builds.{view}": 1 for view in views}},
            return_document=ReturnDocument.AFTER,
        )
        return {view: found["builds"][view] for view in views}

    async def hold(self, by: str) -> Generation | None:
        """Stop the projector for a moment; None when another holds it.

        When this returns, no batch of the generation before can be stored any more.
        """
        until = {"$add": ["$$NOW", int(HOLD_S * 1000)]}
        found = await self._served.find_one_and_update(
            {"_id": _ID, "$expr": {"$not": [_HELD]}},
            [{"$set": {"generation": _NEXT, "hold": {"by": by, "until": until}}}],
            return_document=ReturnDocument.AFTER,
        )
        if found is None:
            return None
        await self.raise_marks(found["generation"])
        return _generation(found)

    async def release(self, by: str) -> None:
        """Let the projector go on."""
        await self._served.update_one({"_id": _ID, "hold.by": by}, {"$unset": {"hold": ""}})

    async def raise_marks(self, number: int) -> None:
        """Fence whoever goes by an older generation.

        Not in a transaction: it waits for the batch at hand, and comes to its turn.
        """
        await self._tables.durable[OFFSETS].update_many(
            {"reader": PROJECTOR, "generation": {"$lt": number}}, {"$set": {"generation": number}}
        )

    async def conclude(
        self,
        held: Generation,
        marks: Mapping[Partition, Mark],
        builds: Mapping[str, int],
        becomes: Mapping[str, Serving],
        *,
        gone: Collection[str] = (),
        pause: bool = False,
    ) -> bool:
        """Fold other collections from these marks on, and let the projector go.

        Tells whether it is so: not when a mark has moved after all, or another has begun to build
        the same. `pause` keeps the projector until every reader has heard what serves.
        """
        views = {
            f"views.{name}": {
                "likeness": each.likeness,
                "serves": each.serves,
                "folds": list(each.folds),
                "since": each.since or "$$NOW",
            }
            for name, each in becomes.items()
        }
        change: list[Document] = [{"$set": {"generation": _NEXT, **views}}]
        if pause:
            until = {"$add": ["$$NOW", int(LEFT_S * 1000)]}
            change.append({"$set": {"hold": {"by": "", "until": until}}})
        else:
            change.append({"$unset": "hold"})
        if gone:
            change.append({"$unset": [f"views.{name}" for name in gone]})
        unchanged = {"generation": held.number, "touched": held.touched}
        mine = {f"builds.{name}": build for name, build in builds.items()}
        raised = {"$set": {"generation": held.number + 1}}
        moves = [
            UpdateOne({**Marks.at(PROJECTOR, *each), "generation": held.number}, raised)
            for each in marks.items()
        ]

        def work(session: ClientSession) -> bool:
            served = self._tables.changing(SERVED)
            told = served.update_one({"_id": _ID, **unchanged, **mine}, change, session=session)
            if told.matched_count != 1:
                return False
            offsets = self._tables.changing(OFFSETS)
            if moves and offsets.bulk_write(moves, session=session).matched_count != len(moves):
                raise _Moved
            return True

        try:
            return await in_transaction(self._tables, work, durably=True)
        except _Moved:
            return False

    async def serve(self, view: str, rows: str) -> bool:
        """Have queries read this collection of those that are folded; tells whether it is one."""
        which = {"_id": _ID, f"views.{view}.folds": rows}
        change = [{"$set": {f"views.{view}.serves": rows, f"views.{view}.since": "$$NOW"}}]
        return (await self._served.update_one(which, change)).matched_count == 1

    async def leave(self, view: str, serving: Serving) -> bool:
        """Fold only what serves; tells whether all is as it was, and every reader has heard so."""
        of, serves = f"views.{view}", serving.serves
        unchanged = {f"{of}.serves": serves, f"{of}.folds": list(serving.folds)}
        since = {"$lt": [f"${of}.since", {"$subtract": ["$$NOW", int(LEFT_S * 1000)]}]}
        found = await self._served.find_one_and_update(
            {"_id": _ID, **unchanged, "$expr": since},
            [{"$set": {"generation": _NEXT, f"{of}.folds": [serves]}}],
            return_document=ReturnDocument.AFTER,
        )
        if found is None:
            return False
        await self.raise_marks(found["generation"])
        return True


_NEXT = {"$add": ["$generation", 1]}


class _Moved(Exception):
    """A mark is not where it was when the projector was held."""


def touch(tables: Tables, session: ClientSession) -> Generation:
    """What is folded, which does not change before the transaction ends."""
    found = tables.changing(SERVED).find_one_and_update(
        {"_id": _ID},
        {"$inc": {"touched": 1}},
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    return Generation() if found is None else _generation(found)


def _generation(found: Mapping[str, Any]) -> Generation:
    views = {
        name: Serving(each["likeness"], each["serves"], tuple(each["folds"]), each.get("since"))
        for name, each in found["views"].items()
    }
    return Generation(
        found["generation"], found["touched"], found.get("held", False), views, found["builds"]
    )


class ServedMarks(Marks):
    """The projector's marks, which go with a generation."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables, PROJECTOR)
        self._tables = tables
        self._generations = Generations(tables)
        self.current = Generation()

    async def read(self, partitions: Collection[Partition]) -> dict[Partition, Mark]:
        """Where to go on, as soon as nobody holds the projector; raises OtherViews."""
        current = await self._generations.read()
        while current is not None and current.held:
            await asyncio.sleep(_LOOK_S)
            current = await self._generations.read()
        if current is None or current.likenesses != likenesses(self._tables.views.values()):
            raise OtherViews
        # Whoever raised the generation may have died before it raised the marks.
        await self._generations.raise_marks(current.number)
        self.current = current
        self.generation = current.number
        return await super().read(partitions)

    async def _insert(self, mark: Document) -> bool:
        """Only while the generation is the one we go by."""

        def work(session: ClientSession) -> bool:
            current = touch(self._tables, session)
            offsets = self._tables.changing(OFFSETS)
            there = offsets.find_one({"_id": mark["_id"]}, session=session)
            if there is not None or current.number != mark["generation"]:
                return False
            offsets.insert_one(mark, session=session)
            return True

        return await in_transaction(self._tables, work)


class OtherViews(Exception):
    """The views that are stored are not this program's: another version of it is at work."""


class Impossible(Exception):
    """What was asked of a view cannot be done now; the message says why."""
