"""Comparing what a service has: its store, its topics, and every view (promise 8).

Works beside running services, which are a little ahead or behind; what differs only for a moment
is looked at again. It folds the facts by itself, one after the other, and shares nothing with the
projector but the views.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from shared.contracts.messages import Message
from shared.eventstore.commits import Commit, commit_id, decode
from shared.eventstore.database import Database
from shared.kernel.codec import Codec, Undecodable
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.services import Service
from shared.kernel.views import View
from shared.projections.consumer import read_all
from shared.projections.documents import POSITION, SEEN, settled, to_fields
from shared.projections.folding import Hearing, where
from shared.projections.received import read
from shared.projections.tables import PARKED_LOG, PROGRESS, Tables

Kind = Literal[
    "hole",
    "duplicate",
    "fork",
    "tampered",
    "not_told",
    "not_folded",
    "undecodable",
    "parked",
    "missing_row",
    "changed_row",
    "extra_row",
]

_LOOKS = 5
_BETWEEN_LOOKS_S = 0.4
_PATIENCE = timedelta(seconds=5)
"""How long a commit may wait for the relay."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first of its kind in a place; `harmless` when readers are made to live with it."""

    service: str
    kind: Kind
    place: str
    where: str
    harmless: bool = False

    def __str__(self) -> str:
        note = " (harmless: readers drop it)" if self.harmless else ""
        return f"{self.service}: {self.kind} in {self.place}: {self.where}{note}"


@dataclass
class _Report:
    service: str
    found: dict[tuple[Kind, str], Difference] = field(default_factory=dict)

    def add(self, kind: Kind, place: str, where: str, *, harmless: bool = False) -> None:
        difference = Difference(self.service, kind, place, where, harmless)
        self.found.setdefault((kind, place), difference)

    @property
    def is_settled(self) -> bool:
        """Whether another look would tell no more."""
        return all(each.harmless or each.kind == "parked" for each in self.found.values())


async def verify(
    service: Service, database: Database, bootstrap: str, codec: Codec, prefix: str = ""
) -> list[Difference]:
    """Name the first difference of each kind in each place; none when all is as it should be."""
    for look in range(_LOOKS):
        report = _Report(service.name)
        # The store is read after the topic, so that what is told is stored when it is looked up.
        told = await _read_topics(service, bootstrap, codec, prefix, report)
        await _compare_store(service, database, codec, prefix, told, report)
        await _look_at_views(service, database, bootstrap, codec, prefix, report)
        if report.is_settled or look + 1 == _LOOKS:
            break
        # A running relay and projector move on between two looks.
        await asyncio.sleep(_BETWEEN_LOOKS_S)
    return list(report.found.values())


@dataclass
class _Told:
    """What a stream's topic holds of it: the digest of each version, in order."""

    digests: dict[int, tuple[str, bytes]] = field(default_factory=dict)


async def _read_topics(
    service: Service, bootstrap: str, codec: Codec, prefix: str, report: _Report
) -> dict[str, _Told]:
    """Read the service's own topics; the order and the identity of what is there."""
    own = {
        kind.topic
        for kind in codec.kinds.values()
        if kind.owner == service.name and kind.audience != "state"
    }
    told: dict[str, _Told] = {}
    async for topic, fact, value, place in _facts(bootstrap, own, codec, prefix):
        if fact is None:
            report.add("undecodable", topic, place)
            continue
        stream = told.setdefault(fact.stream, _Told())
        known = stream.digests.get(fact.version)
        if known is None:
            if fact.version != len(stream.digests) + 1:
                report.add("hole", topic, f"before {fact.position}")
            stream.digests[fact.version] = (fact.id, _digest(value))
        elif known[0] != fact.id:
            report.add("fork", topic, fact.position)
        elif known[1] != _digest(value):
            report.add("tampered", topic, fact.position)
        else:
            report.add("duplicate", topic, fact.position, harmless=True)
    return told


async def _facts(
    bootstrap: str, topics: set[str], codec: Codec, prefix: str
) -> AsyncIterator[tuple[str, Recorded[Any] | None, bytes, str]]:
    async for partition, record in read_all(bootstrap, {prefix + each for each in topics}):
        fact = read(partition.topic, record.key, record.value, tuple(record.headers), codec)
        place = f"{partition}@{record.offset}"
        known = None if isinstance(fact, Undecodable) else fact
        yield partition.topic.removeprefix(prefix), known, record.value or b"", place


