"""Somebody is invited who may speak in the chief forum, and does not decide."""

from collections.abc import Sequence

from services.themes.domain.forum_slot.state import (
    ForumSlot,
    ForumSlotCommand,
    hold_in_reach,
    hold_not_held,
    hold_to_come,
)
from shared.contracts.themes import (
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ForumSlotEvent,
)
from shared.contracts.vocabulary import PersonId
from shared.kernel.commands import Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused, Unknown
from shared.people import Person, is_known_member

THE_TWO_HEADS = role("secretariat_lead") | role("municipal_director")
"""The head of the secretariat and the municipal director (P10)."""


class InviteForumObserver(ForumSlotCommand):
    """Invite an observer to the month's slot (R201).

    The municipal director and the head of the secretariat find that it is to the point: either
    of them records it, and both are named (R202). Why is a note.
    """

    may = THE_TWO_HEADS
    begins = True

    person_id: PersonId
    municipal_director_id: PersonId | None = None
    secretariat_lead_id: PersonId | None = None
    reason: NoteText

    def asks(self, state: ForumSlot) -> Sequence[Ask]:
        """Who is named as the director, and who is invited."""
        named = (self.municipal_director_id, self.person_id)
        return tuple(Person.at(each) for each in named if each)

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Invite once; refused where the two are not both named, each as one person (R202).

        Who records it is one of them, and the director, who finds it to the point, is no observer.
        A director whom the directory does not know as one, and a member of the chief forum, who
        needs no invitation, are remarked on.
        """
        director, lead = self.municipal_director_id, self.secretariat_lead_id
        if director is None or lead is None or director == lead:
            raise Refused("both_must_be_named", "R202")
        named = director if ctx.capacity == "municipal_director" else lead
        if ctx.actor.person_id != named:
            raise Refused("recorder_not_named", "R202")
        if self.person_id == director:
            raise Refused("director_is_no_observer", "R202")
        if self.person_id in state.observers:
            return []
        hold_to_come(state)
        hold_in_reach(self.month, ctx)
        self._remark(director, ctx)
        return [
            ForumObserverInvited(
                on=ctx.on,
                month=self.month,
                person_id=self.person_id,
                municipal_director_id=director,
                secretariat_lead_id=lead,
                reason_note=ctx.note(self.reason, about=self.person_id),
            )
        ]

    def _remark(self, director_id: PersonId, ctx: Context) -> None:
        director = ctx.facts.find(Person, director_id)
        is_one = director_id == ctx.actor.person_id or (
            director is not None and director.is_director
        )
        ctx.warn("director_not_known", "R202", when=not is_one, person_id=str(director_id))
        is_member = is_known_member(ctx, self.person_id)
        ctx.warn("observer_is_member", "R201", when=is_member, person_id=str(self.person_id))


class WithdrawForumObserver(ForumSlotCommand):
    """Take back an invitation that was a mistake, so that nobody only listens for its sake (R201).

    Either of the two who invite may; the person can be invited again. Why is a note.
    """

    may = THE_TWO_HEADS

    person_id: PersonId
    reason: NoteText

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Withdraw it once, also where the slot is cancelled; refused once it was held (R203)."""
        if self.person_id in state.withdrawn:
            return []
        if self.person_id not in state.observers:
            raise Unknown("unknown", kind="observer", id=str(self.person_id))
        hold_not_held(state)
        return [
            ForumObserverWithdrawn(
                on=ctx.on,
                month=self.month,
                person_id=self.person_id,
                reason_note=ctx.note(self.reason, about=self.person_id),
            )
        ]
