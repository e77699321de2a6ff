"""Whoever is trained can be asked, unless they have said otherwise themselves."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.training.domain.leader_path.willingness import SetLeaderAvailability
from shared.contracts.training import AvailabilityChanged
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, person

ANNA, HERSELF = person("anna"), employee("anna")
MONTH = timedelta(days=30)
AWAY = SetLeaderAvailability(
    person_id=ANNA, available=False, available_from=TODAY, available_until=TODAY + MONTH
)
IS_AWAY = AvailabilityChanged(
    on=TODAY,
    person_id=ANNA,
    available=False,
    available_from=TODAY,
    available_until=TODAY + MONTH,
)
BACK = SetLeaderAvailability(person_id=ANNA)
IS_BACK = AvailabilityChanged(on=TODAY, person_id=ANNA, available=True)
NOT_SELF = [
    SECRETARIAT,
    employee("manager", "line_manager"),
    CHIEF,
    employee("bo"),
    Actor(name="reports", roles=frozenset({"reporter"})),
    Actor(name="other system", roles=frozenset({"integrator"})),
]


def test_a_leader_tells_when_they_cannot_be_asked_and_the_same_again_is_nothing_new() -> None:
    given().of(ANNA).when(AWAY, by=HERSELF).then(IS_AWAY).then_warned()
    given(IS_AWAY).of(ANNA).when(AWAY, by=HERSELF).then_nothing()


def test_who_never_told_anything_is_available_already() -> None:
    given().of(ANNA).when(BACK, by=HERSELF).then_nothing()


def test_what_is_told_takes_the_place_of_what_was() -> None:
    given(IS_AWAY).of(ANNA).when(BACK, by=HERSELF).then(IS_BACK)
    for_good = SetLeaderAvailability(person_id=ANNA, available=False)
    given(IS_AWAY).of(ANNA).when(for_good, by=HERSELF).then(
        AvailabilityChanged(on=TODAY, person_id=ANNA, available=False)
    )


@pytest.mark.parametrize("actor", NOT_SELF, ids=str)
def test_nobody_tells_of_anothers_availability(actor: Actor) -> None:
    given().of(ANNA).when(AWAY, by=actor).then_refused("not_allowed")
    for_her = AWAY.model_copy(update={"on_behalf_of": ANNA})
    given().of(ANNA).when(for_her, by=actor).then_refused("not_allowed")


@pytest.mark.parametrize("changed", [{"available_until": "2013-09-01"}, {"available": "perhaps"}])
def test_a_period_ends_after_it_begins(changed: dict[str, Any]) -> None:
    told = {"person_id": str(ANNA), "available_from": date(2013, 9, 2).isoformat()}
    with pytest.raises(ValidationError):
        SetLeaderAvailability.model_validate({**told, **changed})
