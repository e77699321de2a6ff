"""Reading what was sent in, one's own or all of it, and the open calls."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from services.themes.projections.idea_calls import IdeaCalls
from services.themes.projections.ideas import IdeaInbox
from services.themes.queries.themes import READERS
from shared.contracts.vocabulary import (
    HalfYear,
    IdeaChannel,
    InquiryKind,
    InquiryOutcome,
    PersonId,
)
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reading
from shared.kernel.permissions import oneself, role
from shared.policy.periods import local_day

router = APIRouter(route_class=ListRoute)


class IdeaNow(IdeaInbox):
    """What was sent in, as it looks today."""

    days_waiting: int
    """From the day it was received until the first answer, or until today while there is none."""


def as_seen(row: IdeaInbox, today: date) -> IdeaNow:
    """Tell how long it has waited, or did (V5)."""
    waited = (row.first_answered_on or today) - row.received_on
    return IdeaNow(days_waiting=waited.days, **row.model_dump())


INBOX_READERS = role("secretariat") | role("municipal_director") | role("reporter")
"""Who reads everybody's ideas (P47); integrators do not, as little as they hear of them."""
OR_THE_SENDER = (
    oneself(field="person_id") | oneself("participant", field="person_id") | INBOX_READERS
)
"""Also whoever sent it in, from inside or outside (P41)."""
EVERYBODY = role("employee") | role("participant") | READERS


@router.get("/inquiries")
async def inquiries(
    reader: Reading,
    listing: Listing,
    kind: InquiryKind | None = None,
    channel: IdeaChannel | None = None,
    person_id: PersonId | None = None,
    outcome: InquiryOutcome | None = None,
    idea_call_id: UUID | None = None,
    theme_id: UUID | None = None,
    *,
    waiting: bool | None = None,
    wants_to_lead: bool | None = None,
) -> Page[IdeaNow]:
    """See who waits for an answer (V5); with their own `person_id` anybody sees their own."""
    reader.allow(OR_THE_SENDER, person_id=person_id)
    page = await reader.page(
        IdeaInbox,
        listing,
        kind=kind,
        channel=channel,
        person_id=person_id,
        outcome=outcome,
        idea_call_id=idea_call_id,
        theme_id=theme_id,
        waiting=waiting,
        wants_to_lead=wants_to_lead,
    )
    today = local_day(reader.now)
    return page.shown_as(IdeaNow, (as_seen(each, today) for each in page.items))


@router.get("/inquiries/{inquiry_id}")
async def inquiry(inquiry_id: UUID, reader: Reading) -> Item[IdeaNow]:
    """See one idea, task or question and what came of it; whoever sent it in does too."""
    found = await reader.one(IdeaInbox, inquiry_id)
    reader.allow(OR_THE_SENDER, person_id=found.item.person_id)
    return found.shown_as(IdeaNow, as_seen(found.item, local_day(reader.now)))


@router.get("/idea-calls")
async def idea_calls(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    *,
    closed: bool | None = None,
) -> Page[IdeaCalls]:
    """See what is asked for, until when (R37)."""
    reader.allow(EVERYBODY)
    return await reader.page(IdeaCalls, listing, half_year=half_year, closed=closed)


@router.get("/idea-calls/{idea_call_id}")
async def idea_call(idea_call_id: UUID, reader: Reading) -> Item[IdeaCalls]:
    """See one open call."""
    reader.allow(EVERYBODY)
    return await reader.one(IdeaCalls, idea_call_id)
