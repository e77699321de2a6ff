"""What follows for themes from what networks and the rounds tell (R51, R68)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.themes.domain.known import KnownRounds
from services.themes.domain.theme.network import ConcludeTheme, TakeUpTheme
from services.themes.domain.theme_round.themes import AddThemeToRound
from shared.contracts.networks import (
    NetworkCancelled,
    NetworkClosed,
    NetworkStarted,
    NetworkThemeLinked,
)
from shared.contracts.themes import ThemeRoundClosed, ThemeRoundOpened
from shared.contracts.vocabulary import HalfYear, ThemeOutcome
from shared.kernel.events import Event, Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on


def take_theme_up(
    fact: Recorded[NetworkStarted] | Recorded[NetworkThemeLinked], facts: Facts
) -> Iterable[Send]:
    """A network that starts takes its theme up; one that runs already, when it is linked to one."""
    command = TakeUpTheme(on=fact.event.on, network_id=UUID(fact.key))
    return [Send(str(fact.event.theme_id), command)]


def conclude_theme(
    fact: Recorded[NetworkClosed] | Recorded[NetworkCancelled], facts: Facts
) -> Iterable[Send]:
    """A network that ends concludes its theme, if it has one; a cancelled one frees it."""
    ended = fact.event
    if ended.theme_id is None:
        return []
    outcome = (
        ThemeOutcome(ended.result.value)
        if isinstance(ended, NetworkClosed)
        else ThemeOutcome.CANCELLED
    )
    command = ConcludeTheme(on=ended.on, network_id=UUID(fact.key), outcome=outcome)
    return [Send(str(ended.theme_id), command)]


def take_over(fact: Recorded[ThemeRoundOpened], facts: Facts) -> Iterable[Send]:
    """A round begins with what the closed ones before it left undecided (R51).

    Whichever comes last, this opening or that closing, sees the other in the row.
    """
    half_year = fact.event.half_year
    return _added(fact.event, half_year, facts.get(KnownRounds, "all").left_before(half_year))


def carry_over(fact: Recorded[ThemeRoundClosed], facts: Facts) -> Iterable[Send]:
    """What a round leaves undecided goes on to the next, if that is open already (R51).

    So does what an earlier one left, which may have come too late for this one.
    """
    rounds = facts.get(KnownRounds, "all")
    next_one = rounds.open_after(fact.event.half_year)
    if next_one is None:
        return []
    left = {*rounds.left_before(next_one), *fact.event.carried_over}
    return _added(fact.event, next_one, sorted(left))


def _added(because: Event, half_year: HalfYear, themes: Iterable[UUID]) -> Iterable[Send]:
    return [Send(half_year, AddThemeToRound(on=because.on, theme_id=each)) for each in themes]


def _rounds(fact: Recorded[ThemeRoundOpened] | Recorded[ThemeRoundClosed]) -> Sequence[Ask]:
    return (KnownRounds.at("all"),)


OF_THEMES: tuple[Reaction, ...] = (
    on(ThemeRoundOpened, take_over, history="begin", asks=_rounds),
    on(ThemeRoundClosed, carry_over, history="begin", asks=_rounds),
    on(NetworkStarted, take_theme_up, history="begin"),
    on(NetworkThemeLinked, take_theme_up, history="begin"),
    on(NetworkClosed, conclude_theme, history="begin"),
    on(NetworkCancelled, conclude_theme, history="begin"),
)
