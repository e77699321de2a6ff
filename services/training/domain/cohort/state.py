"""A cohort: a class of people who are trained together, and all that binds them.

Its life (M11): planned; open, so that one can enrol; confirmed; running from the first training
day on; completed, or cancelled on the way. Places and waiting list lie in the same stream, because
the size restrains them; so do the days, who was there, and what each participant costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.training.domain.cohort.life import (
    Cancelled,
    Completed,
    Confirmed,
    Life,
    Open,
    Planned,
    Running,
)
from services.training.domain.cost_split import CostShares
from shared.contracts.training import (
    COHORT,
    CohortCancelled,
    CohortCompleted,
    CohortConfirmed,
    CohortEvent,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentRequested,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    TrainingCostAllocated,
    TrainingCostCorrected,
    TrainingDayAttended,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import OrgUnitId, PersonId, Programme, Title
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.refusals import Refused


@dataclass(frozen=True)
class NotPlanned:
    """There is no such cohort yet."""


@dataclass(frozen=True)
class ScheduledDay:
    """When and where a training day is held, and how often it has moved."""

    starts_at: datetime
    ends_at: datetime
    place: str | None
    sequence: int = 0


@dataclass(frozen=True)
class Cost:
    """What a participant's training costs now, and what was allocated to whom at first."""

    allocated_ore: int
    allocated_to: OrgUnitId
    shares: CostShares
    department_id: OrgUnitId


@dataclass(frozen=True)
class Cohort:
    """A cohort: where it is in its life, who has a place, its days, and what it costs."""

    plan: CohortPlanned
    life: Life
    enrolled: tuple[PersonId, ...] = ()
    """Who has a place, in the order they got it; they keep it when the cohort is completed."""
    waiting: tuple[PersonId, ...] = ()
    """Who waits for a place, the next one first."""
    departments: Mapping[PersonId, OrgUnitId | None] = field(default_factory=dict)
    """Everybody who ever enrolled -> the department that was told then."""
    named: frozenset[PersonId] = frozenset()
    """Those of them whose department was named by whoever asked, and pays."""
    began_with: frozenset[PersonId] = frozenset()
    """Who had a place when it began; nobody comes in after that."""
    days: Mapping[int, ScheduledDay] = field(default_factory=dict)
    """The training days that have a date, by their number."""
    present: Mapping[int, frozenset[PersonId]] = field(default_factory=dict)
    """Who was there, by the training day's number."""
    costs: Mapping[PersonId, Cost] = field(default_factory=dict)

    @property
    def programme(self) -> Programme:
        """What its participants are trained for."""
        return self.plan.programme

    @property
    def is_full(self) -> bool:
        """Whether the next one has to wait for a place (R170)."""
        return self.plan.size_max is not None and len(self.enrolled) >= self.plan.size_max

    def costing(self, person_ids: Iterable[PersonId]) -> tuple[PersonId, ...]:
        """Those of the people for whom somebody pays something now (R173)."""
        return tuple(
            each
            for each in person_ids
            if each in self.costs and self.costs[each].shares.total_ore > 0
        )

    def title_of(self, day: int) -> Title:
        """The title of a training day; refused for a number that the cohort has not (R174)."""
        if not 1 <= day <= len(self.plan.days):
            raise Refused("training_day_unknown", "R174", day=day, days=len(self.plan.days))
        return self.plan.days[day - 1]


CohortState = NotPlanned | Cohort


def evolve(state: CohortState, fact: CohortEvent) -> CohortState:
    """Change a cohort by a fact."""
    if isinstance(fact, CohortPlanned):
        return Cohort(fact, Planned())
    assert isinstance(state, Cohort), f"{type(fact).__name__} before there is a cohort"
    match fact:
        case CohortOpened():
            return replace(state, life=Open(fact.enrol_by))
        case CohortConfirmed():
            return replace(state, life=Confirmed())
        case CohortStarted():
            return replace(state, life=Running(), began_with=frozenset(fact.participants))
        case CohortCompleted():
            return replace(state, life=Completed())
        case CohortCancelled():
            return replace(state, life=Cancelled())
        case EnrolmentRequested():
            told = {**state.departments, fact.person_id: fact.department_id}
            named = {fact.person_id} if fact.department_named else set()
            return replace(state, departments=told, named=state.named - {fact.person_id} | named)
        case EnrolmentConfirmed():
            cohort = _without(state, fact.person_id)
            return replace(cohort, enrolled=(*cohort.enrolled, fact.person_id))
        case EnrolmentWaitlisted():
            return replace(state, waiting=(*state.waiting, fact.person_id))
        case EnrolmentWithdrawn():
            return _without(state, fact.person_id)
        case EnrolmentLapsed():
            return state
        case TrainingDayScheduled():
            day = ScheduledDay(fact.starts_at, fact.ends_at, fact.place, fact.sequence)
            return replace(state, days={**state.days, fact.day: day})
        case TrainingDayAttended():
            others = state.present.get(fact.day, frozenset()) - {fact.person_id}
            present = others | {fact.person_id} if fact.present else others
            return replace(state, present={**state.present, fact.day: present})
        case TrainingCostAllocated() | TrainingCostCorrected():
            return replace(state, costs={**state.costs, fact.person_id: _cost(state, fact)})
        case other:
            assert_never(other)


def _without(cohort: Cohort, person_id: PersonId) -> Cohort:
    return replace(
        cohort,
        enrolled=tuple(each for each in cohort.enrolled if each != person_id),
        waiting=tuple(each for each in cohort.waiting if each != person_id),
    )


def _cost(cohort: Cohort, fact: TrainingCostAllocated | TrainingCostCorrected) -> Cost:
    before = cohort.costs.get(fact.person_id)
    return Cost(
        allocated_ore=before.allocated_ore if before else fact.total_ore,
        allocated_to=before.allocated_to if before else fact.department_id,
        shares=CostShares(fact.base_ore, fact.secretariat_ore),
        department_id=fact.department_id,
    )


COHORTS: Aggregate[CohortState, CohortEvent] = Aggregate(COHORT, NotPlanned(), evolve)


class CohortCommand(Command[CohortState, CohortEvent]):
    """A command to a cohort that there is; subclasses implement `decide_active`.

    One that has ended takes no more commands, refused here for all of them, except that the
    command which ended it may be repeated (`already`).
    """

    aggregate = COHORTS

    def decide(self, state: CohortState, ctx: Context) -> Sequence[CohortEvent]:
        """Refuse when the cohort has ended, else decide."""
        assert isinstance(state, Cohort)
        if self.already(state):
            return []
        if isinstance(state.life, Cancelled):
            raise Refused("cohort_cancelled", "R172")
        if isinstance(state.life, Completed):
            raise Refused("cohort_ended", "R172")
        return self.decide_active(state, ctx)

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Decide on a cohort that has not ended."""
        raise NotImplementedError

    def already(self, cohort: Cohort) -> bool:
        """Tell whether the cohort's life is just as this command wants it."""
        return False
