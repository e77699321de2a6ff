"""Where a theme is in its life, and how each fact moves it (M2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from shared.contracts.themes import THEME as STREAM
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeCriterionAssessed,
    ThemeDeclined,
    ThemeEvent,
    ThemeNetworkTypeAligned,
    ThemeProposed,
    ThemeQualified,
    ThemeSelected,
    ThemeTakenUp,
)
from shared.contracts.vocabulary import Criterion
from shared.kernel.commands import Aggregate, Command
from shared.kernel.refusals import Refused


@dataclass(frozen=True)
class NotProposed:
    """Nobody has described it."""


@dataclass(frozen=True)
class Proposed:
    """It is being considered: what has been assessed and agreed on so far."""

    proposal: ThemeProposed
    assessments: Mapping[Criterion, ThemeCriterionAssessed] = field(default_factory=dict)
    alignment: ThemeNetworkTypeAligned | None = None


@dataclass(frozen=True)
class Qualified:
    """The chief forum finds it suited; it may still be assessed anew."""

    proposal: ThemeProposed
    assessments: Mapping[Criterion, ThemeCriterionAssessed]
    alignment: ThemeNetworkTypeAligned | None
    qualification: ThemeQualified


@dataclass(frozen=True)
class Selected:
    """The chief forum chose it, and no network has begun yet."""

    proposal: ThemeProposed
    selection: ThemeSelected


@dataclass(frozen=True)
class Declined:
    """The chief forum chose against it."""

    proposal: ThemeProposed
    declining: ThemeDeclined


@dataclass(frozen=True)
class InNetwork:
    """A network works on it."""

    proposal: ThemeProposed
    network_id: UUID


@dataclass(frozen=True)
class Concluded:
    """Its network has ended."""

    proposal: ThemeProposed


Open = Proposed | Qualified
Begun = Open | Selected | Declined | InNetwork | Concluded
Theme = NotProposed | Begun


def evolve(state: Theme, fact: ThemeEvent) -> Theme:
    """Change a theme by a fact."""
    match fact:
        case ThemeProposed():
            return Proposed(fact)
        case ThemeCriterionAssessed():
            theme = _open(state)
            return replace(theme, assessments={**theme.assessments, fact.criterion: fact})
        case ThemeNetworkTypeAligned():
            return replace(_open(state), alignment=fact)
        case ThemeQualified():
            theme = _open(state)
            return Qualified(theme.proposal, theme.assessments, theme.alignment, fact)
        case ThemeSelected():
            return Selected(_open(state).proposal, fact)
        case ThemeDeclined():
            return Declined(_open(state).proposal, fact)
        case ThemeTakenUp():
            return InNetwork(begun(state).proposal, fact.network_id)
        case ThemeConcluded():
            return Concluded(begun(state).proposal)
        case other:
            assert_never(other)


THEME: Aggregate[Theme, ThemeEvent] = Aggregate(STREAM, NotProposed(), evolve)


class ThemeCommand(Command[Theme, ThemeEvent]):
    """A command to a theme."""

    aggregate = THEME


def begun(state: Theme) -> Begun:
    """A theme that has been proposed; the kernel lets nothing else pass but a proposal."""
    assert not isinstance(state, NotProposed)
    return state


def undecided(state: Theme) -> Open:
    """Hold that the chief forum has not decided yet (R67), nor the theme's network ended (R68)."""
    match begun(state):
        case Proposed() | Qualified() as theme:
            return theme
        case Selected() | Declined() | InNetwork():
            raise Refused("theme_decided", "R67")
        case Concluded():
            raise Refused("theme_concluded", "R68")
        case other:
            assert_never(other)


def _open(state: Theme) -> Open:
    assert isinstance(state, Proposed | Qualified)
    return state
