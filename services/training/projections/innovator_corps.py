"""Which innovators one can draw on (R21, R185, R252)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from services.training.projections.crews import CrewHeard, people_of
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
)
from shared.contracts.training import CohortCompleted, InnovatorJoinedCorps, InnovatorLeftCorps
from shared.contracts.vocabulary import PersonId, Programme
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

CorpsHeard = InnovatorJoinedCorps | InnovatorLeftCorps | CohortCompleted | CrewHeard


class InnovatorCorps(Row):
    """An innovator, in training or after it, and where they work now (V38); keyed by the person.

    Whoever is in a network's crew has a row, so that their networks are known when they join.
    """

    person_id: PersonId
    in_corps: bool = False
    joined_on: date | None = None
    left_on: date | None = None
    cohorts: tuple[UUID, ...] = ()
    """The cohorts that the person is in the corps by; none by the secretariat's word alone."""
    completed: tuple[UUID, ...] = ()
    """The innovator programme's cohorts that the person was in to the end."""
    in_training: bool = False
    """Whether one of `cohorts` is not completed yet."""
    networks: tuple[UUID, ...] = ()
    """The networks that the person leads or co-drives now."""
    unused: bool = False
    """Whether the person has finished with every one of them and is in no network (R252)."""


def _people_of(fact: Recorded[CorpsHeard]) -> Iterable[str]:
    event = fact.event
    match event:
        case CohortCompleted():
            people = event.participants if event.programme is Programme.INNOVATOR else ()
        case InnovatorJoinedCorps() | InnovatorLeftCorps():
            people = (event.person_id,)
        case _:
            people = tuple(people_of(event))
    return map(str, people)


def _fold(row: InnovatorCorps | None, fact: Recorded[CorpsHeard], key: str) -> InnovatorCorps:
    # What the person's stream, each cohort and each network tell is kept apart, and what follows
    # from all of it is worked out anew each time.
    row = row or InnovatorCorps(person_id=UUID(key))
    event = fact.event
    changed: dict[str, Any]
    match event:
        case InnovatorJoinedCorps():
            joined_on = row.joined_on if row.in_corps else event.on
            changed = {"in_corps": True, "joined_on": joined_on, "left_on": None}
            if event.cohort_id:
                changed["cohorts"] = _with(row.cohorts, event.cohort_id)
        case InnovatorLeftCorps(remains=True):
            changed = {"cohorts": _without(row.cohorts, event.cohort_id)}
        case InnovatorLeftCorps():
            changed = {"in_corps": False, "left_on": event.on, "cohorts": ()}
        case CohortCompleted():
            changed = {"completed": _with(row.completed, UUID(fact.key))}
        case NetworkLeaderReplaced() if row.person_id == event.replaced_id:
            changed = {"networks": _without(row.networks, UUID(fact.key))}
        case (
            NetworkImported()
            | NetworkLeaderAssigned()
            | NetworkLeaderReplaced()
            | CoDriverAssigned()
        ):
            changed = {"networks": _with(row.networks, UUID(fact.key))}
        case CoDriverReleased() | NetworkClosed() | NetworkCancelled():
            changed = {"networks": _without(row.networks, UUID(fact.key))}
        case other:
            assert_never(other)
    now = row.model_copy(update=changed)
    in_training = bool(set(now.cohorts) - set(now.completed))
    unused = now.in_corps and not in_training and not now.networks
    return now.model_copy(update={"in_training": in_training, "unused": unused})


def _with(ids: tuple[UUID, ...], another: UUID) -> tuple[UUID, ...]:
    return tuple(sorted({*ids, another}))


def _without(ids: tuple[UUID, ...], one: UUID | None) -> tuple[UUID, ...]:
    return tuple(each for each in ids if each != one)


INNOVATOR_CORPS = View.of(
    InnovatorCorps,
    CorpsHeard,
    keys=_people_of,
    fold=_fold,
    indexes=("in_corps", "in_training", "unused", "joined_on"),
)
