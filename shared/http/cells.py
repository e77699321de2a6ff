"""A value of a row as one cell of a table, for people and their spreadsheets."""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

Cell = bool | int | float | str | date | datetime | None

_FORMULA = re.compile(
    # What a spreadsheet passes over at the beginning is passed over here too.
    "[\\s\x00-\x20\x7f-\xa0\xad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*"
    # The wide forms count, because some spreadsheets make them narrow.
    "[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
)


def cell(value: Any) -> Cell:
    """One value for one cell: numbers, days and instants as they are, anything else as text.

    What has several values is `a; b` or `name=value; name=value`, inner ones in parentheses; what
    has no order of its own is sorted. Nothing, and none of several, is None.
    """
    match value:
        case Enum():
            return cell(value.value)
        case None | bool() | int() | float() | date() | str():  # an instant is a date, too
            return value
        case UUID():
            return str(value)
        case Mapping() | list() | tuple() | AbstractSet():
            return "; ".join(_parts(value)) or None
        case _:
            return str(value)


def iso(value: date) -> str:
    """A day or an instant as JSON has it."""
    return value.isoformat().replace("+00:00", "Z")


def may_be_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for something to reckon out."""
    return _FORMULA.match(text) is not None


def _parts(value: Any) -> Iterable[str]:
    match value:
        case Mapping():
            return sorted(f"{_word(name)}={_word(each)}" for name, each in value.items())
        case AbstractSet():
            return sorted(_word(each) for each in value)
        case _:
            return [_word(each) for each in value]


def _word(value: Any) -> str:
    match cell(value):
        case None:
            return ""
        case bool() as yes:
            return "true" if yes else "false"
        case date() as day:
            return iso(day)
        case plain:
            several = isinstance(value, Mapping | list | tuple | AbstractSet)
            return f"({plain})" if several else str(plain)
