"""Training knows who leads and co-drives which network, with whom, since when and until when."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn

from services.training.domain.known import HeldRole, NetworkRoles, PassedExams
from services.training.projections.network_roles import NETWORK_ROLES
from services.training.projections.passed_exams import PASSED_EXAMS
from shared.contracts.networks import NetworkEvent
from shared.contracts.training import DiplomaAwarded
from shared.contracts.vocabulary import DrivingRole
from shared.kernel.events import Recorded
from shared.testing import folded, person, recorded
from tests.unit.training.crews import (
    cancelled,
    closed,
    co_drives,
    imported,
    leads,
    network,
    released,
    takes_over,
)
from tests.unit.training.streams import Stream, in_a_row, interleavings

ADA, BO, FREJA, GRO = (person(each) for each in ("ada", "bo", "freja", "gro"))
CAMPUS, FOOD, PARK = (UUID(int=number) for number in (1, 2, 3))
DAY = [date(2013, 9, number) for number in range(1, 11)]
LEADER, CO_DRIVER = DrivingRole.LEADER, DrivingRole.CO_DRIVER

IMPORTED = imported(DAY[3], DAY[0], leader=ADA, co_driver=BO)
CREWED = (leads(ADA, DAY[0]), co_drives(BO, DAY[1], ADA))
RELEASED = released(BO, DAY[1], DAY[2])
GRO_FOR_ADA = takes_over(GRO, DAY[3], from_=ADA, since=DAY[0], co_driver=BO)


def roles(who: UUID, *events: NetworkEvent) -> NetworkRoles:
    return folded(NETWORK_ROLES, network(FOOD, *events))[str(who)]


def held(role: DrivingRole, since: date, leader: UUID, until: date | None = None) -> HeldRole:
    return HeldRole(network_id=FOOD, role=role, since=since, until=until, leader_id=leader)


def test_leader_and_co_driver_have_their_roles_from_the_day_they_came() -> None:
    assert roles(ADA, *CREWED).held == (held(LEADER, DAY[0], ADA),)
    assert roles(BO, *CREWED).held == (held(CO_DRIVER, DAY[1], ADA),)


def test_an_imported_crew_has_its_roles_from_the_networks_start() -> None:
    assert roles(ADA, IMPORTED).held == (held(LEADER, DAY[0], ADA),)
    assert roles(BO, IMPORTED).held == (held(CO_DRIVER, DAY[0], ADA),)
    alone = IMPORTED.model_copy(update={"co_driver_id": None})
    assert set(folded(NETWORK_ROLES, network(FOOD, alone))) == {str(ADA)}


@pytest.mark.parametrize(
    "ended",
    [
        closed(DAY[0], DAY[4], leader=ADA, co_driver=BO),
        cancelled(DAY[4], leader=ADA, co_driver=BO),
    ],
)
def test_roles_end_with_the_network(ended: NetworkEvent) -> None:
    assert roles(ADA, *CREWED, ended).held == (held(LEADER, DAY[0], ADA, DAY[4]),)
    assert roles(BO, *CREWED, ended).held == (held(CO_DRIVER, DAY[1], ADA, DAY[4]),)
    assert roles(BO, *CREWED, ended).now == ()


def test_a_network_may_be_cancelled_before_anybody_had_a_role() -> None:
    assert folded(NETWORK_ROLES, network(FOOD, cancelled(DAY[4]))) == {}


def test_who_was_released_was_a_co_driver_and_may_come_again() -> None:
    left = (*CREWED, RELEASED)
    assert roles(BO, *left).held == (held(CO_DRIVER, DAY[1], ADA, DAY[2]),)
    assert roles(BO, *left).is_or_was_co_driver
    assert roles(BO, *left, co_drives(BO, DAY[3], ADA)).held == (
        held(CO_DRIVER, DAY[1], ADA, DAY[2]),
        held(CO_DRIVER, DAY[3], ADA),
    )


def test_a_leader_is_no_co_driver() -> None:
    assert not roles(ADA, *CREWED).is_or_was_co_driver
    assert roles(BO, *CREWED).is_or_was_co_driver


def test_a_new_leader_takes_over_the_co_driver_too() -> None:
    facts = (*CREWED, GRO_FOR_ADA)
    assert roles(ADA, *facts).held == (held(LEADER, DAY[0], ADA, DAY[3]),)
    assert roles(GRO, *facts).held == (held(LEADER, DAY[3], GRO),)
    assert roles(BO, *facts).co_drives_for(GRO) == (FOOD,)
    assert roles(BO, *facts).co_drives_for(ADA) == ()


def test_one_co_drives_for_the_leader_one_has_now() -> None:
    assert roles(BO, *CREWED).co_drives_for(ADA) == (FOOD,)
    assert roles(BO, *CREWED).co_drives_for(None) == ()
    assert roles(ADA, *CREWED).co_drives_for(ADA) == ()
    assert roles(BO, *CREWED, RELEASED).co_drives_for(ADA) == ()


def test_a_role_is_held_from_its_first_day_to_its_last() -> None:
    left = roles(BO, *CREWED, released(BO, DAY[1], DAY[3]))
    assert [left.had_role_on(DAY[number]) for number in range(6)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert roles(BO, *CREWED).had_role_on(DAY[9])


STREAMS = (
    network(FOOD, *CREWED, GRO_FOR_ADA, closed(DAY[0], DAY[8], leader=GRO, co_driver=BO)),
    network(
        PARK,
        leads(BO, DAY[1]),
        co_drives(ADA, DAY[2], BO),
        released(ADA, DAY[2], DAY[3]),
        co_drives(FREJA, DAY[4], BO),
        co_drives(ADA, DAY[6], BO),
    ),
    network(CAMPUS, IMPORTED, cancelled(DAY[5], leader=ADA, co_driver=BO)),
)


@drawn(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_network_is_heard_first(woven: Stream) -> None:
    assert folded(NETWORK_ROLES, woven) == folded(NETWORK_ROLES, in_a_row(STREAMS))


def diploma(who: UUID) -> Recorded[Any]:
    awarded = DiplomaAwarded(on=DAY[0], person_id=who, cohort_id=CAMPUS, awarded_on=DAY[0])
    return recorded(awarded, f"leader-{who}")


def test_who_has_the_diploma_has_passed_the_exam() -> None:
    told = [diploma(ADA), diploma(BO)]
    passed = PassedExams(cohort_id=CAMPUS, person_ids=tuple(sorted((ADA, BO))))
    assert folded(PASSED_EXAMS, told) == folded(PASSED_EXAMS, told[::-1]) == {str(CAMPUS): passed}
