"""The cohorts' views: whether one is full, who has what left, and who pays what."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from services.training.domain.cohort.costs import AllocateTrainingCost, CorrectTrainingCost
from services.training.domain.cohort.days import ScheduleTrainingDay
from services.training.domain.cohort.planning import StartCohort
from services.training.projections.attendance_and_exam import (
    ATTENDANCE_AND_EXAM,
    AttendanceAndExam,
)
from services.training.projections.cohort_overview import COHORT_OVERVIEW, CohortOverview
from services.training.projections.enrolments import ENROLMENTS, Enrolments, enrolment_key
from services.training.projections.training_costs import COST_BY_DEPARTMENT, CostByDepartment
from shared.contracts.training import (
    CohortCancelled,
    CohortCompleted,
    CohortEvent,
    CohortStarted,
    DiplomaAwarded,
    EnrolmentLapsed,
    EnrolmentWithdrawn,
    ExamPartRecorded,
    TrainingDayAttended,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import (
    CohortState,
    EnrolmentPlace,
    EnrolmentState,
    ExamPart,
    ExamResult,
    Programme,
)
from shared.kernel.events import Envelope, Event, Recorded, Warned
from shared.people import Person
from shared.testing import TODAY, folded, given, recorded, rule
from tests.unit.training.cohorts import (
    ALL_DAYS,
    COHORT,
    DEPARTMENT,
    FIRST,
    HOURS,
    INNOVATORS,
    OTHER_DEPARTMENT,
    PEOPLE,
    PLANNED,
    confirmed,
    enrolled,
    placed,
    requested,
    running,
    scheduled,
)
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

ANNA, BO = PEOPLE[0], PEOPLE[1]
SIXTEENTH, SEVENTEENTH = PEOPLE[15], PEOPLE[16]
LATER, WEEK = TODAY + timedelta(days=300), timedelta(days=7)
NO_ROLE = Envelope(warnings=(Warned("R182", "no_network_role_at_exam"),))


def told(*events: Event, by: str = f"cohort-{COHORT}") -> Stream:
    return stream(by, *events)


def overview(*events: CohortEvent) -> CohortOverview:
    return folded(COHORT_OVERVIEW, told(*events))[str(COHORT)]


def enrolment(of: UUID, *events: CohortEvent) -> Enrolments:
    return folded(ENROLMENTS, told(*events))[enrolment_key(COHORT, of)]


def withdrew(who: UUID, was: EnrolmentPlace = EnrolmentPlace.ENROLLED) -> EnrolmentWithdrawn:
    return EnrolmentWithdrawn(on=TODAY, person_id=who, was=was)


def there(who: UUID, day: int, *, present: bool = True) -> TrainingDayAttended:
    return TrainingDayAttended(on=TODAY, day=day, person_id=who, present=present)


def exam(
    part: ExamPart, result: ExamResult, attempt: int = 1, *, all_passed: bool = False
) -> ExamPartRecorded:
    return ExamPartRecorded(
        on=TODAY,
        cohort_id=COHORT,
        person_id=ANNA,
        part=part,
        attempt=attempt,
        result=result,
        held_on=TODAY,
        all_passed=all_passed,
    )


def examined(*parts: ExamPartRecorded) -> list[Recorded[Any]]:
    return told(*parts, by=f"exam-{COHORT}-{ANNA}")


FAILED_ORAL = exam(ExamPart.ORAL, ExamResult.FAILED)
PASSED_WRITTEN = exam(ExamPart.WRITTEN, ExamResult.PASSED)
PASSED_ORAL = exam(ExamPart.ORAL, ExamResult.PASSED, 2, all_passed=True)
LAPSED = EnrolmentLapsed(on=TODAY, person_id=ANNA)
DIPLOMA = DiplomaAwarded(on=LATER, person_id=ANNA, cohort_id=COHORT, awarded_on=LATER)
COMPLETED = CohortCompleted(on=TODAY, programme=Programme.DIPLOMA, diplomas=11, lapsed=1)
HER_PATH = told(DIPLOMA, by=f"leader-{ANNA}")


def test_a_planned_cohort_shows_its_bounds() -> None:
    row = overview(PLANNED)
    assert (row.state, row.size_min, row.size_max, row.places_left) == (
        CohortState.PLANNED,
        12,
        15,
        15,
    )
    assert (row.enrolled, row.waiting, row.days, row.days_scheduled) == (0, 0, 5, 0)


def test_innovators_have_no_upper_bound() -> None:
    assert overview(INNOVATORS).places_left is None


@rule("R170", "R172")
def test_a_cohort_shows_whether_it_is_full_and_who_waits() -> None:
    row = overview(*enrolled(17))
    assert (row.state, row.enrolled, row.places_left, row.waiting) == (CohortState.OPEN, 15, 0, 2)
    assert row.waiting_ids == (SIXTEENTH, SEVENTEENTH)

    promoted = (withdrew(ANNA), placed(SIXTEENTH, promoted=True))
    row = overview(*enrolled(17), *promoted)
    assert (row.enrolled, row.waiting) == (15, 1)
    assert row.enrolled_ids == (*PEOPLE[1:15], SIXTEENTH)
    assert row.waiting_ids == (SEVENTEENTH,)

    gone = withdrew(SEVENTEENTH, EnrolmentPlace.WAITING)
    assert overview(*enrolled(17), *promoted, gone).waiting == 0


def test_the_first_day_is_as_planned_until_it_has_a_date_and_moves_with_it() -> None:
    planned = PLANNED.model_copy(update={"first_day": LATER})
    assert overview(planned).first_day == LATER
    assert overview(planned, scheduled(1)).first_day == FIRST.date()
    moved = scheduled(1, FIRST + timedelta(days=3), sequence=1)
    row = overview(planned, scheduled(1), moved)
    assert (row.first_day, row.days_scheduled) == (FIRST.date() + timedelta(days=3), 1)


def test_the_last_day_is_known_when_it_has_a_date() -> None:
    assert overview(PLANNED, *ALL_DAYS[:4]).last_day is None
    row = overview(PLANNED, *ALL_DAYS)
    assert (row.days_scheduled, row.last_day) == (5, FIRST.date() + timedelta(days=5))


def test_a_day_is_the_one_in_denmark() -> None:
    late = FIRST.replace(hour=22, minute=30)
    assert overview(PLANNED, scheduled(1, late)).first_day == FIRST.date() + timedelta(days=1)


@rule("R169")
def test_the_next_cohort_is_due_eighteen_months_after_the_first_day() -> None:
    confirmed_cohort = [*confirmed(12), scheduled(1)]
    start = given(*confirmed_cohort).of(COHORT).when(StartCohort())
    assert start.decision is not None
    (started,) = start.decision.events
    assert isinstance(started, CohortStarted)

    row = overview(*confirmed_cohort, started)

    assert (row.first_day, row.next_due_on) == (date(2013, 8, 20), date(2015, 2, 20))
    assert overview(*confirmed_cohort).next_due_on is None

    moves = ScheduleTrainingDay(day=1, starts_at=FIRST + WEEK, ends_at=FIRST + WEEK + HOURS)
    move = given(*confirmed_cohort, started).of(COHORT).when(moves)
    assert move.decision is not None
    (moved,) = move.decision.events
    assert isinstance(moved, TrainingDayScheduled)
    row = overview(*confirmed_cohort, started, moved, scheduled(2))
    assert (row.first_day, row.next_due_on) == (date(2013, 8, 27), date(2015, 2, 27))

    cancelled = CohortCancelled(on=TODAY, title="Hold 1", reason="Få", person_ids=())
    assert overview(*confirmed_cohort, started, moved, cancelled).next_due_on is None


@rule("R172")
def test_the_cohorts_life_is_shown_with_its_dates() -> None:
    row = overview(*running(12))
    assert (row.state, row.opened_on, row.confirmed_on, row.started_on, row.ended_on) == (
        CohortState.RUNNING,
        TODAY,
        TODAY,
        TODAY,
        None,
    )
    row = overview(*running(12), LAPSED, COMPLETED)
    assert (row.state, row.ended_on, row.diplomas, row.lapsed) == (
        CohortState.COMPLETED,
        TODAY,
        11,
        1,
    )
    assert row.enrolled == 12
    cancelled = CohortCancelled(on=TODAY, title="Hold 1", reason="Få", person_ids=PEOPLE[:1])
    row = overview(*enrolled(1), withdrew(ANNA), cancelled)
    assert (row.state, row.enrolled, row.ended_on) == (CohortState.CANCELLED, 0, TODAY)


def test_an_enrolment_goes_from_waiting_to_the_diploma() -> None:
    waits = enrolled(16)
    promoted = (withdrew(ANNA), placed(SIXTEENTH, promoted=True))
    started = CohortStarted(
        on=TODAY, programme=Programme.DIPLOMA, first_day=TODAY, participants=(SIXTEENTH,)
    )
    lapsed = EnrolmentLapsed(on=TODAY, person_id=SIXTEENTH)
    was_there, was_not = there(SIXTEENTH, 1), there(SIXTEENTH, 1, present=False)
    states = [
        enrolment(SIXTEENTH, *waits).state,
        enrolment(SIXTEENTH, *waits, *promoted).state,
        enrolment(SIXTEENTH, *waits, *promoted, started).state,
        enrolment(SIXTEENTH, *waits, *promoted, started, was_there).state,
        enrolment(SIXTEENTH, *waits, *promoted, started, was_there, was_not).state,
        enrolment(SIXTEENTH, *waits, *promoted, started, was_there, lapsed).state,
        enrolment(ANNA, *waits, *promoted, started).state,
    ]
    assert states == [
        EnrolmentState.WAITING,
        EnrolmentState.ENROLLED,
        EnrolmentState.ENROLLED,
        EnrolmentState.ATTENDING,
        EnrolmentState.ENROLLED,
        EnrolmentState.NO_DIPLOMA,
        EnrolmentState.WITHDRAWN,
    ]
    row = folded(ENROLMENTS, [*told(*running(12), LAPSED), *HER_PATH])[enrolment_key(COHORT, ANNA)]
    assert (row.state, row.lapsed_on, row.diploma_on) == (EnrolmentState.DIPLOMA, TODAY, LATER)


@rule("R170")
def test_who_came_first_waits_with_the_lower_number() -> None:
    facts = enrolled(17)
    first, second = enrolment(SIXTEENTH, *facts), enrolment(SEVENTEENTH, *facts)
    assert first.queue_number is not None
    assert second.queue_number is not None
    assert first.queue_number < second.queue_number
    assert enrolment(ANNA, *facts).queue_number is None
    placed_now = enrolment(SIXTEENTH, *facts, withdrew(ANNA), placed(SIXTEENTH, promoted=True))
    assert (placed_now.queue_number, placed_now.promoted) == (None, True)


def test_who_comes_again_is_enrolled_again() -> None:
    back = (withdrew(ANNA), requested(ANNA, OTHER_DEPARTMENT), placed(ANNA))
    row = enrolment(ANNA, *enrolled(2), *back)
    assert (row.state, row.withdrawn_on, row.department_id) == (
        EnrolmentState.ENROLLED,
        None,
        OTHER_DEPARTMENT,
    )


def results(*facts: Recorded[Any]) -> AttendanceAndExam:
    return folded(ATTENDANCE_AND_EXAM, facts)[enrolment_key(COHORT, ANNA)]


@rule("R174", "R181")
def test_the_results_show_what_each_has_left() -> None:
    days = (there(ANNA, 1), there(ANNA, 2), there(BO, 3), there(ANNA, 4), there(ANNA, 5))
    taken_back = there(ANNA, 2, present=False)
    row = results(
        *told(*enrolled(2), *days, taken_back, LAPSED),
        *examined(PASSED_WRITTEN, FAILED_ORAL),
    )
    assert row == AttendanceAndExam(
        cohort_id=COHORT,
        person_id=ANNA,
        has_place=True,
        day_1=True,
        day_4=True,
        day_5=True,
        days_present=3,
        written=ExamResult.PASSED,
        written_attempts=1,
        written_on=TODAY,
        oral=ExamResult.FAILED,
        oral_attempts=1,
        oral_on=TODAY,
        lapsed_on=TODAY,
    )


@rule("R181")
def test_an_exam_taken_again_leads_to_the_diploma() -> None:
    row = results(
        *told(*enrolled(1), LAPSED),
        *examined(PASSED_WRITTEN, FAILED_ORAL, PASSED_ORAL),
        *HER_PATH,
    )
    assert (row.oral, row.oral_attempts, row.all_passed) == (ExamResult.PASSED, 2, True)
    assert (row.lapsed_on, row.diploma_on) == (TODAY, LATER)


@rule("R182")
def test_the_results_show_who_had_no_role_in_a_network_at_the_exam() -> None:
    practising = examined(PASSED_WRITTEN)
    without = [recorded(FAILED_ORAL, f"exam-{COHORT}-{ANNA}", 2, envelope=NO_ROLE)]
    assert not results(*practising).no_network_role_at_exam
    assert results(*practising, *without).no_network_role_at_exam


def test_further_days_than_five_count_in_the_sum() -> None:
    row = results(*told(placed(ANNA), there(ANNA, 1), there(ANNA, 6)))
    assert (row.day_1, row.days_present) == (True, 2)


def test_who_withdrew_has_no_place_among_the_results() -> None:
    assert not results(*told(*enrolled(1), withdrew(ANNA))).has_place


def allocated(cost_ore: int) -> list[Any]:
    """Eleven of the twelve work in one department, the last in another."""
    facts = confirmed(12)
    cohort = given(*facts).of(COHORT)
    for each in PEOPLE[:12]:
        unit = OTHER_DEPARTMENT if each == PEOPLE[11] else DEPARTMENT
        cohort = cohort.knowing(each, Person(person_id=each, org_unit_id=unit))
    outcome = cohort.when(AllocateTrainingCost(cost_per_participant_ore=cost_ore))
    assert outcome.decision is not None
    return [*facts, *outcome.decision.events]


def corrected(facts: Sequence[Any], **correction: Any) -> list[Any]:
    command = CorrectTrainingCost(reason="Faktura", **correction)
    outcome = given(*facts).of(COHORT).when(command)
    assert outcome.decision is not None
    return [*facts, *outcome.decision.events]


def costs(facts: Sequence[Any]) -> dict[UUID, tuple[int, int, int, int]]:
    return {
        row.department_id: (row.participants, row.base_ore, row.secretariat_ore, row.total_ore)
        for row in folded(COST_BY_DEPARTMENT, told(*facts)).values()
    }


@rule("R173")
def test_the_departments_pay_two_thirds_and_the_secretariat_the_rest_to_the_last_oere() -> None:
    facts = allocated(1_000_000)  # 10.000 kr. for each; a third of it is no whole number of øre
    assert costs(facts) == {
        DEPARTMENT: (11, 7_333_326, 3_666_674, 11_000_000),
        OTHER_DEPARTMENT: (1, 666_666, 333_334, 1_000_000),
    }


@rule("R173")
def test_a_correction_takes_the_place_of_the_figures_and_moves_with_the_department() -> None:
    facts = corrected(allocated(300), person_id=PEOPLE[0], cost_ore=100)
    assert costs(facts) == {
        DEPARTMENT: (11, 2_066, 1_034, 3_100),
        OTHER_DEPARTMENT: (1, 200, 100, 300),
    }
    facts = corrected(facts, person_id=PEOPLE[0], department_id=OTHER_DEPARTMENT)
    assert costs(facts) == {
        DEPARTMENT: (10, 2_000, 1_000, 3_000),
        OTHER_DEPARTMENT: (2, 266, 134, 400),
    }
    facts = corrected(facts, person_id=PEOPLE[11], department_id=DEPARTMENT)
    facts = corrected(facts, person_id=PEOPLE[0], department_id=DEPARTMENT)
    assert costs(facts) == {DEPARTMENT: (12, 2_266, 1_134, 3_400)}


@rule("R173")
def test_who_is_corrected_to_nothing_is_no_participant_that_somebody_pays_for() -> None:
    facts = corrected(allocated(300), person_id=PEOPLE[0], cost_ore=0)
    assert costs(facts)[DEPARTMENT] == (10, 2_000, 1_000, 3_000)
    facts = corrected(facts, person_id=PEOPLE[11], cost_ore=0)
    assert OTHER_DEPARTMENT not in costs(facts)
    facts = corrected(facts, person_id=PEOPLE[0], cost_ore=300)
    assert costs(facts) == {DEPARTMENT: (11, 2_200, 1_100, 3_300)}
    assert costs(allocated(0)) == {}


CORRECTIONS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE[:12]),
        st.none() | st.integers(min_value=0, max_value=10_000_000),
        st.sampled_from((DEPARTMENT, OTHER_DEPARTMENT)),
    ),
    max_size=6,
)


@drawn(cost=st.integers(min_value=0, max_value=10_000_000), corrections=CORRECTIONS)
def test_the_sums_are_those_of_the_participants_whatever_is_corrected(
    cost: int, corrections: Sequence[tuple[UUID, int | None, UUID]]
) -> None:
    facts = allocated(cost)
    totals = dict.fromkeys(PEOPLE[:12], cost)
    for who, cost_ore, department_id in corrections:
        facts = corrected(facts, person_id=who, cost_ore=cost_ore, department_id=department_id)
        totals[who] = totals[who] if cost_ore is None else cost_ore

    rows: list[CostByDepartment] = list(folded(COST_BY_DEPARTMENT, told(*facts)).values())

    assert sum(row.total_ore for row in rows) == sum(totals.values())
    assert sum(row.participants for row in rows) == sum(total > 0 for total in totals.values())
    for row in rows:
        assert row.base_ore + row.secretariat_ore == row.total_ore
        assert len(row.by_person) == row.participants


STREAMS: Sequence[list[Recorded[Any]]] = (
    told(
        *running(12),
        scheduled(1),
        there(ANNA, 1),
        there(BO, 1),
        there(BO, 1, present=False),
        LAPSED,
        COMPLETED,
    ),
    examined(FAILED_ORAL, PASSED_WRITTEN, PASSED_ORAL),
    HER_PATH,
)


@drawn(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_stream_is_heard_first(woven: Stream) -> None:
    assert folded(COHORT_OVERVIEW, woven) == folded(COHORT_OVERVIEW, in_a_row(STREAMS))
    assert folded(ENROLMENTS, woven) == folded(ENROLMENTS, in_a_row(STREAMS))
    assert folded(ATTENDANCE_AND_EXAM, woven) == folded(ATTENDANCE_AND_EXAM, in_a_row(STREAMS))
