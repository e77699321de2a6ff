"""Tables as they are handed in: read row by row, so that each row can say what is wrong with it.

A table is CSV as spreadsheets write it: UTF-8 with or without a byte order mark, `,` or `;`
between the cells, and a first row that names every column once, in any order. An empty cell means
that there is none.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.kernel.refusals import Malformed

MOST_ROWS = 5000

_FIRST_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True)
class TableRow:
    """A row as it stands in the table."""

    line: int
    """The line it begins at; the first row is 1."""
    cells: Mapping[str, str] | None
    """Column -> what it says, without empty cells; None when the number of cells is wrong."""


def read_rows(body: bytes, columns: Sequence[str]) -> Iterator[TableRow]:
    """Read every row that is not empty, from a table with exactly these columns.

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
    if sorted(names) != sorted(columns):
        raise Malformed("import_header_wrong", columns=columns)
    for number, (line, cells) in enumerate(records):
        if number == MOST_ROWS:
            raise Malformed("import_too_many_rows", most=MOST_ROWS)
        yield TableRow(line, _named(names, cells))


def _named(names: Sequence[str], cells: Sequence[str]) -> Mapping[str, str] | None:
    if len(cells) != len(names):
        return None
    return {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}


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
