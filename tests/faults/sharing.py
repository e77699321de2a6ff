"""How a service's workers share the partitions among them, as Kafka's own tools see it."""

import asyncio
import time
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocol
from aiokafka.errors import GroupCoordinatorNotAvailableError

from tests.faults.system import System

_WITHIN_S = 180.0


async def until_shared(system: System, service: str, workers: int) -> None:
    """Wait until so many workers of a service each have partitions of its views' topics."""
    group = f"{system.prefix}netvaerk.{service}.projector"
    admin = AIOKafkaAdminClient(bootstrap_servers=system.kafka.bootstrap)
    await admin.start()
    deadline = time.monotonic() + _WITHIN_S
    try:
        while len(shares := await _shares(admin, group)) != workers or not all(shares.values()):
            assert time.monotonic() < deadline, f"{group} is shared as {shares}"
            await asyncio.sleep(0.05)
    finally:
        await admin.close()


async def _shares(admin: AIOKafkaAdminClient, group: str) -> dict[str, int]:
    """The members by name -> how many partitions each has."""
    try:
        (response,) = await admin.describe_consumer_groups([group])
    except GroupCoordinatorNotAvailableError:
        return {}  # the broker has come back and does not know its groups yet
    (described,) = response.groups
    _, _, state, _, _, members, *_ = described
    if state != "Stable":
        return {}
    return {client: _count(assignment) for _, client, _, _, assignment in map(tuple, members)}


def _count(assignment: bytes) -> int:
    decoded: Any = ConsumerProtocol.ASSIGNMENT.decode(assignment)
    return sum(len(partitions) for _, partitions in decoded.assignment)
