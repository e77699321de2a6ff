"""Making a view anew from its topic: a million facts."""

import time

from services.themes.projections.board_fold import THEME_BOARD
from shared.contracts.registry import CODEC
from shared.eventstore.database import connect, database_of, disconnect
from shared.projections.rebuild import rebuild
from shared.projections.tables import Tables
from tests.benchmarks.figures import Figure
from tests.benchmarks.part import Json
from tests.benchmarks.projector import project
from tests.benchmarks.rig import Rig
from tests.benchmarks.themes import in_cohorts, messages, tell
from tests.benchmarks.watched import Stopwatch

EVENTS = 1_000_000
EACH = 20
"""Facts of each theme."""
TOGETHER = 500
"""Themes that are dealt with at the same time."""
NAME = "replayed"


async def figures(rig: Rig) -> list[Figure]:
    """Read the board of themes from the first record on, and then build another beside it.

    A million facts are read once each way; of the first, the tenths of the way are the repeats.
    """
    events = rig.size(EVENTS)
    streams = events // EACH
    async with rig.place() as place:
        began = time.monotonic()
        facts = messages(in_cohorts(streams, EACH, TOGETHER), place.prefix)
        await tell(rig.servers.kafka_bootstrap, facts, place.prefix)
        rig.tell(f"{events:,} messages in {time.monotonic() - began:.0f} s")
        where = {
            "mongo_uri": rig.servers.mongo_uri,
            "bootstrap": rig.servers.kafka_bootstrap,
            "prefix": place.prefix,
            "name": NAME,
        }
        read = await rig.run(project, events=events, rows=streams, **where)
        rig.tell(f"by the projector {read['per_s']:,.0f}/s, {read['cpu_us']:.0f} us each")
        built = await rig.run(build_beside, **where)
        rig.tell(f"beside it {built['per_s']:,.0f}/s, {built['cpu_us']:.0f} us each")
    name = f"one view from the topic, {events:,} events"
    return [
        Figure(
            f"replay of {name}: by the projector",
            "events/s",
            read["tenths"],
            detail={"all_per_s": read["per_s"], "cpu_us": read["cpu_us"], "streams": streams},
        ),
        Figure(
            f"replay of {name}: rebuilt beside what serves",
            "events/s",
            [built["per_s"]],
            detail={"cpu_us": built["cpu_us"], "projector_held_s": built["held_s"]},
        ),
    ]


async def build_beside(*, mongo_uri: str, bootstrap: str, prefix: str, name: str) -> Json:
    """Rebuild the view that the projector has made."""
    client = connect(mongo_uri, timeout_s=30)
    tables = Tables(database_of(client, name, prefix), (THEME_BOARD,))
    began = Stopwatch()
    built = await rebuild((THEME_BOARD,), tables, bootstrap, CODEC, prefix)
    told = {**began.over(built.facts), "held_s": built.held_s, "facts": built.facts}
    await disconnect(client)
    return told
