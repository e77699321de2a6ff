"""The way to Kafka for whoever tells: the only module that knows aiokafka's producing side."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaConnectionError, KafkaError, KafkaTimeoutError, for_code
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.contracts.messages import Message
from shared.eventstore.topics import Topic

_log = structlog.get_logger(__name__)
_OK, _EXISTS, _UNKNOWN = 0, 36, 3
_PATIENCE_S = 5.0


class TellingFailed(Exception):
    """Kafka said no, or is not what it should be; the worker leaves and its successor begins anew."""


class Producer:
    """One idempotent producer, kept for the life of the process.

    While the broker is away it waits, and what was sent stays pending; it raises TellingFailed
    only when the broker has answered with an error that does not pass.
    """

    def __init__(self, bootstrap: str, **client: Any) -> None:
        """Choose the brokers; `client` is passed on to aiokafka (TLS and sign-in)."""
        self._client = {"bootstrap_servers": bootstrap, "client_id": "netvaerk-relay", **client}
        self._producer: AIOKafkaProducer | None = None
        self._partitions: dict[str, int] = {}
        """How many there are of each topic, which never changes while it lives."""

    async def start(self, topics: Sequence[Topic]) -> None:
        """Connect, waiting for the broker as long as it takes; the topics are there already."""
        wait_s = 0.2
        while self._producer is None:
            try:
                self._producer = await self._started(topics)
            except (KafkaConnectionError, TimeoutError):
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, 1.0)

    async def send(self, messages: Iterable[Message]) -> list[asyncio.Future[Any]]:
        """Hand messages over, each partition's in order, waiting while there is no room.

        The futures are the receipts, one for each batch that was made of them. Batches of our own
        cost less than half of what aiokafka's sending of one message after the other does.
        """
        parted: dict[tuple[str, int], list[Message]] = {}
        for message in messages:
            parted.setdefault((message.topic, await self._partition(message)), []).append(message)
        handed = await asyncio.gather(
            *(self._send_to(*place, its) for place, its in parted.items())
        )
        return [receipt for receipts in handed for receipt in receipts]

    async def acknowledged(self, receipts: Sequence[asyncio.Future[Any]]) -> None:
        """Wait, as long as it takes, until the broker has all of it."""
        try:
            await asyncio.gather(*receipts)
        except KafkaError as problem:
            raise TellingFailed(repr(problem)) from problem

    async def stop(self) -> None:
        """Let go of the broker, soon; what was not acknowledged is told by the successor."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stopped(producer)

    async def missing(self, topics: Sequence[Topic]) -> list[Topic]:
        """Those of the topics that do not exist; raises TellingFailed for one of another shape."""
        names = [each.name for each in topics]
        described = await self._ask(lambda admin: admin.describe_topics(names))
        there = {
            each["topic"]: len(each["partitions"])
            for each in described
            if each["error_code"] != _UNKNOWN
        }
        for topic in topics:
            partitions = there.get(topic.name, topic.partitions)
            if partitions != topic.partitions:
                raise TellingFailed(f"{topic.name} has {partitions} partitions")
        return [each for each in topics if each.name not in there]

    async def create(self, topics: Sequence[Topic]) -> None:
        """Create topics; those that exist are left as they are."""
        new = [
            NewTopic(each.name, each.partitions, each.replication, topic_configs=each.settings)
            for each in topics
        ]

        async def create(admin: AIOKafkaAdminClient) -> None:
            response = await admin.create_topics(new)
            _check({each[0]: each[1] for each in response.topic_errors}, fine={_OK, _EXISTS})

        await self._ask(create)

    async def delete(self, topics: Sequence[Topic]) -> None:
        """Delete topics with all that is in them, and wait until they are gone."""
        names = [each.name for each in topics]

        async def delete(admin: AIOKafkaAdminClient) -> None:
            response = await admin.delete_topics(names)
            _check(dict(response.topic_error_codes), fine={_OK, _UNKNOWN})

        await self._ask(delete)
        while len(await self.missing(topics)) < len(topics):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)

    async def _partition(self, message: Message) -> int:
        """The partition of a message's stream, as every Kafka client would choose it."""
        count = self._partitions.get(message.topic)
        if count is None:
            assert self._producer is not None
            count = len(await self._producer.partitions_for(message.topic))
            self._partitions[message.topic] = count
        return _hash(message.key) % count

    async def _send_to(
        self, topic: str, partition: int, messages: Sequence[Message]
    ) -> list[asyncio.Future[Any]]:
        assert self._producer is not None
        receipts = []
        batch = self._producer.create_batch()
        for message in messages:
            if not _added(batch, message):
                receipts.append(await self._hand_over(batch, topic, partition))
                batch = self._producer.create_batch()
                if not _added(batch, message):
                    raise TellingFailed(f"{topic}: {len(message.value or b'')} bytes fit nowhere")
        receipts.append(await self._hand_over(batch, topic, partition))
        return receipts

    async def _hand_over(
        self, batch: BatchBuilder, topic: str, partition: int
    ) -> asyncio.Future[Any]:
        assert self._producer is not None
        while True:
            try:
                receipt: asyncio.Future[Any] = await self._producer.send_batch(
                    batch, topic, partition=partition
                )
            except KafkaTimeoutError:
                continue  # The broker is away and the buffer full: nothing was taken.
            except KafkaError as problem:
                raise TellingFailed(f"{topic}: {problem!r}") from problem
            return receipt

    async def _started(self, topics: Sequence[Topic]) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            **self._client,
            enable_idempotence=True,
            acks="all",
            linger_ms=0,
            max_batch_size=131_072,
            max_request_size=1_000_000,
            request_timeout_ms=5000,
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await producer.start()
                for topic in topics:
                    # Known topics stay known while the broker is away.
                    await producer.partitions_for(topic.name)
        except BaseException:
            await _stopped(producer)
            raise
        return producer

    async def _ask(self, question: Callable[[AIOKafkaAdminClient], Awaitable[Any]]) -> Any:
        wait_s = 0.2
        while True:
            admin = AIOKafkaAdminClient(**self._client, request_timeout_ms=5000)
            try:
                async with asyncio.timeout(2 * _PATIENCE_S):
                    await admin.start()
                    return await question(admin)
            except (KafkaError, TimeoutError) as problem:
                if isinstance(problem, KafkaError) and not problem.retriable:
                    raise TellingFailed(repr(problem)) from problem
            finally:
                await admin.close()
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, 1.0)


async def answers(bootstrap: str, *, within_s: float = 2.0, **client: Any) -> bool:
    """Whether any of the brokers answers a question; a frozen one still takes connections."""
    each_ms = int(1000 * within_s / (bootstrap.count(",") + 1))
    asking = AIOKafkaClient(bootstrap_servers=bootstrap, request_timeout_ms=each_ms, **client)
    try:
        async with asyncio.timeout(within_s):
            await asking.bootstrap()
    except (KafkaError, TimeoutError, OSError):
        return False
    else:
        return True
    finally:
        await asking.close()


def _added(batch: BatchBuilder, message: Message) -> bool:
    added = batch.append(
        timestamp=None, key=message.key, value=message.value, headers=list(message.headers)
    )
    return added is not None


@lru_cache(10_000)
def _hash(key: bytes) -> int:
    return int(murmur2(key)) & 0x7FFFFFFF


async def _stopped(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await producer.stop()
    except TimeoutError:
        _log.warning("producer_left_with_pending_messages")


def _check(codes: dict[str, int], fine: Collection[int]) -> None:
    for name, code in codes.items():
        if code not in fine:
            raise for_code(code)(name)
