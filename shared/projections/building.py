"""Rows of a view being folded in memory, from all of history, for a collection nobody reads yet."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from bson.errors import BSONError
from pymongo import DeleteOne, ReplaceOne
from pymongo.errors import DocumentTooLarge

from shared.eventstore.database import Collection as Stored
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.projections.documents import POSITION, from_document, settled, to_document
from shared.projections.folding import where
from shared.projections.generations import Impossible

_MOST_IN_MEMORY = 200_000
_AT_ONCE = 1_000


class Building:
    """One view's rows: in memory as far as they have room, and the others in their collection."""

    def __init__(
        self, view: View[Any], stored: Stored, *, most_in_memory: int = _MOST_IN_MEMORY
    ) -> None:
        self.view = view
        self._stored = stored
        self._most = most_in_memory
        self._rows: dict[str, Row | None] = {}
        self._changed: dict[str, str] = {}
        """Rows to be written -> the position of the last fact in each."""
        self._all_in_memory = True

    async def fold(self, facts: Sequence[Recorded[Any]]) -> None:
        """Fold facts, in their order; raises Impossible when the view cannot take one."""
        heard = self.view.hears
        touched = [(fact, self._keys(fact)) for fact in facts if isinstance(fact.event, heard)]
        if not self._all_in_memory:
            await self._fetch({key for _, keys in touched for key in keys})
        rows, changed, fold = self._rows, self._changed, self.view.fold
        for fact, keys in touched:
            try:
                for key in keys:
                    row = fold(rows.get(key), fact, key)
                    rows[key] = None if row is None else settled(row)
                    changed[key] = fact.position
            except Exception as problem:
                raise self._cannot(fact, problem) from problem
        if len(rows) > self._most:
            await self.write()
            rows.clear()
            self._all_in_memory = False

    async def write(self) -> None:
        """Store what has changed since this was last done."""
        now = datetime.now(UTC)
        changed, self._changed = list(self._changed.items()), {}
        for begin in range(0, len(changed), _AT_ONCE):
            writes = [
                self._write(key, position, now)
                for key, position in changed[begin : begin + _AT_ONCE]
            ]
            try:
                await self._stored.bulk_write(writes, ordered=False)
            except (BSONError, OverflowError, UnicodeError, DocumentTooLarge) as problem:
                raise Impossible(
                    f"{self.view.name}: a row cannot be stored: {where(problem)}"
                ) from problem

    def _write(self, key: str, position: str, now: datetime) -> ReplaceOne[Any] | DeleteOne:
        row = self._rows[key]
        if row is None:
            return DeleteOne({"_id": key})
        return ReplaceOne({"_id": key}, to_document(row, key, position, now), upsert=True)

    async def _fetch(self, keys: Collection[str]) -> None:
        unknown = [key for key in keys if key not in self._rows]
        self._rows.update(dict.fromkeys(unknown))
        async for found in self._stored.find({"_id": {"$in": unknown}}, {POSITION: False}):
            self._rows[found["_id"]] = from_document(self.view.row, found)

    def _keys(self, fact: Recorded[Any]) -> Sequence[str]:
        try:
            return tuple(dict.fromkeys(self.view.keys(fact)))
        except Exception as problem:
            raise self._cannot(fact, problem) from problem

    def _cannot(self, fact: Recorded[Any], problem: Exception) -> Impossible:
        return Impossible(f"{self.view.name} cannot take {fact.position}: {where(problem)}")
