"""Reads exported lists again, by other programs than those that wrote them."""

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape

from shared.http.media import Medium

Rows = list[dict[str, Any]]


def read_csv(content: bytes) -> Rows:
    """The rows of a CSV, every cell as its text."""
    text = content.decode("utf-8-sig")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    header = next(lines)
    return [dict(zip(header, line, strict=True)) for line in lines]


def read_ndjson(content: bytes) -> Rows:
    """The rows of a stream of JSON objects, one a line."""
    assert not content or content.endswith(b"\n")
    return [json.loads(line) for line in content.split(b"\n")[:-1]]


def read_xlsx(content: bytes) -> tuple[Rows, dict[str, Any]]:
    """The rows of a workbook, and what its second sheet says of them."""
    book = opened(content)
    header, *lines = book["Rows"].iter_rows(values_only=True)
    rows = [dict(zip(map(str, header), map(_read, line), strict=True)) for line in lines]
    return rows, {str(name): value for name, value in book["About"].iter_rows(values_only=True)}


def opened(content: bytes) -> Workbook:
    """A workbook, of which no part holds a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name)
            assert b"<f " not in parts.read(name)
    return load_workbook(io.BytesIO(content))


def _read(value: Any) -> Any:
    return unescape(value) if isinstance(value, str) else value


def read_rows(medium: Medium, content: bytes) -> Rows:
    """The rows in any of the forms."""
    match medium:
        case Medium.CSV:
            return read_csv(content)
        case Medium.XLSX:
            return read_xlsx(content)[0]
        case Medium.NDJSON:
            return read_ndjson(content)
        case Medium.JSON:
            rows: Rows = json.loads(content)["items"]
            return rows


async def in_portions(rows: Sequence[Any], size: int = 500) -> AsyncIterator[Sequence[Any]]:
    """Rows as a list's pages bring them."""
    for begin in range(0, len(rows), size):
        yield rows[begin : begin + size]


def values(rows: Iterable[dict[str, Any]], name: str) -> list[str]:
    """One column, as text."""
    return [str(row[name]) for row in rows]
