"""The cohorts, as far as something is awaited of them and their participants."""

from collections.abc import Iterable
from typing import Any, assert_never

from services.notifications.domain.known import KnownCohort, StartedCohorts, exam_item
from shared.contracts.training import (
    CohortCancelled,
    CohortCompleted,
    CohortConfirmed,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentConfirmed,
    EnrolmentWithdrawn,
    ExamPartRecorded,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import CohortState, EnrolmentPlace, ExamResult, Programme
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy.periods import local_day

CohortHeard = (
    CohortPlanned
    | CohortOpened
    | CohortConfirmed
    | CohortStarted
    | CohortCompleted
    | CohortCancelled
    | EnrolmentConfirmed
    | EnrolmentWithdrawn
    | TrainingDayScheduled
    | ExamPartRecorded
)


def _keys(fact: Recorded[CohortHeard]) -> tuple[str]:
    event = fact.event
    return (str(event.cohort_id) if isinstance(event, ExamPartRecorded) else fact.key,)


def _fold(row: KnownCohort | None, fact: Recorded[CohortHeard], key: str) -> KnownCohort:
    # What the cohort tells and what the exams tell fall into fields apart, so that it does not
    # matter which of them is heard first.
    row = row or KnownCohort()
    event = fact.event
    changed: dict[str, Any]
    match event:
        case CohortPlanned():
            changed = {
                "title": event.title,
                "programme": event.programme,
                "size_min": event.size_min,
                "day_count": len(event.days),
                "thought_to_begin": event.first_day,
            }
        case CohortOpened():
            changed = {"state": CohortState.OPEN}
        case CohortConfirmed():
            changed = {"state": CohortState.CONFIRMED}
        case CohortStarted():
            changed = {"state": CohortState.RUNNING}
        case CohortCompleted():
            changed = {"state": CohortState.COMPLETED}
        case CohortCancelled():
            changed = {"state": CohortState.CANCELLED}
        case EnrolmentConfirmed():
            changed = {"enrolled": tuple(sorted({*row.enrolled, event.person_id}))}
        case EnrolmentWithdrawn(was=EnrolmentPlace.ENROLLED):
            left = tuple(each for each in row.enrolled if each != event.person_id)
            changed = {"enrolled": left}
        case EnrolmentWithdrawn():
            changed = {}
        case TrainingDayScheduled():
            changed = {"days": {**row.days, str(event.day): local_day(event.starts_at)}}
        case ExamPartRecorded(result=ExamResult.PASSED):
            passed = exam_item(event.part, event.person_id)
            changed = {"passed": tuple(sorted({*row.passed, passed}))}
        case ExamPartRecorded():  # what was failed is still missing
            changed = {}
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


Begun = CohortStarted | TrainingDayScheduled | CohortCancelled


def _programmes(fact: Recorded[Begun]) -> Iterable[str]:
    # Only the start says of which programme the cohort is, so for the others each has to look.
    match fact.event:
        case CohortStarted() as started:
            return (started.programme,)
        case TrainingDayScheduled() as scheduled:
            return tuple(Programme) if scheduled.day == 1 else ()
        case CohortCancelled():
            return tuple(Programme)
        case other:
            assert_never(other)


def _started(row: StartedCohorts | None, fact: Recorded[Begun], key: str) -> StartedCohorts:
    first_days = dict(row.first_days) if row else {}
    match fact.event:
        case CohortStarted() as started:
            first_days[fact.key] = started.first_day
        case TrainingDayScheduled() as moved:
            if fact.key in first_days:
                first_days[fact.key] = local_day(moved.starts_at)
        case CohortCancelled():
            first_days.pop(fact.key, None)
        case other:
            assert_never(other)
    return StartedCohorts(first_days=dict(sorted(first_days.items())))


KNOWN_COHORTS = View.of(KnownCohort, CohortHeard, keys=_keys, fold=_fold)
STARTED_COHORTS = View.of(StartedCohorts, Begun, keys=_programmes, fold=_started)
