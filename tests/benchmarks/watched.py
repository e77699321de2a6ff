"""What processes take: this one, and others by what the kernel says of them."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.part import Json

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Stopwatch:
    """What has passed since it was made, on the wall and of this process's processor time."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._used = time.process_time()

    def over(self, count: int) -> Json:
        """How many of something a second, and the processor time for each in microseconds."""
        took_s = time.perf_counter() - self._began
        used_s = time.process_time() - self._used
        return {"per_s": count / took_s, "cpu_us": 1e6 * used_s / count}


class Stolen:
    """What the machine below takes away: a virtual machine's cores are not always there."""

    def __init__(self) -> None:
        self._before = self._ticks()

    def share(self) -> float:
        """The part of all processor time since then that others got, from 0 to 1."""
        stolen, everything = (
            now - before for now, before in zip(self._ticks(), self._before, strict=True)
        )
        return stolen / everything if everything else 0.0

    @staticmethod
    def _ticks() -> tuple[int, int]:
        first = Path("/proc/stat").read_text("ascii").partition("\n")[0]
        user, nice, system, idle, iowait, irq, softirq, stolen, *_ = map(int, first.split()[1:])
        return stolen, user + nice + system + idle + iowait + irq + softirq + stolen


class Watched:
    """Processor time of other processes, by a name for each."""

    def __init__(self, pids: Mapping[str, int | None]) -> None:
        self._pids = {name: pid for name, pid in pids.items() if pid is not None}
        self._before = self._used_s()

    def over(self, count: int) -> dict[str, float]:
        """The processor time that each has taken for each of something, in microseconds."""
        used_s = self._used_s()
        return {name: 1e6 * (used_s[name] - self._before[name]) / count for name in used_s}

    def _used_s(self) -> dict[str, float]:
        return {name: _used_s(pid) for name, pid in self._pids.items()}


def _used_s(pid: int) -> float:
    # The name of the program stands in brackets and may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def resident_mb(pid: int) -> float:
    """The memory that a process holds now."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
