"""The reference leader answers for the money for the test."""

from datetime import date

import pytest

from services.networks.domain.network.funding import SecureTestFunding
from shared.contracts.networks import (
    Crew,
    NetworkCancelled,
    NetworkImported,
    PlannedPhase,
    ReferenceLeaderReplaced,
    TestFundingSecured,
)
from shared.contracts.vocabulary import FundingSource, NetworkType
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person

ADA, REFERENCE = person("ada"), person("reference")
BEGAN = date(2013, 8, 5)
IMPORTED = NetworkImported(
    on=BEGAN,
    title="Mad til borgerne",
    purpose="God mad til alle",
    network_type=NetworkType.WELFARE,
    started_on=BEGAN,
    leader_id=ADA,
    reference_leader_id=REFERENCE,
    co_driver_id=person("bo"),
    phases=(PlannedPhase(phase="intensive_1"),),
)
REPLACED = ReferenceLeaderReplaced(
    on=BEGAN,
    person_id=person("next"),
    replaced_id=REFERENCE,
    is_director=False,
    in_chief_forum=True,
)
SECURE = SecureTestFunding(
    source=FundingSource.EXTERNAL, amount_ore=25_000_000, responsible_id=REFERENCE, reference="Fond"
)
SECURED = TestFundingSecured(
    on=TODAY,
    source=FundingSource.EXTERNAL,
    amount_ore=25_000_000,
    responsible_id=REFERENCE,
    reference="Fond",
)
HERSELF = employee("reference")


def test_the_reference_leader_tells_that_there_is_money() -> None:
    given(IMPORTED).when(SECURE, by=HERSELF).then(SECURED)
    earlier = SECURED.model_copy(update={"on": BEGAN})
    given(IMPORTED, earlier).when(SECURE, by=HERSELF).then_nothing()
    less = SECURE.model_copy(update={"amount_ore": 1})
    given(IMPORTED, earlier).when(less, by=HERSELF).then(
        SECURED.model_copy(update={"amount_ore": 1})
    )


@pytest.mark.parametrize(
    "actor", [employee("ada"), employee("bo"), employee("reference leader of another"), CHIEF]
)
def test_nobody_else_tells_it(actor: Actor) -> None:
    given(IMPORTED).when(SECURE, by=actor).then_refused("not_allowed")


def test_a_replaced_reference_leader_tells_nothing() -> None:
    given(IMPORTED, REPLACED).when(SECURE, by=HERSELF).then_refused("not_allowed")


def test_somebody_else_answers_for_the_money_only_by_the_secretariats_exception() -> None:
    other = SECURE.model_copy(update={"responsible_id": ADA})
    override = {"override": Override(rules=frozenset({"R154"}), reason="Referencelederen er syg")}
    other_anyway = other.model_copy(update=override)
    anyway = SECURE.model_copy(update=override)

    given(IMPORTED).when(other, by=HERSELF).then_refused("responsible_not_reference_leader", "R154")
    given(IMPORTED).when(SECURE, by=SECRETARIAT).then_refused(
        "responsible_not_reference_leader", "R154"
    )
    given(IMPORTED).when(other_anyway, by=HERSELF).then_refused("override_not_allowed", "R154")
    given(IMPORTED).when(other_anyway, by=SECRETARIAT).then_overrode("R154")
    given(IMPORTED).when(anyway, by=SECRETARIAT).then(SECURED).then_overrode("R154")


def test_no_money_is_secured_for_a_network_that_is_not_there_or_has_ended() -> None:
    cancelled = NetworkCancelled(
        on=TODAY,
        title="Mad til borgerne",
        network_type=NetworkType.WELFARE,
        was_started=True,
        half_year="2013-H2",
        crew=Crew(),
        reason_note=new_id(9),
    )

    given().when(SECURE).then_refused("unknown")
    given(IMPORTED, cancelled).when(SECURE, by=HERSELF).then_refused("network_ended", "R89")
