"""When each cohort begins, for the deadline that starts it; and when the latest one began."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import assert_never
from uuid import UUID

from services.training.domain.cohort.known import LatestCohort
from shared.contracts.training import (
    CohortCancelled,
    CohortConfirmed,
    CohortPlanned,
    CohortStarted,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import Programme
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key
from shared.policy.periods import local_day, start_of

BeforeTheStart = (
    CohortPlanned | CohortConfirmed | TrainingDayScheduled | CohortStarted | CohortCancelled
)
Begun = CohortStarted | TrainingDayScheduled | CohortCancelled


class CohortStart(Row):
    """When a cohort that has not begun is to be started, keyed by its id."""

    cohort_id: UUID
    is_confirmed: bool = False
    starts_at: datetime | None = None
    """When its first training day begins."""
    due_at: datetime | None = None
    """The first moment of that day, once the cohort is confirmed."""


def _start(row: CohortStart | None, fact: Recorded[BeforeTheStart], key: str) -> CohortStart | None:
    event = fact.event
    match event:
        case CohortPlanned():
            return CohortStart(cohort_id=UUID(key))
        case CohortStarted() | CohortCancelled():
            return None
        case CohortConfirmed():
            return row and _due(row.model_copy(update={"is_confirmed": True}))
        case TrainingDayScheduled(day=1):
            return row and _due(row.model_copy(update={"starts_at": event.starts_at}))
        case TrainingDayScheduled():
            return row
        case other:
            assert_never(other)


def _due(row: CohortStart) -> CohortStart:
    if not row.is_confirmed or row.starts_at is None:
        return row
    begins = start_of(local_day(row.starts_at)).astimezone(UTC)
    return row.model_copy(update={"due_at": begins})


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


def _latest(row: LatestCohort | None, fact: Recorded[Begun], key: str) -> LatestCohort:
    row = row or LatestCohort(programme=Programme(key))
    first_days = dict(row.first_days)
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
    return row.model_copy(update={"first_days": dict(sorted(first_days.items()))})


COHORT_STARTS = View.of(
    CohortStart, BeforeTheStart, keys=stream_key, fold=_start, indexes=("due_at",)
)
LATEST_COHORT = View.of(LatestCohort, Begun, keys=_programmes, fold=_latest)
