"""The slots, and how far learning networks have met the chief forum, as reactions need them."""

from collections.abc import Iterable
from typing import Any, assert_never

from services.themes.domain.forum_slot.known import LearningNetwork, SlotCalendar
from shared.contracts.networks import NetworkCancelled
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumSlotCancelled,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import NetworkType, Touchpoint
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy.periods import local_day

SlotHeard = ForumSlotScheduled | ForumSlotHeld | ForumSlotCancelled
NetworkHeard = ForumAgendaItemAdded | ForumTouchpointRecorded | NetworkCancelled


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


def _networks(fact: Recorded[NetworkHeard]) -> Iterable[str]:
    event = fact.event
    match event:
        case ForumAgendaItemAdded():
            item = event.item
            return (item.subject,) if item.touchpoint and item.subject else ()
        case ForumTouchpointRecorded():
            return (str(event.network_id),)
        case NetworkCancelled():
            return (fact.key,) if event.network_type is NetworkType.LEARNING else ()
        case other:
            assert_never(other)


def _network(
    row: LearningNetwork | None, fact: Recorded[NetworkHeard], key: str
) -> LearningNetwork:
    # Each of the facts only adds, so that it does not matter which stream is heard first.
    row = row or LearningNetwork()
    event = fact.event
    match event:
        case ForumAgendaItemAdded():
            return row.model_copy(update={"on_agenda": _with(row.on_agenda, event.item.touchpoint)})
        case ForumTouchpointRecorded():
            return row.model_copy(update={"treated": _with(row.treated, event.touchpoint)})
        case NetworkCancelled():
            return row.model_copy(update={"is_cancelled": True})
        case other:
            assert_never(other)


def _with(touchpoints: tuple[Touchpoint, ...], one: Touchpoint | None) -> tuple[Touchpoint, ...]:
    return tuple(each for each in Touchpoint if each in touchpoints or each is one)


SLOT_CALENDAR = View.of(SlotCalendar, SlotHeard, keys=_the_one_row, fold=_calendar)
LEARNING_NETWORKS = View.of(LearningNetwork, NetworkHeard, keys=_networks, fold=_network)
