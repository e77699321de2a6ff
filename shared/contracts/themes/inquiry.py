"""Ideas, tasks and questions that are sent in: heard by the four services alone.

Each gets an answer. The words themselves are notes.
"""

from datetime import date
from uuid import UUID

from shared.contracts.vocabulary import Forum, IdeaChannel, InquiryKind, NoteId, PersonId, Title
from shared.kernel.events import Event


class IdeaSubmitted(Event):
    """Somebody had an idea for a network (R35-R39)."""

    channel: IdeaChannel
    title: Title
    person_id: PersonId
    """Whose idea it is."""
    text_note: NoteId
    need_note: NoteId | None = None
    forum: Forum | None = None
    discussed_on: date | None = None
    """Where and when it came up, for an idea out of a forum's discussion (R36)."""
    idea_call_id: UUID | None = None
    """The call that it answers (R37)."""
    wants_to_lead: bool = False


class InquiryRegistered(Event):
    """Somebody has a task for the competence community, or a question (R41, R42)."""

    kind: InquiryKind
    channel: IdeaChannel
    title: Title
    person_id: PersonId
    text_note: NoteId


class _Answered(Event):
    person_id: PersonId
    answer_note: NoteId


class IdeaAnswered(_Answered):
    """The secretariat answered an idea (R46)."""


class InquiryAnswered(_Answered):
    """The secretariat answered an inquiry (R46)."""


class IdeaTurnedIntoTheme(Event):
    """The idea was described in the template, and is a theme now (R40)."""

    person_id: PersonId
    theme_id: UUID


class IdeaClosed(Event):
    """An idea or an inquiry goes no further, and why (R46)."""

    person_id: PersonId
    reason_note: NoteId


InquiryEvent = (
    IdeaSubmitted
    | InquiryRegistered
    | IdeaAnswered
    | InquiryAnswered
    | IdeaTurnedIntoTheme
    | IdeaClosed
)
