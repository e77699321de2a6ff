"""A commit: all the facts of one accepted command, one document of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import bson

from shared.contracts.messages import Message, compose, envelope_fields, read_envelope
from shared.kernel.codec import Codec
from shared.kernel.events import Envelope, Recorded, StreamKind
from shared.kernel.refusals import Malformed

MAX_EVENTS = 500
MAX_BYTES = 900_000
"""What a commit may weigh, and each of its messages: brokers take a million bytes."""
_MOST_JSON_PER_BSON = 8
"""A control character is one byte as BSON and seven as JSON in JSON; nothing grows more."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What comes with a command besides its facts; `at` is the business instant."""

    at: datetime
    envelope: Envelope = Envelope()
    command_id: str = ""
    fingerprint: str = ""
    traceparent: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """Facts `first` to `last` of a stream; each event is `{id, type, v, data}`, as it is stored."""

    stream: str
    first: int
    events: tuple[Mapping[str, Any], ...]
    at: datetime
    stored_at: datetime
    envelope: Mapping[str, Any]
    command_id: str = ""
    fingerprint: str = ""
    traceparent: str = ""

    @property
    def id(self) -> str:
        """What makes two commits at the same place of a stream collide."""
        return commit_id(self.stream, self.first)

    @property
    def last(self) -> int:
        """The version of the stream after this commit."""
        return self.first + len(self.events) - 1

    def same_as(self, other: "Commit | None") -> bool:
        """Tell whether the other is this very commit, and not one in its place."""
        return other is not None and other.events[0]["id"] == self.events[0]["id"]

    def facts(self, codec: Codec) -> tuple[Recorded[Any], ...]:
        """The facts with their places; raises Undecodable for what no codec knows."""
        envelope = read_envelope(self.envelope)
        return tuple(
            Recorded(
                event=codec.decode(event["type"], event["v"], event["data"]),
                stream=self.stream,
                version=version,
                id=event["id"],
                at=self.at,
                envelope=envelope,
            )
            for version, event in enumerate(self.events, start=self.first)
        )

    def messages(self, kind: StreamKind, prefix: str = "") -> tuple[Message, ...]:
        """The facts as they are told, unchanged from how they were stored."""
        return tuple(
            compose(
                kind,
                self.stream,
                version,
                event=event,
                at=self.at,
                envelope=self.envelope,
                prefix=prefix,
                traceparent=self.traceparent,
            )
            for version, event in enumerate(self.events, start=self.first)
        )


def commit_id(stream: str, first: int) -> str:
    """Name the place in a stream, so that text order is the order of versions."""
    return f"{stream}@{first:09}"


def stream_range(stream: str, after: int = 0) -> dict[str, str]:
    """The condition on `_id` for what comes after a version of a stream."""
    return {"$gte": commit_id(stream, after + 1), "$lt": f"{stream}@:"}


def commit_of(
    stream: str,
    first: int,
    events: Sequence[tuple[str, tuple[str, int, dict[str, Any]]]],
    frame: Frame,
) -> Commit:
    """Put facts, given with their ids in the codec's form, into a commit recorded now."""
    return Commit(
        stream=stream,
        first=first,
        events=tuple(
            {"id": event_id, "type": name, "v": version, "data": data}
            for event_id, (name, version, data) in events
        ),
        at=frame.at.replace(microsecond=frame.at.microsecond // 1000 * 1000),  # as it is stored
        stored_at=datetime.now(UTC),
        envelope=envelope_fields(frame.envelope),
        command_id=frame.command_id,
        fingerprint=frame.fingerprint,
        traceparent=frame.traceparent,
    )


def encode(commit: Commit, kind: StreamKind) -> bytes:
    """Write the document, unpublished; raises Malformed when it cannot be stored or told.

    Whatever is wrong with a document has to be found here, before it travels with others.
    """
    if len(commit.events) > MAX_EVENTS:
        raise Malformed("commit_too_large", events=len(commit.events), most=MAX_EVENTS)
    document = {
        "_id": commit.id,
        "stream": commit.stream,
        "first": commit.first,
        "last": commit.last,
        "events": commit.events,
        "on": commit.events[0]["data"]["on"],
        "at": commit.at,
        "stored_at": commit.stored_at,
        "envelope": commit.envelope,
        "unpublished": True,
    }
    if commit.command_id:
        document |= {"command_id": commit.command_id, "fingerprint": commit.fingerprint}
    if commit.traceparent:
        document["traceparent"] = commit.traceparent
    try:
        encoded = bson.encode(document)
    except (bson.errors.BSONError, ValueError, OverflowError, RecursionError, TypeError) as problem:
        raise Malformed("not_storable") from problem
    size = len(encoded)
    if size * _MOST_JSON_PER_BSON > MAX_BYTES:
        size = max(size, *(len(each.value or b"") for each in commit.messages(kind)))
    if size > MAX_BYTES:
        raise Malformed("commit_too_large", bytes=size, most=MAX_BYTES)
    return encoded


def decode(document: Mapping[str, Any]) -> Commit:
    """Read a document of the store."""
    return Commit(
        stream=document["stream"],
        first=document["first"],
        events=tuple(document["events"]),
        at=document["at"],
        stored_at=document["stored_at"],
        envelope=document["envelope"],
        command_id=document.get("command_id", ""),
        fingerprint=document.get("fingerprint", ""),
        traceparent=document.get("traceparent", ""),
    )
