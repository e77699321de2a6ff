"""What several facts of networks have in common."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.contracts.vocabulary import (
    ActorGroup,
    Intensity,
    NoteId,
    PersonId,
    PhaseKey,
)
from shared.policy import Period


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PlannedPhase(_Part):
    """A period of a network's course as it is planned (R91, R96); weeks are without breaks."""

    phase: PhaseKey
    label: str | None = None
    planned_start: date | None = None
    estimated_weeks: float | None = None
    intensity: Intensity | None = None
    estimated_hours: float | None = None


class Profile(_Part):
    """The network type's frame as it was at the start; it stays when the policy changes (R75)."""

    purpose: str
    intended_difference: str
    goals: str
    success_criteria: str
    coupling: str
    actor_groups: tuple[ActorGroup, ...]
    phases: tuple[PhaseKey, ...]
    intensive_weeks_total: int | None = None
    estimate_min: Period | None = None
    estimate_max: Period | None = None


class Crew(_Part):
    """Who carries a network at the time of a fact; `line_manager_ids` are theirs."""

    leader_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    reference_leader_id: PersonId | None = None
    line_manager_ids: tuple[PersonId, ...] = ()


class Service(_Part):
    """How long somebody held a role; `late` when a co-driver came after the first phase (R137)."""

    person_id: PersonId
    since: date
    until: date
    late: bool = False


class CrewAtClosing(_Part):
    """Who held the roles when the network closed; those who left before are not in it (R136)."""

    leader: Service | None = None
    co_driver: Service | None = None
    reference_leader: Service | None = None


class PhaseTaken(_Part):
    """What a phase took in the end; a phase that was never begun has no dates."""

    phase: PhaseKey
    started_on: date | None = None
    completed_on: date | None = None
    estimated_weeks: float | None = None
    actual_weeks: float | None = None
    break_days: int = 0


class ContractSection(_Part):
    """One party's part of the mandate contract (R147): the texts are notes, `sha256` seals them.

    `complete` says that content, role and responsibility are all there.
    """

    content_note: NoteId | None = None
    role_note: NoteId | None = None
    responsibility_note: NoteId | None = None
    sha256: str
    complete: bool
