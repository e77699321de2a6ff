"""What notifications knows of the chief forum's slots, and of what they are to treat."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from shared.contracts.themes import ForumAgendaItemAdded
from shared.contracts.vocabulary import Month, Touchpoint
from shared.kernel.facts import Row
from shared.policy.periods import last_day


class KnownForum(Row):
    """The slots of all months and the touchpoints on their agendas; the one row's key is `all`."""

    days: Mapping[Month, date] = {}
    """Each month with a time -> its day."""
    without: tuple[Month, ...] = ()
    """The months that are to have no slot, in order."""
    agendas: Mapping[str, Month] = {}
    """Each touchpoint (`start/<network>`) -> the last month that has it on its agenda."""
    treated: tuple[str, ...] = ()
    """The touchpoints that were treated, in order."""
    given_up: tuple[str, ...] = ()
    """The learning networks that were cancelled, in order."""

    def awaits_slot(self, month: Month) -> bool:
        """Whether nobody has said when the month's slot is, or that there is none (R203)."""
        return month not in self.days and month not in self.without

    def awaits(self, touchpoint: str) -> bool:
        """Whether the chief forum is still to treat a touchpoint (R86)."""
        _, network_id = touchpoint.split("/")
        on_agenda = touchpoint in self.agendas and touchpoint not in self.treated
        return on_agenda and network_id not in self.given_up

    def day_of(self, touchpoint: str) -> date:
        """The day it is to be treated: of the slot, or the month's last while that has no time."""
        month = self.agendas[touchpoint]
        return self.days.get(month) or last_day(month)


def touchpoint_item(touchpoint: Touchpoint, network_id: UUID | str) -> str:
    """Name a touchpoint of one network."""
    return f"{touchpoint}/{network_id}"


def on_agenda(event: ForumAgendaItemAdded) -> str | None:
    """The touchpoint that an item is; None for another."""
    touchpoint, network_id = event.item.touchpoint, event.item.subject
    return touchpoint_item(touchpoint, network_id) if touchpoint and network_id else None
