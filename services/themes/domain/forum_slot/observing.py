"""Somebody is invited who may speak in the chief forum, and does not decide."""

from collections.abc import Sequence

from services.themes.domain.forum_slot.state import ForumSlot, ForumSlotCommand, hold_to_come
from shared.contracts.themes import ForumObserverInvited, ForumSlotEvent
from shared.contracts.vocabulary import PersonId
from shared.kernel.commands import Context, NoteText
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused


class InviteForumObserver(ForumSlotCommand):
    """Invite an observer to the month's slot (R201).

    The municipal director and the head of the secretariat find that it is to the point: either
    of them records it, and both are named (R202). Why is a note.
    """

    may = role("secretariat_lead") | role("municipal_director")  # P10
    begins = True

    person_id: PersonId
    municipal_director_id: PersonId | None = None
    secretariat_lead_id: PersonId | None = None
    reason: NoteText

    def decide(self, state: ForumSlot, ctx: Context) -> Sequence[ForumSlotEvent]:
        """Invite once; refused where the two are not both named, each as one person (R202).

        Who records it is one of them, and the director, who finds it to the point, is no observer.
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
