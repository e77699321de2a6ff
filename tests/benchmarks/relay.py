"""The relay: commits published and acknowledged in a second, beside a producer's `send` alone."""

import asyncio

from pymongo import monitoring

from shared.contracts.registry import CODEC
from shared.eventstore.database import connect, database_of, disconnect
from shared.eventstore.outbox import Mailer
from shared.eventstore.producer import Producer
from shared.eventstore.relay import Relay
from tests.benchmarks.baselines import send_alone
from tests.benchmarks.figures import Figure, both, line
from tests.benchmarks.part import Json
from tests.benchmarks.rig import Rig
from tests.benchmarks.themes import store, theme_commits, theme_ids, theme_topics
from tests.benchmarks.watched import Stopwatch

SERVICE = "themes"


async def figures(rig: Rig) -> list[Figure]:
    """Empty a full outbox, and send as many messages, in turns."""
    commits = rig.size(30_000)
    ours: list[Json] = []
    alone: list[Json] = []
    client = connect(rig.servers.mongo_uri, timeout_s=60)
    try:
        async with rig.place() as place:
            kafka = {"bootstrap": rig.servers.kafka_bootstrap, "prefix": place.prefix}
            database = database_of(client, SERVICE, place.prefix)
            creator = Producer(rig.servers.kafka_bootstrap)
            await creator.create(theme_topics(place.prefix))
            for turn in range(rig.repeats + 1):
                await store(database, theme_commits(theme_ids(commits), 1), published=False)
                relayed = await rig.run(
                    empty_the_outbox, mongo_uri=rig.servers.mongo_uri, commits=commits, **kafka
                )
                sent = await rig.run(send_alone, count=commits, **kafka)
                if turn:  # the first turn warms the servers up
                    ours.append(relayed)
                    alone.append(sent)
                    rig.tell(line("relay", relayed, sent))
    finally:
        await disconnect(client)
    return [
        Figure(
            "relay: commits published and acknowledged",
            "commits/s",
            [each["per_s"] for each in ours],
            [each["per_s"] for each in alone],
            "aiokafka's send alone",
            aim=0.7,
            detail={
                "commits": commits,
                "bytes_a_message": alone[0]["bytes"],
                "cpu_us": both("cpu_us", ours, alone),
            },
        )
    ]


async def empty_the_outbox(*, mongo_uri: str, bootstrap: str, prefix: str, commits: int) -> Json:
    """Run a relay as a worker has it, from its first look into the outbox to its last mark."""
    looked = _FirstLook()
    monitoring.register(looked)
    client = connect(mongo_uri)
    left = commits
    empty = asyncio.Event()

    def told(count: int) -> None:
        nonlocal left
        left -= count
        if left <= 0:
            empty.set()

    relay = Relay(
        database_of(client, SERVICE, prefix),
        Producer(bootstrap),
        theme_topics(prefix),
        Mailer(CODEC, prefix),
        told=told,
    )
    running = asyncio.create_task(relay.run())
    emptied = asyncio.create_task(empty.wait())
    await asyncio.wait({running, emptied}, return_when=asyncio.FIRST_COMPLETED)
    assert looked.began is not None
    taken = looked.began.over(commits)
    unpublished = await relay.unpublished()
    await relay.stop()
    await running
    await disconnect(client)
    if left or unpublished:
        raise RuntimeError(f"{left} were not told, {unpublished} are not marked")
    return taken


class _FirstLook(monitoring.CommandListener):
    """Notes when the commits were first asked for: what came before was only getting ready."""

    began: Stopwatch | None = None

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        asks = event.command_name in ("find", "aggregate")
        if self.began is None and asks and event.command[event.command_name] == "commits":
            self.began = Stopwatch()

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to note."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing to note."""
