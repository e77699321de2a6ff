"""What places an item on the right month's agenda: the slots there are, and what is on them."""

from collections.abc import Mapping
from datetime import date

from shared.contracts.vocabulary import Month, Touchpoint
from shared.kernel.facts import Row
from shared.policy.periods import last_day, month_of, months_after


class SlotCalendar(Row):
    """The slots of all months; the one row has the key `all`."""

    days: Mapping[Month, date] = {}
    """Each month with a time -> its day."""
    over: tuple[Month, ...] = ()
    """The months whose slot was held or cancelled, in order."""

    def next_from(self, day: date) -> Month:
        """The month of the next slot, that of the day itself included.

        A month without a time may still get one until it ends.
        """
        month = month_of(day)
        while month in self.over or self._latest(month) < day:
            month = months_after(month)
        return month

    def last_before(self, day: date, *, since: date) -> Month:
        """The month of the last slot that surely comes before a day; the next one, if none does."""
        month = month_of(day)
        while month >= month_of(since):
            if month not in self.over and since <= self._latest(month) < day:
                return month
            month = months_after(month, -1)
        return self.next_from(since)

    def _latest(self, month: Month) -> date:
        return self.days.get(month) or last_day(month)


class LearningNetwork(Row):
    """How a learning network and the chief forum have met, keyed by the network's id (R86)."""

    on_agenda: tuple[Touchpoint, ...] = ()
    """The touchpoints that are or were on an agenda, in order."""
    treated: tuple[Touchpoint, ...] = ()
    """Those that the chief forum has treated, in order."""
    is_cancelled: bool = False

    def is_settled(self, touchpoint: Touchpoint) -> bool:
        """Whether a touchpoint waits for nothing any more."""
        return self.is_cancelled or touchpoint in self.treated
