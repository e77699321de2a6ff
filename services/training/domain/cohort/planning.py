"""A cohort is planned, opened for enrolment, confirmed, and started."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.cohort.cadence import next_due_on, remark_on_cadence
from services.training.domain.cohort.known import LatestCohort
from services.training.domain.cohort.life import Confirmed, Open, Planned, Running
from services.training.domain.cohort.state import (
    Cohort,
    CohortCommand,
    CohortState,
    NotPlanned,
)
from shared.contracts.training import (
    CohortConfirmed,
    CohortEvent,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentWithdrawn,
)
from shared.contracts.vocabulary import EnrolmentPlace, Name, Programme, Title
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused
from shared.policy import Day
from shared.policy.periods import local_day


class PlanCohort(CohortCommand):
    """Plan a cohort: the diploma as the rule set has it, or a programme for innovators.

    Title, days and size of the diploma come from the rule set (R170, R174-R179, R184); only its
    title may be another. Innovators have a title and days of their own, and no bounds (R185).
    """

    begins = True
    may = role("secretariat")  # P32

    programme: Programme
    title: Title | None = None
    provider: Name | None = None
    ects: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] | None = None
    first_day: Day | None = None
    days: Annotated[tuple[Title, ...], Field(min_length=1, max_length=99)] | None = None

    @model_validator(mode="after")
    def _as_the_programme_has_it(self) -> "PlanCohort":
        if self.programme is Programme.DIPLOMA and self.days is not None:
            raise PydanticCustomError(
                "days_only_for_innovators", "days of the diploma are those of the rule set"
            )
        if self.programme is Programme.INNOVATOR and (self.title is None or self.days is None):
            raise PydanticCustomError(
                "innovator_days_missing", "title and days are needed for the innovator programme"
            )
        return self

    def asks(self, state: CohortState) -> Sequence[Ask]:
        """When the programme's latest cohort began."""
        return (LatestCohort.at(self.programme),)

    def decide(self, state: CohortState, ctx: Context) -> Sequence[CohortEvent]:
        """Plan it; a diploma that begins well before or after its turn is remarked on (R169)."""
        if not isinstance(state, NotPlanned):
            return []
        policy = ctx.policy.training
        is_diploma = self.programme is Programme.DIPLOMA
        if is_diploma and self.first_day is not None:
            remark_on_cadence(ctx, self.programme, self.first_day)
        return [
            CohortPlanned(
                on=ctx.on,
                programme=self.programme,
                title=self.title or policy.programme_title,
                provider=self.provider,
                ects=self.ects,
                first_day=self.first_day,
                size_min=policy.cohort_size.min if is_diploma else 1,
                size_max=policy.cohort_size.max if is_diploma else None,
                days=self.days or policy.days,
            )
        ]


class OpenCohort(CohortCommand):
    """Let people enrol until a day, or move that day while they can."""

    may = role("secretariat")  # P32

    enrol_by: Day

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Open it; one that is confirmed takes nobody in any more."""
        if cohort.life == Open(self.enrol_by):
            return []
        if not isinstance(cohort.life, Planned | Open):
            raise Refused("cohort_already_confirmed", "R172")
        return [
            CohortOpened(
                on=ctx.on,
                title=cohort.plan.title,
                programme=cohort.programme,
                enrol_by=self.enrol_by,
            )
        ]


class ConfirmCohort(CohortCommand):
    """Say that the cohort takes place, with those who have a place now."""

    may = role("secretariat")  # P32

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Confirm it when it has neither too few nor too many; the secretariat may still (P57)."""
        if isinstance(cohort.life, Confirmed | Running):
            return []
        if not isinstance(cohort.life, Open):
            raise Refused("cohort_not_open", "R172")
        size, least, most = len(cohort.enrolled), cohort.plan.size_min, cohort.plan.size_max
        if most is None:
            ctx.default("cohort_too_small", "R170", broken=size < least, size=size, least=least)
        else:
            ctx.default(
                "cohort_size_outside_bounds",
                "R170",
                broken=not least <= size <= most,
                size=size,
                least=least,
                most=most,
            )
        return [
            CohortConfirmed(on=ctx.on, title=cohort.plan.title, participants=cohort.enrolled),
        ]


class StartCohort(CohortCommand):
    """Begin the training: by itself on the first training day, or by the secretariat."""

    may = role("secretariat") | SYSTEM  # P32

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Start what is confirmed, with somebody in it; who still waits, waits no longer (R170).

        The deadline does nothing when the day has moved meanwhile.
        """
        if isinstance(cohort.life, Running):
            return []
        if not isinstance(cohort.life, Confirmed):
            raise Refused("cohort_not_confirmed", "R172")
        first = cohort.days.get(1)
        first_day = local_day(first.starts_at) if first else ctx.on
        if ctx.capacity == "system" and first_day > ctx.on:
            return []
        if not cohort.enrolled:
            raise Refused("cohort_empty", "R172")
        ctx.warn(
            "cohort_started_undated", "R169", when=first is None, first_day=first_day.isoformat()
        )
        ctx.warn(
            "cohort_started_early",
            "R172",
            when=first_day > ctx.on,
            first_day=first_day.isoformat(),
        )
        waited = (
            EnrolmentWithdrawn(on=ctx.on, person_id=each, was=EnrolmentPlace.WAITING)
            for each in cohort.waiting
        )
        return [
            *waited,
            CohortStarted(
                on=ctx.on,
                programme=cohort.programme,
                first_day=first_day,
                participants=cohort.enrolled,
                next_due_on=next_due_on(ctx, cohort.programme, first_day),
            ),
        ]
