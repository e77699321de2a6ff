"""A cohort is completed when its days are held, and can be cancelled until then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.training.domain.cohort.ending import CancelCohort, CompleteCohort
from services.training.domain.known import PassedExams
from services.training.projections.enrolments import ENROLMENTS
from services.training.projections.passed_exams import PASSED_EXAMS
from shared.contracts.training import (
    CohortCancelled,
    CohortCompleted,
    CohortEvent,
    CohortStarted,
    DiplomaAwarded,
    EnrolmentLapsed,
    EnrolmentWithdrawn,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import EnrolmentPlace, EnrolmentState, Programme
from shared.kernel.permissions import Actor
from shared.testing import NOW, TODAY, folded, given, recorded
from tests.unit.training.cohorts import (
    ALL_DAYS,
    CANCELLED,
    COHORT,
    COMPLETED,
    FIRST,
    HOURS,
    INNOVATORS,
    MUST_NOT,
    PEOPLE,
    PLANNED,
    TITLE,
    confirmed,
    enrolled,
    placed,
    running,
    scheduled,
)

COMPLETE = CompleteCohort(cohort_id=COHORT)
CANCEL = CancelCohort(reason="For få deltagere")
HELD = (*running(), *ALL_DAYS)
LAPSED = [EnrolmentLapsed(on=TODAY, person_id=each) for each in PEOPLE[:12]]
TONIGHT = datetime(2013, 9, 2, 20, tzinfo=UTC)


def passed(number: int) -> PassedExams:
    return PassedExams(cohort_id=COHORT, person_ids=tuple(sorted(PEOPLE[:number])))


def diplomas(number: int) -> list[DiplomaAwarded]:
    return [
        DiplomaAwarded(on=TODAY, person_id=each, cohort_id=COHORT, awarded_on=TODAY)
        for each in PEOPLE[:number]
    ]


def completed(diplomas: int, lapsed: int) -> CohortCompleted:
    return CohortCompleted(
        on=TODAY,
        programme=Programme.DIPLOMA,
        diplomas=diplomas,
        lapsed=lapsed,
        participants=PEOPLE[:12],
    )


def test_who_has_passed_by_the_end_has_a_diploma_and_the_others_lapse() -> None:
    world = given(*HELD).of(COHORT).knowing(COHORT, passed(10))

    world.when(COMPLETE).then(*LAPSED[10:], completed(10, 2))


def test_where_everybody_has_passed_nobody_lapses() -> None:
    world = given(*HELD).of(COHORT).knowing(COHORT, passed(20))

    world.when(COMPLETE).then(completed(12, 0))


def test_where_no_diploma_is_known_everybody_lapses_and_gets_it_when_it_is_told() -> None:
    outcome = given(*HELD).of(COHORT).when(COMPLETE).then(*LAPSED, completed(0, 12))

    assert outcome.decision is not None
    told = [*HELD, *outcome.decision.events]
    facts = [recorded(fact, f"cohort-{COHORT}", at) for at, fact in enumerate(told, start=1)]
    late = [recorded(each, f"leader-{each.person_id}", 2) for each in diplomas(1)]
    states = [row.state for row in folded(ENROLMENTS, [*facts, *late]).values()]
    assert states == [EnrolmentState.DIPLOMA, *[EnrolmentState.NO_DIPLOMA] * 11]


def test_what_the_end_rests_on_is_who_has_the_diploma_and_not_how_often_one_tried() -> None:
    assert PASSED_EXAMS.hears == (DiplomaAwarded,)
    rows = folded(PASSED_EXAMS, [recorded(each, "leader-1", 1) for each in diplomas(10)])
    assert rows == {str(COHORT): passed(10)}


def test_innovators_take_no_exam_and_do_not_lapse() -> None:
    days = [
        TrainingDayScheduled(on=TODAY, day=day, title=title, starts_at=FIRST, ends_at=FIRST + HOURS)
        for day, title in enumerate(INNOVATORS.days, start=1)
    ]
    begun = CohortStarted(
        on=TODAY, programme=Programme.INNOVATOR, first_day=TODAY, participants=PEOPLE[:1]
    )
    over = CohortCompleted(
        on=TODAY, programme=Programme.INNOVATOR, diplomas=0, lapsed=0, participants=PEOPLE[:1]
    )

    given(INNOVATORS, placed(PEOPLE[0]), *days, begun).when(COMPLETE).then(over)


@pytest.mark.parametrize(
    "days",
    [
        [],
        ALL_DAYS[:4],
        ALL_DAYS[1:],
        [*ALL_DAYS[:4], scheduled(5, NOW + timedelta(days=1))],
        [*ALL_DAYS, scheduled(3, NOW + timedelta(days=30), 1)],
    ],
)
def test_a_cohort_is_not_completed_before_every_day_is_held(days: list[CohortEvent]) -> None:
    given(*running(), *days).when(COMPLETE).then_refused("training_days_missing", "R174")


def test_the_last_day_is_held_when_it_is_over() -> None:
    last = scheduled(5, TONIGHT - HOURS)
    world = given(*running(), *ALL_DAYS[:4], last)

    world.when(COMPLETE).then_refused("training_days_missing", "R174")
    world.at(TONIGHT).when(COMPLETE).then(*LAPSED, completed(0, 12))


def test_on_a_business_date_before_the_last_day_it_was_not_held_yet() -> None:
    early = CompleteCohort(cohort_id=COHORT, on=FIRST.date())

    given(*HELD).when(early).then_refused("training_days_missing", "R174")


@pytest.mark.parametrize("facts", [[PLANNED], enrolled(12), confirmed()])
def test_only_a_cohort_that_runs_is_completed(facts: list[CohortEvent]) -> None:
    given(*facts, *ALL_DAYS).when(COMPLETE).then_refused("cohort_not_running", "R172")


def test_a_cohort_is_completed_once_and_not_cancelled_afterwards() -> None:
    given(*HELD, COMPLETED).when(COMPLETE).then_nothing()
    given(*HELD, COMPLETED).when(CANCEL).then_refused("cohort_ended", "R172")


@pytest.mark.parametrize("facts", [enrolled(12), confirmed(), running()])
def test_with_a_cancelled_cohort_every_enrolment_ends(facts: list[CohortEvent]) -> None:
    gone = [
        EnrolmentWithdrawn(on=TODAY, person_id=each, was=EnrolmentPlace.ENROLLED)
        for each in PEOPLE[:12]
    ]

    given(*facts).when(CANCEL).then(*gone, CANCELLED.model_copy(update={"person_ids": PEOPLE[:12]}))


def test_those_who_wait_no_longer_wait() -> None:
    outcome = given(*enrolled(17)).when(CANCEL)

    assert outcome.decision is not None
    *gone, last = outcome.decision.events
    assert isinstance(last, CohortCancelled)
    assert last.person_ids == PEOPLE[:17]
    assert [each.was for each in gone if isinstance(each, EnrolmentWithdrawn)] == [
        *[EnrolmentPlace.ENROLLED] * 15,
        *[EnrolmentPlace.WAITING] * 2,
    ]


def test_a_planned_cohort_is_cancelled_with_nobody_in_it_and_once() -> None:
    told = CohortCancelled(on=TODAY, title=TITLE, reason="For få deltagere", person_ids=())

    given(PLANNED).when(CANCEL).then(told)
    given(PLANNED, told).when(CancelCohort(reason="En anden grund")).then_nothing()


def test_a_cancelled_cohort_is_not_completed() -> None:
    given(*HELD, CANCELLED).when(COMPLETE).then_refused("cohort_cancelled", "R172")


@pytest.mark.parametrize("command", [COMPLETE, CANCEL])
@pytest.mark.parametrize("by", MUST_NOT, ids=str)
def test_ending_a_cohort_is_the_secretariats(command: Any, by: Actor) -> None:
    given(*HELD).when(command, by=by).then_refused("not_allowed")
