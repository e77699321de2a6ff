"""Sending in an idea, a task or a question, by every channel there is."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.idea_call import IDEA_CALLS, NotOpened, is_open_on
from services.themes.domain.inquiry.state import Inquiry, InquiryCommand, NotSubmitted
from shared.contracts.themes import IdeaSubmitted, InquiryEvent, InquiryRegistered
from shared.contracts.vocabulary import Forum, IdeaChannel, InquiryKind, PersonId, Title
from shared.kernel.commands import Aggregate, Context, NoteText
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Forbidden, Malformed, Unknown
from shared.policy import Day

OF_IDEAS = ("need", "forum", "discussed_on", "idea_call_id")
"""What is asked of an idea alone."""


class SubmitInquiry(InquiryCommand):
    """Send in an idea for a theme, a task for the competence community, or a question (R41, R42).

    An idea out of a forum's discussion names the forum and the day (R36), one that answers an open
    call names the call (R37). What somebody told the secretariat is registered by it on that
    person's behalf (R38). The answer's `id` is the receipt, and where the reply is found.
    """

    may = oneself() | role("secretariat")  # P1
    begins = True

    kind: InquiryKind
    channel: IdeaChannel
    title: Title
    text: NoteText
    need: NoteText | None = None
    """The need behind an idea."""
    forum: Forum | None = None
    discussed_on: Day | None = None
    idea_call_id: UUID | None = None
    wants_to_lead: bool = False
    """Whether whoever has the idea would like to lead the network (R43)."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        discussed = self.channel is IdeaChannel.FORUM_DISCUSSION
        if (self.forum is not None, self.discussed_on is not None) != (discussed, discussed):
            raise PydanticCustomError(
                "forum_goes_with_discussion",
                "forum and discussed_on go with the channel forum_discussion",
            )
        if (self.idea_call_id is not None) != (self.channel is IdeaChannel.OPEN_CALL):
            raise PydanticCustomError(
                "call_goes_with_open_call", "idea_call_id goes with the channel open_call"
            )
        if self.channel is IdeaChannel.THEME_TEMPLATE:
            raise PydanticCustomError(
                "template_is_a_theme", "what is described in the template is a theme (R40)"
            )
        if self.channel is IdeaChannel.SECRETARIAT_CONTACT and self.on_behalf_of is None:
            raise PydanticCustomError(
                "contact_without_sender", "what the secretariat was told is on_behalf_of somebody"
            )
        of_idea = self.wants_to_lead or any(getattr(self, each) is not None for each in OF_IDEAS)
        if of_idea and self.kind is not InquiryKind.THEME_IDEA:
            raise PydanticCustomError(
                "only_of_an_idea", "need, forum, idea_call_id and wants_to_lead go with an idea"
            )
        return self

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The call that it answers, for whether that is open."""
        return ((IDEA_CALLS, str(self.idea_call_id)),) if self.idea_call_id else ()

    def decide(self, state: Inquiry, ctx: Context) -> Sequence[InquiryEvent]:
        """Take it in; an answer to a call that is not open is only remarked on."""
        if ctx.person_id is None:
            raise Forbidden("not_allowed", who=str(self.may))
        told = self.channel is IdeaChannel.SECRETARIAT_CONTACT
        if told and ctx.capacity != "secretariat":
            raise Forbidden("not_allowed", "R38", who="secretariat")
        if not isinstance(state, NotSubmitted):
            return []
        if self.discussed_on and self.discussed_on > ctx.today:
            raise Malformed(
                "date_in_future", on=self.discussed_on.isoformat(), today=ctx.today.isoformat()
            )
        self._look_at_call(ctx)
        if self.kind is InquiryKind.THEME_IDEA:
            return [self._idea(ctx, ctx.person_id)]
        return [
            InquiryRegistered(
                on=ctx.on,
                kind=self.kind,
                channel=self.channel,
                title=self.title,
                person_id=ctx.person_id,
                text_note=ctx.note(self.text, about=ctx.person_id),
            )
        ]

    def _look_at_call(self, ctx: Context) -> None:
        if self.idea_call_id is None:
            return
        call = ctx.state(IDEA_CALLS, str(self.idea_call_id))
        if isinstance(call, NotOpened):
            raise Unknown("unknown", kind="idea_call", id=str(self.idea_call_id))
        ctx.warn("idea_call_closed", "R37", when=not is_open_on(call, ctx.on))

    def _idea(self, ctx: Context, person_id: PersonId) -> IdeaSubmitted:
        return IdeaSubmitted(
            on=ctx.on,
            channel=self.channel,
            title=self.title,
            person_id=person_id,
            text_note=ctx.note(self.text, about=person_id),
            need_note=ctx.note(self.need, about=person_id) if self.need else None,
            forum=self.forum,
            discussed_on=self.discussed_on,
            idea_call_id=self.idea_call_id,
            wants_to_lead=self.wants_to_lead,
        )
