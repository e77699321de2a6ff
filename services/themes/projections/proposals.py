"""What is counted of themes: each time one was proposed, and how far it came (V3, V4)."""

from datetime import date
from typing import Any, assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.themes import (
    ThemeNetworkTypeAligned,
    ThemeProposed,
    ThemeQualified,
    ThemeRefined,
    ThemeSelected,
)
from shared.contracts.vocabulary import DemandOrigin, HalfYear, NetworkType, PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key
from shared.policy import half_year_of

Counted = ThemeProposed | ThemeRefined | ThemeNetworkTypeAligned | ThemeQualified | ThemeSelected


class Proposal(BaseModel):
    """One time that a theme was proposed, and how far it came."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    half_year: HalfYear
    """When it was proposed; all that comes of it is counted there, whenever it comes."""
    proposed_on: date
    proposer_id: PersonId
    inquiry_id: UUID | None = None
    demand_origins: tuple[DemandOrigin, ...] = ()
    wished_type: NetworkType | None = None
    aligned_type: NetworkType | None = None
    qualified: bool = False
    selected_type: NetworkType | None = None
    """The type it was selected with; None when it was not."""
    selected_on: date | None = None

    @property
    def selected(self) -> bool:
        """Whether the chief forum chose it."""
        return self.selected_type is not None

    @property
    def network_type(self) -> NetworkType | None:
        """The type it asks for: as selected, else as agreed on, else as the proposer wished."""
        return self.selected_type or self.aligned_type or self.wished_type


class ThemeProposals(Row):
    """Every time that a theme was proposed, in order; keyed by the theme's id."""

    theme_id: UUID
    proposals: tuple[Proposal, ...] = ()

    def since(self, day: date) -> tuple[Proposal, ...]:
        """The proposals that were undecided on a day, and those that came later."""
        made = [n for n, each in enumerate(self.proposals) if each.proposed_on <= day]
        return tuple(
            each
            for each in self.proposals[max(made, default=0) :]
            if each.selected_on is None or each.selected_on >= day
        )


def _fold(row: ThemeProposals | None, fact: Recorded[Counted], key: str) -> ThemeProposals:
    row = row or ThemeProposals(theme_id=UUID(key))
    event = fact.event
    changed: dict[str, Any]
    match event:
        case ThemeProposed():
            told = event.model_dump() | {
                "half_year": half_year_of(event.on),
                "proposed_on": event.on,
            }
            proposals = (*row.proposals, Proposal.model_validate(told))
            return row.model_copy(update={"proposals": proposals})
        case ThemeRefined():
            changed = dict(event.changed)
        case ThemeNetworkTypeAligned():
            changed = {"aligned_type": event.network_type}
        case ThemeQualified():
            changed = {"qualified": True}
        case ThemeSelected():
            changed = {"selected_type": event.network_type, "selected_on": event.on}
        case other:
            assert_never(other)
    *earlier, latest = row.proposals
    latest = Proposal.model_validate(latest.model_dump() | changed)
    return row.model_copy(update={"proposals": (*earlier, latest)})


THEME_PROPOSALS = View.of(ThemeProposals, Counted, keys=stream_key, fold=_fold)
