"""A command over HTTP, beside an endpoint of FastAPI's that validates the body and inserts it."""

from typing import Any

from deploy.local.ports import accepts, free_port
from deploy.local.processes import Child
from deploy.local.services import url
from tests.benchmarks.baselines import endpoint
from tests.benchmarks.bodies import PROPOSAL
from tests.benchmarks.figures import Figure, both, line
from tests.benchmarks.load import closed
from tests.benchmarks.part import Json
from tests.benchmarks.rig import Rig
from tests.benchmarks.watched import Watched

_AGAINST = "FastAPI, one insert_one"
DETAILS = ("median_ms", "p99_ms", "generator_cores", "service_cpu_us", "mongod_cpu_us")


async def figures(rig: Rig) -> list[Figure]:
    """Propose themes at both, in turns: first with 64 on their way, then one after the other."""
    async with rig.place() as place:
        api = await place.start("themes", "api")
        port = free_port()
        beside = rig.start(
            endpoint,
            mongo_uri=rig.servers.mongo_uri,
            database=f"{place.prefix}baseline",
            port=port,
        )

        async def listens() -> bool:
            return accepts(port)

        await beside.child.until(listens)
        token = place.caller("employee").token
        sent = {"paths": ["/themes"], "bodies": [PROPOSAL], "token": token}
        found = []
        for in_flight, aim in ((64, 2.5), (1, 0.95)):
            ours: list[Json] = []
            theirs: list[Json] = []
            for turn in range(rig.repeats + 1):
                shape = {**sent, "in_flight": in_flight, "warm_s": 0.5, "seconds": rig.seconds(4)}
                mine = await loaded(rig, api.child, url=api.url, **shape)
                other = await loaded(rig, beside.child, url=url(port), **shape)
                if turn:  # the first turn warms the servers up
                    ours.append(mine)
                    theirs.append(other)
                    rig.tell(line(f"{in_flight} in flight", mine, other))
            found.append(_figure(in_flight, aim, ours, theirs))
        await beside.child.kill()
    return found


def _figure(in_flight: int, aim: float, ours: list[Json], theirs: list[Json]) -> Figure:
    return Figure(
        f"command over HTTP, {in_flight} in flight",
        "commands/s",
        [each["per_s"] for each in ours],
        [each["per_s"] for each in theirs],
        _AGAINST,
        aim=aim,
        detail={name: both(name, ours, theirs) for name in DETAILS},
    )


async def loaded(rig: Rig, server: Child, **shape: Any) -> Json:
    """Load a server; also tells the processor time of it and of mongod for each command."""
    (mongod,) = (each.pid for each in rig.servers.parts if each.name == "MongoDB")
    watched = Watched({"service": server.pid, "mongod": mongod})
    told = await rig.run(closed, **shape)
    used_us = watched.over(told["all"])
    told |= {f"{name}_cpu_us": each for name, each in used_us.items()}
    return {**told, "cpu_us": sum(used_us.values())}
