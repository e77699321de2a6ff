"""The chief forum's slots, as far as something is awaited of them."""

from typing import Any, assert_never

from services.notifications.domain.forum import KnownForum, on_agenda, touchpoint_item
from shared.contracts.networks import NetworkCancelled
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumSlotCancelled,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import NetworkType
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy.periods import local_day

ForumHeard = (
    ForumSlotScheduled
    | ForumSlotCancelled
    | ForumAgendaItemAdded
    | ForumTouchpointRecorded
    | NetworkCancelled
)


def _all(_: Recorded[Any]) -> tuple[str]:
    return ("all",)


def _fold(row: KnownForum | None, fact: Recorded[ForumHeard], key: str) -> KnownForum:
    # What a month's slot says of itself is in the order of its stream. All else only adds, and of
    # the months of a touchpoint the last one counts, so that the streams may come in any order.
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
        case ForumAgendaItemAdded():
            touchpoint = on_agenda(event)
            month = max(event.month, row.agendas.get(touchpoint or "", ""))
            agendas = {**row.agendas, **({touchpoint: month} if touchpoint else {})}
            changed = {"agendas": dict(sorted(agendas.items()))}
        case ForumTouchpointRecorded():
            treated = touchpoint_item(event.touchpoint, event.network_id)
            changed = {"treated": _with(row.treated, treated)}
        case NetworkCancelled(network_type=NetworkType.LEARNING):
            changed = {"given_up": _with(row.given_up, fact.key)}
        case NetworkCancelled():
            changed = {}
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


def _with(words: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(sorted({*words, one}))


KNOWN_FORUM = View.of(KnownForum, ForumHeard, keys=_all, fold=_fold)
