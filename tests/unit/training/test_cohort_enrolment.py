"""A cohort has places and a waiting list; the diploma is for those who drive or drove networks."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.training.domain.cohort.enrolment import RequestEnrolment, WithdrawEnrolment
from services.training.domain.leader_path.state import LEADER_PATH
from shared.contracts.training import (
    CoDrivingCompleted,
    CohortEvent,
    EnrolmentRequested,
    EnrolmentWithdrawn,
    LeaderEvent,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    EnrolmentPlace,
    NetworkType,
    OrgUnitId,
    PriorExperience,
    Programme,
)
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person, rule
from shared.testing.kit import NS3, Given
from tests.unit.training.cohorts import (
    CANCELLED,
    CHART,
    COMPLETED,
    DEPARTMENT,
    INNOVATORS,
    OPENED,
    OTHER_DEPARTMENT,
    PEOPLE,
    PLANNED,
    TEAM,
    co_driver,
    confirmed,
    enrolled,
    placed,
    requested,
    running,
    waitlisted,
)

ANNA = person("anna")
HERSELF = employee("anna")
FOR_OTHERS = [
    employee("manager", "line_manager"),
    employee("leader", "network_leader"),
    CHIEF,
    employee("colleague"),
    Actor(name="other system", roles=frozenset({"integrator"})),
]
RUN = CoDrivingCompleted(
    on=TODAY,
    person_id=ANNA,
    network_id=UUID(int=7),
    network_type=NetworkType.WELFARE,
    since=TODAY,
    until=TODAY,
)
LED = LeadingCompleted.model_validate(RUN.model_dump())
PRIOR = PriorQualificationRecorded(
    on=date(2012, 6, 1),
    person_id=ANNA,
    what=PriorExperience.CO_DRIVER,
    evidence_note=new_id(1),
)
REQUEST = RequestEnrolment(person_id=ANNA, department_id=DEPARTMENT)
ANYHOW = Override(rules=frozenset({"R250"}), reason="Skal være co-driver fra næste måned")
ASKED, PLACE = requested(ANNA, DEPARTMENT, named=True), placed(ANNA)
LISTED = Person(person_id=ANNA, org_unit_id=DEPARTMENT)
ONE_MORE = Override(rules=frozenset({"R170"}), reason="Én mere kan der være i lokalet")


def known(*facts: CohortEvent) -> Given:
    """Anna is in the directory, and co-drives a network now."""
    return given(*facts).knowing(ANNA, co_driver(ANNA)).knowing(ANNA, LISTED)


def withdraw(number: int, **fields: Any) -> WithdrawEnrolment:
    return WithdrawEnrolment(person_id=PEOPLE[number - 1], **fields)


def withdrew(number: int, was: EnrolmentPlace = EnrolmentPlace.ENROLLED) -> EnrolmentWithdrawn:
    return EnrolmentWithdrawn(on=TODAY, person_id=PEOPLE[number - 1], was=was)


@pytest.mark.parametrize("by", [HERSELF, SECRETARIAT])
def test_a_co_driver_gets_a_place_by_asking_or_by_the_secretariat(by: Actor) -> None:
    known(PLANNED, OPENED).when(REQUEST, by=by).then(ASKED, PLACE).then_warned()


@pytest.mark.parametrize("facts", [enrolled(0), confirmed()])
def test_who_has_a_place_asks_in_vain_for_another(facts: list[CohortEvent]) -> None:
    known(*facts, ASKED, PLACE).when(REQUEST, by=HERSELF).then_nothing()


def test_who_waits_does_not_wait_twice() -> None:
    waits = waitlisted(ANNA, 1)

    known(*enrolled(15), ASKED, waits).when(REQUEST, by=HERSELF).then_nothing()


@pytest.mark.parametrize("number", [11, 12, 14])
def test_up_to_the_fifteenth_there_is_a_place(number: int) -> None:
    known(*enrolled(number)).when(REQUEST).then(ASKED, PLACE)


@pytest.mark.parametrize(("number", "place"), [(15, 1), (16, 2)])
def test_from_the_sixteenth_on_one_waits_in_order(number: int, place: int) -> None:
    known(*enrolled(number)).when(REQUEST).then(ASKED, waitlisted(ANNA, place))


def test_innovators_never_wait_and_need_not_be_co_drivers() -> None:
    opened = OPENED.model_copy(update={"programme": Programme.INNOVATOR})
    facts = (INNOVATORS, opened, *(placed(each) for each in PEOPLE))
    in_programme = {"programme": Programme.INNOVATOR}

    given(*facts).when(REQUEST, by=HERSELF).then(
        ASKED.model_copy(update=in_programme),
        PLACE.model_copy(update={**in_programme, "title": INNOVATORS.title}),
    )


@pytest.mark.parametrize("facts", [[PLANNED], confirmed(), running()])
def test_one_enrols_in_an_open_cohort_only(facts: list[CohortEvent]) -> None:
    known(*facts).when(REQUEST).then_refused("cohort_not_open", "R172")


def test_an_enrolment_after_the_last_day_is_remarked_on() -> None:
    over = OPENED.model_copy(update={"enrol_by": date(2013, 9, 1)})
    still = OPENED.model_copy(update={"enrol_by": TODAY})

    known(PLANNED, over).when(REQUEST).then(ASKED, PLACE).then_warned("enrolment_too_late")
    known(PLANNED, still).when(REQUEST).then(ASKED, PLACE).then_warned()


@pytest.mark.parametrize("fact", [RUN, PRIOR])
def test_who_has_co_driven_a_network_here_or_before_the_system_may_enrol(fact: LeaderEvent) -> None:
    world = given(PLANNED, OPENED).besides(LEADER_PATH, str(ANNA), fact)

    world.when(REQUEST, by=HERSELF).then(ASKED, PLACE)


@pytest.mark.parametrize("path", [(), (LED,)])
def test_who_never_was_a_co_driver_is_refused(path: tuple[LeaderEvent, ...]) -> None:
    world = given(PLANNED, OPENED).besides(LEADER_PATH, str(ANNA), *path)

    world.when(REQUEST, by=HERSELF).then_refused("not_a_co_driver", "R250")
    world.when(REQUEST, by=SECRETARIAT).then_refused("not_a_co_driver", "R250")


def test_the_secretariat_enrols_somebody_else_with_a_reason() -> None:
    command = REQUEST.model_copy(update={"override": ANYHOW})

    given(PLANNED, OPENED).when(command).then(ASKED, PLACE).then_overrode("R250")


def test_nobody_sets_the_rule_aside_for_themself() -> None:
    command = REQUEST.model_copy(update={"override": ANYHOW})

    given(PLANNED, OPENED).when(command, by=HERSELF).then_refused("override_not_allowed", "R250")


def test_a_rule_set_may_ask_for_nothing() -> None:
    training = NS3.training.model_copy(update={"enrolment_requires": "nothing"})
    policy = NS3.model_copy(update={"training": training})

    given(PLANNED, OPENED).under(policy).when(REQUEST, by=HERSELF).then(ASKED, PLACE)


@pytest.mark.parametrize("by", FOR_OTHERS, ids=str)
def test_nobody_but_the_secretariat_enrols_or_withdraws_another(by: Actor) -> None:
    on_behalf = RequestEnrolment(person_id=ANNA, on_behalf_of=ANNA)
    leave = WithdrawEnrolment(person_id=ANNA)

    known(PLANNED, OPENED).when(REQUEST, by=by).then_refused("not_allowed")
    known(PLANNED, OPENED).when(on_behalf, by=by).then_refused("not_allowed")
    known(PLANNED, OPENED, ASKED, PLACE).when(leave, by=by).then_refused("not_allowed")


def test_who_is_named_as_acted_for_is_the_one_enrolled() -> None:
    other = RequestEnrolment(person_id=ANNA, on_behalf_of=person("bo"))
    same = RequestEnrolment(person_id=ANNA, on_behalf_of=ANNA, department_id=DEPARTMENT)

    known(PLANNED, OPENED).when(other).then_refused("on_behalf_of_another", "R172")
    known(PLANNED, OPENED).when(same).then(ASKED, PLACE)


@pytest.mark.parametrize(
    ("said", "listed", "told"),
    [
        (DEPARTMENT, OTHER_DEPARTMENT, DEPARTMENT),
        (None, OTHER_DEPARTMENT, OTHER_DEPARTMENT),
        (None, None, None),
    ],
)
def test_the_department_is_the_one_given_or_else_the_directorys(
    said: OrgUnitId | None, listed: OrgUnitId | None, told: OrgUnitId | None
) -> None:
    world = known(PLANNED, OPENED).knowing(ANNA, Person(person_id=ANNA, org_unit_id=listed))

    world.when(RequestEnrolment(person_id=ANNA, department_id=said)).then(
        requested(ANNA, told, named=said is not None), PLACE
    )


@rule("R2")
@pytest.mark.parametrize("said", [TEAM, None])
def test_the_department_of_a_team_is_the_one_the_team_is_part_of(said: OrgUnitId | None) -> None:
    in_team = Person(person_id=ANNA, org_unit_id=TEAM)
    command = RequestEnrolment(person_id=ANNA, department_id=said)
    told = requested(ANNA, DEPARTMENT, named=said is not None)

    world = known(PLANNED, OPENED).knowing(ANNA, in_team)
    world.knowing("all", CHART).when(command).then(told, PLACE).then_warned()


def test_a_department_that_the_organisation_has_not_is_remarked_on() -> None:
    nowhere = RequestEnrolment(person_id=ANNA, department_id=UUID(int=98))

    world = known(PLANNED, OPENED).knowing("all", CHART)
    world.when(nowhere).then_warned("department_not_listed")
    world.when(REQUEST).then_warned()


def test_somebody_whom_the_directory_does_not_know_is_remarked_on() -> None:
    world = given(PLANNED, OPENED).knowing(ANNA, co_driver(ANNA))

    world.when(REQUEST).then(ASKED, PLACE).then_warned("person_not_listed")


@pytest.mark.parametrize("asked", [ASKED, requested(ANNA, DEPARTMENT), requested(ANNA)])
def test_enrolling_again_names_no_other_department(asked: EnrolmentRequested) -> None:
    other = RequestEnrolment(person_id=ANNA, department_id=OTHER_DEPARTMENT)
    unsaid = RequestEnrolment(person_id=ANNA)

    for place in (PLACE, waitlisted(ANNA, 1)):
        world = known(PLANNED, OPENED, asked, place)
        world.when(other).then_refused("enrolled_for_another_department", "R173")
        world.when(unsaid).then_nothing()
        if asked is not ASKED:
            world.when(REQUEST).then_refused("enrolled_for_another_department", "R173")


def test_the_secretariat_gives_a_sixteenth_a_place_with_a_reason() -> None:
    command = REQUEST.model_copy(update={"override": ONE_MORE})

    outcome = known(*enrolled(15)).when(command)
    outcome.then(ASKED, PLACE).then_overrode("R170")
    known(*enrolled(15), ASKED, PLACE).when(command).then_nothing()
    known(*enrolled(14)).when(command).then(ASKED, PLACE).then_overrode()


def test_who_waits_is_given_a_place_with_a_reason() -> None:
    command = RequestEnrolment(person_id=PEOPLE[16], override=ONE_MORE)
    told = placed(PEOPLE[16], promoted=True)

    given(*enrolled(17)).when(command).then(told).then_overrode("R170")
    given(*enrolled(17), told).when(command).then_nothing()


def test_nobody_gives_themself_a_place_past_the_bound() -> None:
    command = REQUEST.model_copy(update={"override": ONE_MORE})

    known(*enrolled(15)).when(command, by=HERSELF).then_refused("override_not_allowed", "R170")


def test_nobody_moves_up_while_there_are_more_than_the_cohort_has_places_for() -> None:
    one_more = [requested(ANNA), placed(ANNA)]

    given(*enrolled(17), *one_more).when(withdraw(3)).then(withdrew(3))
    given(*enrolled(17), *one_more, withdrew(3)).when(withdraw(4)).then(
        withdrew(4), placed(PEOPLE[15], promoted=True)
    )


@pytest.mark.parametrize("by", [SECRETARIAT, employee("co-driver 3")])
def test_a_place_that_is_given_up_goes_to_the_first_who_waits(by: Actor) -> None:
    facts = enrolled(17)

    given(*facts).when(withdraw(3), by=by).then(withdrew(3), placed(PEOPLE[15], promoted=True))


def test_those_who_wait_are_promoted_in_order() -> None:
    moved = [withdrew(3), placed(PEOPLE[15], promoted=True)]

    given(*enrolled(17), *moved).when(withdraw(4)).then(
        withdrew(4), placed(PEOPLE[16], promoted=True)
    )


def test_the_waiting_list_counts_until_the_cohort_runs() -> None:
    given(*confirmed(15, waiting=1)).when(withdraw(3)).then(
        withdrew(3), placed(PEOPLE[15], promoted=True)
    )
    given(*running(15, waiting=1)).when(withdraw(3)).then(withdrew(3))
    given(*running(15, waiting=1)).when(withdraw(16)).then_nothing()


def test_who_waits_no_longer_gives_nobody_a_place() -> None:
    given(*enrolled(17)).when(withdraw(16)).then(withdrew(16, EnrolmentPlace.WAITING))


def test_why_somebody_withdraws_is_a_note_and_not_in_the_fact() -> None:
    told = withdrew(1).model_copy(update={"reason_note": new_id(1)})

    outcome = given(*enrolled(15)).when(withdraw(1, reason="Barsel")).then(told)

    assert outcome.decision is not None
    (note,) = outcome.decision.notes
    assert (note.text, note.about) == ("Barsel", PEOPLE[0])


@pytest.mark.parametrize(("number", "codes"), [(13, ()), (12, ("cohort_below_minimum",))])
def test_a_withdrawal_that_leaves_fewer_than_twelve_is_remarked_on(
    number: int, codes: tuple[str, ...]
) -> None:
    given(*confirmed(number)).when(withdraw(1)).then(withdrew(1)).then_warned(*codes)


def test_one_withdraws_once_and_only_from_what_one_was_in() -> None:
    given(*enrolled(12), withdrew(1)).when(withdraw(1)).then_nothing()
    given(*enrolled(12)).when(withdraw(13)).then_refused("not_enrolled", "R172")


def test_who_withdrew_and_asks_again_comes_last() -> None:
    gone = (ASKED, PLACE, EnrolmentWithdrawn(on=TODAY, person_id=ANNA, was=EnrolmentPlace.ENROLLED))
    facts = [PLANNED, OPENED, *gone, *enrolled(17)[2:]]

    known(*facts).when(REQUEST).then(ASKED, waitlisted(ANNA, 3))


@pytest.mark.parametrize("command", [REQUEST, withdraw(1)])
def test_nobody_enters_or_leaves_a_cohort_that_has_ended(command: Any) -> None:
    known(*running(), COMPLETED).when(command).then_refused("cohort_ended", "R172")
    known(*enrolled(2), CANCELLED).when(command).then_refused("cohort_cancelled", "R172")
