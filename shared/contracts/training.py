"""What training tells: stored forever, so names and fields are a promise."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.vocabulary import (
    DrivingRole,
    LeaderWish,
    NetworkType,
    NoteId,
    PersonId,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.events import Event, StreamKind


class LeaderInterestRegistered(Event):
    """A person would like to lead or co-drive a network (R43)."""

    person_id: PersonId
    wish: LeaderWish
    themes_note: NoteId | None = None
    """About which themes, in the person's own words."""


class PriorQualificationRecorded(Event):
    """A diploma or a driven network from before the system counts from now on (R110, R111).

    `on` is the date of the diploma or of the driven network's end.
    """

    person_id: PersonId
    what: PriorExperience
    evidence_note: NoteId
    """What the secretariat saw of it."""


class _RunCompleted(Event):
    person_id: PersonId
    network_id: UUID
    network_type: NetworkType
    since: date
    until: date
    late: bool = False
    """Whether the person came in after the first phase; it counts all the same (R137)."""


class CoDrivingCompleted(_RunCompleted):
    """A co-driver was there when the network closed (R136)."""


class LeadingCompleted(_RunCompleted):
    """A network leader was there when the network closed (R136)."""


class QualifyingRun(BaseModel):
    """A network that was driven to its end; without an id when it was before the system."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: DrivingRole
    network_id: UUID | None = None


class LeaderQualified(Event):
    """A person has both the diploma and a driven network, whichever came first (R111, R168).

    `on` is the later of the two dates.
    """

    person_id: PersonId
    diploma_on: date
    runs: tuple[QualifyingRun, ...]


class LeaderAdmittedToPool(Event):
    """A person is among those one looks to for a leader; it is no gate (R110)."""

    person_id: PersonId
    basis: PoolBasis
    generation: int | None = None
    """The version of the network structure in which the person first led, from 1."""
    qualified: bool


class LeaderLeftPool(Event):
    """A person is no longer in the pool (R110)."""

    person_id: PersonId
    reason_note: NoteId | None = None


LeaderEvent = (
    LeaderInterestRegistered
    | PriorQualificationRecorded
    | CoDrivingCompleted
    | LeadingCompleted
    | LeaderQualified
    | LeaderAdmittedToPool
    | LeaderLeftPool
)

LEADER = StreamKind.of("leader", "training", LeaderEvent)


class PolicySetPublished(Event):
    """A rule set applies in a period; told again when its end is set or moved (R230).

    Every service reads its own policy file; the fact tells everyone else what applies when.
    `values` are the file's values as they stood, by its own keys; `on` is the day of publishing.
    """

    policy_version: str
    applies_from: date
    applies_to: date | None = None
    values: Mapping[str, Any]


PolicyEvent = PolicySetPublished

POLICY = StreamKind.of("policy", "training", PolicyEvent)

KINDS = (LEADER, POLICY)
