"""Reading the views: what every query needs, so that each says only what is its own.

router = APIRouter(route_class=ListRoute)

@router.get("/theme-rounds")
async def theme_rounds(reader: Reading, listing: Listing) -> Page[RoundOverview]:
    reader.allow(role("employee"))
    return await reader.page(RoundOverview, listing)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Annotated, Any, Generic, Protocol, TypeVar

from fastapi import Depends, Query, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, Field

from shared.http.auth import Keys
from shared.http.filters import hold_filters
from shared.http.headers import bearer, read_headers
from shared.http.limits import MAX_INTEGER
from shared.http.media import Medium, chosen
from shared.http.openapi import AFTER, BEARER
from shared.http.waiting import Waits, wait_for_all
from shared.kernel.facts import Row
from shared.kernel.permissions import Actor, May, Relations
from shared.kernel.positions import Position
from shared.kernel.refusals import Forbidden, Malformed, Unknown
from shared.projections.documents import sortable_fields

R = TypeVar("R", bound=Row)
S = TypeVar("S", bound=Row)
MOST_ROWS = 500


class Found(Protocol):
    """Some rows, and the cursor to the ones after them."""

    @property
    def items(self) -> tuple[Any, ...]: ...
    @property
    def next(self) -> str | None: ...


class Freshness(Protocol):
    """How far the views have come: recorded until `as_of`, and `lag_s` behind."""

    @property
    def as_of(self) -> datetime: ...
    @property
    def lag_s(self) -> float: ...


class Rows(Waits, Protocol):
    """The service's own views."""

    async def page(
        self,
        row: type[R],
        filters: Mapping[str, Any],
        sort: str | None,
        cursor: str | None,
        limit: int,
    ) -> Found:
        """Return rows that have the values in `filters`.

        Raises Malformed (`sort_unknown`, `cursor_malformed`).
        """
        ...

    async def one(self, row: type[R], key: str) -> tuple[R, str] | None:
        """Return the row and the position of the last fact in it."""
        ...

    async def freshness(self) -> Freshness: ...


class Page(BaseModel, Generic[R]):
    """Some rows of a list, and how fresh they are."""

    items: tuple[R, ...]
    next: str | None = Field(description="`cursor` of the rows after these; null at the end.")
    as_of: datetime = Field(description="Everything recorded until then is in the rows.")
    lag_s: float = Field(description="How far the rows are behind, in seconds.")

    def shown_as(self, row: type[S], items: Iterable[S] | None = None) -> "Page[S]":
        """The same part with its rows as they are read: as given, else no more than `row` has."""
        shown = (_narrowed(row, each) for each in self.items) if items is None else items
        return Page[row](  # type: ignore[valid-type]
            items=tuple(shown), next=self.next, as_of=self.as_of, lag_s=self.lag_s
        )


class Item(BaseModel, Generic[R]):
    """One row, and how fresh it is."""

    item: R
    position: str = Field(description="The position of the last fact in the row.")
    as_of: datetime = Field(description="Everything recorded until then is in the row.")
    lag_s: float = Field(description="How far the row may be behind, in seconds.")

    def shown_as(self, row: type[S], item: S | None = None) -> "Item[S]":
        """The same with its row as it is read: as given, else no more than `row` has."""
        shown = _narrowed(row, self.item) if item is None else item
        return Item[row](  # type: ignore[valid-type]
            item=shown, position=self.position, as_of=self.as_of, lag_s=self.lag_s
        )


