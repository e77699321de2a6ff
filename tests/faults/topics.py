"""Topics that are lost, and come back by the relay's own doing or by an operator's."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.contracts.registry import CODEC
from shared.eventstore.database import connect, database_of
from shared.eventstore.republish import republish
from shared.eventstore.topics import Topic, topics_of
from tests.faults.fault import Fault
from tests.faults.system import System

_DELETED_S = 120.0
_REFILLED_S = 240.0


@dataclass
class TopicLost(Fault):
    """Somebody deletes a service's topic; its relay finds out, and makes and fills it again."""

    kind = "a topic deleted"
    service: str = "themes"

    def __post_init__(self) -> None:
        """Everybody who reads it begins again."""
        self.touched = frozenset([self.service])

    @property
    def target(self) -> str:
        """The service's public topic."""
        return self._topic.name

    @property
    def _topic(self) -> Topic:
        (topic,) = (
            each
            for each in topics_of(
                CODEC.kinds.values(), self.service, prefix=self.site.system.prefix
            )
            if each.name.endswith(f"netvaerk.{self.service}")
        )
        return topic

    async def strike(self) -> None:
        """Delete it."""
        await _delete(self.site.system, self._topic)

    async def heal(self) -> None:
        """Wait until it is there again."""
        await _until(self.site.system, self._is_there)

    async def aftermath(self) -> None:
        """Wait until the topic is told in full."""
        await _until(self.site.system, self._is_full)

    async def _is_there(self, admin: AIOKafkaAdminClient) -> bool:
        return self._topic.name in await admin.list_topics()

    async def _is_full(self, admin: AIOKafkaAdminClient) -> bool:
        leases = self.site.system.town.database(self.service)["leases"]
        return not await leases.find_one({"_id": "relay", "refill": {"$exists": True}})


@dataclass
class TopicRecreated(TopicLost):
    """Somebody deletes a topic and makes it again, empty; then an operator has it told anew."""

    kind = "a topic deleted and recreated"

    async def strike(self) -> None:
        """Delete it and make it again."""
        system, topic = self.site.system, self._topic
        await _delete(system, topic)
        admin = AIOKafkaAdminClient(bootstrap_servers=system.kafka.bootstrap)
        await admin.start()
        try:
            new = NewTopic(
                topic.name, topic.partitions, topic.replication, topic_configs=topic.settings
            )
            response = await admin.create_topics([new])
            self.evidence["recreated"] = [each[1] for each in response.topic_errors] == [0]
        finally:
            await admin.close()

    @property
    def happened(self) -> bool:
        """It was made again by us, before the relay did."""
        return bool(self.evidence["recreated"])

    async def heal(self) -> None:
        """Ask the relay to tell everything again."""
        await told_again(self.site.system, self.service)


async def told_again(system: System, *services: str) -> None:
    """What `netvaerk republish --anew` asks for."""
    client = connect(system.mongo.uri)
    try:
        for service in services:
            await republish(database_of(client, service, system.prefix), anew=True)
    finally:
        client.close()


async def _delete(system: System, topic: Topic) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=system.kafka.bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([topic.name])
        async with asyncio.timeout(_DELETED_S):
            while topic.name in await admin.list_topics():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
    finally:
        await admin.close()


async def _until(system: System, reached: Callable[[AIOKafkaAdminClient], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + _REFILLED_S
    admin = AIOKafkaAdminClient(bootstrap_servers=system.kafka.bootstrap)
    await admin.start()
    try:
        while not await reached(admin):
            assert time.monotonic() < deadline, "the topic is not there again"
            await asyncio.sleep(0.05)
    finally:
        await admin.close()
