"""Waiting until nothing is under way any more: all told, all read, all mails out."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from deploy.local.services import SERVICES
from tests.faults.system import System

Json = dict[str, Any]
_IN_A_ROW = 3
_PAUSE_S = 0.3


async def until_quiet(system: System, within_s: float = 300.0) -> None:
    """Wait until all is quiet and stays so for a moment; AssertionError says what is not."""
    deadline = time.monotonic() + within_s
    quiet = 0
    while quiet < _IN_A_ROW:
        try:
            under_way = await what_is_under_way(system)
        except (PyMongoError, KafkaError, TimeoutError) as problem:
            under_way = [repr(problem)]
        quiet = 0 if under_way else quiet + 1
        late = under_way and time.monotonic() > deadline
        assert not late, f"still under way after {within_s} s: {under_way}"
        await asyncio.sleep(_PAUSE_S)


async def what_is_under_way(system: System) -> list[str]:
    """Name what waits to be told, to be read or to be sent, in all services."""
    found: list[str] = []
    marks: list[tuple[str, Json]] = []
    for service in SERVICES:
        database = system.town.database(service)
        past = {"$lte": datetime.now(UTC)}
        waiting: dict[str, tuple[str, Json]] = {
            "commits to tell": ("commits", {"unpublished": True}),
            "people to tell": ("people", {"unpublished": True}),
            "units to tell": ("units", {"unpublished": True}),
            "erasures to finish": ("erasures", {}),
            "topics to refill": ("leases", {"refill": {"$exists": True}}),
            "mails to send": ("view_delivery_log", {"send_at": past}),
            "reminders to speak up": ("view_deadline_board", {"due_at": past}),
            "months to pass": ("view_forum_calendar", {"passes_at": past}),
            "calls to close": ("view_idea_calls", {"closes_at": past}),
        }
        for what, (name, condition) in waiting.items():
            count = await database[name].count_documents(condition)
            found += [f"{service} has {count} {what}"] if count else []
        marks += [(service, each) async for each in database["offsets"].find()]
    ends = await _ends(system.kafka.bootstrap, {_place(each) for _, each in marks})
    return found + [
        f"{service}: {each['reader']} is at {each['offset']} of {ends[_place(each)]} "
        f"in {each['topic']}/{each['partition']}"
        for service, each in marks
        if each["offset"] != ends[_place(each)]
    ]


async def _ends(bootstrap: str, places: set[TopicPartition]) -> dict[TopicPartition, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        async with asyncio.timeout(10.0):
            ends: dict[TopicPartition, int] = await consumer.end_offsets(places)
        return ends
    finally:
        await consumer.stop()


def _place(mark: Json) -> TopicPartition:
    return TopicPartition(mark["topic"], mark["partition"])
