"""Where a round is in its life, and how each fact moves it (M3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from shared.contracts.themes import (
    THEME_ROUND,
    LocalThemeDiscussionRecorded,
    ThemeAddedToRound,
    ThemeDiscussionSupportRequested,
    ThemePrioritised,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundEvent,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import OrgUnitId, PersonId
from shared.kernel.commands import Aggregate, Command
from shared.kernel.refusals import Refused


@dataclass(frozen=True)
class NotOpened:
    """Nobody has opened the half-year's round."""


@dataclass(frozen=True)
class Round:
    """Its themes, and what the departments have told; over once it has a closing."""

    opening: ThemeRoundOpened
    ranks: Mapping[UUID, int | None] = field(default_factory=dict)
    """Each theme -> its rank, None while unranked."""
    proposal_nos: Mapping[UUID, int | None] = field(default_factory=dict)
    """Each theme -> which of its proposals is up for discussion, where that is known."""
    support: frozenset[tuple[OrgUnitId, PersonId]] = frozenset()
    """The departments that wish for help, each with the member who asked."""
    discussions: Mapping[tuple[OrgUnitId, PersonId], LocalThemeDiscussionRecorded] = field(
        default_factory=dict
    )
    """What each member told last of the discussion in a department."""
    closing: ThemeRoundClosed | None = None

    @property
    def departments_missing(self) -> tuple[OrgUnitId, ...]:
        """The departments that were to discuss their themes and have not (R50)."""
        held = {unit for unit, _ in self.discussions}
        return tuple(each for each in self.opening.departments if each not in held)


ThemeRound = NotOpened | Round


def evolve(state: ThemeRound, fact: ThemeRoundEvent) -> ThemeRound:
    """Change a round by a fact."""
    match fact:
        case ThemeRoundOpened():
            return Round(fact)
        case ThemeRoundChanged():
            now = opened(state)
            dates = {"proposals_due": fact.proposals_due, "discussion_on": fact.discussion_on}
            return replace(now, opening=now.opening.model_copy(update=dates))
        case ThemeAddedToRound():
            now = opened(state)
            proposal_nos = {**now.proposal_nos, fact.theme_id: fact.proposal_no}
            return _ranked(replace(now, proposal_nos=proposal_nos), fact.theme_id, None)
        case ThemePrioritised():
            return _ranked(opened(state), fact.theme_id, fact.rank)
        case ThemeDiscussionSupportRequested():
            now = opened(state)
            return replace(now, support=now.support | {(fact.org_unit_id, fact.member_id)})
        case LocalThemeDiscussionRecorded():
            now = opened(state)
            return replace(
                now, discussions={**now.discussions, (fact.org_unit_id, fact.member_id): fact}
            )
        case ThemeRoundClosed():
            return replace(opened(state), closing=fact)
        case other:
            assert_never(other)


def opened(state: ThemeRound) -> Round:
    """A round that has been opened; the kernel lets nothing else pass but an opening."""
    assert isinstance(state, Round)
    return state


def discussed_on(state: ThemeRound) -> date | None:
    """The day that the chief forum is to discuss the round on; None where it has none."""
    return state.opening.discussion_on if isinstance(state, Round) else None


def hold_open(state: Round) -> None:
    """Hold that the round is not over (R51)."""
    if state.closing:
        raise Refused("round_closed", "R51", half_year=state.opening.half_year)


def _ranked(state: Round, theme_id: UUID, rank: int | None) -> Round:
    return replace(state, ranks={**state.ranks, theme_id: rank})


ROUND: Aggregate[ThemeRound, ThemeRoundEvent] = Aggregate(THEME_ROUND, NotOpened(), evolve)


class RoundCommand(Command[ThemeRound, ThemeRoundEvent]):
    """A command to a round."""

    aggregate = ROUND
