"""A table of who was there is read row by row, and becomes one command for all that is right."""

import json
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from services.training.domain.attendance_table import (
    SAID,
    AttendanceRow,
    presence,
    read_attendance,
)
from services.training.domain.cohort.attendance import ChangeTrainingAttendance, Presence
from shared.contracts.training import TrainingDayAttended
from shared.http.limits import parse_body
from shared.kernel.permissions import Actor
from shared.kernel.refusals import Malformed
from shared.testing import TODAY, given, person
from tests.unit.training.cohorts import ALL_DAYS, COHORT, MUST_NOT, PEOPLE, running

ANNA, BO, FREJA = PEOPLE[:3]
STRANGER = person("stranger")
PARTICIPANTS = PEOPLE[:12]
COHORT_FACTS = (*running(12), *ALL_DAYS)


def table(*rows: str, header: str = "person_id;present") -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


def said(who: dict[UUID, bool]) -> tuple[Presence, ...]:
    return tuple(Presence(person_id=each, present=present) for each, present in who.items())


def read(*rows: str) -> tuple[AttendanceRow, ...]:
    return read_attendance(table(*rows), PARTICIPANTS)


def codes(row: AttendanceRow) -> list[tuple[str, str | None]]:
    return [(each.code, each.facts.get("column")) for each in row.errors]


def there(who: UUID, *, present: bool = True) -> TrainingDayAttended:
    return TrainingDayAttended(on=TODAY, day=1, person_id=who, present=present)


@pytest.mark.parametrize("said", ["ja", "Ja", " JA ", "yes", "true", "SAND", "1", "x"])
def test_presence_is_said_in_many_ways(said: str) -> None:
    assert read(f"{ANNA};{said}") == (AttendanceRow(2, ANNA, present=True),)


@pytest.mark.parametrize("said", ["nej", "NEJ", "no", "false", "Falsk", "0"])
def test_absence_is_said_in_many_ways(said: str) -> None:
    assert read(f"{ANNA};{said}") == (AttendanceRow(2, ANNA, present=False),)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (f"{ANNA}", [("cells_wrong", None)]),
        (f"{ANNA};ja;ja", [("cells_wrong", None)]),
        ("42;ja", [("person_id_malformed", "person_id")]),
        (";ja", [("person_id_malformed", "person_id")]),
        (f"{ANNA};", [("present_malformed", "present")]),
        (f"{ANNA};måske", [("present_malformed", "present")]),
        (f"{STRANGER};ja", [("not_a_participant", "person_id")]),
        ("42;måske", [("person_id_malformed", "person_id"), ("present_malformed", "present")]),
        (
            f"{STRANGER};måske",
            [("present_malformed", "present"), ("not_a_participant", "person_id")],
        ),
    ],
)
def test_a_wrong_row_says_in_which_column_and_why(
    row: str, wrong: list[tuple[str, str | None]]
) -> None:
    first, second = read(row, f"{BO};nej")
    assert (first.line, codes(first)) == (2, wrong)
    assert (second.line, codes(second)) == (3, [])
    assert presence((first, second)) == said({BO: False})


def test_a_person_in_two_rows_is_wrong_in_both() -> None:
    rows = read(f"{ANNA};ja", f"{BO};ja", f"{ANNA};nej")
    assert [codes(row) for row in rows] == [
        [("person_twice", "person_id")],
        [],
        [("person_twice", "person_id")],
    ]
    assert presence(rows) == said({BO: True})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xff\xfe", "import_not_utf8"),
        (table(header="person_id"), "import_header_wrong"),
        (table(f'{ANNA};"ja'), "import_not_csv"),
    ],
)
def test_what_is_no_such_table_is_not_read(body: bytes, code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_attendance(body, PARTICIPANTS)
    assert refusal.value.code == code


def test_columns_may_change_places_and_be_separated_by_commas() -> None:
    body = table(f"ja,{ANNA}", header="present,person_id")
    assert presence(read_attendance(body, PARTICIPANTS)) == said({ANNA: True})


CELLS = st.sampled_from([*map(str, PEOPLE[:4]), str(STRANGER), "42", ""])
WORDS = st.sampled_from([*SAID, "måske", ""])


@for_all(rows=st.lists(st.tuples(CELLS, WORDS), max_size=8))
def test_every_row_is_right_or_says_why_not(rows: list[tuple[str, str]]) -> None:
    lines = [f"{who};{said}" for who, said in rows if who or said]
    found = read(*lines)
    assert len(found) == len(lines)
    for row in found:
        right = row.person_id in PARTICIPANTS and row.present is not None
        assert bool(row.errors) or right
    assert {each.person_id for each in presence(found)} == {
        row.person_id for row in found if not row.errors
    }


def test_the_right_rows_change_whom_they_name_and_nobody_else() -> None:
    changed = ChangeTrainingAttendance(day=1, presence=said({ANNA: True, BO: False, FREJA: False}))
    before = given(*COHORT_FACTS, there(BO), there(PEOPLE[5])).of(COHORT)
    in_order = sorted((there(ANNA), there(BO, present=False)), key=lambda each: each.person_id)
    before.when(changed).then(*in_order)


def test_the_same_table_again_is_nothing_new() -> None:
    again = ChangeTrainingAttendance(day=1, presence=said({ANNA: True, BO: False}))
    given(*COHORT_FACTS, there(ANNA)).of(COHORT).when(again).then_nothing()
    given(*COHORT_FACTS).of(COHORT).when(
        ChangeTrainingAttendance(day=1, presence=())
    ).then_nothing()


def test_with_a_stranger_nobody_is_recorded() -> None:
    with_stranger = ChangeTrainingAttendance(day=1, presence=said({ANNA: True, STRANGER: False}))
    given(*COHORT_FACTS).of(COHORT).when(with_stranger).then_refused("not_enrolled", "R172")


@pytest.mark.parametrize("day", [0, 6])
def test_there_are_no_other_days_than_the_cohorts(day: int) -> None:
    other = ChangeTrainingAttendance(day=day, presence=said({ANNA: True}))
    given(*COHORT_FACTS).of(COHORT).when(other).then_refused("training_day_unknown", "R174")


def test_a_day_without_a_date_has_no_attendance() -> None:
    early = ChangeTrainingAttendance(day=1, presence=said({ANNA: True}))
    given(*running(12)).of(COHORT).when(early).then_refused("training_day_not_scheduled", "R174")


@pytest.mark.parametrize("actor", MUST_NOT, ids=str)
def test_only_the_secretariat_records_attendance(actor: Actor) -> None:
    change = ChangeTrainingAttendance(day=1, presence=said({ANNA: True}))
    given(*COHORT_FACTS).of(COHORT).when(change, by=actor).then_refused("not_allowed")


def test_each_participant_is_named_once() -> None:
    with pytest.raises(ValidationError):
        ChangeTrainingAttendance(day=1, presence=said({ANNA: True}) + said({ANNA: False}))


def test_what_changes_can_be_said_in_json() -> None:
    said_in_json = json.dumps(
        {"day": 1, "presence": [{"person_id": str(ANNA), "present": True}]}
    ).encode()

    read_back = ChangeTrainingAttendance.model_validate(parse_body(said_in_json))

    assert read_back.presence == said({ANNA: True})
