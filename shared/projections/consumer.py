"""Reading Kafka as a member of a group.

The consumer group only shares out the partitions. Where to read from is told by the caller,
partition by partition (`settle`), each time one is assigned; nothing of a partition that has not
been settled since is given out. Every await has an end.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from zlib import crc32

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import (
    IllegalStateError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)
from aiokafka.structs import ConsumerRecord

from shared.projections.quiet import quieten
from shared.projections.received import Partition

log = structlog.get_logger()

Record: TypeAlias = ConsumerRecord
Records = Mapping[Partition, Sequence[Record]]

SETTINGS: Mapping[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "none",
    "session_timeout_ms": 10_000,
    "heartbeat_interval_ms": 3_000,
    "max_poll_interval_ms": 60_000,
    "request_timeout_ms": 15_000,
    # How soon a topic is heard that was not there yet when it was asked for.
    "metadata_max_age_ms": 1_000,
    # A record is at most 1 MB; a partition's answer must hold one, and many small ones.
    "max_partition_fetch_bytes": 2_000_000,
}
STOP_S = 3.0
_ASK_S = 10.0
BROKEN: tuple[type[Exception], ...] = (KafkaError, TimeoutError, OSError)
"""What reading raises when the broker is away."""


class OutOfRange(Exception):
    """A partition has no record where it was to be read from."""

    def __init__(self, partition: Partition) -> None:
        super().__init__(str(partition))
        self.partition = partition


@dataclass(frozen=True, slots=True)
class Group:
    """Who reads: a consumer group, and which of its members this is.

    The same member started again takes its partitions back at once (static membership).
    """

    name: str
    member: str

    def reading(self, topics: Iterable[str]) -> str:
        """The member as a reader of these topics.

        It must be another one when it reads others: it would be given back partitions of a topic
        that it no longer knows, on which the client dies, at every start.
        """
        return f"{self.member}.{crc32(' '.join(sorted(topics)).encode()):08x}"


class Consumer:
    """One member of a consumer group, on some topics."""

    def __init__(self, bootstrap: str, group: Group, topics: Iterable[str], **client: Any) -> None:
        """Choose what is read; `client` is passed on to aiokafka (TLS and sign-in)."""
        self._bootstrap = bootstrap
        self._settings = {**SETTINGS, **client}
        self._group = group
        self._topics = tuple(topics)
        self._client: AIOKafkaConsumer | None = None
        self._settled: set[Partition] = set()

    async def start(self) -> None:
        """Connect, however long the broker is away: with a fresh client at each attempt."""
        quieten()
        pause_s = 0.2
        while True:
            client = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap,
                client_id=self._group.member,
                group_id=self._group.name,
                group_instance_id=self._group.reading(self._topics),
                **self._settings,
            )
            try:
                async with asyncio.timeout(_ASK_S):
                    await client.start()
            except (KafkaError, OSError, TimeoutError):
                await let_go(client)
                log.warning("kafka_is_away", group=self._group.name, again_in_s=pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 1.0)
            except BaseException:
                await let_go(client)
                raise
            else:
                # Subscribed only now, since start() would wait for topics that are not made yet.
                client.subscribe(self._topics, listener=_Listener(client, self._settled))
                self._client = client
                return

    async def stop(self) -> None:
        """Leave; without a broker the client is left behind after a moment."""
        if self._client is not None:
            await let_go(self._client)
            self._client = None

    @property
    def assigned(self) -> set[Partition]:
        """The partitions that are this member's now."""
        return {Partition(*each) for each in self._client.assignment()} if self._client else set()

    @property
    def known(self) -> set[Partition]:
        """The partitions of its topics that there are now, whoever reads them."""
        there = {topic: self._running.partitions_for_topic(topic) or () for topic in self._topics}
        return {Partition(topic, number) for topic, numbers in there.items() for number in numbers}

    def join_again(self) -> None:
        """Have the partitions shared out anew, if this member leads its group."""
        self._running._coordinator.request_rejoin()  # noqa: SLF001 - there is no other way

    @property
    def unsettled(self) -> set[Partition]:
        """Partitions that are this member's, but nobody has said where to read from."""
        return self.assigned - self._settled

    def settle(self, partition: Partition, offset: int) -> bool:
        """Read the partition from this offset on; tells whether it still is this member's."""
        try:
            self._running.seek(TopicPartition(*partition), offset)
        except IllegalStateError:
            return False
        self._settled.add(partition)
        return True

    def unsettle(self, partition: Partition) -> None:
        """Give out nothing more of the partition until it is settled anew."""
        self._settled.discard(partition)

    async def records(self, *, most: int, wait_s: float) -> Records:
        """Give records of settled partitions, as soon as there are any; raises OutOfRange."""
        try:
            # While partitions are being shared out the client waits without an end of its own.
            async with asyncio.timeout(wait_s + 1.0):
                found = await self._running.getmany(timeout_ms=int(wait_s * 1000), max_records=most)
        except TimeoutError:
            return {}
        except OffsetOutOfRangeError as problem:
            ((partition, _),) = problem.args[0].items()
            raise OutOfRange(Partition(*partition)) from None
        except NoOffsetForPartitionError:
            return {}  # newly assigned: it is settled before the next round
        records = {Partition(*each): got for each, got in found.items()}
        return {each: got for each, got in records.items() if each in self._settled}

    async def beginning(self, partition: Partition) -> int | None:
        """The first offset there is; None when nobody answers now."""
        where = TopicPartition(*partition)
        try:
            async with asyncio.timeout(_ASK_S):
                offsets: dict[TopicPartition, int] = await self._running.beginning_offsets([where])
        except (KafkaError, TimeoutError):
            return None
        return offsets[where]

    def end(self, partition: Partition) -> int | None:
        """The offset after the last record, as the broker last said; None when it has not yet."""
        try:
            end: int | None = self._running.highwater(TopicPartition(*partition))
        except AssertionError:
            return None  # no longer this member's
        return end

    def answered_ms(self, partition: Partition) -> int:
        """When the broker last answered for the partition, in ms since 1970; 0 for never."""
        try:
            return self._running.last_poll_timestamp(TopicPartition(*partition)) or 0
        except AssertionError:
            return 0

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Show Kafka's own tools how far we are; nothing rests on it, so it may fail."""
        mine = {TopicPartition(*each): offset for each, offset in offsets.items()}
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(2.0):
                await self._running.commit(mine)

    @property
    def _running(self) -> AIOKafkaConsumer:
        if self._client is None:
            raise RuntimeError("the consumer is not started")
        return self._client


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Forgets what was settled whenever partitions move; it awaits nothing."""

    def __init__(self, client: AIOKafkaConsumer, settled: set[Partition]) -> None:
        self._client = client
        self._settled = settled
        self._asked_as = ""

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._settled.clear()

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._settled.clear()
        self._ask_who_leads()

    def _ask_who_leads(self) -> None:
        """Have a member that the group has given a new id hear whether it leads.

        Static membership gives whoever comes back its old partitions at once, without a word of
        leading; and whoever does not know that it leads never looks for topics and partitions that
        have come since (KIP-814). Joining once more tells it, and shares the partitions out anew
        if it does lead. Ids are given at a start, and whenever the group has forgotten the old one.
        """
        coordinator = self._client._coordinator  # noqa: SLF001 - there is no other way
        knows = coordinator._group_subscription is not None  # noqa: SLF001
        if not knows and coordinator.member_id != self._asked_as:
            self._asked_as = coordinator.member_id
            coordinator.request_rejoin()


async def let_go(client: AIOKafkaConsumer) -> None:
    """Leave; without a broker the client is left behind after a moment."""
    try:
        async with asyncio.timeout(STOP_S):
            await client.stop()
    except (KafkaError, TimeoutError, OSError):
        # While partitions are shared out stop() waits for the others. What it left open is closed.
        for part in (client._fetcher, client._client):  # noqa: SLF001 - there is no other way
            if part is not None:
                with contextlib.suppress(KafkaError, TimeoutError, OSError):
                    async with asyncio.timeout(STOP_S):
                        await part.close()
