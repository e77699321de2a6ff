"""A table as a workbook (XLSX): the rows on one sheet, what they are on another.

A workbook is complete only when its last row is known, so it is written to the disk and sent from
there; in memory there is one row at a time.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from shared.http.cells import Cell, iso, may_be_formula
from shared.http.tables import About, Portions, Table
from shared.kernel.refusals import Malformed
from shared.policy.periods import COPENHAGEN

MOST_ROWS = 50_000
"""Some fifteen seconds' work; the other forms have no bound."""

_LONGEST = 32_767
"""UTF-16 units that a cell can hold."""
_EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number."""
_FIRST_YEAR = 1900
_CHUNK_BYTES = 64 * 1024


async def write_workbook(table: Table, portions: Portions, about: About) -> IO[bytes]:
    """Write all rows to an open file without a name; raises Malformed (`too_many_rows`)."""
    file = TemporaryFile()  # noqa: SIM115 - it is closed when it has been sent
    book = await asyncio.to_thread(_Book, file, about, table.columns)
    try:
        async for rows in portions:
            await asyncio.to_thread(book.add, table.cells(rows))
    except BaseException:
        await asyncio.to_thread(book.close)
        file.close()
        raise
    await asyncio.to_thread(book.close)
    return file


async def sent_from(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file's bytes from its beginning; it is closed after the last."""
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


class _Book:
    def __init__(self, file: IO[bytes], about: About, columns: Sequence[str]) -> None:
        # Few processes ever need it, and each would start a fifth of a second later.
        from xlsxwriter import Workbook  # noqa: PLC0415

        self._book = Workbook(file, {"constant_memory": True})
        self._book.set_properties({"title": about.name, "created": about.as_of})
        # What looks like a formula stays a text, also when somebody edits the cell.
        self._text = self._book.add_format({"quote_prefix": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        bold = self._book.add_format({"bold": True})
        self._sheet = self._book.add_worksheet("Rows")
        self._sheet.set_column(0, max(0, len(columns) - 1), 20)
        self._sheet.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            self._sheet.write_string(0, place, name, bold)
        self._about = about
        self._rows = 0

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            if self._rows == MOST_ROWS:
                raise Malformed("too_many_rows", most=MOST_ROWS)
            self._rows += 1
            for place, value in enumerate(row):
                self._write(self._sheet, self._rows, place, value)

    def close(self) -> None:
        about = self._about
        facts: dict[str, Cell] = {
            "list": about.name,
            "rows": self._rows,
            "as_of": about.as_of,
            "lag_s": about.lag_s,
            "sort": about.sort,
            **{f"filter {name}": value for name, value in about.filters.items()},
            "time zone": str(COPENHAGEN),
        }
        sheet = self._book.add_worksheet("About")
        sheet.set_column(0, 1, 30)
        for line, (name, value) in enumerate(facts.items()):
            self._write(sheet, line, 0, name)
            self._write(sheet, line, 1, value)
        self._book.close()

    def _write(self, sheet: Any, line: int, place: int, value: Cell) -> None:
        match value:
            case None:
                pass
            case bool():
                sheet.write_boolean(line, place, value)
            case int() if abs(value) < _EXACT:
                sheet.write_number(line, place, value)
            case float() if math.isfinite(value):
                sheet.write_number(line, place, value)
            case float():
                pass
            case datetime() if value.year > _FIRST_YEAR:
                local = value.astimezone(COPENHAGEN).replace(tzinfo=None)
                sheet.write_datetime(line, place, local, self._instant)
            case date() if value.year > _FIRST_YEAR and not isinstance(value, datetime):
                sheet.write_datetime(line, place, value, self._day)
            case date():
                sheet.write_string(line, place, iso(value))
            case _:
                text = _storable(str(value))
                sheet.write_string(line, place, text, self._text if may_be_formula(text) else None)


def _storable(text: str) -> str:
    """The text as a cell can hold it."""
    units = text.encode("utf-16-le")
    if len(units) > 2 * _LONGEST:
        text = units[: 2 * (_LONGEST - 2)].decode("utf-16-le", "ignore") + "…"
    # XlsxWriter takes a text in these tags for its own and writes it into the file as it is.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
