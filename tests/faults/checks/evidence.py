"""Everything a run has left behind, read once: commits, records, rows and mails, as plain JSON.

Written from what the contracts promise to anybody outside, so that a mistake in the services'
own reading is not made twice.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256
from typing import Any

from aiokafka import AIOKafkaConsumer
from bson import CodecOptions
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

from tests.faults.checks.run import Run

Json = dict[str, Any]
Database = AsyncDatabase[Json]

PEOPLE = "netvaerk.people"
UNITS = "netvaerk.units"
TOPICS: Mapping[str, str] = {
    "theme": "netvaerk.themes",
    "round": "netvaerk.themes",
    "inquiry": "netvaerk.themes.internal",
    "idea_call": "netvaerk.themes",
    "slot": "netvaerk.themes",
    "network": "netvaerk.networks",
    "innovation-slots": "netvaerk.networks",
    "output": "netvaerk.networks",
    "results": "netvaerk.networks",
    "leader": "netvaerk.training",
    "policy": "netvaerk.training",
    "leader_file": "netvaerk.training.internal",
    "cohort": "netvaerk.training",
    "exam": "netvaerk.training.internal",
    "rotation": "netvaerk.training",
    "rotation_evaluation": "netvaerk.training.internal",
    "rotation_competence": "netvaerk.training",
    "delivery": "netvaerk.notifications.internal",
    "reminder": "netvaerk.notifications.internal",
    "people": PEOPLE,
    "units": UNITS,
    "erasure": "netvaerk.training.internal",
    "erasure_in_themes": "netvaerk.themes.internal",
    "erasure_in_networks": "netvaerk.networks.internal",
    "erasure_in_training": "netvaerk.training.internal",
    "erasure_in_notifications": "netvaerk.notifications",
}
"""Each kind of stream -> where it is told."""
STATES = frozenset({"people", "units"})
"""The kinds whose records replace each other."""
HEARS: Mapping[str, frozenset[str]] = {
    "themes": frozenset(
        {"netvaerk.themes", "netvaerk.themes.internal", "netvaerk.networks", PEOPLE}
    ),
    "networks": frozenset({"netvaerk.themes", "netvaerk.networks", "netvaerk.training", PEOPLE}),
    "training": frozenset(
        {
            "netvaerk.training",
            "netvaerk.training.internal",
            "netvaerk.networks",
            "netvaerk.networks.internal",
            "netvaerk.themes.internal",
            "netvaerk.notifications",
            UNITS,
            PEOPLE,
        }
    ),
    "notifications": frozenset(
        {
            "netvaerk.themes",
            "netvaerk.networks",
            "netvaerk.training",
            "netvaerk.training.internal",
            "netvaerk.notifications.internal",
            PEOPLE,
        }
    ),
}
"""Each service -> the topics its views are made from."""

_PATIENCE_S = 120.0
"""How long a topic may give nothing of what it holds."""


@dataclass(frozen=True, slots=True)
class Told:
    """One record of a topic, parsed; a tombstone has no `data`, and in `value` what its headers say."""

    topic: str
    partition: int
    offset: int
    stream: str
    version: int
    id: str
    value: Json
    digest: bytes

    @property
    def name(self) -> str:
        """The event's name: `ThemeProposed`."""
        return str(self.value.get("type", "...")).split(".")[-2]

    @property
    def data(self) -> Json:
        """The event's own fields."""
        data: Json = self.value.get("data") or {}
        return data

    @property
    def warnings(self) -> list[Json]:
        """What was remarked on when it was decided."""
        told: list[Json] = json.loads(self.value.get("warnings") or "[]")
        return told

    @property
    def place(self) -> str:
        """Where it is: `network-…@3 (netvaerk.networks/2@17)`."""
        return f"{self.stream}@{self.version} ({self.topic}/{self.partition}@{self.offset})"


@dataclass
class Evidence:
    """What a run has left behind. Keys of the mappings are streams, or services where it says so."""

    run: Run
    databases: dict[str, Database]
    """By service."""
    told: dict[str, list[Told]] = field(default_factory=dict)
    """Every record, in the order of its partition, repeats included."""
    unreadable: dict[str, str] = field(default_factory=dict)
    """The place or stream of a record that is no event -> why it is none."""
    commits: dict[str, dict[str, list[Json]]] = field(default_factory=dict)
    """By service, then by stream, in the order of `first`."""

    def __post_init__(self) -> None:
        """Remember which streams are left out."""
        self.planted = {each.stream for each in self.run.planted if each.what != "duplicate"}

    def all_commits(self, *services: str) -> Iterator[Json]:
        """Every commit, of these services or of all."""
        for service in services or self.commits:
            for commits in self.commits[service].values():
                yield from commits

    def facts(self, stream: str) -> list[Told]:
        """A stream as its topic tells it: each version once, in order."""
        first: dict[int, Told] = {}
        for each in self.told.get(stream, ()):
            first.setdefault(each.version, each)
        return [first[version] for version in sorted(first)]


