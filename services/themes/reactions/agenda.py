"""What puts itself on the chief forum's agenda, and stays there until it is treated.

Nothing goes in a circle: an item goes on to later months only, and no further once its touchpoint
was treated, its network was cancelled, or the half-year of its round is over. A month takes an
item about the same thing once.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from services.themes.domain.forum_slot.agenda import AddForumAgendaItem
from services.themes.domain.forum_slot.known import LearningNetwork, SlotCalendar
from shared.contracts.networks import NetworkClosingAnnounced, NetworkStarted
from shared.contracts.themes import (
    AgendaItem,
    ForumAgendaItemAdded,
    ForumSlotCancelled,
    ForumSlotHeld,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import AgendaKind, Month, NetworkType, Touchpoint
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.policy import half_year_of
from shared.policy.periods import LAST_MONTH, first_day, local_day, month_of, months_after

TOUCHPOINT_MINUTES = 5
"""Own: what a touchpoint takes of the slot's twenty minutes."""
ROUND_MINUTES = 10
"""Own: what the half-year's round takes of them."""

Left = ForumSlotHeld | ForumSlotCancelled | ForumAgendaItemAdded
"""What may leave items that were not treated."""


def put_start_on_agenda(fact: Recorded[NetworkStarted], facts: Facts) -> Iterator[Send]:
    """A learning network that starts meets the chief forum in the next slot (R86, R205)."""
    if _is_new(fact, Touchpoint.START, facts):
        month = _calendar(facts).next_from(local_day(fact.at))
        yield _touchpoint(month, AgendaKind.TOUCHPOINT_START, fact)


def put_closing_on_agenda(fact: Recorded[NetworkClosingAnnounced], facts: Facts) -> Iterator[Send]:
    """A learning network meets the chief forum before it closes (R86, R205).

    In the last slot before its closing, or else the next. It stays there when the day is moved.
    """
    if _is_new(fact, Touchpoint.CLOSING, facts):
        today, closes_on = local_day(fact.at), fact.event.planned_close
        month = _calendar(facts).last_before(closes_on, since=today)
        yield _touchpoint(month, AgendaKind.TOUCHPOINT_CLOSING, fact)


def put_round_on_agenda(fact: Recorded[ThemeRoundOpened], facts: Facts) -> Iterator[Send]:
    """The half-year's themes are discussed on the day that the round has for it (R206)."""
    opened = fact.event
    if opened.discussion_on:
        month = month_of(opened.discussion_on)
        command = AddForumAgendaItem(
            on=opened.on,
            month=month,
            kind=AgendaKind.THEME_ROUND,
            subject=opened.half_year,
            title=f"Temarunden {opened.half_year}",
            minutes=ROUND_MINUTES,
        )
        yield Send(month, command)


def carry_items_over(fact: Recorded[Left], facts: Facts) -> Iterator[Send]:
    """What a month did not treat is on the next one's agenda (R86)."""
    month = months_after(fact.event.month)
    for item in _left(fact.event):
        if not _is_settled(item, month, facts):
            command = AddForumAgendaItem(
                on=fact.event.on,
                month=month,
                kind=item.kind,
                subject=item.subject,
                title=item.title,
                minutes=item.minutes,
            )
            yield Send(month, command)


def _is_new(
    fact: Recorded[NetworkStarted] | Recorded[NetworkClosingAnnounced],
    touchpoint: Touchpoint,
    facts: Facts,
) -> bool:
    """Whether a learning network's touchpoint is on no agenda so far."""
    if fact.event.network_type is not NetworkType.LEARNING:
        return False
    known = facts.find(LearningNetwork, fact.key)
    return known is None or touchpoint not in known.on_agenda


def _touchpoint(
    month: Month,
    kind: AgendaKind,
    fact: Recorded[NetworkStarted] | Recorded[NetworkClosingAnnounced],
) -> Send:
    command = AddForumAgendaItem(
        on=fact.event.on,
        month=month,
        kind=kind,
        subject=UUID(fact.key),
        title=fact.event.title,
        minutes=TOUCHPOINT_MINUTES,
    )
    return Send(month, command)


def _left(event: Left) -> Sequence[AgendaItem]:
    match event:
        case ForumSlotHeld():
            return event.untreated
        case ForumSlotCancelled():
            return event.items
        case ForumAgendaItemAdded():
            return (event.item,) if event.late else ()


def _is_settled(item: AgendaItem, month: Month, facts: Facts) -> bool:
    """Whether there is no reason any longer to treat an item in a month, or no such month."""
    if month > LAST_MONTH:
        return True
    if item.kind is AgendaKind.THEME_ROUND:
        return half_year_of(first_day(month)) > str(item.subject)
    if item.touchpoint is None:
        return False
    known = facts.find(LearningNetwork, item.subject)
    return known is not None and known.is_settled(item.touchpoint)


def _calendar(facts: Facts) -> SlotCalendar:
    return facts.find(SlotCalendar, "all") or SlotCalendar()


def _placing(fact: Recorded[Any]) -> Sequence[Ask]:
    return (SlotCalendar.at("all"), LearningNetwork.at(fact.key))


def _networks(fact: Recorded[Left]) -> Sequence[Ask]:
    touchpoints = (item for item in _left(fact.event) if item.touchpoint)
    return tuple(LearningNetwork.at(item.subject) for item in touchpoints)


ON_THE_AGENDA: tuple[Reaction, ...] = (
    on(NetworkStarted, put_start_on_agenda, history="new", asks=_placing),
    on(NetworkClosingAnnounced, put_closing_on_agenda, history="new", asks=_placing),
    on(ThemeRoundOpened, put_round_on_agenda, history="new"),
    on(ForumSlotHeld, carry_items_over, history="new", asks=_networks),
    on(ForumSlotCancelled, carry_items_over, history="new", asks=_networks),
    on(ForumAgendaItemAdded, carry_items_over, history="new", asks=_networks),
)
