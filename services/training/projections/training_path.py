"""How far each person is on the way to network leader."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
)
from shared.contracts.training import (
    AvailabilityChanged,
    CoDrivingCompleted,
    DiplomaAwarded,
    InnovatorJoinedCorps,
    InnovatorLeftCorps,
    LeaderAdmittedToPool,
    LeaderEvent,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    LeaderWish,
    PathStage,
    PersonId,
    PriorExperience,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key

PathEvent = (
    LeaderEvent
    | CoDriverAssigned
    | CoDriverReleased
    | NetworkImported
    | NetworkClosed
    | NetworkCancelled
)


class TrainingPath(Row):
    """How far a person is on the way to network leader (V32), keyed by the person."""

    person_id: PersonId
    stage: PathStage = PathStage.CANDIDATE
    wish: LeaderWish | None = None
    interest_on: date | None = None
    co_driving: dict[str, date] = Field(default_factory=dict)
    """The networks the person co-drives now -> since when."""
    co_driver_first_on: date | None = None
    runs: int = 0
    """Networks driven to their end, in either role, with those from before the system."""
    first_run_on: date | None = None
    diploma_on: date | None = None
    qualified_on: date | None = None
    in_pool: bool = False
    pool_on: date | None = None
    """When the person was last admitted to the pool."""
    innovator: bool = False
    """Whether the person is in the corps of innovators (R21)."""
    innovator_on: date | None = None
    """When the person joined it."""


def _people_of(fact: Recorded[PathEvent]) -> Iterable[str]:
    event = fact.event
    person_id: PersonId | None
    match event:
        case CoDriverAssigned() | CoDriverReleased():
            person_id = event.person_id
        case NetworkImported():
            person_id = event.co_driver_id
        case NetworkCancelled():
            person_id = event.crew.co_driver_id
        case NetworkClosed():
            person_id = event.crew.co_driver.person_id if event.crew.co_driver else None
        case _:
            return stream_key(fact)
    return (str(person_id),) if person_id else ()


def _fold_path(
    row: TrainingPath | None, fact: Recorded[PathEvent], key: str
) -> TrainingPath | None:
    # What the person's own stream tells and what each network tells fall into fields apart, so
    # that it does not matter which of them is heard first.
    known, row = row, row or TrainingPath(person_id=UUID(key))
    event = fact.event
    changed: dict[str, Any]
    match event:
        case CoDriverAssigned():
            changed = _co_driving(row, fact.key, event.on)
        case NetworkImported():
            changed = _co_driving(row, fact.key, event.started_on)
        case CoDriverReleased() | NetworkClosed() | NetworkCancelled():
            still = {network: on for network, on in row.co_driving.items() if network != fact.key}
            changed = {"co_driving": still}
        case LeaderInterestRegistered():
            changed = {"wish": event.wish, "interest_on": event.on}
        case PriorQualificationRecorded(what=PriorExperience.DIPLOMA):
            changed = {"diploma_on": earlier(row.diploma_on, event.on)}
        case PriorQualificationRecorded():
            changed = _one_run_more(row, event.on)
        case CoDrivingCompleted() | LeadingCompleted():
            changed = _one_run_more(row, event.until)
        case DiplomaAwarded():
            changed = {"diploma_on": earlier(row.diploma_on, event.awarded_on)}
        case LeaderQualified():
            changed = {"qualified_on": event.on}
        case LeaderAdmittedToPool():
            changed = {"in_pool": True, "pool_on": event.on}
        case LeaderLeftPool():
            changed = {"in_pool": False}
        case InnovatorJoinedCorps():
            since = row.innovator_on if row.innovator else event.on
            changed = {"innovator": True, "innovator_on": since}
        case InnovatorLeftCorps(remains=True):
            return known  # an innovator still
        case InnovatorLeftCorps():
            changed = {"innovator": False, "innovator_on": None}
        case AvailabilityChanged():
            return known  # no step on the way
        case other:
            assert_never(other)
    moved = row.model_copy(update=changed)
    return moved.model_copy(update={"stage": _stage(moved)})


def _co_driving(row: TrainingPath, network: str, since: date) -> dict[str, Any]:
    return {
        "co_driving": dict(sorted({**row.co_driving, network: since}.items())),
        "co_driver_first_on": earlier(row.co_driver_first_on, since),
    }


def _one_run_more(row: TrainingPath, ended_on: date) -> dict[str, Any]:
    return {"runs": row.runs + 1, "first_run_on": earlier(row.first_run_on, ended_on)}


def earlier(known: date | None, told: date) -> date:
    return min(known or told, told)


def _stage(row: TrainingPath) -> PathStage:
    """How far the person is (M13): the furthest step that is reached."""
    steps = (
        (row.in_pool, PathStage.IN_POOL),
        (row.qualified_on is not None, PathStage.QUALIFIED),
        (row.diploma_on is not None, PathStage.DIPLOMA_ONLY),
        (row.runs > 0, PathStage.DRIVEN_ONLY),
        (bool(row.co_driving), PathStage.CO_DRIVING),
    )
    return next((stage for reached, stage in steps if reached), PathStage.CANDIDATE)


TRAINING_PATH = View.of(
    TrainingPath, PathEvent, keys=_people_of, fold=_fold_path, indexes=("stage", "innovator")
)
