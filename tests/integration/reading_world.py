"""A topic to tell facts on, a database for the views, and the projectors and rows between."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from deploy.local.servers import Servers
from shared.contracts.messages import Message, encode_message
from shared.eventstore.database import Client, Database, connect, database_of
from shared.eventstore.producer import Producer
from shared.eventstore.topics import FOREVER, Topic
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.projections.parking import Parking
from shared.projections.projector import Projector, Reading
from shared.projections.rows import Rows
from shared.projections.tables import LOCAL
from tests.integration.patience import SOON_S
from tests.unit.projections.things import CODEC, PEOPLE_VIEWS, VIEWS

SERVICE = "testing"
THINGS, PARTS, PEOPLE = "netvaerk.testing", "netvaerk.testing.internal", "netvaerk.people"
ALL_VIEWS = (*VIEWS, *PEOPLE_VIEWS)

_numbers = itertools.count(1)


async def eventually(
    what: Callable[[], Awaitable[Any]], timeout_s: float = SOON_S, every_s: float = 0.01
) -> Any:
    """Wait until it is so, and give what was found; the last answer tells why not."""
    deadline = time.monotonic() + timeout_s
    while not (found := await what()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still {found!r} after {timeout_s} s")
        await asyncio.sleep(every_s)
    return found


@dataclass
class World:
    """One service's topics and database, with nothing in them yet."""

    servers: Servers
    prefix: str
    client: Client
    producer: Producer

    @property
    def database(self) -> Database:
        """The service's database; views are written without waiting for a majority."""
        database = database_of(self.client, SERVICE, self.prefix)
        return database.with_options(read_concern=LOCAL)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics, of two partitions each; people have one."""
        return (
            Topic(self.prefix + THINGS, 2, 1, FOREVER),
            Topic(self.prefix + PARTS, 2, 1, FOREVER),
            Topic(self.prefix + PEOPLE, 1, 1, {"cleanup.policy": "compact"}),
        )

    async def tell(self, facts: Iterable[Recorded[Any]]) -> None:
        """Publish facts."""
        await self.send(encode_message(each, CODEC, self.prefix) for each in facts)

    async def send(self, messages: Iterable[Message]) -> None:
        """Publish messages, whatever they say."""
        await self.producer.acknowledged(await self.producer.send(messages))

    async def renew(self) -> None:
        """Delete the topics and make them again."""
        await self.producer.stop()
        await self.producer.delete(self.topics)
        await self.producer.create(self.topics)
        await self.producer.start(self.topics)

    def reading(self, instance: str = "1", service: str = SERVICE) -> Reading:
        """What is read."""
        return Reading(service, self.servers.kafka_bootstrap, CODEC, self.prefix, instance)

    def projector(
        self,
        instance: str = "1",
        *,
        views: Iterable[View[Any]] = ALL_VIEWS,
        service: str = SERVICE,
        **more: Any,
    ) -> Projector:
        """A projector; one of another `service` has a group of its own on the same views."""
        return Projector(self.reading(instance, service), self.database, views, **more)

    def rows(self, views: Iterable[View[Any]] = ALL_VIEWS) -> Rows:
        """The views, for reading."""
        return Rows(SERVICE, self.database, views, CODEC)

    @property
    def parking(self) -> Parking:
        """The parked streams."""
        return Parking.of(self.database, ALL_VIEWS, CODEC)


@asynccontextmanager
async def world(servers: Servers, prefix: str) -> AsyncIterator[World]:
    """A world of its own for each test."""
    client = connect(servers.mongo_uri)
    producer = Producer(servers.kafka_bootstrap)
    made = World(servers, f"{prefix}{next(_numbers)}-", client, producer)
    await producer.create(made.topics)
    await producer.start(made.topics)
    yield made
    await producer.stop()
    client.close()


@asynccontextmanager
async def running(*workers: Any) -> AsyncIterator[None]:
    """Run workers while the block runs; what one of them raised is raised."""
    tasks = [asyncio.create_task(each.run()) for each in workers]
    try:
        yield
        for each in workers:
            await each.stop()
        done, late = await asyncio.wait(tasks, timeout=15)
        assert not late, "a worker does not stop"
        for task in done:
            task.result()
    except AssertionError:
        for task in tasks:
            if task.done():
                task.result()  # what went wrong first
        raise
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
