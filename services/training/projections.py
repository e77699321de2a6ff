"""Whom one can ask to lead, and how far each person is on the way."""

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
    CoDrivingCompleted,
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
    PoolBasis,
    PriorExperience,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key


class LeaderPool(Row):
    """Whom one can ask to lead (V31): in the pool or on the way to it, keyed by the person.

    What qualifies a person stands beside it: the diploma's date, the networks driven inside the
    structure, and what was recorded from before it.
    """

    person_id: PersonId
    in_pool: bool = False
    basis: PoolBasis | None = None
    generation: int | None = None
    admitted_on: date | None = None
    left_on: date | None = None
    qualified: bool = False
    qualified_on: date | None = None
    diploma_on: date | None = None
    networks_led: tuple[UUID, ...] = ()
    networks_co_driven: tuple[UUID, ...] = ()
    prior_experience: tuple[PriorExperience, ...] = ()
    wish: LeaderWish | None = None


def _fold_pool(row: LeaderPool | None, fact: Recorded[LeaderEvent], key: str) -> LeaderPool:
    row = row or LeaderPool(person_id=UUID(key))
    event = fact.event
    changed: dict[str, Any]
    match event:
        case LeaderInterestRegistered():
            changed = {"wish": event.wish}
        case PriorQualificationRecorded():
            changed = {"prior_experience": (*row.prior_experience, event.what)}
            if event.what is PriorExperience.DIPLOMA:
                changed["diploma_on"] = _earlier(row.diploma_on, event.on)
        case CoDrivingCompleted():
            changed = {"networks_co_driven": (*row.networks_co_driven, event.network_id)}
        case LeadingCompleted():
            changed = {"networks_led": (*row.networks_led, event.network_id)}
        case LeaderQualified():
            changed = {"qualified": True, "qualified_on": event.on}
        case LeaderAdmittedToPool():
            changed = {
                "in_pool": True,
                "basis": event.basis,
                "generation": event.generation,
                "admitted_on": event.on,
                "left_on": None,
            }
        case LeaderLeftPool():
            changed = {"in_pool": False, "basis": None, "generation": None, "left_on": event.on}
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


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


def _fold_path(row: TrainingPath | None, fact: Recorded[PathEvent], key: str) -> TrainingPath:
    # What the person's own stream tells and what each network tells fall into fields apart, so
    # that it does not matter which of them is heard first.
    row = row or TrainingPath(person_id=UUID(key))
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
            changed = {"diploma_on": _earlier(row.diploma_on, event.on)}
        case PriorQualificationRecorded():
            changed = _one_run_more(row, event.on)
        case CoDrivingCompleted() | LeadingCompleted():
            changed = _one_run_more(row, event.until)
        case LeaderQualified():
            changed = {"qualified_on": event.on}
        case LeaderAdmittedToPool():
            changed = {"in_pool": True, "pool_on": event.on}
        case LeaderLeftPool():
            changed = {"in_pool": False}
        case other:
            assert_never(other)
    moved = row.model_copy(update=changed)
    return moved.model_copy(update={"stage": _stage(moved)})


def _co_driving(row: TrainingPath, network: str, since: date) -> dict[str, Any]:
    return {
        "co_driving": dict(sorted({**row.co_driving, network: since}.items())),
        "co_driver_first_on": _earlier(row.co_driver_first_on, since),
    }


def _one_run_more(row: TrainingPath, ended_on: date) -> dict[str, Any]:
    return {"runs": row.runs + 1, "first_run_on": _earlier(row.first_run_on, ended_on)}


def _earlier(known: date | None, told: date) -> date:
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


LEADER_POOL = View.of(
    LeaderPool,
    LeaderEvent,
    keys=stream_key,
    fold=_fold_pool,
    indexes=("in_pool", "qualified", "basis", "wish"),
)
TRAINING_PATH = View.of(
    TrainingPath, PathEvent, keys=_people_of, fold=_fold_path, indexes=("stage",)
)

VIEWS = (LEADER_POOL, TRAINING_PATH)
