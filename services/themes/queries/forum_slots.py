"""Reading the chief forum's slots and their agendas."""

from datetime import date

from fastapi import APIRouter

from services.themes.projections.forum_agenda import ForumAgenda
from services.themes.projections.forum_calendar import ForumCalendar
from services.themes.queries.themes import READERS
from shared.contracts.vocabulary import AgendaKind, ForumSlotState, Month
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reading
from shared.policy.periods import local_day

router = APIRouter(route_class=ListRoute)


class ForumMonth(ForumCalendar):
    """A month of the calendar as it is seen on the day it is read."""

    missing: bool = False
    """Whether it has begun without a slot, and without word that there is to be none (R203)."""


def as_seen(row: ForumCalendar, today: date) -> ForumMonth:
    """Tell whether a month that has begun by now lacks its slot."""
    return ForumMonth(missing=_is_missing(row, today), **row.model_dump())


def _is_missing(row: ForumCalendar, today: date) -> bool:
    return row.state is ForumSlotState.AGENDA_ONLY and row.first_day <= today


@router.get("/forum-slots")
async def forum_slots(
    reader: Reading,
    listing: Listing,
    month: Month | None = None,
    state: ForumSlotState | None = None,
    missing: bool | None = None,  # noqa: FBT001 - a query parameter has its name in the URL
    over_full: bool | None = None,  # noqa: FBT001
) -> Page[ForumMonth]:
    """See month by month whether there is a slot, and what is on it (V7)."""
    reader.allow(READERS)
    today = local_day(reader.now)
    page = await reader.page(
        ForumCalendar,
        listing,
        only=lambda row: missing in {None, _is_missing(row, today)},
        month=month,
        state=state,
        over_full=over_full,
    )
    return page.shown_as(ForumMonth, (as_seen(each, today) for each in page.items))


@router.get("/forum-slots/{month}")
async def forum_slot(month: Month, reader: Reading) -> Item[ForumMonth]:
    """See one month's slot."""
    reader.allow(READERS)
    found = await reader.one(ForumCalendar, month)
    return found.shown_as(ForumMonth, as_seen(found.item, local_day(reader.now)))


@router.get("/forum-slots/{month}/agenda")
async def forum_agenda(
    month: Month,
    reader: Reading,
    listing: Listing,
    kind: AgendaKind | None = None,
    taken_off: bool | None = None,  # noqa: FBT001
) -> Page[ForumAgenda]:
    """See what is on a month's agenda, and what became of it."""
    reader.allow(READERS)
    return await reader.page(ForumAgenda, listing, month=month, kind=kind, taken_off=taken_off)
