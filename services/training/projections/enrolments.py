"""Who is enrolled in which cohort, and what came of it; nothing of the exam is told here."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.training import (
    CohortStarted,
    DiplomaAwarded,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentRequested,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    TrainingDayAttended,
)
from shared.contracts.vocabulary import EnrolmentState, OrgUnitId, PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

EnrolmentHeard = (
    EnrolmentRequested
    | EnrolmentConfirmed
    | EnrolmentWaitlisted
    | EnrolmentWithdrawn
    | EnrolmentLapsed
    | CohortStarted
    | TrainingDayAttended
    | DiplomaAwarded
)


class Enrolment(Row):
    """One person's enrolment in one cohort (V34), as a line manager may see it too (P44)."""

    cohort_id: UUID
    person_id: PersonId
    state: EnrolmentState = EnrolmentState.WAITING
    department_id: OrgUnitId | None = None
    """The base department that was told at enrolment; it pays its share (R173)."""
    requested_on: date | None = None
    queue_number: int | None = None
    """Who waits for a place with a lower number gets one first (R170)."""
    enrolled_on: date | None = None
    promoted: bool = False
    """Whether the place came from the waiting list."""
    started_on: date | None = None
    """The cohort's first training day as it was when the cohort began with the person in it."""
    withdrawn_on: date | None = None
    """When the person gave up the place or the cohort was cancelled."""
    lapsed_on: date | None = None
    """When the cohort was completed without the person's diploma (R181)."""
    diploma_on: date | None = None


class Enrolments(Enrolment):
    """An enrolment, keyed by the ids of cohort and person with a dash between."""

    days_present: int = 0
    """On how many training days the person was there; with the first of them attending begins."""


def enrolment_key(cohort_id: UUID, person_id: PersonId) -> str:
    """Name the row of one person in one cohort."""
    return f"{cohort_id}-{person_id}"


def _keys(fact: Recorded[EnrolmentHeard]) -> Iterable[str]:
    event = fact.event
    match event:
        case CohortStarted():
            return [enrolment_key(UUID(fact.key), each) for each in event.participants]
        case DiplomaAwarded():
            return (enrolment_key(event.cohort_id, event.person_id),)
        case _:
            return (enrolment_key(UUID(fact.key), event.person_id),)


def _enrolment(row: Enrolments | None, fact: Recorded[EnrolmentHeard], key: str) -> Enrolments:
    # The diploma comes from the person's own stream and has a field of its own, so that it does
    # not matter whether it is heard before what the cohort tells.
    row = row or Enrolments(cohort_id=UUID(key[:36]), person_id=UUID(key[37:]))
    changed = row.model_copy(update=_changed(row, fact))
    return changed.model_copy(update={"state": _state(changed)})


def _changed(row: Enrolments, fact: Recorded[EnrolmentHeard]) -> dict[str, Any]:
    event = fact.event
    match event:
        case EnrolmentRequested():  # also by one who withdrew and comes again
            again = {"withdrawn_on": None, "enrolled_on": None, "promoted": False}
            return {**again, "requested_on": event.on, "department_id": event.department_id}
        case EnrolmentConfirmed():
            changed = {"enrolled_on": event.on, "promoted": event.promoted}
            return {**changed, "queue_number": None}
        case EnrolmentWaitlisted():
            return {"queue_number": fact.version}
        case EnrolmentWithdrawn():
            return {"withdrawn_on": event.on, "queue_number": None}
        case CohortStarted():
            return {"started_on": event.first_day}
        case TrainingDayAttended():
            return {"days_present": row.days_present + (1 if event.present else -1)}
        case EnrolmentLapsed():
            return {"lapsed_on": event.on}
        case DiplomaAwarded():
            return {"diploma_on": event.awarded_on}
        case other:
            assert_never(other)


def _state(row: Enrolments) -> EnrolmentState:
    """Where the enrolment is in its life (M12): the furthest that is reached."""
    steps = (
        (row.diploma_on, EnrolmentState.DIPLOMA),
        (row.withdrawn_on, EnrolmentState.WITHDRAWN),
        (row.lapsed_on, EnrolmentState.NO_DIPLOMA),
        (row.days_present, EnrolmentState.ATTENDING),
        (row.enrolled_on, EnrolmentState.ENROLLED),
    )
    return next((state for reached, state in steps if reached), EnrolmentState.WAITING)


ENROLMENTS = View.of(
    Enrolments,
    EnrolmentHeard,
    keys=_keys,
    fold=_enrolment,
    indexes=("cohort_id", "person_id", "state", "department_id"),
)
