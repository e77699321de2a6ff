"""Relays, and what is on the topics that they told."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.servers import Servers
from shared.contracts.messages import decode_message
from shared.contracts.people import PERSON
from shared.contracts.units import UNIT
from shared.eventstore.database import Database
from shared.eventstore.directory import DirectoryOutbox
from shared.eventstore.outbox import Mailer
from shared.eventstore.producer import Producer
from shared.eventstore.relay import Relay
from shared.eventstore.topics import Topic, topics_of
from shared.kernel.codec import Codec
from shared.kernel.events import Recorded
from tests.integration.boxes import CODEC


@dataclass
class Told:
    """The records of a topic, by stream, as they lie there."""

    records: list[Recorded[Any]] = field(default_factory=list)

    @property
    def versions(self) -> dict[str, list[int]]:
        """The versions of each stream, in the order of its partition."""
        found = defaultdict(list)
        for each in self.records:
            found[each.stream].append(each.version)
        return dict(found)

    def in_order(self) -> dict[str, int]:
        """The head of each stream; AssertionError where a version came before an earlier one."""
        heads: dict[str, int] = {}
        for each in self.records:
            head = heads.get(each.stream, 0)
            assert each.version <= head + 1, f"{each.position} came after {head}"
            heads[each.stream] = max(head, each.version)
        return heads


async def told(bootstrap: str, topic: str, partitions: int = 6, codec: Codec = CODEC) -> Told:
    """Read a topic from its beginning to its present end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning()
        found = Told()
        while any([await consumer.position(each) < ends[each] for each in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found.records += [
                    decode_message(each.topic, each.key, each.value, each.headers, codec)
                    for each in records
                ]
        return found
    finally:
        await consumer.stop()


@dataclass
class Post:
    """One service's database and topics, and as many relays as wanted."""

    servers: Servers
    database: Database
    prefix: str
    codec: Codec = CODEC
    owner: str = "boxes"

    @property
    def topics(self) -> Sequence[Topic]:
        """The service's topics."""
        return topics_of(self.codec.kinds.values(), self.owner, prefix=self.prefix)

    def relay(
        self,
        *,
        bootstrap: str = "",
        people: bool = False,
        lease_s: float = 3.0,
        count: Callable[[int], None] = lambda _: None,
    ) -> Relay:
        """A relay as a worker would have it."""
        return Relay(
            self.database,
            Producer(bootstrap or self.servers.kafka_bootstrap),
            self.topics,
            Mailer(self.codec, self.prefix),
            beside=[
                DirectoryOutbox(self.database, self.codec, self.prefix, kind=kind)
                for kind in (PERSON, UNIT)
                if people
            ],
            lease_s=lease_s,
            told=count,
        )

    async def told(self, topic: str = "netvaerk.boxes") -> Told:
        """What lies on a topic now."""
        return await told(self.servers.kafka_bootstrap, self.prefix + topic, codec=self.codec)
