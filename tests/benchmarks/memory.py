"""The memory of a service under load, minute by minute."""

import asyncio
from statistics import mean

from tests.benchmarks.bodies import PROPOSAL
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import at_a_rate
from tests.benchmarks.rig import Rig
from tests.benchmarks.watched import resident_mb

COMMANDS_PER_S = 100.0
READS_PER_S = 20.0
LOOKS = 6
"""Looks a minute; the figure is the mean of the last minute's."""


async def figures(rig: Rig) -> list[Figure]:
    """Propose themes and read lists at a process that is API and worker in one."""
    seconds = 60 * rig.minutes
    async with rig.place() as place:
        service = await place.start("themes", "both")
        pid = service.child.pid
        sent = {"url": service.url, "seconds": seconds, "seed": 1}
        proposer, reader = place.caller("employee").token, place.caller("secretariat").token
        loads = (
            rig.start(
                at_a_rate,
                paths=["/themes"],
                bodies=[PROPOSAL],
                token=proposer,
                per_s=COMMANDS_PER_S,
                **sent,
            ),
            rig.start(
                at_a_rate,
                method="GET",
                paths=["/themes?limit=20", "/themes?state=proposed&sort=-proposed_on&limit=20"],
                bodies=[""],
                token=reader,
                per_s=READS_PER_S,
                **sent,
            ),
        )
        looks = [resident_mb(pid)]
        ended = asyncio.gather(*(each.told() for each in loads))
        while not ended.done():
            await asyncio.wait({ended}, timeout=60 / LOOKS)
            looks.append(resident_mb(pid))
            if len(looks) % LOOKS == 1:
                rig.tell(f"{len(looks) // LOOKS} min: {looks[-1]:.0f} MB")
        answered = await ended
    half = looks[len(looks) // 2 :]
    grown = 100 * (mean(half[-LOOKS:]) / mean(half[:LOOKS]) - 1)
    detail = {
        "megabytes": [round(each, 1) for each in looks],
        "looks_a_minute": LOOKS,
        "commands": answered[0]["count"],
        "commands_per_s": answered[0]["per_s"],
        "commands_p99_ms": answered[0]["p99_ms"],
        "reads": answered[1]["count"],
    }
    name = f"memory of a service under load for {rig.minutes:g} minutes"
    return [
        Figure(name, "MB", [mean(looks[-LOOKS:])], aim=150, better="less", detail=detail),
        Figure(f"{name}: growth over its second half", "%", [grown], aim=5, better="less"),
    ]
