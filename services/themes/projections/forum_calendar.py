"""The chief forum's slots, month by month (V7)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, assert_never
from uuid import UUID

from pydantic import Field

from services.themes.domain.forum_slot.known import following
from shared.contracts.themes import (
    AgendaItem,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumMonthPassed,
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ForumSlotCancelled,
    ForumSlotEvent,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import (
    ForumRight,
    ForumSlotState,
    Month,
    PersonId,
    Touchpoint,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.policy.periods import LAST_MONTH, first_day, local_day, months_after, start_of


class ForumCalendar(Row):
    """A month's slot, keyed by the month; one that was never spoken of has a row too.

    So it can be seen that a month has no slot (R203): each month that is spoken of, or goes by,
    opens the one after it; or the present one, where it is over a year ago.
    """

    month: Month
    first_day: date
    state: ForumSlotState = ForumSlotState.AGENDA_ONLY
    starts_at: datetime | None = None
    minutes: int | None = None
    sequence: int = 0
    asked: tuple[PersonId, ...] = ()
    """Who was asked to come (R204)."""
    observers: tuple[PersonId, ...] = ()
    """Who was invited to listen and speak (R201)."""
    members_there: tuple[PersonId, ...] = ()
    observers_there: tuple[PersonId, ...] = ()
    minutes_used: int | None = None
    reason: str | None = None
    """Why it was cancelled."""
    titles: dict[str, str] = Field(default_factory=dict)
    """The id of each item on the agenda -> its title, in the order they came."""
    agenda_minutes: int = 0
    """What it takes, but for what came too late."""
    over_full: bool = False
    """Whether the agenda is longer than the slot (R203)."""
    usual_minutes: int | None = None
    """How long the slot is to be while it has no time; None before anything is on the agenda."""
    untreated: int = 0
    """How many items went on to the next month."""
    starts_left: tuple[UUID, ...] = ()
    """The learning networks whose start was to be treated this month, and was not (R86)."""
    closings_left: tuple[UUID, ...] = ()
    """Those whose closing was to be treated, and was not (R86)."""
    starts_treated: tuple[UUID, ...] = ()
    """The learning networks whose start was treated (R86)."""
    closings_treated: tuple[UUID, ...] = ()
    """Those whose closing was."""
    passes_at: datetime | None = None
    """When the month is gone; None when its slot was held or cancelled, or when it has passed."""


def _months(fact: Recorded[ForumSlotEvent]) -> Iterable[str]:
    month = fact.event.month
    if month == LAST_MONTH:
        return (month,)
    return (month, following(month, local_day(fact.at)))


def _fold(row: ForumCalendar | None, fact: Recorded[ForumSlotEvent], key: str) -> ForumCalendar:
    row = row or ForumCalendar(month=key, first_day=first_day(key), passes_at=_end(key))
    event = fact.event
    if event.month != key:
        return row
    folded = row.model_copy(update=_changed(row, event))
    minutes = folded.minutes or folded.usual_minutes or folded.agenda_minutes
    return folded.model_copy(update={"over_full": folded.agenda_minutes > minutes})


def _end(month: Month) -> datetime:
    return start_of(first_day(months_after(month))).astimezone(UTC)


def _changed(row: ForumCalendar, event: ForumSlotEvent) -> dict[str, Any]:
    match event:
        case ForumSlotScheduled():
            again: dict[str, Any] = {
                "titles": {},
                "agenda_minutes": 0,
                "untreated": 0,
                "starts_left": (),
                "closings_left": (),
                "passes_at": _end(row.month),
            }
            was_cancelled = row.state is ForumSlotState.CANCELLED
            return (again if was_cancelled else {}) | {
                "state": ForumSlotState.SCHEDULED,
                "starts_at": event.starts_at,
                "minutes": event.minutes,
                "sequence": event.sequence,
                "asked": event.attendees,
                "reason": None,
            }
        case ForumAgendaItemAdded():
            titles: dict[str, Any] = {
                "titles": row.titles | {str(event.item.item_id): event.item.title}
            }
            if event.late:
                return titles | _left_too(row, event.item)
            return titles | {
                "agenda_minutes": row.agenda_minutes + event.item.minutes,
                "usual_minutes": event.slot_minutes,
            }
        case ForumAgendaItemTakenOff():
            taken_off = str(event.item.item_id)
            return {
                "titles": {key: title for key, title in row.titles.items() if key != taken_off},
                "agenda_minutes": row.agenda_minutes - (0 if event.late else event.item.minutes),
            }
        case ForumMonthPassed():
            return {"passes_at": None, **_left(event.items)}
        case ForumObserverInvited():
            return {"observers": tuple(sorted({*row.observers, event.person_id}))}
        case ForumObserverWithdrawn():
            return {"observers": tuple(sorted({*row.observers} - {event.person_id}))}
        case ForumSlotHeld():
            return {
                "state": ForumSlotState.HELD,
                "members_there": _there(event, ForumRight.MEMBER),
                "observers_there": _there(event, ForumRight.OBSERVER),
                "minutes_used": event.minutes_used,
                "passes_at": None,
                **_left(event.untreated),
            }
        case ForumSlotCancelled():
            return {
                "state": ForumSlotState.CANCELLED,
                "sequence": event.sequence,
                "reason": event.reason,
                "passes_at": None,
                **_left(event.items),
            }
        case ForumTouchpointRecorded():
            is_start = event.touchpoint is Touchpoint.START
            name = "starts_treated" if is_start else "closings_treated"
            return {name: tuple(sorted({*getattr(row, name), event.network_id}))}
        case other:
            assert_never(other)


def _left(items: Sequence[AgendaItem]) -> dict[str, Any]:
    return {
        "untreated": len(items),
        "starts_left": _networks(items, Touchpoint.START),
        "closings_left": _networks(items, Touchpoint.CLOSING),
    }


def _left_too(row: ForumCalendar, item: AgendaItem) -> dict[str, Any]:
    """What came too late is left besides what was left before."""
    now = _left((item,))
    return {
        "untreated": row.untreated + 1,
        "starts_left": tuple(sorted({*row.starts_left, *now["starts_left"]})),
        "closings_left": tuple(sorted({*row.closings_left, *now["closings_left"]})),
    }


def _networks(items: Iterable[AgendaItem], touchpoint: Touchpoint) -> tuple[UUID, ...]:
    left = (each.subject for each in items if each.touchpoint is touchpoint)
    return tuple(sorted({UUID(each) for each in left if each}))


def _there(held: ForumSlotHeld, right: ForumRight) -> tuple[PersonId, ...]:
    return tuple(each.person_id for each in held.attendees if each.right is right)


FORUM_CALENDAR = View.of(
    ForumCalendar,
    ForumSlotEvent,
    keys=_months,
    fold=_fold,
    indexes=("month", "first_day", "state", "passes_at"),
)
