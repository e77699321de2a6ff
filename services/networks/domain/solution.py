"""A solution: one output of a network, and its way into the base.

Recorded in immediate continuation of the work that it comes from; then, unit by unit, handed over,
adopted, and planned to be spread (M9). The steps go on after the network has ended, so the stream
is its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, assert_never
from uuid import UUID

from pydantic import Field

from services.networks.domain.network.state import CREW, NETWORK, Network
from shared.contracts.networks import (
    OUTPUT,
    OutputRecorded,
    ScalingPlanned,
    SolutionAdopted,
    SolutionEvent,
    SolutionHandedOver,
)
from shared.contracts.vocabulary import OrgUnitId, OutputKind, SolutionStep, Text, Title
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.permissions import its
from shared.kernel.refusals import Refused, Unknown

Step = SolutionHandedOver | SolutionAdopted | ScalingPlanned

STEPS: Mapping[SolutionStep, type[Step]] = {
    SolutionStep.HANDED_OVER: SolutionHandedOver,
    SolutionStep.ADOPTED: SolutionAdopted,
    SolutionStep.SCALING_PLANNED: ScalingPlanned,
}
"""The steps in their order, and what each is told as."""


@dataclass(frozen=True)
class NotRecorded:
    """There is no such output yet."""


@dataclass(frozen=True)
class Output:
    """What was handed in, and how many steps each unit has taken with it."""

    recorded: OutputRecorded
    steps: Mapping[OrgUnitId, int] = field(default_factory=dict)

    def after(self, fact: Step) -> "Output":
        """Count a unit's step."""
        number = list(STEPS.values()).index(type(fact)) + 1
        return replace(self, steps={**self.steps, fact.org_unit_id: number})


Solution = NotRecorded | Output


def evolve(state: Solution, fact: SolutionEvent) -> Solution:
    """Change a solution by a fact."""
    match fact:
        case OutputRecorded():
            return Output(fact)
        case SolutionHandedOver() | SolutionAdopted() | ScalingPlanned():
            assert isinstance(state, Output)
            return state.after(fact)
        case other:
            assert_never(other)


SOLUTION: Aggregate[Solution, SolutionEvent] = Aggregate(OUTPUT, NotRecorded(), evolve)


class SolutionCommand(Command[Solution, SolutionEvent]):
    """A command to a solution; who may is read from the network's own stream."""

    aggregate = SOLUTION

    network_id: UUID

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The network that the solution comes from."""
        return ((NETWORK, str(self.network_id)),)


class RecordOutput(SolutionCommand):
    """Record what a network hands over in immediate continuation of its work."""

    may = CREW  # P18
    begins = True

    kind: OutputKind
    title: Title
    text: Text
    agenda_ref: Title | None = None
    bridges: Annotated[frozenset[OrgUnitId], Field(max_length=100)] = frozenset()
    """The units between which the solution builds a bridge (R225)."""

    def decide(self, state: Solution, ctx: Context) -> Sequence[SolutionEvent]:
        """Take it from the start on; long after the end only when that is set aside."""
        if isinstance(state, Output):
            return []
        network = ctx.state(NETWORK, str(self.network_id))
        if not isinstance(network, Network):
            raise Unknown("unknown", kind=NETWORK.kind.name, id=str(self.network_id))
        if network.started_on is None or ctx.on < network.started_on:
            raise Refused("network_not_started", "R215")
        ended_on = network.ended_on or ctx.on
        latest = ctx.policy.networks.output_latest_after_close.after(ended_on)
        ctx.default("output_late", "R215", broken=ctx.on > latest, latest=latest.isoformat())
        ctx.warn("no_agenda", "R166", when=self.agenda_ref is None)
        return [
            OutputRecorded(
                on=ctx.on,
                network_id=self.network_id,
                network_type=network.network_type,
                kind=self.kind,
                title=self.title,
                text=self.text,
                agenda_ref=self.agenda_ref,
                bridges=tuple(sorted(self.bridges)),
                after_closing=ctx.on > ended_on,
            )
        ]


class AdvanceSolution(SolutionCommand):
    """Take a solution one step further into a unit of the base."""

    may = its("reference_leader") | CREW  # P24

    step: SolutionStep
    org_unit_id: OrgUnitId
    how: Text | None = None

    def decide(self, state: Solution, ctx: Context) -> Sequence[SolutionEvent]:
        """Hold the order of steps in each unit, also after the network has ended."""
        if not isinstance(state, Output) or state.recorded.network_id != self.network_id:
            raise Unknown("unknown", kind=OUTPUT.name, id=ctx.key)
        output = state.recorded
        if output.kind is OutputKind.OTHER:
            raise Refused("output_is_no_solution", "R167")
        taken = state.steps.get(self.org_unit_id, 0)
        step = list(STEPS).index(self.step) + 1
        if step <= taken:
            return []
        if step > taken + 1:
            missing = list(STEPS)[taken]
            rule = "R165" if missing is SolutionStep.HANDED_OVER else "R158"
            raise Refused("solution_step_out_of_order", rule, missing=missing)
        return [
            STEPS[self.step](
                on=ctx.on,
                network_id=self.network_id,
                title=output.title,
                kind=output.kind,
                org_unit_id=self.org_unit_id,
                how=self.how,
                agenda_ref=output.agenda_ref,
                bridges=output.bridges,
            )
        ]
