"""The rules of training that are shown by its views, by policy, and by what no route leads to."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.api import COMMANDS
from services.training.domain.leader_path.pool import SetPoolMembership
from services.training.domain.leader_path.qualification import (
    RecordNetworkRun,
    RecordPriorQualification,
)
from services.training.domain.leader_path.willingness import RegisterLeaderInterest
from services.training.projections.leader_pool import LEADER_POOL
from services.training.projections.training_path import TRAINING_PATH
from services.training.reactions import REACTIONS
from shared.contracts.training import CoDrivingCompleted, LeadingCompleted
from shared.contracts.vocabulary import (
    LeaderWish,
    PathStage,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.commands import Command
from shared.kernel.events import Event
from shared.kernel.permissions import SYSTEM, Actor, system
from shared.policy import Policy
from shared.testing import (
    NOW,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    given,
    person,
    reacting,
    recorded,
    rule,
)
from shared.testing.kit import NS3
from tests.unit.training.crews import closed, co_drives
from tests.unit.training.streams import stream

ANNA, GARDENS = person("anna"), UUID(int=1)
PATH, NETWORK = f"leader-{ANNA}", f"network-{GARDENS}"
AUGUST, START = date(2013, 8, 5), NS3.training.structure_start
ASSIGNED, CLOSED = co_drives(ANNA, AUGUST), closed(AUGUST, TODAY, co_driver=ANNA)
DIPLOMA = RecordPriorQualification(
    person_id=ANNA, what=PriorExperience.DIPLOMA, on=AUGUST, evidence="Eksamensbevis set"
)
ADMIT = SetPoolMembership(
    person_id=ANNA, in_pool=True, basis=PoolBasis.TRAINED_CO_DRIVER, generation=3
)


def decided(facts: list[Event], command: Command[Any, Any], by: Actor) -> list[Event]:
    decision = given(*facts).of(ANNA).when(command, by=by).decision
    assert decision is not None
    return [*facts, *decision.events]


def run_ended(on: date, what: PriorExperience) -> RecordPriorQualification:
    return RecordPriorQualification(person_id=ANNA, what=what, on=on, evidence="Set i arkivet")


def since(structure_start: date) -> Policy:
    training = NS3.training.model_copy(update={"structure_start": structure_start})
    return NS3.model_copy(update={"training": training})


@rule("R43")
@pytest.mark.parametrize("wish", LeaderWish)
def test_who_would_like_to_lead_or_co_drive_is_shown_where_leaders_are_found(
    wish: LeaderWish,
) -> None:
    interest = RegisterLeaderInterest(person_id=ANNA, wish=wish)
    (fact,) = decided([], interest, employee("anna"))

    (row,) = folded(LEADER_POOL, [recorded(fact, PATH)]).values()
    assert (row.person_id, row.wish, row.in_pool) == (ANNA, wish, False)
    (path,) = folded(TRAINING_PATH, [recorded(fact, PATH)]).values()
    assert (path.stage, path.interest_on) == (PathStage.CANDIDATE, TODAY)


@rule("R142")
def test_an_apprentice_goes_from_co_driving_by_the_diploma_to_the_pool() -> None:
    (send,) = reacting(REACTIONS, recorded(CLOSED, NETWORK, 2))
    drove = decided([], send.command, system("record_runs"))
    qualified = decided(drove, DIPLOMA, SECRETARIAT)
    in_pool = decided(qualified, ADMIT, SECRETARIAT)
    in_network, ended = stream(NETWORK, ASSIGNED), stream(NETWORK, ASSIGNED, CLOSED)

    stages = []
    for network, path in (
        (in_network, []),
        (ended, drove),
        (ended, qualified),
        (ended, in_pool),
    ):
        (row,) = folded(TRAINING_PATH, [*network, *stream(PATH, *path)]).values()
        stages.append(row.stage)
    assert stages == [
        PathStage.CO_DRIVING,
        PathStage.DRIVEN_ONLY,
        PathStage.QUALIFIED,
        PathStage.IN_POOL,
    ]


@rule("R244")
@pytest.mark.parametrize("what", [PriorExperience.LEADER, PriorExperience.CO_DRIVER])
def test_the_day_the_structure_came_into_force_parts_what_is_typed_in_from_what_is_not(
    what: PriorExperience,
) -> None:
    the_day_before = run_ended(START - timedelta(days=1), what)
    that_day = run_ended(START, what)
    world = given().of(ANNA)

    assert date(2013, 8, 1) == START
    assert world.when(the_day_before).refusal is None
    world.when(that_day).then_refused("prior_run_after_structure_start", "R136")
    earlier, later = START - timedelta(days=1), START + timedelta(days=1)
    world.under(since(earlier)).when(the_day_before).then_refused("prior_run_after_structure_start")
    assert world.under(since(later)).when(that_day).refusal is None


@rule("R136")
def test_no_route_and_no_word_in_a_request_gives_a_run_inside_the_structure() -> None:
    routed = {route.command for route in COMMANDS}
    assert RecordNetworkRun not in routed
    assert RecordNetworkRun.may == SYSTEM

    inside = {CoDrivingCompleted, LeadingCompleted}
    typed_in: list[Command[Any, Any]] = [
        DIPLOMA,
        run_ended(date(2012, 6, 1), PriorExperience.LEADER),
        ADMIT,
        RegisterLeaderInterest(person_id=ANNA, wish=LeaderWish.LEAD),
    ]
    for command in typed_in:
        outcome = given().of(ANNA).at(NOW).when(command, by=SECRETARIAT)
        assert outcome.decision is not None
        assert not inside & {type(fact) for fact in outcome.decision.events}


@rule("R110")
def test_the_pool_is_no_gate_and_says_of_each_whether_they_are_qualified() -> None:
    early = decided([], ADMIT, SECRETARIAT)

    (row,) = folded(LEADER_POOL, stream(PATH, *early)).values()
    assert (row.in_pool, row.qualified, row.generation) == (True, False, 3)
