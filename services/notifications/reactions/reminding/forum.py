"""What is awaited of the chief forum's slots and their touchpoints: T5, T6 and T7."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.notifications.domain.forum import KnownForum, on_agenda, touchpoint_item
from services.notifications.reactions.reminding.sending import cancel, schedule
from shared.contracts.networks import NETWORK, NetworkCancelled, NetworkClosed
from shared.contracts.notifications import ReminderDue
from shared.contracts.themes import (
    FORUM_SLOT,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumSlotCancelled,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import Month, Touchpoint
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.policy.periods import first_day, local_day, month_of, months_after


def await_next_slot(
    fact: Recorded[ForumSlotScheduled | ForumSlotCancelled], known: Facts
) -> Iterator[Send]:
    """T5: the month is spoken for, and the one after it is awaited unless it is so too."""
    month = fact.event.month
    yield _slot(month, fact, known)
    yield _slot(months_after(month), fact, known)


def await_slot_of_item(fact: Recorded[ForumAgendaItemAdded], known: Facts) -> Iterator[Send]:
    """T5: a month that has something to treat needs a slot."""
    yield _slot(fact.event.month, fact, known)


def await_slot_after(fact: Recorded[ReminderDue], known: Facts) -> Iterator[Send]:
    """T5: when a month is spoken of, the next that is to come is awaited, year in, year out."""
    if fact.event.deadline == "T5":
        month = max(FORUM_SLOT.key(fact.event.subject), month_of(local_day(fact.at)))
        yield _slot(months_after(month), fact, known)


def await_holding(fact: Recorded[ForumSlotScheduled], known: Facts) -> Iterable[Send]:
    """T6: the slot's day; it moves with the slot."""
    return (schedule("T6", fact, "slot", local_day(fact.event.starts_at)),)


def holding_came(
    fact: Recorded[ForumSlotHeld | ForumSlotCancelled], known: Facts
) -> Iterable[Send]:
    """T6: the slot was held, or is not to be."""
    return (cancel("T6", fact, "slot"),)


def await_touchpoint(
    fact: Recorded[ForumAgendaItemAdded | ForumAgendaItemTakenOff], known: Facts
) -> Iterator[Send]:
    """T7: a touchpoint on an agenda; it moves on with it from month to month."""
    if touchpoint := on_agenda(fact.event):
        yield _touchpoint(touchpoint, fact, known)


def await_touchpoints_of_slot(
    fact: Recorded[ForumSlotScheduled | ForumSlotCancelled], known: Facts
) -> Iterator[Send]:
    """T7: the touchpoints on a slot's agenda move with its day."""
    for touchpoint, months in _forum(known).agendas.items():
        if fact.event.month in months:
            yield _touchpoint(touchpoint, fact, known)


def touchpoint_came(fact: Recorded[ForumTouchpointRecorded], known: Facts) -> Iterator[Send]:
    """T7: the chief forum has treated it."""
    yield _touchpoint(touchpoint_item(fact.event.touchpoint, fact.event.network_id), fact, known)


def await_no_touchpoint(
    fact: Recorded[NetworkClosed | NetworkCancelled], known: Facts
) -> Iterator[Send]:
    """T7: a network that has ended is not treated any more."""
    for each in Touchpoint:
        yield _touchpoint(touchpoint_item(each, fact.key), fact, known)


def _slot(month: Month, fact: Recorded[Any], known: Facts) -> Send:
    subject = FORUM_SLOT.stream(month)
    if _forum(known).awaits_slot(month):
        return schedule("T5", fact, "slot", first_day(month), subject)
    return cancel("T5", fact, "slot", subject)


def _touchpoint(touchpoint: str, fact: Recorded[Any], known: Facts) -> Send:
    forum = _forum(known)
    item, network_id = touchpoint.split("/")
    subject = NETWORK.stream(network_id)
    if forum.awaits(touchpoint):
        return schedule("T7", fact, item, forum.day_of(touchpoint), subject)
    return cancel("T7", fact, item, subject)


def _forum(known: Facts) -> KnownForum:
    return known.find(KnownForum, "all") or KnownForum()


def _known(_: Recorded[Any]) -> Sequence[Ask]:
    return (KnownForum.at("all"),)


OF_THE_FORUM: tuple[Reaction, ...] = (
    on(ForumSlotScheduled, await_next_slot, history="begin", asks=_known),
    on(ForumSlotScheduled, await_holding, history="begin"),
    on(ForumSlotScheduled, await_touchpoints_of_slot, history="begin", asks=_known),
    on(ForumSlotCancelled, await_next_slot, history="begin", asks=_known),
    on(ForumSlotCancelled, holding_came, history="begin"),
    on(ForumSlotCancelled, await_touchpoints_of_slot, history="begin", asks=_known),
    on(ForumSlotHeld, holding_came, history="begin"),
    on(ForumAgendaItemAdded, await_slot_of_item, history="begin", asks=_known),
    on(ForumAgendaItemAdded, await_touchpoint, history="begin", asks=_known),
    on(ForumAgendaItemTakenOff, await_touchpoint, history="begin", asks=_known),
    on(ForumTouchpointRecorded, touchpoint_came, history="begin", asks=_known),
    on(NetworkClosed, await_no_touchpoint, history="begin", asks=_known),
    on(NetworkCancelled, await_no_touchpoint, history="begin", asks=_known),
    on(ReminderDue, await_slot_after, history="begin", asks=_known),
)
