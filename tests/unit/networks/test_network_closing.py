"""A network ends: announced, closed with what became of it, or cancelled on the way."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.networks.domain.network.closing import (
    AnnounceNetworkClosing,
    CancelNetwork,
    CloseNetwork,
)
from services.networks.domain.results import RESULTS
from services.networks.domain.slots import SLOTS
from shared.contracts.networks import (
    CoDriverAssigned,
    Crew,
    CrewAtClosing,
    EvaluationRecorded,
    ImplementationStarted,
    InnovationSlotFreed,
    InnovationSlotTaken,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkImported,
    NetworkPlanned,
    PhaseCompleted,
    PhaseStarted,
    PhaseTaken,
    PlannedPhase,
    ReferenceLeaderReplaced,
    Service,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import EvaluationMoment, NetworkResult, NetworkType, OutcomeSoFar
from shared.kernel.commands import Command, Override
from shared.kernel.events import Event
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import Given

NETWORK, THEME, UNIT = uuid4(), uuid4(), uuid4()
ADA, BO, REFERENCE, NEXT = person("ada"), person("bo"), person("reference"), person("next")
LEADER, CO_DRIVER = employee("ada"), employee("bo")
BEGAN, LATER = date(2013, 3, 1), date(2013, 6, 1)
PHASES = (
    PlannedPhase(phase="intensive_1", estimated_weeks=2.25),
    PlannedPhase(phase="test"),
    PlannedPhase(phase="implementation"),
)
CREW = Crew(leader_id=ADA, co_driver_id=BO, reference_leader_id=NEXT)


def imported(network_type: NetworkType = NetworkType.WELFARE) -> NetworkImported:
    return NetworkImported(
        on=BEGAN,
        title="Mad til borgerne",
        purpose="God mad til alle",
        network_type=network_type,
        started_on=BEGAN,
        leader_id=ADA,
        reference_leader_id=REFERENCE,
        phases=PHASES,
    )


JOINED = CoDriverAssigned(
    on=LATER,
    person_id=BO,
    leader_id=ADA,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    theme_expertise=True,
    rationale_note=new_id(9),
    late=True,
)
REPLACED = ReferenceLeaderReplaced(
    on=LATER, person_id=NEXT, replaced_id=REFERENCE, is_director=False, in_chief_forum=True
)
COURSE: tuple[Event, ...] = (
    PhaseStarted(on=BEGAN, phase="intensive_1", estimated_weeks=2.25),
    NetworkBreakStarted(on=LATER, number=1, reason_note=new_id(9), phase="intensive_1"),
    NetworkBreakEnded(on=date(2013, 6, 8), number=1, started_on=LATER, days=7),
    PhaseCompleted(
        on=date(2013, 6, 9),
        phase="intensive_1",
        started_on=BEGAN,
        estimated_weeks=2.25,
        actual_weeks=3,
        break_days=7,
        last_intensive=True,
        crew=CREW,
    ),
)
TESTING = TestPhaseStarted(on=LATER, receiving_units=(UNIT,), crew=CREW, funding_secured=True)
IMPLEMENTING = ImplementationStarted(on=LATER, receiving_units=(UNIT,), crew=CREW, tested=True)
PLANNED = NetworkPlanned(
    on=BEGAN,
    theme_id=THEME,
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    half_year="2013-H1",
    type_aligned=True,
    phases=PHASES,
)
RESTING = NetworkBreakStarted(on=LATER, number=1, reason_note=new_id(9))
ANNOUNCED = NetworkClosingAnnounced(
    on=LATER,
    planned_close=date(2013, 9, 16),
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    leader_id=ADA,
)
EVALUATED = EvaluationRecorded(
    on=LATER,
    moment=EvaluationMoment.CLOSING,
    template_version=1,
    went_well="Samarbejdet",
    went_badly="Tiden",
    effects="Bedre mad",
    outcome_so_far=OutcomeSoFar.NOT_YET,
)
FULL = (imported(), JOINED, REPLACED, *COURSE, TESTING, IMPLEMENTING, ANNOUNCED)
CLOSE = CloseNetwork(
    network_id=NETWORK,
    result=NetworkResult.ADOPTED,
    lessons="Spørg køkkenet først",
    receiving_units=frozenset({UNIT}),
)
NOT_ADOPTED = CloseNetwork(network_id=NETWORK, result=NetworkResult.NOT_ADOPTED)
CLOSED = NetworkClosed(
    on=TODAY,
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    started_on=BEGAN,
    result=NetworkResult.ADOPTED,
    lessons_note=new_id(1),
    receiving_units=(UNIT,),
    crew=CrewAtClosing(
        leader=Service(person_id=ADA, since=BEGAN, until=TODAY),
        co_driver=Service(person_id=BO, since=LATER, until=TODAY, late=True),
        reference_leader=Service(person_id=NEXT, since=LATER, until=TODAY),
    ),
    phases=(
        PhaseTaken(
            phase="intensive_1",
            started_on=BEGAN,
            completed_on=date(2013, 6, 9),
            estimated_weeks=2.25,
            actual_weeks=3,
            break_days=7,
        ),
        PhaseTaken(phase="test", started_on=LATER, completed_on=LATER),
        PhaseTaken(phase="implementation", started_on=LATER),
    ),
    break_days=7,
)
CANCEL = CancelNetwork(reason="Der er ingen tid")
CANCELLED = NetworkCancelled(
    on=TODAY,
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    was_started=True,
    half_year="2013-H1",
    crew=Crew(leader_id=ADA, reference_leader_id=REFERENCE),
    reason_note=new_id(1),
)


def evaluated(*facts: Event) -> Given:
    return given(*facts).of(NETWORK).besides(RESULTS, str(NETWORK), EVALUATED)


def overriding(command: CloseNetwork, *rules: str) -> CloseNetwork:
    override = Override(rules=frozenset(rules), reason="Det er aftalt")
    return command.model_copy(update={"override": override})


# --- announcing -------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LEADER, SECRETARIAT])
def test_the_leader_announces_the_closing_and_moves_it(actor: Actor) -> None:
    announce = AnnounceNetworkClosing(planned_close=date(2013, 9, 16))
    move = AnnounceNetworkClosing(planned_close=date(2013, 10, 1))
    told = ANNOUNCED.model_copy(update={"on": TODAY})
    moved = told.model_copy(
        update={"planned_close": date(2013, 10, 1), "moved_from": told.planned_close}
    )

    given(imported()).when(announce, by=actor).then(told)
    given(imported(), ANNOUNCED).when(announce, by=actor).then_nothing()
    given(imported(), ANNOUNCED).when(move, by=actor).then(moved)
    for facts in ((imported(), TESTING), (imported(), TESTING, IMPLEMENTING)):
        given(*facts).when(announce, by=actor).then(told)


def test_only_the_closing_of_a_network_that_goes_on_is_announced() -> None:
    announce = AnnounceNetworkClosing(planned_close=date(2013, 9, 16))

    given(PLANNED).when(announce).then_refused("network_not_running", "R89")
    given(imported(), RESTING).when(announce).then_refused("network_not_running", "R89")
    given(imported(), CANCELLED).when(announce).then_refused("network_ended", "R89")
    given().when(announce).then_refused("unknown")


OTHERS = [CO_DRIVER, employee("next"), employee("participant", "participant"), CHIEF]


@pytest.mark.parametrize("actor", OTHERS)
@pytest.mark.parametrize(
    "command", [AnnounceNetworkClosing(planned_close=date(2013, 9, 16)), CLOSE, CANCEL]
)
def test_nobody_else_ends_a_network(actor: Actor, command: Command[Any, Any]) -> None:
    evaluated(*FULL).when(command, by=actor).then_refused("not_allowed")


# --- closing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LEADER, SECRETARIAT])
def test_a_network_closes_with_its_crew_and_what_its_phases_took(actor: Actor) -> None:
    evaluated(*FULL).when(CLOSE, by=actor).then(CLOSED).then_warned()
    evaluated(*FULL, CLOSED).when(CLOSE, by=actor).then_nothing()


def test_a_network_is_not_closed_again_with_another_result() -> None:
    partly = CloseNetwork(network_id=NETWORK, result=NetworkResult.PARTLY)

    evaluated(*FULL, CLOSED).when(partly).then_refused("network_ended", "R89")
    evaluated(*FULL, CANCELLED).when(CLOSE).then_refused("network_ended", "R89")


def test_not_adopted_is_a_good_end_from_everywhere_a_network_goes_on() -> None:
    for facts in ((imported(),), (imported(), TESTING), (imported(), TESTING, IMPLEMENTING)):
        outcome = evaluated(*facts, ANNOUNCED).when(NOT_ADOPTED, by=LEADER)
        outcome.then_warned().then_overrode()


def test_a_network_that_is_planned_or_rests_is_not_closed() -> None:
    evaluated(PLANNED).when(CLOSE).then_refused("network_not_running", "R89")
    evaluated(imported(), RESTING).when(CLOSE).then_refused("network_not_running", "R89")
    given().of(NETWORK).when(CLOSE).then_refused("unknown")


def test_a_network_ends_after_it_began() -> None:
    early = CLOSE.model_copy(update={"on": date(2013, 2, 1)})

    evaluated(*FULL).when(early).then_refused("ends_before_it_began", "R89")


def test_a_network_is_evaluated_before_it_closes() -> None:
    unevaluated = given(*FULL).of(NETWORK)
    anyway = overriding(CLOSE, "R213")

    unevaluated.when(CLOSE, by=LEADER).then_refused("no_evaluation", "R213")
    unevaluated.when(anyway, by=SECRETARIAT).then(CLOSED).then_overrode("R213")
    unevaluated.when(anyway, by=LEADER).then_refused("override_not_allowed", "R213")


@pytest.mark.parametrize("result", [NetworkResult.ADOPTED, NetworkResult.PARTLY])
def test_solutions_are_adopted_once_the_implementation_has_begun(result: NetworkResult) -> None:
    testing = evaluated(imported(), TESTING, ANNOUNCED)
    close = CloseNetwork(network_id=NETWORK, result=result)
    anyway = overriding(close, "R100")

    testing.when(close).then_refused("adopted_before_implementation", "R100")
    testing.when(anyway, by=SECRETARIAT).then_overrode("R100")
    testing.when(anyway, by=LEADER).then_refused("override_not_allowed", "R100")


def test_the_chief_forum_has_treated_a_learning_network_before_it_closes() -> None:
    learning = evaluated(imported(NetworkType.LEARNING), ANNOUNCED)
    adopted = CloseNetwork(network_id=NETWORK, result=NetworkResult.ADOPTED)
    anyway = overriding(adopted, "R86")

    learning.when(adopted).then_refused("no_closing_touchpoint", "R86")
    learning.when(anyway, by=SECRETARIAT).then_overrode("R86").then_warned()
    learning.when(anyway, by=LEADER).then_refused("override_not_allowed", "R86")
    evaluated(imported(), ANNOUNCED).when(NOT_ADOPTED).then_warned()


def test_a_closing_nobody_was_told_of_is_remarked_on() -> None:
    evaluated(imported()).when(NOT_ADOPTED).then_warned("closing_not_announced")


def test_an_innovation_network_gives_its_slot_back() -> None:
    taken = InnovationSlotTaken(on=BEGAN, network_id=NETWORK)
    freed = InnovationSlotFreed(on=TODAY, network_id=NETWORK)
    innovation = evaluated(imported(NetworkType.INNOVATION)).besides(SLOTS, "", taken)
    welfare = evaluated(imported()).besides(
        SLOTS, "", InnovationSlotTaken(on=BEGAN, network_id=UUID(int=1))
    )

    for command in (NOT_ADOPTED, CANCEL):
        innovation.when(command).then_also("innovation-slots", freed)
        welfare.when(command).then_also("innovation-slots")


# --- cancelling -------------------------------------------------------------------------------


def test_the_secretariat_cancels_a_network_wherever_it_is() -> None:
    given(imported()).of(NETWORK).when(CANCEL).then(CANCELLED)
    resting = CANCELLED.model_copy(update={"open_break": 1})
    given(imported(), RESTING).of(NETWORK).when(CANCEL).then(resting)
    before = CANCELLED.model_copy(update={"was_started": False, "theme_id": THEME, "crew": Crew()})
    given(PLANNED).of(NETWORK).when(CANCEL).then(before)


def test_a_network_is_cancelled_once_and_not_after_it_closed() -> None:
    given(imported(), CANCELLED).of(NETWORK).when(CANCEL).then_nothing()
    given(imported(), CLOSED).of(NETWORK).when(CANCEL).then_refused("network_ended", "R89")
    given().of(NETWORK).when(CANCEL).then_refused("unknown")


def test_its_leader_cancels_no_network() -> None:
    given(imported()).of(NETWORK).when(CANCEL, by=LEADER).then_refused("not_allowed")


def test_a_network_is_not_cancelled_before_what_has_happened_in_it() -> None:
    early = CANCEL.model_copy(update={"on": date(2013, 2, 1)})
    before_the_test = CANCEL.model_copy(update={"on": LATER - timedelta(days=1)})
    before_the_break = CANCEL.model_copy(update={"on": LATER - timedelta(days=1)})

    given(imported()).of(NETWORK).when(early).then_refused("before_what_has_happened", "R89")
    for command, fact in ((before_the_test, TESTING), (before_the_break, RESTING)):
        given(imported(), fact).of(NETWORK).when(command).then_refused(
            "before_what_has_happened", "R89"
        )


def test_a_cancelled_network_tells_which_phase_it_broke_off() -> None:
    told = CANCELLED.model_copy(update={"running_phase": "test"})

    given(imported(), TESTING).of(NETWORK).when(CANCEL).then(told)


def test_a_closing_keeps_the_units_that_have_taken_over() -> None:
    unnamed = CLOSE.model_copy(update={"receiving_units": frozenset()})

    evaluated(*FULL).when(unnamed).then(CLOSED)
