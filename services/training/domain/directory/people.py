"""People as they are handed in; in their table (`tables`) forums are separated by `|`."""

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.training.domain.directory.cpr import holds_cpr
from services.training.domain.directory.rows import (
    Entry,
    ReadRow,
    each_once,
    read_row,
)
from services.training.domain.tables import TableRow, read_rows
from shared.contracts.people import PersonListed
from shared.contracts.vocabulary import Forum, OrgUnitId, PersonId, Title
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

PERSON_ID_MALFORMED = Malformed("person_id_malformed", column="person_id")
_MANAGER_NOT_LISTED = Malformed("line_manager_not_listed", column="line_manager_id")
_UNIT_NOT_LISTED = Malformed("org_unit_not_listed", column="org_unit_id")
PERSON_TWICE = Malformed("person_twice", column="person_id")
MALFORMED = {
    "name": Malformed("name_malformed", column="name"),
    "email": Malformed("email_malformed", column="email"),
    "language": Malformed("language_malformed", column="language"),
    "org_unit_id": Malformed("org_unit_id_malformed", column="org_unit_id"),
    "line_manager_id": Malformed("line_manager_id_malformed", column="line_manager_id"),
    "management_level": Malformed("management_level_malformed", column="management_level"),
    "forums": Malformed("forums_malformed", column="forums"),
}


class PersonEntry(Entry):
    """A person as the municipality's registry has them."""

    name: Title
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

    def listed(self, on: date) -> PersonListed:
        """The state that is listed and told."""
        return PersonListed(on=on, **self.model_dump())


def read_people(body: bytes) -> tuple[ReadRow[PersonEntry], ...]:
    """Read every row of a table of people.

    Raises Malformed for a table that cannot be read at all: `import_not_utf8`, `import_not_csv`,
    `import_header_wrong` or `import_too_many_rows`.
    """
    return each_once([_read(row) for row in read_rows(body, COLUMNS)], PERSON_TWICE)


def hold_person(row: ReadRow[PersonEntry]) -> ReadRow[PersonEntry]:
    """Hold what no field can say alone; a row that does not is wrong."""
    objected = row.entry and objection(row.id, row.entry)
    return row.wrong(objected) if objected else row


def objection(person_id: PersonId | None, entry: PersonEntry) -> Malformed | None:
    """What is wrong with an entry for this person, though each of its fields may be right."""
    if person_id is not None and entry.line_manager_id == person_id:
        return Malformed("own_line_manager", column="line_manager_id")
    for column, said in (("name", entry.name), ("email", entry.email)):
        if said and holds_cpr(said):
            return Malformed("cpr_not_taken", column=column)
    return None


def unlisted(row: ReadRow[Any], known: AbstractSet[UUID] | None) -> tuple[Malformed, ...]:
    """Remark on a line manager and a unit that are not among those known; None for no remarks.

    A row is imported all the same: who is named may be listed by the next file.
    """
    if known is None or not isinstance(row.entry, PersonEntry):
        return ()
    named = (
        (_MANAGER_NOT_LISTED, row.entry.line_manager_id),
        (_UNIT_NOT_LISTED, row.entry.org_unit_id),
    )
    return tuple(remark for remark, each in named if each and each not in known)


def _read(row: TableRow) -> ReadRow[PersonEntry]:
    if row.cells is None:
        return ReadRow(row.line, None, None, (Malformed("cells_wrong"),))
    said = dict(row.cells)
    person_id = said.pop("person_id", "")
    forums = [each.strip() for each in said.pop("forums", "").split("|") if each.strip()]
    return hold_person(
        read_row(
            row.line,
            (person_id, PERSON_ID_MALFORMED),
            {**said, "forums": forums},
            PersonEntry,
            MALFORMED,
        )
    )
