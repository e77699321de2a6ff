"""The directory as it is handed in: a table of people, read row by row, with what is wrong.

The table is CSV as spreadsheets write it: UTF-8 with or without a byte order mark, `,` or `;`
between the cells, and a first row that names every column once, in any order. An empty cell means
that there is none; forums are separated by `|`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from shared.contracts.people import PersonListed
from shared.contracts.vocabulary import Forum, OrgUnitId, PersonId
from shared.kernel.refusals import Malformed

COLUMNS = (
    "person_id",
    "name",
    "email",
    "language",
    "org_unit_id",
    "line_manager_id",
    "management_level",
    "forums",
)
MOST_ROWS = 5000

_NO_CONTROL = r"^[^\x00-\x1f\x7f]+$"  # a name or an address ends up in the head of an e-mail
_FIRST_LINE = re.compile(r"[^\r\n]+")
_PERSON_ID = TypeAdapter(PersonId)

_MALFORMED = {
    "person_id": Malformed("person_id_malformed", column="person_id"),
    "name": Malformed("name_malformed", column="name"),
    "email": Malformed("email_malformed", column="email"),
    "language": Malformed("language_malformed", column="language"),
    "org_unit_id": Malformed("org_unit_id_malformed", column="org_unit_id"),
    "line_manager_id": Malformed("line_manager_id_malformed", column="line_manager_id"),
    "management_level": Malformed("management_level_malformed", column="management_level"),
    "forums": Malformed("forums_malformed", column="forums"),
}

What = Literal["added", "changed", "unchanged", "wrong"]


class PersonEntry(BaseModel):
    """A person as the municipality's registry has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_NO_CONTROL),
    ]
    email: (
        Annotated[
            str,
            StringConstraints(
                max_length=254, pattern=r"^[^\x00-\x20\x7f@,;<>\"]+@[^\x00-\x20\x7f@,;<>\"]+$"
            ),
        ]
        | None
    ) = None
    language: Literal["da", "en"] = "da"
    org_unit_id: OrgUnitId | None = None
    line_manager_id: PersonId | None = None
    management_level: Annotated[int, Field(ge=1, le=9)] | None = None
    forums: frozenset[Forum] = frozenset()

    def is_listed_as(self, listed: PersonListed) -> bool:
        """Tell whether the directory says exactly this already."""
        return self.model_dump() == listed.model_dump(include=set(PersonEntry.model_fields))


@dataclass(frozen=True)
class ReadRow:
    """A row as it was read: an entry, or what is wrong with it."""

    line: int
    person_id: PersonId | None
    entry: PersonEntry | None
    errors: tuple[Malformed, ...] = ()
    """Each with its code and the column it is about; a row that is not to be trusted has some."""


def read_table(body: bytes) -> tuple[ReadRow, ...]:
    """Read every row of a table of people.

    Raises Malformed for a table that cannot be read at all: `import_not_utf8`, `import_not_csv`,
    `import_header_wrong` or `import_too_many_rows`.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("import_not_utf8") from None
    records = _records(text)
    _, header = next(records, (1, []))
    names = [each.strip() for each in header]
    if sorted(names) != sorted(COLUMNS):
        raise Malformed("import_header_wrong", columns=", ".join(COLUMNS))
    rows: list[ReadRow] = []
    for line, cells in records:
        if len(rows) == MOST_ROWS:
            raise Malformed("import_too_many_rows", most=MOST_ROWS)
        rows.append(_read(line, names, cells))
    times = Counter(row.person_id for row in rows if row.person_id)
    twice = Malformed("person_twice", column="person_id")
    return tuple(
        # Which of the rows is the right one is not ours to guess, so none is.
        ReadRow(row.line, row.person_id, None, (twice, *row.errors))
        if row.person_id and times[row.person_id] > 1
        else row
        for row in rows
    )


def what_becomes_of(row: ReadRow, listed: Mapping[PersonId, PersonListed]) -> What:
    """Name what importing a row does, given those of the people who are listed already."""
    if row.entry is None or row.person_id is None:
        return "wrong"
    known = listed.get(row.person_id)
    if known is None:
        return "added"
    return "unchanged" if row.entry.is_listed_as(known) else "changed"


def objection(person_id: PersonId | None, entry: PersonEntry) -> Malformed | None:
    """What is wrong with an entry for this person, though each of its fields may be right."""
    if person_id is not None and entry.line_manager_id == person_id:
        return Malformed("own_line_manager", column="line_manager_id")
    return None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it begins at."""
    first = _FIRST_LINE.search(text)
    semicolons = first is not None and ";" in first[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if semicolons else ",", strict=True
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Malformed("import_not_csv", line=line) from None
        if any(cell.strip() for cell in cells):
            yield line, cells


def _read(line: int, names: Sequence[str], cells: Sequence[str]) -> ReadRow:
    if len(cells) != len(names):
        return ReadRow(line, None, None, (Malformed("cells_wrong"),))
    given = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
    errors: list[Malformed] = []
    person_id = entry = None
    try:
        person_id = _PERSON_ID.validate_python(given.pop("person_id", ""))
    except ValidationError:
        errors.append(_MALFORMED["person_id"])
    forums = [each.strip() for each in given.pop("forums", "").split("|") if each.strip()]
    try:
        entry = PersonEntry.model_validate({**given, "forums": forums})
    except ValidationError as problem:
        columns = sorted({str(each["loc"][0]) for each in problem.errors()}, key=COLUMNS.index)
        errors += [_MALFORMED[column] for column in columns]
    objected = objection(person_id, entry) if entry else None
    if objected:
        errors.append(objected)
    return ReadRow(line, person_id, None if errors else entry, tuple(errors))