def kind_of(stream: str) -> str:
    """The kind of a stream: `network` of `network-…`; empty for a name that nobody uses."""
    name = "innovation-slots" if stream.startswith("innovation-slots") else stream.partition("-")[0]
    return name if name in TOPICS else ""


def key_of(stream: str) -> str:
    """The id of the thing that the stream is of."""
    return stream.removeprefix(kind_of(stream)).removeprefix("-")


@asynccontextmanager
async def gathered(run: Run) -> AsyncIterator[Evidence]:
    """Read all of it; rows and mails are read when they are looked at."""
    client: AsyncMongoClient[Json] = AsyncMongoClient(run.mongo_uri, tz_aware=True)
    options: CodecOptions[Json] = CodecOptions(tz_aware=True, tzinfo=UTC)
    concern = ReadConcern("majority")
    databases: dict[str, Database] = {}
    for service in HEARS:
        name = f"{run.prefix}netvaerk_{service}".replace(".", "_")
        databases[service] = client.get_database(name, options, read_concern=concern)
    evidence = Evidence(run, databases)
    try:
        # Topics first: what is told then is stored when it is looked up.
        await _read_topics(evidence)
        for service, database in databases.items():
            streams = evidence.commits.setdefault(service, {})
            async for commit in database["commits"].find().sort([("stream", 1), ("first", 1)]):
                streams.setdefault(commit["stream"], []).append(commit)
        yield evidence
    finally:
        await client.close()


async def _read_topics(evidence: Evidence) -> None:
    servers = evidence.run.kafka_bootstrap
    async with AIOKafkaConsumer(bootstrap_servers=servers) as asking:
        there = await asking.topics()
    wanted = sorted(there & {evidence.run.prefix + topic for topic in TOPICS.values()})
    if not wanted:
        return
    settings = {"enable_auto_commit": False, "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(*wanted, bootstrap_servers=servers, **settings) as consumer:
        places = consumer.assignment()
        ends = await consumer.end_offsets(places)
        begins = await consumer.beginning_offsets(places)
        left = {each for each in places if begins[each] < ends[each]}
        while left:
            async with asyncio.timeout(_PATIENCE_S):
                while not (found := await consumer.getmany(*left, timeout_ms=1000)):
                    pass
            for place, records in found.items():
                for record in records:
                    if record.offset < ends[place]:
                        _take(record, evidence)
                # The position is past the last record, also where the end has been compacted.
                if await consumer.position(place) >= ends[place]:
                    left.discard(place)


def _take(record: Any, evidence: Evidence) -> None:
    topic = record.topic.removeprefix(evidence.run.prefix)
    stream = ""
    try:
        stream = (record.key or b"").decode()
        told = _tombstone(record, topic) if record.value is None else _event(record, topic)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        name = stream if TOPICS.get(kind_of(stream)) == topic else place
        evidence.unreadable[name] = f"{place}: {type(problem).__name__} {problem}"
        return
    evidence.told.setdefault(told.stream, []).append(told)


def _event(record: Any, topic: str) -> Told:
    value = json.loads(record.value.decode())
    stream = record.key.decode()
    if value["specversion"] != "1.0" or not stream == value["subject"] == value["partitionkey"]:
        raise ValueError("no CloudEvent of its key")
    if value["type"].count(".") != 4 or not isinstance(value["data"], dict):
        raise ValueError(f"no event: {value['type']}")
    version, digest = int(value["sequence"]), sha256(record.value).digest()
    place = (topic, record.partition, record.offset)
    return Told(*place, stream, version, value["id"], value, digest)


def _tombstone(record: Any, topic: str) -> Told:
    said = {name: content.decode() for name, content in record.headers}
    if topic not in (PEOPLE, UNITS):
        raise ValueError("a tombstone among facts")
    place = (topic, record.partition, record.offset)
    return Told(*place, record.key.decode(), int(said["revision"]), said["id"], {**said}, b"")


def ledger_lines(run: Run) -> Iterator[Json]:
    """The writers' ledger; a last line that was never finished is left out."""
    with run.ledger.open(encoding="utf-8") as lines:
        for line in lines:
            with suppress(json.JSONDecodeError):
                yield json.loads(line)
