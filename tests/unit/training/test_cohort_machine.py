"""Whatever happens to a cohort in whatever order: nobody is passed over, and sums are exact."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.training.domain.cohort.attendance import RecordOneAttendance, RecordTrainingAttendance
from services.training.domain.cohort.costs import AllocateTrainingCost, CorrectTrainingCost
from services.training.domain.cohort.days import ScheduleTrainingDay
from services.training.domain.cohort.ending import CancelCohort, CompleteCohort
from services.training.domain.cohort.enrolment import RequestEnrolment, WithdrawEnrolment
from services.training.domain.cohort.life import Cancelled, Confirmed, Open
from services.training.domain.cohort.planning import (
    ConfirmCohort,
    OpenCohort,
    PlanCohort,
    StartCohort,
)
from services.training.domain.cohort.state import COHORTS, Cohort, CohortState
from services.training.domain.known import PassedExams
from shared.contracts.training import (
    CohortEvent,
    EnrolmentConfirmed,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    TrainingCostAllocated,
    TrainingCostCorrected,
)
from shared.contracts.vocabulary import PersonId, Programme
from shared.kernel.commands import Override
from shared.kernel.facts import Row
from shared.policy.model import Bounds
from shared.testing import TODAY
from shared.testing.kit import NS3, Given, Outcome
from tests.unit.training.cohorts import (
    COHORT,
    DEPARTMENT,
    FIRST,
    HOURS,
    INNOVATORS,
    PEOPLE,
    co_driver,
)

SMALL = NS3.model_copy(
    update={"training": NS3.training.model_copy(update={"cohort_size": Bounds(min=2, max=3)})}
)
"""So that a cohort is full after a few steps."""
SOME = st.sampled_from(PEOPLE[:6])
DAYS = st.integers(min_value=0, max_value=6)
KNOWN: tuple[tuple[str, Row], ...] = (
    *((str(each), co_driver(each)) for each in PEOPLE[:6]),
    (str(COHORT), PassedExams(cohort_id=COHORT, person_ids=PEOPLE[:2])),
)
ANYHOW = Override(rules=frozenset({"R170", "R250"}), reason="Aftalt med chefforum")


class OneCohort(RuleBasedStateMachine):
    """Any command at any time; each is decided, is nothing new, or is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: tuple[CohortEvent, ...] = ()
        self.state: CohortState = COHORTS.initial
        self.past_the_bound = False

    def send(self, command: Any) -> None:
        outcome = self.when(command)
        if outcome.decision is None or not outcome.decision.events:
            return
        new: tuple[Any, ...] = outcome.decision.events
        past = any(each.code == "cohort_full" for each in outcome.decision.envelope.overrides)
        self.past_the_bound |= past
        self.hold_the_order(new, past_the_bound=past)
        self.facts += new
        self.state = COHORTS.replay(new, self.state)
        self.when(command).then_nothing()

    def when(self, command: Any) -> Outcome:
        return Given(self.facts, key=str(COHORT), rows=KNOWN, policy=SMALL).when(command)

    def teardown(self) -> None:
        assert COHORTS.replay(self.facts) == self.state

    def hold_the_order(self, new: tuple[Any, ...], *, past_the_bound: bool) -> None:
        """A place that becomes free goes to whoever came first of those who wait.

        Past the bound the secretariat gives a place to whom it likes.
        """
        for fact in new:
            if isinstance(fact, EnrolmentConfirmed) and past_the_bound:
                assert fact.promoted == (fact.person_id in self.waiting)
            elif isinstance(fact, EnrolmentConfirmed):
                assert fact.promoted == bool(self.waiting)
                assert not fact.promoted or fact.person_id == self.waiting[0]
            if isinstance(fact, EnrolmentWaitlisted):
                assert fact.place == len(self.waiting) + 1

    @property
    def waiting(self) -> list[PersonId]:
        """Who waits, reckoned from the facts alone."""
        waiting: list[PersonId] = []
        for fact in self.facts:
            if isinstance(fact, EnrolmentWaitlisted):
                waiting.append(fact.person_id)
            elif isinstance(fact, EnrolmentConfirmed | EnrolmentWithdrawn):
                waiting = [each for each in waiting if each != fact.person_id]
        return waiting

    @property
    def cohort(self) -> Cohort:
        assert isinstance(self.state, Cohort)
        return self.state

    @initialize(programme=st.sampled_from(Programme), people=st.lists(SOME, max_size=5))
    def plan(self, programme: Programme, people: list[PersonId]) -> None:
        own = {"title": INNOVATORS.title, "days": INNOVATORS.days}
        fields = own if programme is Programme.INNOVATOR else {}
        self.send(PlanCohort.model_validate({"programme": programme, **fields}))
        if people:
            self.open(later=0)
            self.enrol(people)

    @rule(later=st.integers(min_value=0, max_value=1))
    def open(self, later: int) -> None:
        self.send(OpenCohort(enrol_by=TODAY + timedelta(days=later)))

    @rule(people=st.lists(SOME, max_size=5))
    def enrol(self, people: list[PersonId]) -> None:
        for each in people:
            self.send(RequestEnrolment(person_id=each, department_id=DEPARTMENT))

    @rule(person_id=SOME)
    def enrol_anyhow(self, person_id: PersonId) -> None:
        self.send(RequestEnrolment(person_id=person_id, department_id=DEPARTMENT, override=ANYHOW))

    @rule(person_id=SOME)
    def withdraw(self, person_id: PersonId) -> None:
        self.send(WithdrawEnrolment(person_id=person_id))

    @rule(anyhow=st.booleans())
    def confirm(self, *, anyhow: bool) -> None:
        self.send(ConfirmCohort(override=ANYHOW if anyhow else None))

    @rule()
    def start(self) -> None:
        self.send(StartCohort())

    @rule(day=DAYS, later=st.integers(min_value=0, max_value=6))
    def schedule(self, day: int, later: int) -> None:
        begins = FIRST + timedelta(days=later)
        self.send(ScheduleTrainingDay(day=day, starts_at=begins, ends_at=begins + HOURS))

    @rule()
    def schedule_every_day(self) -> None:
        for day in range(1, 6):
            self.schedule(day, day)

    @rule(day=DAYS, present=st.frozensets(SOME, max_size=3), strangers=st.booleans())
    def record_the_list(self, day: int, present: frozenset[PersonId], *, strangers: bool) -> None:
        there = present if strangers else present.intersection(self.cohort.enrolled)
        self.send(RecordTrainingAttendance(day=day, present=there))

    @rule(day=DAYS, person_id=SOME, present=st.booleans())
    def record_one(self, day: int, person_id: PersonId, *, present: bool) -> None:
        self.send(RecordOneAttendance(day=day, person_id=person_id, present=present))

    @rule(ore=st.integers(min_value=0, max_value=3))
    def allocate(self, ore: int) -> None:
        self.send(AllocateTrainingCost(cost_per_participant_ore=10_000_00 + ore))

    @rule(person_id=SOME, ore=st.integers(min_value=0, max_value=1_000_000_000))
    def correct(self, person_id: PersonId, ore: int) -> None:
        charged = next(iter(self.cohort.costs), person_id)
        self.send(CorrectTrainingCost(person_id=charged, cost_ore=ore, reason="Fejl"))

    @rule()
    def complete(self) -> None:
        self.send(CompleteCohort(cohort_id=COHORT))

    @rule()
    def begin(self) -> None:
        self.confirm(anyhow=True)
        self.start()
        self.schedule_every_day()

    @precondition(lambda self: len(self.facts) > 20)
    @rule()
    def cancel(self) -> None:
        self.send(CancelCohort(reason="For få deltagere"))

    @invariant()
    def nobody_has_two_places(self) -> None:
        if self.facts:
            people = (*self.cohort.enrolled, *self.cohort.waiting)
            assert len(people) == len(set(people))

    @invariant()
    def there_are_more_places_than_the_cohort_has_only_where_the_bound_was_set_aside(self) -> None:
        if self.facts and self.cohort.plan.size_max is not None and not self.past_the_bound:
            assert len(self.cohort.enrolled) <= self.cohort.plan.size_max

    @invariant()
    def one_waits_only_where_it_is_full_until_it_runs(self) -> None:
        if self.facts and self.cohort.waiting:
            assert self.cohort.is_full
            assert isinstance(self.cohort.life, Open | Confirmed)

    @invariant()
    def those_who_wait_stand_in_the_order_they_came(self) -> None:
        if self.facts:
            assert list(self.cohort.waiting) == self.waiting

    @invariant()
    def a_cancelled_cohort_has_nobody_in_it(self) -> None:
        if self.facts and isinstance(self.cohort.life, Cancelled):
            assert not self.cohort.enrolled
            assert not self.cohort.waiting

    @invariant()
    def each_participant_is_charged_once_and_exactly(self) -> None:
        told = [each for each in self.facts if isinstance(each, TrainingCostAllocated)]
        assert len({each.person_id for each in told}) == len(told)
        for each in self.facts:
            if isinstance(each, TrainingCostAllocated | TrainingCostCorrected):
                assert each.base_ore + each.secretariat_ore == each.total_ore
                assert each.base_ore == each.total_ore * 2 // 3


TestOneCohort = OneCohort.TestCase
TestOneCohort.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
