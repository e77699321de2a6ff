"""The projector: facts a second from Kafka into a read model, beside a loop written by hand."""

import asyncio
import inspect
from collections.abc import Mapping

from services.themes.projections.board_fold import THEME_BOARD
from shared.contracts.registry import CODEC
from shared.eventstore.database import connect, database_name, database_of, disconnect
from shared.projections.folding import Progress
from shared.projections.projector import Projector, Reading
from shared.projections.tables import LOCAL
from tests.benchmarks.baselines import project_by_hand
from tests.benchmarks.figures import Figure, both, line
from tests.benchmarks.part import Json
from tests.benchmarks.rig import Rig
from tests.benchmarks.themes import THEMES_TOPIC, messages, tell, theme_commits, theme_ids
from tests.benchmarks.watched import Stopwatch

BATCH: int = inspect.signature(Projector).parameters["batch"].default
"""How many records are taken at a time: what ours does, the other does too."""
WITHIN_S = 600.0


async def figures(rig: Rig) -> list[Figure]:
    """Make the board of themes from few streams, and from many."""
    return [
        await _figure(rig, streams=500, each=rig.size(100)),
        await _figure(rig, streams=rig.size(20_000), each=3),
    ]


async def _figure(rig: Rig, *, streams: int, each: int) -> Figure:
    events = streams * each
    ours: list[Json] = []
    by_hand: list[Json] = []
    async with rig.place() as place:
        bootstrap = rig.servers.kafka_bootstrap
        facts = messages(theme_commits(theme_ids(streams), each), place.prefix)
        await tell(bootstrap, facts, place.prefix)
        servers = {"mongo_uri": rig.servers.mongo_uri, "bootstrap": bootstrap}
        expected = {"events": events, "rows": streams}
        for turn in range(rig.repeats + 1):
            mine = await rig.run(
                project, prefix=place.prefix, name=f"bench{turn}", **servers, **expected
            )
            other = await rig.run(
                project_by_hand,
                database=database_name(f"hand{turn}", place.prefix),
                topic=place.prefix + THEMES_TOPIC,
                indexes=list(THEME_BOARD.indexes),
                batch=BATCH,
                **servers,
                **expected,
            )
            if turn:  # the first turn warms the servers up
                ours.append(mine)
                by_hand.append(other)
                rig.tell(line(f"projector, {streams:,} streams", mine, other))
    return Figure(
        f"projector: events into a read model, {streams:,} streams",
        "events/s",
        [each["per_s"] for each in ours],
        [each["per_s"] for each in by_hand],
        "a loop written by hand",
        aim=0.9,
        detail={
            "events": events,
            "batch": BATCH,
            "cpu_us": both("cpu_us", ours, by_hand),
        },
    )


async def project(
    *, mongo_uri: str, bootstrap: str, prefix: str, name: str, events: int, rows: int
) -> Json:
    """Run a projector with one view, and measure from its first batch stored to its last."""
    client = connect(mongo_uri)
    database = database_of(client, name, prefix)
    taken = Taken(events)
    reading = Reading(name, bootstrap, CODEC, prefix)
    projector = Projector(reading, database, (THEME_BOARD,), on_progress=taken.moved)
    running = asyncio.create_task(projector.run())
    waiting = asyncio.create_task(taken.all.wait())
    async with asyncio.timeout(WITHIN_S):
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    await projector.stop()
    await running
    made = await database.get_collection(THEME_BOARD.name, read_concern=LOCAL).count_documents({})
    await disconnect(client)
    if made != rows:
        raise RuntimeError(f"{made} rows and not {rows}")
    return {**taken.told, "tenths": taken.tenths}


class Taken:
    """Counts the facts that a projector has taken; the clock starts with the first batch stored."""

    def __init__(self, events: int) -> None:
        self.all = asyncio.Event()
        self.told: Json = {}
        self.tenths: list[float] = []
        """Facts a second in each tenth of the way."""
        self._events = events
        self._count = 0
        self._first = 0
        self._began = self._tenth_began = Stopwatch()
        self._tenth = 0
        self._versions: dict[str, int] = {}

    def moved(self, progress: Mapping[str, Progress]) -> None:
        """A batch is stored."""
        for stream, reached in progress.items():
            self._count += reached.version - self._versions.get(stream, 0)
            self._versions[stream] = reached.version
        if not self._first:
            self._first = self._tenth = self._count
            self._began = self._tenth_began = Stopwatch()
            return
        in_tenth = self._count - self._tenth
        if in_tenth >= self._events // 10 or self._count == self._events:
            self.tenths.append(self._tenth_began.over(in_tenth)["per_s"])
            self._tenth, self._tenth_began = self._count, Stopwatch()
        if self._count >= self._events:
            self.told = self._began.over(self._count - self._first)
            self.all.set()
