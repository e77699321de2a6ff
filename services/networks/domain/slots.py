"""The innovation slots: which innovation networks run now, one stream for the whole municipality.

Written in the same transaction as the network's own commit, so that two starts at the same moment
cannot both take the last slot (R73). Held from start or import until closed or cancelled; breaks,
test and implementation included.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.networks import (
    INNOVATION_SLOTS,
    InnovationSlotFreed,
    InnovationSlotsEvent,
    InnovationSlotTaken,
)
from shared.kernel.commands import Aggregate, Context


@dataclass(frozen=True)
class InnovationSlots:
    """The networks that hold a slot."""

    holders: frozenset[UUID] = frozenset()


def evolve(state: InnovationSlots, fact: InnovationSlotsEvent) -> InnovationSlots:
    """Change the slots by a fact."""
    match fact:
        case InnovationSlotTaken():
            return InnovationSlots(state.holders | {fact.network_id})
        case InnovationSlotFreed():
            return InnovationSlots(state.holders - {fact.network_id})
        case other:
            assert_never(other)


SLOTS: Aggregate[InnovationSlots, InnovationSlotsEvent] = Aggregate(
    INNOVATION_SLOTS, InnovationSlots(), evolve
)
THE_SLOTS: tuple[Aggregate[Any, Any], str] = (SLOTS, "")
"""The one stream of slots, as a command reads it."""


def slots_left(ctx: Context) -> int:
    """How many more innovation networks may start now; below zero after imports (R104)."""
    held = ctx.state(*THE_SLOTS).holders
    return ctx.policy.portfolio.max_concurrent_innovation - len(held)


def take_slot(ctx: Context, on: date) -> None:
    """Let the network of this decision hold a slot."""
    over_cap = slots_left(ctx) <= 0
    ctx.also(*THE_SLOTS, InnovationSlotTaken(on=on, network_id=UUID(ctx.key), over_cap=over_cap))


def free_slot(ctx: Context, on: date) -> None:
    """Give back the slot of the network of this decision, if it holds one."""
    if UUID(ctx.key) in ctx.state(*THE_SLOTS).holders:
        ctx.also(*THE_SLOTS, InnovationSlotFreed(on=on, network_id=UUID(ctx.key)))
