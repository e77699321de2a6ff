"""The events as they lie on Kafka, read as any subscriber would: CloudEvents, and nothing else."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local.demo.tables import table
from shared.contracts.registry import CODEC
from shared.projections.history import read_all

SHOWN_WHOLE = ("NetworkLeaderAssigned", "NetworkClosed", "CoDrivingCompleted")


@dataclass(frozen=True)
class Told:
    """A record of a topic; `event` is None for a tombstone."""

    topic: str
    event: Mapping[str, Any] | None

    @property
    def type(self) -> str:
        """The CloudEvents type."""
        return str(self.event["type"]) if self.event else "(tombstone)"


async def told_on_kafka(bootstrap: str, tell: Callable[[str], None]) -> None:
    """Tell what lies on the topics: how much of each type, and a few events whole."""
    topics = sorted({kind.topic for kind in CODEC.kinds.values()})
    told = [
        Told(record.topic, json.loads(record.value) if record.value else None)
        async for _, record in read_all(bootstrap, topics)
    ]
    tell(f"\nEvents as they lie on Kafka\n{counts_table(told)}")
    for name in SHOWN_WHOLE:
        for event in last_of(name, told):
            tell(f"\nA {name} whole\n{whole(event)}")


def counts_table(told: Sequence[Told]) -> str:
    """How many events of each type lie on each topic."""
    counts = Counter((each.topic, each.type) for each in told)
    total = f"\n  {len(told)} events in all"
    return (
        table(("topic", "type", "events"), ((*of, n) for of, n in sorted(counts.items()))) + total
    )


def last_of(name: str, told: Iterable[Told]) -> list[Mapping[str, Any]]:
    """The last event with this name, if there is one; partitions are read side by side."""
    found = [each.event for each in told if each.event and f".{name}.v" in each.type]
    return sorted(found, key=lambda event: str(event["time"]))[-1:]


def whole(event: Mapping[str, Any]) -> str:
    """An event as it lies there, but indented."""
    text = json.dumps(event, indent=2, ensure_ascii=False)
    return "\n".join("  | " + line for line in text.splitlines())
