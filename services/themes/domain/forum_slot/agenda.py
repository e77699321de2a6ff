"""What is put on the slot's agenda, by the secretariat or by what happens in the networks."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import model_validator

from services.themes.domain.forum_slot.known import AgendaMatter, id_of_matter
from services.themes.domain.forum_slot.state import (
    ForumSlot,
    ForumSlotCommand,
    Minutes,
    hold_to_come,
)
from shared.contracts.themes import (
    AgendaItem,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumSlotEvent,
)
from shared.contracts.vocabulary import AgendaKind, HalfYear, Month, Title
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused, Unknown
from shared.policy import Policy
from shared.policy.periods import last_day


class AddForumAgendaItem(ForumSlotCommand):
    """Put something on the month's agenda, also before the slot has a time.

    The subject of a touchpoint is its network's id, that of a round its half-year. Both take the
    minutes that the policy has for them, where nothing else is said.
    """

    may = role("secretariat") | SYSTEM  # P9
    begins = True

    kind: AgendaKind
    subject: UUID | HalfYear | None = None
    title: Title
    minutes: Minutes | None = None

    @model_validator(mode="after")
    def _about_its_kind(self) -> "AddForumAgendaItem":
        match self.kind:
            case AgendaKind.TOUCHPOINT_START | AgendaKind.TOUCHPOINT_CLOSING:
                if not isinstance(self.subject, UUID):
                    raise ValueError("the subject of a touchpoint is the network's id")  # noqa: TRY004
            case AgendaKind.THEME_ROUND:
                if not isinstance(self.subject, str):
                    raise ValueError("the subject of a round is its half-year")  # noqa: TRY004
            case AgendaKind.OTHER:
                if self.minutes is None:
                    raise ValueError("say how many minutes it takes")
        return self

    def asks(self, state: ForumSlot) -> Sequence[Ask]:
        """Whether it still waits to be treated."""
        return (AgendaMatter.at(self._matter),) if self._matter else ()

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Add it once; an agenda longer than the slot is only remarked on (R203).

        Nobody puts anything on the agenda of a slot that is over, nor what has been treated. What
        follows from a network's own facts comes when it comes, and is told as late, so that it
        goes on to the next month: a touchpoint is not lost (R86).
        """
        by_itself = ctx.capacity == str(SYSTEM)
        if any(self._is_the_same(each) for each in state.agenda.values()):
            return []
        if by_itself and self._matter in state.ever:
            return []
        if self._matter and _is_settled(self._matter, ctx):
            if by_itself:
                return []
            raise Refused("agenda_item_settled", "R86")
        if not by_itself:
            hold_to_come(state)
        takes = self._takes(ctx.policy)
        agenda = takes + sum(each.minutes for each in state.agenda.values())
        minutes = state.minutes(ctx.policy)
        ctx.warn(
            "agenda_over_slot",
            "R203",
            when=agenda > minutes and not state.is_over,
            agenda=agenda,
            minutes=minutes,
        )
        item = AgendaItem(
            item_id=self._matter or ctx.new_id(),
            kind=self.kind,
            subject=self._about,
            title=self.title,
            minutes=takes,
        )
        return [_added(self.month, item, state, ctx)]

    def _takes(self, policy: Policy) -> int:
        touchpoint = self.kind is not AgendaKind.THEME_ROUND
        usual = policy.forum.touchpoint_minutes if touchpoint else policy.forum.round_minutes
        return self.minutes or usual

    @property
    def _about(self) -> str | None:
        return str(self.subject) if self.subject else None

    @property
    def _matter(self) -> UUID | None:
        return id_of_matter(self.kind, self._about) if self._about else None

    def _is_the_same(self, item: AgendaItem) -> bool:
        """Whether the item is about the same; what has no subject goes by its title."""
        if item.kind is not self.kind or item.subject != self._about:
            return False
        return self.subject is not None or item.title == self.title


class CarryForumAgendaItems(ForumSlotCommand):
    """Take over what another month did not treat (R86)."""

    may = SYSTEM
    begins = True

    items: tuple[AgendaItem, ...]

    def asks(self, state: ForumSlot) -> Sequence[Ask]:
        """Whether they still wait to be treated."""
        return tuple(AgendaMatter.at(each.item_id) for each in self.items)

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Add what is not settled, and was never here: it comes to a month once."""
        return [
            _added(self.month, each, state, ctx)
            for each in self.items
            if each.item_id not in state.ever and not _is_settled(each.item_id, ctx)
        ]


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
        if _is_gone(self.month, state, ctx):
            raise Refused("forum_month_passed", "R203")
        return [_taken_off(self.month, state.agenda[self.item_id], ctx)]


class TakeOffSettledItems(ForumSlotCommand):
    """Take off what was treated on another month's agenda, or has nothing left to treat (R86)."""

    may = SYSTEM
    begins = True

    items: frozenset[UUID]

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Take off what is there; a month that is gone keeps what it had."""
        if _is_gone(self.month, state, ctx):
            return []
        there = (item for key, item in state.agenda.items() if key in self.items)
        return [_taken_off(self.month, each, ctx) for each in there]


def _is_settled(item_id: UUID, ctx: Context) -> bool:
    matter = ctx.facts.find(AgendaMatter, item_id)
    return matter is not None and matter.is_settled


def _is_gone(month: Month, state: ForumSlot, ctx: Context) -> bool:
    """Whether what is on its agenda goes on, or went on, to another month."""
    return state.is_over or state.has_passed or last_day(month) < ctx.today


def _added(month: Month, item: AgendaItem, state: ForumSlot, ctx: Context) -> ForumAgendaItemAdded:
    late = _is_gone(month, state, ctx)
    return ForumAgendaItemAdded(
        on=ctx.on, month=month, item=item, late=late, slot_minutes=state.minutes(ctx.policy)
    )


def _taken_off(month: Month, item: AgendaItem, ctx: Context) -> ForumAgendaItemTakenOff:
    return ForumAgendaItemTakenOff(on=ctx.on, month=month, item=item)
