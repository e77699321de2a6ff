"""Opening a half-year's round."""

from collections.abc import Sequence

from services.themes.domain.theme_round.state import Round, RoundCommand, ThemeRound
from shared.contracts.themes import ThemeRoundEvent, ThemeRoundOpened
from shared.contracts.vocabulary import Forum, HalfYear
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.people import ForumMembers
from shared.policy import Day, half_year_of


class OpenThemeRound(RoundCommand):
    """Open the round of a half-year; the departments of the chief forum are to discuss it (R50)."""

    may = role("secretariat")  # P7
    begins = True

    half_year: HalfYear
    proposals_due: Day | None = None
    discussion_on: Day | None = None

    def asks(self, state: ThemeRound) -> Sequence[Ask]:
        """Who sits in the chief forum, and in which departments."""
        return (ForumMembers.at(Forum.CHIEFS),)

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Refuse another round for the half-year; one off the cadence is only remarked on."""
        if isinstance(state, Round):
            before = (state.opening.proposals_due, state.opening.discussion_on)
            if before == (self.proposals_due, self.discussion_on):
                return []
            raise Refused("round_already_opened", "R51", half_year=self.half_year)
        next_due_on = ctx.policy.themes.round_cadence.after(ctx.on)
        next_one = half_year_of(next_due_on)
        ctx.warn(
            "round_off_cadence",
            "R51",
            when=self.half_year not in {half_year_of(ctx.on), next_one},
            half_year=self.half_year,
            next=next_one,
        )
        chiefs = ctx.facts.find(ForumMembers, Forum.CHIEFS)
        return [
            ThemeRoundOpened(
                on=ctx.on,
                half_year=self.half_year,
                proposals_due=self.proposals_due,
                discussion_on=self.discussion_on,
                departments=chiefs.departments if chiefs else (),
                next_due_on=next_due_on,
            )
        ]
