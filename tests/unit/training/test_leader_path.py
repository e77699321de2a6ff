"""A person qualifies by facts alone: a diploma and a driven network, in either order."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.training.domain.leader_path.pool import SetPoolMembership
from services.training.domain.leader_path.qualification import (
    RecordPriorQualification,
)
from services.training.domain.leader_path.state import LeaderCommand
from services.training.domain.leader_path.willingness import RegisterLeaderInterest
from shared.contracts.training import (
    LeaderAdmittedToPool,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
    QualifyingRun,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    LeaderWish,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.permissions import Actor, system
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    given,
    new_id,
    person,
    rule,
)
from shared.testing.kit import NS3
from tests.unit.training.paths import ANNA, CLOSED, CO_DROVE, RUN, qualified_by_run

HERSELF = employee("anna")
OTHER_NETWORK = uuid4()
LONG_AGO, BEFORE = date(2011, 6, 1), date(2012, 6, 1)
REACTION = system("NetworkClosed.record_runs")
MUST_NOT_RECORD = [HERSELF, employee("manager", "line_manager"), CHIEF, employee("leader")]
MACHINES = [
    Actor(name="reports", roles=frozenset({"reporter"})),
    Actor(name="other system", roles=frozenset({"integrator"})),
]

INTEREST = RegisterLeaderInterest(person_id=ANNA, wish=LeaderWish.EITHER)
INTERESTED = LeaderInterestRegistered(on=TODAY, person_id=ANNA, wish=LeaderWish.EITHER)

DIPLOMA = RecordPriorQualification(
    person_id=ANNA, what=PriorExperience.DIPLOMA, on=BEFORE, evidence="Eksamensbevis set"
)
PRIOR_RUN = RecordPriorQualification(
    person_id=ANNA, what=PriorExperience.CO_DRIVER, on=LONG_AGO, evidence="Var med i NS1"
)
HAS_DIPLOMA = PriorQualificationRecorded(
    on=BEFORE, person_id=ANNA, what=PriorExperience.DIPLOMA, evidence_note=new_id(1)
)
HAS_PRIOR_RUN = PriorQualificationRecorded(
    on=LONG_AGO, person_id=ANNA, what=PriorExperience.CO_DRIVER, evidence_note=new_id(1)
)

QUALIFIED_BY_RUN = qualified_by_run(BEFORE)

ADMIT = SetPoolMembership(
    person_id=ANNA, in_pool=True, basis=PoolBasis.TRAINED_CO_DRIVER, generation=3
)
LEAVE = SetPoolMembership(person_id=ANNA, in_pool=False)
ADMITTED = LeaderAdmittedToPool(
    on=TODAY,
    person_id=ANNA,
    basis=PoolBasis.TRAINED_CO_DRIVER,
    generation=3,
    qualified=True,
)
LEFT = LeaderLeftPool(on=TODAY, person_id=ANNA)
QUALIFIED = given(HAS_DIPLOMA, CO_DROVE, QUALIFIED_BY_RUN).of(ANNA)


def changed(command: LeaderCommand, **fields: Any) -> LeaderCommand:
    return command.model_copy(update=fields)


# --- interest ---


def test_a_person_tells_of_an_interest_and_the_same_again_is_nothing_new() -> None:
    given().of(ANNA).when(INTEREST, by=HERSELF).then(INTERESTED)
    given(INTERESTED).of(ANNA).when(INTEREST, by=HERSELF).then_nothing()


def test_what_is_said_of_themes_is_kept_as_a_note_about_the_person() -> None:
    saying = changed(INTEREST, themes="Urban farming")
    noted = INTERESTED.model_copy(update={"themes_note": new_id(1)})

    outcome = given(INTERESTED).of(ANNA).when(saying, by=HERSELF).then(noted)

    assert outcome.decision is not None
    assert [(note.text, note.about) for note in outcome.decision.notes] == [("Urban farming", ANNA)]
    # No decision reads a note, so whoever says something again is heard again.
    given(noted).of(ANNA).when(saying, by=HERSELF).then(noted)
    given(noted).of(ANNA).when(INTEREST, by=HERSELF).then_nothing()


def test_the_secretariat_tells_of_an_interest_on_behalf_of_the_person() -> None:
    given().of(ANNA).when(changed(INTEREST, on_behalf_of=ANNA)).then(INTERESTED)
    given().of(ANNA).when(changed(INTEREST, on_behalf_of=person("bo"))).then_refused(
        "on_behalf_of_another"
    )


def test_nobody_else_tells_of_an_interest_for_a_person() -> None:
    stranger = Actor(person_id=ANNA, roles=frozenset({"participant"}))
    for actor in (employee("bo"), CHIEF, stranger, *MACHINES):
        given().of(ANNA).when(INTEREST, by=actor).then_refused("not_allowed")
    acting_for = changed(INTEREST, on_behalf_of=ANNA)
    given().of(ANNA).when(acting_for, by=employee("bo")).then_refused("not_allowed")


# --- from before the system ---


def test_a_diploma_and_a_run_from_before_are_recorded_once_each() -> None:
    given().of(ANNA).when(DIPLOMA).then(HAS_DIPLOMA)
    given(HAS_DIPLOMA).of(ANNA).when(DIPLOMA).then_nothing()
    given().of(ANNA).when(PRIOR_RUN).then(HAS_PRIOR_RUN)
    given(HAS_PRIOR_RUN).of(ANNA).when(PRIOR_RUN).then_nothing()


def test_two_networks_that_ended_on_one_day_are_told_apart_by_their_titles() -> None:
    second = changed(PRIOR_RUN, title="Ældre og teknologi")
    told = HAS_PRIOR_RUN.model_copy(update={"title": "Ældre og teknologi"})
    given(HAS_PRIOR_RUN).of(ANNA).when(second).then(told)
    given(HAS_PRIOR_RUN, told).of(ANNA).when(second).then_nothing()
    with pytest.raises(ValidationError, match="title is for a network"):
        RecordPriorQualification.model_validate(DIPLOMA.model_dump() | {"title": "Diplom"})


def test_prior_diploma_and_run_qualify_in_either_order_on_the_later_date() -> None:
    qualified = LeaderQualified(
        on=BEFORE,
        person_id=ANNA,
        diploma_on=BEFORE,
        runs=(QualifyingRun(role=DrivingRole.CO_DRIVER),),
    )
    given(HAS_DIPLOMA).of(ANNA).when(PRIOR_RUN).then(HAS_PRIOR_RUN, qualified)
    given(HAS_PRIOR_RUN).of(ANNA).when(DIPLOMA).then(HAS_DIPLOMA, qualified)


def test_having_led_before_qualifies_as_well_as_having_co_driven() -> None:
    led = changed(PRIOR_RUN, what=PriorExperience.LEADER)
    outcome = given(HAS_DIPLOMA).of(ANNA).when(led)

    assert outcome.decision is not None
    assert isinstance(outcome.decision.events[-1], LeaderQualified)


def test_a_run_since_the_structure_began_comes_from_a_network_alone() -> None:
    start = NS3.training.structure_start
    since = changed(PRIOR_RUN, on=start)

    given().of(ANNA).when(since).then_refused("prior_run_after_structure_start", "R136")
    given().of(ANNA).when(changed(PRIOR_RUN, on=date(2013, 7, 31))).then(
        HAS_PRIOR_RUN.model_copy(update={"on": date(2013, 7, 31)})
    )


def test_a_diploma_from_elsewhere_may_be_later_than_the_structure() -> None:
    given().of(ANNA).when(changed(DIPLOMA, on=CLOSED)).then(
        HAS_DIPLOMA.model_copy(update={"on": CLOSED})
    )


@rule("R136")
def test_when_the_structure_began_is_policy() -> None:
    earlier = NS3.training.model_copy(update={"structure_start": date(2011, 1, 1)})
    policy = NS3.model_copy(update={"training": earlier})

    given().of(ANNA).under(policy).when(PRIOR_RUN).then_refused("prior_run_after_structure_start")


@pytest.mark.parametrize("actor", [*MUST_NOT_RECORD, *MACHINES], ids=str)
def test_only_the_secretariat_records_what_was_before(actor: Actor) -> None:
    given().of(ANNA).when(DIPLOMA, by=actor).then_refused("not_allowed")


def test_what_was_before_needs_its_date() -> None:
    with pytest.raises(ValidationError, match="on"):
        RecordPriorQualification.model_validate(
            {"person_id": str(ANNA), "what": "diploma", "evidence": "Set"}
        )


# --- from networks that closed ---


def test_a_network_driven_to_its_end_is_recorded_once() -> None:
    given().of(ANNA).when(RUN, by=REACTION).then(CO_DROVE)
    given(CO_DROVE).of(ANNA).when(RUN, by=REACTION).then_nothing()


def test_leading_to_the_end_is_recorded_as_leading() -> None:
    led = changed(RUN, role=DrivingRole.LEADER)

    given(CO_DROVE).of(ANNA).when(led, by=REACTION).then(
        LeadingCompleted.model_validate(CO_DROVE.model_dump())
    )


def test_a_co_driver_who_came_late_counts_and_is_marked() -> None:
    late = CO_DROVE.model_copy(update={"late": True})
    given(HAS_DIPLOMA).of(ANNA).when(changed(RUN, late=True), by=REACTION).then(
        late, QUALIFIED_BY_RUN
    )


def test_a_run_qualifies_after_the_diploma_and_a_diploma_after_the_run() -> None:
    given(HAS_DIPLOMA).of(ANNA).when(RUN, by=REACTION).then(CO_DROVE, QUALIFIED_BY_RUN)
    given(CO_DROVE).of(ANNA).when(DIPLOMA).then(HAS_DIPLOMA, QUALIFIED_BY_RUN)


def test_one_qualifies_once() -> None:
    another = changed(RUN, network_id=OTHER_NETWORK)
    QUALIFIED.when(another, by=REACTION).then(
        CO_DROVE.model_copy(update={"network_id": OTHER_NETWORK})
    )


@pytest.mark.parametrize("actor", [SECRETARIAT, *MUST_NOT_RECORD, *MACHINES], ids=str)
def test_no_person_can_grant_a_run(actor: Actor) -> None:
    given().of(ANNA).when(RUN, by=actor).then_refused("not_allowed")


# --- the pool ---


def test_the_secretariat_admits_a_qualified_leader_to_the_pool_once() -> None:
    QUALIFIED.when(ADMIT).then(ADMITTED).then_warned()
    given(ADMITTED).of(ANNA).when(ADMIT).then_nothing()


@rule("R110")
def test_the_pool_is_no_gate_but_a_co_driver_who_is_not_qualified_is_remarked_on() -> None:
    unqualified = ADMITTED.model_copy(update={"qualified": False})
    given(HAS_DIPLOMA).of(ANNA).when(ADMIT).then(unqualified).then_warned("not_yet_qualified")
    given(CO_DROVE).of(ANNA).when(ADMIT).then(unqualified).then_warned("not_yet_qualified")


@rule("R110")
def test_experience_from_before_is_ground_enough_and_its_absence_is_remarked_on() -> None:
    experienced = changed(ADMIT, basis=PoolBasis.EXPERIENCED, generation=1)
    admitted = ADMITTED.model_copy(
        update={"basis": PoolBasis.EXPERIENCED, "generation": 1, "qualified": False}
    )
    given(HAS_PRIOR_RUN).of(ANNA).when(experienced).then(admitted).then_warned()
    for nothing_from_before in ((), (HAS_DIPLOMA,), (CO_DROVE,)):
        world = given(*nothing_from_before).of(ANNA)
        world.when(experienced).then(admitted).then_warned("no_prior_experience_recorded")


def test_another_basis_is_told_again() -> None:
    other = changed(ADMIT, basis=PoolBasis.EXPERIENCED, generation=2)
    given(ADMITTED).of(ANNA).when(other).then_warned("no_prior_experience_recorded")


def test_a_leader_leaves_the_pool_by_own_wish_or_by_the_secretariat() -> None:
    for actor in (HERSELF, SECRETARIAT):
        given(ADMITTED).of(ANNA).when(LEAVE, by=actor).then(LEFT)
    given(ADMITTED, LEFT).of(ANNA).when(LEAVE, by=HERSELF).then_nothing()
    given().of(ANNA).when(LEAVE).then_nothing()


def test_why_somebody_left_is_kept_as_a_note() -> None:
    given(ADMITTED).of(ANNA).when(changed(LEAVE, reason="Nyt job"), by=HERSELF).then(
        LEFT.model_copy(update={"reason_note": new_id(1)})
    )


def test_nobody_admits_themselves_and_no_other_admits_or_removes() -> None:
    given().of(ANNA).when(ADMIT, by=HERSELF).then_refused("not_allowed")
    for actor in (CHIEF, employee("bo"), *MACHINES):
        given().of(ANNA).when(ADMIT, by=actor).then_refused("not_allowed")
        given(ADMITTED).of(ANNA).when(LEAVE, by=actor).then_refused("not_allowed")


@pytest.mark.parametrize(
    "fields",
    [
        {"in_pool": True},
        {"in_pool": True, "basis": "trained_co_driver", "reason": "?"},
        {"in_pool": False, "basis": "trained_co_driver"},
        {"in_pool": False, "generation": 1},
        {"in_pool": True, "basis": "trained_co_driver", "generation": 0},
        {"in_pool": True, "basis": "experienced_gen1_2", "generation": 3},
    ],
)
def test_a_place_in_the_pool_has_a_basis_and_leaving_has_none(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SetPoolMembership.model_validate({"person_id": str(ANNA), **fields})


def test_a_run_in_a_networks_closed_before_the_diploma_counts_from_the_diploma_on() -> None:
    later = replace(QUALIFIED, facts=(CO_DROVE,))
    diploma = changed(DIPLOMA, on=TODAY)
    outcome = later.when(diploma)

    assert outcome.decision is not None
    assert outcome.decision.events[-1].on == TODAY
