"""Putting a theme up for discussion in a round (R51)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.themes.domain.theme.state import THEME, NotProposed, Proposed, Qualified
from services.themes.domain.theme_round.state import (
    RoundCommand,
    ThemeRound,
    hold_open,
    opened,
)
from shared.contracts.themes import ThemeAddedToRound, ThemeRoundEvent
from shared.kernel.commands import Aggregate, Context
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Unknown


class AddThemeToRound(RoundCommand):
    """Put a theme up for discussion in a round."""

    may = role("secretariat") | SYSTEM  # P7

    theme_id: UUID

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The theme, for its title and whether it is open."""
        return ((THEME, str(self.theme_id)),)

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Add each of its proposals once; that it is no longer open is only remarked on.

        What is carried over from another round (by the system) stays behind once it is decided.
        """
        now = opened(state)
        theme = ctx.state(THEME, str(self.theme_id))
        if isinstance(theme, NotProposed):
            raise Unknown("unknown", kind="theme", id=str(self.theme_id))
        proposal_no = theme.proposal.proposal_no
        if now.proposal_nos.get(self.theme_id, 0) in {None, proposal_no}:
            return []
        hold_open(now)
        is_open = isinstance(theme, Proposed | Qualified)
        if ctx.capacity == "system" and not is_open:
            return []
        ctx.warn("theme_not_open", "R51", when=not is_open)
        return [
            ThemeAddedToRound(
                on=ctx.on,
                half_year=ctx.key,
                theme_id=self.theme_id,
                title=theme.proposal.title,
                proposal_no=proposal_no,
            )
        ]
