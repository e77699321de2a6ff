"""What a command costs with a million commits in the store, beside ten thousand."""

import random
import time

from shared.eventstore.database import connect, database_of, disconnect
from tests.benchmarks.bodies import PROPOSAL, assessments
from tests.benchmarks.commands import DETAILS, loaded
from tests.benchmarks.figures import Figure, both, line
from tests.benchmarks.part import Json
from tests.benchmarks.rig import Rig
from tests.benchmarks.themes import store, theme_commits, theme_ids
from tests.integration.services.town import Town

EACH = 4
"""Commits of each theme."""
SMALL, LARGE = 10_000, 1_000_000
IN_FLIGHT = 64


async def figures(rig: Rig) -> list[Figure]:
    """Propose new themes and assess old ones at both stores, in turns."""
    async with rig.place() as small, rig.place() as large:
        few = await _fill(rig, small, rig.size(SMALL))
        many = await _fill(rig, large, rig.size(LARGE))
        # As many at both, so that the caches are the same; chosen from all over the store.
        chosen = random.Random(1).sample(many, len(few))
        (api,) = await large.start_all([("themes", "api")])
        (beside,) = await small.start_all([("themes", "api")])
        found = []
        for name, paths, paths_beside, bodies in (
            ("new themes", ["/themes"], ["/themes"], [PROPOSAL]),
            ("old themes", _assessments_of(chosen), _assessments_of(few), assessments()),
        ):
            ours: list[Json] = []
            theirs: list[Json] = []
            token = large.caller("employee", "secretariat", "chefforum").token
            shape = {
                "bodies": bodies,
                "token": token,
                "in_flight": IN_FLIGHT,
                "warm_s": 0.5,
                "seconds": rig.seconds(4),
            }
            for turn in range(rig.repeats + 1):
                mine = await loaded(rig, api.child, url=api.url, paths=paths, **shape)
                other = await loaded(rig, beside.child, url=beside.url, paths=paths_beside, **shape)
                if turn:
                    ours.append(mine)
                    theirs.append(other)
                    rig.tell(line(name, mine, other))
            found.append(_figure(name, rig.size(LARGE), rig.size(SMALL), ours, theirs))
    return found


def _figure(name: str, large: int, small: int, ours: list[Json], theirs: list[Json]) -> Figure:
    return Figure(
        f"cost of a command at {large:,} commits, {name}",
        "ms",
        [1000 / each["per_s"] for each in ours],
        [1000 / each["per_s"] for each in theirs],
        f"at {small:,} commits",
        aim=1.1,
        better="less",
        detail={
            "in_flight": IN_FLIGHT,
            **{detail: both(detail, ours, theirs) for detail in DETAILS},
        },
    )


async def _fill(rig: Rig, place: Town, commits: int) -> list[str]:
    """Store themes of which everything has been told."""
    began = time.monotonic()
    ids = theme_ids(commits // EACH)
    client = connect(rig.servers.mongo_uri, timeout_s=120)
    try:
        database = database_of(client, "themes", place.prefix)
        stored = await store(database, theme_commits(ids, EACH), published=True)
    finally:
        await disconnect(client)
    rig.tell(f"{stored:,} commits stored in {time.monotonic() - began:.0f} s")
    return ids


def _assessments_of(ids: list[str]) -> list[str]:
    return [f"/themes/{each}/assessments" for each in ids]
