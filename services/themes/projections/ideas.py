"""The inbox of ideas, tasks and questions: who waits for an answer (V5)."""

from datetime import date
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.themes import (
    IdeaAnswered,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryEvent,
    InquiryRegistered,
)
from shared.contracts.vocabulary import (
    Forum,
    IdeaChannel,
    InquiryKind,
    InquiryOutcome,
    NoteId,
    PersonId,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key


class IdeaInbox(Row):
    """What somebody sent in, and what came of it; keyed by its id.

    The words are notes, read one by one at `/notes/{id}` by the secretariat and whoever sent it in.
    """

    inquiry_id: UUID
    kind: InquiryKind
    channel: IdeaChannel
    title: str
    person_id: PersonId
    """Whose idea, task or question it is."""
    received_on: date
    waiting: bool = True
    """Whether it has no answer of any kind."""
    waiting_since: date | None = None
    """The day it was received, for as long as it waits."""
    outcome: InquiryOutcome | None = None
    first_answered_on: date | None = None
    answered_on: date | None = None
    """When it was answered last."""
    theme_id: UUID | None = None
    """The theme that came of it, the latest one where there are several."""
    text_note: NoteId
    need_note: NoteId | None = None
    answer_note: NoteId | None = None
    """The latest answer, or the reason why it was closed."""
    forum: Forum | None = None
    discussed_on: date | None = None
    idea_call_id: UUID | None = None
    wants_to_lead: bool = False
    """Whether whoever has the idea would like to lead the network (R43)."""


def _fold(row: IdeaInbox | None, fact: Recorded[InquiryEvent], key: str) -> IdeaInbox:
    event = fact.event
    match event:
        case IdeaSubmitted() | InquiryRegistered():
            told = event.model_dump(exclude={"on"})
            return IdeaInbox.model_validate(
                {"kind": InquiryKind.THEME_IDEA}
                | told
                | {"inquiry_id": key, "received_on": event.on, "waiting_since": event.on}
            )
        case IdeaAnswered() | InquiryAnswered():
            changed: dict[str, Any] = {
                "outcome": row.outcome if row and row.theme_id else InquiryOutcome.ANSWERED,
                "answer_note": event.answer_note,
            }
        case IdeaTurnedIntoTheme():
            changed = {"outcome": InquiryOutcome.BECAME_THEME, "theme_id": event.theme_id}
        case IdeaClosed():
            changed = {"outcome": InquiryOutcome.CLOSED, "answer_note": event.reason_note}
        case other:
            assert_never(other)
    assert row is not None
    over = {
        "waiting": False,
        "waiting_since": None,
        "first_answered_on": row.first_answered_on or event.on,
        "answered_on": event.on,
    }
    return row.model_copy(update=changed | over)


IDEA_INBOX = View.of(
    IdeaInbox,
    InquiryEvent,
    keys=stream_key,
    fold=_fold,
    indexes=("waiting", "waiting_since", "person_id", "kind", "channel", "idea_call_id"),
)
