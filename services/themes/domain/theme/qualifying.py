"""Finding out whether a theme is suited for a network, and for which kind."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.choosing import check_choosers, choosers
from services.themes.domain.theme.evidence import remark_on_evidence
from services.themes.domain.theme.state import Open, Qualified, Theme, ThemeCommand, undecided
from shared.contracts.themes import (
    ThemeCriterionAssessed,
    ThemeEvent,
    ThemeNetworkTypeAligned,
    ThemeQualified,
)
from shared.contracts.vocabulary import (
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
from shared.people import CHOOSING, Deciders, may_set_aside

RULE_OF = dict(zip(Criterion, ("R57", "R58", "R59", "R60", "R61", "R62", "R63"), strict=True))

GOES_WITH: Mapping[Criterion, tuple[str, ...]] = {
    Criterion.CURRENT_AND_WANTED: ("demand_top", "demand_bottom"),
    Criterion.INNOVATION: ("economic_potential", "economic_amount_ore"),
}
"""What is told of a criterion besides how far it is met."""


class Assessment(BaseModel):
    """How far one criterion is met, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    criterion: Criterion
    verdict: Verdict
    rationale: Text


class AssessTheme(ThemeCommand):
    """Fill in the matrix of criteria, all at once or some; each replaces what was said before.

    Demand at the top and the bottom goes with `current_and_wanted`, the economic potential
    (amount in oere) with `innovation`; what is not given stays, and null takes it away.
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
            raise PydanticCustomError("criterion_named_twice", "a criterion is assessed twice")
        demand = (self.demand_top, self.demand_bottom) != (None, None)
        if demand and Criterion.CURRENT_AND_WANTED not in criteria:
            raise PydanticCustomError(
                "demand_without_criterion",
                "demand is given without an assessment of current_and_wanted",
            )
        economy = (self.economic_potential, self.economic_amount_ore) != (None, None)
        if economy and Criterion.INNOVATION not in criteria:
            raise PydanticCustomError(
                "economy_without_criterion",
                "an economic potential is given without an assessment of innovation",
            )
        return self

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Tell the criteria that changed; what speaks against a verdict is only remarked on."""
        theme = undecided(state)
        told = [self._fact(each, theme, ctx) for each in self.assessments]
        self._remark(told, theme, ctx)
        return [
            fact for fact in told if not _says_the_same(theme.assessments.get(fact.criterion), fact)
        ]

    def _fact(self, assessment: Assessment, theme: Open, ctx: Context) -> ThemeCriterionAssessed:
        earlier = theme.assessments.get(assessment.criterion)
        return ThemeCriterionAssessed(
            on=ctx.on,
            criterion=assessment.criterion,
            verdict=assessment.verdict,
            rationale=assessment.rationale,
            **{
                each: getattr(self if each in self.model_fields_set else earlier, each, None)
                for each in GOES_WITH.get(assessment.criterion, ())
            },
        )

    def _remark(self, told: Sequence[ThemeCriterionAssessed], theme: Open, ctx: Context) -> None:
        said = {each.criterion: each for each in told if each.verdict != Verdict.NOT}
        wanted = said.get(Criterion.CURRENT_AND_WANTED)
        ctx.warn(
            "demand_one_sided",
            "R58",
            when=wanted is not None and not (wanted.demand_top and wanted.demand_bottom),
        )
        remark_on_evidence(said, theme.proposal, ctx)


def _says_the_same(earlier: ThemeCriterionAssessed | None, fact: ThemeCriterionAssessed) -> bool:
    return earlier is not None and earlier.model_copy(update={"on": fact.on}) == fact


class AlignThemeNetworkType(ThemeCommand):
    """Agree on the network type that best makes the difference one wants (R56)."""

    may = CHOOSING  # P5

    network_type: NetworkType
    intended_difference: Text
    aligned_by: Deciders

    def asks(self, state: Theme) -> Sequence[Ask]:
        """Those who agreed."""
        return choosers(self.aligned_by)

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Tell what the chief forum agreed on, when it is something else than before."""
        before = undecided(state).alignment
        check_choosers(ctx, self.aligned_by)
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
        return choosers(self.decided_by)

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Hold that the theme is asked for and, by default, that it meets the seven criteria."""
        theme = undecided(state)
        check_choosers(ctx, self.decided_by)
        hold_asked_for(theme, ctx)
        qualified = self._qualified(theme, ctx)
        if isinstance(theme, Qualified) and _qualifies_alike(theme.qualification, qualified):
            return []
        self._check_criteria(theme, ctx)
        remark_on_evidence(met(theme), theme.proposal, ctx)
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


def met(theme: Open) -> frozenset[Criterion]:
    """The criteria that are met, at least in part."""
    return frozenset(theme.assessments) - _unmet(theme)


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
