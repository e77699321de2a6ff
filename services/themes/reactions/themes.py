"""What follows for themes from what networks and the rounds tell (R51, R68)."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from services.themes.domain.known import KnownRounds, KnownTheme
from services.themes.domain.theme.network import ConcludeTheme, TakeUpTheme
from services.themes.domain.theme_round.closing import CountLateDecision
from services.themes.domain.theme_round.themes import CarryThemeOver
from shared.contracts.networks import (
    NetworkCancelled,
    NetworkClosed,
    NetworkStarted,
    NetworkThemeLinked,
)
from shared.contracts.themes import (
    ThemeDeclined,
    ThemeRoundClosed,
    ThemeRoundOpened,
    ThemeSelected,
)
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
    return _added(fact.event, half_year, facts.get(KnownRounds, "all"))


def carry_over(fact: Recorded[ThemeRoundClosed], facts: Facts) -> Iterable[Send]:
    """What a round leaves undecided goes on to the next, if that is open already (R51).

    So does what an earlier one left, which may have come too late for this one.
    """
    rounds = facts.get(KnownRounds, "all")
    next_one = rounds.open_after(fact.event.half_year)
    return _added(fact.event, next_one, rounds) if next_one else []


def _added(because: Event, half_year: HalfYear, rounds: KnownRounds) -> Iterable[Send]:
    return [
        Send(half_year, CarryThemeOver(on=because.on, theme_id=each, proposal_no=number))
        for each, number in rounds.left_before(half_year).items()
    ]


def count_decision(
    fact: Recorded[ThemeSelected] | Recorded[ThemeDeclined], facts: Facts
) -> Iterator[Send]:
    """A decision that comes after its round was closed counts there all the same (R67).

    Whichever comes last, the decision or the closing, sees the other in the row.
    """
    theme = facts.get(KnownTheme, fact.key)
    for number in range(1, len(theme.proposals) + 1):
        half_year = theme.round_of(number)
        if half_year:
            yield from _counted(fact.event, theme, number, half_year)


def count_decisions(fact: Recorded[ThemeRoundClosed], facts: Facts) -> Iterator[Send]:
    """What was decided without the round's closing having seen it counts in it (R67)."""
    half_year = fact.event.half_year
    for each in fact.event.carried_over:
        theme = facts.find(KnownTheme, each)
        if theme:
            number = theme.rounds.get(half_year) or len(theme.proposals)
            if theme.round_of(number, at_least=half_year) == half_year:
                yield from _counted(fact.event, theme, number, half_year)


def _counted(because: Event, theme: KnownTheme, number: int, half_year: HalfYear) -> Iterator[Send]:
    proposal = theme.proposal(number)
    if proposal and proposal.decision:
        command = CountLateDecision(
            on=because.on,
            theme_id=theme.theme_id,
            proposal_no=number,
            decision=proposal.decision,
        )
        yield Send(half_year, command)


def _rounds(fact: Recorded[ThemeRoundOpened] | Recorded[ThemeRoundClosed]) -> Sequence[Ask]:
    return (KnownRounds.at("all"),)


def _theme(fact: Recorded[ThemeSelected] | Recorded[ThemeDeclined]) -> Sequence[Ask]:
    return (KnownTheme.at(fact.key),)


def _left(fact: Recorded[ThemeRoundClosed]) -> Sequence[Ask]:
    return tuple(KnownTheme.at(each) for each in fact.event.carried_over)


OF_THEMES: tuple[Reaction, ...] = (
    on(ThemeRoundOpened, take_over, history="begin", asks=_rounds),
    on(ThemeRoundClosed, carry_over, history="begin", asks=_rounds),
    on(ThemeRoundClosed, count_decisions, history="begin", asks=_left),
    on(ThemeSelected, count_decision, history="begin", asks=_theme),
    on(ThemeDeclined, count_decision, history="begin", asks=_theme),
    on(NetworkStarted, take_theme_up, history="begin"),
    on(NetworkThemeLinked, take_theme_up, history="begin"),
    on(NetworkClosed, conclude_theme, history="begin"),
    on(NetworkCancelled, conclude_theme, history="begin"),
)
