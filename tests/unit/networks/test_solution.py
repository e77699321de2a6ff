"""An output is recorded right after the work, and goes its way into each unit step by step."""

from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from services.networks.domain.network.state import NETWORK
from services.networks.domain.solution import AdvanceSolution, RecordOutput, Step
from shared.contracts.networks import (
    CrewAtClosing,
    NetworkClosed,
    NetworkEvent,
    NetworkImported,
    NetworkPlanned,
    OutputRecorded,
    PlannedPhase,
    ScalingPlanned,
    SolutionAdopted,
    SolutionEvent,
    SolutionHandedOver,
)
from shared.contracts.vocabulary import NetworkResult, NetworkType, OutputKind, SolutionStep
from shared.kernel.commands import Command, Override
from shared.kernel.permissions import Actor
from shared.policy import Period
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, person
from shared.testing.kit import NS3, Given

C = TypeVar("C", bound=Command[Any, Any])

CAMPUS, OUTPUT, ELSEWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
SCHOOL, CARE = UUID(int=10), UUID(int=11)
ADA, BO, FREJA, MAJ = (person(each) for each in ("ada", "bo", "freja", "maj"))
STARTED = date(2013, 2, 1)

RUNS = NetworkImported(
    on=date(2013, 8, 1),
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=STARTED,
    leader_id=ADA,
    leader_line_manager_id=MAJ,
    co_driver_id=BO,
    reference_leader_id=FREJA,
    phases=(PlannedPhase(phase="intensive_1"),),
)
CLOSED = NetworkClosed(
    on=TODAY,
    title="Campus",
    network_type=NetworkType.WELFARE,
    started_on=STARTED,
    result=NetworkResult.ADOPTED,
    crew=CrewAtClosing(),
    phases=(),
    break_days=0,
)
PLANNED = NetworkPlanned(
    on=STARTED,
    theme_id=uuid4(),
    title="Campus",
    network_type=NetworkType.WELFARE,
    half_year="2013-H1",
    type_aligned=True,
    phases=(),
)
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
RECORD = RecordOutput(
    network_id=CAMPUS,
    kind=OutputKind.IMPROVED_WORKFLOW,
    title="Fælles visitation",
    text="Skole og pleje visiterer sammen",
    agenda_ref="Velfærd 2015",
    bridges=frozenset({CARE, SCHOOL}),
)
CREW = [employee("ada"), employee("bo"), SECRETARIAT]
A_YEAR_LATER = datetime(2014, 9, 2, 8, 0, tzinfo=UTC)
A_MONTH_LATER = datetime(2013, 10, 2, 8, 0, tzinfo=UTC)


def told(event: type[Step], unit: UUID = SCHOOL) -> Step:
    return event(
        on=TODAY,
        network_id=CAMPUS,
        title="Fælles visitation",
        kind=OutputKind.IMPROVED_WORKFLOW,
        org_unit_id=unit,
        agenda_ref="Velfærd 2015",
        bridges=(SCHOOL, CARE),
    )


HANDED_OVER, ADOPTED, SCALING = (
    told(each) for each in (SolutionHandedOver, SolutionAdopted, ScalingPlanned)
)


def taking(step: SolutionStep, unit: UUID = SCHOOL) -> AdvanceSolution:
    return AdvanceSolution(network_id=CAMPUS, step=step, org_unit_id=unit)


HAND_OVER, ADOPT, SCALE = (taking(each) for each in SolutionStep)


def but(command: C, **changes: object) -> C:
    return command.model_copy(update=changes)


def overriding(command: C, *rules: str) -> C:
    return but(command, override=Override(rules=frozenset(rules), reason="Venter på byrådet"))


def output(*facts: SolutionEvent, network: tuple[NetworkEvent, ...] = (RUNS,)) -> Given:
    return given(*facts).of(OUTPUT).besides(NETWORK, str(CAMPUS), *network)


@pytest.mark.parametrize("who", CREW)
def test_the_crew_records_an_output(who: Actor) -> None:
    output().when(RECORD, by=who).then(RECORDED).then_warned()


def test_an_output_is_recorded_once() -> None:
    output(RECORDED).when(RECORD, by=employee("ada")).then_nothing()


def test_an_output_that_plays_into_no_agenda_is_remarked_on() -> None:
    output().when(but(RECORD, agenda_ref=None), by=employee("ada")).then_warned("no_agenda")


def test_there_is_no_output_before_the_network_has_started() -> None:
    planned = output(network=(PLANNED,))
    planned.when(RECORD, by=SECRETARIAT).then_refused("network_not_started", "R215")
    early = but(RECORD, on=date(2013, 1, 31))
    output().when(early, by=SECRETARIAT).then_refused("network_not_started", "R215")
    output().when(but(RECORD, on=STARTED), by=SECRETARIAT).then(
        RECORDED.model_copy(update={"on": STARTED})
    )


def test_an_output_of_a_network_that_is_not_there_is_unknown() -> None:
    output(network=()).when(RECORD, by=SECRETARIAT).then_refused("unknown")


def test_an_output_may_come_just_after_the_closing_and_says_so() -> None:
    after = RECORDED.model_copy(update={"on": A_MONTH_LATER.date(), "after_closing": True})
    output(network=(RUNS, CLOSED)).when(RECORD, by=employee("ada")).then(RECORDED)
    output(network=(RUNS, CLOSED)).at(A_MONTH_LATER).when(RECORD, by=employee("ada")).then(after)


