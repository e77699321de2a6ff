"""Who reads what of networks."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from services.networks.projections.overview import NetworkOverview
from services.networks.projections.readers import MatchBoard, NetworkPage, TestGate
from services.networks.queries import CHOOSERS, COURSE, EVERYBODY, INSIDE, REPORTS, crew_of
from shared.contracts.vocabulary import NetworkState, NetworkType
from shared.kernel.permissions import Actor, May
from shared.testing import CHIEF, SECRETARIAT, employee, person

NETWORK = NetworkOverview(
    network_id=UUID(int=1),
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    state=NetworkState.RUNNING,
    half_year="2013-H2",
    leader_id=person("ada"),
    co_driver_id=person("bo"),
    reference_leader_id=person("reference"),
    line_manager_id=person("manager"),
    co_driver_line_manager_id=person("other manager"),
)
DIRECTOR = employee("director", "municipal_director")
REPORTER = Actor(person_id=person("reporter"), roles=frozenset({"reporter"}))
INTEGRATOR = Actor(person_id=person("integrator"), roles=frozenset({"integrator"}))
STRANGER = Actor(person_id=person("stranger"))
OUTSIDER = Actor(person_id=person("outsider"), roles=frozenset({"participant"}))


def reads(may: May, actor: Actor) -> bool:
    asked = SimpleNamespace(on_behalf_of=None)
    return may.capacity(actor, asked, crew_of(NETWORK)) is not None


@pytest.mark.parametrize(
    "actor", [employee("anyone"), OUTSIDER, SECRETARIAT, DIRECTOR, REPORTER, INTEGRATOR]
)
def test_everybody_who_belongs_reads_the_pages_of_networks(actor: Actor) -> None:
    assert reads(EVERYBODY, actor)
    assert not reads(EVERYBODY, STRANGER)


@pytest.mark.parametrize(
    "actor",
    [employee("ada"), employee("bo"), employee("reference"), SECRETARIAT, DIRECTOR],
)
def test_those_who_carry_a_network_read_inside_it(actor: Actor) -> None:
    assert reads(INSIDE, actor)


@pytest.mark.parametrize("actor", [employee("anyone"), OUTSIDER, CHIEF, REPORTER])
def test_others_do_not_read_inside_a_network(actor: Actor) -> None:
    assert not reads(INSIDE, actor)


@pytest.mark.parametrize("actor", [SECRETARIAT, DIRECTOR, REPORTER, INTEGRATOR])
def test_reports_are_for_those_who_report(actor: Actor) -> None:
    assert reads(REPORTS, actor)
    assert not reads(REPORTS, employee("ada"))


@pytest.mark.parametrize("actor", [employee("manager"), employee("other manager")])
def test_the_crews_line_managers_read_the_course_that_they_make_room_for(actor: Actor) -> None:
    assert reads(COURSE, actor)
    assert not reads(INSIDE, actor)
    assert not reads(COURSE, employee("manager of others"))


@pytest.mark.parametrize("actor", [CHIEF, SECRETARIAT, DIRECTOR])
def test_those_who_choose_read_who_is_willing(actor: Actor) -> None:
    assert reads(CHOOSERS, actor)
    assert not reads(CHOOSERS, employee("ada"))
    assert not reads(CHOOSERS, REPORTER)


def test_everybodys_page_tells_nothing_of_who_is_willing_the_contract_or_the_money() -> None:
    inside = {"opted_in", "contract_version", "contract_agreed", "test_funding_secured"}
    managers = {"line_manager_id", "co_driver_line_manager_id"}
    hidden = set(NetworkOverview.model_fields) - set(NetworkPage.model_fields)
    assert hidden == inside | managers
    assert "opted_in" in MatchBoard.model_fields
    assert "test_funding_secured" in TestGate.model_fields
