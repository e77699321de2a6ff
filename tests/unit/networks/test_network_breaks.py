"""A running network rests now and then, once at a time."""

from datetime import date
from uuid import uuid4

import pytest

from services.networks.domain.network.breaks import EndNetworkBreak, StartNetworkBreak
from shared.contracts.networks import (
    Crew,
    ImplementationStarted,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkCancelled,
    NetworkImported,
    NetworkPlanned,
    PhaseStarted,
    PlannedPhase,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import NetworkType
from shared.kernel.permissions import Actor
from shared.testing import SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import NS3

ADA, BO = person("ada"), person("bo")
CREW = [employee("ada"), employee("bo"), SECRETARIAT]
OUTSIDERS = [
    employee("participant", "participant"),
    employee("reference"),
    employee("manager", "line_manager"),
    employee("leader of another"),
]
BEGAN = date(2013, 8, 5)
PHASES = (PlannedPhase(phase="intensive_1"), PlannedPhase(phase="test"))

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
PHASE_BEGUN = PhaseStarted(on=BEGAN, phase="intensive_1")
TESTING = TestPhaseStarted(on=BEGAN, receiving_units=(uuid4(),), crew=Crew(), funding_secured=False)
IMPLEMENTING = ImplementationStarted(on=BEGAN, crew=Crew(), tested=False)
CANCELLED = NetworkCancelled(
    on=BEGAN,
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    was_started=True,
    half_year="2013-H2",
    crew=Crew(),
    reason_note=new_id(9),
)
AUTUMN = date(2013, 9, 30)
REST = StartNetworkBreak(reason="Sommerferie", expected_end=AUTUMN)
RESTING = NetworkBreakStarted(
    on=TODAY, number=1, reason_note=new_id(1), expected_end=AUTUMN, phase="intensive_1"
)
RESTED = NetworkBreakEnded(on=TODAY, number=1, started_on=BEGAN, days=28)
RESTING_SINCE_AUGUST = RESTING.model_copy(update={"on": BEGAN})


@pytest.mark.parametrize("actor", CREW)
def test_the_crew_lets_the_network_rest(actor: Actor) -> None:
    given(IMPORTED, PHASE_BEGUN).when(REST, by=actor).then(RESTING).then_warned()
    given(IMPORTED, RESTING).when(REST, by=actor).then_nothing()


@pytest.mark.parametrize("actor", OUTSIDERS)
def test_nobody_else_lets_it_rest_or_go_on(actor: Actor) -> None:
    given(IMPORTED).when(REST, by=actor).then_refused("not_allowed")
    given(IMPORTED, RESTING).when(EndNetworkBreak(), by=actor).then_refused("not_allowed")


def test_a_break_outside_a_phase_names_none() -> None:
    between = RESTING.model_copy(update={"phase": None})

    given(IMPORTED).when(REST).then(between)


def test_there_is_one_break_at_a_time() -> None:
    given(IMPORTED, RESTING_SINCE_AUGUST).when(REST).then_refused("already_on_break", "R95")


def test_only_a_running_network_takes_a_break() -> None:
    for facts in ((PLANNED,), (IMPORTED, TESTING), (IMPORTED, IMPLEMENTING)):
        given(*facts).when(REST).then_refused("network_not_running", "R95")
    given(IMPORTED, CANCELLED).when(REST).then_refused("network_ended", "R89")
    given().when(REST).then_refused("unknown")


def test_a_break_of_more_than_six_weeks_is_remarked_on() -> None:
    six = StartNetworkBreak(reason="Sommerferie", expected_end=date(2013, 10, 14))
    more = StartNetworkBreak(reason="Sommerferie", expected_end=date(2013, 10, 15))
    nobody_knows = StartNetworkBreak(reason="Sommerferie")

    given(IMPORTED).when(six).then_warned()
    given(IMPORTED).when(nobody_knows).then_warned()
    given(IMPORTED).when(more).then_warned("break_longer_than_policy")


def test_the_longest_break_is_policy() -> None:
    networks = NS3.networks.model_copy(update={"longest_break": NS3.training.cohort_cadence})
    more = StartNetworkBreak(reason="Barsel", expected_end=date(2014, 9, 1))

    given(IMPORTED).under(NS3.model_copy(update={"networks": networks})).when(more).then_warned()


@pytest.mark.parametrize("actor", CREW)
def test_the_crew_lets_the_network_go_on(actor: Actor) -> None:
    given(IMPORTED, RESTING_SINCE_AUGUST).when(EndNetworkBreak(), by=actor).then(RESTED)
    given(IMPORTED, RESTING_SINCE_AUGUST, RESTED).when(EndNetworkBreak(), by=actor).then_nothing()


def test_the_next_break_has_the_next_number() -> None:
    outcome = given(IMPORTED, RESTING_SINCE_AUGUST, RESTED).when(REST)

    outcome.then(RESTING.model_copy(update={"number": 2, "phase": None}))


def test_only_a_break_that_goes_on_ends() -> None:
    ended_earlier = RESTED.model_copy(update={"on": date(2013, 8, 20)})

    given(IMPORTED).when(EndNetworkBreak()).then_refused("not_on_break", "R95")
    given(IMPORTED, RESTING_SINCE_AUGUST, ended_earlier).when(EndNetworkBreak()).then_refused(
        "not_on_break", "R95"
    )
    given(IMPORTED, CANCELLED).when(EndNetworkBreak()).then_refused("network_ended", "R89")


def test_a_break_ends_after_it_began() -> None:
    early = EndNetworkBreak(on=date(2013, 8, 1))

    given(IMPORTED, RESTING_SINCE_AUGUST).when(early).then_refused("ends_before_it_began", "R95")


def test_a_break_begins_after_all_that_has_happened() -> None:
    early = REST.model_copy(update={"on": date(2013, 8, 4)})
    within_the_last = REST.model_copy(update={"on": date(2013, 9, 1)})

    given(IMPORTED).when(early).then_refused("before_what_has_happened", "R95")
    given(IMPORTED, RESTING_SINCE_AUGUST, RESTED).when(within_the_last).then_refused(
        "before_what_has_happened", "R95"
    )
