"""A row is kept as a flat document, and read back as it was."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any
from uuid import UUID

import bson
import pytest
from pydantic import Field

from shared.contracts.vocabulary import Forum
from shared.kernel.facts import Row
from shared.kernel.refusals import Malformed
from shared.projections.cursors import Order, cursor_at, cursor_of
from shared.projections.documents import (
    from_document,
    in_document,
    settled,
    sortable_fields,
    text_fields,
    to_document,
    to_fields,
)

AT = datetime(2013, 9, 2, 8, 0, 0, 123456, tzinfo=UTC)
ID = UUID(int=7)


class Everything(Row):
    """One field of each sort."""

    id: UUID
    title: Annotated[str, Field(max_length=50)] | None
    forum: Forum
    forums: frozenset[Forum]
    on: date
    seen_at: datetime | None
    days: tuple[int, ...]
    units: dict[str, str]
    amount: int = 0


ROW = Everything(
    id=ID,
    title=None,
    forum=Forum.CHIEFS,
    forums=frozenset(Forum),
    on=AT.date(),
    seen_at=AT,
    days=(2, 1),
    units={"a": "b"},
)


def test_a_row_is_read_back_as_it_was_to_the_millisecond() -> None:
    row = settled(ROW)
    options: bson.CodecOptions[dict[str, Any]] = bson.CodecOptions(tz_aware=True, tzinfo=UTC)
    document = bson.decode(bson.encode(to_document(row, "7", "thing-7@1", AT)), options)

    assert from_document(Everything, document) == row
    assert row.seen_at == AT.replace(microsecond=123000)
    assert document["_at"] == "thing-7@1"


def test_a_row_that_needs_no_settling_is_left_alone() -> None:
    row = settled(ROW)
    assert settled(row) is row


def test_fields_are_plain_and_the_same_for_equal_rows() -> None:
    fields = to_fields(ROW)

    assert fields["id"] == str(ID)
    assert fields["on"] == "2013-09-02"
    assert fields["seen_at"] is ROW.seen_at
    assert fields["forums"] == sorted(Forum)
    assert json.dumps({**fields, "seen_at": None})


def test_rows_are_ordered_by_scalars_alone_and_words_are_known() -> None:
    assert sortable_fields(Everything) == ("id", "title", "forum", "on", "seen_at", "amount")
    assert text_fields(Everything) == ("title",)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (ID, str(ID)),
        (Forum.CHIEFS, "chiefs"),
        (date(2013, 9, 2), "2013-09-02"),
        (AT, AT.replace(microsecond=123000)),
        (3, 3),
        (True, True),
        (None, None),
    ],
)
def test_a_filter_is_compared_as_documents_hold_it(value: object, kept: object) -> None:
    assert in_document(value) == kept


@pytest.mark.parametrize("value", ["æ", 3, None, True, AT, AT.astimezone(timezone(timedelta(0)))])
def test_a_cursor_gives_back_what_it_was_made_of(value: object) -> None:
    order = Order("title", descending=False)
    document = {"_id": "7", "title": value}

    cursor = cursor_of(document, order, {})

    assert cursor_at(cursor, order, {}) == (value, "7")
    with pytest.raises(Malformed):
        cursor_at(cursor, Order("title", descending=True), {})
    with pytest.raises(Malformed):
        cursor_at(cursor, order, {"title": "x"})
