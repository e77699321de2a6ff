"""One command at a time on each stream, within this process; between processes the store decides."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager


class Locks:
    """A lock for each stream that is in use, and none for the others."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, streams: Collection[str]) -> AsyncIterator[None]:
        """Hold the locks of all the streams, taken in one order everywhere, so none deadlocks."""
        async with AsyncExitStack() as held:
            for stream in sorted(set(streams)):
                await held.enter_async_context(self._hold(stream))
            yield

    @asynccontextmanager
    async def _hold(self, stream: str) -> AsyncIterator[None]:
        lock, users = self._locks.get(stream, (asyncio.Lock(), 0))
        self._locks[stream] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(stream)
            if users > 1:
                self._locks[stream] = (lock, users - 1)
