"""Where a theme is in its life, and how each fact moves it (M2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never
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
    ThemeRefined,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import Criterion
from shared.kernel.commands import Aggregate, Command
from shared.kernel.permissions import Relations
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
class Withdrawn:
    """It was taken back before a network worked on it."""

    proposal: ThemeProposed


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
Refinable = Open | Selected | InNetwork
Begun = Refinable | Declined | Withdrawn | Concluded
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
            agenda = {"strategic_agenda_ref": fact.strategic_agenda_ref}
            proposal = theme.proposal.model_copy(update=agenda)
            return Qualified(proposal, theme.assessments, theme.alignment, fact)
        case ThemeSelected():
            return Selected(_open(state).proposal, fact)
        case ThemeDeclined():
            return Declined(_open(state).proposal, fact)
        case ThemeRefined():
            told = _refinable(state)
            return replace(told, proposal=refined(told.proposal, fact.changed))
        case ThemeWithdrawn():
            return Withdrawn(begun(state).proposal)
        case ThemeTakenUp():
            return InNetwork(begun(state).proposal, fact.network_id)
        case ThemeConcluded():
            return Concluded(begun(state).proposal)
        case other:
            assert_never(other)


def refined(proposal: ThemeProposed, changed: Mapping[str, Any]) -> ThemeProposed:
    """What the template says once some of its fields are other."""
    return ThemeProposed.model_validate({**proposal.model_dump(), **changed})


def _relations(state: Theme) -> Relations:
    return {} if isinstance(state, NotProposed) else {"proposer": (state.proposal.proposer_id,)}


THEME: Aggregate[Theme, ThemeEvent] = Aggregate(STREAM, NotProposed(), evolve, _relations)


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
        case Withdrawn():
            raise Refused("theme_withdrawn", "R67")
        case Concluded():
            raise Refused("theme_concluded", "R68")
        case other:
            assert_never(other)


def _open(state: Theme) -> Open:
    assert isinstance(state, Proposed | Qualified)
    return state


def _refinable(state: Theme) -> Refinable:
    assert isinstance(state, Proposed | Qualified | Selected | InNetwork)
    return state
