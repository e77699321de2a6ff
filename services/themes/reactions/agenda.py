"""What puts itself on the chief forum's agenda, and stays there until it is treated.

An item keeps its id from month to month, and comes to a month once, unless it was moved from it;
so nothing goes in a circle.
What was treated in one month, whose network has ended or whose round is closed is taken off the
agendas of all others. The commands decide what is settled: a reaction sends one to each month,
whatever it knows, so that redelivered facts send the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, assert_never
from uuid import UUID

from services.themes.domain.forum_slot.agenda import (
    AddForumAgendaItem,
    CarryForumAgendaItems,
)
from services.themes.domain.forum_slot.known import (
    AgendaMatter,
    SlotCalendar,
    calendar_of,
    following,
    from_to,
    id_of_matter,
    matter_of,
    touchpoints_of,
)
from services.themes.domain.forum_slot.state import MONTHS_AHEAD
from services.themes.domain.forum_slot.taking_off import (
    TakeOffMovedClosing,
    TakeOffSettledItems,
)
from services.themes.reactions.agenda_rounds import OF_ROUNDS
from shared.contracts.networks import (
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkStarted,
)
from shared.contracts.themes import (
    AgendaItem,
    ForumAgendaItemAdded,
    ForumMonthPassed,
    ForumSlotCancelled,
    ForumSlotHeld,
    ThemeRoundClosed,
)
from shared.contracts.vocabulary import AgendaKind, Month, NetworkType
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.policy.periods import LAST_MONTH, local_day, month_of, months_after

Left = ForumSlotHeld | ForumSlotCancelled | ForumMonthPassed | ForumAgendaItemAdded
"""What may leave items that were not treated."""
Settling = (
    ForumSlotHeld | ForumAgendaItemAdded | ThemeRoundClosed | NetworkClosed | NetworkCancelled
)
"""What settles items, or adds one that may be settled already."""


def put_start_on_agenda(fact: Recorded[NetworkStarted], facts: Facts) -> Iterator[Send]:
    """A learning network that starts meets the chief forum in the next slot (R86, R205)."""
    if _is_new(fact, AgendaKind.TOUCHPOINT_START, facts):
        month = calendar_of(facts).next_from(local_day(fact.at))
        yield _touchpoint(month, AgendaKind.TOUCHPOINT_START, fact)


def put_closing_on_agenda(fact: Recorded[NetworkClosingAnnounced], facts: Facts) -> Iterator[Send]:
    """A learning network meets the chief forum before it closes (R86, R205).

    In the last slot before its closing, or else the next. It stays there when the day is moved.
    """
    first = fact.event.moved_from is None
    if first and _is_new(fact, AgendaKind.TOUCHPOINT_CLOSING, facts):
        today, closes_on = local_day(fact.at), fact.event.planned_close
        month = calendar_of(facts).last_before(closes_on, since=today)
        yield _touchpoint(month, AgendaKind.TOUCHPOINT_CLOSING, fact)


def move_closing_on_agenda(fact: Recorded[NetworkClosingAnnounced], facts: Facts) -> Iterator[Send]:
    """A closing that is moved before the months that have it comes to an earlier one (R86, R205).

    Where a month until then has it already, or is to get it from one that is over, it stays there;
    it leaves all others, also those that got it lately and are not in the row yet.
    """
    today, closes_on, before = local_day(fact.at), fact.event.planned_close, fact.event.moved_from
    present, last = month_of(today), month_of(closes_on)
    known = matter_of(id_of_matter(AgendaKind.TOUCHPOINT_CLOSING, fact.key), facts).months
    to_come = [each for each in known if each >= present]
    if before is None or closes_on >= before or not to_come:
        return
    calendar = calendar_of(facts)
    got_it = sorted({*to_come, *_going_on(to_come, calendar)})
    has_it = (each for each in got_it if each <= last and each not in calendar.over)
    month = next(has_it, None) or calendar.last_before(closes_on, since=today)
    # First, so that it has the same place, and thereby id, whatever the row says.
    yield _touchpoint(month, AgendaKind.TOUCHPOINT_CLOSING, fact)
    ahead = min(month_of(before), months_after(present, MONTHS_AHEAD))
    lately = [*from_to(present, max(ahead, calendar.next_from(today)))]
    for each in sorted({*got_it, *lately, *_going_on(lately, calendar)} - {month}):
        yield Send(each, TakeOffMovedClosing(month=each, network_id=UUID(fact.key), to=month))


def carry_items_over(fact: Recorded[Left], facts: Facts) -> Iterator[Send]:
    """What a month did not treat is on the next one's agenda (R86)."""
    month, left = fact.event.month, _left(fact.event)
    if left and month < LAST_MONTH:
        to = following(month, local_day(fact.at))
        command = CarryForumAgendaItems(on=fact.event.on, month=to, left=month, items=tuple(left))
        yield Send(to, command)


