"""The topics a service tells its facts on, and how Kafka is to keep them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.kernel.events import StreamKind

FORGOTTEN_AFTER = timedelta(days=1)
"""When Kafka closes and compacts a segment of states, as soon as the next record comes."""
_EVER_MS = 100 * 365 * 24 * 60 * 60 * 1000

FOREVER = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
"""A lost view is made anew from the topic, so nothing leaves it."""
LATEST = {
    "cleanup.policy": "compact",
    "max.compaction.lag.ms": str(FORGOTTEN_AFTER // timedelta(milliseconds=1)),
    "delete.retention.ms": str(_EVER_MS),
}
"""What was replaced or erased goes (see `tombstones`); tombstones, which name nobody, stay.

So a reader hears of every erasure, however long it was away.
"""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is to be; the number of partitions never changes, or streams would split."""

    name: str
    partitions: int
    replication: int
    settings: Mapping[str, str]


def topics_of(
    kinds: Iterable[StreamKind], owner: str, *, prefix: str = "", replication: int = 1
) -> tuple[Topic, ...]:
    """The topics of the kinds that a service owns.

    Public and internal ones have six partitions, so that up to six workers share a view, and one
    rule holds for both. States have one: the forums' rows fold every person, and readers of two
    partitions would stand in each other's way.
    """
    states = {kind.topic for kind in kinds if kind.owner == owner and kind.audience == "state"}
    events = {kind.topic for kind in kinds if kind.owner == owner} - states
    return (
        *(Topic(prefix + name, 6, replication, FOREVER) for name in sorted(events)),
        *(Topic(prefix + name, 1, replication, LATEST) for name in sorted(states)),
    )
