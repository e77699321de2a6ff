"""The reactor: takes facts from Kafka and sends the commands that follow from them (D9).

It goes on from marks of its own. A fact that comes again sends the same command ids again, which
the store has; so nothing happens twice, and a refusal is written down and stops nothing.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from pymongo.errors import DuplicateKeyError

from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database, patiently
from shared.kernel.codec import Undecodable
from shared.kernel.events import Event, Recorded
from shared.kernel.facts import Facts
from shared.kernel.positions import Position
from shared.kernel.reactions import Reaction
from shared.kernel.refusals import NotYet
from shared.kernel.services import Service
from shared.observability.metrics import REACTIONS
from shared.projections.consumer import Consumer
from shared.projections.feed import Feed
from shared.projections.marks import REACTOR, Marks
from shared.projections.projector import Reading
from shared.projections.received import Batch, Received
from shared.projections.rows import Rows
from shared.projections.tables import Tables
from shared.reactions.sending import Sender

log = structlog.get_logger()

_BATCH = 200
_WAIT_S = 0.5
_VISIBLE_WITHIN_S = 5.0


class Reactor:
    """Runs the reactions of one service; several processes may share the partitions."""

    def __init__(
        self,
        reading: Reading,
        database: Database,
        service: Service,
        dispatcher: Dispatcher,
        rows: Rows,
    ) -> None:
        self._reactions: dict[type[Event], list[Reaction]] = {}
        for reaction in service.reactions:
            self._reactions.setdefault(reaction.event, []).append(reaction)
        self._service = service.name
        self._deployed = database["reactions"]
        self._since: dict[str, datetime] = {}
        self._rows = rows
        self._sender = Sender(database, dispatcher)
        topics = {reading.prefix + reading.codec.kind_of(each).topic for each in self._reactions}
        self._topics = sorted(topics)
        consumer = Consumer(reading.bootstrap, reading.group(REACTOR), self._topics)
        self._marks = Marks(Tables(database, ()), REACTOR)
        self._feed = Feed(consumer, self._marks, reading.codec)
        self._stopping = asyncio.Event()
        self._worked_at = time.monotonic()

    async def run(self) -> None:
        """Work until `stop`; an error that is not MongoDB's or Kafka's absence ends it."""
        if not self._topics:
            await self._stopping.wait()
            return
        await self._deploy()
        try:
            await self._feed.start()
            while not self._stopping.is_set():
                batches = await self._feed.next(most=_BATCH, wait_s=_WAIT_S)
                # Partitions are independent of each other; within one, order is kept.
                await asyncio.gather(*(self._take(batch) for batch in batches))
                self._worked_at = time.monotonic()
                await self._feed.tell()
        finally:
            await self._feed.stop()

    async def stop(self) -> None:
        """Finish the batch at hand; `run` then leaves."""
        self._stopping.set()

    @property
    def stuck_s(self) -> float:
        """For how long the loop has not come round."""
        return time.monotonic() - self._worked_at if self._feed.partitions else 0.0

    async def _deploy(self) -> None:
        """Keep the moment from which each reaction that looks only ahead has been there."""
        now = datetime.now(UTC)
        for reaction in self._all:
            self._since[reaction.name] = await patiently(
                lambda name=reaction.name: self._deployed_since(name, now)  # type: ignore[misc]
            )

    async def _deployed_since(self, name: str, now: datetime) -> datetime:
        try:
            await self._deployed.insert_one({"_id": name, "since": now})
        except DuplicateKeyError:
            found = await self._deployed.find_one({"_id": name})
            assert found is not None
            return found["since"]  # type: ignore[no-any-return]
        return now

    @property
    def _all(self) -> list[Reaction]:
        return [each for some in self._reactions.values() for each in some]

    async def _take(self, batch: Batch) -> None:
        for received in batch.received:
            if self._stopping.is_set():
                return  # the rest of the batch is taken again by whoever comes next
            await self._react_to(received)
            self._worked_at = time.monotonic()
        as_of = self._feed.as_of(batch.partition, batch.behind)
        moved = await patiently(
            lambda: self._marks.move(
                batch.partition, batch.begins, batch.ends, behind=batch.behind, as_of=as_of
            )
        )
        if moved:
            self._feed.stored(batch)
        else:
            self._feed.lost([batch])

    async def _react_to(self, received: Received) -> None:
        fact = received.fact
        if isinstance(fact, Undecodable):
            # The projector parks it, and says so; here there is nothing that could follow from it.
            log.warning("record_passed_over", partition=str(received.partition))
            return
        reactions = [
            reaction
            for reaction in self._reactions.get(type(fact.event), ())
            if reaction.history == "begin" or _told_at(fact) >= self._since[reaction.name]
        ]
        if reactions:
            await self._seen_by_own_views(fact)
        for reaction in reactions:
            await self._react(reaction, fact)

    async def _react(self, reaction: Reaction, fact: Recorded[Any]) -> None:
        first_id = f"{fact.id}/{reaction.name}"
        try:
            asked = await patiently_look_up(self._rows, reaction, fact)
            sends = list(reaction.react(fact, asked))
        except Exception as problem:
            log.exception("reaction_failed", reaction=reaction.name, position=fact.position)
            REACTIONS.labels(self._service, reaction.name, "failed").inc()
            await self._sender.fail(first_id, reaction.name, fact.position, problem)
            return
        for number, send in enumerate(sends):
            outcome = await self._sender.send(
                send,
                name=reaction.name,
                command_id=f"{first_id}/{number}",
                cause=fact.position,
                causation_id=fact.id,
                correlation_id=fact.envelope.correlation_id,
            )
            REACTIONS.labels(self._service, reaction.name, outcome).inc()

    async def _seen_by_own_views(self, fact: Recorded[Any]) -> None:
        """Wait until the service's own views have the fact, so that what is looked up has it."""
        if not self._rows.follows(fact.stream):
            return
        position = Position(fact.stream, fact.version)
        while not self._stopping.is_set():
            try:
                await self._rows.wait_for(position, _VISIBLE_WITHIN_S)
            except NotYet as problem:
                if problem.code == "stream_parked":
                    return  # it will not come; what is known has to do
                await asyncio.sleep(0.1)
            else:
                return


async def patiently_look_up(rows: Rows, reaction: Reaction, fact: Recorded[Any]) -> Facts:
    """Look up what a reaction asks for, waiting while MongoDB is away."""
    asks = reaction.asks(fact)
    pause_s = 0.1
    while True:
        try:
            found: tuple[Mapping[Any, Any], Mapping[Any, str]] = await rows.look_up(asks)
        except NotYet:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 2.0)
        else:
            return Facts(*found)


def _told_at(fact: Recorded[Any]) -> datetime:
    """When the fact was recorded by the wall's clock, which its id (a UUIDv7) tells.

    The business clock may have been moved, and a topic may have been filled again since.
    """
    return datetime.fromtimestamp((UUID(fact.id).int >> 80) / 1000, UTC)
