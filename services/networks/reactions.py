"""What follows for networks from what themes tell (R68)."""

from collections.abc import Iterable
from uuid import NAMESPACE_OID, UUID, uuid5

from services.networks.domain.network.planning import LinkNetworkTheme, PlanNetwork
from shared.contracts.themes import ThemeSelected
from shared.kernel.events import Recorded
from shared.kernel.facts import Facts
from shared.kernel.reactions import Send, on


def plan_network(fact: Recorded[ThemeSelected], facts: Facts) -> Iterable[Send]:
    """A selected theme gets a network, or is linked to the one it was selected for.

    The new network's id is made from the fact's, so that the same selection is one network.
    """
    selected = fact.event
    theme_id = UUID(fact.key)
    if selected.for_network_id:
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
    return [Send(str(uuid5(NAMESPACE_OID, fact.id)), plan)]


REACTIONS = (on(ThemeSelected, plan_network, history="begin"),)
