"""What is taken off the slot's agenda: by mistake there, treated elsewhere, or moved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.themes.domain.forum_slot.known import from_to, id_of_matter
from services.themes.domain.forum_slot.state import (
    SLOT,
    ForumSlot,
    ForumSlotCommand,
    has_gone_by,
    hold_to_come,
    is_gone,
)
from services.themes.domain.theme_round.state import ROUND, discussed_on
from shared.contracts.themes import AgendaItem, ForumAgendaItemTakenOff, ForumSlotEvent
from shared.contracts.vocabulary import AgendaKind, HalfYear, Month
from shared.kernel.commands import Aggregate, Context
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused, Unknown
from shared.policy import Day
from shared.policy.periods import months_after


class TakeOffForumAgendaItem(ForumSlotCommand):
    """Take something off the agenda of a slot that is to come; it does not come back of itself."""

    may = role("secretariat")  # P9

    item_id: UUID

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Take it off once."""
        if self.item_id not in state.ever:
            raise Unknown("unknown", kind="agenda_item", id=str(self.item_id))
        if self.item_id not in state.agenda:
            return []
        hold_to_come(state)
        if is_gone(self.month, state, ctx):
            raise Refused("forum_month_passed", "R203")
        return [_taken_off(self.month, state.agenda[self.item_id], ctx)]


class TakeOffSettledItems(ForumSlotCommand):
    """Take off what was treated on another month's agenda, or has nothing left to treat (R86)."""

    may = SYSTEM
    begins = True

    items: frozenset[UUID]

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Take off what is there; a month that is gone keeps what it had."""
        if is_gone(self.month, state, ctx):
            return []
        there = (item for key, item in state.agenda.items() if key in self.items)
        return [_taken_off(self.month, each, ctx) for each in there]


class TakeOffMovedRound(ForumSlotCommand):
    """Take a round off a month's agenda, because its discussion has another day, or none (R206)."""

    may = SYSTEM
    begins = True

    half_year: HalfYear
    discussion_on: Day | None = None

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The round, for the day of its discussion."""
        return ((ROUND, self.half_year),)

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Take it off, unless the day has moved once more; a month that is gone keeps it.

        A cancelled one to come does not, so that it neither goes on from there nor is held back
        when it comes there again.
        """
        item = state.agenda.get(id_of_matter(AgendaKind.THEME_ROUND, self.half_year))
        has_moved_on = discussed_on(ctx.state(ROUND, self.half_year)) != self.discussion_on
        if item is None or has_moved_on or has_gone_by(self.month, state, ctx):
            return []
        return [_moved(item, self.month, state, ctx)]


class TakeOffMovedClosing(ForumSlotCommand):
    """Take a network's closing off a month, because its day was moved and another has it (R86)."""

    may = SYSTEM
    begins = True

    network_id: UUID
    to: Month
    """The month that is to have it."""

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The month that is to have it, and those from there until this one."""
        return tuple((SLOT, each) for each in (self.to, *self._between[1:]))

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Take off what is there, as a round that is moved.

        It stays if the other month did not get it, because it got another time after it had been
        there; and where it comes to from that month, because that and all until here are gone.
        """
        item_id = id_of_matter(AgendaKind.TOUCHPOINT_CLOSING, self.network_id)
        item = state.agenda.get(item_id)
        if item is None or has_gone_by(self.month, state, ctx):
            return []
        between, has_it = self._between, item_id in ctx.state(SLOT, self.to).agenda
        comes_here = between and all(is_gone(m, ctx.state(SLOT, m), ctx) for m in between)
        return [_moved(item, self.month, state, ctx)] if has_it and not comes_here else []

    @property
    def _between(self) -> Sequence[Month]:
        return tuple(from_to(self.to, months_after(self.month, -1)))


def _taken_off(month: Month, item: AgendaItem, ctx: Context) -> ForumAgendaItemTakenOff:
    return ForumAgendaItemTakenOff(on=ctx.on, month=month, item=item)


def _moved(
    item: AgendaItem, month: Month, state: ForumSlot, ctx: Context
) -> ForumAgendaItemTakenOff:
    late = item.item_id in state.late
    return ForumAgendaItemTakenOff(on=ctx.on, month=month, item=item, moved=True, late=late)
