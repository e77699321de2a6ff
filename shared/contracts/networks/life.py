"""A network begins, is imported, starts and ends."""

from datetime import date
from uuid import UUID

from shared.contracts.networks.parts import Crew, CrewAtClosing, PhaseTaken, PlannedPhase, Profile
from shared.contracts.vocabulary import (
    ActorGroup,
    HalfYear,
    NetworkResult,
    NetworkType,
    NoteId,
    OrgUnitId,
    PersonId,
    PhaseKey,
)
from shared.kernel.events import Event
from shared.policy import Period


class NetworkPlanned(Event):
    """A selected theme is to become a network (R68, R89)."""

    theme_id: UUID
    title: str
    network_type: NetworkType
    type_aligned: bool
    intended_difference: str | None = None
    half_year: HalfYear
    planned_start: date | None = None
    estimate: Period | None = None
    phases: tuple[PlannedPhase, ...]


class NetworkImported(Event):
    """A network that ran already was put into the structure, as it is (R104)."""

    title: str
    purpose: str
    network_type: NetworkType
    started_on: date
    leader_id: PersonId
    leader_line_manager_id: PersonId | None = None
    reference_leader_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    base_anchor: OrgUnitId | None = None
    phases: tuple[PlannedPhase, ...]
    phases_completed: tuple[PhaseKey, ...] = ()
    planned_end: date | None = None


class NetworkThemeLinked(Event):
    """A network that came without a theme got one (R68, R104)."""

    theme_id: UUID
    title: str


class NetworkStarted(Event):
    """The network begins (R89); the estimated end has the breaks in it (R90)."""

    theme_id: UUID
    title: str
    network_type: NetworkType
    half_year: HalfYear
    purpose: str
    intended_difference: str | None = None
    goals: str | None = None
    success_criteria: str | None = None
    knowledge_gap: str | None = None
    actor_groups: tuple[ActorGroup, ...] = ()
    base_anchor: OrgUnitId | None = None
    political_vision_ref: str | None = None
    crew: Crew
    phases: tuple[PlannedPhase, ...]
    estimated_end: date | None = None
    profile: Profile


class NetworkClosingAnnounced(Event):
    """The day the network is to close, so that the chief forum can take it up (R86)."""

    planned_close: date
    title: str
    network_type: NetworkType
    leader_id: PersonId | None = None
    moved_from: date | None = None
    """The day that was announced before; None the first time, and in older facts."""


class NetworkClosed(Event):
    """The network has ended (R89); not adopted is a good end too (R31)."""

    theme_id: UUID | None = None
    title: str
    network_type: NetworkType
    started_on: date
    result: NetworkResult
    lessons_note: NoteId | None = None
    receiving_units: tuple[OrgUnitId, ...] = ()
    crew: CrewAtClosing
    phases: tuple[PhaseTaken, ...]
    break_days: int


class NetworkCancelled(Event):
    """The network came to nothing (R89); nobody gains experience from it (R136).

    `half_year` is the one it started in, or was planned for; `running_phase` and `open_break`
    (its number) were broken off.
    """

    theme_id: UUID | None = None
    title: str
    network_type: NetworkType
    was_started: bool
    half_year: HalfYear
    crew: Crew
    reason_note: NoteId
    running_phase: PhaseKey | None = None
    open_break: int | None = None


LifeEvent = (
    NetworkPlanned
    | NetworkImported
    | NetworkThemeLinked
    | NetworkStarted
    | NetworkClosingAnnounced
    | NetworkClosed
    | NetworkCancelled
)
