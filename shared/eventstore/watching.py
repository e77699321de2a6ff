"""Hearing of new documents at once, whichever process wrote them; a comfort, never the truth."""

import asyncio
from collections.abc import Callable

from pymongo.errors import PyMongoError

from shared.eventstore.database import Collection, Document

_TURN_MS = 300
_INSERTS: list[Document] = [{"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}}]


async def watch(collection: Collection, idle: asyncio.Event, wake: Callable[[], None]) -> None:
    """Wake whoever is idle when something is inserted; never ends.

    The stream is open only while the reader is idle: a busy one asks again anyway, and following
    every single change would cost more than it saves. What goes wrong here is tried again, while
    the reader's own poll goes on.
    """
    while True:
        await idle.wait()
        try:
            async with collection.watch(_INSERTS, max_await_time_ms=_TURN_MS) as stream:
                wake()  # for what came before the stream was open
                while await stream.try_next() is None:
                    pass
            idle.clear()
            wake()
        except PyMongoError:
            await asyncio.sleep(1)
