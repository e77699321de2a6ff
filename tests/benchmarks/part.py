"""One part of a figure, in a process of its own: `python -m tests.benchmarks.part` runs it.

A part is an async function whose arguments and answer are JSON values. What the process itself
took of processor and memory is added to the answer.
"""

import asyncio
import importlib
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import uvloop

Json: TypeAlias = dict[str, Any]
Part: TypeAlias = Callable[..., Awaitable[Json]]


def named(part: Part) -> str:
    """The name by which another process finds the function."""
    return f"{part.__module__}:{part.__qualname__}"


def _found(name: str) -> Part:
    module, _, function = name.partition(":")
    part: Part = getattr(importlib.import_module(module), function)
    return part


def main() -> None:
    """Run the function that is named, with the arguments in a file, and write what it answers."""
    name, asked, answer = sys.argv[1:]
    part = _found(name)
    arguments = json.loads(Path(asked).read_text("utf-8"))
    began = time.perf_counter()
    told = uvloop.run(_answer(part, arguments))
    used = resource.getrusage(resource.RUSAGE_SELF)
    told["wall_s"] = time.perf_counter() - began
    told["cpu_s"] = used.ru_utime + used.ru_stime
    told["peak_mb"] = used.ru_maxrss / 1024
    Path(answer).write_text(json.dumps(told), "utf-8")


async def _answer(part: Part, arguments: Json) -> Json:
    task = asyncio.ensure_future(part(**arguments))
    return dict(await task)


if __name__ == "__main__":
    main()
