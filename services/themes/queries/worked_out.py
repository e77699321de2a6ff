"""Lists of what is worked out when it is read, given as other lists are."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from shared.http.reading import MOST_ROWS, Page, Reader, Slice
from shared.kernel.facts import Row
from shared.kernel.refusals import Malformed

R = TypeVar("R", bound=Row)


async def whole(reader: Reader, row: type[R], **filters: Any) -> list[R]:
    """All rows of a view; a filter that is None is left out."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    rows: list[R] = []
    cursor: str | None = None
    while True:
        found = await reader.rows.page(row, wanted, None, cursor, MOST_ROWS)
        rows += found.items
        if found.next is None:
            return rows
        cursor = found.next


async def part_of(
    reader: Reader, row: type[R], rows: Iterable[R], listing: Slice, **filters: object
) -> Page[R]:
    """Some of the rows, in the order asked for; the cursor is how many came before.

    Raises Malformed (`sort_unknown`, `cursor_malformed`).
    """
    wanted = {name: value for name, value in filters.items() if value is not None}
    kept = [
        each for each in rows if all(getattr(each, name) == value for name, value in wanted.items())
    ]
    ordered = in_order(row, kept, listing.sort)
    first = _place(listing.cursor)
    after = first + listing.limit
    following = str(after) if after < len(ordered) else None
    return await reader.part(tuple(ordered[first:after]), following)


def in_order(row: type[R], rows: Sequence[R], sort: str | None) -> Sequence[R]:
    """Put rows in the order of a field, `-` before it to reverse; what is missing comes first.

    Raises Malformed (`sort_unknown`), also where there are no rows.
    """
    if sort is None:
        return rows
    field = sort.removeprefix("-")
    known = tuple(row.model_fields)
    if field not in known:
        raise Malformed("sort_unknown", given=sort[:100], known=known)

    def value(row: R) -> tuple[bool, object]:
        found = getattr(row, field)
        return (found is not None, found if isinstance(found, int) else str(found))

    return sorted(rows, key=value, reverse=sort.startswith("-"))


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Malformed("cursor_malformed")
    return int(cursor)
