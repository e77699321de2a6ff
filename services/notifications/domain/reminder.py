"""A reminder: a date that speaks up unless what it waits for comes first.

Its stream is named after the deadline, what it is about and which part of it. Scheduled, moved by
being scheduled again, due, and cancelled. Lead times are policy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from shared.policy.periods import local_day, start_of


@dataclass(frozen=True)
class Rule:
    """When a deadline speaks up: so long before or after its date, and perhaps again."""

    lead: Callable[[Policy], Period]
    before: bool
    repeated: bool = False

    def due(self, awaited: date, policy: Policy) -> date:
        """The first day it speaks up."""
        lead = self.lead(policy)
        return lead.before(awaited) if self.before else lead.after(awaited)


RULES: Mapping[str, Rule] = {
    "T11": Rule(lambda policy: policy.reminders.phase_start_lead, before=True),
    "T14": Rule(lambda policy: policy.reminders.contract_party_after, before=False, repeated=True),
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
        """Schedule or move it; what is past when first heard of is let lie."""
        rule = RULES[self.deadline]
        due = rule.due(self.awaited, ctx.policy)
        if rule.repeated:
            while due < ctx.today:
                due = rule.due(due, ctx.policy)
        elif self.awaited < ctx.today:
            return [ReminderCancelled(on=ctx.on, because="past")] if _awaits(state) else []
        due_at = max(start_of(due), ctx.now) if due < ctx.today else start_of(due)
        awaited_on = start_of(self.awaited)
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
    """Speak up; a repeated one is scheduled anew."""

    def decide(self, state: Reminder, ctx: Context) -> Sequence[ReminderEvent]:
        """Fire once it is due, and only while it is still awaited."""
        if not isinstance(state, Awaiting) or state.scheduled.due_at > ctx.now:
            return []
        scheduled, number = state.scheduled, state.fired + 1
        due = ReminderDue(
            on=ctx.on,
            deadline=scheduled.deadline,
            subject=scheduled.subject,
            item=scheduled.item,
            number=number,
        )
        rule = RULES[scheduled.deadline]
        if not rule.repeated:
            return [due]
        again = rule.due(local_day(ctx.now), ctx.policy)
        return [
            due,
            scheduled.model_copy(update={"on": ctx.on, "due_at": start_of(again)}),
        ]


def _awaits(state: Reminder) -> bool:
    return isinstance(state, Awaiting)
