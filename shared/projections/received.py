"""What comes from Kafka: records with their place, and the fact in each, if there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shared.contracts.messages import Headers, decode_message
from shared.kernel.codec import Codec, Undecodable
from shared.kernel.events import Recorded


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    number: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.number}"


class Mark(NamedTuple):
    """The place to go on from, and the last record before it.

    That record tells one incarnation of a topic from the next: a topic deleted and made again
    has another record there, or none.
    """

    offset: int = 0
    event_id: str = ""
    stamp_ms: int = 0

    def is_of_same_record(self, other: "Mark") -> bool:
        """Tell whether both come just after one record, which one of them may not have decoded."""
        same_id = self.event_id == other.event_id or not (self.event_id and other.event_id)
        return same_id and (self.offset, self.stamp_ms) == (other.offset, other.stamp_ms)


@dataclass(slots=True)
class Received:
    """One record as it came; `fact` is what it says, or why it says nothing."""

    partition: Partition
    offset: int
    stamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    fact: Recorded[Any] | Undecodable

    @property
    def event_id(self) -> str:
        """The fact's id, empty where there is none."""
        return "" if isinstance(self.fact, Undecodable) else self.fact.id

    @property
    def mark(self) -> Mark:
        """The place just after this record."""
        return Mark(self.offset + 1, self.event_id, self.stamp_ms)

    def stream(self, codec: Codec) -> str:
        """The stream it belongs to; a name of its own where the key names none."""
        if not isinstance(self.fact, Undecodable):
            return self.fact.stream
        try:
            stream = (self.key or b"").decode()
        except UnicodeDecodeError:
            stream = ""
        known = codec.kind_of_stream(stream) if len(stream) <= 200 else None
        if known is None or not self.partition.topic.endswith(known.topic):
            return f"{self.partition}/{self.offset}"
        return stream

    def to_document(self) -> dict[str, Any]:
        """The record as it came, to be kept."""
        return {
            "topic": self.partition.topic,
            "partition": self.partition.number,
            "offset": self.offset,
            "stamp_ms": self.stamp_ms,
            "key": self.key,
            "value": self.value,
            "headers": [[name, content] for name, content in self.headers],
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any], codec: Codec) -> "Received":
        """The record that was kept, decoded anew by what the codec knows today."""
        headers = tuple((name, content) for name, content in kept["headers"])
        return cls(
            partition=Partition(kept["topic"], kept["partition"]),
            offset=kept["offset"],
            stamp_ms=kept["stamp_ms"],
            key=kept["key"],
            value=kept["value"],
            headers=headers,
            fact=read(kept["topic"], kept["key"], kept["value"], headers, codec),
        )


def read(
    topic: str,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes]],
    codec: Codec,
) -> Recorded[Any] | Undecodable:
    """Decode a record, giving what is wrong with it instead of raising it."""
    try:
        return decode_message(topic, key, value, headers, codec)
    except Undecodable as problem:
        return problem
    except Exception as problem:  # noqa: BLE001 - an upcaster's own mistake parks this stream alone
        return Undecodable(type(problem).__name__)


@dataclass(slots=True)
class Batch:
    """Records of one partition, in order, that begin at `begins`."""

    partition: Partition
    begins: Mark
    received: list[Received] = field(default_factory=list)
    behind: int = 0
    """How many more the broker had when these were fetched."""
    fresh: bool = False
    """Whether the topic was seen just now to be the one that was read before."""

    @property
    def ends(self) -> Mark:
        """Where the next batch begins."""
        return self.received[-1].mark if self.received else self.begins

    def split(self, most: int) -> "tuple[Batch, Batch]":
        """Its first so many records, and the others."""
        first, others = self.received[:most], self.received[most:]
        begin = Batch(
            self.partition, self.begins, first, self.behind + len(others), fresh=self.fresh
        )
        return begin, Batch(self.partition, begin.ends, others, self.behind, fresh=self.fresh)
