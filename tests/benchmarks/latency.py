"""From a command's answer to the row in another service's view, at 100 commands a second.

Three processes: training's API, which answers; training's worker, whose relay tells; and a worker
of networks, whose projector writes the row. That last one is the real worker, put together here so
that it also notes when each batch was stored: looking from outside would cost as much as it finds.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from uuid import uuid4

from deploy.local.ports import free_port
from deploy.local.services import Setting, url
from services.networks.service import SERVICE
from shared.contracts.training import LEADER
from shared.projections.folding import Progress
from shared.projections.history import read_all
from shared.projections.rows import Rows
from shared.runtime.assembly import assemble
from shared.runtime.process import run
from shared.runtime.settings import Settings
from tests.benchmarks.bodies import PRIOR_QUALIFICATION
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.load import at_a_rate
from tests.benchmarks.part import Json
from tests.benchmarks.rig import Rig
from tests.integration.services.town import Process

PER_S = 100.0


async def figures(rig: Rig) -> list[Figure]:
    """Record diplomas of people, each of whom becomes a row in networks."""
    seconds = rig.seconds(10)
    async with rig.place() as place:
        api, _ = await place.start_all([("training", "api"), ("training", "worker")])
        port = free_port()
        setting = Setting(place.folder, place.servers, place.smtp, place.prefix)
        worker = rig.start(worker_that_notes, environment=setting.environment(port))
        await Process(worker.child, url(port)).until_ready()
        token = place.caller("secretariat").token
        asked = []
        for turn in range(rig.repeats + 1):
            people = [str(uuid4()) for _ in range(int(1.5 * PER_S * seconds))]
            answered = await rig.run(
                at_a_rate,
                url=api.url,
                paths=[f"/leaders/{each}/prior-qualifications" for each in people],
                bodies=[PRIOR_QUALIFICATION],
                token=token,
                per_s=PER_S,
                seconds=seconds,
                seed=turn,
                keep_answers=True,
            )
            if turn:  # the first turn warms the servers up
                asked.append((people, answered))
        await asyncio.sleep(1)  # the last rows are on their way
        seen: dict[str, int] = (await worker.ended())["seen"]
        told = await _told(rig.servers.kafka_bootstrap, place.prefix + LEADER.topic)
    medians, last, sent = [], [], []
    for people, answered in asked:
        took_ms = _took_ms(people, answered["came"], seen)
        medians.append(percentile(took_ms, 0.5))
        last.append(percentile(took_ms, 0.99))
        sent.append(percentile(_took_ms(people, answered["came"], told), 0.5))
        rig.tell(
            f"median {medians[-1]:.1f} ms (handed to Kafka after {sent[-1]:.1f}), "
            f"99th percentile {last[-1]:.1f} ms"
        )
    detail = {
        "handed_to_kafka_median_ms": sent,
        "commands": [each["count"] for _, each in asked],
        "answered_median_ms": [each["median_ms"] for _, each in asked],
        "answered_p99_ms": [each["p99_ms"] for _, each in asked],
    }
    name = "answered to visible in another service's view, 100 commands/s"
    return [
        Figure(f"{name}: median", "ms", medians, aim=15, better="less", detail=detail),
        Figure(f"{name}: 99th percentile", "ms", last, aim=60, better="less"),
    ]


def _took_ms(people: list[str], came: list[int], then: Mapping[str, int]) -> list[float]:
    pairs = zip(people, came, strict=False)  # more people than were needed
    return [(then[LEADER.stream(person)] - came_ns) / 1e6 for person, came_ns in pairs]


async def _told(bootstrap: str, topic: str) -> dict[str, int]:
    """When each stream's record was made by the relay's producer, to the millisecond."""
    since_start_ns = time.time_ns() - time.monotonic_ns()
    return {
        (record.key or b"").decode(): record.timestamp * 1_000_000 - since_start_ns
        async for _, record in read_all(bootstrap, [topic])
    }


async def worker_that_notes(*, environment: dict[str, str]) -> Json:
    """Run a worker of networks until it is told to end; gives when each stream was first seen."""
    seen: dict[str, int] = {}
    moved = Rows.moved

    def noted(rows: Rows, progress: Mapping[str, Progress]) -> None:
        now = time.monotonic_ns()
        for stream in progress:
            seen.setdefault(stream, now)
        moved(rows, progress)

    Rows.moved = noted  # type: ignore[method-assign, assignment]
    settings = Settings.from_environment(SERVICE.name, {**os.environ, **environment})
    await run(assemble(SERVICE, settings), "worker")
    return {"seen": seen}
