"""The relay: tells Kafka what the store holds, all of it, in the order of each stream (D7).

One is active in a service, by a lease. It may tell a fact twice after a crash, and never skips
one. It waits for a broker or a database that is away; any error that does not pass is raised, and
the worker leaves.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from shared.eventstore.database import Database, patiently, reaching
from shared.eventstore.lease import Lease
from shared.eventstore.outbox import CommitOutbox, Mailer, Outbox
from shared.eventstore.pipeline import Pipeline
from shared.eventstore.producer import Producer
from shared.eventstore.republish import RELAY, Refill, RefillOutbox, republish, republishing
from shared.eventstore.together import all_of, any_of
from shared.eventstore.topics import Topic
from shared.eventstore.watching import watch

_log = structlog.get_logger(__name__)
_COUNTED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is not yet told: how many commits (counted to 10,000), and the oldest one's age."""

    commits: int
    oldest_s: float


async def backlog(database: Database) -> Backlog:
    """What waits to be told, by the server's clock; raises NotYet (`store_unreachable`)."""
    oldest = {
        "count": {"$sum": 1},
        "age_ms": {"$max": {"$subtract": ["$$NOW", "$stored_at"]}},
    }
    with reaching():
        found = await (
            database["commits"]
            .aggregate(
                [
                    {"$match": {"unpublished": True}},
                    {"$limit": _COUNTED_AT_MOST},
                    {"$group": {"_id": None, **oldest}},
                ]
            )
            .to_list(1)
        )
    if not found:
        return Backlog(0, 0.0)
    return Backlog(found[0]["count"], max(0.0, found[0]["age_ms"] / 1000))


class Relay:
    """Runs until it is stopped; `told` is called with the number of messages acknowledged."""

    def __init__(
        self,
        database: Database,
        producer: Producer,
        topics: Sequence[Topic],
        mailer: Mailer,
        *,
        beside: Sequence[Outbox] = (),
        told: Callable[[int], None] = lambda _: None,
        lease_s: float = 3.0,
        poll_s: float = 0.5,
    ) -> None:
        """Choose what is told; `beside` are outboxes besides the commits, such as the people."""
        self._database = database
        self._producer = producer
        self._topics = topics
        self._mailer = mailer
        self._told = told
        self._poll_s = poll_s
        self._lease = Lease(database, RELAY, ttl_s=lease_s)
        outboxes = (CommitOutbox(database, mailer), *beside)
        self._pipelines = [Pipeline(each, producer, told=told, poll_s=poll_s) for each in outboxes]
        self._telling = [*self._pipelines]
        self._fulfilled = ""
        self._stopping = False
        self._running: asyncio.Task[None] | None = None

    @property
    def active(self) -> bool:
        """Whether this relay, of all the service's, is the one that tells."""
        return self._lease.held

    @property
    def stuck_s(self) -> float:
        """How long there has been something to tell, and nothing was told."""
        return max(each.stuck_s for each in self._telling)

    def wake(self) -> None:
        """Something was stored; the writer in the same process calls this."""
        for each in self._pipelines:
            each.wake()

    async def run(self) -> None:
        """Tell until stopped. Raises TellingFailed, and whatever else nobody foresaw."""
        commits = self._pipelines[0]
        self._running = asyncio.create_task(
            any_of(
                self._work(),
                self._lease.keep(),
                watch(self._database["commits"], commits.idle, commits.wake),
            )
        )
        try:
            await asyncio.wait({self._running})
            if not self._running.cancelled():
                self._running.result()
        finally:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            await self._lease.release()
            await self._producer.stop()

    async def stop(self, *, grace_s: float = 4.0) -> None:
        """Finish what is on its way, at most so long, and let the next relay in."""
        self._stopping = True
        self.wake()
        if self._running is not None:
            await asyncio.wait({self._running}, timeout=grace_s)
            self._running.cancel()

    async def backlog(self) -> Backlog:
        """What waits to be told; raises NotYet (`store_unreachable`)."""
        return await backlog(self._database)

    async def unpublished(self) -> int:
        """How many commits wait to be told, counted to 10,000."""
        return (await self.backlog()).commits

    async def oldest_unpublished_s(self) -> float:
        """How long the oldest of them has waited."""
        return (await self.backlog()).oldest_s

    async def _work(self) -> None:
        while not self._stopping:
            if not self._lease.held:
                await asyncio.sleep(0.05)
                continue
            _log.info("relay_took_lease", epoch=self._lease.epoch)
            await self._ready()
            while self._may_go_on():
                wish = await patiently(lambda: republishing(self._database))
                if wish is None:
                    may = _until_first_no(self._nothing_wished)
                    await all_of(*(each.run(may) for each in self._pipelines))
                else:
                    await self._refill(wish)

    async def _ready(self) -> None:
        missing = await self._producer.missing(self._topics)
        if missing:
            # Kafka has lost them, or never had them: what was told before is told again, first.
            await patiently(lambda: republish(self._database))
            await self._producer.create(missing)
            _log.warning("topics_created", topics=[each.name for each in missing])
        await self._producer.start(self._topics)

    async def _refill(self, wish: Refill) -> None:
        outbox = RefillOutbox(self._database, self._mailer, wish)
        if wish.anew and not await self._begin_anew(outbox):
            return
        pipeline = Pipeline(outbox, self._producer, told=self._told, poll_s=self._poll_s)
        self._telling = [*self._pipelines, pipeline]
        if await pipeline.run(_until_first_no(self._may_go_on), until_empty=True):
            await patiently(outbox.done)
            self._fulfilled = wish.id
            _log.info("topics_refilled", wish=wish.id)

    async def _begin_anew(self, outbox: RefillOutbox) -> bool:
        """Delete the topics and make them again; tells whether to go on with the wish.

        Kafka deletes for whoever asks. A relay that was paused before it asked, and has lost its
        lease meanwhile, finds that it deleted what its successor told, and wishes for all of it.
        """
        epoch = self._lease.epoch
        if not await patiently(lambda: outbox.begin_anew(epoch)) or not self._may_go_on():
            return False
        await self._producer.stop()
        await self._producer.delete(self._topics)
        await self._producer.create(self._topics)
        if not await patiently(lambda: outbox.begun_anew(epoch)):
            _log.error("topics_deleted_late", epoch=epoch)
            await patiently(lambda: republish(self._database))
            return False
        await self._producer.start(self._topics)
        return True

    def _may_go_on(self) -> bool:
        return self._lease.held and not self._stopping

    def _nothing_wished(self) -> bool:
        wish = Refill.wanted(self._lease.document)  # as old as the last renewal
        return self._may_go_on() and (wish is None or wish.id == self._fulfilled)


def _until_first_no(may: Callable[[], bool]) -> Callable[[], bool]:
    """Ask until it is denied once; a lease may be had again a moment after it was lost.

    All who work under it end together then, and begin together again.
    """
    denied = False

    def still() -> bool:
        nonlocal denied
        denied = denied or not may()
        return not denied

    return still
