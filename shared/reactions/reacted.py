"""How far each stream has been reacted to, so that a topic told anew repeats no reaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import UpdateOne

from shared.kernel.codec import Codec
from shared.kernel.events import Recorded
from shared.projections.tables import Tables

REACTED = "reacted"


@dataclass(frozen=True, slots=True)
class Unseen:
    """Facts of one stream, in order, that have not been reacted to."""

    next: Sequence[Recorded[Any]]
    """Those that follow on what was reacted to, without a version missing."""
    beyond: Sequence[Recorded[Any]] = ()
    """Those that come after a version that is missing."""


class Reacted:
    """The streams of one reader."""

    def __init__(self, tables: Tables, reader: str, codec: Codec) -> None:
        self.reader = reader
        self._reacted = tables.asking(REACTED)
        self._codec = codec

    async def unseen(self, streams: Mapping[str, Sequence[Recorded[Any]]]) -> list[Unseen]:
        """Of each stream the facts that have not been reacted to, in order of version."""
        ids = {self._id(stream): stream for stream in streams}
        found = await self._reacted.find({"_id": {"$in": list(ids)}}).to_list(None)
        last = {ids[each["_id"]]: each["version"] for each in found}
        unseen = []
        for stream, facts in streams.items():
            reached = last.get(stream, 0)
            new = {each.version: each for each in facts if each.version > reached}
            if new:
                ordered = [new[version] for version in sorted(new)]
                unseen.append(
                    Unseen(ordered) if self._codec.is_state(stream) else _cut(ordered, reached)
                )
        return unseen

    async def remember(self, streams: Sequence[Sequence[Recorded[Any]]]) -> None:
        """Their last facts have been reacted to."""
        writes = [
            UpdateOne(
                {"_id": self._id(facts[-1].stream)},
                {"$max": {"version": facts[-1].version}},
                upsert=True,
            )
            for facts in streams
        ]
        if writes:
            await self._reacted.bulk_write(writes, ordered=False)

    def _id(self, stream: str) -> str:
        return f"{self.reader}:{stream}"


def _cut(facts: Sequence[Recorded[Any]], reached: int) -> Unseen:
    count = 0
    while count < len(facts) and facts[count].version == reached + count + 1:
        count += 1
    return Unseen(facts[:count], facts[count:])
