"""Who reads what of networks."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from services.networks.projections.overview import NetworkOverview
from services.networks.queries import EVERYBODY, INSIDE, REPORTS, crew_of
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
)
DIRECTOR = employee("director", "municipal_director")
REPORTER = Actor(person_id=person("reporter"), roles=frozenset({"reporter"}))
STRANGER = Actor(person_id=person("stranger"))
OUTSIDER = Actor(person_id=person("outsider"), roles=frozenset({"participant"}))


def reads(may: May, actor: Actor) -> bool:
    asked = SimpleNamespace(on_behalf_of=None)
    return may.capacity(actor, asked, crew_of(NETWORK)) is not None


@pytest.mark.parametrize("actor", [employee("anyone"), OUTSIDER, SECRETARIAT, DIRECTOR, REPORTER])
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


@pytest.mark.parametrize("actor", [SECRETARIAT, DIRECTOR, REPORTER])
def test_reports_are_for_those_who_report(actor: Actor) -> None:
    assert reads(REPORTS, actor)
    assert not reads(REPORTS, employee("ada"))
