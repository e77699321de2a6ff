"""The projector: takes facts from Kafka and keeps the service's views (D8)."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from shared.eventstore.database import Database, patiently
from shared.kernel.codec import Codec
from shared.kernel.views import View
from shared.observability.metrics import (
    PARKED_STREAMS,
    PROJECTED,
    PROJECTOR_LAG_EVENTS,
    PROJECTOR_LAG_SECONDS,
)
from shared.projections.consumer import Consumer, Group
from shared.projections.feed import Feed
from shared.projections.folding import Hearing, Progress
from shared.projections.generations import ServedMarks
from shared.projections.marks import PROJECTOR
from shared.projections.outdated import bring_up_to_date
from shared.projections.parking import Parking
from shared.projections.portions import Portions
from shared.projections.received import Batch
from shared.projections.sessions import TRANSACTION_S, take_over
from shared.projections.tables import Tables
from shared.projections.transaction import InDoubt, Overtaken, Transactions
from shared.projections.work import Applied, TooMuch

log = structlog.get_logger()

_WAIT_S = 0.5
_LOOK_S = 2.0
_SLOW_S = 2.5
"""An attempt that failed after this time has most likely run out of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a service reads, and where: the same for its projector and its reactor.

    `prefix` stands before the names of topics and groups; `instance` tells the workers of one
    service apart, and is kept through restarts; `client` is passed on to aiokafka (TLS, sign-in).
    """

    service: str
    bootstrap: str
    codec: Codec
    prefix: str = ""
    instance: str = "1"
    client: Mapping[str, Any] = field(default_factory=dict)

    def consumer(self, reader: str, topics: Iterable[str]) -> Consumer:
        """The way of a reader to these topics, named without the prefix."""
        named = [self.prefix + topic for topic in topics]
        return Consumer(self.bootstrap, self.group(reader), named, **self.client)

    def group(self, reader: str) -> Group:
        """The consumer group of a reader, and which member this is."""
        name = f"{self.prefix}netvaerk.{self.service}.{reader}"
        return Group(name, f"{name}.{self.instance}")


class Projector:
    """Keeps all views of one service. Several may share the work, one in each process.

    `on_progress` is called, in the event loop, with the streams that moved after each batch.
    """

    def __init__(
        self,
        reading: Reading,
        database: Database,
        views: Iterable[View[Any]],
        *,
        on_progress: Callable[[Mapping[str, Progress]], None] = lambda _: None,
        batch: int = 1_000,
    ) -> None:
        self._reading = reading
        self._hearing = Hearing(views, reading.codec)
        self._tables = Tables(database, self._hearing.views.values())
        self._marks = ServedMarks(self._tables)
        self._parking = Parking(self._tables, reading.codec)
        self._on_progress = on_progress
        self._batch = batch
        self._portions = Portions(batch)
        self._group = reading.group(PROJECTOR)
        consumer = reading.consumer(PROJECTOR, self._hearing.topics)
        self._feed = Feed(consumer, self._marks, reading.codec, self._settled)
        self._transactions: Transactions | None = None
        self._attempt: asyncio.Task[Applied] | None = None
        self._stopping = asyncio.Event()
        self._left = asyncio.Event()
        self._looked_at = 0.0
        self._rebuilding = False
        """Whether reads lag because views are built anew; that may take its time."""
        self.trouble = ""
        """Why views cannot be built as this program has them, as long as they cannot."""
        self.parked_streams = 0

    async def run(self) -> None:
        """Work until `stop`; an error that is not MongoDB's or Kafka's absence ends it."""
        if not self._hearing.topics:
            await self._stopping.wait()
            return
        await patiently(self._tables.prepare)
        if not await self._brought_up_to_date():
            return
        session = await patiently(
            lambda: asyncio.to_thread(take_over, self._tables, self._group.member)
        )
        self._transactions = Transactions(
            self._tables, self._hearing, self._marks, self._reading.codec, session
        )
        try:
            await self._feed.start()
            await self._turn()
        finally:
            await self._feed.stop()
            if self._attempt is not None:
                await asyncio.wait([self._attempt], timeout=TRANSACTION_S)
            await asyncio.to_thread(session.end_session)
            self._left.set()

    async def _brought_up_to_date(self) -> bool:
        """Rebuild what has changed since the last start; not when we are to stop."""
        where = self._reading
        work = bring_up_to_date(
            self._tables,
            where.bootstrap,
            where.codec,
            where.prefix,
            where.client,
            self._in_trouble,
        )
        working = asyncio.create_task(work)
        stopping = asyncio.create_task(self._stopping.wait())
        self._rebuilding = True
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return working.done() and working.result() is None
        finally:
            self._rebuilding = False
            self.trouble = ""
            for each in (working, stopping):
                each.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)

    def _in_trouble(self, why: str) -> None:
        self.trouble = why

    async def stop(self, *, grace_s: float = 4.0) -> None:
        """Finish the batch at hand, at most so long."""
        self._stopping.set()
        if self._transactions is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(grace_s):
                    await self._left.wait()

    @property
    def lag_events(self) -> int:
        """How many records the broker holds that have not been taken; one or more in a rebuild."""
        if self._rebuilding:
            return 1
        return sum(self._feed.behind(each) for each in self._feed.partitions)

    @property
    def stuck_s(self) -> float:
        """For how long there was something to take, and nothing was taken; 0 when there is none."""
        if self._rebuilding or not self.lag_events:
            return 0.0
        return time.monotonic() - self._feed.progressed_at

    async def _turn(self) -> None:
        """Take batch after batch; while much waits, decode the next one during a transaction."""
        ahead: asyncio.Task[list[Batch]] | None = None
        try:
            while not self._stopping.is_set():
                batches = await (ahead or self._next())
                behind = any(each.behind for each in batches)
                ahead = asyncio.create_task(self._next()) if behind else None
                if batches:
                    await self._take(batches)
                await self._feed.tell()
                await self._look()
        finally:
            if ahead is not None:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)

    async def _next(self) -> list[Batch]:
        return await self._feed.next(most=self._batch, wait_s=_WAIT_S)

    async def _take(self, batches: Sequence[Batch]) -> None:
        left = list(batches)
        while left:
            portion, later = self._portions.cut(left)
            try:
                applied = await self._until_applied(portion)
            except TooMuch as more:
                self._portions.too_much(more.folded)
                log.warning("batch_too_large", next=self._portions.size)
                continue
            except (Overtaken, InDoubt) as why:
                log.warning("batch_dropped", why=type(why).__name__, partitions=len(left))
                self._feed.lost(left)
                return
            for each in portion:
                self._feed.stored(each)
            self._on_progress(applied.progress)
            self._report(applied)
            left = later

    async def _until_applied(self, batches: Sequence[Batch]) -> Applied:
        """Try again while another worker is at the same rows, or MongoDB is away."""
        assert self._transactions is not None
        as_of = [self._feed.as_of(each.partition, each.behind, each.ends) for each in batches]
        count = sum(len(each.received) for each in batches)
        pause_s = 0.002
        while True:
            began = time.monotonic()
            attempt = asyncio.to_thread(self._transactions.apply, batches, as_of)
            self._attempt = asyncio.create_task(attempt)
            try:
                # A thread cannot be cancelled; `run` waits for it before it lets the session go.
                applied = await asyncio.shield(self._attempt)
            except PyMongoError as problem:
                if time.monotonic() - began > _SLOW_S and count > 1:
                    raise TooMuch(count) from problem
                if pause_s > 0.1:
                    log.warning("batch_not_stored", exc_info=problem, again_in_s=pause_s)
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
                pause_s = min(pause_s * 2, 2.0)
            else:
                self._portions.fitted(time.monotonic() - began)
                return applied

    def _report(self, applied: Applied) -> None:
        for outcome, count in applied.outcomes.items():
            PROJECTED.labels(self._reading.service, outcome).inc(count)
        for parked in applied.parked:
            if parked.trouble.reason != "behind":
                log.error(
                    "stream_parked",
                    alarm=parked.trouble.reason == "fork",
                    position=f"{parked.stream}@{parked.version}",
                    reason=parked.trouble.reason,
                    problem=parked.trouble.error,
                )
                self._looked_at = 0.0

    async def _look(self) -> None:
        """Now and then: measure the lag, and count what is parked."""
        now = time.monotonic()
        if now - self._looked_at < _LOOK_S:
            return
        self._looked_at = now
        service = self._reading.service
        for each in self._feed.partitions:
            PROJECTOR_LAG_EVENTS.labels(service, each.topic, each.number).set(
                self._feed.behind(each)
            )
        freshness = await patiently(self._marks.freshness)
        PROJECTOR_LAG_SECONDS.labels(service).set(freshness.lag_s if freshness.lag_events else 0)
        self.parked_streams = await patiently(self._parking.count)
        PARKED_STREAMS.labels(service).set(self.parked_streams)

    def _settled(self) -> None:
        assert self._transactions is not None
        views, codec = self._tables.views.values(), self._reading.codec
        folds = self._marks.current.folds
        self._transactions.fold(Hearing(views, codec, folds), self._marks.generation)
