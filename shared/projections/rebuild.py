"""Building a view anew beside the one that serves, from the beginning of the topics (promise 6).

Nobody reads the new rows while they are built, so they are written without transactions, and begun
again from scratch when their builder dies. At the end the projector is held for a moment: what it
has folded is folded here too, and from then on it folds both.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from shared.contracts.messages import glance
from shared.eventstore.lease import Lease
from shared.kernel.codec import Codec, Undecodable
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.projections.building import Building
from shared.projections.consumer import Record
from shared.projections.generations import (
    LEFT_S,
    Generation,
    Generations,
    Impossible,
    Serving,
)
from shared.projections.history import History
from shared.projections.leftovers import drop_leftovers
from shared.projections.likeness import likeness
from shared.projections.marks import PROJECTOR, Marks
from shared.projections.parking import passed_over
from shared.projections.received import Mark, Partition, read
from shared.projections.replay import Replay
from shared.projections.tables import PROGRESS, Tables, rows_of

_FEW = 2_000
_HOLDS = 5
_BUSY_S = 0.1
_RENEW_S = 1.0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was built: the collection of each view, from how many facts of how many records."""

    rows: Mapping[str, str]
    facts: int
    records: int
    took_s: float
    held_s: float
    """For how long the projector waited, of that."""


async def rebuild(
    views: Sequence[View[Any]],
    tables: Tables,
    bootstrap: str,
    codec: Codec,
    prefix: str = "",
    *,
    instead: bool = False,
    gone: Collection[str] = (),
    client: Mapping[str, Any] | None = None,
) -> Rebuilt:
    """Build views of a service anew, while its projector runs or does not.

    They are then folded beside what serves. With `instead` they serve at once, what served before
    is dropped, and views that are `gone` are no longer known. `client` is passed on to aiokafka.

    Raises Impossible: somebody is at it already, there is one beside already, a fact cannot be
    taken or is not in the topics. Raises one of BROKEN when the broker is away.
    """
    began = time.monotonic()
    async with _alone(tables) as me:
        work = _Rebuilding(views, tables, codec, prefix, me, instead=instead, gone=gone)
        await work.begin()
        async with History(bootstrap, work.topics, **(client or {})) as history:
            await work.catch_up(history)
            held_s = await work.conclude(history)
        if instead:
            await work.leave()
    return Rebuilt(work.rows, work.facts, work.records, time.monotonic() - began, held_s)


@asynccontextmanager
async def _alone(tables: Tables) -> AsyncIterator[str]:
    """Only one builds for a service at a time; another takes over soon from one who has died."""
    lease = Lease(tables.durable, "rebuild")
    if not await lease.take():
        raise Impossible("a view of this service is being rebuilt already")
    done = asyncio.Event()
    keeping = asyncio.create_task(_keep(lease, done))
    try:
        yield str(uuid4())
    finally:
        done.set()
        await keeping
        await lease.release()


async def _keep(lease: Lease, done: asyncio.Event) -> None:
    """Renew; never cancelled, since a renewal that comes after the release would take it again."""
    while not done.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(_RENEW_S):
                await done.wait()
        if not done.is_set():
            await lease.take()


