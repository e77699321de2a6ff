"""The department pays two thirds and the secretariat one, exactly, once for each participant."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from services.training.domain.cohort.costs import AllocateTrainingCost, CorrectTrainingCost
from services.training.domain.cohort.ending import CancelCohort
from services.training.domain.cohort.enrolment import WithdrawEnrolment
from services.training.domain.cost_split import CostShares, split_cost
from shared.contracts.training import (
    CohortEvent,
    EnrolmentWithdrawn,
    TrainingCostAllocated,
    TrainingCostCorrected,
)
from shared.contracts.vocabulary import EnrolmentPlace, OrgUnitId, PersonId
from shared.kernel.permissions import Actor
from shared.people import Person
from shared.testing import TODAY, given, new_id, rule
from shared.testing.kit import NS3, Given
from tests.unit.training.cohorts import (
    CANCELLED,
    CHART,
    COMPLETED,
    DEPARTMENT,
    MUST_NOT,
    OTHER_DEPARTMENT,
    PEOPLE,
    PLANNED,
    TEAM,
    confirmed,
    enrolled,
    placed,
    requested,
    running,
)

ANNA, BO = PEOPLE[:2]
TEN_THOUSAND_AND_ONE_ORE = 10_000_01
TWO_THIRDS = (2, 3)
ALLOCATE = AllocateTrainingCost(cost_per_participant_ore=TEN_THOUSAND_AND_ONE_ORE)
LESS = AllocateTrainingCost(cost_per_participant_ore=9_000_00)
BO_LEFT = EnrolmentWithdrawn(on=TODAY, person_id=BO, was=EnrolmentPlace.ENROLLED)


def allocated(
    person_id: PersonId = ANNA, department_id: OrgUnitId = DEPARTMENT
) -> TrainingCostAllocated:
    return TrainingCostAllocated(
        on=TODAY,
        person_id=person_id,
        department_id=department_id,
        total_ore=1_000_001,
        base_ore=666_667,
        secretariat_ore=333_334,
    )


def correct(**fields: Any) -> CorrectTrainingCost:
    return CorrectTrainingCost(person_id=ANNA, reason="Regningen blev en anden", **fields)


def corrected(total: int, base: int, department_id: UUID = DEPARTMENT) -> TrainingCostCorrected:
    return TrainingCostCorrected(
        on=TODAY,
        person_id=ANNA,
        department_id=department_id,
        moved_from=DEPARTMENT if department_id != DEPARTMENT else None,
        total_ore=total,
        base_ore=base,
        secretariat_ore=total - base,
        reason_note=new_id(1),
    )


def two(*facts: CohortEvent) -> Given:
    """A confirmed cohort of two, whose departments the directory knows."""
    world = given(*confirmed(2), *facts)
    for each in (ANNA, BO):
        world = world.knowing(each, Person(person_id=each, org_unit_id=DEPARTMENT))
    return world


@rule("R173")
def test_ten_thousand_kroner_and_an_ore_are_split_without_a_rest() -> None:
    assert split_cost(TEN_THOUSAND_AND_ONE_ORE, TWO_THIRDS) == CostShares(666_667, 333_334)


@rule("R173")
@for_all(st.integers(min_value=0, max_value=10**18))
def test_any_amount_is_split_into_whole_ore_that_add_up(total_ore: int) -> None:
    shares = split_cost(total_ore, TWO_THIRDS)

    assert shares.total_ore == total_ore
    assert type(shares.base_ore) is type(shares.secretariat_ore) is int
    assert 0 <= 2 * total_ore - 3 * shares.base_ore < 3


@rule("R173")
def test_the_shares_follow_the_rule_set() -> None:
    training = NS3.training.model_copy(update={"cost_split_base": (1, 2)})
    policy = NS3.model_copy(update={"training": training})
    half = {"total_ore": 900_000, "base_ore": 450_000, "secretariat_ore": 450_000}

    two().under(policy).when(LESS).then(
        allocated(ANNA).model_copy(update=half), allocated(BO).model_copy(update=half)
    )


@rule("R173")
@pytest.mark.parametrize("share", ["base_ore", "secretariat_ore", "total_ore"])
def test_no_command_takes_a_share(share: str) -> None:
    assert share not in AllocateTrainingCost.model_fields
    assert share not in CorrectTrainingCost.model_fields


def test_each_participant_is_charged_to_the_department_of_that_time() -> None:
    world = two().knowing(BO, Person(person_id=BO, org_unit_id=OTHER_DEPARTMENT))

    world.when(ALLOCATE).then(allocated(ANNA), allocated(BO, OTHER_DEPARTMENT)).then_warned()


def test_allocating_again_charges_only_who_is_new() -> None:
    facts = (allocated(ANNA), allocated(BO))
    new = placed(PEOPLE[2], promoted=True)

    two(*facts).when(ALLOCATE).then_nothing()
    two(*facts, new).knowing(PEOPLE[2], Person(person_id=PEOPLE[2], org_unit_id=DEPARTMENT)).when(
        ALLOCATE
    ).then(allocated(PEOPLE[2]))


def test_another_amount_for_who_was_charged_is_refused() -> None:
    two(allocated(ANNA)).when(LESS).then_refused("training_cost_already_allocated", "R173")


def test_allocating_again_after_a_correction_is_still_the_same() -> None:
    facts = (allocated(ANNA), corrected(900_000, 600_000), allocated(BO))

    two(*facts).when(ALLOCATE).then_nothing()
    two(*facts).when(LESS).then_refused("training_cost_already_allocated", "R173")


def test_who_gave_up_the_place_is_not_charged() -> None:
    two(BO_LEFT).when(ALLOCATE).then(allocated(ANNA))


def test_where_the_directory_is_silent_the_department_of_the_enrolment_pays() -> None:
    no_unit = Person(person_id=BO)

    given(*confirmed(2)).knowing(BO, no_unit).when(ALLOCATE).then(
        allocated(ANNA), allocated(BO)
    ).then_warned("department_from_enrolment")


def test_nothing_is_charged_while_a_department_is_unknown() -> None:
    facts = [*enrolled(2, None), confirmed(2)[-1]]

    outcome = given(*facts).knowing(BO, Person(person_id=BO, org_unit_id=DEPARTMENT)).when(ALLOCATE)

    outcome.then_refused("department_unknown", "R173")
    assert outcome.refusal is not None
    assert outcome.refusal.facts == {"person_ids": (ANNA,)}


@pytest.mark.parametrize("facts", [[PLANNED], enrolled(2)])
def test_nothing_is_charged_before_the_cohort_is_confirmed(facts: list[CohortEvent]) -> None:
    given(*facts).when(ALLOCATE).then_refused("cohort_not_confirmed", "R173")


def test_a_completed_cohort_is_still_charged_and_a_cancelled_one_not() -> None:
    facts = running(1)

    given(*facts, COMPLETED).when(ALLOCATE).then(allocated(ANNA))
    given(*facts, CANCELLED).when(ALLOCATE).then_refused("cohort_cancelled", "R172")


@pytest.mark.parametrize("ore", [-1, 10**10, 0.5, "ti"])
def test_an_amount_is_whole_ore_within_reason(ore: Any) -> None:
    with pytest.raises(ValidationError):
        AllocateTrainingCost(cost_per_participant_ore=ore)


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (correct(cost_ore=900_000), corrected(900_000, 600_000)),
        (correct(cost_ore=0), corrected(0, 0)),
        (
            correct(department_id=OTHER_DEPARTMENT),
            corrected(1_000_001, 666_667, OTHER_DEPARTMENT),
        ),
    ],
)
def test_a_cost_is_corrected_by_a_further_fact(
    command: CorrectTrainingCost, fact: TrainingCostCorrected
) -> None:
    two(allocated(ANNA)).when(command).then(fact)
    two(allocated(ANNA), fact).when(command).then_nothing()


def test_a_correction_that_changes_nothing_is_none() -> None:
    two(allocated(ANNA)).when(correct(cost_ore=1_000_001)).then_nothing()
    two(allocated(ANNA)).when(correct(department_id=DEPARTMENT)).then_nothing()


def test_a_cost_that_was_never_allocated_is_not_corrected() -> None:
    two(allocated(BO)).when(correct(cost_ore=0)).then_refused("training_cost_not_allocated", "R173")


@pytest.mark.parametrize("end", [COMPLETED, CANCELLED])
def test_a_cost_is_corrected_after_the_cohort_has_ended_too(end: CohortEvent) -> None:
    two(allocated(ANNA), end).when(correct(cost_ore=0)).then(corrected(0, 0))


@pytest.mark.parametrize("fields", [{}, {"cost_ore": -1}, {"cost_ore": 5, "base_ore": 3}])
def test_a_correction_says_what_is_corrected_and_why(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        correct(**fields)
    with pytest.raises(ValidationError):
        CorrectTrainingCost.model_validate({"person_id": ANNA, "cost_ore": 5})


@pytest.mark.parametrize("command", [ALLOCATE, correct(cost_ore=0)])
@pytest.mark.parametrize("by", MUST_NOT, ids=str)
def test_costs_are_the_secretariats(command: Any, by: Actor) -> None:
    two(allocated(ANNA)).when(command, by=by).then_refused("not_allowed")


def test_why_a_cost_is_corrected_is_a_note_and_not_in_the_fact() -> None:
    outcome = two(allocated(ANNA)).when(correct(cost_ore=0))

    assert outcome.decision is not None
    (note,) = outcome.decision.notes
    assert (note.text, note.about) == ("Regningen blev en anden", ANNA)
    assert "reason" not in TrainingCostCorrected.model_fields


@rule("R2")
def test_the_department_pays_its_share_for_who_sits_in_a_team_of_it() -> None:
    world = two().knowing(BO, Person(person_id=BO, org_unit_id=TEAM))

    world.knowing("all", CHART).when(ALLOCATE).then(allocated(ANNA), allocated(BO))
    world.when(ALLOCATE).then(allocated(ANNA), allocated(BO, TEAM))


def test_a_correction_names_a_department_or_a_unit_in_it() -> None:
    to_team = correct(department_id=TEAM)
    elsewhere = allocated(ANNA, OTHER_DEPARTMENT)
    told = corrected(1_000_001, 666_667).model_copy(update={"moved_from": OTHER_DEPARTMENT})

    two(elsewhere).knowing("all", CHART).when(to_team).then(told).then_warned()
    two(elsewhere, told).knowing("all", CHART).when(to_team).then_nothing()


UNHEARD_OF = UUID(int=98)


def test_a_department_that_the_organisation_has_not_is_remarked_on() -> None:
    to_nowhere = correct(department_id=UNHEARD_OF)
    named = paid_by(BO, UNHEARD_OF)

    world = two(allocated(ANNA)).knowing("all", CHART)
    world.when(to_nowhere).then_warned("department_not_listed")
    world.when(named).then(allocated(BO, UNHEARD_OF)).then_warned("department_not_listed")
    two(allocated(ANNA)).when(to_nowhere).then_warned()


def paid_by(person_id: PersonId, department_id: OrgUnitId) -> AllocateTrainingCost:
    payer = {"person_id": person_id, "department_id": department_id}
    return AllocateTrainingCost.model_validate({**ALLOCATE.model_dump(), "departments": [payer]})


def test_the_department_named_at_enrolment_pays_and_not_the_directorys() -> None:
    again: list[CohortEvent] = [
        EnrolmentWithdrawn(on=TODAY, person_id=BO, was=EnrolmentPlace.ENROLLED),
        requested(BO, OTHER_DEPARTMENT, named=True),
        placed(BO),
    ]

    two(*again).when(ALLOCATE).then(allocated(ANNA), allocated(BO, OTHER_DEPARTMENT)).then_warned()


@pytest.mark.parametrize("life", [[], [COMPLETED]])
def test_a_department_that_nobody_knows_is_named_when_the_cost_is_allocated(
    life: list[CohortEvent],
) -> None:
    begun = running(2)
    facts = [*enrolled(2, None), *begun[-2:], *life]
    world = given(*facts).knowing(BO, Person(person_id=BO, org_unit_id=DEPARTMENT))

    world.when(ALLOCATE).then_refused("department_unknown", "R173")
    world.when(paid_by(ANNA, OTHER_DEPARTMENT)).then(
        allocated(ANNA, OTHER_DEPARTMENT), allocated(BO)
    )


def test_the_department_that_is_named_last_pays_and_only_once() -> None:
    command = paid_by(ANNA, OTHER_DEPARTMENT)
    facts = (allocated(ANNA, OTHER_DEPARTMENT), allocated(BO))

    two().when(command).then(*facts)
    two(*facts).when(command).then_nothing()
    two(*facts).when(paid_by(ANNA, DEPARTMENT)).then_refused(
        "training_cost_already_allocated", "R173"
    )


def test_a_department_is_named_once_and_only_for_participants() -> None:
    two().when(paid_by(PEOPLE[5], DEPARTMENT)).then_refused("not_enrolled", "R172")
    twice = [*paid_by(ANNA, DEPARTMENT).departments, *paid_by(ANNA, OTHER_DEPARTMENT).departments]
    with pytest.raises(ValidationError):
        AllocateTrainingCost(cost_per_participant_ore=1, departments=tuple(twice))


@pytest.mark.parametrize("command", [WithdrawEnrolment(person_id=ANNA), CancelCohort(reason="Få")])
def test_who_leaves_with_a_cost_leaves_it_to_be_corrected(command: Any) -> None:
    facts = confirmed(14)
    to_nothing = corrected(0, 0)

    given(*facts).when(command).then_warned()
    given(*facts, allocated(ANNA)).when(command).then_warned("cost_to_correct")
    given(*facts, allocated(ANNA), to_nothing).when(command).then_warned()
    given(*facts, allocated(BO), to_nothing).when(WithdrawEnrolment(person_id=ANNA)).then_warned()


def test_who_moves_up_after_the_cost_was_allocated_is_charged_when_it_is_asked_again() -> None:
    charged = [allocated(each) for each in PEOPLE[:15]]
    moved = [
        EnrolmentWithdrawn(on=TODAY, person_id=ANNA, was=EnrolmentPlace.ENROLLED),
        placed(PEOPLE[15], promoted=True),
    ]
    facts = [*confirmed(15, waiting=1), *charged, *moved]

    new = Person(person_id=PEOPLE[15], org_unit_id=DEPARTMENT)
    given(*facts).knowing(PEOPLE[15], new).when(ALLOCATE).then(allocated(PEOPLE[15]))
