"""The way to MongoDB: the one place that makes a client, and what it promises.

Every write is acknowledged by a majority and its journal, every call ends within its time-out.
Motor is the driver that the project names; to move to another, begin here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorCollection,
    AsyncIOMotorCursor,
    AsyncIOMotorDatabase,
)
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError, WriteConcernError

from shared.kernel.refusals import NotYet

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
Collection = AsyncIOMotorCollection[Document]
Cursor = AsyncIOMotorCursor[Document]

T = TypeVar("T")

UNREACHABLE: tuple[type[PyMongoError], ...] = (
    ConnectionFailure,
    ExecutionTimeout,
    WriteConcernError,
)
"""The driver's ways to say that no answer came; a write may have happened nevertheless.

One that was interrupted or timed out before a majority had it is such a one.
"""
LATE: tuple[type[Exception], ...] = (*UNREACHABLE, TimeoutError)
"""The same, or our own clock ran out first."""


def connect(uri: str, *, timeout_s: float = 4.0) -> Client:
    """Make a client; it connects when it is first used, and by itself ever after."""
    return AsyncIOMotorClient(
        uri,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        retryWrites=True,
        timeoutMS=int(timeout_s * 1000),
        serverSelectionTimeoutMS=int(min(3.0, timeout_s) * 1000),
        maxPoolSize=50,
        tz_aware=True,
        appname="netvaerk",
    )


async def disconnect(client: Client, *, within_s: float = 3.0) -> None:
    """Close a client; closing blocks, and may wait for a server that is away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await asyncio.to_thread(client.close)


def database_name(service: str, prefix: str = "") -> str:
    """Name the one database of a service; names of databases hold no dots."""
    return f"{prefix}netvaerk_{service}".replace(".", "_")


def database_of(client: Client, service: str, prefix: str = "") -> Database:
    """The one database of a service."""
    return client[database_name(service, prefix)]


async def prepare(database: Database) -> None:
    """Make the collections of the event store and their indexes; safe to repeat.

    Raises NotYet (`store_unreachable`); until it has been done once the relay finds nothing.
    """
    with reaching():
        await _prepare(database)


async def _prepare(database: Database) -> None:
    commits = database["commits"]
    await commits.create_index(
        "command_id",
        unique=True,
        name="command_once",
        partialFilterExpression={"command_id": {"$exists": True}},
    )
    await commits.create_index(
        [("unpublished", 1), ("_id", 1)],
        name="unpublished",
        partialFilterExpression={"unpublished": True},
    )
    await database["notes"].create_index("about", name="about")


@contextmanager
def reaching() -> Iterator[None]:
    """Turn the lack of an answer into NotYet (`store_unreachable`)."""
    try:
        yield
    except UNREACHABLE as problem:
        raise NotYet("store_unreachable") from problem


async def patiently(
    attempt: Callable[[], Awaitable[T]], away: tuple[type[Exception], ...] = UNREACHABLE
) -> T:
    """Make a repeatable call until MongoDB answers; for workers, who have nobody to tell."""
    wait_s = 0.1
    while True:
        try:
            return await attempt()
        except away:
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, 2.0)


async def reached(ask: Callable[[], Awaitable[T]]) -> T:
    """The same for what says by NotYet that MongoDB is away."""
    return await patiently(ask, (NotYet,))
