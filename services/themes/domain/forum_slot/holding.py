"""The slot was held: who was there, and what was treated."""

from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.forum_slot.known import AgendaMatter
from services.themes.domain.forum_slot.state import (
    ForumSlot,
    ForumSlotCommand,
    Minutes,
    hold_to_come,
)
from shared.contracts.themes import (
    AgendaItem,
    Attendee,
    ForumSlotEvent,
    ForumSlotHeld,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import ForumRight, ForumSlotState, PersonId
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Forbidden, Refused, Unknown
from shared.people import check_member, deciders, is_known_member
from shared.policy.periods import local_day


class Attending(BaseModel):
    """Who was there, and with which right (R201)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: PersonId
    right: ForumRight


class HoldForumSlot(ForumSlotCommand):
    """Say that the slot was held, with whom, and what was treated; again when more was.

    Nobody counts those who are there: some of the chief forum will do (R204). A network whose
    start or closing was treated has had its touchpoint (R86). Told again, what was treated only
    becomes more, and the secretariat's list of those who were there takes the former's place; a
    chief adds nothing but touchpoints to a slot that is told of as held.
    """

    may = role("secretariat") | role("chefforum")  # P9

    attendees: Annotated[tuple[Attending, ...], Field(min_length=1, max_length=100)]
    treated: Annotated[frozenset[UUID], Field(max_length=100)] = frozenset()
    minutes_used: Minutes | None = None

    @field_validator("attendees")
    @classmethod
    def _each_once(cls, attendees: tuple[Attending, ...]) -> tuple[Attending, ...]:
        if len({each.person_id for each in attendees}) < len(attendees):
            raise PydanticCustomError("person_named_twice", "a person is named twice")
        return tuple(sorted(attendees, key=lambda each: each.person_id))

    def asks(self, state: ForumSlot) -> Sequence[Ask]:
        """Where else the same was treated, and who is said to be a member."""
        matters = (AgendaMatter.at(each) for each in sorted(self.treated))
        return (*matters, *deciders(each.person_id for each in self.attendees))

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Tell it with every touchpoint that is new; what is left is remarked on (R86).

        Refused before the slot's day; and where somebody who only listens is put down as a member:
        who was invited to, or the secretariat that writes it down (R201). Whoever the directory
        knows as no member is so by default (R200).
        """
        if state.life is not ForumSlotState.HELD:
            hold_to_come(state)
        if state.scheduled is None:
            raise Refused("slot_not_scheduled", "R203")
        if ctx.on < local_day(state.scheduled.starts_at):
            raise Refused("slot_not_yet_held", "R203")
        for each in sorted(self.treated.difference(state.agenda)):
            raise Unknown("unknown", kind="agenda_item", id=str(each))
        self._hold_right_to_record(state, ctx)
        self._hold_rights(state, ctx)
        held = self._held(state, ctx)
        if state.held is not None and held.model_copy(update={"on": state.held.on}) == state.held:
            return []
        self._remark(state, held, ctx)
        new = [item for item in state.untreated(state.treated) if item.item_id in self.treated]
        return [held, *_touchpoints(self._first_treated(new, ctx), held)]

    def _hold_right_to_record(self, state: ForumSlot, ctx: Context) -> None:
        """Let the chief forum itself record touchpoints, and nothing else (P9)."""
        items = [state.agenda[each] for each in self.treated]
        touchpoints_only = bool(items) and all(item.touchpoint for item in items)
        if _is_adding(ctx) and (state.held is None or not touchpoints_only):
            raise Forbidden("not_allowed", who="secretariat")

    def _hold_rights(self, state: ForumSlot, ctx: Context) -> None:
        """Look at those who are members by this word; whoever was told so before stays one."""
        if _is_adding(ctx):
            return
        named = {each.person_id for each in self.attendees if each.right is ForumRight.MEMBER}
        for each in sorted(named - _members(state)):
            only_listens = each in state.observers and not is_known_member(ctx, each)
            if each == ctx.actor.person_id or only_listens:
                raise Refused("observer_recorded_as_member", "R201", person_id=str(each))
            check_member(ctx, each, named)

    def _there(self, state: ForumSlot, ctx: Context) -> tuple[Attendee, ...]:
        """Those who are told now; those who were told before, where a chief adds to it."""
        if state.held and _is_adding(ctx):
            return state.held.attendees
        return tuple(Attendee(**each.model_dump()) for each in self.attendees)

    def _held(self, state: ForumSlot, ctx: Context) -> ForumSlotHeld:
        """What was told before stays, and what was treated only becomes more."""
        treated = state.treated | self.treated
        before = state.held.minutes_used if state.held else None
        return ForumSlotHeld(
            on=ctx.on,
            month=self.month,
            attendees=self._there(state, ctx),
            treated=tuple(each for each in state.agenda if each in treated),
            untreated=state.untreated(treated),
            minutes_used=before if _is_adding(ctx) else self.minutes_used or before,
        )

    def _first_treated(self, new: Iterable[AgendaItem], ctx: Context) -> Iterable[AgendaItem]:
        """What no other month has treated: a network meets the forum once at each moment."""
        for each in new:
            matter = ctx.facts.find(AgendaMatter, each.item_id)
            if matter is None or set(matter.treated_in) <= {self.month}:
                yield each

    def _remark(self, state: ForumSlot, held: ForumSlotHeld, ctx: Context) -> None:
        for each in held.attendees:
            ctx.warn(
                "observer_not_invited",
                "R202",
                when=each.right is ForumRight.OBSERVER and each.person_id not in state.observers,
                person_id=str(each.person_id),
            )
        # The text ends in a full stop of its own.
        titles = tuple(each.title.rstrip(".") for each in held.untreated)
        ctx.warn("items_not_treated", "R86", when=bool(held.untreated), titles=titles)


def _is_adding(ctx: Context) -> bool:
    """Whether a chief tells of it, who only adds touchpoints (P9)."""
    return ctx.capacity == "chefforum"


def _members(state: ForumSlot) -> frozenset[PersonId]:
    before = state.held.attendees if state.held else ()
    return frozenset(each.person_id for each in before if each.right is ForumRight.MEMBER)


def _touchpoints(new: Iterable[AgendaItem], held: ForumSlotHeld) -> Iterable[ForumSlotEvent]:
    return (
        ForumTouchpointRecorded(
            on=held.on,
            month=held.month,
            network_id=UUID(item.subject),
            touchpoint=item.touchpoint,
        )
        for item in new
        if item.touchpoint
    )
