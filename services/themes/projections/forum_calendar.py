"""The chief forum's slots, month by month, and what is on their agendas (V7)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.themes import (
    AgendaItem,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumMonthPassed,
    ForumObserverInvited,
    ForumSlotCancelled,
    ForumSlotEvent,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import (
    AgendaKind,
    ForumRight,
    ForumSlotState,
    Month,
    PersonId,
    Touchpoint,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.policy.periods import LAST_MONTH, first_day, months_after, start_of


class ForumCalendar(Row):
    """A month's slot, keyed by the month; one that was never spoken of has a row too.

    So it can be seen that a month has no slot (R203): each month that is spoken of, or goes by,
    opens the one after it.
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
    titles: tuple[str, ...] = ()
    """What is on the agenda, in the order it came."""
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
    starts_treated: tuple[UUID, ...] = ()
    """The learning networks whose start was treated (R86)."""
    closings_treated: tuple[UUID, ...] = ()
    """Those whose closing was."""
    passes_at: datetime | None = None
    """When the month is gone; None when its slot was held or cancelled, or when it has passed."""


def _months(fact: Recorded[ForumSlotEvent]) -> Iterable[str]:
    month = fact.event.month
    return (month, months_after(month)) if month < LAST_MONTH else (month,)


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
                "titles": (),
                "agenda_minutes": 0,
                "untreated": 0,
                "starts_left": (),
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
            titles: dict[str, Any] = {"titles": (*row.titles, event.item.title)}
            if event.late:
                starts = (*row.starts_left, *_starts((event.item,)))
                return titles | _left(row.untreated + 1, starts)
            return titles | {
                "agenda_minutes": row.agenda_minutes + event.item.minutes,
                "usual_minutes": event.slot_minutes,
            }
        case ForumAgendaItemTakenOff():
            left = list(row.titles)
            left.remove(event.item.title)
            minutes = row.agenda_minutes - event.item.minutes
            return {"titles": tuple(left), "agenda_minutes": minutes}
        case ForumMonthPassed():
            return {"passes_at": None, **_left(len(event.items), _starts(event.items))}
        case ForumObserverInvited():
            return {"observers": tuple(sorted({*row.observers, event.person_id}))}
        case ForumSlotHeld():
            return {
                "state": ForumSlotState.HELD,
                "members_there": _there(event, ForumRight.MEMBER),
                "observers_there": _there(event, ForumRight.OBSERVER),
                "minutes_used": event.minutes_used,
                "passes_at": None,
                **_left(len(event.untreated), _starts(event.untreated)),
            }
        case ForumSlotCancelled():
            return {
                "state": ForumSlotState.CANCELLED,
                "sequence": event.sequence,
                "reason": event.reason,
                "passes_at": None,
                **_left(len(event.items), _starts(event.items)),
            }
        case ForumTouchpointRecorded():
            is_start = event.touchpoint is Touchpoint.START
            name = "starts_treated" if is_start else "closings_treated"
            return {name: tuple(sorted({*getattr(row, name), event.network_id}))}
        case other:
            assert_never(other)


def _left(items: int, starts: Iterable[UUID]) -> dict[str, Any]:
    return {"untreated": items, "starts_left": tuple(sorted(set(starts)))}


def _starts(items: Iterable[AgendaItem]) -> Iterable[UUID]:
    return (
        UUID(each.subject) for each in items if each.subject and each.touchpoint is Touchpoint.START
    )


def _there(held: ForumSlotHeld, right: ForumRight) -> tuple[PersonId, ...]:
    return tuple(each.person_id for each in held.attendees if each.right is right)


class ForumAgenda(Row):
    """An item of a month's agenda, keyed by `<month>/<item>`; one that moves on has two rows."""

    month: Month
    item_id: UUID
    kind: AgendaKind
    subject: str | None = None
    """The network of a touchpoint, the half-year of a round."""
    title: str
    minutes: int
    added_on: date
    treated_on: date | None = None
    carried_over: bool = False
    """Whether it was not treated, and went on to the next month."""
    taken_off: bool = False
    """Whether it is on this agenda no more."""


AgendaHeard = (
    ForumAgendaItemAdded
    | ForumAgendaItemTakenOff
    | ForumMonthPassed
    | ForumSlotHeld
    | ForumSlotCancelled
)


def _items(fact: Recorded[AgendaHeard]) -> Iterable[str]:
    event = fact.event
    ids: Iterable[UUID]
    match event:
        case ForumAgendaItemAdded() | ForumAgendaItemTakenOff():
            ids = (event.item.item_id,)
        case ForumSlotHeld():
            ids = (*event.treated, *(each.item_id for each in event.untreated))
        case ForumSlotCancelled() | ForumMonthPassed():
            ids = (each.item_id for each in event.items)
        case other:
            assert_never(other)
    return tuple(f"{event.month}/{each}" for each in ids)


def _item(row: ForumAgenda | None, fact: Recorded[AgendaHeard], key: str) -> ForumAgenda:
    event = fact.event
    if isinstance(event, ForumAgendaItemAdded):
        told = event.item.model_dump()
        return ForumAgenda(month=event.month, added_on=event.on, carried_over=event.late, **told)
    assert row is not None
    if isinstance(event, ForumAgendaItemTakenOff):
        return row.model_copy(update={"taken_off": True})
    if isinstance(event, ForumSlotHeld) and row.item_id in event.treated:
        return row.model_copy(
            update={"treated_on": row.treated_on or event.on, "carried_over": False}
        )
    return row.model_copy(update={"carried_over": True})


FORUM_CALENDAR = View.of(
    ForumCalendar,
    ForumSlotEvent,
    keys=_months,
    fold=_fold,
    indexes=("month", "first_day", "state", "passes_at"),
)
FORUM_AGENDA = View.of(
    ForumAgenda,
    AgendaHeard,
    keys=_items,
    fold=_item,
    indexes=("month", "kind", "subject"),
)
