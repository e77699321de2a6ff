"""Reading what was told, to whom, and what is awaited."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header

from services.notifications.projections import SECRETARIAT, Address, DeadlineBoard, DeliveryLog
from services.notifications.texts import render
from shared.contracts.vocabulary import Channel
from shared.http.headers import language
from shared.http.lists import ListRoute
from shared.http.reading import Listing, Page, Reading
from shared.kernel.facts import Row
from shared.kernel.permissions import Actor, role
from shared.kernel.refusals import Forbidden

router = APIRouter(route_class=ListRoute)

REPORTS = role("secretariat") | role("municipal_director") | role("reporter")
"""Who reads reports (P47)."""


class InboxEntry(Row):
    """A message as its receiver reads it."""

    delivery: str
    template: str
    subject: str
    body: str
    told_at: datetime | None


@router.get("/inbox")
async def inbox(
    reader: Reading,
    listing: Listing,
    whose: Literal["own", "secretariat"] = "own",
    template: str | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> Page[InboxEntry]:
    """Read one's own inbox, or the one that the secretariat shares.

    The texts are in the language that is asked for, else in the reader's own.
    """
    receiver = inbox_of(reader.actor, whose)
    page = await reader.page(
        DeliveryLog, listing, channel=Channel.INBOX, receiver=receiver, template=template
    )
    found = await reader.rows.one(Address, str(reader.actor.person_id))
    spoken = language_for(accept_language, found[0] if found else None)
    return page.shown_as(InboxEntry, (_entry(row, spoken) for row in page.items))


def inbox_of(actor: Actor, whose: Literal["own", "secretariat"]) -> str:
    """The receiver whose messages the actor may read; raises Forbidden (`not_allowed`).

    Everybody who is a person has an inbox, in whatever role.
    """
    if whose == "secretariat":
        if not actor.has("secretariat"):
            raise Forbidden("not_allowed", who="secretariat")
        return SECRETARIAT
    if actor.person_id is None:
        raise Forbidden("not_allowed", who="person")
    return str(actor.person_id)


def language_for(accept_language: str | None, reader: Address | None) -> str:
    """The language that is asked for, else the reader's own, else Danish."""
    if accept_language is not None:
        return language({b"accept-language": accept_language})
    return reader.language if reader else "da"


def _entry(row: DeliveryLog, spoken: str) -> InboxEntry:
    message = render(row.template, row.facts, spoken)
    return InboxEntry(
        delivery=row.delivery,
        template=row.template,
        subject=message.subject,
        body=message.body,
        told_at=row.told_at,
    )


@router.get("/deliveries")
async def deliveries(
    reader: Reading,
    listing: Listing,
    state: str | None = None,
    channel: Channel | None = None,
    template: str | None = None,
    receiver: str | None = None,
    source_event: str | None = None,
) -> Page[DeliveryLog]:
    """See whether they got it (V40): every message, its receiver, channel and state."""
    reader.allow(REPORTS)
    return await reader.page(
        DeliveryLog,
        listing,
        state=state,
        channel=channel,
        template=template,
        receiver=receiver,
        source_event=source_event,
    )


@router.get("/reminders")
async def reminders(
    reader: Reading,
    listing: Listing,
    state: str | None = None,
    deadline: str | None = None,
    subject: str | None = None,
) -> Page[DeadlineBoard]:
    """See what is about to fall due (V39)."""
    reader.allow(REPORTS)
    return await reader.page(
        DeadlineBoard, listing, state=state, deadline=deadline, subject=subject
    )
