"""What a service has told, beside its store: every commit, and everybody in its directory."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from shared.contracts.messages import Message
from shared.eventstore.commits import Commit, commit_id, decode
from shared.eventstore.database import Database
from shared.eventstore.directory import latest_states
from shared.kernel.codec import Codec, Undecodable
from shared.kernel.events import Recorded, StreamKind
from shared.projections.differences import Report
from shared.projections.history import read_all
from shared.projections.received import read

_PATIENCE = timedelta(seconds=5)
"""How long a commit, or a person's state, may wait for the relay."""


class Told(NamedTuple):
    """One record; `fact` is None when it says nothing."""

    topic: str
    place: str
    fact: Recorded[Any] | None
    value: bytes


async def read_facts(
    bootstrap: str, topics: Iterable[str], codec: Codec, prefix: str
) -> AsyncIterator[Told]:
    """Read topics, named without the prefix, from their beginning to their present end."""
    async for partition, record in read_all(bootstrap, {prefix + each for each in topics}):
        fact = read(partition.topic, record.key, record.value, tuple(record.headers), codec)
        yield Told(
            topic=partition.topic.removeprefix(prefix),
            place=f"{partition}@{record.offset}",
            fact=None if isinstance(fact, Undecodable) else fact,
            value=record.value or b"",
        )


@dataclass
class ToldStream:
    """What a topic holds of a stream: the id and the digest of each version, in order."""

    digests: dict[int, tuple[str, bytes]] = field(default_factory=dict)


async def read_told(
    owner: str, bootstrap: str, codec: Codec, prefix: str, report: Report
) -> dict[str, ToldStream]:
    """Read the service's own topics; the order and the identity of what is there."""
    own = {
        kind.topic
        for kind in codec.kinds.values()
        if kind.owner == owner and kind.audience != "state"
    }
    told: dict[str, ToldStream] = {}
    async for topic, place, fact, value in read_facts(bootstrap, own, codec, prefix):
        if fact is None:
            report.add("undecodable", topic, place)
            continue
        stream = told.setdefault(fact.stream, ToldStream())
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


async def compare_store(
    database: Database,
    codec: Codec,
    prefix: str,
    told: Mapping[str, ToldStream],
    report: Report,
) -> None:
    """Compare every commit with what is told of it; read the topics first, and then the store."""
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
                report.add_late("not_told", kind.topic, commit.id)
            continue
        for number, message in enumerate(commit.messages(kind, prefix), start=commit.first):
            _compare_message(commit, number, message, told.get(stream), kind.topic, report)
    for name, each in told.items():
        if max(each.digests, default=0) > stored.get(name, 0):
            report.add("hole", "commits", f"after {name}@{stored.get(name, 0)}")


def _compare_commit(
    commit: Commit, document: Mapping[str, Any], version: int, codec: Codec, report: Report
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
    told: ToldStream | None,
    topic: str,
    report: Report,
) -> None:
    found = told.digests.get(version) if told else None
    position = f"{commit.stream}@{version}"
    if found is None:
        report.add_late("not_told", topic, position)
    elif found[0] != commit.events[version - commit.first]["id"]:
        report.add("fork", topic, position)
    elif found[1] != _digest(message.value or b""):
        report.add("tampered", "commits", position)


def _digest(value: bytes) -> bytes:
    return sha256(value).digest()


async def compare_states(
    owner: str, database: Database, bootstrap: str, codec: Codec, prefix: str, report: Report
) -> None:
    """Compare each one's latest state with the last one told; the topic forgets those before."""
    for kind in codec.kinds.values():
        if kind.owner == owner and kind.audience == "state":
            await _compare_states(kind, database, bootstrap, codec, prefix, report)


async def _compare_states(
    kind: StreamKind,
    database: Database,
    bootstrap: str,
    codec: Codec,
    prefix: str,
    report: Report,
) -> None:
    topic, gone = kind.topic, kind.events[-1]
    last: dict[str, Recorded[Any]] = {}
    async for each in read_facts(bootstrap, {topic}, codec, prefix):
        if each.fact is None:
            report.add("undecodable", topic, each.place)
        else:
            last[each.fact.stream] = each.fact
    untold = {
        kind.stream(each["_id"])
        async for each in database[kind.name].find({"unpublished": True}, {"_id": True})
    }
    async for state in latest_states(database, kind):
        told = last.pop(state.stream, None)
        is_untold = state.stream in untold
        if told is None and isinstance(state.event, gone) and not is_untold:
            continue  # the topic has forgotten it, as it should
        if told is None or told.version < state.version:
            if is_untold and _is_new(state.id):
                continue
            report.add_late("not_told", topic, state.position)
        elif told.version > state.version:
            report.add("hole", kind.name, f"after {state.position}")
        elif told.id != state.id:
            report.add("fork", topic, state.position)
        elif told.event != state.event:
            report.add("tampered", kind.name, state.position)
    for fact in last.values():
        report.add("hole", kind.name, f"before {fact.position}")


def _is_new(event_id: str) -> bool:
    """Whether it was stored just now: the id says when, and the business clock need not."""
    with suppress(ValueError):
        stored_at = datetime.fromtimestamp((UUID(event_id).int >> 80) / 1000, UTC)
        return datetime.now(UTC) - stored_at <= _PATIENCE
    return False
