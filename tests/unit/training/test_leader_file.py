"""The ten competences are assessed all at once, and an assignment is declined by oneself alone."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.training.domain.known import HeldRole, NetworkRoles
from services.training.domain.leader_file import AssessCompetences, DeclineAssignment
from shared.contracts.training import (
    AssignmentDeclined,
    CompetenceAssessed,
    CompetenceSelfAssessed,
)
from shared.contracts.vocabulary import AssessmentMoment, Competence, DeclineReason, DrivingRole
from shared.kernel.permissions import Actor
from shared.policy import Policy
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person, rule
from shared.testing.kit import NS3

ANNA, HERSELF = person("anna"), employee("anna")
ADA, LEADER = person("ada"), employee("ada")
GUEST = Actor(person_id=ANNA, roles=frozenset({"participant"}))
GARDENS, SHARING, FIRST, SECOND, THIRD = (UUID(int=number) for number in range(1, 6))
IN_ORDER = (
    "brings_others_in",
    "engages_and_motivates",
    "creates_safe_space",
    "curious_dialogue",
    "courage_to_experiment",
    "strategic_awareness",
    "pursues_effect",
    "communicates",
    "explorative",
    "self_developing",
)
LEVELS = dict.fromkeys(Competence, 3)
BETTER = dict.fromkeys(Competence, 4)
BEST = dict.fromkeys(Competence, 5)

OWN = AssessCompetences(
    person_id=ANNA, assessment_id=FIRST, levels=LEVELS, identifies_with_good_leader=True
)
OWN_TOLD = CompetenceSelfAssessed(
    on=TODAY,
    person_id=ANNA,
    assessment_id=FIRST,
    levels=LEVELS,
    identifies_with_good_leader=True,
)
THEIRS = AssessCompetences(person_id=ANNA, assessment_id=SECOND, levels=BETTER)
THEIRS_TOLD = CompetenceAssessed(
    on=TODAY,
    person_id=ANNA,
    assessment_id=SECOND,
    levels=BETTER,
    assessor_id=person("secretary"),
)
CO_DRIVES = HeldRole(
    network_id=GARDENS, role=DrivingRole.CO_DRIVER, since=date(2013, 8, 1), leader_id=ADA
)
FOR_ADA = NetworkRoles(person_id=ANNA, held=(CO_DRIVES,))
NO_LEADERS = [
    CHIEF,
    employee("manager", "line_manager"),
    employee("other leader"),
    employee("director", "municipal_director"),
]
MACHINES = [
    Actor(name="reports", roles=frozenset({"reporter"})),
    Actor(name="other system", roles=frozenset({"integrator"})),
]

DECLINE = DeclineAssignment(
    person_id=ANNA,
    network_id=GARDENS,
    role=DrivingRole.LEADER,
    reason=DeclineReason.TIMING,
)
DECLINED = AssignmentDeclined(
    on=TODAY,
    person_id=ANNA,
    network_id=GARDENS,
    role=DrivingRole.LEADER,
    reason=DeclineReason.TIMING,
)


def but(command: Any, **changes: object) -> Any:
    return command.model_copy(update=changes)


def naming(*competences: str) -> Policy:
    leaders = NS3.leaders.model_copy(update={"competences": competences})
    return NS3.model_copy(update={"leaders": leaders})


# --- whose assessment it is ---


def test_a_person_assesses_their_own_competences_once() -> None:
    given().of(ANNA).when(OWN, by=HERSELF).then(OWN_TOLD).then_warned()
    given(OWN_TOLD).of(ANNA).when(OWN, by=HERSELF).then_nothing()


def test_somebody_from_outside_who_takes_part_assesses_themself() -> None:
    given().of(ANNA).when(OWN, by=GUEST).then(OWN_TOLD)
    stranger = Actor(person_id=ADA, roles=frozenset({"participant"}))
    given().of(ANNA).when(OWN, by=stranger).then_refused("not_allowed")


def test_the_secretariat_assesses_anybody_and_themself_as_anybody_does() -> None:
    given().of(ANNA).when(THEIRS, by=SECRETARIAT).then(THEIRS_TOLD)
    given(THEIRS_TOLD).of(ANNA).when(THEIRS, by=SECRETARIAT).then_nothing()
    herself = employee("anna", "secretariat")
    given().of(ANNA).when(OWN, by=herself).then(OWN_TOLD)


def test_a_leader_assesses_the_own_co_driver() -> None:
    world = given().of(ANNA).knowing(ANNA, FOR_ADA)
    by_ada = THEIRS_TOLD.model_copy(update={"assessor_id": ADA})
    world.when(THEIRS, by=LEADER).then(by_ada)


@pytest.mark.parametrize("actor", [*NO_LEADERS, *MACHINES], ids=str)
def test_line_managers_and_other_leaders_assess_nobody(actor: Actor) -> None:
    world = given().of(ANNA).knowing(ANNA, FOR_ADA)
    world.when(THEIRS, by=actor).then_refused("not_allowed")
    given().of(ANNA).when(THEIRS, by=actor).then_refused("not_allowed")


@pytest.mark.parametrize(
    "held",
    [
        {"until": TODAY},
        {"role": DrivingRole.LEADER, "leader_id": ANNA},
        {"leader_id": person("bo")},
    ],
)
def test_a_leader_assesses_no_one_who_is_not_their_co_driver_now(held: dict[str, Any]) -> None:
    roles = NetworkRoles(person_id=ANNA, held=(CO_DRIVES.model_copy(update=held),))
    given().of(ANNA).knowing(ANNA, roles).when(THEIRS, by=LEADER).then_refused("not_allowed")


def test_a_leader_who_was_not_told_of_yet_assesses_nobody() -> None:
    given().of(ANNA).when(THEIRS, by=LEADER).then_refused("not_allowed")


@pytest.mark.parametrize("actor", [SECRETARIAT, LEADER], ids=str)
def test_nobody_says_for_another_that_they_see_themself_in_the_good_leader(actor: Actor) -> None:
    saying = but(THEIRS, identifies_with_good_leader=True)
    world = given().of(ANNA).knowing(ANNA, FOR_ADA)
    world.when(saying, by=actor).then_refused("not_allowed")


# --- what is assessed ---


@rule("R123")
def test_the_ten_competences_are_those_of_the_source_in_its_order() -> None:
    assert tuple(Competence) == IN_ORDER
    assert NS3.leaders.competences == IN_ORDER
    upside_down = but(OWN, levels=dict(reversed(LEVELS.items())))
    decision = given().of(ANNA).when(upside_down, by=HERSELF).decision
    assert decision is not None
    (told,) = decision.events
    assert isinstance(told, CompetenceSelfAssessed)
    assert tuple(told.levels) == IN_ORDER


@pytest.mark.parametrize(
    "competence",
    [
        pytest.param(competence, marks=pytest.mark.rule(f"R{number}"), id=competence)
        for number, competence in enumerate(Competence, start=114)
    ],
)
def test_an_assessment_has_this_competence_for_as_long_as_the_policy_names_it(
    competence: Competence,
) -> None:
    nine = {each: level for each, level in LEVELS.items() if each is not competence}
    without = naming(*(each for each in IN_ORDER if each != competence))
    world = given().of(ANNA)

    world.when(but(OWN, levels=nine), by=HERSELF).then_refused("competences_not_all", "R123")
    world.under(without).when(OWN, by=HERSELF).then_refused("competences_not_all", "R123")
    world.under(without).when(but(OWN, levels=nine), by=HERSELF).then(
        OWN_TOLD.model_copy(update={"levels": nine})
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": {**LEVELS, "patience": 3}},
        {"levels": {**LEVELS, Competence.COMMUNICATES: 0}},
        {"levels": {**LEVELS, Competence.COMMUNICATES: 6}},
        {"levels": {**LEVELS, Competence.COMMUNICATES: 2.5}},
        {"moment": "before"},
        {"network_id": str(GARDENS), "moment": "during"},
    ],
)
def test_an_eleventh_competence_and_other_levels_are_refused(wrong: dict[str, Any]) -> None:
    told = {"person_id": ANNA, "assessment_id": FIRST, "levels": LEVELS}
    with pytest.raises(ValidationError):
        AssessCompetences.model_validate({**told, **wrong})


def test_an_assessment_is_not_changed_afterwards() -> None:
    for changed in (
        {"levels": BETTER},
        {"network_id": GARDENS},
        {"identifies_with_good_leader": None},
    ):
        given(OWN_TOLD).of(ANNA).when(but(OWN, **changed), by=HERSELF).then_refused(
            "assessment_id_in_use", "R113"
        )
    same_id = but(THEIRS, assessment_id=FIRST)
    given(OWN_TOLD).of(ANNA).when(same_id).then_refused("assessment_id_in_use", "R113")


def test_who_does_not_see_themself_in_the_good_leader_is_remarked_on() -> None:
    told = OWN_TOLD.model_copy(update={"identifies_with_good_leader": False})
    doubting = but(OWN, identifies_with_good_leader=False)
    given().of(ANNA).when(doubting, by=HERSELF).then(told).then_warned("does_not_identify")
    silent = but(OWN, identifies_with_good_leader=None)
    given().of(ANNA).when(silent, by=HERSELF).then_warned()


# --- before and after a network ---


def before(assessment_id: UUID, levels: dict[Competence, int]) -> AssessCompetences:
    return AssessCompetences(
        person_id=ANNA,
        assessment_id=assessment_id,
        levels=levels,
        network_id=GARDENS,
        moment=AssessmentMoment.BEFORE,
    )


def after(assessment_id: UUID, levels: dict[Competence, int]) -> AssessCompetences:
    return but(before(assessment_id, levels), moment=AssessmentMoment.AFTER)  # type: ignore[no-any-return]


def told(command: AssessCompetences, **more: Any) -> CompetenceSelfAssessed:
    said = command.model_dump(include={"person_id", "assessment_id", "network_id", "moment"})
    return CompetenceSelfAssessed(on=TODAY, levels=command.levels, **said, **more)


def test_what_is_said_after_a_network_brings_what_was_said_before_it() -> None:
    first = told(before(FIRST, LEVELS))
    given().of(ANNA).when(before(FIRST, LEVELS), by=HERSELF).then(first)
    given(first).of(ANNA).when(after(SECOND, BETTER), by=HERSELF).then(
        told(after(SECOND, BETTER), counterpart=LEVELS)
    )


def test_what_is_said_again_of_the_same_moment_brings_what_it_corrects() -> None:
    first = told(before(FIRST, LEVELS))
    second = told(after(SECOND, BETTER), counterpart=LEVELS)
    given(first, second).of(ANNA).when(after(THIRD, BEST), by=HERSELF).then(
        told(after(THIRD, BEST), corrects=BETTER, counterpart=LEVELS)
    )
    given(first, second).of(ANNA).when(before(THIRD, BETTER), by=HERSELF).then(
        told(before(THIRD, BETTER), corrects=LEVELS, counterpart=BETTER)
    )


def test_another_network_and_anothers_view_of_the_person_do_not_count_together() -> None:
    elsewhere = told(but(before(FIRST, LEVELS), network_id=SHARING))
    by_another = CompetenceAssessed(
        on=TODAY,
        person_id=ANNA,
        assessment_id=THIRD,
        levels=LEVELS,
        network_id=GARDENS,
        moment=AssessmentMoment.BEFORE,
        assessor_id=ADA,
    )
    given(elsewhere, by_another).of(ANNA).when(after(SECOND, BETTER), by=HERSELF).then(
        told(after(SECOND, BETTER))
    )


@pytest.mark.parametrize("moment", AssessmentMoment)
def test_who_is_not_known_in_the_network_is_counted_with_a_remark(moment: AssessmentMoment) -> None:
    command = but(before(FIRST, LEVELS), moment=moment)
    given().of(ANNA).when(command, by=HERSELF).then_warned("not_known_in_network")
    elsewhere = NetworkRoles(person_id=ANNA, held=(but(CO_DRIVES, network_id=SHARING),))
    world = given().of(ANNA).knowing(ANNA, elsewhere)
    world.when(command, by=HERSELF).then(told(command)).then_warned("not_known_in_network")


@rule("R220")
def test_who_is_or_was_in_the_network_is_not_remarked_on() -> None:
    for roles in (FOR_ADA, but(FOR_ADA, held=(but(CO_DRIVES, until=TODAY),))):
        world = given().of(ANNA).knowing(ANNA, roles)
        world.when(before(FIRST, LEVELS), by=HERSELF).then_warned()
    nothing_counted = but(before(FIRST, LEVELS), moment=None)
    given().of(ANNA).when(nothing_counted, by=HERSELF).then_warned()
    given().of(ANNA).when(but(THEIRS, network_id=GARDENS)).then_warned()


# --- declining ---


def test_a_leader_declines_a_network_once_and_says_why() -> None:
    given().of(ANNA).when(DECLINE, by=HERSELF).then(DECLINED)
    given(DECLINED).of(ANNA).when(DECLINE, by=HERSELF).then_nothing()
    saying = but(DECLINE, text="Budgettet skal være færdigt først")
    given().of(ANNA).when(saying, by=HERSELF).then(
        DECLINED.model_copy(update={"text_note": new_id(1)})
    )


def test_what_is_said_after_declining_is_not_dropped_in_silence() -> None:
    saying = but(DECLINE, text="Budgettet skal være færdigt først")
    for first in (DECLINED, DECLINED.model_copy(update={"text_note": new_id(1)})):
        given(first).of(ANNA).when(saying, by=HERSELF).then_refused(
            "assignment_already_declined", "R125"
        )
        given(first).of(ANNA).when(DECLINE, by=HERSELF).then_nothing()


def test_an_assignment_is_declined_for_one_reason_in_each_role() -> None:
    other = but(DECLINE, reason=DeclineReason.THEME)
    given(DECLINED).of(ANNA).when(other, by=HERSELF).then_refused(
        "assignment_already_declined", "R125"
    )
    as_co_driver = but(other, role=DrivingRole.CO_DRIVER)
    given(DECLINED).of(ANNA).when(as_co_driver, by=HERSELF).then(
        DECLINED.model_copy(update={"reason": DeclineReason.THEME, "role": DrivingRole.CO_DRIVER})
    )


@pytest.mark.parametrize("reason", ["", "no time", "health"])
def test_the_reasons_to_decline_are_a_closed_list(reason: str) -> None:
    assert [each.value for each in DeclineReason] == ["timing_vs_base_tasks", "motivation", "theme"]
    with pytest.raises(ValidationError, match="reason"):
        DeclineAssignment.model_validate({**DECLINE.model_dump(), "reason": reason})


@pytest.mark.parametrize("actor", [SECRETARIAT, LEADER, *NO_LEADERS, *MACHINES], ids=str)
def test_nobody_declines_for_another(actor: Actor) -> None:
    given().of(ANNA).when(DECLINE, by=actor).then_refused("not_allowed")
    for_her = but(DECLINE, on_behalf_of=ANNA)
    given().of(ANNA).when(for_her, by=actor).then_refused("not_allowed")
