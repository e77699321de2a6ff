"""Lists in other forms: the same route, asked with `Accept`, gives the whole list as a table.

The list's own function is asked for portion after portion, so that whoever may read the list may
export it, nobody else, and nobody more than it shows.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any, get_args, get_type_hints
from urllib.parse import urlencode
from uuid import UUID

from fastapi.routing import APIRoute
from starlette.responses import Response, StreamingResponse

from shared.http.cells import iso
from shared.http.media import Medium
from shared.http.openapi import of_tables
from shared.http.reading import MOST_ROWS, Page, Slice
from shared.http.tables import About, Portions, Table
from shared.http.workbook import sent_from, write_workbook
from shared.kernel.facts import Row
from shared.policy.periods import local_day

Lists = Callable[..., Awaitable[Page[Any]]]

_NO_WORD = re.compile(r"[^A-Za-z0-9]+", re.ASCII)


class ListRoute(APIRoute):
    """The route of a query: a list (what returns a Page) is answered in every form."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        row = listed_by(endpoint)
        if row is not None:
            endpoint = _in_every_form(endpoint, row, path)
            more["responses"] = of_tables() | (more.get("responses") or {})
        super().__init__(path, endpoint, **more)


def listed_by(endpoint: Callable[..., Any]) -> type[Row] | None:
    """The rows that a query lists, None where it is no list."""
    returned = get_type_hints(endpoint).get("return")
    if not (isinstance(returned, type) and issubclass(returned, Page)):
        return None
    row: type[Row] = get_args(returned.model_fields["items"].annotation)[0]
    return row


def _in_every_form(endpoint: Lists, row: type[Row], path: str) -> Callable[..., Awaitable[Any]]:
    table = Table(row)

    @wraps(endpoint)
    async def listed(*, listing: Slice, **asked: Any) -> Page[Any] | Response:
        listing = replace(listing, shown=row)
        if listing.medium is Medium.JSON:
            return await endpoint(listing=listing, **asked)

        async def read(cursor: str | None) -> Page[Any]:
            portion = replace(listing, cursor=cursor, limit=MOST_ROWS)
            return await endpoint(listing=portion, **asked)

        first = await read(listing.cursor)
        name = _NO_WORD.sub("-", path.strip("/").format_map(asked))
        about = About(name, first.as_of, first.lag_s, listing.sort or "", _filters(asked))
        return await _answer(listing.medium, table, _portions(first, read), about)

    return listed


async def _portions(
    page: Page[Any], read: Callable[[str | None], Awaitable[Page[Any]]]
) -> Portions:
    yield page.items
    while page.next is not None:
        page = await read(page.next)
        yield page.items


async def _answer(medium: Medium, table: Table, portions: Portions, about: About) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{_file_name(medium, about)}"',
        "X-As-Of": iso(about.as_of),
        "X-Lag-S": str(about.lag_s),
        "X-Sort": about.sort,
        "X-Filters": urlencode(about.filters),
    }
    match medium:
        case Medium.XLSX:
            file = await write_workbook(table, portions, about)
            headers["Content-Length"] = str(file.seek(0, 2))
            body = sent_from(file)
        case Medium.CSV:
            body = table.csv(portions)
        case _:
            body = table.ndjson(portions)
    return StreamingResponse(body, headers=headers, media_type=medium.value)


def _file_name(medium: Medium, about: About) -> str:
    return f"{about.name}-{local_day(about.as_of)}.{medium.ending}"


def _filters(asked: dict[str, Any]) -> dict[str, str]:
    """What the list was narrowed to, of all that its function was given."""
    plain = (str, int, float, UUID, date)
    return {name: str(value) for name, value in asked.items() if isinstance(value, plain)}
