"""What is put on the slot's agenda, by the secretariat or by what happens in the networks."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.forum_slot.known import AgendaMatter, id_of_matter
from services.themes.domain.forum_slot.state import (
    SLOT,
    ForumSlot,
    ForumSlotCommand,
    Minutes,
    hold_in_reach,
    hold_to_come,
    is_gone,
)
from services.themes.domain.theme_round.state import ROUND, discussed_on
from shared.contracts.themes import (
    AgendaItem,
    ForumAgendaItemAdded,
    ForumSlotEvent,
)
from shared.contracts.vocabulary import AgendaKind, HalfYear, Month, Title
from shared.kernel.commands import Aggregate, Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused
from shared.policy import Day, Policy
from shared.policy.periods import month_of


def _told_once(given: Any, read: ValidatorFunctionWrapHandler) -> UUID | HalfYear:
    """Say once what is wrong with it, and not of each thing that it could have been."""
    try:
        subject: UUID | HalfYear = read(given)
    except ValidationError:
        raise PydanticCustomError(
            "agenda_subject_malformed", "neither a network's id nor a half-year"
        ) from None
    return subject


Subject = Annotated[UUID | HalfYear, WrapValidator(_told_once)]
"""What an item is about: a network's id, or the half-year of a round."""


class AddForumAgendaItem(ForumSlotCommand):
    """Put something on the month's agenda, also before the slot has a time.

    The subject of a touchpoint is its network's id, that of a round its half-year. Both take the
    minutes that the policy has for them, where nothing else is said.
    """

    may = role("secretariat") | SYSTEM  # P9
    begins = True

    kind: AgendaKind
    subject: Subject | None = None
    title: Title
    minutes: Minutes | None = None

    @model_validator(mode="after")
    def _about_its_kind(self) -> "AddForumAgendaItem":
        match self.kind:
            case AgendaKind.TOUCHPOINT_START | AgendaKind.TOUCHPOINT_CLOSING:
                if not isinstance(self.subject, UUID):
                    raise PydanticCustomError(
                        "touchpoint_without_network",
                        "the subject of a touchpoint is the network's id",
                    )
            case AgendaKind.THEME_ROUND:
                if not isinstance(self.subject, str):
                    raise PydanticCustomError(
                        "round_without_half_year", "the subject of a round is its half-year"
                    )
            case AgendaKind.OTHER:
                if self.minutes is None:
                    raise PydanticCustomError("minutes_missing", "say how many minutes it takes")
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
            hold_in_reach(self.month, ctx)
            self._remark_unannounced(ctx)
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

    def _remark_unannounced(self, ctx: Context) -> None:
        """Remark on the closing of a network that has not announced it (R86)."""
        if self.kind is AgendaKind.TOUCHPOINT_CLOSING and self._matter:
            matter = ctx.facts.find(AgendaMatter, self._matter)
            announced = matter is not None and matter.is_announced
            ctx.warn("closing_not_announced", "R86", when=not announced)

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


class AddRoundToAgenda(AddForumAgendaItem):
    """Put a round on the month's agenda, unless its discussion has another day by now (R206)."""

    may = SYSTEM

    subject: HalfYear
    discussion_on: Day

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The round, for the day of its discussion."""
        return ((ROUND, self.subject),)

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Add it once."""
        if discussed_on(ctx.state(ROUND, self.subject)) != self.discussion_on:
            return []
        return super().decide(state, ctx)


class CarryForumAgendaItems(ForumSlotCommand):
    """Take over what another month did not treat (R86)."""

    may = SYSTEM
    begins = True

    left: Month
    """The month that did not treat them."""
    items: tuple[AgendaItem, ...]

    def asks(self, state: ForumSlot) -> Sequence[Ask]:
        """Whether they still wait to be treated."""
        return tuple(AgendaMatter.at(each.item_id) for each in self.items)

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """What was moved meanwhile: from the month they were in, or, of a round, by its day."""
        rounds = {half_year for each in self.items if (half_year := _round_of(each))}
        return ((SLOT, self.left), *((ROUND, each) for each in sorted(rounds)))

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Add what is not settled, and was never here: it comes to a month once.

        What has been moved meanwhile waits in the month it was moved to (R86, R206).
        """
        moved = ctx.state(SLOT, self.left).moved
        return [
            _added(self.month, each, state, ctx)
            for each in self.items
            if each.item_id not in state.ever | moved
            and not _is_settled(each.item_id, ctx)
            and not self._is_ahead(each, ctx)
        ]

    def _is_ahead(self, item: AgendaItem, ctx: Context) -> bool:
        half_year = _round_of(item)
        day = discussed_on(ctx.state(ROUND, half_year)) if half_year else None
        return day is not None and month_of(day) > self.month


def _round_of(item: AgendaItem) -> HalfYear | None:
    return item.subject if item.kind is AgendaKind.THEME_ROUND else None


def _is_settled(item_id: UUID, ctx: Context) -> bool:
    matter = ctx.facts.find(AgendaMatter, item_id)
    return matter is not None and matter.is_settled


def _added(month: Month, item: AgendaItem, state: ForumSlot, ctx: Context) -> ForumAgendaItemAdded:
    late = is_gone(month, state, ctx)
    return ForumAgendaItemAdded(
        on=ctx.on, month=month, item=item, late=late, slot_minutes=state.minutes(ctx.policy)
    )