def test_an_output_comes_no_later_unless_the_secretariat_sets_it_aside() -> None:
    late = output(network=(RUNS, CLOSED)).at(A_YEAR_LATER)
    late.when(RECORD, by=employee("ada")).then_refused("output_late", "R215")
    late.when(overriding(RECORD, "R215"), by=employee("ada")).then_refused(
        "override_not_allowed", "R215"
    )
    late.when(overriding(RECORD, "R215"), by=employee("bo")).then_refused("override_not_allowed")
    late.when(overriding(RECORD, "R215"), by=SECRETARIAT).then_overrode("R215")


def test_how_long_after_the_closing_an_output_may_come_is_policy() -> None:
    longer = NS3.networks.model_copy(update={"output_latest_after_close": Period(months=12)})
    late = output(network=(RUNS, CLOSED)).at(A_YEAR_LATER)
    late.under(NS3.model_copy(update={"networks": longer})).when(
        RECORD, by=employee("ada")
    ).then_overrode()


@pytest.mark.parametrize("who", ["participant", "freja", "maj", "leader of another"])
def test_participant_reference_leader_and_line_manager_record_no_output(who: str) -> None:
    output().when(RECORD, by=employee(who)).then_refused("not_allowed")


@pytest.mark.parametrize("other", ["chefforum", "integrator", "reporter", "municipal_director"])
def test_nobody_else_records_or_advances_an_output(other: str) -> None:
    output().when(RECORD, by=employee("other", other)).then_refused("not_allowed")
    output(RECORDED).when(HAND_OVER, by=employee("other", other)).then_refused("not_allowed")


@pytest.mark.parametrize("who", [*CREW, employee("freja")])
def test_a_solution_goes_into_a_unit_step_by_step(who: Actor) -> None:
    output(RECORDED).when(HAND_OVER, by=who).then(HANDED_OVER)
    output(RECORDED, HANDED_OVER).when(ADOPT, by=who).then(ADOPTED)
    output(RECORDED, HANDED_OVER, ADOPTED).when(SCALE, by=who).then(SCALING)


def test_how_a_solution_goes_into_a_unit_may_be_told() -> None:
    how = but(HAND_OVER, how="På et fælles møde")
    output(RECORDED).when(how, by=employee("freja")).then(
        HANDED_OVER.model_copy(update={"how": "På et fælles møde"})
    )


def test_no_step_is_left_out() -> None:
    output(RECORDED).when(ADOPT).then_refused("solution_step_out_of_order", "R165")
    output(RECORDED).when(SCALE).then_refused("solution_step_out_of_order", "R165")
    output(RECORDED, HANDED_OVER).when(SCALE).then_refused("solution_step_out_of_order", "R158")


def test_each_unit_takes_its_own_steps() -> None:
    output(RECORDED, HANDED_OVER).when(taking(SolutionStep.ADOPTED, CARE)).then_refused(
        "solution_step_out_of_order", "R165"
    )
    output(RECORDED, HANDED_OVER, ADOPTED).when(taking(SolutionStep.HANDED_OVER, CARE)).then(
        told(SolutionHandedOver, CARE)
    )


def test_a_step_taken_is_not_taken_again() -> None:
    all_the_way = output(RECORDED, HANDED_OVER, ADOPTED, SCALING)
    for step in (HAND_OVER, ADOPT, SCALE):
        all_the_way.when(step).then_nothing()


def test_the_steps_go_on_after_the_network_has_ended() -> None:
    output(RECORDED, network=(RUNS, CLOSED)).at(A_YEAR_LATER).when(
        HAND_OVER, by=employee("freja")
    ).then(HANDED_OVER.model_copy(update={"on": A_YEAR_LATER.date()}))


def test_what_is_no_solution_is_not_handed_over() -> None:
    other = RECORDED.model_copy(update={"kind": OutputKind.OTHER})
    output(other).when(HAND_OVER).then_refused("output_is_no_solution", "R167")


def test_an_output_belongs_to_one_network() -> None:
    theirs = RECORDED.model_copy(update={"network_id": ELSEWHERE})
    output(theirs).when(HAND_OVER, by=employee("ada")).then_refused("unknown")
    output().when(HAND_OVER, by=employee("ada")).then_refused("unknown")


@pytest.mark.parametrize("who", ["participant", "maj", "leader of another"])
def test_participant_line_manager_and_other_leaders_take_no_step(who: str) -> None:
    output(RECORDED).when(HAND_OVER, by=employee(who)).then_refused("not_allowed")


def test_a_single_chief_takes_no_step() -> None:
    output(RECORDED).when(HAND_OVER, by=CHIEF).then_refused("not_allowed")


@drawn(st.lists(st.tuples(st.sampled_from(SolutionStep), st.sampled_from((SCHOOL, CARE)))))
def test_whatever_is_asked_each_unit_ends_with_the_first_steps_in_order(
    asked: list[tuple[SolutionStep, UUID]],
) -> None:
    facts: list[SolutionEvent] = [RECORDED]
    for step, unit in asked:
        decided = output(*facts).when(taking(step, unit)).decision
        facts += decided.events if decided else ()  # type: ignore[arg-type]

    in_order = [HANDED_OVER, ADOPTED, SCALING]
    for unit in (SCHOOL, CARE):
        taken = [type(fact) for fact in facts[1:] if getattr(fact, "org_unit_id", None) == unit]
        assert taken == [type(fact) for fact in in_order[: len(taken)]]
