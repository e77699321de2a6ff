"""Who was there on a training day, as it is handed in: a table with one row for each person.

The table is CSV (`tables`). `present` says ja or nej, as spreadsheets and people write it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from services.training.domain.cohort.attendance import Presence
from services.training.domain.tables import TableRow, read_rows
from shared.contracts.vocabulary import PersonId
from shared.kernel.refusals import Malformed

COLUMNS = ("person_id", "present")
SAID = {
    **dict.fromkeys(("ja", "j", "yes", "y", "true", "sand", "1", "x"), True),
    **dict.fromkeys(("nej", "n", "no", "false", "falsk", "0"), False),
}
"""What may stand under `present`, in small letters."""

_PERSON_ID = TypeAdapter(PersonId)


@dataclass(frozen=True)
class AttendanceRow:
    """A row as it was read: who was there or was not, or what is wrong with it."""

    line: int
    person_id: PersonId | None = None
    present: bool | None = None
    errors: tuple[Malformed, ...] = ()
    """Each with its code and the column it is about; a row that is not to be trusted has some."""

    def wrong(self, error: Malformed) -> "AttendanceRow":
        """The same row, not to be trusted."""
        return replace(self, errors=(*self.errors, error))


def read_attendance(body: bytes, participants: Collection[PersonId]) -> tuple[AttendanceRow, ...]:
    """Read every row, and hold that each is about another of the participants.

    Raises Malformed for a table that cannot be read at all, as `tables` does.
    """
    rows = [_read(row) for row in read_rows(body, COLUMNS)]
    times = Counter(row.person_id for row in rows if row.person_id)
    return tuple(_held(row, times, participants) for row in rows)


def presence(rows: Sequence[AttendanceRow]) -> tuple[Presence, ...]:
    """What the rows that are right say of each person."""
    return tuple(
        Presence(person_id=row.person_id, present=row.present)
        for row in rows
        if row.person_id is not None and row.present is not None and not row.errors
    )


def _read(row: TableRow) -> AttendanceRow:
    read = AttendanceRow(row.line)
    if row.cells is None:
        return read.wrong(Malformed("cells_wrong"))
    try:
        person_id = _PERSON_ID.validate_python(row.cells.get("person_id", ""))
        read = replace(read, person_id=person_id)
    except ValidationError:
        read = read.wrong(Malformed("person_id_malformed", column="person_id"))
    present = SAID.get(row.cells.get("present", "").lower())
    if present is None:
        return read.wrong(Malformed("present_malformed", column="present"))
    return replace(read, present=present)


def _held(
    row: AttendanceRow, times: Counter[PersonId], participants: Collection[PersonId]
) -> AttendanceRow:
    if row.person_id is None:
        return row
    twice = times[row.person_id] > 1
    if row.person_id not in participants:
        row = row.wrong(Malformed("not_a_participant", column="person_id"))
    # Which of the rows is the right one is not ours to guess, so none is.
    return row.wrong(Malformed("person_twice", column="person_id")) if twice else row
