"""The half-year's round puts itself on the chief forum's agenda, and moves with its day (R206)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from services.themes.domain.forum_slot.agenda import AddRoundToAgenda
from services.themes.domain.forum_slot.known import (
    AgendaMatter,
    SlotCalendar,
    calendar_of,
    from_to,
    id_of_matter,
    matter_of,
)
from services.themes.domain.forum_slot.taking_off import TakeOffMovedRound
from shared.contracts.themes import ThemeRoundChanged, ThemeRoundOpened
from shared.contracts.vocabulary import AgendaKind, Month
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.policy.periods import first_day, local_day, month_of, months_after


def put_round_on_agenda(
    fact: Recorded[ThemeRoundOpened] | Recorded[ThemeRoundChanged], facts: Facts
) -> Iterator[Send]:
    """The half-year's themes are discussed on the day that the round has for it (R206)."""
    event = fact.event
    if event.discussion_on:
        month = _month_for(event.discussion_on, fact, facts)
        command = AddRoundToAgenda(
            on=event.on,
            month=month,
            kind=AgendaKind.THEME_ROUND,
            subject=event.half_year,
            title=f"Temarunden {event.half_year}",
            discussion_on=event.discussion_on,
        )
        yield Send(month, command)


def take_off_moved_round(fact: Recorded[ThemeRoundChanged], facts: Facts) -> Iterator[Send]:
    """A round whose discussion is on another day leaves the month that it was to be in (R206).

    So it does all others that are known to have it: those that it went on to from there, and those
    that a move before this one left, because the day had moved once more by then.
    """
    changed = fact.event
    before, day = changed.discussion_moved_from, changed.discussion_on
    if before is None:
        return
    first, last = month_of(before), _month_for(before, fact, facts)
    known = matter_of(id_of_matter(AgendaKind.THEME_ROUND, changed.half_year), facts).months
    lately = max(first, months_after(last, -12))  # so that a wrong year sends no hundred
    came_to = {*from_to(lately, last), *known}
    for month in sorted(came_to - ({_month_for(day, fact, facts)} if day else set())):
        command = TakeOffMovedRound(
            on=changed.on, month=month, half_year=changed.half_year, discussion_on=day
        )
        yield Send(month, command)


def _month_for(day: date, fact: Recorded[Any], facts: Facts) -> Month:
    """The month of a day, or the first after it that takes something still."""
    return calendar_of(facts).next_from(max(first_day(month_of(day)), local_day(fact.at)))


def _calendar_asked(_: Recorded[Any]) -> Sequence[Ask]:
    return (SlotCalendar.at("all"),)


def _moving(fact: Recorded[ThemeRoundChanged]) -> Sequence[Ask]:
    matter = id_of_matter(AgendaKind.THEME_ROUND, fact.event.half_year)
    return (SlotCalendar.at("all"), AgendaMatter.at(matter))


OF_ROUNDS: tuple[Reaction, ...] = (
    on(ThemeRoundOpened, put_round_on_agenda, history="new", asks=_calendar_asked),
    # First off and then on, for it may go on to a month that it was on before.
    on(ThemeRoundChanged, take_off_moved_round, history="new", asks=_moving),
    on(ThemeRoundChanged, put_round_on_agenda, history="new", asks=_calendar_asked),
)
