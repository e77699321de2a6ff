"""Who reads what of themes."""

from types import SimpleNamespace

import pytest

from services.themes.queries.themes import OR_CONCERNED, READERS
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, employee, person

INTEGRATOR = Actor(person_id=person("integrator"), roles=frozenset({"integrator"}))


@pytest.mark.parametrize("actor", [CHIEF, SECRETARIAT, INTEGRATOR])
def test_those_who_choose_and_the_systems_read_themes(actor: Actor) -> None:
    assert reads(actor)
    assert not reads(employee("anyone"))


def reads(actor: Actor) -> bool:
    return READERS.capacity(actor, SimpleNamespace(on_behalf_of=None), {}) is not None


def test_a_theme_is_also_read_by_its_proposer_and_by_those_who_carry_its_network() -> None:
    relations = {"proposer": (person("ada"),), "crew": (person("leader"),)}
    asked = SimpleNamespace(on_behalf_of=None)
    for name in ("ada", "leader"):
        assert OR_CONCERNED.capacity(employee(name), asked, relations) is not None
    assert OR_CONCERNED.capacity(employee("bo"), asked, relations) is None