def take_off_settled(fact: Recorded[Settling], facts: Facts) -> Iterator[Send]:
    """What waits for nothing any more is on no agenda that is to come (R86).

    Whichever comes last, what settles an item or its coming to a month, sees the other in the row.
    """
    items = _settled(fact, facts)
    months = {month for each in items for month in matter_of(each, facts).months}
    for month in sorted(months):
        command = TakeOffSettledItems(on=fact.event.on, month=month, items=frozenset(items))
        yield Send(month, command)


def _going_on(months: Iterable[Month], calendar: SlotCalendar) -> Iterator[Month]:
    """Where what was on the agendas of months goes on to from those that are over."""
    for each in months:
        month = each
        while month in calendar.over and month < LAST_MONTH:
            month = months_after(month)
            yield month


def _is_new(
    fact: Recorded[NetworkStarted] | Recorded[NetworkClosingAnnounced],
    kind: AgendaKind,
    facts: Facts,
) -> bool:
    """Whether a learning network's touchpoint is on no agenda so far."""
    learning = fact.event.network_type is NetworkType.LEARNING
    return learning and not matter_of(id_of_matter(kind, fact.key), facts).months


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
    )
    return Send(month, command)


def _left(event: Left) -> Sequence[AgendaItem]:
    match event:
        case ForumSlotHeld():
            return event.untreated
        case ForumSlotCancelled() | ForumMonthPassed():
            return event.items
        case ForumAgendaItemAdded():
            return (event.item,) if event.late else ()
        case other:
            assert_never(other)


def _concerned(fact: Recorded[Settling]) -> Sequence[UUID]:
    event = fact.event
    match event:
        case ForumSlotHeld():
            return event.treated
        case ForumAgendaItemAdded():
            return (event.item.item_id,)
        case ThemeRoundClosed():
            return (id_of_matter(AgendaKind.THEME_ROUND, event.half_year),)
        case NetworkClosed() | NetworkCancelled():
            return touchpoints_of(fact.key)
        case other:
            assert_never(other)


def _settled(fact: Recorded[Settling], facts: Facts) -> Sequence[UUID]:
    """What a fact settles; what is added is settled only if the row says so."""
    items = _concerned(fact)
    if isinstance(fact.event, ForumAgendaItemAdded):
        return [each for each in items if matter_of(each, facts).is_settled]
    return items


def _placing(fact: Recorded[Any]) -> Sequence[Ask]:
    return (SlotCalendar.at("all"), *_asked(touchpoints_of(fact.key)))


def _matters(fact: Recorded[Settling]) -> Sequence[Ask]:
    return tuple(_asked(_concerned(fact)))


def _asked(items: Iterable[UUID]) -> Iterator[Ask]:
    return (AgendaMatter.at(each) for each in items)


ON_THE_AGENDA: tuple[Reaction, ...] = (
    on(NetworkStarted, put_start_on_agenda, history="new", asks=_placing),
    on(NetworkClosingAnnounced, put_closing_on_agenda, history="new", asks=_placing),
    on(NetworkClosingAnnounced, move_closing_on_agenda, history="new", asks=_placing),
    *OF_ROUNDS,
    on(ForumSlotHeld, carry_items_over, history="new"),
    on(ForumSlotCancelled, carry_items_over, history="new"),
    on(ForumMonthPassed, carry_items_over, history="new"),
    on(ForumAgendaItemAdded, carry_items_over, history="new"),
    on(ForumAgendaItemAdded, take_off_settled, history="new", asks=_matters),
    on(ForumSlotHeld, take_off_settled, history="new", asks=_matters),
    on(ThemeRoundClosed, take_off_settled, history="new", asks=_matters),
    on(NetworkClosed, take_off_settled, history="new", asks=_matters),
    on(NetworkCancelled, take_off_settled, history="new", asks=_matters),
)
