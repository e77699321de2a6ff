"""Reading the reports on themes: where they come from, who finds them, and what they ask for."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from fastapi import APIRouter

from services.themes.projections.ideas import IdeaInbox
from services.themes.projections.local_discussions import LocalDiscussion
from services.themes.projections.proposals import ThemeProposals
from services.themes.queries import figures
from services.themes.queries.figures import DemandByType, ThemeFinders, ThemeOriginStats
from services.themes.queries.themes import READERS
from shared.contracts.vocabulary import HalfYear, IdeaChannel, NetworkType, OrgUnitId, PersonId
from shared.http.lists import ListRoute
from shared.http.reading import MOST_ROWS, Listing, Page, Reader, Reading, Slice
from shared.kernel.facts import Row
from shared.kernel.refusals import Malformed
from shared.people import Person

router = APIRouter(route_class=ListRoute)

R = TypeVar("R", bound=Row)


@router.get("/reports/theme-origins")
async def theme_origins(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    org_unit_id: OrgUnitId | None = None,
    channel: IdeaChannel | None = None,
) -> Page[ThemeOriginStats]:
    """See where themes come from, half-year by half-year, and how far they came (V3)."""
    reader.allow(READERS)
    themes, inbox = await _all(reader, ThemeProposals), await _all(reader, IdeaInbox)
    people = {each.proposer_id for theme in themes for each in theme.proposals}
    units = await _units(reader, people | {each.person_id for each in inbox})
    counted = figures.theme_origins(themes, inbox, units)
    return await _page(
        reader, counted, listing, half_year=half_year, org_unit_id=org_unit_id, channel=channel
    )


@router.get("/reports/theme-finders")
async def theme_finders(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    org_unit_id: OrgUnitId | None = None,
    member_id: PersonId | None = None,
) -> Page[ThemeFinders]:
    """See how many themes each department found in its theme discussion (R65)."""
    reader.allow(READERS)
    discussions = await _all(reader, LocalDiscussion)
    counted = figures.theme_finders(discussions, await _all(reader, ThemeProposals))
    return await _page(
        reader, counted, listing, half_year=half_year, org_unit_id=org_unit_id, member_id=member_id
    )


@router.get("/reports/demand-by-type")
async def demand_by_type(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    network_type: NetworkType | None = None,
) -> Page[DemandByType]:
    """See which network type the themes ask for (V4, R88)."""
    reader.allow(READERS)
    counted = figures.demand_by_type(await _all(reader, ThemeProposals))
    return await _page(reader, counted, listing, half_year=half_year, network_type=network_type)


async def _all(reader: Reader, row: type[R]) -> list[R]:
    rows: list[R] = []
    cursor: str | None = None
    while True:
        found = await reader.rows.page(row, {}, None, cursor, MOST_ROWS)
        rows += found.items
        if found.next is None:
            return rows
        cursor = found.next


async def _units(reader: Reader, people: Iterable[PersonId]) -> dict[PersonId, OrgUnitId | None]:
    known = {each: await reader.rows.one(Person, str(each)) for each in people}
    return {each: found[0].org_unit_id for each, found in known.items() if found}


async def _page(reader: Reader, counted: Sequence[R], listing: Slice, **filters: object) -> Page[R]:
    """Give what was counted as other lists are given; the cursor is how many came before."""
    fresh = await reader.rows.freshness()
    wanted = {name: value for name, value in filters.items() if value is not None}
    rows = [
        each
        for each in counted
        if all(getattr(each, name) == value for name, value in wanted.items())
    ]
    rows = in_order(rows, listing.sort)
    first = _place(listing.cursor)
    after = first + listing.limit
    return Page(
        items=tuple(rows[first:after]),
        next=str(after) if after < len(rows) else None,
        as_of=fresh.as_of,
        lag_s=fresh.lag_s,
    )


def in_order(rows: list[R], sort: str | None) -> list[R]:
    """Put rows in the order of a field, `-` before it to reverse; what is missing comes first.

    Raises Malformed (`sort_unknown`).
    """
    if sort is None or not rows:
        return rows
    field = sort.removeprefix("-")
    known = tuple(type(rows[0]).model_fields)
    if field not in known:
        raise Malformed("sort_unknown", given=sort[:100], known=", ".join(known))

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
