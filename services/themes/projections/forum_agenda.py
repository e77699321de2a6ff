"""What is on the agendas of the chief forum's slots (V7)."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never
from uuid import UUID

from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumMonthPassed,
    ForumSlotCancelled,
    ForumSlotHeld,
)
from shared.contracts.vocabulary import AgendaKind, Month
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View


class ForumAgenda(Row):
    """An item of a month's agenda, keyed by `<month>/<item>`; one that moves on has two rows."""

    month: Month
    item_id: UUID
    kind: AgendaKind
    subject: str | None = None
    """The network of a touchpoint, the half-year of a round."""
    title: str
    minutes: int
    added_on: date
    treated_on: date | None = None
    carried_over: bool = False
    """Whether it was not treated, and went on to the next month."""
    taken_off: bool = False
    """Whether it is on this agenda no more."""


Heard = (
    ForumAgendaItemAdded
    | ForumAgendaItemTakenOff
    | ForumMonthPassed
    | ForumSlotHeld
    | ForumSlotCancelled
)


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    event = fact.event
    ids: Iterable[UUID]
    match event:
        case ForumAgendaItemAdded() | ForumAgendaItemTakenOff():
            ids = (event.item.item_id,)
        case ForumSlotHeld():
            ids = (*event.treated, *(each.item_id for each in event.untreated))
        case ForumSlotCancelled() | ForumMonthPassed():
            ids = (each.item_id for each in event.items)
        case other:
            assert_never(other)
    return tuple(f"{event.month}/{each}" for each in ids)


def _fold(row: ForumAgenda | None, fact: Recorded[Heard], key: str) -> ForumAgenda:
    event = fact.event
    if isinstance(event, ForumAgendaItemAdded):
        told = event.item.model_dump()
        return ForumAgenda(month=event.month, added_on=event.on, carried_over=event.late, **told)
    assert row is not None
    if isinstance(event, ForumAgendaItemTakenOff):
        return row.model_copy(update={"taken_off": True})
    if isinstance(event, ForumSlotHeld) and row.item_id in event.treated:
        return row.model_copy(
            update={"treated_on": row.treated_on or event.on, "carried_over": False}
        )
    return row.model_copy(update={"carried_over": True})


FORUM_AGENDA = View.of(
    ForumAgenda,
    Heard,
    keys=_keys,
    fold=_fold,
    indexes=("month", "kind", "subject"),
)
