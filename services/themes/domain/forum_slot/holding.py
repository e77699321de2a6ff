"""The slot was held: who was there, and what was treated."""

from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

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
from shared.kernel.permissions import role
from shared.kernel.refusals import Forbidden, Refused, Unknown


class Attending(BaseModel):
    """Who was there, and with which right (R201)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: PersonId
    right: ForumRight


class HoldForumSlot(ForumSlotCommand):
    """Say that the slot was held, with whom, and what was treated; again when more was.

    Nobody counts those who are there: some of the chief forum will do (R204). A network whose
    start or closing was treated has had its touchpoint (R86).
    """

    may = role("secretariat") | role("chefforum")  # P9

    attendees: Annotated[tuple[Attending, ...], Field(min_length=1, max_length=100)]
    treated: Annotated[frozenset[UUID], Field(max_length=100)] = frozenset()
    minutes_used: Minutes | None = None

    @field_validator("attendees")
    @classmethod
    def _each_once(cls, attendees: tuple[Attending, ...]) -> tuple[Attending, ...]:
        if len({each.person_id for each in attendees}) < len(attendees):
            raise ValueError("a person is there with one right")
        return tuple(sorted(attendees, key=lambda each: each.person_id))

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Tell it with every touchpoint that is new; what is left is remarked on (R86).

        Refused before the slot has a time; and where somebody who only listens is put down as a
        member: who was invited so, or the secretariat that writes it down (R201).
        """
        if state.life is not ForumSlotState.HELD:
            hold_to_come(state)
        if state.scheduled is None:
            raise Refused("slot_not_scheduled", "R203")
        for each in sorted(self.treated.difference(state.agenda)):
            raise Unknown("unknown", kind="agenda_item", id=str(each))
        new = [item for item in state.untreated(state.treated) if item.item_id in self.treated]
        self._hold_right_to_record(state, ctx)
        self._hold_rights(state, ctx)
        held = self._held(state, ctx)
        if state.held is not None and held.model_copy(update={"on": state.held.on}) == state.held:
            return []
        self._remark(state, held, ctx)
        return [held, *_touchpoints(new, held)]

    def _hold_right_to_record(self, state: ForumSlot, ctx: Context) -> None:
        """Let the chief forum itself record touchpoints, and nothing else (P9)."""
        items = [state.agenda[each] for each in self.treated]
        touchpoints_only = bool(items) and all(item.touchpoint for item in items)
        if ctx.capacity == "chefforum" and not touchpoints_only:
            raise Forbidden("not_allowed", who="secretariat")

    def _hold_rights(self, state: ForumSlot, ctx: Context) -> None:
        recording = {ctx.actor.person_id} if ctx.capacity == "secretariat" else set()
        for each in self.attendees:
            listens = each.person_id in state.observers or each.person_id in recording
            if each.right is ForumRight.MEMBER and listens:
                raise Refused("observer_recorded_as_member", "R201", person_id=str(each.person_id))

    def _held(self, state: ForumSlot, ctx: Context) -> ForumSlotHeld:
        """What was told before stays, and what was treated only becomes more."""
        treated = state.treated | self.treated
        before = state.held.minutes_used if state.held else None
        return ForumSlotHeld(
            on=ctx.on,
            month=self.month,
            attendees=tuple(Attendee(**each.model_dump()) for each in self.attendees),
            treated=tuple(each for each in state.agenda if each in treated),
            untreated=state.untreated(treated),
            minutes_used=self.minutes_used or before,
        )

    def _remark(self, state: ForumSlot, held: ForumSlotHeld, ctx: Context) -> None:
        for each in self.attendees:
            ctx.warn(
                "observer_not_invited",
                "R202",
                when=each.right is ForumRight.OBSERVER and each.person_id not in state.observers,
                person_id=str(each.person_id),
            )
        titles = ", ".join(each.title for each in held.untreated)
        ctx.warn("items_not_treated", "R86", when=bool(held.untreated), titles=titles)


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
