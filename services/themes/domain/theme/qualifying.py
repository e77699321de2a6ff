"""Finding out whether a theme is suited for a network, and for which kind."""

from collections.abc import Collection, Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.themes.domain.theme.state import Open, Qualified, Theme, ThemeCommand, undecided
from shared.contracts.themes import (
    ThemeCriterionAssessed,
    ThemeEvent,
    ThemeNetworkTypeAligned,
    ThemeQualified,
)
from shared.contracts.vocabulary import (
    OWN_ACTOR_GROUPS,
    Criterion,
    NetworkType,
    PersonId,
    Text,
    Title,
    Verdict,
)
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import May
from shared.kernel.refusals import Refused
from shared.people import (
    CHOOSING,
    Deciders,
    check_deciders,
    check_known_decider,
    deciders,
    may_set_aside,
)

RULE_OF = dict(zip(Criterion, ("R57", "R58", "R59", "R60", "R61", "R62", "R63"), strict=True))


class Assessment(BaseModel):
    """How far one criterion is met, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    criterion: Criterion
    verdict: Verdict
    rationale: Text


class AssessTheme(ThemeCommand):
    """Fill in the matrix of criteria, all at once or some; each replaces what was said before.

    Demand at the top and the bottom goes with `current_and_wanted`, the economic potential
    (amount in oere) with `innovation`.
    """

    may = CHOOSING  # P5

    assessments: Annotated[tuple[Assessment, ...], Field(min_length=1, max_length=len(Criterion))]
    demand_top: bool | None = None
    demand_bottom: bool | None = None
    economic_potential: Text | None = None
    economic_amount_ore: Annotated[int, Field(ge=0, lt=10**15)] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        criteria = [each.criterion for each in self.assessments]
        if len(set(criteria)) < len(criteria):
            raise ValueError("a criterion is assessed twice")
        demand = (self.demand_top, self.demand_bottom) != (None, None)
        if demand and Criterion.CURRENT_AND_WANTED not in criteria:
            raise ValueError("demand is given without an assessment of current_and_wanted")
        economy = (self.economic_potential, self.economic_amount_ore) != (None, None)
        if economy and Criterion.INNOVATION not in criteria:
            raise ValueError("an economic potential is given without an assessment of innovation")
        return self

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Tell the criteria that changed; what speaks against a verdict is only remarked on."""
        theme = undecided(state)
        self._remark(theme, ctx)
        return [
            fact
            for fact in (self._fact(each, ctx) for each in self.assessments)
            if not _says_the_same(theme.assessments.get(fact.criterion), fact)
        ]

    def _fact(self, assessment: Assessment, ctx: Context) -> ThemeCriterionAssessed:
        wanted = assessment.criterion == Criterion.CURRENT_AND_WANTED
        innovative = assessment.criterion == Criterion.INNOVATION
        return ThemeCriterionAssessed(
            on=ctx.on,
            criterion=assessment.criterion,
            verdict=assessment.verdict,
            rationale=assessment.rationale,
            demand_top=self.demand_top if wanted else None,
            demand_bottom=self.demand_bottom if wanted else None,
            economic_potential=self.economic_potential if innovative else None,
            economic_amount_ore=self.economic_amount_ore if innovative else None,
        )

    def _remark(self, theme: Open, ctx: Context) -> None:
        said = {each.criterion for each in self.assessments if each.verdict != Verdict.NOT}
        proposal = theme.proposal
        ctx.warn(
            "demand_one_sided",
            "R58",
            when=Criterion.CURRENT_AND_WANTED in said
            and not (self.demand_top and self.demand_bottom),
        )
        ctx.warn(
            "cross_cutting_without_evidence",
            "R59",
            when=Criterion.CROSS_CUTTING in said
            and max(len(proposal.affected_departments), len(proposal.professions)) < 2,
        )
        ctx.warn(
            "no_external_actor_group",
            "R63",
            when=Criterion.NEW_PERSPECTIVES in said
            and OWN_ACTOR_GROUPS.issuperset(proposal.actor_groups),
        )


def _says_the_same(earlier: ThemeCriterionAssessed | None, fact: ThemeCriterionAssessed) -> bool:
    return earlier is not None and earlier.model_copy(update={"on": fact.on}) == fact


