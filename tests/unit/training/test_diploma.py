"""The diploma comes from an exam that was passed, and qualifies with a driven network."""

from datetime import date
from uuid import UUID

import pytest

from services.training.api import COMMANDS
from services.training.domain.leader_path.qualification import (
    AwardDiploma,
    RecordPriorQualification,
)
from services.training.domain.leader_path.state import LEADER_PATH
from services.training.reactions import REACTIONS
from shared.contracts.training import (
    DiplomaAwarded,
    ExamPartRecorded,
    LeaderEvent,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
    QualifyingRun,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    ExamPart,
    ExamResult,
    PriorExperience,
)
from shared.kernel.permissions import SYSTEM, Actor, system
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    given,
    new_id,
    person,
    reacting,
    recorded,
    rule,
)
from tests.unit.training.crews import closed
from tests.unit.training.paths import (
    ANNA,
    CLOSED,
    CO_DROVE,
    GARDENS,
    RUN,
    STARTED,
    qualified_by_run,
)

HERSELF = employee("anna")
COHORT, NEXT_COHORT = UUID(int=2), UUID(int=3)
MARCH, JUNE = date(2013, 3, 4), date(2013, 6, 3)
EXAM = f"exam-{COHORT}-{ANNA}"
REACTION = system("ExamPartRecorded.award_diploma")
AWARD = AwardDiploma(on=JUNE, person_id=ANNA, cohort_id=COHORT, awarded_on=JUNE)
AWARDED = DiplomaAwarded(on=JUNE, person_id=ANNA, cohort_id=COHORT, awarded_on=JUNE)
QUALIFIED = qualified_by_run(JUNE)
PART = ExamPartRecorded(
    on=TODAY,
    cohort_id=COHORT,
    person_id=ANNA,
    part=ExamPart.ORAL,
    attempt=1,
    result=ExamResult.PASSED,
    held_on=JUNE,
    all_passed=True,
)


def test_the_diploma_is_dated_when_the_last_part_was_held_in_whichever_order_they_came() -> None:
    late = PART.model_copy(update={"held_on": MARCH, "passed_on": JUNE})
    for part in (late, PART.model_copy(update={"passed_on": JUNE}), PART):
        (send,) = reacting(REACTIONS, recorded(part, EXAM))
        assert send.command == AWARD


def test_the_diploma_is_awarded_once_for_each_cohort() -> None:
    given().of(ANNA).when(AWARD, by=REACTION).then(AWARDED)
    given(AWARDED).of(ANNA).when(AWARD, by=REACTION).then_nothing()
    another = AWARD.model_copy(update={"cohort_id": NEXT_COHORT})
    given(AWARDED).of(ANNA).when(another, by=REACTION).then(
        AWARDED.model_copy(update={"cohort_id": NEXT_COHORT})
    )


def test_diploma_and_run_qualify_in_either_order_on_the_later_date() -> None:
    given(CO_DROVE).of(ANNA).when(AWARD, by=REACTION).then(AWARDED, QUALIFIED)
    given(AWARDED).of(ANNA).when(RUN, by=system("record_runs")).then(CO_DROVE, QUALIFIED)


def test_a_diploma_with_a_run_from_before_the_system_qualifies_too() -> None:
    before = PriorQualificationRecorded(
        on=date(2012, 1, 2),
        person_id=ANNA,
        what=PriorExperience.LEADER,
        evidence_note=new_id(1),
    )
    outcome = given(before).of(ANNA).when(AWARD, by=REACTION)
    assert outcome.decision is not None
    awarded, qualified = outcome.decision.events
    assert awarded == AWARDED
    assert isinstance(qualified, LeaderQualified)


def test_a_second_diploma_qualifies_nobody_again() -> None:
    before = given(CO_DROVE, AWARDED, QUALIFIED).of(ANNA)
    another = AWARD.model_copy(update={"cohort_id": NEXT_COHORT})
    before.when(another, by=REACTION).then(AWARDED.model_copy(update={"cohort_id": NEXT_COHORT}))


@pytest.mark.parametrize(
    "actor",
    [SECRETARIAT, HERSELF, CHIEF, employee("manager", "line_manager"), employee("leader")],
    ids=str,
)
def test_no_person_can_award_a_diploma(actor: Actor) -> None:
    given().of(ANNA).when(AWARD, by=actor).then_refused("not_allowed")
    assert AwardDiploma not in {route.command for route in COMMANDS}
    assert AwardDiploma.may == SYSTEM


def test_the_part_that_was_passed_last_awards_the_diploma() -> None:
    (send,) = reacting(REACTIONS, recorded(PART, EXAM, 2))
    assert (send.key, send.command) == (str(ANNA), AWARD)


def test_a_part_alone_awards_nothing() -> None:
    half = PART.model_copy(update={"all_passed": False})
    assert reacting(REACTIONS, recorded(half, EXAM, 1)) == []


@rule("R136")
def test_a_leader_qualifies_by_facts_alone_in_either_order_and_after_replay_from_zero() -> None:
    told = closed(STARTED, CLOSED, co_driver=ANNA)
    facts = (recorded(told, f"network-{GARDENS}", 9), recorded(PART, EXAM, 2))

    for order in (facts, facts[::-1]):
        path: list[LeaderEvent] = []
        for fact in (*order, *order):
            for send in reacting(REACTIONS, fact):
                decision = given(*path).of(ANNA).when(send.command, by=REACTION).decision
                assert decision is not None
                path.extend(decision.events)  # type: ignore[arg-type]
        assert path[-1] == QUALIFIED
        assert len(path) == 3
        assert LEADER_PATH.replay(path).qualified


@rule("R136")
def test_a_released_co_driver_with_a_diploma_does_not_qualify() -> None:
    told = closed(STARTED, CLOSED, leader=person("bo"))
    sends = [
        *reacting(REACTIONS, recorded(told, f"network-{GARDENS}", 9)),
        *reacting(REACTIONS, recorded(PART, EXAM, 2)),
    ]
    hers = [send for send in sends if send.key == str(ANNA)]
    assert [type(send.command) for send in hers] == [AwardDiploma]
    given().of(ANNA).when(hers[0].command, by=REACTION).then(AWARDED)


@rule("R110")
@pytest.mark.parametrize("role", DrivingRole)
def test_who_led_in_the_first_generations_qualifies_by_what_was_before(role: DrivingRole) -> None:
    records = [
        RecordPriorQualification(person_id=ANNA, what=what, on=on, evidence="Set i arkivet")
        for what, on in (
            (PriorExperience.DIPLOMA, date(2012, 6, 1)),
            (PriorExperience(role.value), date(2011, 6, 1)),
        )
    ]
    for order in (records, records[::-1]):
        path: list[LeaderEvent] = []
        for command in order:
            decision = given(*path).of(ANNA).when(command).decision
            assert decision is not None
            path.extend(decision.events)  # type: ignore[arg-type]
        assert path[-1] == LeaderQualified(
            on=date(2012, 6, 1),
            person_id=ANNA,
            diploma_on=date(2012, 6, 1),
            runs=(QualifyingRun(role=role),),
        )
        assert not [each for each in path if isinstance(each, LeadingCompleted)]
