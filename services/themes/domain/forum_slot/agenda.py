"""What is put on the slot's agenda, by the secretariat or by what happens in the networks."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import model_validator

from services.themes.domain.forum_slot.state import (
    ForumSlot,
    ForumSlotCommand,
    Minutes,
    hold_to_come,
)
from shared.contracts.themes import AgendaItem, ForumAgendaItemAdded, ForumSlotEvent
from shared.contracts.vocabulary import AgendaKind, HalfYear, Title
from shared.kernel.commands import Context
from shared.kernel.permissions import SYSTEM, role


class AddForumAgendaItem(ForumSlotCommand):
    """Put something on the month's agenda, also before the slot has a time.

    The subject of a touchpoint is its network's id, that of a round its half-year.
    """

    may = role("secretariat") | SYSTEM  # P9
    begins = True

    kind: AgendaKind
    subject: UUID | HalfYear | None = None
    title: Title
    minutes: Minutes

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
                pass
        return self

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Add it once; an agenda longer than the slot is only remarked on (R203).

        Nobody puts anything on the agenda of a slot that is over. What follows from a network's
        own facts comes when it comes, and is told as late, so that it goes on to the next month:
        a touchpoint is not lost (R86).
        """
        if any(self._is_the_same(each) for each in state.agenda.values()):
            return []
        if ctx.capacity != str(SYSTEM):
            hold_to_come(state)
        agenda = self.minutes + sum(each.minutes for each in state.agenda.values())
        minutes = state.minutes(ctx.policy)
        ctx.warn(
            "agenda_over_slot",
            "R203",
            when=agenda > minutes and not state.is_over,
            agenda=agenda,
            minutes=minutes,
        )
        item = AgendaItem(
            item_id=ctx.new_id(),
            kind=self.kind,
            subject=self._about,
            title=self.title,
            minutes=self.minutes,
        )
        return [ForumAgendaItemAdded(on=ctx.on, month=self.month, item=item, late=state.is_over)]

    @property
    def _about(self) -> str | None:
        return str(self.subject) if self.subject else None

    def _is_the_same(self, item: AgendaItem) -> bool:
        """Whether the item is about the same; what has no subject goes by its title."""
        if item.kind is not self.kind or item.subject != self._about:
            return False
        return self.subject is not None or item.title == self.title
