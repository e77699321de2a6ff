"""A cohort ends: it is completed when its days are held, or cancelled on the way."""

from collections.abc import Sequence
from uuid import UUID

from services.training.domain.cohort.costs import warn_of_costs
from services.training.domain.cohort.life import Cancelled, Completed, Running
from services.training.domain.cohort.state import (
    Cohort,
    CohortCommand,
    CohortState,
    ScheduledDay,
)
from services.training.domain.known import PassedExams
from shared.contracts.training import (
    CohortCancelled,
    CohortCompleted,
    CohortEvent,
    EnrolmentLapsed,
    EnrolmentWithdrawn,
)
from shared.contracts.vocabulary import EnrolmentPlace, Programme, Text
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.policy.periods import local_day


class CompleteCohort(CohortCommand):
    """Say that all days are held and the exams are over."""

    may = role("secretariat")  # P32

    # Repeats the stream's key, which a command does not know yet when it asks.
    cohort_id: UUID

    def asks(self, state: CohortState) -> Sequence[Ask]:
        """Who has the diploma; a request with `after` the last one's position is sure to see it."""
        return (PassedExams.at(self.cohort_id),)

    def already(self, cohort: Cohort) -> bool:
        """Tell whether it is completed."""
        return isinstance(cohort.life, Completed)

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Complete it when every day is held (R174); who has no diploma yet, lapses (R181)."""
        if not isinstance(cohort.life, Running):
            raise Refused("cohort_not_running", "R172")
        missing = tuple(
            number
            for number in range(1, len(cohort.plan.days) + 1)
            if not _is_held(cohort.days.get(number), ctx)
        )
        if missing:
            raise Refused("training_days_missing", "R174", days=missing)
        is_diploma = cohort.programme is Programme.DIPLOMA
        passed = ctx.facts.find(PassedExams, self.cohort_id) if is_diploma else None
        diplomas = set(passed.person_ids) if passed else set()
        lapsed = [each for each in cohort.enrolled if is_diploma and each not in diplomas]
        return [
            *(EnrolmentLapsed(on=ctx.on, person_id=each) for each in lapsed),
            CohortCompleted(
                on=ctx.on,
                programme=cohort.programme,
                diplomas=len(cohort.enrolled) - len(lapsed) if is_diploma else 0,
                lapsed=len(lapsed),
                participants=cohort.enrolled,
            ),
        ]


class CancelCohort(CohortCommand):
    """Say that the cohort does not take place, or does not go on."""

    may = role("secretariat")  # P32

    reason: Text

    def already(self, cohort: Cohort) -> bool:
        """Tell whether it is cancelled."""
        return isinstance(cohort.life, Cancelled)

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Cancel it; everybody's enrolment ends first, and costs stay until corrected (R173)."""
        warn_of_costs(cohort, cohort.costs, ctx)
        places = [(each, EnrolmentPlace.ENROLLED) for each in cohort.enrolled]
        places += [(each, EnrolmentPlace.WAITING) for each in cohort.waiting]
        return [
            *(EnrolmentWithdrawn(on=ctx.on, person_id=each, was=was) for each, was in places),
            CohortCancelled(
                on=ctx.on,
                title=cohort.plan.title,
                reason=self.reason,
                person_ids=tuple(each for each, _ in places),
            ),
        ]


def _is_held(day: ScheduledDay | None, ctx: Context) -> bool:
    return day is not None and local_day(day.ends_at) <= ctx.on and day.ends_at <= ctx.now
