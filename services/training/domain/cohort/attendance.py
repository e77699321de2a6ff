"""Who was there on a training day: the whole list, or one by one."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.cohort.days import DayNumber
from services.training.domain.cohort.life import Open, Planned
from services.training.domain.cohort.state import Cohort, CohortCommand
from services.training.domain.tables import MOST_ROWS
from shared.contracts.training import CohortEvent, TrainingDayAttended
from shared.contracts.vocabulary import PersonId
from shared.kernel.commands import Context
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.policy.periods import local_day


class _AttendanceCommand(CohortCommand):
    day: DayNumber

    def _changed(
        self, cohort: Cohort, present: frozenset[PersonId], among: Iterable[PersonId], ctx: Context
    ) -> Sequence[CohortEvent]:
        """Tell of those among the participants who are present now and were not, or after all not.

        Refused on a day that the cohort has not, or that has no date (R174), for somebody without a
        place, and before it is confirmed who has one (R172).
        """
        cohort.title_of(self.day)
        if isinstance(cohort.life, Planned | Open):
            raise Refused("cohort_not_confirmed", "R172")
        if self.day not in cohort.days:
            raise Refused("training_day_not_scheduled", "R174", day=self.day)
        strangers = {*present, *among}.difference(cohort.enrolled)
        if strangers:
            raise Refused("not_enrolled", "R172", person_ids=tuple(sorted(strangers)))
        held_on = local_day(cohort.days[self.day].starts_at)
        ctx.warn("training_day_to_come", "R174", when=held_on > ctx.on, held_on=held_on.isoformat())
        before = cohort.present.get(self.day, frozenset())
        return [
            TrainingDayAttended(on=ctx.on, day=self.day, person_id=each, present=each in present)
            for each in among
            if (each in present) != (each in before)
        ]


class RecordTrainingAttendance(_AttendanceCommand):
    """Say who was there on a training day: all of them, whatever was recorded before."""

    may = role("secretariat")  # P32

    present: Annotated[frozenset[PersonId], Field(max_length=500)]

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Record each participant whose presence is another than was known."""
        return self._changed(cohort, self.present, cohort.enrolled, ctx)


class Presence(BaseModel):
    """Whether one participant was there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: PersonId
    present: bool


class ChangeTrainingAttendance(_AttendanceCommand):
    """Say of some participants whether they were there on a training day; others stay as known."""

    may = role("secretariat")  # P32

    presence: Annotated[tuple[Presence, ...], Field(max_length=MOST_ROWS)]

    @model_validator(mode="after")
    def _each_once(self) -> "ChangeTrainingAttendance":
        if len({each.person_id for each in self.presence}) < len(self.presence):
            raise PydanticCustomError("person_named_twice", "a person is named twice")
        return self

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Record those whose presence is another than was known, all of them or none."""
        present = frozenset(each.person_id for each in self.presence if each.present)
        named = sorted(each.person_id for each in self.presence)
        return self._changed(cohort, present, named, ctx)


class RecordOneAttendance(_AttendanceCommand):
    """Say whether one participant was there on a training day."""

    may = role("secretariat")  # P32

    person_id: PersonId
    present: bool

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Record it, when it is another than was known."""
        present = frozenset({self.person_id}) if self.present else frozenset()
        return self._changed(cohort, present, (self.person_id,), ctx)
