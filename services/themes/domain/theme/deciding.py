"""Choosing for or against a theme (R67)."""

from collections.abc import Sequence
from typing import Any, Self, assert_never
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.choosing import check_choosers, choosers
from services.themes.domain.known import NetworkCrew
from services.themes.domain.theme.evidence import remark_on_evidence
from services.themes.domain.theme.qualifying import hold_asked_for, hold_still_suited, met
from services.themes.domain.theme.state import (
    Declined,
    Open,
    Proposed,
    Selected,
    Theme,
    ThemeCommand,
    undecided,
)
from services.themes.domain.theme_round.state import ROUND, Round
from shared.contracts.themes import ThemeDeclined, ThemeEvent, ThemeSelected
from shared.contracts.vocabulary import HalfYear, Text, ThemeDecision
from shared.kernel.commands import Aggregate, Context
from shared.kernel.facts import Ask
from shared.kernel.refusals import Refused
from shared.people import CHOOSING, Deciders, may_set_aside
from shared.policy import Day


class DecideTheme(ThemeCommand):
    """Record the chief forum's choice; declining says why.

    `half_year` names the round it was decided in; `planned_start` and `for_network_id`, a network
    that runs already, go with a selection.
    """

    may = CHOOSING  # P6

    decision: ThemeDecision
    decided_by: Deciders
    reason: Text | None = None
    half_year: HalfYear | None = None
    planned_start: Day | None = None
    for_network_id: UUID | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.decision == ThemeDecision.DECLINED:
            if self.reason is None:
                raise PydanticCustomError(
                    "declined_without_reason", "a theme is declined with a reason"
                )
            if self.planned_start or self.for_network_id:
                raise PydanticCustomError(
                    "start_only_when_selected", "a start or a network goes with a selection only"
                )
        return self

    def asks(self, state: Theme) -> Sequence[Ask]:
        """Those who decided, and whoever works in the network that it is for."""
        network = (NetworkCrew.at(self.for_network_id),) if self.for_network_id else ()
        return (*choosers(self.decided_by), *network)

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The round it was decided in, for the theme's rank."""
        return ((ROUND, self.half_year),) if self.half_year else ()

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Hold that it is decided once, by those who may, and on a theme that is ready for it."""
        check_choosers(ctx, self.decided_by)
        if self._has_been_decided(state):
            return []
        theme = undecided(state)
        match self.decision:
            case ThemeDecision.SELECTED:
                return [self._selected(theme, ctx)]
            case ThemeDecision.DECLINED:
                return [self._declined(theme, ctx)]
            case other:
                assert_never(other)

    def _has_been_decided(self, state: Theme) -> bool:
        selected, declined = ThemeDecision.SELECTED, ThemeDecision.DECLINED
        match state:
            case Selected(_, before) if self.decision == selected:
                return (self.half_year, self.planned_start, self.for_network_id, self.reason) == (
                    before.half_year,
                    before.planned_start,
                    before.for_network_id,
                    before.reason,
                )
            case Declined(_, earlier) if self.decision == declined:
                return (self.half_year, self.reason) == (earlier.half_year, earlier.reason)
            case _:
                return False

    def _declined(self, theme: Open, ctx: Context) -> ThemeDeclined:
        self._remark(ctx)
        assert self.reason is not None
        return ThemeDeclined(
            on=ctx.on,
            title=theme.proposal.title,
            proposer_id=theme.proposal.proposer_id,
            reason=self.reason,
            half_year=self.half_year,
            decided_by=tuple(sorted(self.decided_by)),
        )

    def _selected(self, theme: Open, ctx: Context) -> ThemeSelected:
        if isinstance(theme, Proposed):
            raise Refused("theme_not_qualified", "R53")
        # Since it was qualified it may have been refined and assessed anew.
        hold_asked_for(theme, ctx)
        hold_still_suited(theme, ctx, self.decided_by)
        proposal, aligned = theme.proposal, theme.alignment
        ctx.default(
            "network_type_not_aligned",
            "R56",
            broken=aligned is None,
            by=may_set_aside(ctx, self.decided_by),
        )
        network_type = aligned.network_type if aligned else proposal.wished_type
        if network_type is None:
            # Only a wish can stand in for an alignment that was set aside.
            raise next(iter(ctx.broken), Refused("network_type_missing", "R69"))
        remark_on_evidence(met(theme), proposal, ctx)
        if self.for_network_id:
            known = ctx.facts.find(NetworkCrew, self.for_network_id)
            told = {"network_id": str(self.for_network_id)}
            ctx.warn("network_not_known", "R68", when=known is None, **told)
        self._remark(ctx)
        return ThemeSelected(
            on=ctx.on,
            title=proposal.title,
            proposer_id=proposal.proposer_id,
            identified_need=proposal.identified_need,
            network_type=network_type,
            type_aligned=aligned is not None,
            intended_difference=aligned.intended_difference if aligned else None,
            affected_departments=proposal.affected_departments,
            actor_groups=proposal.actor_groups,
            strategic_agenda_ref=proposal.strategic_agenda_ref,
            half_year=self.half_year,
            planned_start=self.planned_start,
            for_network_id=self.for_network_id,
            network_id=None if self.for_network_id else ctx.new_id(),
            reason=self.reason,
            decided_by=tuple(sorted(self.decided_by)),
        )

    def _remark(self, ctx: Context) -> None:
        decided_in = ctx.state(ROUND, self.half_year) if self.half_year else None
        ranks = decided_in.ranks if isinstance(decided_in, Round) else {}
        rank_of = {str(theme_id): rank for theme_id, rank in ranks.items()}
        ctx.warn("outside_round", "R51", when=ctx.key not in rank_of)
        ctx.warn(
            "not_prioritised",
            "R53",
            when=self.decision == ThemeDecision.SELECTED and rank_of.get(ctx.key) is None,
        )
