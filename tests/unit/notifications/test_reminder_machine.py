"""Whatever is awaited, moved and cancelled in whatever order: it speaks up when due, and not twice."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.notifications.domain.reminder import (
    REMINDERS,
    RULES,
    Awaiting,
    CancelReminder,
    FireReminder,
    NothingAwaited,
    ScheduleReminder,
)
from shared.contracts.notifications import (
    ReminderCancelled,
    ReminderDue,
    ReminderEvent,
    ReminderScheduled,
)
from shared.contracts.registry import CODEC
from shared.kernel.permissions import system
from shared.testing import NOW, TODAY, given

SYSTEM = system("test")
LEADS = {"T18": 2, "T14": None}
"""How often a deadline speaks up for one date: mostly once, or again and again."""


class OneReminder(RuleBasedStateMachine):
    """Any command at any time, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[ReminderEvent] = []
        self.now = NOW
        self.deadline = "T11"

    def send(self, command: Any) -> list[ReminderEvent]:
        outcome = given(*self.facts).of("it").at(self.now).when(command, by=SYSTEM)
        assert outcome.decision is not None, "nothing is refused to the system"
        decided: list[Any] = list(outcome.decision.events)
        self.facts += decided
        given(*self.facts).of("it").at(self.now).when(command, by=SYSTEM).then_nothing()
        return decided

    @initialize(deadline=st.sampled_from(sorted(RULES)))
    def be_of_a_kind(self, deadline: str) -> None:
        self.deadline = deadline

    @rule(days=st.integers(-40, 120))
    def wait_for(self, days: int) -> None:
        awaited = TODAY + timedelta(days=days)
        self.send(
            ScheduleReminder(deadline=self.deadline, subject="it", item="that", awaited=awaited)
        )

    @rule()
    def hear_that_it_came(self) -> None:
        self.send(CancelReminder(because="e1"))

    @rule(days=st.integers(1, 200))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def look(self) -> None:
        before = REMINDERS.replay(self.facts)
        spoke = any(isinstance(each, ReminderDue) for each in self.send(FireReminder()))
        due = isinstance(before, Awaiting) and before.scheduled.due_at <= self.now
        assert spoke == due

    @invariant()
    def what_was_stored_gives_the_same_state(self) -> None:
        stored: list[Any] = [CODEC.decode(*CODEC.encode(fact)) for fact in self.facts]
        assert REMINDERS.replay(stored) == REMINDERS.replay(self.facts)

    @invariant()
    def it_speaks_up_as_often_for_a_date_as_it_has_leads(self) -> None:
        most = LEADS.get(self.deadline, 1)
        spoken = 0
        awaited: Any = None
        for fact in self.facts:
            match fact:
                case ReminderScheduled() if fact.awaited_on != awaited:
                    awaited, spoken = fact.awaited_on, 0
                case ReminderCancelled():
                    awaited, spoken = None, 0
                case ReminderDue():
                    spoken += 1
                case _:
                    pass
            assert most is None or spoken <= most

    @invariant()
    def it_counts_how_often_it_spoke(self) -> None:
        due = [fact.number for fact in self.facts if isinstance(fact, ReminderDue)]
        assert due == list(range(1, len(due) + 1))
        state = REMINDERS.replay(self.facts)
        assert isinstance(state, Awaiting | NothingAwaited)
        assert state.fired == len(due)


TestOneReminder = OneReminder.TestCase
TestOneReminder.settings = settings(max_examples=80, stateful_step_count=12, deadline=None)
