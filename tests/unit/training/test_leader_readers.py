"""Who reads what is known of leaders, of their competences and of innovators."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest

from services.training.domain.known import HeldRole, NetworkRoles
from services.training.queries.leaders import (
    FINDING_INNOVATORS,
    OWN_PATH,
    READERS,
    leader_of_any,
)
from services.training.queries.readers import INSIDE, OR_ONESELF, REPORTED_TO
from shared.contracts.vocabulary import DrivingRole
from shared.kernel.permissions import Actor, May, Relations
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, person

ANNA, HERSELF, DIRECTOR = (
    person("anna"),
    employee("anna"),
    employee("director", "municipal_director"),
)
MANAGER, REPORTER = (
    employee("manager", "line_manager"),
    Actor(person_id=person("reporter"), roles=frozenset({"reporter"})),
)
INTEGRATOR = Actor(person_id=person("integrator"), roles=frozenset({"integrator"}))
GUEST = Actor(person_id=ANNA, roles=frozenset({"participant"}))
OTHER_GUEST = Actor(person_id=person("guest"), roles=frozenset({"participant"}))
LEADS = HeldRole(
    network_id=UUID(int=1), role=DrivingRole.LEADER, since=date(2013, 8, 1), leader_id=ANNA
)


def reads(may: May, actor: Actor, relations: Relations | None = None) -> bool:
    asked = SimpleNamespace(on_behalf_of=None, person_id=ANNA)
    return may.capacity(actor, asked, relations or {}) is not None


@pytest.mark.parametrize("actor", [SECRETARIAT, DIRECTOR, HERSELF, GUEST], ids=str)
def test_the_person_the_secretariat_and_the_director_read_an_assessment(actor: Actor) -> None:
    assert reads(OR_ONESELF, actor)


@pytest.mark.parametrize(
    "actor",
    [CHIEF, MANAGER, employee("other candidate"), OTHER_GUEST, INTEGRATOR, REPORTER],
    ids=str,
)
def test_nobody_else_reads_an_assessment(actor: Actor) -> None:
    assert not reads(OR_ONESELF, actor)


@pytest.mark.parametrize("actor", [CHIEF, MANAGER, HERSELF, GUEST, INTEGRATOR], ids=str)
def test_reports_are_read_by_the_secretariat_the_director_and_reporters(actor: Actor) -> None:
    for reader in (SECRETARIAT, DIRECTOR, REPORTER):
        assert reads(REPORTED_TO, reader)
    assert not reads(REPORTED_TO, actor)


@pytest.mark.parametrize("actor", [CHIEF, MANAGER, HERSELF, GUEST, INTEGRATOR, REPORTER], ids=str)
def test_everything_is_read_by_the_secretariat_and_the_director_alone(actor: Actor) -> None:
    assert reads(INSIDE, SECRETARIAT)
    assert reads(INSIDE, DIRECTOR)
    assert not reads(INSIDE, actor)


def test_everybody_reads_their_own_path_and_no_other_of_their_own() -> None:
    assert reads(OWN_PATH, HERSELF)
    assert not reads(OWN_PATH, employee("other candidate"))
    assert not reads(OWN_PATH, GUEST)
    assert reads(OWN_PATH, CHIEF)


@pytest.mark.parametrize(
    "actor", [HERSELF, GUEST, MANAGER, REPORTER, employee("network leader")], ids=str
)
def test_employees_and_participants_read_neither_pool_nor_paths(actor: Actor) -> None:
    assert not reads(READERS, actor)


def test_whoever_leads_a_network_finds_the_innovators() -> None:
    assert reads(
        FINDING_INNOVATORS, HERSELF, leader_of_any(NetworkRoles(person_id=ANNA, held=(LEADS,)))
    )
    for actor in (CHIEF, SECRETARIAT, DIRECTOR, INTEGRATOR):
        assert reads(FINDING_INNOVATORS, actor)


@pytest.mark.parametrize(
    "held",
    [{"until": TODAY}, {"role": DrivingRole.CO_DRIVER, "leader_id": person("bo")}],
)
def test_who_leads_no_network_now_does_not(held: dict[str, object]) -> None:
    roles = NetworkRoles(person_id=ANNA, held=(LEADS.model_copy(update=held),))
    assert not reads(FINDING_INNOVATORS, HERSELF, leader_of_any(roles))
    for actor in (HERSELF, GUEST, MANAGER, REPORTER):
        assert not reads(FINDING_INNOVATORS, actor)
