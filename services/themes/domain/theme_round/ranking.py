"""Putting a round's themes in order (R53)."""

from collections.abc import Sequence
from itertools import count
from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.choosing import check_choosers, choosers
from services.themes.domain.known import KnownProposal, KnownTheme
from services.themes.domain.theme_round.state import (
    Round,
    RoundCommand,
    ThemeRound,
    hold_open,
    opened,
)
from shared.contracts.themes import ThemePrioritised, ThemeRoundEvent
from shared.contracts.vocabulary import ThemeState
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.refusals import Refused
from shared.people import CHOOSING, Deciders

NOT_CHOOSABLE = frozenset({ThemeState.DECLINED, ThemeState.WITHDRAWN})
"""Where a theme stands that the chief forum cannot choose any more."""


class PrioritiseThemes(RoundCommand):
    """Put the round's themes in order, the most wanted first.

    Themes that were ranked before and are left out come after, in the order they had; those that
    cannot be chosen any more keep their place.
    """

    may = CHOOSING  # P6

    theme_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]
    decided_by: Deciders

    @field_validator("theme_ids")
    @classmethod
    def _each_once(cls, theme_ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
        if len(set(theme_ids)) < len(theme_ids):
            raise PydanticCustomError("theme_named_twice", "a theme is named twice")
        return theme_ids

    def asks(self, state: ThemeRound) -> Sequence[Ask]:
        """Those who decided, and how far each theme of the round has come."""
        ranks = state.ranks if isinstance(state, Round) else {}
        themes = sorted({*self.theme_ids, *ranks})
        return (*choosers(self.decided_by), *(KnownTheme.at(each) for each in themes))

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Rank every theme anew, and tell the ranks that changed."""
        now = opened(state)
        for theme_id in self.theme_ids:
            if theme_id not in now.ranks:
                raise Refused("theme_not_in_round", "R53", theme_id=str(theme_id))
        check_choosers(ctx, self.decided_by)
        told = self._told(now, self._choosable(now, ctx), ctx)
        if told:
            hold_open(now)
        return told

    def _choosable(self, now: Round, ctx: Context) -> tuple[UUID, ...]:
        """Leave out what was declined or withdrawn, and remark on it."""
        left: list[UUID] = []
        for each in self.theme_ids:
            known = _known(now, each, ctx)
            is_over = _is_over(known)
            ctx.warn("ranked_theme_decided", "R53", when=is_over, theme_id=str(each))
            if is_over:
                continue
            left.append(each)
            ctx.warn(
                "ranked_theme_not_qualified",
                "R53",
                when=known is not None and not known.is_qualified,
                theme_id=str(each),
            )
        return tuple(left)

    def _told(self, now: Round, wanted: Sequence[UUID], ctx: Context) -> Sequence[ThemePrioritised]:
        ranked = {each: rank for each, rank in now.ranks.items() if rank is not None}
        over = {each for each in ranked if _is_over(_known(now, each, ctx))}
        kept = {ranked[each] for each in over}
        others = (each for each in sorted(ranked, key=ranked.__getitem__) if each not in over)
        places = (place for place in count(1) if place not in kept)
        order = (*wanted, *(each for each in others if each not in wanted))
        return [
            ThemePrioritised(
                on=ctx.on,
                half_year=ctx.key,
                theme_id=theme_id,
                rank=rank,
                decided_by=tuple(sorted(self.decided_by)),
            )
            for theme_id, rank in zip(order, places, strict=False)
            if now.ranks[theme_id] != rank
        ]


def _known(now: Round, theme_id: UUID, ctx: Context) -> KnownProposal | None:
    """What became of the proposal that is in the round, as far as it is known."""
    known = ctx.facts.find(KnownTheme, theme_id)
    return known.proposal(now.proposal_nos.get(theme_id)) if known else None


def _is_over(proposal: KnownProposal | None) -> bool:
    return proposal is not None and proposal.standing in NOT_CHOOSABLE
