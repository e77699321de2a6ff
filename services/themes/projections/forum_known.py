"""The slots, what they are to treat and who only listens, as reactions and commands need them."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

from services.themes.domain.forum_slot.known import (
    AgendaMatter,
    ForumObserver,
    SlotCalendar,
    id_of_matter,
    touchpoints_of,
)
from services.themes.projections.known import the_one_row
from shared.contracts.networks import NetworkCancelled, NetworkClosed, NetworkClosingAnnounced
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ForumSlotCancelled,
    ForumSlotHeld,
    ForumSlotScheduled,
    ThemeRoundClosed,
)
from shared.contracts.vocabulary import AgendaKind, Month
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy.periods import local_day

SlotHeard = ForumSlotScheduled | ForumSlotHeld | ForumSlotCancelled
MatterHeard = (
    ForumAgendaItemAdded
    | ForumSlotHeld
    | ThemeRoundClosed
    | NetworkClosingAnnounced
    | NetworkClosed
    | NetworkCancelled
)
ObserverHeard = ForumObserverInvited | ForumObserverWithdrawn


def _calendar(row: SlotCalendar | None, fact: Recorded[SlotHeard], key: str) -> SlotCalendar:
    row = row or SlotCalendar()
    event = fact.event
    match event:
        case ForumSlotScheduled():
            days = {**row.days, event.month: local_day(event.starts_at)}
            over = tuple(each for each in row.over if each != event.month)
            return SlotCalendar(days=dict(sorted(days.items())), over=over)
        case ForumSlotHeld() | ForumSlotCancelled():
            over = tuple(sorted({*row.over, event.month}))
            return row.model_copy(update={"over": over})
        case other:
            assert_never(other)


def _matters(fact: Recorded[MatterHeard]) -> Iterable[str]:
    event = fact.event
    ids: Iterable[UUID]
    match event:
        case ForumAgendaItemAdded():
            ids = (event.item.item_id,)
        case ForumSlotHeld():
            ids = event.treated
        case ThemeRoundClosed():
            ids = (id_of_matter(AgendaKind.THEME_ROUND, event.half_year),)
        case NetworkClosingAnnounced():
            ids = (id_of_matter(AgendaKind.TOUCHPOINT_CLOSING, fact.key),)
        case NetworkClosed() | NetworkCancelled():
            ids = touchpoints_of(fact.key)
        case other:
            assert_never(other)
    return tuple(str(each) for each in ids)


def _matter(row: AgendaMatter | None, fact: Recorded[MatterHeard], key: str) -> AgendaMatter:
    # Each of the facts only adds, so that it does not matter which stream is heard first.
    row = row or AgendaMatter()
    event = fact.event
    match event:
        case ForumAgendaItemAdded():
            return row.model_copy(update={"months": _with(row.months, event.month)})
        case ForumSlotHeld():
            return row.model_copy(update={"treated_in": _with(row.treated_in, event.month)})
        case NetworkClosingAnnounced():
            return row.model_copy(update={"is_announced": True})
        case ThemeRoundClosed() | NetworkClosed() | NetworkCancelled():
            return row.model_copy(update={"is_over": True})
        case other:
            assert_never(other)


def _person(fact: Recorded[ObserverHeard]) -> tuple[str]:
    return (str(fact.event.person_id),)


def _observer(
    row: ForumObserver | None, fact: Recorded[ObserverHeard], key: str
) -> ForumObserver | None:
    # Each month tells of its own invitation alone, so that the months come in any order.
    event, before = fact.event, row.months if row else ()
    match event:
        case ForumObserverInvited():
            months = _with(before, event.month)
        case ForumObserverWithdrawn():
            months = tuple(each for each in before if each != event.month)
        case other:
            assert_never(other)
    return ForumObserver(person_id=event.person_id, months=months) if months else None


def _with(months: tuple[Month, ...], one: Month) -> tuple[Month, ...]:
    return tuple(sorted({*months, one}))


SLOT_CALENDAR = View.of(SlotCalendar, SlotHeard, keys=the_one_row, fold=_calendar)
AGENDA_MATTERS = View.of(AgendaMatter, MatterHeard, keys=_matters, fold=_matter)
FORUM_OBSERVERS = View.of(ForumObserver, ObserverHeard, keys=_person, fold=_observer)
