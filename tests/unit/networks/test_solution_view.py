"""The flow shows how far each unit has come with each solution, and counts none twice (V23)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from services.networks.domain.solution import Step
from services.networks.projections.solutions import SOLUTION_FLOW, SolutionFlow
from shared.contracts.networks import (
    OutputRecorded,
    ScalingPlanned,
    SolutionAdopted,
    SolutionEvent,
    SolutionHandedOver,
)
from shared.contracts.vocabulary import NetworkType, OutputKind, SolutionStep
from shared.kernel.events import Recorded
from shared.testing import TODAY, folded, recorded, rule

CAMPUS, VISITATION, MENU = UUID(int=1), UUID(int=2), UUID(int=3)
SCHOOL, CARE = UUID(int=10), UUID(int=11)

RECORDED = OutputRecorded(
    on=TODAY,
    network_id=CAMPUS,
    network_type=NetworkType.WELFARE,
    kind=OutputKind.IMPROVED_WORKFLOW,
    title="Fælles visitation",
    text="Skole og pleje visiterer sammen",
    agenda_ref="Velfærd 2015",
    bridges=(SCHOOL, CARE),
)
PROPOSED = SolutionFlow(
    output_id=VISITATION,
    network_id=CAMPUS,
    kind=OutputKind.IMPROVED_WORKFLOW,
    title="Fælles visitation",
    agenda_ref="Velfærd 2015",
    bridges=(SCHOOL, CARE),
)


def told(event: type[Step], unit: UUID, how: str | None = None) -> Step:
    return event(
        on=TODAY,
        network_id=CAMPUS,
        title="Fælles visitation",
        kind=OutputKind.IMPROVED_WORKFLOW,
        org_unit_id=unit,
        how=how,
        agenda_ref="Velfærd 2015",
        bridges=(SCHOOL, CARE),
    )


def stream(output: UUID, *events: SolutionEvent) -> list[Recorded[Any]]:
    named = f"output-{output}"
    return [recorded(event, named, version) for version, event in enumerate(events, start=1)]


def rows(*events: SolutionEvent) -> list[SolutionFlow]:
    return list(folded(SOLUTION_FLOW, stream(VISITATION, *events)).values())


@rule("R167", "R225")
def test_a_solution_is_there_before_any_unit_has_it() -> None:
    assert rows(RECORDED) == [PROPOSED]


def test_each_unit_has_a_row_of_its_own_from_the_hand_over_on() -> None:
    school, care = rows(
        RECORDED,
        told(SolutionHandedOver, SCHOOL),
        told(SolutionHandedOver, CARE),
        told(SolutionAdopted, SCHOOL, "På et fælles møde"),
    )
    assert (school.org_unit_id, school.reached) == (SCHOOL, SolutionStep.ADOPTED)
    assert (school.handed_over_on, school.adopted_on) == (TODAY, TODAY)
    assert school.how == "På et fælles møde"
    assert (school.agenda_ref, school.bridges) == ("Velfærd 2015", (SCHOOL, CARE))
    assert (care.org_unit_id, care.reached) == (CARE, SolutionStep.HANDED_OVER)
    assert care.adopted_on is None


def test_scaling_is_the_last_step() -> None:
    (row,) = rows(
        RECORDED,
        told(SolutionHandedOver, SCHOOL),
        told(SolutionAdopted, SCHOOL),
        told(ScalingPlanned, SCHOOL),
    )
    assert (row.reached, row.scaling_planned_on) == (SolutionStep.SCALING_PLANNED, TODAY)


STREAMS = (
    stream(VISITATION, RECORDED, told(SolutionHandedOver, SCHOOL), told(SolutionAdopted, SCHOOL)),
    stream(MENU, RECORDED, told(SolutionHandedOver, CARE)),
)


@drawn(st.permutations([number for number, facts in enumerate(STREAMS) for _ in facts]))
def test_the_order_of_outputs_among_each_other_changes_no_row(order: Sequence[int]) -> None:
    left = [iter(facts) for facts in STREAMS]
    mixed = [next(left[number]) for number in order]
    in_turn = [fact for facts in STREAMS for fact in facts]

    assert folded(SOLUTION_FLOW, mixed) == folded(SOLUTION_FLOW, in_turn)
