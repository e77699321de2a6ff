"""Reading Kafka from the beginning, beside all groups."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.projections.consumer import SETTINGS, STOP_S, Record, let_go
from shared.projections.received import Partition


class History:
    """Topics read from their beginning, beside all groups; a topic may not exist.

    Raises one of BROKEN when the broker is away, or gives nothing for `patience_s`.
    """

    def __init__(
        self, bootstrap: str, topics: Iterable[str], *, patience_s: float = 30.0, **client: Any
    ) -> None:
        settings = {**SETTINGS, "auto_offset_reset": "earliest", **client}
        self._new = partial(AIOKafkaConsumer, bootstrap_servers=bootstrap, **settings)
        self._topics = set(topics)
        self._patience_s = patience_s
        self._client: AIOKafkaConsumer = self._new()
        self._at: dict[Partition, int] = {}

    async def __aenter__(self) -> Self:
        starting = asyncio.create_task(self._start())
        try:
            await asyncio.shield(starting)  # cancelled, it would leave a connection open
        except BaseException:
            await asyncio.wait([starting], timeout=STOP_S)
            starting.cancel()
            await let_go(self._client)
            raise
        return self

    async def _start(self) -> None:
        async with asyncio.timeout(self._patience_s):
            await self._client.start()
            if there := self._topics & await self._client.topics():
                await let_go(self._client)
                self._client = self._new(*there)
                await self._client.start()

    async def __aexit__(self, *_: object) -> None:
        await let_go(self._client)

    async def ends(self) -> dict[Partition, int]:
        """The present end of each partition that holds anything."""
        async with asyncio.timeout(self._patience_s):
            ends = await self._client.end_offsets(self._client.assignment())
            begins = await self._client.beginning_offsets(self._client.assignment())
        return {Partition(*each): end for each, end in ends.items() if begins[each] < end}

    async def until(
        self, ends: Mapping[Partition, int]
    ) -> AsyncIterator[tuple[Partition, Sequence[Record]]]:
        """Go on to these offsets, with some records of a partition at a time."""
        left = {each for each, end in ends.items() if self._at.get(each, 0) < end}
        while left:
            async with asyncio.timeout(self._patience_s):
                while not (found := await self._some(left)):
                    pass
            for where, records in found.items():
                each = Partition(*where)
                begin, end = self._at.get(each, 0), ends[each]
                # The position is past the last record, also where the end has been compacted.
                self._at[each] = min(end, await self._client.position(where))
                if self._at[each] == end:
                    self._client.seek(where, end)
                    left.discard(each)
                yield each, [record for record in records if begin <= record.offset < end]

    async def _some(self, of: set[Partition]) -> Mapping[TopicPartition, Sequence[Record]]:
        there = [TopicPartition(*each) for each in of & set(self._client.assignment())]
        if not there:
            await asyncio.sleep(0.05)  # a partition is new, or its topic has gone
            return {}
        found: dict[TopicPartition, list[Record]] = await self._client.getmany(
            *there, timeout_ms=200, max_records=1_000
        )
        return found


async def read_all(
    bootstrap: str, topics: Iterable[str], *, patience_s: float = 30.0
) -> AsyncIterator[tuple[Partition, Record]]:
    """Read topics from their beginning to their present end, record by record, as History does."""
    async with History(bootstrap, topics, patience_s=patience_s) as history:
        async for partition, records in history.until(await history.ends()):
            for record in records:
                yield partition, record
