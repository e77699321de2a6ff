"""A reader's way through its topics: batches that begin where the stored marks say.

Before anything is read of a partition, the record before its mark is looked at again: where it
is another, or none, the topic is not the one that was read before, and is begun again.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import structlog

from shared.eventstore.database import patiently
from shared.kernel.codec import Codec
from shared.observability.metrics import TOPICS_BEGUN_AGAIN
from shared.projections.consumer import Consumer, OutOfRange, Record
from shared.projections.marks import Marks
from shared.projections.received import Batch, Mark, Partition, Received, read

log = structlog.get_logger()

_TELL_S = 1.0
_COMMIT_S = 5.0
_NEGLECTED_S = 10.0
"""How long nobody may say that a partition is read: ten times as often it is said."""


class Feed:
    """Batches of a consumer's records, one partition each; `on_settled` when partitions are new.

    Every batch is answered with `stored`, once its mark has been moved, or with `lost`.
    """

    def __init__(
        self,
        consumer: Consumer,
        marks: Marks,
        codec: Codec,
        on_settled: Callable[[], None] = lambda: None,
        *,
        neglected_s: float = _NEGLECTED_S,
    ) -> None:
        self._consumer = consumer
        self._marks = marks
        self._codec = codec
        self._on_settled = on_settled
        self._at: dict[Partition, Mark] = {}
        """Where the next batch begins."""
        self._stored: dict[Partition, Mark] = {}
        """Where the last batch ended that is known to be stored."""
        self._unwitnessed: set[Partition] = set()
        """Where the record before is still to be seen again."""
        self._fresh: set[Partition] = set()
        """Where nothing has been given out since we last looked at what is stored."""
        self._told: dict[Partition, float] = {}
        self._answered: dict[Partition, int] = {}
        """When the broker had answered for a partition as it was last told, in ms."""
        self._neglected_s = neglected_s
        self._looked_at = time.monotonic()
        """When we last looked for neglected partitions, and below what there was to see."""
        self._seen: dict[Partition, datetime | None] = {}
        self._heard = 0
        self._committed_at = time.monotonic()
        self.progressed_at = time.monotonic()
        """When a batch was last stored, or there was none, by the monotonic clock."""

    async def start(self) -> None:
        """Connect, however long the broker is away."""
        await self._consumer.start()

    async def stop(self) -> None:
        """Show Kafka's tools the last marks, and leave."""
        await self._commit()
        await self._consumer.stop()

    async def next(self, *, most: int, wait_s: float) -> list[Batch]:
        """Batches that are there, as soon as there are any; none after `wait_s`."""
        if self._consumer.unsettled:
            await self._settle()
        try:
            records = await self._consumer.records(most=most, wait_s=wait_s)
        except OutOfRange as problem:
            await self._begin_again(problem.partition, "out_of_range")
            return []
        batches = []
        for partition, found in records.items():
            batch = await self._batch(partition, found)
            if batch is not None:
                batches.append(batch)
        if not batches:
            await self._look_for_shrunk()
            if not any(self.behind(each) for each in self.partitions):
                self.progressed_at = time.monotonic()
        return batches

    def stored(self, batch: Batch) -> None:
        """The batch's mark is where it ends now."""
        self.progressed_at = time.monotonic()
        self._told[batch.partition] = self.progressed_at
        self._stored[batch.partition] = batch.ends

    def lost(self, batches: Iterable[Batch]) -> None:
        """Another was faster, or the topic is in doubt: go by what is stored."""
        for batch in batches:
            self._consumer.unsettle(batch.partition)

    def as_of(self, partition: Partition, behind: int, read: Mark | None = None) -> datetime:
        """Up to when all is known: the broker's last answer, or the last record when behind."""
        read_ms = (read or self._at[partition]).stamp_ms
        stamp_ms = read_ms if behind else self._consumer.answered_ms(partition)
        return datetime.fromtimestamp(stamp_ms / 1000, UTC)

    @property
    def partitions(self) -> list[Partition]:
        """The partitions that are read here now."""
        return [each for each in self._consumer.assigned if each in self._stored]

    def behind(self, partition: Partition) -> int:
        """How many records are not yet stored, as far as the broker said."""
        return self._ahead(partition, self._stored[partition])

    def _ahead(self, partition: Partition, mark: Mark) -> int:
        end = self._consumer.end(partition)
        return max(0, end - mark.offset) if end is not None else 0

    async def tell(self) -> None:
        """Now and then, between batches: store how fresh we are, and show Kafka's tools."""
        now = time.monotonic()
        due = {}
        unsettled = self._consumer.unsettled | self._unwitnessed
        for partition in self.partitions:
            if now - self._told.get(partition, 0.0) < _TELL_S or partition in unsettled:
                continue
            behind, answered_ms = self.behind(partition), self._consumer.answered_ms(partition)
            if answered_ms and (behind or answered_ms != self._answered.get(partition)):
                due[partition] = (self._stored[partition], behind, self.as_of(partition, behind))
                self._told[partition] = now
                self._answered[partition] = answered_ms
        if due and not await patiently(lambda: self._marks.tell(due)):
            for partition in due:
                self._consumer.unsettle(partition)
        if now - self._committed_at >= _COMMIT_S:
            await self._commit()
            self._committed_at = now
        if now - self._looked_at >= self._neglected_s:
            await self._look_for_neglected(now)

    async def _look_for_neglected(self, now: float) -> None:
        """Find partitions of which nobody has told since the last look, and ask for them.

        The client may miss that a topic was made anew, or that it leads; and whoever reads nothing
        knows of nothing that is late. Where the broker has told this reader nothing either, or the
        last look is long ago, it is us who were away.
        """
        reads, heard = bool(self.partitions), max(self._answered.values(), default=0)
        away = (reads and heard == self._heard) or now - self._looked_at > 2 * self._neglected_s
        told = await patiently(lambda: self._marks.told_at(self._consumer.known))
        neglected = [each for each in told if each in self._seen and told[each] == self._seen[each]]
        self._looked_at, self._heard, self._seen = now, heard, told
        if neglected and not away:
            log.warning("partitions_neglected", count=len(neglected), first=str(min(neglected)))
            self._consumer.join_again()

    async def _commit(self) -> None:
        offsets = {each: self._stored[each].offset for each in self.partitions}
        if offsets:
            await self._consumer.commit(offsets)

    async def _settle(self) -> None:
        new = self._consumer.unsettled
        marks = await patiently(lambda: self._marks.read(new))
        for partition, mark in marks.items():
            witnessed = mark.stamp_ms > 0
            offset = mark.offset - 1 if witnessed else mark.offset
            if self._consumer.settle(partition, offset):
                self._at[partition] = self._stored[partition] = mark
                (self._unwitnessed.add if witnessed else self._unwitnessed.discard)(partition)
                self._fresh.add(partition)
        self._on_settled()

    async def _batch(self, partition: Partition, records: Sequence[Record]) -> Batch | None:
        received = [self._receive(partition, record) for record in records]
        begins = self._at[partition]
        if partition in self._unwitnessed:
            if not received[0].mark.is_of_same_record(begins):
                await self._begin_again(partition, "other_record_before")
                return None
            self._unwitnessed.discard(partition)
            received = received[1:]
            if not received:
                return None
        ends = self._at[partition] = received[-1].mark
        fresh = partition in self._fresh
        self._fresh.discard(partition)
        return Batch(partition, begins, received, self._ahead(partition, ends), fresh)

    def _receive(self, partition: Partition, record: Record) -> Received:
        headers = tuple(record.headers)
        return Received(
            partition=partition,
            offset=record.offset,
            stamp_ms=record.timestamp,
            key=record.key,
            value=record.value,
            headers=headers,
            fact=read(partition.topic, record.key, record.value, headers, self._codec),
        )

    async def _look_for_shrunk(self) -> None:
        """A topic made anew may end before the record we wait to see again."""
        for partition in self._unwitnessed & self._consumer.assigned:
            end = self._consumer.end(partition)
            if end is not None and end < self._at[partition].offset:
                await self._begin_again(partition, "shorter_than_before")

    async def _begin_again(self, partition: Partition, why: str) -> None:
        self._consumer.unsettle(partition)
        before = self._at[partition]
        begin = await self._consumer.beginning(partition)
        if begin is None:
            return  # it is found again when it is next settled
        log.error("topic_begun_again", partition=str(partition), why=why, stored=before.offset)
        TOPICS_BEGUN_AGAIN.labels(partition.topic).inc()
        as_of = datetime.fromtimestamp(before.stamp_ms / 1000, UTC)
        moving = (partition, before, Mark(offset=begin))
        await patiently(lambda: self._marks.move(*moving, behind=0, as_of=as_of))
