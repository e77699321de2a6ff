"""What is awaited of the theme rounds: T3 and T4."""

from collections.abc import Iterable, Iterator, Sequence

from services.notifications.domain.known import OpenedRounds
from services.notifications.reactions.reminding.sending import cancel, schedule
from shared.contracts.themes import (
    THEME_ROUND,
    LocalThemeDiscussionRecorded,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundOpened,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on


def await_next_round(fact: Recorded[ThemeRoundOpened], known: Facts) -> Iterator[Send]:
    """T3: after the round of the latest half-year the next one is awaited, after no other."""
    rounds = known.get(OpenedRounds, "all")
    for half_year, opened_on in rounds.opened_on.items():
        if half_year == rounds.latest:
            yield schedule("T3", fact, "next", opened_on, THEME_ROUND.stream(half_year))
        else:
            yield cancel("T3", fact, "next", THEME_ROUND.stream(half_year))


def await_discussions(fact: Recorded[ThemeRoundOpened], known: Facts) -> Iterator[Send]:
    """T4: each department's own discussion, before the chief forum's, if that has a date."""
    if fact.event.discussion_on:
        for each in fact.event.departments:
            yield schedule("T4", fact, str(each), fact.event.discussion_on)


def await_on_another_day(fact: Recorded[ThemeRoundChanged], known: Facts) -> Iterator[Send]:
    """T4: the chief forum's discussion is on another day, or on none yet."""
    for each in fact.event.departments_missing:
        if fact.event.discussion_on:
            yield schedule("T4", fact, str(each), fact.event.discussion_on)
        else:
            yield cancel("T4", fact, str(each))


def discussion_came(fact: Recorded[LocalThemeDiscussionRecorded], known: Facts) -> Iterable[Send]:
    """T4: the department has discussed its themes."""
    return (cancel("T4", fact, str(fact.event.org_unit_id)),)


def await_no_discussion(fact: Recorded[ThemeRoundClosed], known: Facts) -> Iterator[Send]:
    """T4: the round is over, and whoever has not discussed is not waited for."""
    yield from (cancel("T4", fact, str(each)) for each in fact.event.departments_missing)


def _rounds(fact: Recorded[ThemeRoundOpened]) -> Sequence[Ask]:
    return (OpenedRounds.at("all"),)


OF_ROUNDS: tuple[Reaction, ...] = (
    on(ThemeRoundOpened, await_next_round, history="begin", asks=_rounds),
    on(ThemeRoundOpened, await_discussions, history="begin"),
    on(ThemeRoundChanged, await_on_another_day, history="begin"),
    on(LocalThemeDiscussionRecorded, discussion_came, history="begin"),
    on(ThemeRoundClosed, await_no_discussion, history="begin"),
)
