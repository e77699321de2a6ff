"""The reactor: turns others' facts into commands to the service's own aggregates (D9).

A fact's commands are done when its reader's mark moves past it. Until then it may be taken once
more, which does nothing again: commands have ids made from the fact, and streams are remembered.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog

from shared.eventstore.database import Database, patiently
from shared.eventstore.together import all_of
from shared.kernel.codec import Undecodable
from shared.kernel.events import Recorded
from shared.kernel.services import Service
from shared.projections.feed import Feed
from shared.projections.marks import Marks
from shared.projections.projector import Reading
from shared.projections.received import Batch, Received
from shared.projections.rows import Rows
from shared.projections.tables import Tables
from shared.reactions.answering import Answering
from shared.reactions.deployments import Deployed, deploy
from shared.reactions.reacted import Reacted
from shared.reactions.sending import Dispatch, Sender

log = structlog.get_logger()

_BATCH = 200
_WAIT_S = 0.5
_AT_ONCE = 64


class Reactor:
    """All reactions of one service. Several may share the work, one in each process."""

    def __init__(
        self,
        reading: Reading,
        database: Database,
        service: Service,
        dispatch: Dispatch,
        rows: Rows,
        *,
        sender: Sender | None = None,
    ) -> None:
        self._reading = reading
        self._tables = Tables(database, ())
        self._reactions = service.reactions
        self._rows = rows
        self._sender = sender or Sender(self._tables.database, dispatch)
        self._stopping = asyncio.Event()
        self._left = asyncio.Event()
        self._loops: list[_Loop] = []

    async def run(self) -> None:
        """Work until `stop`; an error that is not MongoDB's or Kafka's absence ends it."""
        try:
            await patiently(self._tables.prepare)
            readers = await patiently(lambda: deploy(self._tables.database, self._reactions))
            self._loops = [self._loop(reader, deployed) for reader, deployed in readers.items()]
            if self._loops:
                await all_of(*(each.run(self._stopping) for each in self._loops))
            await self._stopping.wait()
        finally:
            self._left.set()

    async def stop(self, *, grace_s: float = 4.0) -> None:
        """Finish the facts at hand, at most so long."""
        self._stopping.set()
        if self._loops:
            with suppress(TimeoutError):
                async with asyncio.timeout(grace_s):
                    await self._left.wait()

    @property
    def lag_events(self) -> int:
        """How many records the broker holds that have not been taken."""
        return sum(each.lag_events for each in self._loops)

    @property
    def stuck_s(self) -> float:
        """For how long there was something to take, and nothing was taken; 0 when there is none."""
        return max((each.stuck_s for each in self._loops), default=0.0)

    def _loop(self, reader: str, deployed: Sequence[Deployed]) -> "_Loop":
        reading = self._reading
        kinds = {reading.codec.kind_of(each.reaction.event) for each in deployed}
        consumer = reading.consumer(reader, sorted({kind.topic for kind in kinds}))
        marks = Marks(self._tables, reader)
        feed = Feed(consumer, marks, reading.codec)
        answering = Answering(reading.service, deployed, reading.codec, self._rows, self._sender)
        return _Loop(feed, marks, Reacted(self._tables, reader, reading.codec), answering)


class _Loop:
    """One reader: takes batches, and remembers how far it came."""

    def __init__(self, feed: Feed, marks: Marks, reacted: Reacted, answering: Answering) -> None:
        self._feed = feed
        self._marks = marks
        self._reacted = reacted
        self._answering = answering

    async def run(self, stopping: asyncio.Event) -> None:
        try:
            await self._feed.start()
            while not stopping.is_set():
                batches = await self._feed.next(most=_BATCH, wait_s=_WAIT_S)
                if batches:
                    await self._take(batches)
                await self._feed.tell()
        finally:
            await self._feed.stop()

    @property
    def lag_events(self) -> int:
        return sum(self._feed.behind(each) for each in self._feed.partitions)

    @property
    def stuck_s(self) -> float:
        worked_at = max(self._feed.progressed_at, self._answering.worked_at)
        return time.monotonic() - worked_at if self.lag_events else 0.0

    async def _take(self, batches: Sequence[Batch]) -> None:
        streams: dict[str, list[Recorded[Any]]] = {}
        records: dict[str, Received] = {}
        for record in (each for batch in batches for each in batch.received):
            if isinstance(record.fact, Undecodable):
                await self._answering.undecodable(record, record.fact, self._reacted.reader)
            else:
                streams.setdefault(record.fact.stream, []).append(record.fact)
                records[record.fact.id] = record
        unseen = await patiently(lambda: self._reacted.unseen(streams))
        if any(each.beyond for each in unseen) and not all(each.fresh for each in batches):
            # Perhaps the topic is another one by now, and will tell what is missing.
            self._feed.lost(batches)
            return
        # Each stream in its order; the streams beside each other, which the store writes together.
        turn = asyncio.Semaphore(_AT_ONCE)
        if following := [each.next for each in unseen if each.next]:
            await all_of(*(self._stream(facts, records, turn) for facts in following))
            await patiently(lambda: self._reacted.remember(following))
            taken = (fact for facts in following for fact in facts)
            await self._answering.no_longer_held_back(taken, self._reacted.reader)
        for fact in (fact for each in unseen for fact in each.beyond):
            await self._answering.hold_back(fact, records[fact.id], self._reacted.reader)
        for batch in batches:
            await self._move(batch)

    async def _stream(
        self,
        facts: Sequence[Recorded[Any]],
        records: Mapping[str, Received],
        turn: asyncio.Semaphore,
    ) -> None:
        async with turn:
            for fact in facts:
                await self._answering.fact(fact, records[fact.id])

    async def _move(self, batch: Batch) -> None:
        as_of = self._feed.as_of(batch.partition, batch.behind)
        moved = await patiently(
            lambda: self._marks.move(
                batch.partition, batch.begins, batch.ends, behind=batch.behind, as_of=as_of
            )
        )
        if moved:
            self._feed.stored(batch)
        else:
            log.warning("batch_dropped", why="Overtaken", partition=str(batch.partition))
            self._feed.lost([batch])
