"""What the overview shows to whom: everybody, those who choose, and those inside a network."""

from datetime import date
from uuid import UUID

from shared.contracts.vocabulary import (
    HalfYear,
    NetworkResult,
    NetworkState,
    NetworkType,
    NextStep,
    OrgUnitId,
    PersonId,
    PhaseKey,
    Touchpoint,
)
from shared.kernel.facts import Row


class NetworkPage(Row):
    """A network as everybody may see it (V8, P41).

    What the chief forum has treated comes from its slots' streams, all else from the network's
    own; until that has arrived, `title`, `network_type`, `state` and `half_year` are missing.
    """

    network_id: UUID
    title: str | None = None
    network_type: NetworkType | None = None
    state: NetworkState | None = None
    next_step: NextStep = NextStep.NOTHING
    """What it waits for; a suggestion, not an order."""
    theme_id: UUID | None = None
    type_aligned: bool = True
    imported: bool = False
    half_year: HalfYear | None = None
    """The one it started in, or is planned for."""
    planned_start: date | None = None
    started_on: date | None = None
    estimated_end: date | None = None
    overdue_after: date | None = None
    """Past this day it is overdue; missing where nothing is late (R90, R92, R94)."""
    planned_close: date | None = None
    ended_on: date | None = None
    result: NetworkResult | None = None
    purpose: str | None = None
    base_anchor: OrgUnitId | None = None
    political_vision_ref: str | None = None
    leader_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    reference_leader_id: PersonId | None = None
    phases: tuple[PhaseKey, ...] = ()
    phases_completed: tuple[PhaseKey, ...] = ()
    current_phase: PhaseKey | None = None
    on_break_since: date | None = None
    receiving_units: tuple[OrgUnitId, ...] = ()
    touchpoints_treated: tuple[Touchpoint, ...] = ()
    """What the chief forum has treated of it, in the order of a network's life (R86)."""
    touchpoints_missing: tuple[Touchpoint, ...] = ()
    """What it has still to treat of a learning network that goes on (R86)."""


class MatchBoard(Row):
    """Who could lead and back a network: for those who choose (V13, P45)."""

    network_id: UUID
    title: str | None = None
    network_type: NetworkType | None = None
    state: NetworkState | None = None
    theme_id: UUID | None = None
    opted_in: tuple[PersonId, ...] = ()
    """Those who are willing to be its reference leader (R150)."""
    leader_id: PersonId | None = None
    reference_leader_id: PersonId | None = None


class TestGate(Row):
    """Whether a network is ready for its test: for those inside it (V22, P42)."""

    network_id: UUID
    state: NetworkState | None = None
    test_funding_secured: bool = False
    receiving_units: tuple[OrgUnitId, ...] = ()
