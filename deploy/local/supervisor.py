"""Keeps programs running: one that ends is started again, sooner the longer it had been up."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.processes import Child

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0
_STEADY_AFTER_S = 10.0
_STOP_WITHIN_S = 15.0


@dataclass(frozen=True)
class Program:
    """What is to be kept running."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    cwd: Path | None = None


def next_pause(pause_s: float, up_s: float) -> float:
    """Give the pause before the next start: doubled each time, short again after a steady run."""
    return _FIRST_PAUSE_S if up_s >= _STEADY_AFTER_S else min(pause_s * 2, _LONGEST_PAUSE_S)


@dataclass
class _Kept:
    child: Child
    task: asyncio.Task[None]
    starts: int = 1


@dataclass
class Supervisor:
    """The programs that are kept running, with a log file for each."""

    log_folder: Path
    tell: Callable[[str], None] = print
    _kept: dict[str, _Kept] = field(default_factory=dict)

    def keep(self, program: Program) -> None:
        """Start a program, and start it again whenever it ends."""
        child = self._start(program)
        task = asyncio.create_task(self._watch(program), name=f"keep {program.name}")
        self._kept[program.name] = _Kept(child, task)

    def child(self, name: str) -> Child:
        """Give the process that now runs under this name, or ran last."""
        return self._kept[name].child

    def starts(self, name: str) -> int:
        """Say how often the program has been started."""
        return self._kept[name].starts

    async def stop(self, *, within_s: float = _STOP_WITHIN_S) -> None:
        """End all programs, all at the same time."""
        for kept in self._kept.values():
            kept.task.cancel()
        await asyncio.gather(*(kept.task for kept in self._kept.values()), return_exceptions=True)
        await asyncio.gather(*(kept.child.stop(within_s=within_s) for kept in self._kept.values()))
        self._kept.clear()

    def _start(self, program: Program) -> Child:
        log = self.log_folder / f"{program.name}.log"
        return Child(program.name, program.command, log=log, env=program.env, cwd=program.cwd)

    async def _watch(self, program: Program) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            code = await self._kept[program.name].child.exited()
            self.tell(f"{program.name} ended with code {code}; it is started again.")
            await asyncio.sleep(pause_s)
            pause_s = next_pause(pause_s, time.monotonic() - started)
            kept = self._kept[program.name]
            kept.child = self._start(program)
            kept.starts += 1
