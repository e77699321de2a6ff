"""Training's deadlines speak up once at their moment, move with the plan, and else are silent."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from services.notifications.domain.known import KnownCohort, StartedCohorts
from services.notifications.domain.reminder import RULES
from services.notifications.projections.cohorts import KNOWN_COHORTS, STARTED_COHORTS
from services.notifications.reactions.reminding import REMINDING
from services.notifications.reactions.telling import TELLING
from shared.contracts.notifications import (
    ReminderCancelled,
    ReminderDue,
)
from shared.contracts.training import (
    CohortCancelled,
    CohortConfirmed,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentConfirmed,
    EnrolmentWithdrawn,
    ExamPartRecorded,
    RotationDeclined,
    RotationEnded,
    RotationStarted,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import (
    EnrolmentPlace,
    ExamPart,
    ExamResult,
    Programme,
    RotationTask,
)
from shared.kernel.events import Event
from shared.policy import Period, Policy
from shared.policy.periods import start_of
from shared.testing import NOW, TODAY, folded, person, reacting, recorded, rule
from shared.testing.kit import NS3
from tests.unit.notifications.reminder_board import Board

FIRST, SECOND = UUID(int=1), UUID(int=2)
TURN = UUID(int=3)
COHORT, NEXT_COHORT, ROTATION = f"cohort-{FIRST}", f"cohort-{SECOND}", f"rotation-{TURN}"
ANNA, BO = person("anna"), person("bo")
DAY_1, DAY_5 = date(2013, 11, 4), date(2014, 1, 20)
MOMENT = timedelta(seconds=1)

PLANNED = CohortPlanned(
    on=TODAY,
    programme=Programme.DIPLOMA,
    title="Netværksledelse, hold 1",
    size_min=2,
    size_max=3,
    days=("Velfærd på ny", "Værdiskabelse", "Innovation", "Facilitering", "Basis"),
)
OPENED = CohortOpened(
    on=TODAY, title=PLANNED.title, programme=Programme.DIPLOMA, enrol_by=date(2013, 10, 1)
)
CONFIRMED = CohortConfirmed(on=TODAY, title=PLANNED.title, participants=(ANNA,))
STARTED = CohortStarted(
    on=DAY_1, programme=Programme.DIPLOMA, first_day=DAY_1, participants=(ANNA, BO)
)
CANCELLED = CohortCancelled(on=TODAY, title=PLANNED.title, reason="For få", person_ids=(ANNA, BO))
STAY = RotationStarted(
    on=TODAY,
    person_id=ANNA,
    task=RotationTask.METHOD,
    starts_on=TODAY,
    ends_on=date(2013, 12, 20),
)
STAYED = RotationEnded(
    on=date(2013, 12, 2),
    person_id=ANNA,
    task=RotationTask.METHOD,
    started_on=TODAY,
    ended_on=date(2013, 12, 2),
    deliverables=(),
)


def scheduled(day: int, on: date) -> TrainingDayScheduled:
    begins = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
    return TrainingDayScheduled(
        on=TODAY,
        day=day,
        title=PLANNED.days[day - 1],
        starts_at=begins,
        ends_at=begins + timedelta(hours=7),
    )


def enrolled(who: UUID) -> EnrolmentConfirmed:
    return EnrolmentConfirmed(
        on=TODAY,
        person_id=who,
        promoted=False,
        title=PLANNED.title,
        programme=Programme.DIPLOMA,
    )


def left(who: UUID) -> EnrolmentWithdrawn:
    return EnrolmentWithdrawn(on=TODAY, person_id=who, was=EnrolmentPlace.ENROLLED)


def examined(who: UUID, part: ExamPart, result: ExamResult) -> ExamPartRecorded:
    return ExamPartRecorded(
        on=DAY_5,
        cohort_id=FIRST,
        person_id=who,
        part=part,
        attempt=1,
        result=result,
        held_on=DAY_5,
        all_passed=False,
    )


class TrainingBoard(Board):
    """What is awaited of cohorts and rotations."""

    reactions = REMINDING
    known = (KNOWN_COHORTS, STARTED_COHORTS)


def just_before(day: date) -> datetime:
    return start_of(day) - MOMENT


A_DECADE_ON = start_of(date(2023, 1, 1))


# --- T17: the next diploma cohort -------------------------------------------------------------


@rule("R169")
def test_the_next_cohort_is_awaited_three_months_before_it_is_eighteen_since_the_last_began() -> (
    None
):
    board = TrainingBoard().hear(COHORT, PLANNED, STARTED)
    assert board.until(just_before(date(2015, 2, 4))) == []
    assert board.until(start_of(date(2015, 2, 4))) == ["T17 next"]
    assert board.until(A_DECADE_ON) == []


def test_the_cadence_and_the_lead_are_policy() -> None:
    changed = NS3.model_dump()
    changed["training"]["cohort_cadence"] = "P12M"
    changed["reminders"]["next_cohort_lead"] = "P1M"
    board = TrainingBoard(Policy.model_validate(changed)).hear(COHORT, STARTED)
    assert board.until(just_before(date(2014, 10, 4))) == []
    assert board.until(start_of(date(2014, 10, 4))) == ["T17 next"]


@pytest.mark.parametrize("streams", [(COHORT, NEXT_COHORT), (NEXT_COHORT, COHORT)])
def test_a_cohort_that_begins_is_awaited_no_longer_but_the_one_after_it_is(
    streams: tuple[str, str],
) -> None:
    later = STARTED.model_copy(update={"first_day": date(2014, 10, 6)})
    starts = {COHORT: STARTED, NEXT_COHORT: later}
    board = TrainingBoard()
    for stream in streams:
        board.hear(stream, starts[stream])
    assert list(board.awaited) == [f"T17-{NEXT_COHORT}-next"]
    assert board.until(just_before(date(2016, 1, 6))) == []
    assert board.until(start_of(date(2016, 1, 6))) == ["T17 next"]


def test_the_next_cohort_is_awaited_later_when_the_first_day_moves_after_the_start() -> None:
    moved = date(2014, 3, 3)
    board = TrainingBoard().hear(COHORT, PLANNED, scheduled(1, DAY_1), STARTED, scheduled(1, moved))
    assert board.awaited[f"T17-{COHORT}-next"] == date(2015, 6, 3)
    before = dict(board.awaited)
    board.hear(COHORT, scheduled(2, moved))
    board.hear(NEXT_COHORT, PLANNED, scheduled(1, DAY_1))
    assert before.items() <= board.awaited.items()
    assert f"T17-{NEXT_COHORT}-next" not in board.awaited


def test_after_a_cohort_that_is_cancelled_when_it_has_begun_none_is_awaited() -> None:
    assert TrainingBoard().hear(COHORT, PLANNED, STARTED, CANCELLED).awaited == {}


def test_when_the_last_cohort_is_cancelled_the_one_before_counts_again() -> None:
    later = STARTED.model_copy(update={"first_day": date(2014, 10, 6)})
    board = TrainingBoard().hear(COHORT, STARTED).hear(NEXT_COHORT, later)
    assert list(board.awaited) == [f"T17-{NEXT_COHORT}-next"]
    board.hear(NEXT_COHORT, CANCELLED)
    assert board.awaited == {f"T17-{COHORT}-next": date(2015, 2, 4)}


def test_no_cohort_is_awaited_after_one_of_innovators() -> None:
    innovators = STARTED.model_copy(update={"programme": Programme.INNOVATOR})
    assert TrainingBoard().hear(COHORT, innovators).awaited == {}


# --- T18: each training day -------------------------------------------------------------------


def test_each_training_day_is_spoken_of_a_week_and_a_day_before() -> None:
    board = TrainingBoard().hear(COHORT, PLANNED, scheduled(1, DAY_1))
    assert board.until(just_before(date(2013, 10, 28))) == []
    assert board.until(start_of(date(2013, 10, 28))) == ["T18 1"]
    assert board.until(just_before(date(2013, 11, 3))) == []
    assert board.until(start_of(date(2013, 11, 3))) == ["T18 1"]
    assert board.until(A_DECADE_ON) == []


def test_a_training_day_takes_its_reminders_with_it_when_it_moves() -> None:
    moved = DAY_1 + timedelta(days=14)
    board = TrainingBoard().hear(COHORT, PLANNED, scheduled(1, DAY_1))
    assert board.until(start_of(DAY_1 - timedelta(days=7))) == ["T18 1"]
    board.hear(COHORT, scheduled(1, moved))
    assert board.until(just_before(moved - timedelta(days=7))) == []
    assert board.until(start_of(moved)) == ["T18 1", "T18 1"]


def test_a_day_that_keeps_its_date_and_gets_another_room_is_spoken_of_no_more_than_else() -> None:
    board = TrainingBoard().hear(COHORT, PLANNED, scheduled(1, DAY_1))
    assert board.until(start_of(DAY_1)) == ["T18 1", "T18 1"]
    board.hear(COHORT, scheduled(1, DAY_1))
    assert board.until(A_DECADE_ON) == []


def test_a_day_at_short_notice_is_spoken_of_the_day_before_or_else_at_once() -> None:
    board = TrainingBoard().hear(COHORT, PLANNED, scheduled(1, TODAY + timedelta(days=3)))
    assert board.until(just_before(TODAY + timedelta(days=2))) == []
    assert board.until(start_of(TODAY + timedelta(days=2))) == ["T18 1"]
    at_once = TrainingBoard().hear(COHORT, PLANNED, scheduled(2, TODAY))
    assert at_once.until(NOW) == ["T18 2"]


def test_no_training_day_of_a_cohort_that_is_cancelled_is_spoken_of() -> None:
    days = (scheduled(1, DAY_1), scheduled(5, DAY_5))
    board = TrainingBoard().hear(COHORT, PLANNED, *days, CANCELLED)
    assert board.awaited == {}
    assert board.until(A_DECADE_ON) == []


def test_the_leads_of_a_training_day_are_policy() -> None:
    reminders = NS3.reminders.model_copy(update={"training_day_lead": (Period(days=3),)})
    board = TrainingBoard(NS3.model_copy(update={"reminders": reminders}))
    board.hear(COHORT, PLANNED, scheduled(1, DAY_1))
    assert board.awaited == {f"T18-{COHORT}-1": DAY_1 - timedelta(days=3)}


# --- T23: too few -----------------------------------------------------------------------------

FOUR_WEEKS_BEFORE = DAY_1 - timedelta(weeks=4)
OPEN = (PLANNED, OPENED, scheduled(1, DAY_1), enrolled(ANNA))
TOO_FEW = "T23 minimum"


def of_t23(spoken: list[str]) -> list[str]:
    return [each for each in spoken if each.startswith("T23")]


def test_too_few_four_weeks_before_the_first_day_is_spoken_of() -> None:
    board = TrainingBoard().hear(COHORT, *OPEN)
    assert of_t23(board.until(just_before(FOUR_WEEKS_BEFORE))) == []
    assert of_t23(board.until(start_of(FOUR_WEEKS_BEFORE))) == [TOO_FEW]
    assert of_t23(board.until(A_DECADE_ON)) == []


def test_enough_in_time_is_not_spoken_of() -> None:
    board = TrainingBoard().hear(COHORT, *OPEN, enrolled(BO))
    assert of_t23(board.until(A_DECADE_ON)) == []


def test_who_leaves_again_brings_it_back() -> None:
    board = TrainingBoard().hear(COHORT, *OPEN, enrolled(BO), left(BO))
    assert of_t23(board.until(start_of(FOUR_WEEKS_BEFORE))) == [TOO_FEW]
    board.hear(COHORT, enrolled(BO), left(BO))
    assert of_t23(board.until(A_DECADE_ON)) == []


def test_who_leaves_late_is_noticed_at_once() -> None:
    board = TrainingBoard().hear(COHORT, *OPEN, enrolled(BO))
    late = start_of(FOUR_WEEKS_BEFORE + timedelta(days=7))
    assert of_t23(board.until(late)) == []
    board.hear(COHORT, left(BO))
    assert of_t23(board.until(late)) == [TOO_FEW]


def test_who_only_waited_does_not_count() -> None:
    waiting = left(BO).model_copy(update={"was": EnrolmentPlace.WAITING})
    board = TrainingBoard().hear(COHORT, *OPEN, enrolled(BO), waiting)
    assert of_t23(board.until(A_DECADE_ON)) == []


@pytest.mark.parametrize("settled", [CONFIRMED, CANCELLED, STARTED])
def test_it_is_settled_when_the_cohort_takes_place_or_does_not(settled: Event) -> None:
    board = TrainingBoard().hear(COHORT, *OPEN, settled)
    assert of_t23(board.until(A_DECADE_ON)) == []


def test_a_cohort_that_is_not_open_yet_is_not_short_of_anybody() -> None:
    board = TrainingBoard().hear(COHORT, PLANNED, scheduled(1, DAY_1))
    assert of_t23(board.until(A_DECADE_ON)) == []


def test_it_goes_by_the_day_thought_of_until_there_is_a_date_and_then_moves_with_that() -> None:
    thought_of = PLANNED.model_copy(update={"first_day": date(2013, 12, 2)})
    board = TrainingBoard().hear(COHORT, thought_of, OPENED)
    assert board.awaited == {f"T23-{COHORT}-minimum": date(2013, 11, 4)}
    board.hear(COHORT, scheduled(1, DAY_1))
    assert of_t23(board.until(start_of(FOUR_WEEKS_BEFORE))) == [TOO_FEW]


def test_an_open_cohort_without_any_date_awaits_nothing() -> None:
    assert TrainingBoard().hear(COHORT, PLANNED, OPENED).awaited == {}


# --- T26: the end of a rotation ---------------------------------------------------------------


def test_the_end_of_a_rotation_is_spoken_of_two_weeks_before() -> None:
    board = TrainingBoard().hear(ROTATION, STAY)
    assert board.until(just_before(date(2013, 12, 6))) == []
    assert board.until(start_of(date(2013, 12, 6))) == ["T26 end"]
    assert board.until(A_DECADE_ON) == []


def test_it_moves_with_the_period() -> None:
    longer = STAY.model_copy(update={"ends_on": date(2014, 2, 28)})
    board = TrainingBoard().hear(ROTATION, STAY, longer)
    assert board.until(just_before(date(2014, 2, 14))) == []
    assert board.until(start_of(date(2014, 2, 14))) == ["T26 end"]


@pytest.mark.parametrize("over", [STAYED, RotationDeclined(on=TODAY, person_id=ANNA)])
def test_a_rotation_that_is_over_or_called_off_is_not_spoken_of(over: Event) -> None:
    board = TrainingBoard().hear(ROTATION, STAY, over)
    assert board.until(A_DECADE_ON) == []


# --- T31: a missing part of the exam ----------------------------------------------------------

THREE_MONTHS_AFTER = date(2014, 4, 20)
HELD = (PLANNED, enrolled(ANNA), enrolled(BO), scheduled(5, DAY_5))
MISSING = {f"T31 {part}/{who}" for part in ExamPart for who in (ANNA, BO)}
PASSED, FAILED = ExamResult.PASSED, ExamResult.FAILED


def exam_of(who: UUID) -> str:
    return f"exam-{FIRST}-{who}"


def of_t31(spoken: list[str]) -> set[str]:
    of_exams = [each for each in spoken if each.startswith("T31")]
    assert len(set(of_exams)) == len(of_exams)
    return set(of_exams)


def test_each_part_that_a_participant_lacks_is_spoken_of_three_months_after_the_last_day() -> None:
    board = TrainingBoard().hear(COHORT, *HELD)
    assert of_t31(board.until(just_before(THREE_MONTHS_AFTER))) == set()
    assert of_t31(board.until(start_of(THREE_MONTHS_AFTER))) == MISSING
    assert of_t31(board.until(A_DECADE_ON)) == set()


def test_a_part_that_is_passed_is_not_spoken_of_and_one_that_was_failed_is() -> None:
    board = TrainingBoard().hear(COHORT, *HELD)
    board.hear(exam_of(ANNA), examined(ANNA, ExamPart.WRITTEN, PASSED))
    board.hear(exam_of(BO), examined(BO, ExamPart.ORAL, FAILED))
    passed = {f"T31 {ExamPart.WRITTEN}/{ANNA}"}
    assert of_t31(board.until(A_DECADE_ON)) == MISSING - passed


@rule("R181")
def test_only_the_parts_of_the_rule_set_are_missed() -> None:
    training = NS3.training.model_copy(update={"exam_parts": ("oral",)})
    board = TrainingBoard(NS3.model_copy(update={"training": training})).hear(COHORT, *HELD)
    oral = {f"T31 {ExamPart.ORAL}/{who}" for who in (ANNA, BO)}
    assert of_t31(board.until(A_DECADE_ON)) == oral


def test_a_part_that_the_rule_set_drops_is_awaited_no_longer() -> None:
    training = NS3.training.model_copy(update={"exam_parts": ("oral",)})
    board = TrainingBoard().hear(COHORT, *HELD)
    board.policy = NS3.model_copy(update={"training": training})
    board.hear(COHORT, scheduled(5, DAY_5 + timedelta(days=7)))
    oral = {f"T31 {ExamPart.ORAL}/{who}" for who in (ANNA, BO)}
    assert of_t31(board.until(A_DECADE_ON)) == oral


def test_it_moves_with_the_last_day_and_with_no_other() -> None:
    board = TrainingBoard().hear(COHORT, *HELD, scheduled(4, date(2014, 1, 13)))
    board.hear(COHORT, scheduled(5, DAY_5 + timedelta(days=7)))
    later = THREE_MONTHS_AFTER + timedelta(days=7)
    assert of_t31(board.until(just_before(later))) == set()
    assert of_t31(board.until(start_of(later))) == MISSING


def test_who_comes_in_later_is_awaited_too_and_who_leaves_is_not() -> None:
    board = TrainingBoard().hear(COHORT, PLANNED, scheduled(5, DAY_5), enrolled(ANNA), enrolled(BO))
    board.hear(COHORT, left(ANNA))
    of_bo = {f"T31 {part}/{BO}" for part in ExamPart}
    assert of_t31(board.until(A_DECADE_ON)) == of_bo


def test_nobody_is_examined_in_a_cohort_that_is_cancelled_nor_among_innovators() -> None:
    assert of_t31(TrainingBoard().hear(COHORT, *HELD, CANCELLED).until(A_DECADE_ON)) == set()
    innovators = PLANNED.model_copy(update={"programme": Programme.INNOVATOR})
    board = TrainingBoard().hear(COHORT, innovators, *HELD[1:])
    assert of_t31(board.until(A_DECADE_ON)) == set()


def test_an_exam_of_long_ago_is_let_lie_when_first_heard_of() -> None:
    long_ago = HELD[:-1]
    board = TrainingBoard().hear(COHORT, *long_ago, scheduled(5, date(2013, 3, 1)))
    assert of_t31(board.until(A_DECADE_ON)) == set()


# --- all of them ------------------------------------------------------------------------------

STREAMS: dict[str, Sequence[Event]] = {
    COHORT: (*OPEN, enrolled(BO), scheduled(5, DAY_5), STARTED, scheduled(1, DAY_1)),
    exam_of(ANNA): (examined(ANNA, ExamPart.WRITTEN, PASSED),),
    exam_of(BO): (
        examined(BO, ExamPart.ORAL, FAILED),
        examined(BO, ExamPart.ORAL, PASSED),
    ),
    NEXT_COHORT: (
        PLANNED,
        STARTED.model_copy(update={"first_day": date(2015, 5, 4)}),
        CANCELLED,
    ),
    ROTATION: (STAY, STAYED),
}
TURNS = [stream for stream, events in STREAMS.items() for _ in events]


def heard(order: Sequence[str]) -> TrainingBoard:
    waiting = {stream: iter(events) for stream, events in STREAMS.items()}
    board = TrainingBoard()
    for stream in order:
        board.hear(stream, next(waiting[stream]))
    return board


@drawn(st.permutations(TURNS))
def test_it_does_not_matter_which_stream_is_heard_first(order: Sequence[str]) -> None:
    woven, in_turn = heard(order), heard(TURNS)
    assert folded(KNOWN_COHORTS, woven.told) == folded(KNOWN_COHORTS, in_turn.told)
    assert folded(STARTED_COHORTS, woven.told) == folded(STARTED_COHORTS, in_turn.told)
    assert woven.awaited == in_turn.awaited
    assert sorted(woven.until(A_DECADE_ON)) == sorted(in_turn.until(A_DECADE_ON))


def test_a_fact_that_is_told_again_changes_nothing() -> None:
    board = heard(TURNS)
    before = {key: list(facts) for key, facts in board.reminders.items()}
    cohorts = folded(KNOWN_COHORTS, board.told)
    programmes = folded(STARTED_COHORTS, board.told)
    last = {fact.stream: fact for fact in board.told}
    for fact in last.values():
        for send in reacting(REMINDING, fact, *cohorts.items(), *programmes.items()):
            board.send(send.key, send.command)
    assert board.reminders == before


@pytest.mark.parametrize("deadline", ["T17", "T18", "T23", "T26", "T31"])
def test_a_deadline_without_a_text_yet_tells_nobody(deadline: str) -> None:
    assert deadline in RULES
    due = ReminderDue(on=TODAY, deadline=deadline, subject=COHORT, item="1", number=1)
    assert reacting(TELLING, recorded(due, f"reminder-{deadline}-{COHORT}-1", 2)) == []


def test_what_is_awaited_no_longer_says_because_of_which_fact() -> None:
    board = TrainingBoard().hear(ROTATION, STAY, STAYED)
    (facts,) = board.reminders.values()
    assert facts[-1] == ReminderCancelled(on=TODAY, because=f"{ROTATION}@2")


def test_the_rows_know_what_reminders_rest_on() -> None:
    board = heard(TURNS)
    row = folded(KNOWN_COHORTS, board.told)[str(FIRST)]
    assert isinstance(row, KnownCohort)
    assert (row.begins_on, row.last_day, row.enrolled) == (DAY_1, DAY_5, tuple(sorted((ANNA, BO))))
    diplomas = folded(STARTED_COHORTS, board.told)[Programme.DIPLOMA]
    assert isinstance(diplomas, StartedCohorts)
    assert diplomas.latest == str(FIRST)
