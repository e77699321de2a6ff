"""Rows as a table: what a list's CSV, XLSX and NDJSON have in common, and the first and last of them."""

import csv
import io
import math
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from shared.http.cells import Cell, cell, iso, may_be_formula
from shared.kernel.facts import Row

Portions = AsyncIterator[Sequence[Row]]

_BOM = "\ufeff"
"""By which Excel knows that a text is UTF-8."""


@dataclass(frozen=True)
class About:
    """What a table holds: which list, how fresh, in which order, and what it was narrowed to."""

    name: str
    as_of: datetime
    lag_s: float
    sort: str
    filters: dict[str, str]


class Table:
    """The columns of a kind of rows: its fields, as a list's JSON has them and no more."""

    def __init__(self, row: type[Row]) -> None:
        self._rows: TypeAdapter[Any] = TypeAdapter(row)
        self.columns = tuple(row.model_json_schema(mode="serialization").get("properties", {}))

    def cells(self, rows: Iterable[Row]) -> Iterator[list[Cell]]:
        """The rows' values, column by column."""
        for row in rows:
            fields = self._rows.dump_python(row, by_alias=True)
            yield [cell(fields[name]) for name in self.columns]

    async def csv(self, portions: Portions) -> AsyncIterator[bytes]:
        """UTF-8 with BOM, `;` between, decimal comma: what Excel opens as it is in Denmark."""
        yield _BOM.encode() + _lines([self.columns])
        async for rows in portions:
            yield _lines([_csv_text(each) for each in line] for line in self.cells(rows))

    async def ndjson(self, portions: Portions) -> AsyncIterator[bytes]:
        """Each row on a line, as it is in the list's JSON."""
        async for rows in portions:
            yield b"".join(self._rows.dump_json(row, by_alias=True) + b"\n" for row in rows)


def _lines(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines in the form of RFC 4180, save for what is between the cells."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


def _csv_text(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(value).replace(".", ",") if math.isfinite(value) else ""
        case date():
            return iso(value)
        case str():
            return f"'{value}" if may_be_formula(value) else value
