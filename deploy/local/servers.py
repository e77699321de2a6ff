"""MongoDB and Kafka, running: started together, described, and ended."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from deploy.local import containers
from deploy.local.choice import KAFKA_BOOTSTRAP, MONGO_URI, Source, choose
from deploy.local.engine import why_no_engine
from deploy.local.jars import KAFKA_VERSION
from deploy.local.kafka import LocalKafka, answers
from deploy.local.kafka_install import installed
from deploy.local.mongo import SMALL, USUAL, LocalMongo
from deploy.local.processes import DidNotStart

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """One running part of the stack: what it is, and where it came from."""

    name: str
    version: str
    origin: str
    pid: int | None = None


@dataclass(frozen=True)
class Servers:
    """The addresses of MongoDB and Kafka, and what stands behind them."""

    mongo_uri: str
    kafka_bootstrap: str
    parts: tuple[Part, ...]


@asynccontextmanager
async def running(
    folder: Path, *, small: bool = False, tell: Tell = print
) -> AsyncIterator[Servers]:
    """Have both servers while the block runs, their data in the folder; `small` suits tests."""
    sources = choose(os.environ, why_no_engine)
    async with AsyncExitStack() as stack:
        # An error waits for the other start, so that whatever was started is ended in order.
        mongo, kafka = await asyncio.gather(
            _mongo(sources.mongo, folder, stack, small=small),
            _kafka(sources.kafka, folder, stack, tell),
            return_exceptions=True,
        )
        if isinstance(mongo, BaseException):
            raise mongo
        if isinstance(kafka, BaseException):
            raise kafka
        yield Servers(mongo[0], kafka[0], (mongo[1], kafka[1]))


async def _mongo(
    source: Source, folder: Path, stack: AsyncExitStack, *, small: bool
) -> tuple[str, Part]:
    if source == "environment":
        uri = os.environ[MONGO_URI]
        return uri, Part("MongoDB", await _mongo_version(uri), f"named in {MONGO_URI}")
    if source == "container":
        container = containers.mongo_in_container()
        stack.push_async_callback(container.stop)
        await container.start()
        version = await _mongo_version(container.address)
        return container.address, Part("MongoDB", version, f"container {containers.MONGO_IMAGE}")
    local = LocalMongo(folder, SMALL if small else USUAL)
    stack.push_async_callback(local.stop)
    await local.start()
    return local.uri, Part("MongoDB", await _mongo_version(local.uri), "local process", local.pid)


async def _mongo_version(uri: str) -> str:
    try:
        async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=10_000) as client:
            return str((await client.server_info())["version"])
    except PyMongoError as error:
        raise DidNotStart(f"MongoDB does not answer at {uri}: {error}") from error


async def _kafka(
    source: Source, folder: Path, stack: AsyncExitStack, tell: Tell
) -> tuple[str, Part]:
    if source == "environment":
        bootstrap = os.environ[KAFKA_BOOTSTRAP]
        if not await answers(bootstrap):
            raise DidNotStart(f"Kafka does not answer at {bootstrap}, named in {KAFKA_BOOTSTRAP}.")
        return bootstrap, Part("Kafka", "(unknown)", f"named in {KAFKA_BOOTSTRAP}")
    if source == "container":
        container = containers.kafka_in_container()
        stack.push_async_callback(container.stop)
        await container.start()
        return container.address, Part(
            "Kafka", KAFKA_VERSION, f"container {containers.KAFKA_IMAGE}"
        )
    local = LocalKafka(folder, await installed(tell))
    stack.push_async_callback(local.stop)
    await local.start()
    return local.bootstrap, Part("Kafka", KAFKA_VERSION, "local process", local.pid)


async def forget(servers: Servers, prefix: str) -> None:
    """Drop every database and topic whose name begins with the prefix."""
    async with AsyncMongoClient[dict[str, Any]](servers.mongo_uri) as client:
        for name in await client.list_database_names():
            if name.startswith(prefix):
                await client.drop_database(name)
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka_bootstrap)
    await admin.start()
    try:
        topics = [name for name in await admin.list_topics() if name.startswith(prefix)]
        if topics:
            await admin.delete_topics(topics)
    finally:
        await admin.close()
