"""Reading the views: for decisions, for reactions and for queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from pymongo.collation import Collation

from shared.eventstore.database import Collection as Stored
from shared.eventstore.database import Database, Document, reaching
from shared.kernel.codec import Codec
from shared.kernel.facts import Ask, Row
from shared.kernel.positions import Position
from shared.kernel.refusals import Malformed
from shared.kernel.views import View
from shared.observability.metrics import READ_WAITS
from shared.projections.cursors import Order, after, cursor_at, cursor_of
from shared.projections.documents import POSITION, from_document, in_document, text_fields
from shared.projections.folding import Hearing, Progress
from shared.projections.marks import PROJECTOR, Freshness, Marks
from shared.projections.serving import ServingRows
from shared.projections.tables import PROGRESS, Tables
from shared.projections.waiting import Waiting
from shared.projections.work import read_progress

R = TypeVar("R", bound=Row)

_DANISH = Collation(locale="da")


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """Some rows of a list, and the cursor to those after them, None at the end."""

    items: tuple[R, ...]
    next: str | None


class Rows:
    """The views of one service, wherever its projector runs. Raises NotYet (`store_unreachable`).

    `most_waiting` is how many may wait for a position at a time.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        views: Iterable[View[Any]],
        codec: Codec,
        *,
        most_waiting: int = 1_000,
    ) -> None:
        self._service = service
        self._hearing = Hearing(views, codec)
        self._tables = Tables(database, self._hearing.views.values())
        self._view_of = {view.row: view for view in self._tables.views.values()}
        self._serving = ServingRows(self._tables)
        self._marks = Marks(self._tables, PROJECTOR)
        self._waiting = Waiting(self._reached, most=most_waiting)

    async def look_up(
        self, asks: Sequence[Ask]
    ) -> tuple[Mapping[Ask, Row | None], Mapping[Ask, str]]:
        """The rows that are asked for, None where nothing is known, and where each was seen."""
        rows: dict[Ask, Row | None] = dict.fromkeys(asks)
        positions: dict[Ask, str] = {}
        keys: dict[type[Row], list[str]] = {}
        for row, key in rows:
            keys.setdefault(row, []).append(key)
        with reaching():
            for row, wanted in keys.items():
                view = self._view_of[row].name
                some = {"_id": {"$in": wanted}}
                found = await self._serving.ask(view, partial(_all, some))
                for document in found:
                    ask = (row, document["_id"])
                    rows[ask] = from_document(row, document)
                    positions[ask] = document[POSITION]
        return rows, positions

    async def one(self, row: type[R], key: str) -> tuple[R, str] | None:
        """A row, and the position of the last fact in it."""
        with reaching():
            view = self._view_of[row].name
            found = await self._serving.ask(view, lambda rows: rows.find_one({"_id": key}))
        return None if found is None else (from_document(row, found), found[POSITION])

    async def page(
        self,
        row: type[R],
        filters: Mapping[str, Any],
        sort: str | None,
        cursor: str | None,
        limit: int,
    ) -> Found[R]:
        """Rows that have all the values in `filters`, in the order of a field, `-` to reverse.

        A filter on a field with several values asks for one of them; several values in a filter
        ask for any of them. Raises Malformed (`sort_unknown`, `cursor_malformed`).
        """
        order = Order.parse(row, sort)
        where = {name: _condition(row, name, value) for name, value in filters.items()}
        if cursor is not None:
            where = {"$and": [where, after(order, cursor_at(cursor, order, where))]}
        # Words are put in order as Danish does, and so they have to be compared.
        collation = _DANISH if order.field in text_fields(row) else None
        with reaching():
            documents = await self._serving.ask(
                self._view_of[row].name,
                lambda rows: (
                    rows.find(where, collation=collation)
                    .sort(order.keys)
                    .limit(limit + 1)
                    .to_list(limit + 1)
                ),
            )
        more = len(documents) > limit
        filtered = where["$and"][0] if cursor is not None else where
        return Found(
            items=tuple(from_document(row, each) for each in documents[:limit]),
            next=cursor_of(documents[limit - 1], order, filtered) if more else None,
        )

    async def make_due(self, row: type[Row], field: str) -> None:
        """Make it fast to find rows whose instant has come; safe to repeat."""
        with reaching():
            for rows in await self._serving.folded(self._view_of[row].name):
                index = [(field, 1), ("_id", 1)]
                await self._tables.asking(rows).create_index(index, name=field)

    async def due(
        self, row: type[Row], field: str, now: datetime
    ) -> Sequence[tuple[str, datetime]]:
        """The keys of rows whose instant has come, with the instant, the longest due first."""
        with reaching():
            found = await self._serving.ask(
                self._view_of[row].name,
                lambda rows: (
                    rows.find({field: {"$lte": now}}, {"_id": True, field: True})
                    .sort(field, 1)
                    .to_list(None)
                ),
            )
        return [(each["_id"], each[field]) for each in found]

    async def wait_for(self, position: Position, timeout_s: float) -> None:
        """Return when the views have the position.

        Raises NotYet (`not_yet_visible`, `stream_parked`, `too_many_waiting`), and Malformed
        (`stream_not_followed`) for a stream that no view hears.
        """
        if not self._hearing.follows(position.stream):
            raise Malformed("stream_not_followed", stream=position.stream)
        outcome = "refused"
        try:
            await self._waiting.until(position, timeout_s)
            outcome = "seen"
        finally:
            READ_WAITS.labels(self._service, outcome).inc()

    def follows(self, stream: str) -> bool:
        """Whether any view hears facts of this kind of stream."""
        return self._hearing.follows(stream)

    def moved(self, progress: Mapping[str, Progress]) -> None:
        """A projector in this process says how far it came, which spares those who wait asking."""
        self._waiting.moved(progress)

    async def freshness(self) -> Freshness:
        """Up to when the views have everything."""
        with reaching():
            return await self._marks.freshness()

    async def _reached(self, streams: Collection[str]) -> Mapping[str, Progress]:
        with reaching():
            progress = self._tables.asking(PROGRESS).find({"_id": {"$in": list(streams)}})
            return {each["_id"]: read_progress(each) async for each in progress}


async def _all(some: Document, rows: Stored) -> list[Document]:
    found: list[Document] = await rows.find(some).to_list(None)
    return found


def _condition(row: type[Row], name: str, value: Any) -> Any:
    if name not in row.model_fields:
        raise KeyError(f"{row.__name__} has no field {name}")
    if isinstance(value, list | tuple | set | frozenset):
        return {"$in": [in_document(each) for each in value]}
    # Under $eq, what somebody sent is never taken for an operator.
    return {"$eq": in_document(value)}
