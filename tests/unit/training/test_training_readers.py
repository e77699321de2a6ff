"""Who reads what of training."""

from types import SimpleNamespace

import pytest

from services.training.queries.leaders import READERS
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, employee, person

INTEGRATOR = Actor(person_id=person("integrator"), roles=frozenset({"integrator"}))


@pytest.mark.parametrize("actor", [CHIEF, SECRETARIAT, INTEGRATOR])
def test_those_who_choose_and_the_systems_read_training(actor: Actor) -> None:
    assert reads(actor)
    assert not reads(employee("anyone"))


def reads(actor: Actor) -> bool:
    return READERS.capacity(actor, SimpleNamespace(on_behalf_of=None), {}) is not None
