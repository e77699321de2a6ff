"""A table of people is read row by row, and every row that is wrong says why."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.domain.directory.people import (
    COLUMNS,
    PersonEntry,
    objection,
    read_people,
)
from services.training.domain.directory.rows import ReadRow, what_becomes_of
from services.training.domain.tables import MOST_ROWS
from shared.contracts.people import PersonListed
from shared.contracts.vocabulary import Forum
from shared.kernel.refusals import Malformed
from shared.testing import person

ANNA, BO, UNIT = person("anna"), person("bo"), person("unit")
HEADER = ",".join(COLUMNS)
ROW = f"{ANNA},Anna Andersen,anna@example.org,da,{UNIT},{BO},4,chiefs|leaders"
ENTRY = PersonEntry(
    name="Anna Andersen",
    email="anna@example.org",
    language="da",
    org_unit_id=UNIT,
    line_manager_id=BO,
    management_level=4,
    forums=frozenset({Forum.CHIEFS, Forum.LEADERS}),
)
LISTED = PersonListed(on=date(2013, 8, 1), **ENTRY.model_dump())


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


def only(*rows: str) -> ReadRow[PersonEntry]:
    (row,) = read_people(table(*rows))
    return row


def codes(row: ReadRow[PersonEntry]) -> list[str]:
    return [each.code for each in row.errors]


def refused(body: bytes) -> str:
    with pytest.raises(Malformed) as refusal:
        read_people(body)
    return refusal.value.code


@pytest.mark.parametrize(
    "body",
    [
        table(ROW),
        b"\xef\xbb\xbf" + table(ROW),
        table(ROW).replace(b",", b";"),
        table(ROW).replace(b"\r\n", b"\n"),
        table(ROW).replace(b"\r\n", b"\r"),
        table(f'{ANNA},"Anna Andersen",anna@example.org,,{UNIT}, {BO} ,4, chiefs | leaders '),
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(body: bytes) -> None:
    (row,) = read_people(body)
    assert (row.line, row.id, row.entry, row.errors) == (2, ANNA, ENTRY, ())


def test_columns_may_come_in_any_order() -> None:
    header = ",".join(reversed(COLUMNS))
    (row,) = read_people(table(",".join(reversed(ROW.split(","))), header=header))
    assert row.entry == ENTRY


def test_what_is_left_empty_is_not_there() -> None:
    assert only(f"{ANNA},Anna,,,,,,").entry == PersonEntry(name="Anna")


def test_empty_rows_are_passed_over_and_lines_are_counted_as_in_the_file() -> None:
    rows = read_people(table("", ",,,,,,,", f'{ANNA},"An\nna",,,,,,', f"{BO},Bo,,,,,,"))
    assert [(row.line, codes(row)) for row in rows] == [(4, ["name_malformed"]), (6, [])]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("42,Anna,,,,,,", "person_id_malformed"),
        (",Anna,,,,,,", "person_id_malformed"),
        (f"{ANNA},Anna,,,,,,4,", "cells_wrong"),
        (f"{ANNA},Anna", "cells_wrong"),
        (f"{ANNA},,,da,,,,", "name_malformed"),
        (f"{ANNA},{'a' * 201},,,,,,", "name_malformed"),
        (f"{ANNA},An\x00na,,,,,,", "name_malformed"),
        (f"{ANNA},Anna,anna,,,,,", "email_malformed"),
        (f'{ANNA},Anna,"a@b.dk,c@d.dk",,,,,', "email_malformed"),
        (f"{ANNA},Anna,{'a' * 250}@b.dk,,,,,", "email_malformed"),
        (f"{ANNA},Anna,,de,,,,", "language_malformed"),
        (f"{ANNA},Anna,,,Rådhuset,,,", "org_unit_id_malformed"),
        (f"{ANNA},Anna,,,,chefen,,", "line_manager_id_malformed"),
        (f"{ANNA},Anna,,,,,0,", "management_level_malformed"),
        (f"{ANNA},Anna,,,,,øverst,", "management_level_malformed"),
        (f"{ANNA},Anna,,,,,,chefforum", "forums_malformed"),
        (f"{ANNA},Anna,,,,{ANNA},,", "own_line_manager"),
        (f"{ANNA},Anna 010180-1234,,,,,,", "cpr_not_taken"),
        (f"{ANNA},Anna,0101801234@example.org,,,,,", "cpr_not_taken"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(row: str, code: str) -> None:
    read = only(row)
    assert codes(read) == [code]
    assert read.entry is None
    assert what_becomes_of(read, {}) == "wrong"


def test_everything_that_is_wrong_with_a_row_is_said_at_once() -> None:
    assert codes(only("42,,anna,de,,,,x")) == [
        "person_id_malformed",
        "name_malformed",
        "email_malformed",
        "language_malformed",
        "forums_malformed",
    ]


def test_a_person_in_several_rows_is_wrong_in_each() -> None:
    rows = read_people(table(ROW, f"{BO},Bo,,,,,,", f"{str(ANNA).upper()},Another,,,,,,"))
    assert [codes(row) for row in rows] == [["person_twice"], [], ["person_twice"]]


def test_a_row_is_new_or_a_change_or_nothing_new() -> None:
    row = only(ROW)
    other = LISTED.model_copy(update={"management_level": 5})
    assert what_becomes_of(row, {}) == "added"
    assert what_becomes_of(row, {ANNA: other}) == "changed"
    assert what_becomes_of(row, {ANNA: LISTED}) == "unchanged"


def test_nobody_is_their_own_line_manager() -> None:
    assert objection(BO, ENTRY) is not None
    assert objection(ANNA, ENTRY) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (table(ROW.replace("Andersen", "Ærø")).decode().encode("latin-1"), "import_not_utf8"),
        (b"", "import_header_wrong"),
        (table(header="person_id,name"), "import_header_wrong"),
        (table(header=f"{HEADER},cpr"), "import_header_wrong"),
        (table(header=HEADER.replace("email", "name")), "import_header_wrong"),
        (table(f'{ANNA},"Anna,,,,,,'), "import_not_csv"),
        (table(f"{ANNA},{'a' * 200_000},,,,,,"), "import_not_csv"),
        (table(*(f"{UUID(int=n)},A,,,,,," for n in range(MOST_ROWS + 1))), "import_too_many_rows"),
    ],
)
def test_a_file_that_is_no_such_table_is_not_read_at_all(body: bytes, code: str) -> None:
    assert refused(body) == code


@for_all(st.binary(max_size=300) | st.binary(max_size=100).map(lambda tail: table(ROW) + tail))
def test_any_bytes_are_a_table_or_malformed(body: bytes) -> None:
    try:
        rows = read_people(body)
    except Malformed:
        return
    assert all((row.entry is None) == bool(row.errors) for row in rows)
