"""The course: its plan, phases, breaks, the test and the implementation."""

from datetime import date

from shared.contracts.networks.parts import Crew, PlannedPhase
from shared.contracts.vocabulary import (
    FundingSource,
    Intensity,
    NoteId,
    OrgUnitId,
    PersonId,
    PhaseKey,
)
from shared.kernel.events import Event


class PhasePlanRevised(Event):
    """The course was planned anew (R97); `removed` names phases that the plan no longer has."""

    planned_start: date | None = None
    phases: tuple[PlannedPhase, ...]
    removed: tuple[PhaseKey, ...] = ()
    estimated_end: date | None = None
    leader_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    line_manager_ids: tuple[PersonId, ...] = ()
    reason: str | None = None


class PhaseStarted(Event):
    """A phase begins, in order (R99)."""

    phase: PhaseKey
    estimated_weeks: float | None = None
    intensity: Intensity | None = None


class PhaseCompleted(Event):
    """A phase is over, once (R99); breaks are in `break_days` and not in the weeks (R95)."""

    phase: PhaseKey
    started_on: date
    estimated_weeks: float | None = None
    actual_weeks: float | None = None
    actual_hours: float | None = None
    break_days: int
    last_intensive: bool
    next_phase: PhaseKey | None = None
    crew: Crew
    learning_note: NoteId | None = None


class NetworkBreakStarted(Event):
    """The network takes a break, its `number`th (R95)."""

    number: int
    reason_note: NoteId
    expected_end: date | None = None
    phase: PhaseKey | None = None


class NetworkBreakEnded(Event):
    """The network goes on after a break (R95)."""

    number: int
    started_on: date
    days: int


class TestFundingSecured(Event):
    """There is money for the test (R154); amounts are in oere."""

    source: FundingSource
    amount_ore: int | None = None
    responsible_id: PersonId
    reference: str | None = None


class TestPhaseStarted(Event):
    """The last phase before the implementation begins, with those who take over (R100, R162)."""

    idea_titles: tuple[str, ...] = ()
    new_actors: tuple[PersonId, ...] = ()
    receiving_units: tuple[OrgUnitId, ...]
    crew: Crew
    funding_secured: bool


class ImplementationStarted(Event):
    """The solutions go into the base (R100); `tested` is false when that was set aside."""

    receiving_units: tuple[OrgUnitId, ...] = ()
    crew: Crew
    tested: bool
    test_result: str | None = None


CourseEvent = (
    PhasePlanRevised
    | PhaseStarted
    | PhaseCompleted
    | NetworkBreakStarted
    | NetworkBreakEnded
    | TestFundingSecured
    | TestPhaseStarted
    | ImplementationStarted
)
