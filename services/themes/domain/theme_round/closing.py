"""Closing a round: everything is decided, or goes on to the next (R51, R67)."""

from collections.abc import Sequence
from uuid import UUID

from services.themes.domain.known import KnownTheme
from services.themes.domain.theme_round.state import Round, RoundCommand, ThemeRound, opened
from shared.contracts.themes import ThemeRoundClosed, ThemeRoundEvent
from shared.contracts.vocabulary import ThemeDecision, ThemeState
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import NotYet, Refused


class CloseThemeRound(RoundCommand):
    """End a round; whatever the chief forum has not decided is carried over."""

    may = role("secretariat")  # P7
    begins = True  # so that one that was never opened is refused by name

    def asks(self, state: ThemeRound) -> Sequence[Ask]:
        """How far each of its themes has come."""
        ranks = state.ranks if isinstance(state, Round) else ()
        return tuple(KnownTheme.at(each) for each in ranks)

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Close it once; what is left to do is only remarked on.

        A decision counts in the round it names, or else in the latest that has the proposal.
        Raises NotYet for a theme of which nothing has arrived here.
        """
        if not isinstance(state, Round):
            raise Refused("round_not_open", "R51", half_year=ctx.key)
        if state.closing:
            return []
        selected: list[UUID] = []
        declined: list[UUID] = []
        carried_over: list[UUID] = []
        for each in state.ranks:
            number = state.proposal_nos.get(each)
            known = ctx.facts.get(KnownTheme, each)
            proposal = known.proposal(number)
            if proposal is None:
                raise NotYet("evidence_missing", what="KnownTheme", key=str(each))
            if proposal.decision is None:
                if proposal.standing is not ThemeState.WITHDRAWN:
                    carried_over.append(each)
            elif known.round_of(number, at_least=ctx.key) == ctx.key:
                counted = selected if proposal.decision is ThemeDecision.SELECTED else declined
                counted.append(each)
        unranked = [each for each in (*selected, *carried_over) if state.ranks[each] is None]
        missing = state.departments_missing
        day = state.opening.discussion_on
        ctx.warn("closed_before_discussion", "R51", when=day is not None and ctx.on < day)
        ctx.warn("themes_undecided", "R67", when=bool(carried_over), count=len(carried_over))
        ctx.warn("themes_unranked", "R53", when=bool(unranked), count=len(unranked))
        ctx.warn("departments_without_discussion", "R50", when=bool(missing), count=len(missing))
        return [
            ThemeRoundClosed(
                on=ctx.on,
                half_year=ctx.key,
                selected=tuple(sorted(selected)),
                declined=tuple(sorted(declined)),
                carried_over=tuple(sorted(carried_over)),
                departments_missing=missing,
            )
        ]


class CountLateDecision(RoundCommand):
    """Count in a closed round what was decided after it, or so late that it was not seen (R67)."""

    may = SYSTEM

    theme_id: UUID
    proposal_no: int
    decision: ThemeDecision

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Tell the closing again, as of its own day, with the theme where it belongs; once."""
        now = opened(state)
        closing, number = now.closing, now.proposal_nos.get(self.theme_id)
        if closing is None or self.theme_id not in closing.carried_over:
            return []
        if number not in {None, self.proposal_no}:
            return []
        counted = {*getattr(closing, self.decision.value), self.theme_id}
        left = tuple(each for each in closing.carried_over if each != self.theme_id)
        lists = {self.decision.value: tuple(sorted(counted)), "carried_over": left}
        return [closing.model_copy(update=lists)]
