"""A reminder: a date that speaks up unless what it waits for comes first.

Its stream is named after the deadline, what it is about and which part of it. Scheduled, moved by
being scheduled again, due, and cancelled. Lead times are policy.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, assert_never

from pydantic import Field

from shared.contracts.notifications import (
    REMINDER,
    ReminderCancelled,
    ReminderDue,
    ReminderEvent,
    ReminderScheduled,
)
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.permissions import SYSTEM
from shared.policy import Period, Policy
from shared.policy.model import Reminders
from shared.policy.periods import local_day, start_of

Days = Callable[[date, Policy], Iterable[date]]


@dataclass(frozen=True)
class Rule:
    """When a deadline speaks up: on which days, in order, before or after what is awaited."""

    days: Days
    waits: Callable[[Policy], Period] = lambda _: Period()
    """How long after the date of the fact it is awaited; by default the date is the one."""
    expects: Callable[[str, Policy], bool] = lambda _item, _policy: True
    """Whether the rule set expects this item at all."""

    def awaited(self, day: date, policy: Policy) -> date:
        """The date that is awaited, from that of the fact."""
        return self.waits(policy).after(day)

    def next_day(self, awaited: date, since: date, policy: Policy) -> date | None:
        """The first day from `since` on that it speaks up; None when all are over."""
        return next((day for day in self.days(awaited, policy) if day >= since), None)


def _before(leads: Callable[[Reminders], Iterable[Period]]) -> Days:
    return lambda awaited, policy: sorted(each.before(awaited) for each in leads(policy.reminders))


def _after(period: Callable[[Reminders], Period]) -> Days:
    return lambda awaited, policy: [period(policy.reminders).after(awaited)]


def _again_and_again(period: Callable[[Reminders], Period]) -> Days:
    def days(awaited: date, policy: Policy) -> Iterable[date]:
        day = awaited
        while True:
            day = period(policy.reminders).after(day)
            yield day

    return days


def _on_the_day(awaited: date, policy: Policy) -> Iterable[date]:
    return [awaited]


RULES: Mapping[str, Rule] = {
    "T1": Rule(_after(lambda reminders: reminders.idea_answer_after)),
    "T2": Rule(_on_the_day, waits=lambda policy: policy.themes.start_within),
    "T5": Rule(_before(lambda reminders: [reminders.forum_slot_lead])),
    "T6": Rule(_before(lambda reminders: [reminders.appointment_lead])),
    "T7": Rule(_after(lambda reminders: reminders.touchpoint_after)),
    "T3": Rule(
        _before(lambda reminders: [reminders.round_lead]),
        waits=lambda policy: policy.themes.round_cadence,
    ),
    "T4": Rule(_before(lambda reminders: [reminders.local_discussion_lead])),
    "T11": Rule(_before(lambda reminders: [reminders.phase_start_lead])),
    "T14": Rule(_again_and_again(lambda reminders: reminders.contract_party_after)),
    "T17": Rule(
        _before(lambda reminders: [reminders.next_cohort_lead]),
        waits=lambda policy: policy.training.cohort_cadence,
    ),
    "T18": Rule(_before(lambda reminders: reminders.training_day_lead)),
    "T23": Rule(_before(lambda reminders: [reminders.cohort_minimum_lead])),
    "T26": Rule(_before(lambda reminders: [reminders.rotation_end_lead])),
    "T31": Rule(
        _after(lambda reminders: reminders.exam_part_after),
        expects=lambda item, policy: item.partition("/")[0] in policy.training.exam_parts,
    ),
    "T32": Rule(_before(lambda reminders: [reminders.idea_call_lead])),
}


@dataclass(frozen=True)
class NothingAwaited:
    """Not scheduled, cancelled, or over; `spoke_of` is the date it has spoken up for."""

    fired: int = 0
    spoke_of: datetime | None = None


@dataclass(frozen=True)
class Awaiting:
    """It will speak up at `due_at`."""

    scheduled: ReminderScheduled
    fired: int = 0


Reminder = NothingAwaited | Awaiting


def evolve(state: Reminder, fact: ReminderEvent) -> Reminder:
    """Change a reminder by a fact."""
    match fact:
        case ReminderScheduled():
            return Awaiting(fact, state.fired)
        case ReminderDue():
            spoke_of = state.scheduled.awaited_on if isinstance(state, Awaiting) else None
            return NothingAwaited(fact.number, spoke_of)
        case ReminderCancelled():
            return NothingAwaited(state.fired)
        case other:
            assert_never(other)


REMINDERS: Aggregate[Reminder, ReminderEvent] = Aggregate(REMINDER, NothingAwaited(), evolve)


def reminder_key(deadline: str, subject: str, item: str) -> str:
    """The natural name of a reminder."""
    return f"{deadline}-{subject}-{item}"


class ReminderCommand(Command[Reminder, ReminderEvent]):
    """A command to a reminder."""

    aggregate = REMINDERS
    may = SYSTEM
    begins = True


class ScheduleReminder(ReminderCommand):
    """Await something, reckoned from a date; scheduling again moves it."""

    deadline: Annotated[str, Field(pattern=r"^T\d{1,2}$")]
    subject: str
    item: str
    awaited: date

    def decide(self, state: Reminder, ctx: Context) -> Sequence[ReminderEvent]:
        """Schedule or move it; what is past when first heard of is let lie.

        Where all its days have gone by and the awaited one has not, it speaks up at once.
        """
        rule = RULES[self.deadline]
        if not rule.expects(self.item, ctx.policy):
            because = "not in the rule set"
            return [ReminderCancelled(on=ctx.on, because=because)] if _awaits(state) else []
        awaited = rule.awaited(self.awaited, ctx.policy)
        day = rule.next_day(awaited, ctx.today, ctx.policy)
        if day is None and awaited < ctx.today:
            return [ReminderCancelled(on=ctx.on, because="past")] if _awaits(state) else []
        due_at = start_of(day) if day else ctx.now
        awaited_on = start_of(awaited)
        known = state.scheduled.awaited_on if isinstance(state, Awaiting) else state.spoke_of
        return [] if known == awaited_on else [self._scheduled(ctx, due_at, awaited_on)]

    def _scheduled(self, ctx: Context, due_at: datetime, awaited_on: datetime) -> ReminderScheduled:
        return ReminderScheduled(
            on=ctx.on,
            deadline=self.deadline,
            subject=self.subject,
            item=self.item,
            due_at=due_at,
            awaited_on=awaited_on,
        )


class CancelReminder(ReminderCommand):
    """What was awaited has come, or is no longer expected."""

    because: str

    def decide(self, state: Reminder, ctx: Context) -> Sequence[ReminderEvent]:
        """Be silent from now on."""
        return [ReminderCancelled(on=ctx.on, because=self.because)] if _awaits(state) else []


class FireReminder(ReminderCommand):
    """Speak up; where there is a further day, await that."""

    def decide(self, state: Reminder, ctx: Context) -> Sequence[ReminderEvent]:
        """Fire once it is due, and only while it is still awaited."""
        if not isinstance(state, Awaiting) or state.scheduled.due_at > ctx.now:
            return []
        scheduled = state.scheduled
        due = ReminderDue(
            on=ctx.on,
            deadline=scheduled.deadline,
            subject=scheduled.subject,
            item=scheduled.item,
            number=state.fired + 1,
        )
        tomorrow = ctx.today + timedelta(days=1)
        rule, awaited = RULES[scheduled.deadline], local_day(scheduled.awaited_on)
        again = rule.next_day(awaited, tomorrow, ctx.policy)
        if again is None:
            return [due]
        return [due, scheduled.model_copy(update={"on": ctx.on, "due_at": start_of(again)})]


def _awaits(state: Reminder) -> bool:
    return isinstance(state, Awaiting)