class AlignThemeNetworkType(ThemeCommand):
    """Agree on the network type that best makes the difference one wants (R56)."""

    may = CHOOSING  # P5

    network_type: NetworkType
    intended_difference: Text
    aligned_by: Deciders

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Tell what was agreed on, when it is something else than before."""
        before = undecided(state).alignment
        agreed = (self.network_type, self.intended_difference)
        if before and (before.network_type, before.intended_difference) == agreed:
            return []
        return [
            ThemeNetworkTypeAligned(
                on=ctx.on,
                network_type=self.network_type,
                intended_difference=self.intended_difference,
                aligned_by=tuple(sorted(self.aligned_by)),
            )
        ]


class QualifyTheme(ThemeCommand):
    """Record that the chief forum finds the theme suited for a network."""

    may = CHOOSING  # P6

    decided_by: Deciders
    strategic_agenda_ref: Title | None = None

    def asks(self, state: Theme) -> Sequence[Ask]:
        """Those who decided."""
        return deciders(self.decided_by)

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Hold that the theme is asked for and, by default, that it meets the seven criteria."""
        theme = undecided(state)
        check_deciders(ctx, self.decided_by)
        check_known_decider(ctx, self.decided_by)
        hold_asked_for(theme, ctx)
        qualified = self._qualified(theme, ctx)
        if isinstance(theme, Qualified) and _qualifies_alike(theme.qualification, qualified):
            return []
        self._check_criteria(theme, ctx)
        ctx.warn("no_strategic_agenda", "R66", when=qualified.strategic_agenda_ref is None)
        return [qualified]

    def _qualified(self, theme: Open, ctx: Context) -> ThemeQualified:
        return ThemeQualified(
            on=ctx.on,
            title=theme.proposal.title,
            proposer_id=theme.proposal.proposer_id,
            criteria={
                each: theme.assessments[each].verdict
                for each in Criterion
                if each in theme.assessments
            },
            strategic_agenda_ref=self.strategic_agenda_ref or theme.proposal.strategic_agenda_ref,
            decided_by=tuple(sorted(self.decided_by)),
        )

    def _check_criteria(self, theme: Open, ctx: Context) -> None:
        by = may_set_aside(ctx, self.decided_by)
        asked = [each for each in Criterion if each in ctx.policy.themes.criteria]
        missing = [each for each in asked if each not in theme.assessments]
        ctx.default(
            "criteria_not_assessed", "R48", broken=bool(missing), by=by, criteria=tuple(missing)
        )
        _hold_met(_unmet(theme), ctx, by)


def hold_asked_for(theme: Open, ctx: Context) -> None:
    """Hold that the theme is asked for from as many sides as policy wants (R45)."""
    least = ctx.policy.themes.demand_origins_min
    if len(theme.proposal.demand_origins) < least:
        raise Refused("no_demand_origin", "R45", least=least)


def hold_still_suited(theme: Qualified, ctx: Context, decided_by: Collection[PersonId]) -> None:
    """Hold by default that no criterion is unmet which was not when the theme was qualified."""
    known = theme.qualification.criteria
    since = frozenset(each for each in _unmet(theme) if known.get(each) != Verdict.NOT)
    _hold_met(since, ctx, may_set_aside(ctx, decided_by))


def _unmet(theme: Open) -> frozenset[Criterion]:
    verdicts = {each: told.verdict for each, told in theme.assessments.items()}
    return frozenset(each for each, verdict in verdicts.items() if verdict == Verdict.NOT)


def _hold_met(unmet: Collection[Criterion], ctx: Context, by: May) -> None:
    if not ctx.policy.themes.require_all_criteria:
        return
    for each in (one for one in Criterion if one in ctx.policy.themes.criteria):
        ctx.default("criterion_unmet", RULE_OF[each], broken=each in unmet, by=by, criterion=each)


def _qualifies_alike(earlier: ThemeQualified, now: ThemeQualified) -> bool:
    return (earlier.criteria, earlier.strategic_agenda_ref) == (
        now.criteria,
        now.strategic_agenda_ref,
    )
