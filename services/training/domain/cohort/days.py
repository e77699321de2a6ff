"""The training days get their dates."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from services.training.domain.cohort.state import Cohort, CohortCommand, ScheduledDay
from shared.contracts.training import CohortEvent, TrainingDayScheduled
from shared.contracts.vocabulary import Title
from shared.kernel.commands import Context
from shared.kernel.permissions import role

Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
    AfterValidator(lambda told: told.astimezone(UTC)),
]
"""A moment with its zone, as a command gives it; taken in as UTC."""
DayNumber = Annotated[int, Field(ge=0, le=999)]
"""What a command says is a training day; which ones there are, the cohort knows (R174)."""


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
            raise ValueError("starts_at must be before ends_at")
        return self

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Schedule one of the cohort's own days; days out of their order are remarked on."""
        title = cohort.title_of(self.day)
        before = cohort.days.get(self.day)
        sequence = before.sequence if before else 0
        if before == ScheduledDay(self.starts_at, self.ends_at, self.place, sequence):
            return []
        ctx.warn("training_days_out_of_order", "R174", when=self._is_out_of_order(cohort))
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
            )
        ]

    def _is_out_of_order(self, cohort: Cohort) -> bool:
        begins = {number: each.starts_at for number, each in cohort.days.items()}
        begins[self.day] = self.starts_at
        in_turn = [begins[number] for number in sorted(begins)]
        return any(later <= earlier for earlier, later in pairwise(in_turn))
