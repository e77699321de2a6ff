"""Opening a half-year's round, and moving its dates."""

from collections.abc import Sequence
from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.theme_round.state import (
    Round,
    RoundCommand,
    ThemeRound,
    hold_open,
    opened,
)
from shared.contracts.themes import ThemeRoundChanged, ThemeRoundEvent, ThemeRoundOpened
from shared.contracts.vocabulary import Forum, HalfYear
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.people import ForumMembers
from shared.policy import Day, half_year_of


class DatingCommand(RoundCommand):
    """A command that sets a round's dates: when proposals are due, and when they are discussed."""

    proposals_due: Day | None = None
    discussion_on: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.proposals_due and self.discussion_on and self.proposals_due > self.discussion_on:
            raise PydanticCustomError(
                "due_after_discussion", "proposals_due is after discussion_on"
            )
        return self


class OpenThemeRound(DatingCommand):
    """Open the round of a half-year; the departments of the chief forum are to discuss it (R50)."""

    may = role("secretariat")  # P7
    begins = True

    half_year: HalfYear

    def asks(self, state: ThemeRound) -> Sequence[Ask]:
        """Who sits in the chief forum, and in which departments."""
        return (ForumMembers.at(Forum.CHIEFS),)

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Refuse another round for the half-year, and one further off than the next.

        One off the cadence, and one that no department is known for, is only remarked on.
        """
        if isinstance(state, Round):
            before = (state.opening.proposals_due, state.opening.discussion_on)
            if before == (self.proposals_due, self.discussion_on):
                return []
            raise Refused("round_already_opened", "R51", half_year=self.half_year)
        next_due_on = ctx.policy.themes.round_cadence.after(ctx.on)
        next_one = half_year_of(next_due_on)
        if self.half_year > max(next_one, half_year_of(ctx.on)):
            raise Refused("round_too_far_ahead", "R51", half_year=self.half_year, next=next_one)
        ctx.warn(
            "round_off_cadence",
            "R51",
            when=self.half_year not in {half_year_of(ctx.on), next_one},
            half_year=self.half_year,
            next=next_one,
        )
        chiefs = ctx.facts.find(ForumMembers, Forum.CHIEFS)
        departments = chiefs.departments if chiefs else ()
        ctx.warn("no_departments_known", "R50", when=not departments)
        return [
            ThemeRoundOpened(
                on=ctx.on,
                half_year=self.half_year,
                proposals_due=self.proposals_due,
                discussion_on=self.discussion_on,
                departments=departments,
                next_due_on=next_due_on,
            )
        ]


class ChangeThemeRound(DatingCommand):
    """Set a round's dates anew (R51); one that is not given is taken away."""

    may = role("secretariat")  # P7

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Change them while the round is open, and tell when they are other than before."""
        now = opened(state)
        before = (now.opening.proposals_due, now.opening.discussion_on)
        if before == (self.proposals_due, self.discussion_on):
            return []
        hold_open(now)
        day = now.opening.discussion_on
        return [
            ThemeRoundChanged(
                on=ctx.on,
                half_year=ctx.key,
                proposals_due=self.proposals_due,
                discussion_on=self.discussion_on,
                discussion_moved_from=day if day != self.discussion_on else None,
                departments_missing=now.departments_missing,
            )
        ]
