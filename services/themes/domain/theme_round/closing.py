"""Closing a round: everything is decided, or goes on to the next (R51, R67)."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.themes.domain.known import KnownTheme
from services.themes.domain.theme_round.state import Round, RoundCommand, ThemeRound
from shared.contracts.themes import ThemeRoundClosed, ThemeRoundEvent
from shared.contracts.vocabulary import ThemeState
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused


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
            known = ctx.facts.get(KnownTheme, each)
            if known.decided_in not in {None, ctx.key}:
                continue  # it counts in the round it was decided in
            match known.standing:
                case ThemeState.SELECTED | ThemeState.IN_NETWORK | ThemeState.CONCLUDED:
                    selected.append(each)
                case ThemeState.DECLINED:
                    declined.append(each)
                case ThemeState.WITHDRAWN:
                    pass
                case (
                    ThemeState.PROPOSED
                    | ThemeState.UNDER_QUALIFICATION
                    | ThemeState.QUALIFIED
                    | ThemeState.PRIORITISED
                ):
                    carried_over.append(each)
                case other:
                    assert_never(other)
        unranked = [each for each in (*selected, *carried_over) if state.ranks[each] is None]
        missing = state.departments_missing
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
