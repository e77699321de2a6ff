"""Phases follow each other in order, breaks apart, and the test and implementation come last."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.networks.domain.network.course import CompletePhase, StartPhase
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    ContractSection,
    Crew,
    ImplementationStarted,
    MandateContractAgreed,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkCancelled,
    NetworkImported,
    NetworkPlanned,
    PhaseCompleted,
    PhaseStarted,
    PlannedPhase,
    RolesRedefined,
    TestFundingSecured,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import FundingSource, Intensity, MandateParty, NetworkType
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor
from shared.testing import SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import NS3, Given

ADA, BO, REFERENCE = person("ada"), person("bo"), person("reference")
UNIT, OTHER_UNIT = uuid4(), uuid4()
BEGAN, AUGUST = date(2013, 7, 1), date(2013, 8, 5)
LEADER, CO_DRIVER = employee("ada"), employee("bo")
PHASES = (
    PlannedPhase(phase="intensive_1", estimated_weeks=4, intensity=Intensity.HIGH),
    PlannedPhase(phase="intensive_2", estimated_weeks=2),
    PlannedPhase(phase="test"),
    PlannedPhase(phase="implementation"),
)
CREW = Crew(leader_id=ADA, co_driver_id=BO)
IMPORTED = NetworkImported(
    on=BEGAN,
    title="Mad til borgerne",
    purpose="God mad til alle",
    network_type=NetworkType.WELFARE,
    started_on=BEGAN,
    leader_id=ADA,
    co_driver_id=BO,
    phases=PHASES,
)
PLANNED = NetworkPlanned(
    on=BEGAN,
    theme_id=uuid4(),
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    half_year="2013-H2",
    type_aligned=True,
    phases=PHASES,
)
FIRST_BEGUN = PhaseStarted(
    on=AUGUST, phase="intensive_1", estimated_weeks=4, intensity=Intensity.HIGH
)
FIRST_OVER = PhaseCompleted(
    on=TODAY,
    phase="intensive_1",
    started_on=AUGUST,
    estimated_weeks=4,
    actual_weeks=4,
    break_days=0,
    last_intensive=False,
    next_phase="intensive_2",
    crew=CREW,
)
SECOND_BEGUN = PhaseStarted(on=AUGUST, phase="intensive_2", estimated_weeks=2)
SECOND_OVER = PhaseCompleted(
    on=TODAY,
    phase="intensive_2",
    started_on=AUGUST,
    estimated_weeks=2,
    actual_weeks=4,
    break_days=0,
    last_intensive=True,
    next_phase="test",
    crew=CREW,
)
RESTING = NetworkBreakStarted(on=AUGUST, number=1, reason_note=new_id(9), phase="intensive_1")
RESTED = NetworkBreakEnded(on=date(2013, 8, 19), number=1, started_on=AUGUST, days=14)
FUNDED = TestFundingSecured(
    on=AUGUST, source=FundingSource.INTERNAL, amount_ore=100, responsible_id=REFERENCE
)
TESTING = TestPhaseStarted(
    on=TODAY,
    idea_titles=("Fælles køkken",),
    new_actors=(BO,),
    receiving_units=(UNIT,),
    crew=CREW,
    funding_secured=True,
)
IMPLEMENTING = ImplementationStarted(
    on=TODAY, receiving_units=(UNIT,), crew=CREW, tested=True, test_result="Det virker"
)
REDEFINED = RolesRedefined(contract_version=2, on=TODAY, leader_id=ADA)
CANCELLED = NetworkCancelled(
    on=TODAY,
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    was_started=True,
    half_year="2013-H2",
    crew=CREW,
    reason_note=new_id(9),
)
PARTIES = (MandateParty.NETWORK_LEADER, MandateParty.SECRETARIAT)
SECTION = ContractSection(sha256="0" * 64, complete=True)
AGREED = (
    MandateContractDrafted(
        on=AUGUST,
        contract_version=1,
        parties=PARTIES,
        sections=dict.fromkeys(PARTIES, SECTION),
    ),
    *(
        MandateContractPartyAgreed(on=AUGUST, contract_version=1, party=party, missing=())
        for party in PARTIES
    ),
    MandateContractAgreed(on=AUGUST, contract_version=1, parties=PARTIES),
)

RUNNING = given(IMPORTED, *AGREED)
FIRST = given(IMPORTED, *AGREED, FIRST_BEGUN)
BETWEEN = given(IMPORTED, *AGREED, FIRST_BEGUN, FIRST_OVER)
WORKED = (IMPORTED, *AGREED, FIRST_BEGUN, FIRST_OVER, SECOND_BEGUN, SECOND_OVER)
WORKED_OUT = given(*WORKED, FUNDED)

START_FIRST, START_SECOND = StartPhase(phase="intensive_1"), StartPhase(phase="intensive_2")
START_TEST = StartPhase(
    phase="test",
    idea_titles=("Fælles køkken",),
    new_actors=frozenset({BO}),
    receiving_units=frozenset({UNIT}),
)
IMPLEMENT = StartPhase(
    phase="implementation", receiving_units=frozenset({UNIT}), test_result="Det virker"
)
COMPLETE = CompletePhase(phase="intensive_1")
OUTSIDERS = [
    employee("participant", "participant"),
    employee("reference"),
    employee("manager", "line_manager"),
    employee("leader of another"),
]


def overriding(command: Any, rule: str) -> Any:
    override = Override(rules=frozenset({rule}), reason="Det er aftalt")
    return command.model_copy(update={"override": override})


# --- working phases ---------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LEADER, CO_DRIVER, SECRETARIAT])
def test_the_crew_starts_a_phase_once(actor: Actor) -> None:
    RUNNING.when(START_FIRST, by=actor).then(FIRST_BEGUN.model_copy(update={"on": TODAY}))
    FIRST.when(START_FIRST, by=actor).then_nothing()
    BETWEEN.when(START_FIRST, by=actor).then_nothing()


@pytest.mark.parametrize("actor", OUTSIDERS)
@pytest.mark.parametrize("command", [START_FIRST, COMPLETE])
def test_nobody_else_moves_a_phase(actor: Actor, command: StartPhase | CompletePhase) -> None:
    FIRST.when(command, by=actor).then_refused("not_allowed")


def test_a_released_co_driver_moves_no_phase() -> None:
    gone = CoDriverReleased(on=TODAY, person_id=BO, since=BEGAN, until=TODAY)

    given(IMPORTED, gone).when(START_FIRST, by=CO_DRIVER).then_refused("not_allowed")


def test_phases_are_started_in_order() -> None:
    RUNNING.when(START_SECOND).then_refused("phase_out_of_order", "R99")
    FIRST.when(START_SECOND).then_refused("phase_out_of_order", "R99")
    BETWEEN.when(START_SECOND).then(SECOND_BEGUN.model_copy(update={"on": TODAY}))


def test_a_phase_begins_in_a_network_that_runs() -> None:
    given(PLANNED).when(START_FIRST, by=SECRETARIAT).then_refused("network_not_running", "R89")
    given(IMPORTED, RESTING).when(START_FIRST).then_refused("on_break", "R95")
    given(IMPORTED, CANCELLED).when(START_FIRST).then_refused("network_ended", "R89")
    given().when(START_FIRST).then_refused("unknown")


def test_a_phase_is_one_of_the_plan() -> None:
    RUNNING.when(StartPhase(phase="spurt")).then_refused("phase_not_in_plan", "R99")
    RUNNING.when(CompletePhase(phase="spurt")).then_refused("phase_not_in_plan", "R99")


# --- completing -------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LEADER, CO_DRIVER, SECRETARIAT])
def test_the_crew_completes_a_phase_once(actor: Actor) -> None:
    FIRST.when(COMPLETE, by=actor).then(FIRST_OVER).then_warned()
    BETWEEN.when(COMPLETE, by=actor).then_nothing()


def test_a_completed_phase_is_not_completed_differently() -> None:
    longer = CompletePhase(phase="intensive_1", actual_weeks=6)

    BETWEEN.when(longer).then_refused("phase_already_completed", "R99")


def test_what_a_phase_took_and_taught_is_told() -> None:
    telling = CompletePhase(
        phase="intensive_1", actual_weeks=3, actual_hours=40, learning="Vi lyttede for lidt"
    )
    told = {"actual_weeks": 3, "actual_hours": 40, "learning_note": new_id(1)}

    FIRST.when(telling).then(FIRST_OVER.model_copy(update=told))


def test_a_break_within_a_phase_does_not_count_in_its_weeks() -> None:
    rested = given(IMPORTED, *AGREED, FIRST_BEGUN, RESTING, RESTED)

    rested.when(COMPLETE).then(
        FIRST_OVER.model_copy(update={"actual_weeks": 2, "break_days": 14})
    ).then_warned()


def test_a_phase_ends_after_it_began_and_not_on_a_break() -> None:
    early = CompletePhase(phase="intensive_1", on=date(2013, 8, 1))

    RUNNING.when(COMPLETE).then_refused("phase_not_started", "R99")
    FIRST.when(early).then_refused("ends_before_it_began", "R99")
    given(IMPORTED, *AGREED, FIRST_BEGUN, RESTING).when(COMPLETE).then_refused("on_break", "R95")
    given(PLANNED).when(COMPLETE).then_refused("network_not_running", "R89")


def test_the_first_phase_waits_for_the_mandate_contract() -> None:
    unagreed = given(IMPORTED, FIRST_BEGUN)
    anyway = overriding(COMPLETE, "R146")

    unagreed.when(COMPLETE).then_refused("mandate_contract_not_agreed", "R146")
    unagreed.when(anyway, by=SECRETARIAT).then(FIRST_OVER).then_overrode("R146")
    for actor in (LEADER, CO_DRIVER):
        unagreed.when(anyway, by=actor).then_refused("override_not_allowed", "R146")
    later = given(IMPORTED, FIRST_BEGUN, FIRST_OVER, SECOND_BEGUN)
    later.when(CompletePhase(phase="intensive_2")).then(SECOND_OVER)


def test_where_policy_never_asks_for_the_contract_the_first_phase_does_not_wait() -> None:
    never = NS3.mandate.model_copy(update={"required_before": "never"})

    given(IMPORTED, FIRST_BEGUN).under(NS3.model_copy(update={"mandate": never})).when(
        COMPLETE
    ).then(FIRST_OVER)


def test_a_phase_that_took_longer_than_estimated_is_remarked_on() -> None:
    FIRST.when(CompletePhase(phase="intensive_1", actual_weeks=4.5)).then_warned(
        "late_against_plan"
    )


def learning(began: date) -> Given:
    imported = NetworkImported(
        on=began,
        title="Deleøkonomi",
        purpose="At vide mere",
        network_type=NetworkType.LEARNING,
        started_on=began,
        leader_id=ADA,
        phases=(PlannedPhase(phase="learning_1"),),
    )
    return given(imported, *AGREED, PhaseStarted(on=began, phase="learning_1"))


def test_a_learning_course_of_more_than_five_months_is_past_its_end() -> None:
    complete = CompletePhase(phase="learning_1")

    learning(date(2013, 4, 2)).when(complete).then_warned()
    learning(date(2013, 4, 1)).when(complete).then_warned("course_past_its_end")


# --- test and implementation ------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LEADER, CO_DRIVER, SECRETARIAT])
def test_the_test_begins_with_units_that_take_over(actor: Actor) -> None:
    given(*WORKED, FUNDED, REDEFINED).when(START_TEST, by=actor).then(TESTING).then_warned()
    given(*WORKED, FUNDED, TESTING).when(START_TEST, by=actor).then_nothing()
    elsewhere = START_TEST.model_copy(update={"receiving_units": frozenset({OTHER_UNIT})})
    given(*WORKED, TESTING).when(elsewhere).then_refused("phase_already_started", "R99")


def test_the_test_comes_after_the_last_working_phase_and_before_the_implementation() -> None:
    BETWEEN.when(START_TEST).then_refused("phase_out_of_order", "R100")
    untested = IMPLEMENTING.model_copy(update={"tested": False})
    given(*WORKED, untested).when(START_TEST).then_refused("phase_out_of_order", "R100")
    given(IMPORTED, RESTING).when(START_TEST).then_refused("on_break", "R95")


def test_no_working_phase_begins_once_the_network_tests() -> None:
    more = (*PHASES[:2], PlannedPhase(phase="intensive_3"), *PHASES[2:])
    replanned = IMPORTED.model_copy(update={"phases": more})
    testing = given(replanned, *WORKED[1:], TESTING)

    testing.when(StartPhase(phase="intensive_3")).then_refused("phase_out_of_order", "R99")


def test_a_test_names_a_unit_that_takes_over() -> None:
    nobody = START_TEST.model_copy(update={"receiving_units": frozenset()})
    anyway = overriding(nobody, "R163")

    WORKED_OUT.when(nobody).then_refused("no_receiving_unit", "R163")
    WORKED_OUT.when(anyway, by=SECRETARIAT).then_overrode("R163")
    WORKED_OUT.when(anyway, by=LEADER).then_refused("override_not_allowed", "R163")


def test_a_test_without_money_is_remarked_on() -> None:
    unfunded = TESTING.model_copy(update={"funding_secured": False})

    given(*WORKED, REDEFINED).when(START_TEST).then(unfunded).then_warned("test_funding_missing")


def test_a_test_under_the_old_roles_is_remarked_on() -> None:
    WORKED_OUT.when(START_TEST).then(TESTING).then_warned("roles_not_redefined")


def test_the_implementation_follows_the_test() -> None:
    testing = given(*WORKED, TESTING, REDEFINED)

    testing.when(IMPLEMENT, by=CO_DRIVER).then(IMPLEMENTING).then_warned()
    given(*WORKED, TESTING, REDEFINED, IMPLEMENTING).when(IMPLEMENT).then_nothing()
    elsewhere = IMPLEMENT.model_copy(update={"receiving_units": frozenset({OTHER_UNIT})})
    given(*WORKED, TESTING, IMPLEMENTING).when(elsewhere).then_refused(
        "phase_already_started", "R99"
    )


def test_the_implementation_without_a_test_is_the_secretariats_exception() -> None:
    anyway = overriding(IMPLEMENT, "R100")
    untested = IMPLEMENTING.model_copy(update={"tested": False})

    WORKED_OUT.when(IMPLEMENT).then_refused("implementation_without_test", "R100")
    WORKED_OUT.when(anyway, by=SECRETARIAT).then(untested).then_overrode("R100")
    for actor in (LEADER, CO_DRIVER):
        WORKED_OUT.when(anyway, by=actor).then_refused("override_not_allowed", "R100")


def test_the_implementation_comes_after_the_working_phases_even_by_exception() -> None:
    anyway = overriding(IMPLEMENT, "R100")

    BETWEEN.when(anyway).then_refused("phase_out_of_order", "R100")


def test_an_implementation_under_the_old_roles_is_remarked_on() -> None:
    given(*WORKED, TESTING).when(IMPLEMENT).then(IMPLEMENTING).then_warned("roles_not_redefined")


def test_a_network_that_was_tested_before_its_import_goes_on_to_the_implementation() -> None:
    tested = IMPORTED.model_copy(
        update={"phases_completed": ("intensive_1", "intensive_2", "test")}
    )

    given(tested, REDEFINED).when(IMPLEMENT).then(IMPLEMENTING)


def test_the_test_is_a_phase_that_is_completed_too() -> None:
    over = PhaseCompleted(
        on=TODAY,
        phase="test",
        started_on=TODAY,
        actual_weeks=0,
        break_days=0,
        last_intensive=False,
        next_phase="implementation",
        crew=CREW,
    )

    given(*WORKED, TESTING).when(CompletePhase(phase="test")).then(over)


def test_a_learning_network_has_no_test() -> None:
    learning(BEGAN).when(START_TEST).then_refused("phase_not_in_plan", "R99")


def test_a_co_driver_who_comes_later_moves_phases_too() -> None:
    alone = IMPORTED.model_copy(update={"co_driver_id": None})
    joined = CoDriverAssigned(
        on=AUGUST,
        person_id=BO,
        leader_id=ADA,
        network_type=NetworkType.WELFARE,
        title="Mad til borgerne",
        theme_expertise=True,
        rationale_note=new_id(9),
    )

    given(alone).when(START_FIRST, by=CO_DRIVER).then_refused("not_allowed")
    given(alone, joined).when(START_FIRST, by=CO_DRIVER).then_warned()


# --- the order of days ------------------------------------------------------------------------


def test_a_phase_begins_after_all_that_has_happened() -> None:
    before_the_network = START_FIRST.model_copy(update={"on": date(2013, 6, 30)})
    before_the_last_was_over = START_SECOND.model_copy(update={"on": date(2013, 8, 30)})
    within_the_break = START_FIRST.model_copy(update={"on": date(2013, 8, 18)})
    before_the_test = IMPLEMENT.model_copy(update={"on": date(2013, 9, 1)})
    rested = given(IMPORTED, RESTING, RESTED)

    RUNNING.when(before_the_network).then_refused("before_what_has_happened", "R99")
    BETWEEN.when(before_the_last_was_over).then_refused("before_what_has_happened", "R99")
    rested.when(within_the_break).then_refused("before_what_has_happened", "R99")
    given(*WORKED, TESTING).when(before_the_test).then_refused("before_what_has_happened", "R99")
    RUNNING.when(START_FIRST.model_copy(update={"on": BEGAN})).then(
        FIRST_BEGUN.model_copy(update={"on": BEGAN})
    )


def test_a_phase_does_not_end_before_a_break_within_it_did() -> None:
    rested = given(IMPORTED, *AGREED, FIRST_BEGUN, RESTING, RESTED)
    early = CompletePhase(phase="intensive_1", on=date(2013, 8, 6))

    rested.when(early).then_refused("before_what_has_happened", "R95")


def test_a_course_without_working_phases_can_be_completed() -> None:
    bare = IMPORTED.model_copy(update={"phases": PHASES[2:]})
    over = PhaseCompleted(
        on=TODAY,
        phase="test",
        started_on=TODAY,
        actual_weeks=0,
        break_days=0,
        last_intensive=False,
        next_phase="implementation",
        crew=CREW,
    )

    given(bare, *AGREED, TESTING).when(CompletePhase(phase="test")).then(over)


def test_the_implementation_keeps_the_units_of_the_test() -> None:
    unnamed = StartPhase(phase="implementation", test_result="Det virker")

    given(*WORKED, TESTING, REDEFINED).when(unnamed).then(IMPLEMENTING)
    given(*WORKED, TESTING, REDEFINED, IMPLEMENTING).when(unnamed).then_nothing()


def test_a_last_phase_in_good_time_may_still_end_a_late_course() -> None:
    long_ago = date(2013, 2, 1)
    late = IMPORTED.model_copy(update={"on": long_ago, "started_on": long_ago})
    ended = given(late, *AGREED, FIRST_BEGUN, FIRST_OVER, SECOND_BEGUN).when(
        CompletePhase(phase="intensive_2", actual_weeks=2)
    )

    ended.then_warned("course_past_its_end")


def test_an_answer_names_a_phase_by_its_label() -> None:
    labelled = tuple(
        each.model_copy(update={"label": "1. intensive fase"}) if not place else each
        for place, each in enumerate(PHASES)
    )
    imported = IMPORTED.model_copy(update={"phases": labelled})
    refusal = given(imported).when(COMPLETE).refusal
    assert refusal is not None
    assert refusal.facts["phase"] == "1. intensive fase"
