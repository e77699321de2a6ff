"""The chief forum's slots, as far as something is awaited of them."""

from collections.abc import Mapping
from typing import Any, assert_never

from services.notifications.domain.forum import KnownForum, on_agenda, touchpoint_item
from services.notifications.projections.rounds import the_one_row
from shared.contracts.networks import NetworkCancelled, NetworkClosed
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumSlotCancelled,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import Month
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy.periods import local_day

ForumHeard = (
    ForumSlotScheduled
    | ForumSlotCancelled
    | ForumAgendaItemAdded
    | ForumAgendaItemTakenOff
    | ForumTouchpointRecorded
    | NetworkClosed
    | NetworkCancelled
)


def _fold(row: KnownForum | None, fact: Recorded[ForumHeard], key: str) -> KnownForum:
    # What a month's slot says of itself and its agenda is in the order of its stream. All else only
    # adds, and what is awaited no more is left out: so the streams may come in any order.
    row = row or KnownForum()
    event = fact.event
    changed: dict[str, Any]
    match event:
        case ForumSlotScheduled():
            days = {**row.days, event.month: local_day(event.starts_at)}
            without = tuple(each for each in row.without if each != event.month)
            changed = {"days": dict(sorted(days.items())), "without": without}
        case ForumSlotCancelled():
            days = {month: day for month, day in row.days.items() if month != event.month}
            changed = {"days": days, "without": _with(row.without, event.month)}
        case ForumAgendaItemAdded() | ForumAgendaItemTakenOff():
            changed = {"agendas": _agendas(row, event)}
        case ForumTouchpointRecorded():
            treated = touchpoint_item(event.touchpoint, event.network_id)
            changed = {"treated": _with(row.treated, treated)}
        case NetworkClosed() | NetworkCancelled():
            changed = {"ended": _with(row.ended, fact.key)}
        case other:
            assert_never(other)
    return _awaited(row.model_copy(update=changed))


def _awaited(row: KnownForum) -> KnownForum:
    """Keep the touchpoints that are awaited, and of what was treated what may still be put up."""
    agendas = {each: months for each, months in row.agendas.items() if row.awaits(each)}
    treated = tuple(each for each in row.treated if not row.has_ended(each))
    return row.model_copy(update={"agendas": agendas, "treated": treated})


def _agendas(
    row: KnownForum, event: ForumAgendaItemAdded | ForumAgendaItemTakenOff
) -> Mapping[str, tuple[Month, ...]]:
    touchpoint = on_agenda(event)
    if touchpoint is None:
        return row.agendas
    months = set(row.agendas.get(touchpoint, ())) - {event.month}
    if isinstance(event, ForumAgendaItemAdded):
        months.add(event.month)
    agendas = {**row.agendas, touchpoint: tuple(sorted(months))}
    return {each: agendas[each] for each in sorted(agendas) if agendas[each]}


def _with(words: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(sorted({*words, one}))


KNOWN_FORUM = View.of(KnownForum, ForumHeard, keys=the_one_row, fold=_fold)
