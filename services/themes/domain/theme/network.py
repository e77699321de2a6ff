"""What happens to a theme in its network, told by networks (R68)."""

from collections.abc import Sequence
from uuid import UUID

from services.themes.domain.theme.state import (
    InNetwork,
    Selected,
    Theme,
    ThemeCommand,
    begun,
)
from shared.contracts.themes import ThemeConcluded, ThemeEvent, ThemeSelected, ThemeTakenUp
from shared.contracts.vocabulary import ThemeOutcome
from shared.kernel.commands import Context
from shared.kernel.permissions import SYSTEM


class TakeUpTheme(ThemeCommand):
    """Record that a network works on the theme; it is never refused, because the network runs."""

    may = SYSTEM

    network_id: UUID

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Take it up; a theme that nobody selected, or that is elsewhere, is only remarked on."""
        if isinstance(state, InNetwork) and state.network_id == self.network_id:
            return []
        ctx.warn("theme_not_selected", "R68", when=not isinstance(state, Selected))
        proposal = begun(state).proposal
        return [
            ThemeTakenUp(
                on=ctx.on,
                network_id=self.network_id,
                title=proposal.title,
                proposer_id=proposal.proposer_id,
            )
        ]


class ConcludeTheme(ThemeCommand):
    """Record how the theme's network ended, also when it was cancelled before it began."""

    may = SYSTEM

    network_id: UUID
    outcome: ThemeOutcome

    def _is_awaited(self, selection: ThemeSelected) -> bool:
        awaited = selection.for_network_id or selection.network_id
        return awaited is None or awaited == self.network_id

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Conclude it, unless it awaits or has another network, or is no longer chosen."""
        match state:
            case InNetwork(proposal, network_id) if network_id == self.network_id:
                pass
            case Selected(proposal, selection) if self._is_awaited(selection):
                pass
            case _:
                return []
        return [
            ThemeConcluded(
                on=ctx.on,
                network_id=self.network_id,
                outcome=self.outcome,
                title=proposal.title,
                proposer_id=proposal.proposer_id,
            )
        ]
