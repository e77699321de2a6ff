"""What becomes of an idea when a theme is described from it."""

from collections.abc import Iterable
from uuid import UUID

from services.themes.domain.inquiry.answering import AnswerInquiry
from shared.contracts.themes import ThemeProposed
from shared.contracts.vocabulary import InquiryOutcome
from shared.kernel.events import Recorded
from shared.kernel.facts import Facts
from shared.kernel.reactions import Reaction, Send, on


def answer_inquiry(fact: Recorded[ThemeProposed], facts: Facts) -> Iterable[Send]:
    """An idea that is described in the template has its answer: it is a theme now (R40, R46)."""
    proposed = fact.event
    if proposed.inquiry_id is None:
        return ()
    command = AnswerInquiry(
        on=proposed.on, outcome=InquiryOutcome.BECAME_THEME, theme_id=UUID(fact.key)
    )
    return (Send(str(proposed.inquiry_id), command),)


OF_IDEAS: tuple[Reaction, ...] = (on(ThemeProposed, answer_inquiry, history="begin"),)
