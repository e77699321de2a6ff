"""Putting a theme up for discussion in a round (R51)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.themes.domain.theme.state import THEME, NotProposed, Proposed, Qualified
from services.themes.domain.theme_round.state import (
    Round,
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

    may = role("secretariat")  # P7

    theme_id: UUID

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The theme, for its title and whether it is open."""
        return ((THEME, str(self.theme_id)),)

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Add each of its proposals once; that it is no longer open is only remarked on."""
        now = opened(state)
        theme = ctx.state(THEME, str(self.theme_id))
        if isinstance(theme, NotProposed):
            raise Unknown("unknown", kind="theme", id=str(self.theme_id))
        proposal_no = theme.proposal.proposal_no
        if now.proposal_nos.get(self.theme_id, 0) in {None, proposal_no}:
            return []
        is_open = isinstance(theme, Proposed | Qualified)
        if not self._is_wanted(now, proposal_no, is_open=is_open):
            return []
        hold_open(now)
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

    def _is_wanted(self, now: Round, proposal_no: int, *, is_open: bool) -> bool:
        return True


class CarryThemeOver(AddThemeToRound):
    """Put up what another round left undecided.

    It stays behind once it is decided, or proposed again; and where it comes too late for this
    round, for it is then carried over to the next.
    """

    may = SYSTEM

    proposal_no: int | None = None
    """Which of its proposals was left; None where nobody told."""

    def _is_wanted(self, now: Round, proposal_no: int, *, is_open: bool) -> bool:
        return is_open and not now.closing and self.proposal_no in {None, proposal_no}
