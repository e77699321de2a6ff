"""A co-driver leaves early only with a reason; a reference leader only from a learning network."""

from datetime import date
from typing import Any, TypeVar

import pytest

from services.networks.domain.network.crew import AssignCoDriver, ReleaseCoDriver
from services.networks.domain.network.crew_reference import (
    AssignReferenceLeader,
    ReleaseReferenceLeader,
)
from services.networks.domain.network.mandate import AgreeMandateContract
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    ContractSection,
    CrewAtClosing,
    MandateContractAgreed,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkClosed,
    NetworkImported,
    PlannedPhase,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
    ReferenceLeaderReleased,
)
from shared.contracts.vocabulary import Forum, MandateParty, NetworkResult, NetworkType
from shared.kernel.commands import Command, Override
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import NS3

C = TypeVar("C", bound=Command[Any, Any])

ADA, BO, DEA, FREJA, MAJ = (person(each) for each in ("ada", "bo", "dea", "freja", "maj"))
BEGAN, CAME = date(2013, 2, 1), date(2013, 8, 5)
WELFARE = NetworkImported(
    on=BEGAN,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=BEGAN,
    leader_id=ADA,
    co_driver_id=BO,
    reference_leader_id=FREJA,
    phases=(PlannedPhase(phase="intensive_1"),),
)
INNOVATION = WELFARE.model_copy(update={"network_type": NetworkType.INNOVATION})
LEARNING = WELFARE.model_copy(update={"network_type": NetworkType.LEARNING})
ALONE = WELFARE.model_copy(update={"co_driver_id": None})
UNCOUPLED = LEARNING.model_copy(update={"reference_leader_id": None})
BO_CO_DRIVES = CoDriverAssigned(
    on=CAME,
    person_id=BO,
    leader_id=ADA,
    line_manager_id=MAJ,
    network_type=NetworkType.WELFARE,
    title="Campus",
    theme_expertise=True,
    rationale_note=new_id(9),
)
BO_LEFT = CoDriverReleased(on=TODAY, person_id=BO, since=BEGAN, until=TODAY, reason_note=new_id(1))
FREJA_LEFT = ReferenceLeaderReleased(
    on=TODAY, person_id=FREJA, leader_id=ADA, reason_note=new_id(1)
)
DRAFTED = MandateContractDrafted(
    on=CAME,
    contract_version=1,
    parties=(MandateParty.REFERENCE_LEADER,),
    sections={MandateParty.REFERENCE_LEADER: ContractSection(sha256="0" * 64, complete=True)},
)
CLOSED = NetworkClosed(
    on=TODAY,
    title="Campus",
    network_type=NetworkType.LEARNING,
    started_on=BEGAN,
    result=NetworkResult.ADOPTED,
    crew=CrewAtClosing(),
    phases=(),
    break_days=0,
)

RELEASE_BO = ReleaseCoDriver(reason="Nyt arbejde")
UNEXPLAINED = ReleaseCoDriver()
RELEASE_FREJA = ReleaseReferenceLeader(reason="Netværket hører ikke til i én afdeling")


def but(command: C, **changes: object) -> C:
    return command.model_copy(update=changes)


def overriding(command: C, *rules: str) -> C:
    return but(command, override=Override(rules=frozenset(rules), reason="Er flyttet"))


# --- the co-driver ----------------------------------------------------------------------------


def test_the_leader_lets_the_co_driver_go() -> None:
    given(WELFARE).when(RELEASE_BO, by=employee("ada")).then(BO_LEFT).then_warned()
    given(WELFARE).when(RELEASE_BO, by=SECRETARIAT).then(BO_LEFT)


def test_it_is_told_how_long_the_co_driver_was_there_and_who_made_room_for_it() -> None:
    given(ALONE, BO_CO_DRIVES).when(RELEASE_BO, by=employee("ada")).then(
        BO_LEFT.model_copy(update={"since": CAME, "line_manager_id": MAJ})
    )


def test_a_co_driver_is_released_once() -> None:
    given(WELFARE, BO_LEFT).when(RELEASE_BO, by=employee("ada")).then_nothing()


def test_nobody_is_released_where_nobody_co_drives() -> None:
    left_before = BO_LEFT.model_copy(update={"on": CAME, "until": CAME})
    given(ALONE).when(RELEASE_BO, by=employee("ada")).then_refused("no_co_driver", "R131")
    given(WELFARE, left_before).when(RELEASE_BO, by=employee("ada")).then_refused(
        "no_co_driver", "R131"
    )


def test_a_co_driver_does_not_leave_before_they_came() -> None:
    early = but(RELEASE_BO, on=date(2013, 8, 1))
    given(ALONE, BO_CO_DRIVES).when(early, by=employee("ada")).then_refused(
        "ends_before_it_began", "R137"
    )


def test_a_co_driver_stays_to_the_end_unless_a_reason_is_given_or_it_is_set_aside() -> None:
    told = BO_LEFT.model_copy(update={"reason_note": None})

    given(WELFARE).when(UNEXPLAINED, by=employee("ada")).then_refused(
        "release_without_reason", "R137"
    )
    for who in (employee("ada"), SECRETARIAT):
        given(WELFARE).when(overriding(UNEXPLAINED, "R137"), by=who).then(told).then_overrode(
            "R137"
        )