def _narrowed(row: type[S], wider: Row) -> S:
    return row.model_validate(wider.model_dump())


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list, in which order and form."""

    sort: str | None
    cursor: str | None
    limit: int
    medium: Medium = Medium.JSON
    shown: type[Row] | None = None
    """What the list shows of its rows, and may so be put in order by; None for all."""


@dataclass(frozen=True)
class Reads:
    """What stands behind every query."""

    rows: Rows
    keys: Keys
    now: Callable[[], datetime]


class Reader:
    """Who is reading, at which business instant, and the way to the rows."""

    def __init__(self, actor: Actor, reads: Reads, request: Request, response: Response) -> None:
        self.actor = actor
        self.rows = reads.rows
        self.now = reads.now()
        self._request = request
        self._response = response

    def allow(self, may: May, relations: Relations | None = None, **subject: Any) -> str:
        """Return in what capacity the caller may read this; raises Forbidden (`not_allowed`).

        `subject` gives the field that `oneself(field=...)` looks at.
        """
        asked = SimpleNamespace(on_behalf_of=None, **subject)
        capacity = may.capacity(self.actor, asked, relations or {})
        if capacity is None:
            raise Forbidden("not_allowed", who=str(may))
        return capacity

    async def page(
        self,
        row: type[R],
        listing: Slice,
        *,
        only: Callable[[R], bool] | None = None,
        **filters: Any,
    ) -> Page[R]:
        """Read a part of a list; a filter that is None is left out.

        With `only`, what is worked out of a row when it is read narrows the list as well (D10). Such
        a page may have fewer rows than asked for, but never none while there are more.
        Raises Malformed (`number_out_of_range`, `sort_unknown`, `cursor_malformed`).
        """
        wanted = {name: value for name, value in filters.items() if value is not None}
        for value in wanted.values():
            if isinstance(value, int) and abs(value) > MAX_INTEGER:
                raise Malformed("number_out_of_range")
        _hold_shown(row, listing)
        cursor = listing.cursor
        while True:
            found = await self.rows.page(row, wanted, listing.sort, cursor, listing.limit)
            items = tuple(each for each in found.items if only is None or only(each))
            cursor = found.next
            if items or cursor is None:
                break
        return await self.part(items, found.next)

    async def part(self, items: tuple[R, ...], following: str | None) -> Page[R]:
        """Give rows of a list with how fresh they are, and where those from `following` on are."""
        fresh = await self.rows.freshness()
        if following is not None:
            link_next(self._request, self._response, following)
        return Page[R](items=items, next=following, as_of=fresh.as_of, lag_s=fresh.lag_s)

    async def one(self, row: type[R], key: object) -> Item[R]:
        """Read one row by its key, with the version of its thing as ETag; raises Unknown."""
        found = await self.rows.one(row, str(key))
        if found is None:
            raise Unknown("unknown")
        item, at = found
        fresh = await self.rows.freshness()
        position = Position.parse(at)
        if position.stream.endswith(f"-{key}"):
            self._response.headers["ETag"] = f'"{position.version}"'
        return Item[R](item=item, position=at, as_of=fresh.as_of, lag_s=fresh.lag_s)


def link_next(request: Request, response: Response, cursor: str) -> None:
    """Say where the rows after these are."""
    following = request.url.include_query_params(cursor=cursor)
    response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'


def _hold_shown(row: type[Row], listing: Slice) -> None:
    """Hold that the order, and the cursors that name values of it, tell only what is shown."""
    if listing.sort is None or listing.shown is None:
        return
    known = [name for name in sortable_fields(row) if name in listing.shown.model_fields]
    if listing.sort.removeprefix("-") not in known:
        raise Malformed("sort_unknown", given=listing.sort[:100], known=known)


async def _reader(
    request: Request,
    response: Response,
    _token: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    after: Annotated[list[str] | None, Query(description=AFTER)] = None,
) -> Reader:
    reads: Reads = request.app.state.reads
    actor = await reads.keys.actor(bearer(read_headers(request.scope)))
    await wait_for_all(reads.rows, after or [])
    return Reader(actor, reads, request, response)


# FastAPI begins a thread for a dependency that is not async.
async def _listing(
    request: Request,
    sort: Annotated[
        str | None,
        Query(max_length=100, description="A field of the rows; `-` before it reverses."),
    ] = None,
    cursor: Annotated[
        str | None, Query(max_length=2000, description="`next` of the page before.")
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=MOST_ROWS, description="Rows of a JSON page; other forms have all.")
    ] = 50,
) -> Slice:
    hold_filters(request)
    return Slice(sort, cursor, limit, chosen(read_headers(request.scope).get(b"accept")))


def json_alone(request: Request) -> None:
    """Hold what every list does, for one without exports; raises Malformed or NotAcceptable."""
    hold_filters(request)
    chosen(read_headers(request.scope).get(b"accept"), (Medium.JSON,))


Listing = Annotated[Slice, Depends(_listing)]
Reading = Annotated[Reader, Depends(_reader)]
