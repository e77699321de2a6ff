"""A plan may always be revised; it asks for nothing and keeps what has happened."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.networks.domain.network.phase_plan import PhaseToPlan, RevisePhasePlan
from shared.contracts.networks import (
    CoDriverAssigned,
    Crew,
    NetworkCancelled,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkPlanned,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    PlannedPhase,
)
from shared.contracts.vocabulary import Intensity, NetworkType
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor
from shared.testing import SECRETARIAT, TODAY, employee, given, new_id, person, rule
from shared.testing.kit import NS3

ADA, BO, MANAGER, OTHER_MANAGER = (
    person("ada"),
    person("bo"),
    person("manager"),
    person("other manager"),
)
LEADER, CO_DRIVER = employee("ada"), employee("bo")
BEGAN = date(2013, 9, 2)
KEYS = ("intensive_1", "intensive_2", "intensive_3", "intensive_4", "test", "implementation")
TEMPLATE = tuple(PlannedPhase(phase=each) for each in KEYS)


def weeks(*each: float, start: date = BEGAN) -> tuple[PhaseToPlan, ...]:
    """The four periods two weeks apart, with these weeks, and test and implementation."""
    working = [
        PhaseToPlan(
            phase=f"intensive_{number}",
            planned_start=start + timedelta(weeks=4 * (number - 1)),
            estimated_weeks=length,
            intensity=Intensity.HIGH,
        )
        for number, length in enumerate(each, start=1)
    ]
    return (*working, PhaseToPlan(phase="test"), PhaseToPlan(phase="implementation"))


def told(phases: tuple[PhaseToPlan, ...]) -> tuple[PlannedPhase, ...]:
    return tuple(PlannedPhase(**each.model_dump()) for each in phases)


PLANNED = NetworkPlanned(
    on=BEGAN,
    theme_id=uuid4(),
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    half_year="2013-H2",
    type_aligned=True,
    phases=TEMPLATE,
)
LEADS = NetworkLeaderAssigned(
    on=BEGAN,
    person_id=ADA,
    line_manager_id=MANAGER,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    qualified=True,
    in_pool=True,
    decided_by=(person("chief"),),
)
CO_DRIVEN = CoDriverAssigned(
    on=BEGAN,
    person_id=BO,
    leader_id=ADA,
    line_manager_id=OTHER_MANAGER,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    theme_expertise=True,
    rationale_note=new_id(9),
)
NINE = weeks(2.25, 2.25, 2.25, 2.25)
REVISE = RevisePhasePlan(planned_start=BEGAN, phases=NINE, reason="Ferie")
CREWED = given(PLANNED, LEADS, CO_DRIVEN)
REVISED = PhasePlanRevised(
    on=TODAY,
    planned_start=BEGAN,
    phases=told(NINE),
    estimated_end=date(2014, 3, 2),
    leader_id=ADA,
    co_driver_id=BO,
    line_manager_ids=tuple(sorted((MANAGER, OTHER_MANAGER))),
    reason="Ferie",
)


def imported(network_type: NetworkType = NetworkType.WELFARE, **changes: Any) -> NetworkImported:
    return NetworkImported(
        on=BEGAN,
        title="Mad til borgerne",
        purpose="God mad til alle",
        network_type=network_type,
        started_on=BEGAN,
        leader_id=ADA,
        co_driver_id=BO,
        **{"phases": TEMPLATE, **changes},
    )


@pytest.mark.parametrize("actor", [LEADER, CO_DRIVER, SECRETARIAT])
def test_the_crew_plans_the_course_and_line_managers_are_told(actor: Actor) -> None:
    CREWED.when(REVISE, by=actor).then(REVISED).then_warned()
    given(PLANNED, LEADS, CO_DRIVEN, REVISED).when(REVISE, by=actor).then_nothing()


@pytest.mark.parametrize(
    "actor",
    [
        employee("participant", "participant"),
        employee("reference"),
        employee("manager", "line_manager"),
        employee("leader of another"),
    ],
)
def test_nobody_else_plans_the_course(actor: Actor) -> None:
    CREWED.when(REVISE, by=actor).then_refused("not_allowed")


def test_nothing_is_planned_for_a_network_that_is_not_there_or_has_ended() -> None:
    cancelled = NetworkCancelled(
        on=TODAY,
        title="Mad til borgerne",
        network_type=NetworkType.WELFARE,
        was_started=False,
        half_year="2013-H2",
        crew=Crew(),
        reason_note=new_id(9),
    )

    given().when(REVISE).then_refused("unknown")
    given(PLANNED, LEADS, cancelled).when(REVISE).then_refused("network_ended", "R89")


def test_a_plan_without_any_estimate_is_a_plan() -> None:
    bare = RevisePhasePlan(planned_start=BEGAN, phases=tuple(PhaseToPlan(phase=k) for k in KEYS))

    CREWED.when(bare).then_warned()


def test_fourteen_intensive_weeks_are_remarked_on_and_nine_are_not() -> None:
    fourteen = RevisePhasePlan(planned_start=BEGAN, phases=weeks(3.5, 3.5, 3.5, 3.5))

    CREWED.when(REVISE).then_warned()
    CREWED.when(fourteen).then_warned("intensive_weeks_off")


@rule("R91")
def test_the_usual_weeks_are_policy() -> None:
    shorter = NS3.types["welfare"].model_copy(update={"intensive_weeks_total": 8})
    policy = NS3.model_copy(update={"types": {**NS3.types, "welfare": shorter}})

    CREWED.under(policy).when(REVISE).then_warned("intensive_weeks_off")


def test_a_course_that_ends_after_half_a_year_is_remarked_on() -> None:
    late = RevisePhasePlan(planned_start=BEGAN, phases=weeks(1, 1, 1, 1, start=date(2013, 12, 3)))

    CREWED.when(late).then_warned("estimate_off")


def test_a_learning_course_of_more_than_five_months_is_remarked_on() -> None:
    def plan(length: float) -> RevisePhasePlan:
        phase = PhaseToPlan(phase="learning_1", planned_start=BEGAN, estimated_weeks=length)
        return RevisePhasePlan(phases=(phase,))

    learning = given(imported(NetworkType.LEARNING, phases=(PlannedPhase(phase="learning_1"),)))
    learning.when(plan(21)).then_warned()
    learning.when(plan(23)).then_warned("estimate_off")


def test_an_innovation_network_has_its_own_estimate() -> None:
    own = RevisePhasePlan(planned_start=BEGAN, phases=weeks(8, 8, 8, 8))
    outcome = given(imported(NetworkType.INNOVATION)).when(own)

    assert outcome.decision is not None
    (revised,) = outcome.decision.events
    assert isinstance(revised, PhasePlanRevised)
    assert revised.estimated_end == BEGAN + timedelta(weeks=20)
    outcome.then_warned()


def test_a_plan_has_the_phases_of_the_type() -> None:
    other = RevisePhasePlan(planned_start=BEGAN, phases=(PhaseToPlan(phase="spurt"), *NINE[4:]))
    anyway = other.model_copy(
        update={"override": Override(rules=frozenset({"R92"}), reason="Et kort forløb")}
    )

    CREWED.when(other).then_refused("phase_keys_differ_from_type", "R92")
    outcome = CREWED.when(anyway, by=SECRETARIAT).then_overrode("R92")
    assert outcome.decision is not None
    (revised,) = outcome.decision.events
    assert isinstance(revised, PhasePlanRevised)
    assert revised.removed == KEYS[:4]
    for actor in (LEADER, CO_DRIVER):
        CREWED.when(anyway, by=actor).then_refused("override_not_allowed", "R92")


FIRST_BEGUN = PhaseStarted(on=BEGAN, phase="intensive_1")
FIRST_OVER = PhaseCompleted(
    on=TODAY,
    phase="intensive_1",
    started_on=BEGAN,
    break_days=0,
    last_intensive=False,
    crew=Crew(),
)


def test_a_completed_phase_stays_as_it_is_in_the_plan() -> None:
    after_first = given(imported(), FIRST_BEGUN, FIRST_OVER)
    kept = RevisePhasePlan(phases=(PhaseToPlan(phase="intensive_1"), *NINE[1:]))

    after_first.when(REVISE).then_refused("phase_already_completed", "R99")
    after_first.when(kept).then_warned()


def test_a_running_phase_may_be_estimated_anew_but_stays_in_its_place() -> None:
    during = given(imported(), FIRST_BEGUN)
    moved = RevisePhasePlan(phases=(NINE[1], NINE[0], *NINE[2:]))

    during.when(REVISE).then_warned()
    during.when(moved).then_refused("phase_already_started", "R99")


def test_a_running_phase_is_not_taken_out_of_the_plan() -> None:
    second_begun = PhaseStarted(on=BEGAN, phase="intensive_2")
    only_first = RevisePhasePlan(phases=(PhaseToPlan(phase="intensive_1"),))

    given(imported(), FIRST_BEGUN, FIRST_OVER, second_begun).when(only_first).then_refused(
        "phase_already_started", "R99"
    )


def test_a_phase_is_listed_once() -> None:
    with pytest.raises(ValidationError, match="listed twice"):
        RevisePhasePlan(phases=(NINE[0], NINE[0]))


def test_an_imported_network_keeps_the_end_it_came_with() -> None:
    own = date(2013, 11, 1)
    outcome = given(imported(planned_end=own)).when(REVISE)

    assert outcome.decision is not None
    (revised,) = outcome.decision.events
    assert isinstance(revised, PhasePlanRevised)
    assert revised.estimated_end == own