class _Rebuilding:
    def __init__(
        self,
        views: Sequence[View[Any]],
        tables: Tables,
        codec: Codec,
        prefix: str,
        me: str,
        *,
        instead: bool,
        gone: Collection[str],
    ) -> None:
        self._views = {view.name: view for view in views}
        self._tables = tables
        self._codec = codec
        self._me = me
        self._instead = instead
        self._gone = gone
        self._generations = Generations(tables)
        self._marks = Marks(tables, PROJECTOR)
        self._heard = tuple({event for view in views for event in view.hears})
        self._names = {event.__name__ for event in self._heard}
        self._kinds = {kind.name: kind for kind in map(codec.kind_of, self._heard)}
        self._partly = {
            kind.name for kind in self._kinds.values() if not set(kind.events) <= set(self._heard)
        }
        self.topics = sorted({prefix + kind.topic for kind in self._kinds.values()})
        self._builds: Mapping[str, int] = {}
        self.rows: dict[str, str] = {}
        self._building: list[Building] = []
        self._replay: Replay[Recorded[Any]] = Replay({})
        self._anew = False
        """Whether a topic was made anew since the projector read it."""
        self.facts = 0
        self.records = 0

    async def begin(self) -> None:
        """Make empty collections, and clear away what others left."""
        current = await self._generations.read()
        if current is None:
            raise Impossible("nothing has been folded yet")
        if not self._instead:
            for name, view in self._views.items():
                _check_beside(current, view, name)
        self._builds = await self._generations.build([*self._views, *self._gone])
        self.rows = {name: rows_of(name, self._builds[name]) for name in self._views}
        await drop_leftovers(self._tables)
        for name, view in self._views.items():
            self._building.append(Building(view, self._tables.durable[self.rows[name]]))

    async def catch_up(self, history: History) -> None:
        """Fold up to where the projector is."""
        marks = await self._marks.stored()
        # Read after the marks: what lies before them has been folded by now, or is parked. And
        # read durably: what a crash takes back from the projector would stay folded here.
        progress = self._tables.durable[PROGRESS].find({}, {"version": True})
        reached = {
            each["_id"]: each["version"] async for each in progress if self._ours(each["_id"])
        }
        self._replay = Replay(
            reached, await passed_over(self._tables.durable), self._codec.is_state
        )
        while True:
            before = self.records
            await self._go_on(history, marks)
            if self.records - before < _FEW:
                break
            marks = await self._marks.stored()
        if self._missing():
            # In a topic that was made anew it may lie beyond the mark.
            await self._go_on_to(history, await history.ends())
        current = await self._generations.read() or Generation()
        for name, view in self._views.items():
            serving = current.views.get(name)
            like = serving.serves if serving else None
            await self._tables.prepare_rows(view, self.rows[name], like)

    async def conclude(self, history: History) -> float:
        """Hold the projector, fold what is left, and have it go on; gives for how long."""
        for _ in range(_HOLDS):
            began = time.monotonic()
            while (held := await self._generations.hold(self._me)) is None:
                await asyncio.sleep(_BUSY_S)  # somebody died holding it, or is just done
                began = time.monotonic()
            try:
                marks = await self._marks.stored()
                await self._go_on(history, marks)
                if missing := self._missing():
                    raise Impossible(f"{missing} was folded, and is not in the topics")
                if await self._generations.conclude(
                    held,
                    marks,
                    self._builds,
                    self._becomes(held),
                    gone=self._gone,
                    pause=self._instead,
                ):
                    return time.monotonic() - began
            finally:
                await self._generations.release(self._me)
            # The hold ran out, or a stream was mended: the projector has gone on.
            await self._go_on(history, await self._marks.stored())
        raise Impossible("the projector could not be held")

    async def leave(self) -> None:
        """Let go of what served before."""
        current = await self._generations.read() or Generation()
        for name in self.rows.keys() & current.views.keys():
            await self._tables.show(name, current.views[name].serves)
        await asyncio.sleep(LEFT_S)
        await drop_leftovers(self._tables)

    def _becomes(self, held: Generation) -> dict[str, Serving]:
        becomes = {}
        for name, view in self._views.items():
            rows = self.rows[name]
            if self._instead:
                becomes[name] = Serving(likeness(view), rows, (rows,))
            else:
                now = held.views[name]
                becomes[name] = replace(now, folds=(*now.folds, rows))
        return becomes

    def _missing(self) -> str:
        # A topic that is made anew is told everything, also who was erased.
        return next(self._replay.missing(all_there=self._anew), "")

    async def _go_on(self, history: History, marks: Mapping[Partition, Mark]) -> None:
        """Fold what has been folded up to these marks, and store it."""
        there = await history.ends()
        ends = {each: mark.offset for each, mark in marks.items() if each.topic in self.topics}
        within = {each: min(end, there.get(each, 0)) for each, end in ends.items()}
        self._anew = self._anew or within != ends
        await self._go_on_to(history, within)

    async def _go_on_to(self, history: History, ends: Mapping[Partition, int]) -> None:
        async for partition, records in history.until(ends):
            self.records += len(records)
            await self._fold(self._due(partition.topic, records))
        # Beyond what was folded when it was last looked at, that is, or in a parked stream.
        progress = self._tables.durable[PROGRESS].find(
            {"_id": {"$in": list(self._replay.waiting)}}, {"version": True}
        )
        reached = {each["_id"]: each["version"] async for each in progress}
        due = list(self._replay.advance(reached, await passed_over(self._tables.durable)))
        await self._fold([*due, *self._replay.states()])
        for building in self._building:
            await building.write()

    async def _fold(self, facts: Sequence[Recorded[Any]]) -> None:
        self.facts += len(facts)
        for building in self._building:
            await building.fold(facts)

    def _due(self, topic: str, records: Sequence[Record]) -> list[Recorded[Any]]:
        """Of these records, and of those that waited for them, the facts to fold now."""
        due: list[Recorded[Any]] = []
        for record in records:
            stream = (record.key or b"").decode(errors="replace")
            kind = self._codec.kind_of_stream(stream)
            if kind is None or kind.name not in self._kinds:
                continue
            seen = glance(record.key, record.value) if kind.name in self._partly else None
            if seen is not None and seen[0] not in self._names:
                version, fact = seen[1], None
            else:
                said = read(topic, record.key, record.value, record.headers, self._codec)
                if isinstance(said, Undecodable):
                    continue
                version = said.version
                fact = said if isinstance(said.event, self._heard) else None
            if kind.audience == "state":
                self._replay.replace(stream, version, fact)
            else:
                due += self._replay.take(stream, version, fact)
        return due

    def _ours(self, stream: str) -> bool:
        kind = self._codec.kind_of_stream(stream)
        return kind is not None and kind.name in self._kinds


def _check_beside(current: Generation, view: View[Any], name: str) -> None:
    serving = current.views.get(name)
    if serving is None or serving.likeness != likeness(view):
        raise Impossible(f"{name} is not the one that the worker folds: restart the worker")
    if serving.beside is not None:
        raise Impossible(f"{name} has been rebuilt: swap to {serving.beside}, or drop it")
