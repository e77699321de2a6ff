"""Rows of what is handed in: each comes to an entry of the directory, or to what is wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from shared.kernel.events import Event
from shared.kernel.refusals import Malformed

What = Literal["added", "changed", "unchanged", "wrong"]

_ID = TypeAdapter(UUID)


class Entry(BaseModel):
    """What the municipality's registry says of somebody or something."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def listed(self, on: date) -> Event:
        """The state that is listed and told."""
        raise NotImplementedError

    def is_listed_as(self, state: Event) -> bool:
        """Tell whether the directory says exactly this already."""
        return self.model_dump() == state.model_dump(include=set(type(self).model_fields))


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class ReadRow(Generic[E]):
    """A row as it was read: an entry, or what is wrong with it."""

    line: int
    id: UUID | None
    entry: E | None
    errors: tuple[Malformed, ...] = ()
    """Each with its code and the column it is about; a row that is not to be trusted has some."""

    def wrong(self, *errors: Malformed) -> "ReadRow[E]":
        """The same row, not to be trusted."""
        return replace(self, entry=None, errors=(*self.errors, *errors))


def read_row(
    line: int,
    key: tuple[object, Malformed],
    said: Mapping[str, Any],
    entry: type[E],
    malformed: Mapping[str, Malformed],
) -> ReadRow[E]:
    """Read one row: the id, with what to say of a wrong one, and what is said of each field."""
    errors: list[Malformed] = []
    row_id = read = None
    try:
        row_id = _ID.validate_python(key[0])
    except ValidationError:
        errors.append(key[1])
    try:
        read = entry.model_validate(said)
    except ValidationError as problem:
        wrong = {each["loc"][0] for each in problem.errors()}
        errors += [malformed[field] for field in malformed if field in wrong]
    return ReadRow(line, row_id, None if errors else read, tuple(errors))


def each_once(rows: Sequence[ReadRow[E]], twice: Malformed) -> tuple[ReadRow[E], ...]:
    """Hold that no id stands in two rows; which is the right one is not ours to guess."""
    times = Counter(row.id for row in rows if row.id)
    return tuple(row.wrong(twice) if row.id and times[row.id] > 1 else row for row in rows)


def what_becomes_of(row: ReadRow[E], listed: Mapping[UUID, Event]) -> What:
    """Name what importing a row does, given those that are listed already."""
    if row.entry is None or row.id is None:
        return "wrong"
    known = listed.get(row.id)
    if known is None:
        return "added"
    return "unchanged" if row.entry.is_listed_as(known) else "changed"
