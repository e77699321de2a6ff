"""Answering what was sent in, so that nothing stays without a reply (R46)."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.inquiry.state import (
    Closed,
    Inquiry,
    InquiryCommand,
    TurnedIntoTheme,
    sender_of,
    submitted,
    themes_of,
)
from services.themes.domain.theme.state import THEME, NotProposed
from shared.contracts.themes import (
    IdeaAnswered,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryEvent,
)
from shared.contracts.vocabulary import InquiryOutcome
from shared.kernel.commands import Aggregate, Context, NoteText
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused, Unknown


class AnswerInquiry(InquiryCommand):
    """Answer an idea or an inquiry, close it with a reason, or tell which theme came of it.

    Whoever sent it in reads the answer, or the reason, at `GET /notes/{id}`.
    """

    may = role("secretariat") | SYSTEM  # P2

    outcome: InquiryOutcome
    answer: NoteText | None = None
    """What the sender is told; for a closing the reason."""
    theme_id: UUID | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        became_theme = self.outcome is InquiryOutcome.BECAME_THEME
        if (self.theme_id is not None) != became_theme:
            raise PydanticCustomError(
                "theme_goes_with_outcome", "theme_id goes with the outcome became_theme"
            )
        if (self.answer is None) != became_theme:
            raise PydanticCustomError(
                "answer_goes_with_outcome",
                "an answer takes words, as a closing takes a reason; a theme does not",
            )
        return self

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The theme that came of it, for whether somebody has described one."""
        return ((THEME, str(self.theme_id)),) if self.theme_id else ()

    def decide(self, state: Inquiry, ctx: Context) -> Sequence[InquiryEvent]:
        """Answer it; closed, it is over, and as a theme it may still be answered in words."""
        in_words = self.outcome is InquiryOutcome.ANSWERED
        over = isinstance(state, Closed) or (isinstance(state, TurnedIntoTheme) and not in_words)
        if self.theme_id is not None:
            if self.theme_id in themes_of(state):
                return []
            # Who describes an idea that was closed has made a theme of it all the same.
            over = over and ctx.capacity != "system"
        if over:
            raise Refused("inquiry_closed", "R46")
        return [self._answered(state, ctx)]

    def _answered(self, state: Inquiry, ctx: Context) -> InquiryEvent:
        person_id = sender_of(state)
        is_idea = isinstance(submitted(state).submission, IdeaSubmitted)
        if self.theme_id is not None:
            if isinstance(ctx.state(THEME, str(self.theme_id)), NotProposed):
                raise Unknown("unknown", kind="theme", id=str(self.theme_id))
            if not is_idea:
                raise Refused("inquiry_not_an_idea", "R40")
            return IdeaTurnedIntoTheme(on=ctx.on, person_id=person_id, theme_id=self.theme_id)
        note = ctx.note(self.answer or "", about=person_id)
        if self.outcome is InquiryOutcome.CLOSED:
            return IdeaClosed(on=ctx.on, person_id=person_id, reason_note=note)
        answered = IdeaAnswered if is_idea else InquiryAnswered
        return answered(on=ctx.on, person_id=person_id, answer_note=note)
