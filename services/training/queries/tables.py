"""What the routes that take a table share: its limits, and telling what is wrong with its rows."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field

from shared.http.headers import Headers, Language, read_headers
from shared.http.limits import read_body
from shared.http.messages import Texts
from shared.http.openapi import problems
from shared.http.refusals import TooLarge, Unsupported
from shared.kernel.refusals import Malformed

MAX_TABLE_BYTES = 2_000_000
TEXTS = Texts([Path(__file__).parents[1] / "messages.yaml"])
TABLE: dict[str, Any] = {"type": "string"}
BODY_PROBLEMS = problems(400, 413, 415)
_MOST_TOLD = 500
"""Errors of one table that are told at once; more help nobody."""

_CHARSET = re.compile(r"; *charset *= *\"?([^\s\";]*)", re.IGNORECASE)
_READABLE = {"utf-8", "utf8", "us-ascii"}

Partial = Annotated[bool, Query(description="Import the right rows although others are wrong.")]


class WrongCell(BaseModel):
    """What is wrong with a row."""

    code: str
    column: str | None = Field(description="None for the row as a whole.")
    message: str


def media_type(headers: Headers) -> str:
    """What the body calls itself, without its parameters."""
    return headers.get(b"content-type", "").partition(";")[0].strip().lower()


async def read_table(request: Request) -> bytes:
    """Read a table that does not say that it is in another coding; raises Unsupported, TooLarge."""
    said = read_headers(request.scope).get(b"content-type", "")
    found = _CHARSET.search(said)
    if found and found[1].lower() not in _READABLE:
        raise Unsupported("charset_not_utf8", charset=found[1])
    return await read_file(request, MAX_TABLE_BYTES)


async def read_file(request: Request, max_bytes: int) -> bytes:
    """Read the whole file; raises TooLarge (`file_too_large`), or what any body is refused with."""
    try:
        return await read_body(request.scope, request.receive, max_bytes)
    except TooLarge:
        raise TooLarge("file_too_large", max_bytes=max_bytes) from None


def told(error: Malformed, spoken: Language) -> WrongCell:
    """Say in the caller's language what is wrong with a row."""
    return WrongCell(
        code=error.code,
        column=error.facts.get("column"),
        message=TEXTS.say(error.code, spoken, error.facts)[1],
    )


def rows_wrong(errors: Iterable[Malformed], *, wrong: int, rows: int) -> Malformed:
    """Refuse a table with rows that are wrong, and say of each error where it is."""
    found = tuple(errors)
    some = found[:_MOST_TOLD]
    refusal = Malformed(
        "import_rows_wrong", wrong=wrong, rows=rows, errors=len(found), told=len(some)
    )
    refusal.others = some
    return refusal
