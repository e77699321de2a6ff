"""A round: the half-year's themes and their order.

One for each half-year, because its stream is named after it; one list, so that ranks are unique.
Opened by the secretariat, ranked by the chief forum.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, assert_never
from uuid import UUID

from pydantic import Field, field_validator

from services.themes.domain.known import KnownTheme
from services.themes.domain.theme.state import THEME, NotProposed, Proposed, Qualified
from shared.contracts.themes import (
    THEME_ROUND,
    ThemeAddedToRound,
    ThemePrioritised,
    ThemeRoundEvent,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import HalfYear
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused, Unknown
from shared.people import CHOOSING, Deciders, check_deciders, deciders
from shared.policy import Day, half_year_of


@dataclass(frozen=True)
class NotOpened:
    """Nobody has opened the half-year's round."""


@dataclass(frozen=True)
class OpenRound:
    """The themes of the round with their ranks, None while unranked."""

    opening: ThemeRoundOpened
    ranks: Mapping[UUID, int | None] = field(default_factory=dict)


ThemeRound = NotOpened | OpenRound


def evolve(state: ThemeRound, fact: ThemeRoundEvent) -> ThemeRound:
    """Change a round by a fact."""
    match fact:
        case ThemeRoundOpened():
            return OpenRound(fact)
        case ThemeAddedToRound():
            return _ranked(state, fact.theme_id, None)
        case ThemePrioritised():
            return _ranked(state, fact.theme_id, fact.rank)
        case other:
            assert_never(other)


def _ranked(state: ThemeRound, theme_id: UUID, rank: int | None) -> OpenRound:
    assert isinstance(state, OpenRound)
    return replace(state, ranks={**state.ranks, theme_id: rank})


ROUND: Aggregate[ThemeRound, ThemeRoundEvent] = Aggregate(THEME_ROUND, NotOpened(), evolve)


class RoundCommand(Command[ThemeRound, ThemeRoundEvent]):
    """A command to a round."""

    aggregate = ROUND


class OpenThemeRound(RoundCommand):
    """Open the round of a half-year."""

    may = role("secretariat")  # P7
    begins = True

    half_year: HalfYear
    proposals_due: Day | None = None
    discussion_on: Day | None = None

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Refuse another round for the half-year; one off the cadence is only remarked on."""
        opened = ThemeRoundOpened(
            on=ctx.on,
            half_year=self.half_year,
            proposals_due=self.proposals_due,
            discussion_on=self.discussion_on,
        )
        if isinstance(state, OpenRound):
            if opened.model_copy(update={"on": state.opening.on}) == state.opening:
                return []
            raise Refused("round_already_opened", "R51", half_year=self.half_year)
        next_one = half_year_of(ctx.policy.themes.round_cadence.after(ctx.on))
        ctx.warn(
            "round_off_cadence",
            "R51",
            when=self.half_year not in {half_year_of(ctx.on), next_one},
            half_year=self.half_year,
            next=next_one,
        )
        return [opened]


class AddThemeToRound(RoundCommand):
    """Put a theme up for discussion in a round."""

    may = role("secretariat")  # P7

    theme_id: UUID

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The theme, for its title and whether it is open."""
        return ((THEME, str(self.theme_id)),)

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Add it once; a theme that is no longer open is only remarked on."""
        assert isinstance(state, OpenRound)
        if self.theme_id in state.ranks:
            return []
        theme = ctx.state(THEME, str(self.theme_id))
        if isinstance(theme, NotProposed):
            raise Unknown("unknown", kind="theme", id=str(self.theme_id))
        ctx.warn("theme_not_open", "R51", when=not isinstance(theme, Proposed | Qualified))
        return [
            ThemeAddedToRound(
                on=ctx.on,
                half_year=ctx.key,
                theme_id=self.theme_id,
                title=theme.proposal.title,
            )
        ]


class PrioritiseThemes(RoundCommand):
    """Put the round's themes in order, the most wanted first.

    Themes that were ranked before and are left out come after, in the order they had.
    """

    may = CHOOSING  # P6

    theme_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]
    decided_by: Deciders

    @field_validator("theme_ids")
    @classmethod
    def _each_once(cls, theme_ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
        if len(set(theme_ids)) < len(theme_ids):
            raise ValueError("a theme has one rank")
        return theme_ids

    def asks(self, state: ThemeRound) -> Sequence[Ask]:
        """Those who decided, and whether each theme is qualified."""
        return (*deciders(self.decided_by), *(KnownTheme.at(each) for each in self.theme_ids))

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Rank every theme anew, and tell the ranks that changed."""
        assert isinstance(state, OpenRound)
        for theme_id in self.theme_ids:
            if theme_id not in state.ranks:
                raise Refused("theme_not_in_round", "R53", theme_id=str(theme_id))
        check_deciders(ctx, self.decided_by)
        for theme_id in self.theme_ids:
            known = ctx.facts.find(KnownTheme, theme_id)
            ctx.warn(
                "ranked_theme_not_qualified",
                "R53",
                when=known is not None and not known.is_qualified,
                theme_id=str(theme_id),
            )
        return [
            ThemePrioritised(
                on=ctx.on,
                half_year=ctx.key,
                theme_id=theme_id,
                rank=rank,
                decided_by=tuple(sorted(self.decided_by)),
            )
            for rank, theme_id in enumerate((*self.theme_ids, *self._left_out(state)), start=1)
            if state.ranks[theme_id] != rank
        ]

    def _left_out(self, state: OpenRound) -> Iterable[UUID]:
        ranked = {each: rank for each, rank in state.ranks.items() if rank is not None}
        return (
            each for each in sorted(ranked, key=ranked.__getitem__) if each not in self.theme_ids
        )
