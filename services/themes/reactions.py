"""What follows for a theme from what networks tell (R68)."""

from collections.abc import Iterable
from uuid import UUID

from services.themes.domain.theme.network import ConcludeTheme, TakeUpTheme
from shared.contracts.networks import (
    NetworkCancelled,
    NetworkClosed,
    NetworkStarted,
    NetworkThemeLinked,
)
from shared.contracts.vocabulary import ThemeOutcome
from shared.kernel.events import Recorded
from shared.kernel.facts import Facts
from shared.kernel.reactions import Send, on


def take_theme_up(
    fact: Recorded[NetworkStarted] | Recorded[NetworkThemeLinked], facts: Facts
) -> Iterable[Send]:
    """A network that starts takes its theme up; one that runs already, when it is linked to one."""
    command = TakeUpTheme(on=fact.event.on, network_id=UUID(fact.key))
    return [Send(str(fact.event.theme_id), command)]


def conclude_theme(
    fact: Recorded[NetworkClosed] | Recorded[NetworkCancelled], facts: Facts
) -> Iterable[Send]:
    """A network that ends concludes its theme, if it has one; a cancelled one frees it."""
    ended = fact.event
    if ended.theme_id is None:
        return []
    outcome = (
        ThemeOutcome(ended.result.value)
        if isinstance(ended, NetworkClosed)
        else ThemeOutcome.CANCELLED
    )
    command = ConcludeTheme(on=ended.on, network_id=UUID(fact.key), outcome=outcome)
    return [Send(str(ended.theme_id), command)]


REACTIONS = (
    on(NetworkStarted, take_theme_up, history="begin"),
    on(NetworkThemeLinked, take_theme_up, history="begin"),
    on(NetworkClosed, conclude_theme, history="begin"),
    on(NetworkCancelled, conclude_theme, history="begin"),
)
