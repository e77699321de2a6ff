"""The servers that all figures are measured on, and the processes that measure."""

import asyncio
import json
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.files import write_whole
from deploy.local.processes import Child, DidNotStart
from deploy.local.servers import Servers, forget
from deploy.local.services import PROJECT
from tests.benchmarks.part import Json, Part, named
from tests.integration.services.town import Town, town

PART_WITHIN_S = 1200.0


@dataclass(frozen=True)
class Running:
    """A part at work."""

    child: Child
    answer: Path

    async def told(self, within_s: float = PART_WITHIN_S) -> Json:
        """Wait until it has ended, and give its answer."""
        code = await asyncio.wait_for(self.child.exited(), within_s)
        if code != 0:
            raise DidNotStart(f"{self.child.name} ended with code {code}.\n{self.child.said(40)}")
        told: Json = json.loads(self.answer.read_text("utf-8"))
        return told

    async def ended(self) -> Json:
        """Ask it to end, and give its answer."""
        self.child.signal(signal.SIGTERM)
        return await self.told()


@dataclass
class Rig:
    """Real servers, and how long and how often is measured; `quick` is for trying things out."""

    folder: Path
    servers: Servers
    tell: Callable[[str], None]
    repeats: int = 5
    quick: bool = False
    minutes: float = 10.0
    """How long the memory of a process is watched under load."""
    _parts: list["Running"] = field(default_factory=list)

    def size(self, full: int) -> int:
        """How many, of something that is so many in a full run."""
        return full // 10 if self.quick else full

    def seconds(self, full: float) -> float:
        """How long, of what takes so long in a full run."""
        return max(1.0, full / 4) if self.quick else full

    async def run(self, part: Part, **arguments: Any) -> Json:
        """Run a function in a process of its own and give its answer."""
        return await self.start(part, **arguments).told()

    def start(self, part: Part, **arguments: Any) -> "Running":
        """Start a function in a process of its own, which is ended with the rig."""
        name = named(part)
        file = self.folder / "parts" / f"{name.partition(':')[2]}-{secrets.token_hex(4)}"
        write_whole(file.with_suffix(".asked"), json.dumps(arguments))
        running = Running(
            Child(
                name,
                (
                    *(sys.executable, "-m", "tests.benchmarks.part", name),
                    *(file.with_suffix(".asked"), file.with_suffix(".told")),
                ),
                log=file.with_suffix(".log"),
                cwd=PROJECT,
            ),
            file.with_suffix(".told"),
        )
        self._parts.append(running)
        return running

    async def stop(self) -> None:
        """End what still runs."""
        for each in self._parts:
            await each.child.kill()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Town]:
        """A name of its own for databases and topics, and services when they are started there."""
        prefix = f"b{secrets.token_hex(3)}-"
        async with town(self.folder, self.servers, prefix) as made:
            yield made
        await forget(self.servers, prefix)
