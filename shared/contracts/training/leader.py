"""A person's way from an interest to network leader, into the pool and into the corps."""

from datetime import date
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
    Title,
)
from shared.kernel.events import Event


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
    title: Title | None = None
    """What the driven network was called, where that was said."""
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


class AvailabilityChanged(Event):
    """A leader can be asked or not, from and until given days or from now on (R125).

    Who has never told is available; why somebody is not is nobody's business.
    """

    person_id: PersonId
    available: bool
    available_from: date | None = None
    available_until: date | None = None
    """The first and the last day it holds for; None where it has no such bound."""


class DiplomaAwarded(Event):
    """A participant has passed the whole exam, or passed it again after the cohort ended (R181)."""

    person_id: PersonId
    cohort_id: UUID
    awarded_on: date


class InnovatorJoinedCorps(Event):
    """A person belongs to the innovators whom leaders can draw on (R21, R252)."""

    person_id: PersonId
    cohort_id: UUID | None = None
    """The innovator programme's cohort it came by; None when the secretariat said so."""


class InnovatorLeftCorps(Event):
    """A person is no innovator any more, or not by this cohort (R252)."""

    person_id: PersonId
    cohort_id: UUID | None = None
    """The cohort that the person did not take part in after all; None when it is all over."""
    remains: bool = False
    """Whether another cohort or the secretariat's own word keeps the person in the corps."""
    reason_note: NoteId | None = None


LeaderEvent = (
    LeaderInterestRegistered
    | AvailabilityChanged
    | PriorQualificationRecorded
    | CoDrivingCompleted
    | LeadingCompleted
    | DiplomaAwarded
    | LeaderQualified
    | LeaderAdmittedToPool
    | LeaderLeftPool
    | InnovatorJoinedCorps
    | InnovatorLeftCorps
)
