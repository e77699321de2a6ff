"""What notifications knows when it tells: who is concerned."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

from shared.contracts.vocabulary import (
    CohortState,
    ExamPart,
    HalfYear,
    MandateParty,
    NetworkType,
    OrgUnitId,
    PersonId,
    PhaseKey,
    Programme,
)
from shared.kernel.facts import Row


class NetworkCrew(Row):
    """Who carries a network, and what is awaited of it; keyed by the network's id."""

    title: str = ""
    network_type: NetworkType | None = None
    leader_id: PersonId | None = None
    leader_line_manager_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    co_driver_line_manager_id: PersonId | None = None
    reference_leader_id: PersonId | None = None
    phases: Mapping[PhaseKey, str] = {}
    """The phases of the plan, each with the name that the plan gives it ("" when it gives none)."""
    begun: tuple[PhaseKey, ...] = ()
    """The phases that have begun, which nobody awaits any more."""
    awaited: Mapping[MandateParty, date] = {}
    """The parties of the mandate contract that are still to agree, each since when."""

    def holder(self, party: MandateParty) -> PersonId | None:
        """Who stands for a party; None where nobody does, and the secretariat is no person."""
        match party:
            case MandateParty.NETWORK_LEADER:
                return self.leader_id
            case MandateParty.REFERENCE_LEADER:
                return self.reference_leader_id
            case MandateParty.LINE_MANAGER:
                return self.leader_line_manager_id
            case MandateParty.SECRETARIAT:
                return None
            case other:
                assert_never(other)

    def label(self, phase: PhaseKey) -> str:
        """The name of a phase, as people read it."""
        return self.phases.get(phase) or phase.replace("_", " ")


class KnownTheme(Row):
    """A theme as those who are told of it need it; keyed by the theme's id."""

    theme_id: UUID
    title: str
    proposer_id: PersonId
    affected_departments: tuple[OrgUnitId, ...] = ()


class OpenedRounds(Row):
    """The theme rounds there have been; the one row has the key `all` (R51)."""

    opened_on: Mapping[HalfYear, date] = {}
    """Each half-year -> when its round was opened."""

    @property
    def latest(self) -> HalfYear:
        """The round of the latest half-year."""
        return max(self.opened_on)


class KnownCohort(Row):
    """A cohort as what is awaited of it and its participants needs it, keyed by its id."""

    title: str = ""
    programme: Programme | None = None
    state: CohortState = CohortState.PLANNED
    size_min: int = 0
    day_count: int = 0
    """How many training days there are to be; 0 while nobody has told."""
    thought_to_begin: date | None = None
    days: Mapping[str, date] = {}
    """The training days that have a date, by number: `1` is the first."""
    enrolled: tuple[PersonId, ...] = ()
    """Who has a place, in order of their ids."""
    passed: tuple[str, ...] = ()
    """The parts of the exam that are passed: `written/<person>`, in order."""

    @property
    def begins_on(self) -> date | None:
        """The first training day, or when it is thought to be."""
        return self.days.get("1") or self.thought_to_begin

    @property
    def last_day(self) -> date | None:
        """The last training day; None while it has no date."""
        return self.days.get(str(self.day_count))

    @property
    def is_below_minimum(self) -> bool:
        """Whether it is open, and it takes more people for it to take place (R170)."""
        return self.state is CohortState.OPEN and len(self.enrolled) < self.size_min

    def awaits(self, person_id: PersonId, part: ExamPart) -> bool:
        """Whether a participant has still to pass a part of the exam (R181)."""
        return (
            self.programme is Programme.DIPLOMA
            and self.state is not CohortState.CANCELLED
            and person_id in self.enrolled
            and exam_item(part, person_id) not in self.passed
        )


def exam_item(part: ExamPart, person_id: PersonId) -> str:
    """Name a part of the exam of one person."""
    return f"{part}/{person_id}"


class StartedCohorts(Row):
    """The cohorts of a programme that have begun and were not cancelled, keyed by it (R169)."""

    first_days: Mapping[str, date] = {}
    """Each cohort's id -> its first training day."""

    @property
    def latest(self) -> str | None:
        """The cohort that began last; None where there is none."""
        begun = self.first_days
        return max(begun, key=lambda each: (begun[each], each), default=None)
