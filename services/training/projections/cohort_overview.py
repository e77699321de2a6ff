"""The cohorts: whether each is full, when its days are, and when the next one is due."""

from datetime import date
from typing import Any, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.training import (
    CohortCancelled,
    CohortCompleted,
    CohortConfirmed,
    CohortEvent,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentRequested,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    TrainingCostAllocated,
    TrainingCostCorrected,
    TrainingDayAttended,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import CohortState, PersonId, Programme
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key
from shared.policy.periods import local_day


class CohortPage(Row):
    """A cohort as everybody may see it (V33), keyed by its id."""

    cohort_id: UUID
    programme: Programme
    title: str
    provider: str | None = None
    ects: float | None = None
    """The credits it gives; None when that is not said (R171)."""
    state: CohortState = CohortState.PLANNED
    size_min: int
    size_max: int | None = None
    enrolled: int = 0
    """How many have a place; they keep it when the cohort is completed (R170)."""
    waiting: int = 0
    places_left: int | None = None
    """None where the programme has no upper bound."""
    enrol_by: date | None = None
    opened_on: date | None = None
    confirmed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    """When it was completed or cancelled."""
    first_day: date | None = None
    """The first training day: as it was held, is scheduled, or was thought of when planned."""
    last_day: date | None = None
    """The last training day, once it has a date."""
    days: int
    """How many training days there are (R174)."""
    days_scheduled: int = 0
    diplomas: int | None = None
    """How many had the diploma when the cohort was completed."""
    lapsed: int | None = None
    """How many had not (R181)."""
    next_due_on: date | None = None
    """When the programme's next cohort is due after this one, once it has begun (R169)."""


class CohortOverview(CohortPage):
    """A cohort with the people in it, for those who run it."""

    enrolled_ids: tuple[PersonId, ...] = ()
    """Who has a place, in the order they got it."""
    waiting_ids: tuple[PersonId, ...] = ()
    """Who waits for a place, the next one first."""
    day_dates: dict[str, date] = Field(default_factory=dict)
    """The training days that have a date, by number."""


def _overview(
    row: CohortOverview | None, fact: Recorded[CohortEvent], key: str
) -> CohortOverview | None:
    event = fact.event
    if isinstance(event, CohortPlanned):
        return _counted(
            CohortOverview(
                cohort_id=UUID(key),
                programme=event.programme,
                title=event.title,
                provider=event.provider,
                ects=event.ects,
                size_min=event.size_min,
                size_max=event.size_max,
                first_day=event.first_day,
                days=len(event.days),
            )
        )
    assert row is not None
    return _counted(row.model_copy(update=_changed(row, event)))


def _changed(row: CohortOverview, event: CohortEvent) -> dict[str, Any]:
    match event:
        case CohortOpened():
            state = {"state": CohortState.OPEN, "opened_on": event.on}
            return {**state, "enrol_by": event.enrol_by}
        case CohortConfirmed():
            return {"state": CohortState.CONFIRMED, "confirmed_on": event.on}
        case CohortStarted():
            state = {"state": CohortState.RUNNING, "started_on": event.on}
            return {**state, "first_day": event.first_day, "next_due_on": event.next_due_on}
        case CohortCompleted():
            state = {"state": CohortState.COMPLETED, "ended_on": event.on}
            return {**state, "diplomas": event.diplomas, "lapsed": event.lapsed}
        case CohortCancelled():
            state = {"state": CohortState.CANCELLED, "ended_on": event.on}
            return {**state, "next_due_on": None}
        case EnrolmentConfirmed():
            before = _without(row, event.person_id)
            return {**before, "enrolled_ids": (*before["enrolled_ids"], event.person_id)}
        case EnrolmentWaitlisted():
            return {"waiting_ids": (*row.waiting_ids, event.person_id)}
        case EnrolmentWithdrawn():
            return _without(row, event.person_id)
        case TrainingDayScheduled():
            return _scheduled(row, event)
        case (
            CohortPlanned()
            | EnrolmentRequested()
            | EnrolmentLapsed()
            | TrainingDayAttended()
            | TrainingCostAllocated()
            | TrainingCostCorrected()
        ):
            return {}
        case other:
            assert_never(other)


def _without(row: CohortOverview, person_id: PersonId) -> dict[str, tuple[PersonId, ...]]:
    return {
        "enrolled_ids": tuple(each for each in row.enrolled_ids if each != person_id),
        "waiting_ids": tuple(each for each in row.waiting_ids if each != person_id),
    }


def _scheduled(row: CohortOverview, event: TrainingDayScheduled) -> dict[str, Any]:
    dates = {**row.day_dates, str(event.day): local_day(event.starts_at)}
    return {
        "day_dates": dict(sorted(dates.items(), key=lambda each: int(each[0]))),
        "first_day": dates.get("1", row.first_day),
        "last_day": dates.get(str(row.days)),
        "days_scheduled": len(dates),
        "next_due_on": event.next_due_on or row.next_due_on,
    }


def _counted(row: CohortOverview) -> CohortOverview:
    enrolled = len(row.enrolled_ids)
    return row.model_copy(
        update={
            "enrolled": enrolled,
            "waiting": len(row.waiting_ids),
            "places_left": row.size_max and max(row.size_max - enrolled, 0),
        }
    )


COHORT_OVERVIEW = View.of(
    CohortOverview,
    CohortEvent,
    keys=stream_key,
    fold=_overview,
    indexes=("state", "programme", "next_due_on"),
)
