"""What is wanted of the directory: which of those who are listed, and in which order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.eventstore.database import Document


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of those who are listed, in which order; by id where none is said."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    """Field -> its value as JSON has it, or a set of values that will do."""
    text: str = ""
    """What one of the fields in `text_in` holds, in capitals or not."""
    text_in: Sequence[str] = ()
    sort: str = ""
    """A field with words, put in order as Danish does."""
    descending: bool = False
    after: tuple[str | None, str] | None = None
    """The value in `sort`, and the id, after which to go on."""
    limit: int = 0
    """0 for all."""

    @property
    def condition(self) -> Document:
        """The question as MongoDB takes it."""
        every: list[Document] = [{"state": {"$ne": None}}]
        for name, value in self.filters.items():
            some = isinstance(value, set | frozenset)
            every.append({f"state.{name}": {"$in": list(value)} if some else {"$eq": value}})
        if self.text:
            holds = {"$regex": re.escape(self.text), "$options": "i"}
            every.append({"$or": [{f"state.{name}": holds} for name in self.text_in]})
        if self.after:
            every.append(self._beyond(*self.after))
        return {"$and": every}

    @property
    def order(self) -> list[tuple[str, int]]:
        """The order as MongoDB takes it."""
        direction = -1 if self.descending else 1
        fields = (f"state.{self.sort}", "_id") if self.sort else ("_id",)
        return [(name, direction) for name in fields]

    def _beyond(self, value: str | None, key: str) -> Document:
        beyond = "$lt" if self.descending else "$gt"
        if not self.sort:
            return {"_id": {beyond: key}}
        sorted_by = f"state.{self.sort}"
        alike = {sorted_by: value, "_id": {beyond: key}}
        return {"$or": [alike, {sorted_by: {beyond: value}}]}


EVERYBODY = Wanted()
