"""Where a reader goes on in each partition: kept in MongoDB, and moved by compare-and-set."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from shared.projections.received import Batch, Mark, Partition
from shared.projections.tables import OFFSETS, Document, Tables

PROJECTOR = "projector"
REACTOR = "reactor"

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to when all is known that happened, and how much there was still to read."""

    as_of: datetime
    lag_events: int
    lag_s: float


class Marks:
    """The marks of one reader, which are the truth about how far it came."""

    def __init__(self, tables: Tables, reader: str) -> None:
        self._offsets = tables.asking(OFFSETS)
        self._reader = reader
        self.generation: int | None = None
        """What the marks must carry to be moved; None where they carry nothing."""

    async def read(self, partitions: Collection[Partition]) -> dict[Partition, Mark]:
        """Where to go on in these partitions; from the beginning where nobody has read yet."""
        ids = {self._id(each): each for each in partitions}
        found = await self._offsets.find({"_id": {"$in": list(ids)}}).to_list(None)
        marks = {ids[each["_id"]]: _mark(each) for each in found}
        for each in partitions:
            if each not in marks:
                marks[each] = await self._begin(each)
        return marks

    async def stored(self) -> dict[Partition, Mark]:
        """Every mark there is."""
        return {
            Partition(each["topic"], each["partition"]): _mark(each)
            async for each in self._offsets.find({"reader": self._reader})
        }

    async def told_at(self, partitions: Collection[Partition]) -> dict[Partition, datetime | None]:
        """When somebody last said of each partition that it is read; None for never."""
        ids = {self._id(each): each for each in partitions}
        found = self._offsets.find({"_id": {"$in": list(ids)}}, {"at": True})
        told = {ids[each["_id"]]: each["at"] async for each in found}
        return {each: told.get(each) for each in partitions}

    async def _begin(self, partition: Partition) -> Mark:
        mark = Mark()
        now = datetime.now(UTC)
        document = {
            "_id": self._id(partition),
            "reader": self._reader,
            "topic": partition.topic,
            "partition": partition.number,
            **_fields(mark),
            "behind": 0,
            "as_of": now,
            "at": now,
        }
        if self.generation is not None:
            document["generation"] = self.generation
        if await self._insert(document):
            return mark
        return (await self.read([partition]))[partition]

    async def _insert(self, mark: Document) -> bool:
        """Store a new mark; tells whether it could be, or the marks are to be read again."""
        try:
            await self._offsets.insert_one(mark)
        except DuplicateKeyError:
            return False
        return True

    def moving(self, batch: Batch, as_of: datetime, generation: int | None = None) -> UpdateOne:
        """The write that takes a batch as read; it matches nothing when another was faster."""
        return self._move(
            batch.partition, batch.begins, batch.ends, batch.behind, as_of, generation
        )

    async def move(
        self, partition: Partition, before: Mark, after: Mark, *, behind: int, as_of: datetime
    ) -> bool:
        """Set the mark if it still is where it was; tells whether it was."""
        update = self._move(partition, before, after, behind, as_of, self.generation)
        return (await self._offsets.bulk_write([update])).matched_count == 1

    async def tell(self, told: Mapping[Partition, tuple[Mark, int, datetime]]) -> bool:
        """Say how fresh partitions are; tells whether all marks are where they are thought to be."""
        writes = [
            self._move(partition, mark, mark, behind, as_of, self.generation)
            for partition, (mark, behind, as_of) in told.items()
        ]
        return (await self._offsets.bulk_write(writes, ordered=False)).matched_count == len(writes)

    async def freshness(self) -> Freshness:
        """How fresh all partitions are together, whichever workers read them."""
        now = datetime.now(UTC)
        found = await self._offsets.find(
            {"reader": self._reader}, {"behind": True, "as_of": True}
        ).to_list(None)
        as_of = min((each["as_of"] for each in found), default=_NEVER)
        return Freshness(
            as_of=as_of,
            lag_events=sum(each["behind"] for each in found),
            lag_s=max(0.0, (now - as_of).total_seconds()),
        )

    def _move(
        self,
        partition: Partition,
        before: Mark,
        after: Mark,
        behind: int,
        as_of: datetime,
        generation: int | None,
    ) -> UpdateOne:
        which = self.at(self._reader, partition, before)
        if generation is not None:
            which["generation"] = generation
        now = datetime.now(UTC)
        return UpdateOne(
            which, {"$set": {**_fields(after), "behind": behind, "as_of": as_of, "at": now}}
        )

    @staticmethod
    def at(reader: str, partition: Partition, mark: Mark) -> Document:
        """What a reader's mark of a partition is found by, while it is here."""
        return {"_id": f"{reader}:{partition}", **_fields(mark)}

    def _id(self, partition: Partition) -> str:
        return f"{self._reader}:{partition}"


def _mark(found: Mapping[str, Any]) -> Mark:
    return Mark(found["offset"], found["event_id"], found["stamp_ms"])


def _fields(mark: Mark) -> Document:
    return {"offset": mark.offset, "event_id": mark.event_id, "stamp_ms": mark.stamp_ms}
