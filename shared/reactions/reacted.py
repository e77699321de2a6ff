"""How far each stream has been reacted to, so that a topic told anew repeats no reaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import UpdateOne

from shared.kernel.events import Recorded
from shared.projections.tables import Tables

REACTED = "reacted"


class Reacted:
    """The streams of one reader."""

    def __init__(self, tables: Tables, reader: str) -> None:
        self._reacted = tables.asking(REACTED)
        self._reader = reader

    async def unseen(
        self, streams: Mapping[str, Sequence[Recorded[Any]]]
    ) -> list[list[Recorded[Any]]]:
        """Of each stream the facts that have not been reacted to, in order of version."""
        ids = {self._id(stream): stream for stream in streams}
        found = await self._reacted.find({"_id": {"$in": list(ids)}}).to_list(None)
        last = {ids[each["_id"]]: each["version"] for each in found}
        fresh = []
        for stream, facts in streams.items():
            new = {each.version: each for each in facts if each.version > last.get(stream, 0)}
            if new:
                fresh.append([new[version] for version in sorted(new)])
        return fresh

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
        return f"{self._reader}:{stream}"
