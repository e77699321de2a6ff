"""The chief forum's monthly slot for networks: its agenda, its observers, what was treated."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.vocabulary import (
    AgendaKind,
    ForumRight,
    Month,
    NoteId,
    PersonId,
    Text,
    Title,
    Touchpoint,
)
from shared.kernel.events import Event


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class AgendaItem(_Part):
    """What is to be treated; a touchpoint's subject is the network, a round's its half-year.

    It keeps its id from month to month, until it is treated. A touchpoint and a round have one
    each, whoever puts them on an agenda.
    """

    item_id: UUID
    kind: AgendaKind
    subject: str | None = None
    title: Title
    minutes: int

    @property
    def touchpoint(self) -> Touchpoint | None:
        """Which touchpoint of its network it is; None for anything else (R86)."""
        match self.kind:
            case AgendaKind.TOUCHPOINT_START:
                return Touchpoint.START
            case AgendaKind.TOUCHPOINT_CLOSING:
                return Touchpoint.CLOSING
            case _:
                return None


class Attendee(_Part):
    """Who was there, and with which right (R201)."""

    person_id: PersonId
    right: ForumRight


class ForumSlotScheduled(Event):
    """The month's slot has a time; told again when it moves (R203)."""

    month: Month
    starts_at: datetime
    minutes: int
    attendees: tuple[PersonId, ...] = ()
    """Who is asked to come; not all of the forum have to (R204)."""
    sequence: int = 0
    """How often it has moved, for calendars."""


class ForumAgendaItemAdded(Event):
    """Something is on the month's agenda, also before the slot has a time (R203, R205)."""

    month: Month
    item: AgendaItem
    late: bool = False
    """The slot was over already, so that the item goes on to the next month (R86)."""
    slot_minutes: int | None = None
    """How long the slot was then, or by the policy is to be, where it has no time (R203)."""


class ForumAgendaItemTakenOff(Event):
    """Something is on the month's agenda no more: there by mistake, treated elsewhere, or moved."""

    month: Month
    item: AgendaItem
    moved: bool = False
    """It has another day, and may be put on this month's agenda once more (R206)."""
    late: bool = False
    """It came when the slot was over already."""


class ForumMonthPassed(Event):
    """The month went by, and nobody said whether its slot was held; its items move on (R86)."""

    month: Month
    items: tuple[AgendaItem, ...]


class ForumObserverInvited(Event):
    """Somebody may be there and speak, and does not decide (R201, R202)."""

    month: Month
    person_id: PersonId
    municipal_director_id: PersonId
    secretariat_lead_id: PersonId
    """Both agreed on it."""
    reason_note: NoteId


class ForumObserverWithdrawn(Event):
    """An invitation was a mistake: nobody is an observer for its sake any more (R201, R202)."""

    month: Month
    person_id: PersonId
    reason_note: NoteId


class ForumSlotHeld(Event):
    """The slot was held; told again when more turns out to have been treated (R203)."""

    month: Month
    attendees: tuple[Attendee, ...]
    treated: tuple[UUID, ...]
    untreated: tuple[AgendaItem, ...]
    minutes_used: int | None = None


class ForumSlotCancelled(Event):
    """The month's slot is not held; its items move on (R203)."""

    month: Month
    reason: Text
    items: tuple[AgendaItem, ...]
    attendees: tuple[PersonId, ...]
    sequence: int


class ForumTouchpointRecorded(Event):
    """The chief forum has treated a network's start or closing (R86)."""

    month: Month
    network_id: UUID
    touchpoint: Touchpoint


ForumSlotEvent = (
    ForumSlotScheduled
    | ForumAgendaItemAdded
    | ForumAgendaItemTakenOff
    | ForumMonthPassed
    | ForumObserverInvited
    | ForumObserverWithdrawn
    | ForumSlotHeld
    | ForumSlotCancelled
    | ForumTouchpointRecorded
)
