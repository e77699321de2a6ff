"""The slot that the chief forum sets aside each month for networks (R203).

Its life (M3): it takes agenda items before it has a time, so that a touchpoint always has a place;
scheduled; held, or cancelled. A cancelled one can be scheduled after all. When the month is gone
and nobody has said that it was held, its items go on; it can still be told. Observers and what was
treated lie in the same stream, because who may be there and what is left depend on them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.themes import (
    FORUM_SLOT,
    AgendaItem,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumMonthPassed,
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ForumSlotCancelled,
    ForumSlotEvent,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import ForumSlotState, Month, PersonId
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.refusals import Refused
from shared.policy import Policy
from shared.policy.periods import last_day, month_of, months_after

Minutes = Annotated[int, Field(ge=1, le=600)]

MONTHS_AHEAD = 12
"""How far ahead somebody may plan a slot and what is on its agenda."""


@dataclass(frozen=True)
class ForumSlot:
    """A month's slot: where it is in its life, what is on its agenda, and who may be there."""

    life: ForumSlotState = ForumSlotState.AGENDA_ONLY
    scheduled: ForumSlotScheduled | None = None
    """The time that was told last, of a cancelled one too."""
    agenda: Mapping[UUID, AgendaItem] = field(default_factory=dict)
    """By their ids, in the order they came."""
    ever: frozenset[UUID] = frozenset()
    """The items that are or were on its agenda, but for those that were moved from it.

    What goes on comes to a month once.
    """
    late: frozenset[UUID] = frozenset()
    """The items that came when it was over already."""
    moved: frozenset[UUID] = frozenset()
    """The items that were moved from it: they do not go on from here."""
    has_passed: bool = False
    """Whether the month is gone, and its items went on."""
    observers: frozenset[PersonId] = frozenset()
    withdrawn: frozenset[PersonId] = frozenset()
    """Who was invited by mistake, and is no observer."""
    held: ForumSlotHeld | None = None
    """What was told last of how it was held."""
    sequence: int = -1
    """The last number that calendars were given."""

    @property
    def is_over(self) -> bool:
        """Whether it takes no more items: it was held, or is not held at all."""
        return self.life in {ForumSlotState.HELD, ForumSlotState.CANCELLED}

    @property
    def treated(self) -> frozenset[UUID]:
        """The items that were treated."""
        return frozenset(self.held.treated) if self.held else frozenset()

    def minutes(self, policy: Policy) -> int:
        """How long it is; as long as it is to be, where nobody has said (R203)."""
        return self.scheduled.minutes if self.scheduled else policy.forum.slot_minutes

    def untreated(self, treated: Iterable[UUID] = ()) -> tuple[AgendaItem, ...]:
        """What is left of the agenda once these items are treated."""
        return tuple(each for each in self.agenda.values() if each.item_id not in treated)


def evolve(slot: ForumSlot, fact: ForumSlotEvent) -> ForumSlot:
    """Change a slot by a fact."""
    match fact:
        case ForumSlotScheduled():
            # What was on a cancelled one has gone on to the next month.
            gone = slot.life is ForumSlotState.CANCELLED
            return replace(
                slot,
                life=ForumSlotState.SCHEDULED,
                scheduled=fact,
                agenda={} if gone else slot.agenda,
                has_passed=slot.has_passed and not gone,
                sequence=fact.sequence,
            )
        case ForumAgendaItemAdded():
            added = fact.item.item_id
            agenda = {**slot.agenda, added: fact.item}
            late = slot.late | {added} if fact.late else slot.late - {added}
            moved = slot.moved - {added}
            return replace(slot, agenda=agenda, ever=slot.ever | {added}, late=late, moved=moved)
        case ForumAgendaItemTakenOff():
            off = fact.item.item_id
            left = {each: item for each, item in slot.agenda.items() if each != off}
            if not fact.moved:
                return replace(slot, agenda=left)
            return replace(slot, agenda=left, ever=slot.ever - {off}, moved=slot.moved | {off})
        case ForumMonthPassed():
            return replace(slot, has_passed=True)
        case ForumObserverInvited():
            who = {fact.person_id}
            return replace(slot, observers=slot.observers | who, withdrawn=slot.withdrawn - who)
        case ForumObserverWithdrawn():
            who = {fact.person_id}
            return replace(slot, observers=slot.observers - who, withdrawn=slot.withdrawn | who)
        case ForumSlotHeld():
            return replace(slot, life=ForumSlotState.HELD, held=fact)
        case ForumSlotCancelled():
            return replace(slot, life=ForumSlotState.CANCELLED, sequence=fact.sequence)
        case ForumTouchpointRecorded():
            return slot
        case other:
            assert_never(other)


SLOT: Aggregate[ForumSlot, ForumSlotEvent] = Aggregate(FORUM_SLOT, ForumSlot(), evolve)


class ForumSlotCommand(Command[ForumSlot, ForumSlotEvent]):
    """A command to the slot of a month."""

    aggregate = SLOT

    month: Month


def hold_not_held(slot: ForumSlot) -> None:
    """Refuse what comes too late for a slot that was held (R203)."""
    if slot.life is ForumSlotState.HELD:
        raise Refused("slot_already_held", "R203")


def hold_to_come(slot: ForumSlot) -> None:
    """Refuse what needs a slot that is still to be held (R203)."""
    hold_not_held(slot)
    if slot.life is ForumSlotState.CANCELLED:
        raise Refused("slot_cancelled", "R203")


def hold_in_reach(month: Month, ctx: Context) -> None:
    """Refuse a month before the last one or too far ahead, so that a wrong year is noticed (R203).

    Only for what somebody asks for: what follows of itself comes when it comes.
    """
    now = month_of(ctx.today)
    first, last = months_after(now, -1), months_after(now, MONTHS_AHEAD)
    if not first <= month <= last:
        raise Refused("forum_month_out_of_reach", "R203", month=month, first=first, last=last)


def is_gone(month: Month, slot: ForumSlot, ctx: Context) -> bool:
    """Whether what is on its agenda goes on, or went on, to another month."""
    return slot.is_over or has_gone_by(month, slot, ctx)


def has_gone_by(month: Month, slot: ForumSlot, ctx: Context) -> bool:
    """Whether the month itself is gone, or its slot was held."""
    past = slot.has_passed or last_day(month) < ctx.today
    return past or slot.life is ForumSlotState.HELD
