"""The slots, and what is to be treated in them, as reactions and commands need them."""

from collections.abc import Iterable
from typing import Any, assert_never
from uuid import UUID

from services.themes.domain.forum_slot.known import (
    AgendaMatter,
    SlotCalendar,
    id_of_matter,
    touchpoints_of,
)
from shared.contracts.networks import NetworkCancelled, NetworkClosed
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumSlotCancelled,
    ForumSlotHeld,
    ForumSlotScheduled,
    ThemeRoundClosed,
)
from shared.contracts.vocabulary import AgendaKind, Month, NetworkType
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy.periods import local_day

SlotHeard = ForumSlotScheduled | ForumSlotHeld | ForumSlotCancelled
MatterHeard = (
    ForumAgendaItemAdded | ForumSlotHeld | ThemeRoundClosed | NetworkClosed | NetworkCancelled
)


def _the_one_row(_: Recorded[Any]) -> tuple[str]:
    return ("all",)


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
        case NetworkClosed() | NetworkCancelled():
            learning = event.network_type is NetworkType.LEARNING
            ids = touchpoints_of(fact.key) if learning else ()
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
        case ThemeRoundClosed() | NetworkClosed() | NetworkCancelled():
            return row.model_copy(update={"is_over": True})
        case other:
            assert_never(other)


def _with(months: tuple[Month, ...], one: Month) -> tuple[Month, ...]:
    return tuple(sorted({*months, one}))


SLOT_CALENDAR = View.of(SlotCalendar, SlotHeard, keys=_the_one_row, fold=_calendar)
AGENDA_MATTERS = View.of(AgendaMatter, MatterHeard, keys=_matters, fold=_matter)
