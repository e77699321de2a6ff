"""What follows for networks from what themes tell (R68)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.networks.domain.known import KnownTheme
from services.networks.domain.network.closing import CancelPlannedNetwork
from services.networks.domain.network.planning import (
    LinkNetworkTheme,
    PlanNetwork,
    planned_by,
)
from shared.contracts.themes import ThemeSelected, ThemeWithdrawn
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Send, on


def plan_network(fact: Recorded[ThemeSelected], facts: Facts) -> Iterable[Send]:
    """A selected theme gets a network, or is linked to the one it was selected for.

    The new network's id comes with the fact, so that the same selection is one network.
    """
    selected = fact.event
    theme_id = UUID(fact.key)
    planned_id = planned_by(selected, fact.id)
    if planned_id is None:
        link = LinkNetworkTheme(on=selected.on, theme_id=theme_id)
        return [Send(str(selected.for_network_id), link)]
    plan = PlanNetwork(
        on=selected.on,
        theme_id=theme_id,
        title=selected.title,
        network_type=selected.network_type,
        type_aligned=selected.type_aligned,
        intended_difference=selected.intended_difference,
        half_year=selected.half_year,
        planned_start=selected.planned_start,
    )
    return [Send(str(planned_id), plan)]


def cancel_planned(fact: Recorded[ThemeWithdrawn], facts: Facts) -> Iterable[Send]:
    """A theme that is withdrawn after it was selected takes its planned network with it."""
    given_up_id = facts.get(KnownTheme, fact.key).given_up.get(fact.id)
    if given_up_id is None:
        return []
    return [Send(str(given_up_id), CancelPlannedNetwork(reason=fact.event.reason))]


def _theme(fact: Recorded[ThemeWithdrawn]) -> Sequence[Ask]:
    return (KnownTheme.at(fact.key),)


REACTIONS = (
    on(ThemeSelected, plan_network, history="begin"),
    on(ThemeWithdrawn, cancel_planned, history="begin", asks=_theme),
)
