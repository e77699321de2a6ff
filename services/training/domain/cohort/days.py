"""The training days get their dates."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.cohort.cadence import next_due_on, remark_on_cadence
from services.training.domain.cohort.known import LatestCohort
from services.training.domain.cohort.life import Running
from services.training.domain.cohort.state import (
    Cohort,
    CohortCommand,
    CohortState,
    ScheduledDay,
)
from shared.contracts.training import CohortEvent, TrainingDayScheduled
from shared.contracts.vocabulary import Programme, Title
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.policy.periods import local_day

Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
    AfterValidator(lambda told: told.astimezone(UTC)),
]
"""A moment with its zone, as a command gives it; taken in as UTC."""
DayNumber = Annotated[int, Field(ge=0, le=999)]
"""What a command says is a training day; which ones there are, the cohort knows (R174)."""


LONGEST = timedelta(hours=24)


class ScheduleTrainingDay(CohortCommand):
    """Say when and where a training day is held, or move it."""

    may = role("secretariat")  # P32

    day: DayNumber
    starts_at: Instant
    ends_at: Instant
    place: Title | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ScheduleTrainingDay":
        if self.starts_at >= self.ends_at:
            raise PydanticCustomError("ends_before_start", "ends_at is not after starts_at")
        if self.ends_at - self.starts_at > LONGEST:
            raise PydanticCustomError(
                "training_day_too_long", "a training day lasts 24 hours at most"
            )
        return self

    def asks(self, state: CohortState) -> Sequence[Ask]:
        """When the diploma's other cohorts began, for the first day of one."""
        return (LatestCohort.at(Programme.DIPLOMA),) if self._begins_a_diploma(state) else ()

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Schedule one of the cohort's own days, or move it unless somebody was there (R174).

        Days out of their order are remarked on, and so is a diploma out of its turn (R169).
        """
        title = cohort.title_of(self.day)
        before = cohort.days.get(self.day)
        sequence = before.sequence if before else 0
        if before == ScheduledDay(self.starts_at, self.ends_at, self.place, sequence):
            return []
        if cohort.present.get(self.day) and self.starts_at > ctx.now:
            raise Refused("training_day_held", "R174", day=self.day)
        ctx.warn("training_days_out_of_order", "R174", when=self._is_out_of_order(cohort))
        if self._begins_a_diploma(cohort):
            remark_on_cadence(ctx, Programme.DIPLOMA, local_day(self.starts_at))
        return [
            TrainingDayScheduled(
                on=ctx.on,
                day=self.day,
                title=title,
                starts_at=self.starts_at,
                ends_at=self.ends_at,
                place=self.place,
                person_ids=cohort.enrolled,
                sequence=sequence + 1 if before else 0,
                next_due_on=self._next_due_on(cohort, ctx),
            )
        ]

    def _begins_a_diploma(self, state: CohortState) -> bool:
        is_diploma = isinstance(state, Cohort) and state.programme is Programme.DIPLOMA
        return is_diploma and self.day == 1

    def _next_due_on(self, cohort: Cohort, ctx: Context) -> date | None:
        if self.day != 1 or not isinstance(cohort.life, Running):
            return None
        return next_due_on(ctx, cohort.programme, local_day(self.starts_at))

    def _is_out_of_order(self, cohort: Cohort) -> bool:
        begins = {number: each.starts_at for number, each in cohort.days.items()}
        begins[self.day] = self.starts_at
        in_turn = [begins[number] for number in sorted(begins)]
        return any(later <= earlier for earlier, later in pairwise(in_turn))
