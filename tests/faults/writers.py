"""The load, in a process of its own: `python -m tests.faults.writers <folder>/writers.json`.

The file `writing` beside the ledger says that it has begun. On SIGTERM every command that is under way is brought to its answer; then it leaves, and its counts
stand in `written.json` beside the plan. Exit code 1 says that a command was never answered.
"""

import asyncio
import json
import os
import random
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.faults.client import Client
from tests.faults.desk import Desk, tell
from tests.faults.ledger import Ledger, Principal
from tests.faults.stories import AT_ONCE

WRITING = "writing"
WRITTEN = "written.json"


@dataclass(frozen=True)
class Plan:
    """What the writers need to know; people are ids with their tokens."""

    ledger: str
    doors: dict[str, list[str]]
    secretary: tuple[str, str]
    chief: tuple[str, str]
    people: list[tuple[str, str]]
    rate_per_s: float
    seed: int

    def write(self, path: Path) -> None:
        """Leave it where the writers find it."""
        path.write_text(json.dumps(asdict(self)))


async def write(plan: Plan, name: str) -> dict[str, Any]:
    """Send commands until told to stop; gives what was counted."""
    ledger = Ledger(Path(plan.ledger), name)
    client = Client(ledger, plan.doors)
    desk = Desk(
        client=client,
        rate_per_s=plan.rate_per_s,
        secretary=_principal(plan.secretary),
        chief=_principal(plan.chief),
        people=[_principal(each) for each in plan.people],
        doors=plan.doors,
        rng=random.Random(plan.seed),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, desk.stopping.set)
    Path(plan.ledger).with_name(WRITING).touch()
    told = (tell(desk, story) for story, count in AT_ONCE for _ in range(count))
    try:
        await asyncio.gather(*told)
        await asyncio.gather(*desk.repeats)
    finally:
        await client.close()
        ledger.close()
    return dict(desk.counts)


def _principal(each: tuple[str, str]) -> Principal:
    return Principal(UUID(each[0]), each[1])


def main() -> None:
    """Read the plan and write."""
    path = Path(sys.argv[1])
    plan = Plan(**json.loads(path.read_text()))
    counts = asyncio.run(write(plan, f"writers-{os.getpid()}"))
    (path.parent / WRITTEN).write_text(json.dumps(counts))


if __name__ == "__main__":
    main()
