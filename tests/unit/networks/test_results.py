"""A network is evaluated by its crew, on a template, at any time, and nothing is told twice."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import pytest

from services.networks.domain.network.state import NETWORK
from services.networks.domain.results import RecordEvaluation
from shared.contracts.networks import (
    CrewAtClosing,
    EvaluationRecorded,
    NetworkClosed,
    NetworkEvent,
    NetworkImported,
    PlannedPhase,
    ResultsEvent,
)
from shared.contracts.vocabulary import (
    EvaluationMoment,
    NetworkResult,
    NetworkType,
    OutcomeSoFar,
)
from shared.kernel.commands import Command
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, person
from shared.testing.kit import NS3, Given

C = TypeVar("C", bound=Command[Any, Any])

CAMPUS = UUID(int=1)
ADA, BO, FREJA, MAJ = (person(each) for each in ("ada", "bo", "freja", "maj"))
RUNS = NetworkImported(
    on=date(2013, 8, 1),
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 2, 1),
    leader_id=ADA,
    leader_line_manager_id=MAJ,
    co_driver_id=BO,
    reference_leader_id=FREJA,
    phases=(PlannedPhase(phase="intensive_1"),),
)
CLOSED = NetworkClosed(
    on=date(2013, 8, 30),
    title="Campus",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 2, 1),
    result=NetworkResult.ADOPTED,
    crew=CrewAtClosing(),
    phases=(),
    break_days=0,
)
EVALUATED = EvaluationRecorded(
    on=TODAY,
    moment=EvaluationMoment.CLOSING,
    template_version=1,
    went_well="Vi mødtes på tværs",
    went_badly="For få borgere med",
    effects="Fælles visitation",
    outcome_so_far=OutcomeSoFar.NOT_YET,
)
EVALUATE = RecordEvaluation.model_validate(EVALUATED.model_dump(exclude={"on"}))


def but(command: C, **changes: object) -> C:
    return command.model_copy(update=changes)


def results(*facts: ResultsEvent, network: tuple[NetworkEvent, ...] = (RUNS,)) -> Given:
    return given(*facts).of(CAMPUS).besides(NETWORK, str(CAMPUS), *network)


@pytest.mark.parametrize("who", [employee("ada"), employee("bo"), SECRETARIAT])
def test_the_crew_evaluates_the_networks_work(who: Actor) -> None:
    results().when(EVALUATE, by=who).then(EVALUATED).then_warned()


def test_the_same_evaluation_is_told_once() -> None:
    told_before = EVALUATED.model_copy(update={"on": date(2013, 8, 20)})
    results(EVALUATED).when(EVALUATE, by=employee("ada")).then_nothing()
    results(told_before).when(EVALUATE, by=employee("ada")).then_nothing()


def test_another_evaluation_is_another_fact() -> None:
    later = but(EVALUATE, moment=EvaluationMoment.FOLLOW_UP, outcome_so_far=OutcomeSoFar.CLEAR)
    results(EVALUATED).when(later, by=employee("ada")).then(
        EVALUATED.model_copy(
            update={"moment": EvaluationMoment.FOLLOW_UP, "outcome_so_far": OutcomeSoFar.CLEAR}
        )
    )


def test_a_network_is_evaluated_after_it_has_ended_too() -> None:
    results(network=(RUNS, CLOSED)).when(EVALUATE, by=employee("bo")).then(EVALUATED)


def test_an_old_template_is_remarked_on() -> None:
    newer = NS3.networks.model_copy(update={"evaluation_template_version": 2})
    policy = NS3.model_copy(update={"networks": newer})
    results().under(policy).when(EVALUATE, by=employee("ada")).then_warned(
        "evaluation_template_old"
    )


def test_a_network_that_is_not_there_is_not_evaluated() -> None:
    results(network=()).when(EVALUATE, by=SECRETARIAT).then_refused("unknown")


@pytest.mark.parametrize("who", ["participant", "freja", "maj", "leader of another"])
def test_participant_reference_leader_and_line_manager_evaluate_nothing(who: str) -> None:
    results().when(EVALUATE, by=employee(who)).then_refused("not_allowed")


@pytest.mark.parametrize("other", ["chefforum", "integrator", "reporter", "municipal_director"])
def test_nobody_else_evaluates(other: str) -> None:
    results().when(EVALUATE, by=employee("other", other)).then_refused("not_allowed")
    results().when(EVALUATE, by=CHIEF).then_refused("not_allowed")
