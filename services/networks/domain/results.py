"""A network's results: how its work goes and went.

Nothing here binds anything, so it is only added to; it lives on after the network has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, assert_never

from pydantic import Field

from services.networks.domain.network.state import CREW, NETWORK, NotBegun
from shared.contracts.networks import RESULTS as RESULTS_KIND
from shared.contracts.networks import EvaluationRecorded, ResultsEvent
from shared.contracts.vocabulary import EvaluationMoment, OutcomeSoFar, Text
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.refusals import Unknown


@dataclass(frozen=True)
class Results:
    """What has been told, so that nothing is told twice."""

    evaluations: tuple[EvaluationRecorded, ...] = ()


def evolve(state: Results, fact: ResultsEvent) -> Results:
    """Add a fact to the results."""
    match fact:
        case EvaluationRecorded():
            return Results((*state.evaluations, fact))
        case other:
            assert_never(other)


RESULTS: Aggregate[Results, ResultsEvent] = Aggregate(RESULTS_KIND, Results(), evolve)


class ResultsCommand(Command[Results, ResultsEvent]):
    """A command to a network's results; who may is read from the network's own stream."""

    aggregate = RESULTS
    begins = True

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The network with the same id."""
        return ((NETWORK, key),)


class RecordEvaluation(ResultsCommand):
    """Record how the network's work goes or went, and its effects (R105, R213, R222)."""

    may = CREW  # P18

    moment: EvaluationMoment
    template_version: Annotated[int, Field(ge=1, le=1000)]
    went_well: Text
    went_badly: Text
    effects: Text
    outcome_so_far: OutcomeSoFar
    """`not_yet` is a good answer: outcomes are not seen at once (R216)."""

    def decide(self, state: Results, ctx: Context) -> Sequence[ResultsEvent]:
        """Take it at any time; an old template is only remarked on (R214)."""
        if isinstance(ctx.state(NETWORK, ctx.key), NotBegun):
            raise Unknown("unknown", kind=NETWORK.kind.name, id=ctx.key)
        evaluation = EvaluationRecorded(
            on=ctx.on,
            moment=self.moment,
            template_version=self.template_version,
            went_well=self.went_well,
            went_badly=self.went_badly,
            effects=self.effects,
            outcome_so_far=self.outcome_so_far,
        )
        if any(each.model_copy(update={"on": ctx.on}) == evaluation for each in state.evaluations):
            return []
        current = ctx.policy.networks.evaluation_template_version
        old = self.template_version < current
        ctx.warn("evaluation_template_old", "R214", when=old, current=current)
        return [evaluation]
