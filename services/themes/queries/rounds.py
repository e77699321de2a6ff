"""Reading the rounds."""

from datetime import date

from fastapi import APIRouter

from services.themes.domain.known import KnownRounds
from services.themes.projections.local_discussions import LocalDiscussion
from services.themes.projections.rounds import RoundOverview
from services.themes.queries.themes import READERS
from shared.contracts.vocabulary import HalfYear, OrgUnitId, PersonId
from shared.http.lists import ListRoute
from shared.http.reading import Listing, Page, Reading
from shared.policy.periods import local_day

router = APIRouter(route_class=ListRoute)


class RoundNow(RoundOverview):
    """A round as it looks today."""

    overdue: bool = False
    """Whether the round after it should have been opened by now, and has not (R51)."""


def as_seen(row: RoundOverview, rounds: KnownRounds, today: date) -> RoundNow:
    """Tell whether the next round is missing."""
    return RoundNow(overdue=_is_overdue(row, rounds, today), **row.model_dump())


def _is_overdue(row: RoundOverview, rounds: KnownRounds, today: date) -> bool:
    """Whether the round after it is missing; only the latest one can lack it."""
    is_latest = row.half_year == max(rounds.opened, default=row.half_year)
    return is_latest and row.next_due_on is not None and row.next_due_on < today


@router.get("/theme-rounds")
async def theme_rounds(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    closed: bool | None = None,  # noqa: FBT001 - a query parameter has its name in the URL
    overdue: bool | None = None,  # noqa: FBT001
) -> Page[RoundNow]:
    """See the half-years' rounds with their themes in order, and what was left (V6)."""
    reader.allow(READERS)
    known = await reader.rows.one(KnownRounds, "all")
    rounds, today = known[0] if known else KnownRounds(), local_day(reader.now)

    def wanted(row: RoundOverview) -> bool:
        is_closed, is_overdue = row.closed_on is not None, _is_overdue(row, rounds, today)
        return closed in {None, is_closed} and overdue in {None, is_overdue}

    page = await reader.page(RoundOverview, listing, only=wanted, half_year=half_year)
    return page.shown_as(RoundNow, (as_seen(each, rounds, today) for each in page.items))


@router.get("/theme-rounds/{half_year}/discussions")
async def local_discussions(
    half_year: HalfYear,
    reader: Reading,
    listing: Listing,
    org_unit_id: OrgUnitId | None = None,
    member_id: PersonId | None = None,
    missing: bool | None = None,  # noqa: FBT001
    assisted: bool | None = None,  # noqa: FBT001
) -> Page[LocalDiscussion]:
    """See which departments have discussed their themes in a round, and which have not (V6)."""
    reader.allow(READERS)
    return await reader.page(
        LocalDiscussion,
        listing,
        half_year=half_year,
        org_unit_id=org_unit_id,
        member_id=member_id,
        missing=missing,
        assisted=assisted,
    )