async def _compare_store(
    service: Service,
    database: Database,
    codec: Codec,
    prefix: str,
    told: Mapping[str, _Told],
    report: _Report,
) -> None:
    stream, version, ids = "", 0, set[str]()
    stored: dict[str, int] = {}
    async for document in database["commits"].find().sort("_id", 1):
        commit = decode(document)
        if commit.stream != stream:
            stream, version = commit.stream, 0
        _compare_commit(commit, document, version, codec, report)
        version = commit.last
        stored[stream] = version
        if commit.command_id:
            if commit.command_id in ids:
                report.add("duplicate", "commits", commit.id)
            ids.add(commit.command_id)
        kind = codec.kind_of_stream(stream)
        if kind is None:
            report.add("undecodable", "commits", commit.id)
            continue
        if "unpublished" in document:
            if datetime.now(UTC) - commit.stored_at > _PATIENCE:
                report.add("not_told", kind.topic, commit.id)
            continue
        for number, message in enumerate(commit.messages(kind, prefix), start=commit.first):
            _compare_message(commit, number, message, told.get(stream), kind.topic, report)
    for name, each in told.items():
        if max(each.digests, default=0) > stored.get(name, 0):
            report.add("hole", "commits", f"after {name}@{stored.get(name, 0)}")


def _compare_commit(
    commit: Commit, document: Mapping[str, Any], version: int, codec: Codec, report: _Report
) -> None:
    if commit.first > version + 1:
        report.add("hole", "commits", f"before {commit.id}")
    elif commit.first <= version:
        report.add("fork", "commits", commit.id)
    if document["_id"] != commit_id(commit.stream, commit.first) or document["last"] != commit.last:
        report.add("tampered", "commits", str(document["_id"]))
    try:
        commit.facts(codec)
    except Undecodable:
        report.add("undecodable", "commits", commit.id)


def _compare_message(
    commit: Commit,
    version: int,
    message: Message,
    told: _Told | None,
    topic: str,
    report: _Report,
) -> None:
    found = told.digests.get(version) if told else None
    position = f"{commit.stream}@{version}"
    if found is None:
        report.add("not_told", topic, position)
    elif found[0] != commit.events[version - commit.first]["id"]:
        report.add("fork", topic, position)
    elif found[1] != _digest(message.value or b""):
        report.add("tampered", "commits", position)


def _digest(value: bytes) -> bytes:
    return sha256(value).digest()


async def _look_at_views(
    service: Service,
    database: Database,
    bootstrap: str,
    codec: Codec,
    prefix: str,
    report: _Report,
) -> None:
    hearing = Hearing(service.views, codec)
    tables = Tables(database, service.views)
    progress = {each["_id"]: each async for each in tables.asking(PROGRESS).find()}
    for stream, each in progress.items():
        if "parked" in each:
            report.add("parked", "views", f"{stream}@{each['version']}")
    skipped = await _skipped(tables)
    expected: dict[str, dict[str, Row]] = {view.name: {} for view in service.views}
    folded: dict[str, int] = {}
    async for _, fact, _, _ in _facts(bootstrap, set(hearing.topics), codec, prefix):
        if fact is None or fact.version <= folded.get(fact.stream, 0):
            continue
        reached = progress.get(fact.stream)
        if reached is None or fact.version > reached["version"]:
            stands = reached is not None and "parked" in reached
            if hearing.follows(fact.stream) and not stands:
                report.add("not_folded", "views", fact.position)
            continue
        folded[fact.stream] = fact.version
        if (fact.stream, fact.version) in skipped:
            continue
        for view in service.views:
            if isinstance(fact.event, view.hears):
                _fold(view, fact, expected[view.name], report)
    for view in service.views:
        await _compare_view(view, tables, expected[view.name], report)


async def _skipped(tables: Tables) -> set[tuple[str, int]]:
    """The versions that operators had passed over, which are in no view."""
    versions = set[tuple[str, int]]()
    async for note in tables.asking(PARKED_LOG).find():
        stream, skipped = note["stream"], note["skipped"]
        if skipped.get("why") == "poison":
            versions.add((stream, skipped["version"]))
        elif skipped.get("why") == "gap":
            missing = range(note["from_version"] + 1, skipped["to_version"] + 1)
            versions |= {(stream, version) for version in missing}
    return versions


def _fold(view: View[Any], fact: Recorded[Any], rows: dict[str, Row], report: _Report) -> None:
    try:
        for key in dict.fromkeys(view.keys(fact)):
            row = view.fold(rows.get(key), fact, key)
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = settled(row)
    except Exception as problem:  # noqa: BLE001 - the view could once, and cannot any more
        report.add("changed_row", view.name, f"{fact.position}: {where(problem)}")


async def _compare_view(
    view: View[Any], tables: Tables, expected: Mapping[str, Row], report: _Report
) -> None:
    there = set[str]()
    async for document in tables.asking(view.name).find():
        key = document.pop("_id")
        document.pop(POSITION, None)
        document.pop(SEEN, None)
        there.add(key)
        row = expected.get(key)
        if row is None:
            report.add("extra_row", view.name, key)
        elif document != to_fields(row):
            wrong = sorted(
                name
                for name, value in {**document, **to_fields(row)}.items()
                if name not in document or document[name] != to_fields(row).get(name, ...)
            )
            report.add("changed_row", view.name, f"{key} ({', '.join(wrong)})")
    for key in expected:
        if key not in there:
            report.add("missing_row", view.name, key)
            return
