"""Running several loops as one: the first failure ends the others, and is raised."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def all_of(*work: Coroutine[Any, Any, object]) -> None:
    """Run until all are done."""
    await _together(work, asyncio.FIRST_EXCEPTION)


async def any_of(*work: Coroutine[Any, Any, object]) -> None:
    """Run until one is done."""
    await _together(work, asyncio.FIRST_COMPLETED)


async def _together(work: tuple[Coroutine[Any, Any, object], ...], until: str) -> None:
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.wait(tasks, return_when=until)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
