"""One command at a time on each stream, within this process; between processes the store decides."""

import asyncio
from collections.abc import Iterable
from types import TracebackType


class Locks:
    """A lock for each stream that is in use, and none for the others."""

    def __init__(self) -> None:
        self._locks: dict[str, _Lock] = {}

    def hold(self, streams: Iterable[str]) -> "_Held":
        """Hold the locks of all the streams, taken in one order everywhere, so none deadlocks."""
        return _Held(self._locks, sorted(set(streams)))


class _Lock(asyncio.Lock):
    """Counts who holds it or waits for it."""

    users = 0


class _Held:
    """The locks of some streams; this is on the way of every command, so it is kept short.

    Entering it tells whether one of them had to be waited for.
    """

    __slots__ = ("_entered", "_locks", "_streams")

    def __init__(self, locks: dict[str, _Lock], streams: list[str]) -> None:
        self._locks = locks
        self._streams = streams
        self._entered: list[str] = []

    async def __aenter__(self) -> bool:
        waited = False
        try:
            for stream in self._streams:
                lock = self._locks.setdefault(stream, _Lock())
                waited |= lock.users > 0
                lock.users += 1
                try:
                    await lock.acquire()
                except BaseException:
                    self._leave(stream, lock)
                    raise
                self._entered.append(stream)
        except BaseException:
            self._release()
            raise
        return waited

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._release()

    def _release(self) -> None:
        for stream in self._entered:
            lock = self._locks[stream]
            lock.release()
            self._leave(stream, lock)

    def _leave(self, stream: str, lock: _Lock) -> None:
        lock.users -= 1
        if not lock.users:
            del self._locks[stream]
