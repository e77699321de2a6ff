"""The course of a network: its phases and breaks, and how facts about them change it (M5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from shared.contracts.networks import (
    CourseEvent,
    ImplementationStarted,
    NetworkBreakEnded,
    NetworkBreakStarted,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    PlannedPhase,
    TestFundingSecured,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import OrgUnitId, PhaseKey

TEST: PhaseKey = "test"
IMPLEMENTATION: PhaseKey = "implementation"


@dataclass(frozen=True)
class PhaseRun:
    """A phase: its plan, and how far it is. An imported one may be over without dates."""

    plan: PlannedPhase
    started_on: date | None = None
    is_over: bool = False
    completed_on: date | None = None
    actual_weeks: float | None = None
    break_days: int = 0

    @property
    def phase(self) -> PhaseKey:
        """The phase's key."""
        return self.plan.phase

    @property
    def label(self) -> str:
        """What people call the phase."""
        return self.plan.label or self.phase

    @property
    def is_running(self) -> bool:
        """Whether it has begun and is not over."""
        return self.started_on is not None and not self.is_over

    @property
    def has_begun(self) -> bool:
        """Whether it is running or over."""
        return self.started_on is not None or self.is_over


@dataclass(frozen=True)
class Course:
    """The phases in order, and the breaks within and between them."""

    phases: tuple[PhaseRun, ...] = ()
    breaks: int = 0
    break_days: int = 0
    last_break_ended: date | None = None
    funding: TestFundingSecured | None = None
    receiving_units: tuple[OrgUnitId, ...] = ()

    @classmethod
    def planned(cls, plans: Iterable[PlannedPhase], over: Iterable[PhaseKey] = ()) -> "Course":
        """Begin with a plan, in which the phases in `over` are behind the network."""
        done = frozenset(over)
        return cls(tuple(PhaseRun(each, is_over=each.phase in done) for each in plans))

    def find(self, phase: PhaseKey) -> PhaseRun | None:
        """The phase with this key, if the course has it."""
        return next((each for each in self.phases if each.phase == phase), None)

    @property
    def plans(self) -> tuple[PlannedPhase, ...]:
        """The plan of every phase, in order."""
        return tuple(each.plan for each in self.phases)

    @property
    def working(self) -> tuple[PhaseRun, ...]:
        """The phases before the test and the implementation."""
        return tuple(each for each in self.phases if each.phase not in (TEST, IMPLEMENTATION))

    @property
    def current(self) -> PhaseRun | None:
        """The phase that is running."""
        return next((each for each in self.phases if each.is_running), None)

    @property
    def happened_last(self) -> date | None:
        """The latest day on which a phase began or ended, or a break ended."""
        days = [day for each in self.phases for day in (each.started_on, each.completed_on)]
        return max((day for day in (*days, self.last_break_ended) if day), default=None)

    @property
    def phases_completed(self) -> int:
        """How many phases are over."""
        return sum(each.is_over for each in self.phases)

    def replanned(self, plans: Iterable[PlannedPhase]) -> "Course":
        """Take another plan; what has happened in a phase stays with it."""
        known = {each.phase: each for each in self.phases}
        runs = (replace(known.get(plan.phase, PhaseRun(plan)), plan=plan) for plan in plans)
        return replace(self, phases=tuple(runs))

    def changed(self, phase: PhaseKey, **changes: Any) -> "Course":
        """Change one phase."""
        runs = (replace(each, **changes) if each.phase == phase else each for each in self.phases)
        return replace(self, phases=tuple(runs))

    def ended(self, phase: PhaseKey, on: date) -> "Course":
        """End a phase that is running because the next one has begun."""
        run = self.find(phase)
        running = run is not None and run.is_running
        return self.changed(phase, is_over=True, completed_on=on) if running else self

    def after_break(self, ended: date, days: int) -> "Course":
        """Count a break that has ended, also in the phase it fell in (R95)."""
        current = self.current
        course = (
            self.changed(current.phase, break_days=current.break_days + days) if current else self
        )
        return replace(
            course,
            breaks=self.breaks + 1,
            break_days=self.break_days + days,
            last_break_ended=ended,
        )


def evolve_course(course: Course, fact: CourseEvent) -> Course:
    """Change the course by a fact about it."""
    match fact:
        case PhasePlanRevised():
            return course.replanned(fact.phases)
        case PhaseStarted():
            return course.changed(fact.phase, started_on=fact.on)
        case PhaseCompleted():
            return course.changed(
                fact.phase,
                is_over=True,
                completed_on=fact.on,
                actual_weeks=fact.actual_weeks,
                break_days=fact.break_days,
            )
        case NetworkBreakStarted():
            return course
        case NetworkBreakEnded():
            return course.after_break(fact.on, fact.days)
        case TestFundingSecured():
            return replace(course, funding=fact)
        case TestPhaseStarted():
            began = course.changed(TEST, started_on=fact.on)
            return replace(began, receiving_units=fact.receiving_units)
        case ImplementationStarted():
            began = course.changed(IMPLEMENTATION, started_on=fact.on)
            return replace(began.ended(TEST, fact.on), receiving_units=fact.receiving_units)
        case other:
            assert_never(other)
