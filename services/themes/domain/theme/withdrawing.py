"""Taking a theme back before a network works on it (R67)."""

from collections.abc import Sequence
from typing import assert_never

from services.themes.domain.theme.state import (
    Concluded,
    Declined,
    InNetwork,
    Proposed,
    Qualified,
    Selected,
    Theme,
    ThemeCommand,
    Withdrawn,
    begun,
)
from shared.contracts.themes import ThemeEvent, ThemeWithdrawn
from shared.contracts.vocabulary import Text
from shared.kernel.commands import Context
from shared.kernel.permissions import its, role
from shared.kernel.refusals import Refused


class WithdrawTheme(ThemeCommand):
    """Take a theme back, also one that is selected; a network that is planned is then given up."""

    may = its("proposer") | role("secretariat")  # P3

    reason: Text

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Withdraw it once; what a network works on ends with the network."""
        match begun(state):
            case Proposed(proposal) | Qualified(proposal) | Selected(proposal):
                return [
                    ThemeWithdrawn(
                        on=ctx.on,
                        title=proposal.title,
                        proposer_id=proposal.proposer_id,
                        reason=self.reason,
                        was_selected=isinstance(state, Selected),
                    )
                ]
            case Withdrawn():
                return []
            case InNetwork():
                raise Refused("theme_in_network", "R67")
            case Declined():
                raise Refused("theme_decided", "R67")
            case Concluded():
                raise Refused("theme_concluded", "R68")
            case other:
                assert_never(other)
