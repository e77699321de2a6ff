"""Waiting until the views have taken a position (D11)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field

from shared.kernel.positions import Position
from shared.kernel.refusals import NotYet
from shared.projections.folding import UNSEEN, Progress

Look = Callable[[Collection[str]], Awaitable[Mapping[str, Progress]]]

_SHORTEST_S = 0.004
_LONGEST_S = 0.05


@dataclass(eq=False, slots=True)
class _Waiter:
    position: Position
    reached: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Waiting:
    """Everybody in this process who waits; one question to MongoDB serves them all.

    `look` tells how far streams are. A projector in the same process may say so first, `moved`.
    """

    def __init__(self, look: Look, *, most: int = 1_000) -> None:
        self._look = look
        self._most = most
        self._waiters: set[_Waiter] = set()
        self._looking: asyncio.Task[None] | None = None

    async def until(self, position: Position, timeout_s: float) -> None:
        """Return when the position has been taken.

        Raises NotYet: `not_yet_visible` after the time-out, `stream_parked`, `too_many_waiting`.
        """
        if _taken(position, await self._look([position.stream])):
            return
        if len(self._waiters) >= self._most:
            raise NotYet("too_many_waiting")
        waiter = _Waiter(position)
        self._waiters.add(waiter)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep_looking())
        try:
            async with asyncio.timeout(timeout_s):
                await waiter.reached
        except TimeoutError:
            raise NotYet("not_yet_visible", position=str(position)) from None
        finally:
            self._waiters.discard(waiter)

    def moved(self, progress: Mapping[str, Progress]) -> None:
        """Wake those who waited for what has just been taken."""
        for waiter in self._waiters:
            if waiter.position.stream in progress and not waiter.reached.done():
                try:
                    if _taken(waiter.position, progress):
                        waiter.reached.set_result(None)
                except NotYet as parked:
                    waiter.reached.set_exception(parked)

    async def _keep_looking(self) -> None:
        """Ask how far the streams are, for as long as anybody waits."""
        began = time.monotonic()
        while self._waiters:
            waited_s = time.monotonic() - began
            await asyncio.sleep(min(max(_SHORTEST_S, waited_s / 10), _LONGEST_S))
            streams = {waiter.position.stream for waiter in self._waiters}
            try:
                self.moved(await self._look(streams))
            except Exception as problem:  # noqa: BLE001 - those who wait are told, whatever it is
                for waiter in self._waiters:
                    if not waiter.reached.done():
                        waiter.reached.set_exception(problem)
                return


def _taken(position: Position, progress: Mapping[str, Progress]) -> bool:
    reached = progress.get(position.stream, UNSEEN)
    if reached.version >= position.version:
        return True
    if reached.parked:
        raise NotYet("stream_parked", stream=position.stream)
    return False
