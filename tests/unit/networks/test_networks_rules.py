"""The rules of networks that are data, figures, or shown by what nobody asks for."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from services.networks.api import COMMANDS
from services.networks.domain.known import Starts
from services.networks.domain.network.closing import CloseNetwork
from services.networks.domain.network.course import CompletePhase, StartPhase
from services.networks.domain.network.phase_plan import PhaseToPlan, RevisePhasePlan
from services.networks.domain.network.planning import ImportNetwork
from services.networks.domain.network.start import StartNetwork
from services.networks.domain.network.state import NETWORK as NETWORKS
from services.networks.domain.results import RESULTS, RecordEvaluation
from services.networks.domain.slots import SLOTS
from services.networks.domain.solution import AdvanceSolution
from services.networks.projections import VIEWS
from services.networks.projections.evaluations import Evaluations
from services.networks.projections.overview import NetworkOverview
from services.networks.projections.portfolio import InnovationSlotsInUse, PortfolioByHalfYear
from services.networks.projections.solutions import SolutionFlow
from services.networks.projections.timeline import NetworkTimeline
from services.networks.queries import EVERYBODY
from shared.contracts.networks import (
    Crew,
    EvaluationRecorded,
    InnovationSlotTaken,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkPlanned,
    NetworkStarted,
    OutputRecorded,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    PlannedPhase,
    ReferenceLeaderAssigned,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import (
    ActorGroup,
    EvaluationMoment,
    Intensity,
    NetworkResult,
    NetworkState,
    NetworkType,
    OutcomeSoFar,
    OutputKind,
    SolutionStep,
)
from shared.kernel.commands import Command
from shared.kernel.events import Event
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.policy import Policy
from shared.policy.model import Bounds
from shared.testing import SECRETARIAT, TODAY, employee, folded, given, person, recorded, rule
from shared.testing.kit import NS3, Given

NETWORK, OUTPUT, SCHOOL, CARE = (UUID(int=number) for number in range(1, 5))
FIRST, SECOND = UUID(int=10), UUID(int=11)
ADA, BO, REFERENCE, MANAGER = person("ada"), person("bo"), person("reference"), person("manager")
LEADER = employee("ada")
BEFORE, OCTOBER = date(2013, 8, 20), date(2013, 10, 1)
WELFARE = NS3.types["welfare"].phases
COURSE = (
    PlannedPhase(phase="intensive_1"),
    PlannedPhase(phase="test"),
    PlannedPhase(phase="implementation"),
)
IMPORTED = NetworkImported(
    on=BEFORE,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=BEFORE,
    leader_id=ADA,
    leader_line_manager_id=MANAGER,
    co_driver_id=BO,
    reference_leader_id=REFERENCE,
    phases=COURSE,
)
BEGUN = PhaseStarted(on=BEFORE, phase="intensive_1")
START = StartNetwork(
    purpose="Flere hænder",
    base_anchor=CARE,
    political_vision_ref="Grøn vision",
    knowledge_gap="Hvad får folk til at blive?",
    actor_groups=frozenset({ActorGroup.ASSOCIATION}),
)
EVALUATE = RecordEvaluation(
    moment=EvaluationMoment.INTERIM,
    template_version=1,
    went_well="Vi mødes",
    went_badly="For sjældent",
    effects="Ingen endnu",
    outcome_so_far=OutcomeSoFar.NOT_YET,
)
EVALUATED = EvaluationRecorded(on=BEFORE, **EVALUATE.model_dump(exclude_unset=True))


def planned(network_type: NetworkType) -> Given:
    return given(
        NetworkPlanned(
            on=BEFORE,
            theme_id=UUID(int=9),
            title="Frivillighed",
            network_type=network_type,
            half_year="2013-H2",
            type_aligned=True,
            phases=COURSE,
        ),
        NetworkLeaderAssigned(
            on=BEFORE,
            person_id=ADA,
            network_type=network_type,
            title="Frivillighed",
            qualified=True,
            in_pool=True,
            decided_by=(person("chief"),),
        ),
        ReferenceLeaderAssigned(
            on=BEFORE, person_id=REFERENCE, is_director=True, in_chief_forum=True
        ),
    ).of(NETWORK)


def decided(world: Given, command: Command[Any, Any], by: Any = LEADER) -> tuple[Event, ...]:
    decision = world.when(command, by=by).decision
    assert decision is not None
    return decision.events


def started(world: Given) -> NetworkStarted:
    (fact,) = decided(world, START)
    assert isinstance(fact, NetworkStarted)
    return fact


def with_type(network_type: NetworkType, **changes: Any) -> Policy:
    profile = NS3.types[network_type].model_copy(update=changes)
    return NS3.model_copy(update={"types": {**NS3.types, network_type.value: profile}})


def with_portfolio(**changes: Any) -> Policy:
    return NS3.model_copy(update={"portfolio": NS3.portfolio.model_copy(update=changes)})


def shown(row: type[Row], stream: str, *facts: Event) -> list[Any]:
    view: View[Any] = next(view for view in VIEWS if view.row is row)
    told = [recorded(fact, stream, version) for version, fact in enumerate(facts, start=1)]
    return list(folded(view, told).values())


# --- the network types and the portfolio ------------------------------------------------------


@pytest.mark.parametrize(
    "network_type",
    [
        pytest.param(NetworkType.WELFARE, marks=pytest.mark.rule("R80")),
        pytest.param(NetworkType.LEARNING, marks=pytest.mark.rule("R83")),
        pytest.param(NetworkType.INNOVATION, marks=pytest.mark.rule("R77")),
    ],
)
def test_what_a_type_is_for_is_policy_and_taken_along_at_the_start(
    network_type: NetworkType,
) -> None:
    world = planned(network_type)
    purposes = {each.purpose for each in NS3.types.values()}
    changed = with_type(network_type, purpose="At så nyt")

    assert len(purposes) == 3
    assert started(world).profile.purpose == NS3.types[network_type].purpose
    assert started(world.under(changed)).profile.purpose == "At så nyt"


@rule("R55", "R87")
@pytest.mark.parametrize("network_type", NetworkType)
def test_the_difference_a_type_is_to_make_is_a_text_of_the_policy(
    network_type: NetworkType,
) -> None:
    world = planned(network_type)
    changed = with_type(network_type, intended_difference="En grønnere by")

    assert started(world).profile.intended_difference == NS3.types[network_type].intended_difference
    assert started(world.under(changed)).profile.intended_difference == "En grønnere by"


@rule("R70", "R75")
def test_a_network_keeps_the_frame_it_started_with_when_the_policy_changes() -> None:
    world = planned(NetworkType.WELFARE)
    revise = RevisePhasePlan(
        phases=tuple(PhaseToPlan(phase=each.phase, estimated_weeks=4) for each in WELFARE)
    )
    stricter = with_type(NetworkType.WELFARE, intensive_weeks_total=3)
    looser = with_type(NetworkType.WELFARE, intensive_weeks_total=30)
    running = given(*world.facts, started(world)).of(NETWORK)

    world.under(looser).when(revise, by=LEADER).then_warned()
    world.under(stricter).when(revise, by=LEADER).then_warned("intensive_weeks_off")
    running.under(looser).when(revise, by=LEADER).then_warned("intensive_weeks_off")


@rule("R83")
def test_a_learning_network_may_say_which_knowledge_is_missing() -> None:
    assert started(planned(NetworkType.LEARNING)).knowledge_gap == "Hvad får folk til at blive?"


@rule("R71")
def test_how_many_usually_start_in_a_half_year_is_policy() -> None:
    four = Starts(started={"2013-H2/innovation": 2, "2013-H2/learning": 2})
    fifth = planned(NetworkType.WELFARE).knowing("all", four)

    fifth.when(START, by=LEADER).then_warned()
    fewer = with_portfolio(starts_per_half_year=Bounds(min=2, max=4))
    fifth.under(fewer).when(START, by=LEADER).then_warned("starts_out_of_range")


@rule("R72")
def test_the_usual_mix_of_a_half_year_is_policy() -> None:
    three = Starts(started={"2013-H2/welfare": 3})
    fourth = planned(NetworkType.WELFARE).knowing("all", three)
    fewer = with_portfolio(expected_mix={"welfare": Bounds(min=1, max=3)})

    fourth.when(START, by=LEADER).then_warned()
    fourth.under(fewer).when(START, by=LEADER).then_warned("mix_unusual")


@rule("R104")
def test_a_network_that_runs_already_is_taken_in_above_the_cap_and_shown_so() -> None:
    both = (InnovationSlotTaken(on=BEFORE, network_id=each) for each in (FIRST, SECOND))
    taken_in = ImportNetwork(
        title="Campus",
        purpose="Et campus for alle",
        network_type=NetworkType.INNOVATION,
        started_on=date(2012, 11, 1),
        leader_id=ADA,
        phases_completed=("intensive_1",),
    )
    outcome = given().of(NETWORK).besides(SLOTS, "", *both).when(taken_in, by=SECRETARIAT)

    decision = outcome.then_warned("cap_exceeded").decision
    assert decision is not None
    (imported,) = decision.events
    (slot,) = decision.companions["innovation-slots"]
    (row,) = shown(NetworkOverview, f"network-{NETWORK}", imported)
    assert (row.state, row.imported, row.theme_id) == (NetworkState.RUNNING, True, None)
    assert (row.half_year, row.phases_completed) == ("2012-H2", ("intensive_1",))
    counted = shown(PortfolioByHalfYear, f"network-{NETWORK}", imported)
    assert [(row.imported, row.running, row.started) for row in counted] == [(1, 1, 0)] * 2
    (in_use,) = shown(InnovationSlotsInUse, "innovation-slots", slot)
    assert in_use.over_cap == (NETWORK,)


# --- the course -------------------------------------------------------------------------------


@rule("R28")
def test_nothing_is_to_be_reached_or_estimated_before_a_network_can_go_on() -> None:
    bare = StartNetwork(purpose="Flere hænder", base_anchor=CARE)
    plan = RevisePhasePlan(phases=tuple(PhaseToPlan(phase=each.phase) for each in WELFARE))
    world = planned(NetworkType.WELFARE)
    never = NS3.model_copy(
        update={"mandate": NS3.mandate.model_copy(update={"required_before": "never"})}
    )

    world.when(bare, by=LEADER).then_warned()
    world.when(plan, by=LEADER).then_warned()
    given(IMPORTED).when(StartPhase(phase="intensive_1"), by=LEADER).then_warned()
    given(IMPORTED, BEGUN).under(never).when(
        CompletePhase(phase="intensive_1"), by=LEADER
    ).then_warned()


@rule("R28")
def test_no_command_on_a_networks_way_demands_a_number_or_a_date() -> None:
    asked: dict[type[BaseModel], set[str]] = {
        StartNetwork: set(),
        RevisePhasePlan: {"phases"},
        PhaseToPlan: {"phase"},
        StartPhase: {"phase"},
        CompletePhase: {"phase"},
    }
    for model, fields in asked.items():
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert required == fields, model.__name__


@rule("R96")
def test_the_timeline_shows_what_each_phase_draws_on_people_and_when() -> None:
    draw = PhaseToPlan(
        phase="intensive_1",
        planned_start=OCTOBER,
        estimated_weeks=2.5,
        intensity=Intensity.HIGH,
        estimated_hours=60,
    )
    plan = RevisePhasePlan(phases=(draw, *(PhaseToPlan(phase=each.phase) for each in COURSE[1:])))
    imported = given(IMPORTED.model_copy(update={"phases": COURSE}))
    decision = imported.under(short_course()).when(plan, by=employee("bo")).decision
    assert decision is not None

    rows = shown(NetworkTimeline, f"network-{NETWORK}", IMPORTED, *decision.events)
    first, *later = sorted(rows, key=lambda row: row.place)
    assert (first.name, first.planned_start) == ("intensive_1", OCTOBER)
    assert (first.estimated_weeks, first.intensity, first.estimated_hours) == (2.5, "high", 60)
    assert [row.intensity for row in later] == [None, None]


@rule("R97")
@pytest.mark.parametrize("so_far", [(), (BEGUN,)], ids=["before a phase", "during one"])
def test_the_plan_may_be_revised_at_any_time_and_names_who_makes_room(
    so_far: tuple[Event, ...],
) -> None:
    later = RevisePhasePlan(
        phases=tuple(PhaseToPlan(phase=each.phase, planned_start=OCTOBER) for each in COURSE),
        reason="Ferie",
    )
    (revised,) = decided(given(IMPORTED, *so_far).under(short_course()), later)

    assert isinstance(revised, PhasePlanRevised)
    assert revised.line_manager_ids == (MANAGER,)
    rows = shown(NetworkTimeline, f"network-{NETWORK}", IMPORTED, *so_far, revised)
    assert {row.planned_start for row in rows} == {OCTOBER}


def short_course() -> Policy:
    """The policy of these tests: a welfare network has the phases of `COURSE`."""
    phases = tuple(each for each in WELFARE if each.phase in {run.phase for run in COURSE})
    return with_type(NetworkType.WELFARE, phases=phases)


@rule("R162")
def test_a_test_names_the_ideas_that_are_tried_and_who_will_take_over() -> None:
    over = PhaseCompleted(
        on=BEFORE,
        phase="intensive_1",
        started_on=BEFORE,
        break_days=0,
        last_intensive=True,
        crew=Crew(),
    )
    start = StartPhase(
        phase="test", idea_titles=("Fælles køkken",), receiving_units=frozenset({CARE, SCHOOL})
    )
    (testing,) = decided(given(IMPORTED, BEGUN, over), start)

    assert isinstance(testing, TestPhaseStarted)
    assert testing.idea_titles == ("Fælles køkken",)
    (row,) = shown(NetworkOverview, f"network-{NETWORK}", IMPORTED, BEGUN, over, testing)
    assert row.state is NetworkState.TESTING
    assert row.receiving_units == (SCHOOL, CARE)


# --- how it went, and what became of it -------------------------------------------------------


@rule("R105")
def test_a_network_looks_at_how_it_goes_and_again_at_how_it_went() -> None:
    closing = EVALUATE.model_copy(update={"moment": EvaluationMoment.CLOSING})
    world = given().of(NETWORK).besides(NETWORKS, str(NETWORK), IMPORTED)
    (on_the_way,) = decided(world, EVALUATE)
    (at_the_end,) = decided(world, closing)

    rows = shown(Evaluations, f"results-{NETWORK}", on_the_way, at_the_end)
    assert [row.moment for row in rows] == [EvaluationMoment.INTERIM, EvaluationMoment.CLOSING]


@rule("R31")
def test_a_network_whose_solutions_nobody_adopted_has_come_to_a_good_end() -> None:
    close = CloseNetwork(
        network_id=NETWORK, result=NetworkResult.NOT_ADOPTED, lessons="Spørg brugerne først"
    )
    world = given(IMPORTED).of(NETWORK).besides(SLOTS, "").besides(RESULTS, str(NETWORK), EVALUATED)
    outcome = world.when(close, by=LEADER).then_overrode().then_warned("closing_not_announced")

    assert outcome.decision is not None
    (closed,) = outcome.decision.events
    assert isinstance(closed, NetworkClosed)
    assert closed.result is NetworkResult.NOT_ADOPTED
    assert [note.text for note in outcome.decision.notes] == ["Spørg brugerne først"]
    (row,) = shown(NetworkOverview, f"network-{NETWORK}", IMPORTED, closed)
    assert (row.state, row.result) == (NetworkState.CLOSED, NetworkResult.NOT_ADOPTED)


@rule("R158", "R165")
def test_a_solution_is_shown_on_its_way_into_each_unit() -> None:
    output = OutputRecorded(
        on=BEFORE,
        network_id=NETWORK,
        network_type=NetworkType.WELFARE,
        kind=OutputKind.IMPROVED_WORKFLOW,
        title="Fælles visitation",
        text="Skole og pleje visiterer sammen",
    )
    facts: list[Event] = [output]
    for unit, steps in ((CARE, tuple(SolutionStep)), (SCHOOL, (SolutionStep.HANDED_OVER,))):
        for step in steps:
            world = given(*facts).of(OUTPUT).besides(NETWORKS, str(NETWORK), IMPORTED)
            take = AdvanceSolution(network_id=NETWORK, step=step, org_unit_id=unit)
            facts += decided(world, take, by=employee("reference"))

    rows = {row.org_unit_id: row for row in shown(SolutionFlow, f"output-{OUTPUT}", *facts)}
    assert {unit: row.reached for unit, row in rows.items()} == {
        CARE: SolutionStep.SCALING_PLANNED,
        SCHOOL: SolutionStep.HANDED_OVER,
    }
    assert (rows[CARE].adopted_on, rows[SCHOOL].adopted_on) == (TODAY, None)


# --- who has a say ----------------------------------------------------------------------------


@rule("R25")
def test_inside_a_network_rights_lie_with_its_crew_and_nobody_approves_anything() -> None:
    relations = {
        route.command.__name__: set(re.findall(r"its (\w+)", str(route.command.may)))
        for route in COMMANDS
    }
    agreeing = relations.pop("AgreeMandateContract")

    assert set().union(*relations.values()) == {"leader", "co_driver", "reference_leader"}
    assert agreeing == {"leader", "reference_leader", "line_manager"}
    assert not any(re.search("Approve|Reject|Rank", name) for name in relations)
    assert EVERYBODY.capacity(employee("anybody"), START, {}) == "employee"
