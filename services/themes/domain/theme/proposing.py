"""Describing a theme in the template, for the first time or again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.themes.domain.inquiry.state import INQUIRIES, NotSubmitted, sender_of
from services.themes.domain.theme.state import (
    Concluded,
    Declined,
    NotProposed,
    Proposed,
    Qualified,
    Theme,
    Withdrawn,
)
from services.themes.domain.theme.template import DescribingCommand
from shared.contracts.themes import IdeaSubmitted, ThemeEvent, ThemeProposed
from shared.contracts.vocabulary import TemplateField
from shared.kernel.commands import Aggregate, Context
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Forbidden, Refused, Unknown

RULE_OF = {
    TemplateField.TITLE: "R40",
    TemplateField.IDENTIFIED_NEED: "R44",
    TemplateField.BURNING_PLATFORM: "R49",
    TemplateField.NETWORK_POTENTIAL: "R49",
}
"""The fields that must be filled in -> the rule that asks for each."""


class ProposeTheme(DescribingCommand):
    """Describe a theme in the template, at any time of the year (R47).

    Title, need, burning platform and potential must be filled in. Hypotheses are welcome; a
    solution is not asked for (R60).
    """

    may = role("secretariat") | oneself()  # P1
    begins = True

    template_version: int
    inquiry_id: UUID | None = None

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The idea that it is described from, for whose that is."""
        return ((INQUIRIES, str(self.inquiry_id)),) if self.inquiry_id else ()

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Hold that the template is filled in, and that no proposal is open under this id.

        What one proposes again, and the idea one describes, is one's own; the secretariat does it
        for others: of a theme for whoever proposed it before, unless it names somebody.
        """
        proposed = self._described(state, ctx)
        self._hold_own(state, ctx)
        self._hold_idea(ctx)
        match state:
            case NotProposed():
                pass
            case Declined() | Withdrawn() | Concluded():
                number = state.proposal.proposal_no + 1
                proposed = proposed.model_copy(update={"proposal_no": number})
            case Proposed() | Qualified() if _same(proposed, state.proposal):
                return []
            case _:
                raise Refused("theme_still_open", "R40")
        ctx.warn("no_previous_attempts", "R44", when=self.previous_attempts is None)
        return [proposed]

    def _hold_own(self, state: Theme, ctx: Context) -> None:
        is_own = isinstance(state, NotProposed) or state.proposal.proposer_id == ctx.person_id
        if ctx.capacity == "self" and not is_own:
            raise Forbidden("not_allowed", who="its proposer | secretariat")

    def _hold_idea(self, ctx: Context) -> None:
        if self.inquiry_id is None:
            return
        inquiry = ctx.state(INQUIRIES, str(self.inquiry_id))
        if isinstance(inquiry, NotSubmitted):
            raise Unknown("unknown", kind="inquiry", id=str(self.inquiry_id))
        if ctx.capacity == "self" and sender_of(inquiry) != ctx.person_id:
            raise Forbidden("not_allowed", who="whose idea it is | secretariat")
        if not isinstance(inquiry.submission, IdeaSubmitted):
            raise Refused("inquiry_not_an_idea", "R40")

    def _described(self, state: Theme, ctx: Context) -> ThemeProposed:
        if not 1 <= self.template_version <= ctx.policy.themes.template_version:
            raise Refused(
                "template_version_unknown",
                "R52",
                given=self.template_version,
                newest=ctx.policy.themes.template_version,
            )
        proposer_id = ctx.person_id
        for_nobody = ctx.capacity == "secretariat" and self.on_behalf_of is None
        if for_nobody and not isinstance(state, NotProposed):
            proposer_id = state.proposal.proposer_id
        if proposer_id is None:
            raise Forbidden("not_allowed", who=str(self.may))
        if any(getattr(self, each) is None for each in TemplateField):
            raise self._missing()
        return ThemeProposed(
            on=ctx.on,
            proposer_id=proposer_id,
            proposal_no=1,
            template_version=self.template_version,
            inquiry_id=self.inquiry_id,
            **self.described(),
        )

    def _missing(self) -> Refused:
        first, *others = (
            Refused("template_field_missing", RULE_OF[each], field=each)
            for each in TemplateField
            if getattr(self, each) is None
        )
        first.others = tuple(others)
        return first


class ProposeThemeAgain(ProposeTheme):
    """Describe a declined, withdrawn or concluded theme anew, under the id it had."""

    begins = False


def _same(one: ThemeProposed, other: ThemeProposed) -> bool:
    return one.model_copy(update={"on": other.on, "proposal_no": other.proposal_no}) == other
