"""`make bench`: measure on real servers, print the table, and keep the figures as JSON.

Figures may be named; `--quick` is for trying things out, and keeps nothing.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from rich.console import Console

from deploy.local.servers import running
from tests.benchmarks import (
    commands,
    latency,
    memory,
    projector,
    relay,
    replay,
    startup,
    store_size,
    streams,
)
from tests.benchmarks.figures import Figure
from tests.benchmarks.report import show, write
from tests.benchmarks.rig import Rig
from tests.benchmarks.watched import Stolen

FIGURES: Mapping[str, Callable[[Rig], Awaitable[list[Figure]]]] = {
    "commands": commands.figures,
    "relay": relay.figures,
    "projector": projector.figures,
    "latency": latency.figures,
    "store_size": store_size.figures,
    "streams": streams.figures,
    "replay": replay.figures,
    "startup": startup.figures,
    "memory": memory.figures,
}

console = Console(width=None if sys.stdout.isatty() else 120)


async def measure(asked: argparse.Namespace) -> None:
    """Measure what was asked for, on servers of its own."""
    load_before, stolen = os.getloadavg()[0], Stolen()
    folder = Path(tempfile.mkdtemp(prefix="netvaerk-bench-"))
    # As where a service is installed: what is imported is compiled once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    found: list[Figure] = []
    try:
        async with running(folder, tell=console.print) as servers:
            rig = Rig(
                folder,
                servers,
                console.print,
                repeats=asked.repeats or (2 if asked.quick else 5),
                quick=asked.quick,
                minutes=asked.minutes if asked.minutes is not None else asked.quick or 10.0,
            )
            try:
                for name in asked.figures or FIGURES:
                    console.rule(name)
                    found += await FIGURES[name](rig)
            finally:
                await rig.stop()
    finally:
        shutil.rmtree(folder)
    show(found, console)
    machine = {"load_before": load_before, "stolen_share": round(stolen.share(), 3)}
    console.print(f"stolen by the machine below: {machine['stolen_share']:.1%} of all cores' time")
    if not asked.quick:
        path = await write(found, vars(asked), machine)
        console.print(f"kept in {path}")


def main() -> None:
    """Read the command line and measure."""
    reader = argparse.ArgumentParser(prog="make bench", description=__doc__)
    reader.add_argument("figures", nargs="*", choices=[*FIGURES, []], metavar="FIGURE")
    reader.add_argument("--repeats", type=int, help="how often each is measured (5)")
    reader.add_argument("--quick", action="store_true", help="small and short; nothing is kept")
    reader.add_argument("--minutes", type=float, help="of memory under load (10)")
    asyncio.run(measure(reader.parse_args()))


if __name__ == "__main__":
    main()
