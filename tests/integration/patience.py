"""Waiting for something to become so, at most so long."""

import asyncio
import time
from collections.abc import Awaitable, Callable

SOON_S = 120.0


async def until(condition: Callable[[], Awaitable[object]], within_s: float = SOON_S) -> None:
    """Ask again and again; AssertionError when it has not become so in time."""
    deadline = time.monotonic() + within_s
    while not (found := await condition()):
        assert time.monotonic() < deadline, f"still {found!r} after {within_s} s"
        await asyncio.sleep(0.01)
