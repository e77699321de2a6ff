"""Whom one can ask to lead, and what speaks for each."""

from datetime import date
from typing import Any, assert_never
from uuid import UUID

from services.training.projections.training_path import earlier
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
    structure, and what was recorded from before it; and whether the person can be asked (R125).
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
    available: bool = True
    """What the person told last; who never told anything can be asked."""
    available_from: date | None = None
    available_until: date | None = None
    """The first and the last day it holds for; before and after them the opposite does."""

    def is_available_on(self, day: date) -> bool:
        """Tell whether the person can be asked for a network that day (R125)."""
        holds = (self.available_from or day) <= day <= (self.available_until or day)
        return self.available if holds else not self.available


def _fold_pool(row: LeaderPool | None, fact: Recorded[LeaderEvent], key: str) -> LeaderPool | None:
    known, row = row, row or LeaderPool(person_id=UUID(key))
    event = fact.event
    changed: dict[str, Any]
    match event:
        case LeaderInterestRegistered():
            changed = {"wish": event.wish}
        case AvailabilityChanged():
            told = ("available", "available_from", "available_until")
            changed = {field: getattr(event, field) for field in told}
        case PriorQualificationRecorded():
            changed = {"prior_experience": (*row.prior_experience, event.what)}
            if event.what is PriorExperience.DIPLOMA:
                changed["diploma_on"] = earlier(row.diploma_on, event.on)
        case CoDrivingCompleted():
            changed = {"networks_co_driven": (*row.networks_co_driven, event.network_id)}
        case LeadingCompleted():
            changed = {"networks_led": (*row.networks_led, event.network_id)}
        case DiplomaAwarded():
            changed = {"diploma_on": earlier(row.diploma_on, event.awarded_on)}
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
        case InnovatorJoinedCorps() | InnovatorLeftCorps():
            return known  # an innovator as such is nobody to lead
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


LEADER_POOL = View.of(
    LeaderPool,
    LeaderEvent,
    keys=stream_key,
    fold=_fold_pool,
    indexes=("in_pool", "qualified", "basis", "wish", "available"),
)
