"""Loading a long stream: the first time, from the cache, and from the cache after a look."""

import time
from collections.abc import Iterator

from services.themes.domain.theme.state import THEME
from shared.contracts.registry import CODEC
from shared.eventstore.commits import Commit
from shared.eventstore.database import connect, database_of, disconnect
from shared.eventstore.store import EventStore
from tests.benchmarks.figures import Figure
from tests.benchmarks.part import Json
from tests.benchmarks.rig import Rig
from tests.benchmarks.themes import store, theme_commits, theme_ids

EVENTS = 10_000


async def figures(rig: Rig) -> list[Figure]:
    """Load one theme that was assessed again and again, one fact to a commit."""
    events = rig.size(EVENTS)
    (theme_id,) = theme_ids(1)
    client = connect(rig.servers.mongo_uri, timeout_s=60)
    async with rig.place() as place:
        try:
            database = database_of(client, "themes", place.prefix)
            await store(database, _one_stream(theme_id, events), published=True)
        finally:
            await disconnect(client)
        told = await rig.run(
            load,
            mongo_uri=rig.servers.mongo_uri,
            prefix=place.prefix,
            theme_id=theme_id,
            events=events,
            repeats=rig.repeats,
        )
    name = f"load of a stream of {events:,} events"
    return [
        Figure(f"{name}, first time", "ms", told["first_ms"], better="less"),
        Figure(f"{name}, cached", "ms", told["cached_ms"], better="less"),
        Figure(f"{name}, cached and looked at", "ms", told["looked_at_ms"], better="less"),
    ]


def _one_stream(theme_id: str, events: int) -> Iterator[Commit]:
    yield from theme_commits([theme_id], events)


async def load(*, mongo_uri: str, prefix: str, theme_id: str, events: int, repeats: int) -> Json:
    """Load it with a new store each time, which has nothing in its cache."""
    client = connect(mongo_uri, timeout_s=30)
    database = database_of(client, "themes", prefix)
    told: Json = {"first_ms": [], "cached_ms": [], "looked_at_ms": []}
    for turn in range(repeats + 1):
        empty = EventStore(database, CODEC)
        for name, fresh in (("first_ms", True), ("cached_ms", False), ("looked_at_ms", True)):
            began = time.perf_counter()
            loaded = await empty.load(THEME, theme_id, fresh=fresh)
            took_ms = 1000 * (time.perf_counter() - began)
            if loaded.version != events:
                raise RuntimeError(f"loaded to {loaded.version}")
            if turn:
                told[name].append(took_ms)
    await disconnect(client)
    return told
