"""The slot gets its time, or is cancelled; or its month goes by."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.forum_slot.state import (
    ForumSlot,
    ForumSlotCommand,
    Minutes,
    evolve,
    hold_in_reach,
    hold_not_held,
)
from shared.contracts.themes import (
    ForumMonthPassed,
    ForumSlotCancelled,
    ForumSlotEvent,
    ForumSlotScheduled,
)
from shared.contracts.vocabulary import ForumSlotState, PersonId, Text
from shared.kernel.commands import Context
from shared.kernel.permissions import SYSTEM, role
from shared.policy.periods import local_day, month_of

Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
    AfterValidator(lambda told: told.astimezone(UTC)),
]
"""A moment with its zone, as a command gives it; taken in as UTC."""


class ScheduleForumSlot(ForumSlotCommand):
    """Set aside the month's time for networks, or move it within the month.

    As long as the policy has it, where nothing else is said. `attendees` are those who are asked
    to come; not all of the forum have to (R204).
    """

    may = role("secretariat")  # P9
    begins = True

    starts_at: Instant
    minutes: Minutes | None = None
    attendees: Annotated[frozenset[PersonId], Field(max_length=100)] = frozenset()

    @model_validator(mode="after")
    def _in_the_month(self) -> "ScheduleForumSlot":
        if month_of(local_day(self.starts_at)) != self.month:
            raise PydanticCustomError(
                "starts_outside_month", "starts_at must be in the month, as the clock is in Denmark"
            )
        return self

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Tell the time; another length and too long an agenda are only remarked on (R203).

        Refused for a month that is long gone or far ahead.
        """
        hold_not_held(state)
        usual = ctx.policy.forum.slot_minutes
        told = ForumSlotScheduled(
            on=ctx.on,
            month=self.month,
            starts_at=self.starts_at,
            minutes=self.minutes or usual,
            attendees=tuple(sorted(self.attendees)),
            sequence=state.sequence + 1,
        )
        if state.life is ForumSlotState.SCHEDULED and _is_the_same(told, state.scheduled):
            return []
        hold_in_reach(self.month, ctx)
        agenda = sum(each.minutes for each in evolve(state, told).agenda.values())
        ctx.warn("slot_not_20_minutes", "R203", when=told.minutes != usual, usual=usual)
        ctx.warn(
            "agenda_over_slot",
            "R203",
            when=agenda > told.minutes,
            agenda=agenda,
            minutes=told.minutes,
        )
        return [told]


def _is_the_same(told: ForumSlotScheduled, before: ForumSlotScheduled | None) -> bool:
    when_told = {"on", "sequence"}
    return before is not None and told.model_dump(exclude=when_told) == before.model_dump(
        exclude=when_told
    )


class CancelForumSlot(ForumSlotCommand):
    """Say that the month's slot is not held; what was on its agenda goes on to the next.

    Also for a month that never had a time, such as July, which then is not missing.
    """

    may = role("secretariat")  # P9
    begins = True

    reason: Text

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Cancel it once; one without a time only where it could be given one."""
        hold_not_held(state)
        if state.life is ForumSlotState.CANCELLED:
            return []
        if state.scheduled is None:
            hold_in_reach(self.month, ctx)
        return [
            ForumSlotCancelled(
                on=ctx.on,
                month=self.month,
                reason=self.reason,
                items=state.untreated(),
                attendees=state.scheduled.attendees if state.scheduled else (),
                sequence=state.sequence + 1,
            )
        ]


class PassForumMonth(ForumSlotCommand):
    """Let the month go by, when nobody has said that its slot was held, or is not to be."""

    may = SYSTEM
    begins = True

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Pass it once; what was on its agenda goes on (R86)."""
        if state.is_over or state.has_passed:
            return []
        return [ForumMonthPassed(on=ctx.on, month=self.month, items=state.untreated())]
