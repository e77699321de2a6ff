"""Who was there on which training day, and how far each has come with the exam."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from services.training.projections.enrolments import enrolment_key
from shared.contracts.training import (
    DiplomaAwarded,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentWithdrawn,
    ExamPartRecorded,
    TrainingDayAttended,
)
from shared.contracts.vocabulary import ExamResult, PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

ResultHeard = (
    EnrolmentConfirmed
    | EnrolmentWithdrawn
    | TrainingDayAttended
    | EnrolmentLapsed
    | ExamPartRecorded
    | DiplomaAwarded
)
DAYS_SHOWN = 5
"""The diploma has five days (R174); of further ones, which innovators may have, the sum tells."""


class AttendanceAndExam(Row):
    """One participant's results in one cohort (V34), keyed by the two ids with a dash between."""

    cohort_id: UUID
    person_id: PersonId
    has_place: bool = False
    """Whether the person has a place in the cohort now."""
    day_1: bool = False
    day_2: bool = False
    day_3: bool = False
    day_4: bool = False
    day_5: bool = False
    """Whether the person was there on each training day (R174)."""
    days_present: int = 0
    written: ExamResult | None = None
    """How the written part went the last time; None before it was tried (R181)."""
    written_attempts: int = 0
    written_on: date | None = None
    oral: ExamResult | None = None
    oral_attempts: int = 0
    oral_on: date | None = None
    all_passed: bool = False
    no_network_role_at_exam: bool = False
    """Whether the person had no role in a network when a part was held (R182)."""
    diploma_on: date | None = None
    lapsed_on: date | None = None
    """When the cohort was completed without the person's diploma; the exam stays open (R181)."""


def _keys(fact: Recorded[ResultHeard]) -> Iterable[str]:
    event = fact.event
    if isinstance(event, ExamPartRecorded | DiplomaAwarded):
        return (enrolment_key(event.cohort_id, event.person_id),)
    return (enrolment_key(UUID(fact.key), event.person_id),)


def _results(
    row: AttendanceAndExam | None, fact: Recorded[ResultHeard], key: str
) -> AttendanceAndExam:
    # Cohort, exam and the person's own path each change fields of their own, so that it does not
    # matter which of them is heard first.
    row = row or AttendanceAndExam(cohort_id=UUID(key[:36]), person_id=UUID(key[37:]))
    return row.model_copy(update=_changed(row, fact))


def _changed(row: AttendanceAndExam, fact: Recorded[ResultHeard]) -> dict[str, Any]:
    event = fact.event
    match event:
        case EnrolmentConfirmed():
            return {"has_place": True}
        case EnrolmentWithdrawn():
            return {"has_place": False}
        case TrainingDayAttended():
            presence = row.days_present + (1 if event.present else -1)
            shown = {f"day_{event.day}": event.present} if event.day <= DAYS_SHOWN else {}
            return {**shown, "days_present": presence}
        case EnrolmentLapsed():
            return {"lapsed_on": event.on}
        case ExamPartRecorded():
            remarks = {warned.code for warned in fact.envelope.warnings}
            no_role = row.no_network_role_at_exam or "no_network_role_at_exam" in remarks
            return {
                f"{event.part}": event.result,
                f"{event.part}_attempts": event.attempt,
                f"{event.part}_on": event.held_on,
                "all_passed": row.all_passed or event.all_passed,
                "no_network_role_at_exam": no_role,
            }
        case DiplomaAwarded():
            return {"diploma_on": event.awarded_on}
        case other:
            assert_never(other)


ATTENDANCE_AND_EXAM = View.of(
    AttendanceAndExam,
    ResultHeard,
    keys=_keys,
    fold=_results,
    indexes=("cohort_id", "person_id", "written", "oral"),
)
