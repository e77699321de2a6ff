"""What the routes that take a table share: its limits, and telling what is wrong with its rows."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from shared.http.headers import Headers, Language
from shared.http.messages import Texts
from shared.http.openapi import problems
from shared.kernel.refusals import Malformed

MAX_TABLE_BYTES = 1_000_000
TEXTS = Texts([Path(__file__).parents[1] / "messages.yaml"])
TABLE: dict[str, Any] = {"type": "string"}
BODY_PROBLEMS = problems(400, 413, 415)
_MOST_TOLD = 500
"""Errors of one table that are told at once; more help nobody."""

Partial = Annotated[bool, Query(description="Import the right rows although others are wrong.")]


class WrongCell(BaseModel):
    """What is wrong with a row."""

    code: str
    column: str | None = Field(description="None for the row as a whole.")
    message: str


def media_type(headers: Headers) -> str:
    """What the body calls itself, without its parameters."""
    return headers.get(b"content-type", "").partition(";")[0].strip().lower()


def told(error: Malformed, spoken: Language) -> WrongCell:
    """Say in the caller's language what is wrong with a row."""
    return WrongCell(
        code=error.code,
        column=error.facts.get("column"),
        message=TEXTS.say(error.code, spoken, error.facts)[1],
    )


def rows_wrong(errors: Iterable[Malformed], *, wrong: int, rows: int) -> Malformed:
    """Refuse a table with rows that are wrong, and say of each error where it is."""
    refusal = Malformed("import_rows_wrong", wrong=wrong, rows=rows)
    refusal.others = tuple(errors)[:_MOST_TOLD]
    return refusal
