"""Which co-drivers are on the way to network leader, and what each of them lacks (R142, R168)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from pydantic import Field

from services.training.projections.training_path import earlier
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
)
from shared.contracts.training import (
    CoDrivingCompleted,
    CohortCompleted,
    DiplomaAwarded,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentRequested,
    EnrolmentWithdrawn,
    LeaderAdmittedToPool,
    LeaderLeftPool,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import EnrolmentPlace, PersonId, PriorExperience, Programme
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

InCohort = (
    EnrolmentRequested | EnrolmentConfirmed | EnrolmentWithdrawn | EnrolmentLapsed | CohortCompleted
)
InNetwork = CoDriverAssigned | CoDriverReleased | NetworkImported | NetworkClosed | NetworkCancelled
OnPath = (
    PriorQualificationRecorded
    | CoDrivingCompleted
    | LeadingCompleted
    | DiplomaAwarded
    | LeaderAdmittedToPool
    | LeaderLeftPool
)
Heard = InCohort | InNetwork | OnPath


class CoDriverPipeline(Row):
    """A person between co-driving and the pool, keyed by the person's id.

    Whoever has a diploma, an enrolment or a driven network has a row, so that all of it is known
    when they co-drive.
    """

    person_id: PersonId
    co_driver: bool = False
    """Whether the person co-drives a network, or did at some time (R250)."""
    co_driving: tuple[UUID, ...] = ()
    """The networks that the person co-drives now."""
    co_driver_first_on: date | None = None
    """When the person first co-drove, as networks here tell."""
    runs: int = 0
    """Networks driven to their end, in either role, with those from before the system."""
    diploma_on: date | None = None
    cohorts: dict[str, EnrolmentPlace] = Field(default_factory=dict)
    """The diploma's cohorts that the person is in now -> with a place, or waiting for one."""
    enrolled: bool = False
    """Whether the person has a place in one of them."""
    waiting: bool = False
    """Whether the person waits for one."""
    lacks_run: bool = True
    lacks_diploma: bool = True
    """Who lacks neither is qualified (R168)."""
    in_pool: bool = False


def _people_of(fact: Recorded[Heard]) -> Iterable[str]:
    event = fact.event
    match event:
        case CohortCompleted():
            return [str(each) for each in event.participants]
        case NetworkImported():
            co_driver = event.co_driver_id
        case NetworkCancelled():
            co_driver = event.crew.co_driver_id
        case NetworkClosed():
            co_driver = event.crew.co_driver.person_id if event.crew.co_driver else None
        case _:
            co_driver = event.person_id
    return (str(co_driver),) if co_driver else ()


def _fold(row: CoDriverPipeline | None, fact: Recorded[Heard], key: str) -> CoDriverPipeline | None:
    # Each network and each cohort has a place of its own in the row, and the person's own stream
    # fields of its own, so that it does not matter which of them is heard first.
    before = row or CoDriverPipeline(person_id=UUID(key))
    changed = _changed(before, fact)
    if not changed and row is None:
        return None
    now = before.model_copy(update=changed)
    return now.model_copy(
        update={
            "enrolled": EnrolmentPlace.ENROLLED in now.cohorts.values(),
            "waiting": EnrolmentPlace.WAITING in now.cohorts.values(),
            "lacks_run": now.runs == 0,
            "lacks_diploma": now.diploma_on is None,
        }
    )


def _changed(row: CoDriverPipeline, fact: Recorded[Heard]) -> dict[str, Any]:
    event = fact.event
    match event:
        case CoDriverAssigned():
            return _co_driving(row, fact.key, event.on)
        case NetworkImported():
            return _co_driving(row, fact.key, event.started_on)
        case CoDriverReleased() | NetworkClosed() | NetworkCancelled():
            return {"co_driving": tuple(each for each in row.co_driving if str(each) != fact.key)}
        case PriorQualificationRecorded(what=PriorExperience.DIPLOMA):
            return {"diploma_on": earlier(row.diploma_on, event.on)}
        case DiplomaAwarded():
            return {"diploma_on": earlier(row.diploma_on, event.awarded_on)}
        case PriorQualificationRecorded():
            did = row.co_driver or event.what is PriorExperience.CO_DRIVER
            return {"runs": row.runs + 1, "co_driver": did}
        case CoDrivingCompleted():
            return {"runs": row.runs + 1, "co_driver": True}
        case LeadingCompleted():
            return {"runs": row.runs + 1}
        case LeaderAdmittedToPool() | LeaderLeftPool():
            return {"in_pool": isinstance(event, LeaderAdmittedToPool)}
        case _:
            return _enrolment(row, event, fact.key)


def _enrolment(row: CoDriverPipeline, event: InCohort, cohort: str) -> dict[str, Any]:
    match event:
        case EnrolmentRequested() | EnrolmentConfirmed():
            if event.programme is not Programme.DIPLOMA:
                return {}
            confirmed = isinstance(event, EnrolmentConfirmed)
            place = EnrolmentPlace.ENROLLED if confirmed else EnrolmentPlace.WAITING
            return {"cohorts": dict(sorted({**row.cohorts, cohort: place}.items()))}
        case EnrolmentWithdrawn() | EnrolmentLapsed() | CohortCompleted():
            left = {each: place for each, place in row.cohorts.items() if each != cohort}
            return {"cohorts": left} if left != row.cohorts else {}
        case other:
            assert_never(other)


def _co_driving(row: CoDriverPipeline, network: str, since: date) -> dict[str, Any]:
    return {
        "co_driver": True,
        "co_driving": tuple(sorted({*row.co_driving, UUID(network)})),
        "co_driver_first_on": earlier(row.co_driver_first_on, since),
    }


CO_DRIVER_PIPELINE = View.of(
    CoDriverPipeline,
    Heard,
    keys=_people_of,
    fold=_fold,
    indexes=("co_driver", "enrolled", "waiting", "lacks_run", "lacks_diploma"),
)
