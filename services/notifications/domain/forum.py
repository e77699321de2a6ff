"""What notifications knows of the chief forum's slots, and of what they are to treat."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from shared.contracts.themes import ForumAgendaItemAdded, ForumAgendaItemTakenOff
from shared.contracts.vocabulary import Month, Touchpoint
from shared.kernel.facts import Row
from shared.policy.periods import last_day


class KnownForum(Row):
    """The slots of all months and the touchpoints on their agendas; the one row's key is `all`.

    What was treated, and what a network had to be treated that has ended, is left out. What stays
    for good is a day for each month and the id of each network that has ended: some dozens a
    year, since no month and no network says that nobody will speak of it any more.
    """

    days: Mapping[Month, date] = {}
    """Each month with a time -> its day."""
    without: tuple[Month, ...] = ()
    """The months that are to have no slot, in order."""
    agendas: Mapping[str, tuple[Month, ...]] = {}
    """Each touchpoint that is awaited (`start/<network>`) -> the months that have it, in order."""
    treated: tuple[str, ...] = ()
    """The touchpoints that were treated, of networks that have not ended, in order."""
    ended: tuple[str, ...] = ()
    """The networks that have ended, closed or cancelled, in order."""

    def awaits_slot(self, month: Month) -> bool:
        """Whether nobody has said when the month's slot is, or that there is none (R203)."""
        return month not in self.days and month not in self.without

    def awaits(self, touchpoint: str) -> bool:
        """Whether the chief forum is still to treat a touchpoint (R86)."""
        on_agenda = bool(self.agendas.get(touchpoint)) and touchpoint not in self.treated
        return on_agenda and not self.has_ended(touchpoint)

    def has_ended(self, touchpoint: str) -> bool:
        """Whether its network has ended."""
        _, network_id = touchpoint.split("/")
        return network_id in self.ended

    def day_of(self, touchpoint: str) -> date:
        """The day it is to be treated: of the slot, or the month's last while that has no time.

        Of the months that have it on their agendas, the last one counts.
        """
        month = self.agendas[touchpoint][-1]
        return self.days.get(month) or last_day(month)


def touchpoint_item(touchpoint: Touchpoint, network_id: UUID | str) -> str:
    """Name a touchpoint of one network."""
    return f"{touchpoint}/{network_id}"


def on_agenda(event: ForumAgendaItemAdded | ForumAgendaItemTakenOff) -> str | None:
    """The touchpoint that an item is; None for another."""
    touchpoint, network_id = event.item.touchpoint, event.item.subject
    return touchpoint_item(touchpoint, network_id) if touchpoint and network_id else None
