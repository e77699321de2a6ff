"""What others know of the chief forum: its slots, what is on their agendas, who only listens."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.contracts.vocabulary import AgendaKind, Month, PersonId
from shared.kernel.facts import Facts, Row
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
        """The month of the last slot that surely comes before a day; the next one, if none does.

        A month with a time comes before one that may never get it.
        """
        before: list[Month] = []
        month = month_of(day)
        while month >= month_of(since):
            if month not in self.over and since <= self._latest(month) < day:
                before.append(month)
            month = months_after(month, -1)
        scheduled = [each for each in before if each in self.days]
        return next(iter(scheduled or before), self.next_from(since))

    def _latest(self, month: Month) -> date:
        return self.days.get(month) or last_day(month)


class AgendaMatter(Row):
    """What the chief forum is to treat, keyed by the id of its item, which it keeps (R86)."""

    months: tuple[Month, ...] = ()
    """The months that have or had it on their agendas, in order."""
    treated_in: tuple[Month, ...] = ()
    """Those that treated it, in order; by rights one."""
    is_announced: bool = False
    """Whether it is the closing of a network that has announced it."""
    is_over: bool = False
    """Whether there is nothing left to treat: its network has ended, or its round is closed."""

    @property
    def is_settled(self) -> bool:
        """Whether it waits for nothing any more."""
        return self.is_over or bool(self.treated_in)


class ForumObserver(Row):
    """Somebody who was invited to listen and speak, keyed by the person's id (R201).

    There is none of whom every invitation was withdrawn.
    """

    person_id: PersonId
    months: tuple[Month, ...] = ()
    """The months of the slots, in order."""


def following(month: Month, today: date) -> Month:
    """The month that comes after another; the present one, where the other is over a year ago.

    So that a wrong year does not go through all months until now.
    """
    now = month_of(today)
    return now if month < months_after(now, -12) else months_after(month)


def from_to(first: Month, last: Month) -> Iterator[Month]:
    """Name the months from one to another, both included."""
    while first <= last:
        yield first
        first = months_after(first)


def id_of_matter(kind: AgendaKind, subject: object) -> UUID:
    """The item of a touchpoint of one network, or of one round: the same, whoever adds it."""
    return uuid5(NAMESPACE_OID, f"{kind.value}/{subject}")


def touchpoints_of(network_id: UUID | str) -> tuple[UUID, UUID]:
    """The items of a network's start and closing."""
    return (
        id_of_matter(AgendaKind.TOUCHPOINT_START, network_id),
        id_of_matter(AgendaKind.TOUCHPOINT_CLOSING, network_id),
    )


def matter_of(item_id: UUID, facts: Facts) -> AgendaMatter:
    """What is known of an item; the reaction must have asked for it."""
    return facts.find(AgendaMatter, item_id) or AgendaMatter()


def calendar_of(facts: Facts) -> SlotCalendar:
    """The slots that are known; the reaction must have asked for them."""
    return facts.find(SlotCalendar, "all") or SlotCalendar()
