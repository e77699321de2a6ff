"""Telling tombstones once more, so that Kafka lets go of what they replace (D12).

Kafka compacts a segment when it is closed, and closes it when a record comes after
`max.compaction.lag.ms`; on a topic that nothing comes to, a name would stay. A tombstone that is
told again a while later is that record. Readers drop it, since they have its revision. Of who was
listed again after an erasure, the state that took the tombstone's place is told again instead.
"""

from datetime import datetime, timedelta

from shared.eventstore.database import Database, reaching
from shared.eventstore.topics import FORGOTTEN_AFTER
from shared.kernel.events import StreamKind

TOLD_AGAIN_AFTER = FORGOTTEN_AFTER + timedelta(hours=1)
GONE_WITHIN = 2 * FORGOTTEN_AFTER
"""How long an erased state may be read from its topic, by whoever reads it from the beginning."""


async def tell_again(database: Database, kind: StreamKind, told_before: datetime) -> int:
    """Have the tombstones told once more that are older, by the machine's clock; gives how many.

    Each is told again once. Raises NotYet (`store_unreachable`).
    """
    # The id of a state's fact is a UUIDv7, which begins with when it was made.
    older = f"{int(told_before.timestamp() * 1000):012x}"
    which = {
        "$or": [{"state": None}, {"listed_again": True}],
        "event_id": {"$lt": f"{older[:8]}-{older[8:]}"},
        "$expr": {"$ne": ["$told_again", "$event_id"]},
    }
    change = [{"$set": {"unpublished": True, "told_again": "$event_id"}}]
    with reaching():
        return (await database[kind.name].update_many(which, change)).modified_count