def test_after_one_co_driver_comes_another() -> None:
    dea = AssignCoDriver(
        person_id=DEA, theme_expertise=True, rationale="Overtager", assessment_id=new_id(8)
    )
    given(WELFARE, BO_LEFT).when(dea, by=employee("ada")).then(
        BO_CO_DRIVES.model_copy(
            update={
                "on": TODAY,
                "person_id": DEA,
                "line_manager_id": None,
                "rationale_note": new_id(1),
                "assessment_id": new_id(8),
            }
        )
    )


@pytest.mark.parametrize("who", ["bo", "freja", "leader of another", "maj"])
def test_co_driver_reference_leader_and_strangers_release_no_co_driver(who: str) -> None:
    given(WELFARE).when(RELEASE_BO, by=employee(who)).then_refused("not_allowed")
    given(WELFARE).when(overriding(UNEXPLAINED, "R137"), by=employee(who)).then_refused(
        "not_allowed"
    )


@pytest.mark.parametrize("other", ["chefforum", "integrator", "reporter", "municipal_director"])
def test_nobody_else_releases_a_co_driver(other: str) -> None:
    given(WELFARE).when(RELEASE_BO, by=employee("other", other)).then_refused("not_allowed")


# --- the reference leader ---------------------------------------------------------------------


def test_a_learning_network_goes_on_without_its_reference_leader() -> None:
    given(LEARNING).when(RELEASE_FREJA, by=CHIEF).then(FREJA_LEFT).then_warned()
    given(LEARNING).when(RELEASE_FREJA, by=SECRETARIAT).then(FREJA_LEFT)


def test_a_reference_leader_is_released_once() -> None:
    given(LEARNING, FREJA_LEFT).when(RELEASE_FREJA, by=CHIEF).then_nothing()
    given(UNCOUPLED).when(RELEASE_FREJA, by=CHIEF).then_nothing()


@pytest.mark.parametrize("network", [WELFARE, INNOVATION])
def test_no_other_network_goes_on_without_a_reference_leader(network: NetworkImported) -> None:
    for command in (RELEASE_FREJA, overriding(RELEASE_FREJA, "R144")):
        given(network).when(command, by=SECRETARIAT).then_refused(
            "only_learning_may_go_without", "R144"
        )


def test_which_types_may_go_without_is_policy() -> None:
    welfare = NS3.types["welfare"].model_copy(update={"reference_leader": "optional"})
    policy = NS3.model_copy(update={"types": {**NS3.types, "welfare": welfare}})
    given(WELFARE).under(policy).when(RELEASE_FREJA, by=CHIEF).then(FREJA_LEFT)


def test_a_reference_leader_does_not_leave_before_they_came() -> None:
    early = but(RELEASE_FREJA, on=date(2013, 1, 31))
    given(LEARNING).when(early, by=CHIEF).then_refused("ends_before_it_began", "R144")


def test_the_mandate_contract_has_one_party_less() -> None:
    released = FREJA_LEFT.model_copy(update={"contract_version": 1})
    agree = AgreeMandateContract(party=MandateParty.REFERENCE_LEADER, version=1)

    given(LEARNING, DRAFTED).when(RELEASE_FREJA, by=CHIEF).then(released)
    without = given(LEARNING, DRAFTED, released)
    without.when(agree, by=employee("freja")).then_refused("not_allowed")


def test_somebody_may_be_reference_leader_again_later() -> None:
    willing = ReferenceLeaderOptedIn(on=TODAY, person_id=FREJA)
    without = given(LEARNING, FREJA_LEFT, willing).knowing(
        FREJA, Person(person_id=FREJA, forums=frozenset({Forum.CHIEFS}))
    )
    without.when(AssignReferenceLeader(person_id=FREJA), by=CHIEF).then(
        ReferenceLeaderAssigned(
            on=TODAY, person_id=FREJA, leader_id=ADA, is_director=False, in_chief_forum=True
        )
    )


@pytest.mark.parametrize("who", ["ada", "bo", "freja"])
def test_leader_co_driver_and_the_reference_leader_release_none(who: str) -> None:
    given(LEARNING).when(RELEASE_FREJA, by=employee(who)).then_refused("not_allowed")


@pytest.mark.parametrize("other", ["integrator", "reporter", "municipal_director"])
def test_nobody_else_releases_a_reference_leader(other: str) -> None:
    given(LEARNING).when(RELEASE_FREJA, by=employee("other", other)).then_refused("not_allowed")


def test_nobody_leaves_a_network_that_has_ended() -> None:
    ended = given(LEARNING, CLOSED)
    ended.when(RELEASE_FREJA, by=CHIEF).then_refused("network_ended", "R89")
    ended.when(RELEASE_BO, by=employee("ada")).then_refused("network_ended", "R89")


def test_the_contract_is_agreed_when_only_the_one_who_leaves_was_missing() -> None:
    others = (MandateParty.NETWORK_LEADER, MandateParty.SECRETARIAT)
    agreements = tuple(
        MandateContractPartyAgreed(on=CAME, contract_version=1, party=party, missing=())
        for party in others
    )
    released = FREJA_LEFT.model_copy(update={"contract_version": 1})
    agreed = MandateContractAgreed(on=TODAY, contract_version=1, parties=others)

    given(LEARNING, DRAFTED, *agreements).when(RELEASE_FREJA, by=CHIEF).then(released, agreed)
    given(LEARNING, DRAFTED, agreements[0]).when(RELEASE_FREJA, by=CHIEF).then(released)
    late = MandateContractPartyAgreed(
        on=CAME, contract_version=1, party=MandateParty.REFERENCE_LEADER, missing=()
    )
    given(LEARNING, DRAFTED, *agreements, late).when(RELEASE_FREJA, by=CHIEF).then(released)
