"""Planting what must be found: into a store, a topic or a view of services that stand still.

Nothing here repairs anything, and nothing here knows more than the stored names and forms.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo.asynchronous.database import AsyncDatabase

Json = dict[str, Any]
Database = AsyncDatabase[Json]

_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a topic, as it is."""

    partition: int
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    def is_fact(self, stream: str, version: int) -> bool:
        """Whether it tells this version of a stream."""
        fields: Json = json.loads(self.value) if self.value else {}
        return self.key == stream.encode() and int(fields.get("sequence", 0)) == version


# --- the store ---------------------------------------------------------------------------------


async def drop_commit(database: Database, stream: str, version: int) -> None:
    """Make a hole: the commit that holds a version is gone."""
    dropped = await database["commits"].delete_one(_holds(stream, version))
    assert dropped.deleted_count == 1, f"no commit holds {stream}@{version}"


async def change_commit(database: Database, stream: str, version: int, **fields: Any) -> None:
    """Tamper with a stored fact: other values in some of its fields."""
    commit = await database["commits"].find_one(_holds(stream, version))
    assert commit is not None, f"no commit holds {stream}@{version}"
    place = f"events.{version - commit['first']}.data"
    changes = {f"{place}.{name}": value for name, value in fields.items()}
    await database["commits"].update_one({"_id": commit["_id"]}, {"$set": changes})


async def double_commit(database: Database, stream: str, version: int) -> None:
    """Fork the store: a commit of the same versions once more, in a place that was free."""
    commit = await database["commits"].find_one(_holds(stream, version))
    assert commit is not None, f"no commit holds {stream}@{version}"
    again = {**commit, "_id": f"{commit['_id']}-again", "command_id": f"{commit['_id']}-again"}
    await database["commits"].insert_one(again)


def _holds(stream: str, version: int) -> Json:
    return {"stream": stream, "first": {"$lte": version}, "last": {"$gte": version}}


# --- a topic -----------------------------------------------------------------------------------


async def read_topic(bootstrap: str, topic: str) -> list[Record]:
    """Every record, partition by partition, in order."""
    settings = {"enable_auto_commit": False, "auto_offset_reset": "earliest"}
    async with (
        asyncio.timeout(_WITHIN_S),
        AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, **settings) as consumer,
    ):
        ends = await consumer.end_offsets(consumer.assignment())
        found: list[Record] = []
        for place in sorted(ends):
            while await consumer.position(place) < ends[place]:
                for records in (await consumer.getmany(place, timeout_ms=500)).values():
                    found += [
                        Record(each.partition, each.key, each.value, tuple(each.headers))
                        for each in records
                    ]
        return found


async def find_fact(bootstrap: str, topic: str, stream: str, version: int) -> Record:
    """The record that tells a version of a stream."""
    found = [r for r in await read_topic(bootstrap, topic) if r.is_fact(stream, version)]
    assert found, f"{topic} does not tell {stream}@{version}"
    return found[0]


async def send(bootstrap: str, topic: str, records: Sequence[Record]) -> None:
    """Put records at the ends of their partitions."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        for each in records:
            await producer.send(
                topic, each.value, each.key, partition=each.partition, headers=list(each.headers)
            )
        await producer.flush()
    finally:
        await producer.stop()


async def duplicate(bootstrap: str, topic: str, stream: str, version: int) -> None:
    """Tell a fact a second time, byte for byte."""
    await send(bootstrap, topic, [await find_fact(bootstrap, topic, stream, version)])


async def fork(bootstrap: str, topic: str, stream: str, version: int) -> None:
    """Tell another fact in a fact's place: the same version under another id."""
    found = await find_fact(bootstrap, topic, stream, version)
    await send(bootstrap, topic, [altered(found, id=f"another-{stream}-{version}")])


async def recreate(
    bootstrap: str, topic: str, change: Callable[[Record], Record | None] = lambda record: record
) -> None:
    """Delete a topic, make it again and fill it with what was in it, but for what `change` does.

    `change` gives the record to write in the place of one, or None to leave it out.
    """
    records = await read_topic(bootstrap, topic)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (described,) = await admin.describe_topics([topic])
        partitions = len(described["partitions"])
        await admin.delete_topics([topic])
        await _create(admin, NewTopic(topic, partitions, 1))
    finally:
        await admin.close()
    changed = [change(each) for each in records]
    await send(bootstrap, topic, [each for each in changed if each is not None])


async def _create(admin: AIOKafkaAdminClient, topic: NewTopic) -> None:
    """Make a topic as soon as the broker has forgotten the one before it."""
    deadline = time.monotonic() + _WITHIN_S
    while True:
        response = await admin.create_topics([topic])
        ((_, code, *_),) = response.topic_errors
        if not code:
            return
        assert time.monotonic() < deadline, f"{topic.name} cannot be made again: error {code}"
        await asyncio.sleep(0.05)


def altered(record: Record, **attributes: Any) -> Record:
    """The record with other attributes."""
    value = {**json.loads(record.value or b"{}"), **attributes}
    return replace(record, value=json.dumps(value, ensure_ascii=False).encode())


# --- a view ------------------------------------------------------------------------------------


async def rows_behind(database: Database, view: str) -> str:
    """The collection that a view's rows are written to."""
    async for each in await database.list_collections(filter={"name": view}):
        return str(each.get("options", {}).get("viewOn", view))
    raise AssertionError(f"there is no {view}")


async def change_row(database: Database, view: str, key: str, **fields: Any) -> None:
    """Write other values into a row."""
    rows = database[await rows_behind(database, view)]
    changed = await rows.update_one({"_id": key}, {"$set": fields})
    assert changed.modified_count == 1, f"{view} has no row {key}, or it is so already"


async def drop_row(database: Database, view: str, key: str) -> None:
    """Take a row away."""
    rows = database[await rows_behind(database, view)]
    dropped = await rows.delete_one({"_id": key})
    assert dropped.deleted_count == 1, f"{view} has no row {key}"


async def add_row(database: Database, view: str, key: str, **fields: Any) -> None:
    """Add a row that no fact makes."""
    await database[await rows_behind(database, view)].insert_one({"_id": key, **fields})
