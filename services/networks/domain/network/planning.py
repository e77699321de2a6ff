"""How a network comes about: planned from a selected theme, or imported while it runs."""

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.networks.domain.known import KnownTheme
from services.networks.domain.network.frame import template
from services.networks.domain.network.state import (
    NETWORK,
    Network,
    NetworkCommand,
    NetworkState,
)
from services.networks.domain.slots import THE_SLOTS, slots_left, take_slot
from shared.contracts.networks import (
    NetworkEvent,
    NetworkImported,
    NetworkPlanned,
    NetworkThemeLinked,
)
from shared.contracts.themes import ThemeSelected
from shared.contracts.vocabulary import (
    HalfYear,
    NetworkType,
    OrgUnitId,
    PersonId,
    PhaseKey,
    Text,
    Title,
)
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Malformed, Refused
from shared.people import Person
from shared.policy import Day, half_year_of


def planned_by(selection: ThemeSelected, fact_id: str) -> UUID | None:
    """The id of the network that a selection plans; None where it is for one that runs already.

    Older selections do not tell it; there it is made from the fact's own.
    """
    if selection.for_network_id:
        return None
    return selection.network_id or uuid5(NAMESPACE_OID, fact_id)


class PlanNetwork(Command[NetworkState, NetworkEvent]):
    """Plan the network of a theme that was selected, which is the only way to one (R68)."""

    aggregate = NETWORK
    may = SYSTEM
    begins = True

    theme_id: UUID
    title: str
    network_type: NetworkType
    type_aligned: bool
    intended_difference: str | None = None
    half_year: HalfYear | None = None
    planned_start: Day | None = None

    def decide(self, state: NetworkState, ctx: Context) -> Sequence[NetworkEvent]:
        """Plan it once, with the phases and the estimate of its type."""
        if isinstance(state, Network):
            return []
        return [
            NetworkPlanned(
                on=ctx.on,
                theme_id=self.theme_id,
                title=self.title,
                network_type=self.network_type,
                type_aligned=self.type_aligned,
                intended_difference=self.intended_difference,
                half_year=self.half_year or half_year_of(self.planned_start or ctx.on),
                planned_start=self.planned_start,
                estimate=ctx.policy.types[self.network_type].estimate_max,
                phases=template(ctx.policy, self.network_type),
            )
        ]


class ImportNetwork(Command[NetworkState, NetworkEvent]):
    """Put a network that runs already into the structure, as it is (R104).

    The rules for starting and for choosing its people apply from the next such act on.
    """

    aggregate = NETWORK
    may = role("secretariat")  # P11
    begins = True

    title: Title
    purpose: Text
    network_type: NetworkType
    started_on: Day
    leader_id: PersonId
    reference_leader_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    base_anchor: OrgUnitId | None = None
    phases_completed: tuple[PhaseKey, ...] = ()
    planned_end: Day | None = None

    def asks(self, state: NetworkState) -> Sequence[Ask]:
        """The leader's line manager."""
        return (Person.at(self.leader_id),)

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The innovation slots, of which it may take one."""
        return (THE_SLOTS,)

    def decide(self, state: NetworkState, ctx: Context) -> Sequence[NetworkEvent]:
        """Take it in; above the cap of innovation networks it is only remarked on."""
        if isinstance(state, Network):
            raise Refused("network_already_exists", "R104", title=state.title)
        if self.started_on > ctx.on:
            raise Malformed(
                "date_in_future", on=self.started_on.isoformat(), today=ctx.on.isoformat()
            )
        phases = template(ctx.policy, self.network_type)
        done = len(self.phases_completed)
        if self.phases_completed != tuple(each.phase for each in phases[:done]):
            raise Refused("phase_out_of_order", "R99")
        if self.co_driver_id == self.leader_id:
            raise Refused("co_driver_is_leader", "R131")
        if self.network_type is NetworkType.INNOVATION:
            ctx.warn("cap_exceeded", "R73", when=slots_left(ctx) <= 0)
            take_slot(ctx, ctx.on)
        leader = ctx.facts.find(Person, self.leader_id)
        return [
            NetworkImported(
                on=ctx.on,
                title=self.title,
                purpose=self.purpose,
                network_type=self.network_type,
                started_on=self.started_on,
                leader_id=self.leader_id,
                leader_line_manager_id=leader.line_manager_id if leader else None,
                reference_leader_id=self.reference_leader_id,
                co_driver_id=self.co_driver_id,
                base_anchor=self.base_anchor,
                phases=phases,
                phases_completed=self.phases_completed,
                planned_end=self.planned_end,
            )
        ]


class LinkNetworkTheme(NetworkCommand):
    """Tell which theme a network that came without one works on."""

    may = role("secretariat") | SYSTEM  # P11

    theme_id: UUID

    def asks(self, state: NetworkState) -> Sequence[Ask]:
        """The theme's title, and whether it is selected."""
        return (KnownTheme.at(self.theme_id),)

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Link one theme and no other; one that is not selected is only remarked on."""
        if network.theme_id == self.theme_id:
            return []
        if network.theme_id is not None:
            raise Refused("theme_already_linked", "R68", theme_id=str(network.theme_id))
        theme = ctx.facts.get(KnownTheme, self.theme_id)
        ctx.warn("theme_not_selected", "R68", when=not theme.is_selected)
        return [NetworkThemeLinked(on=ctx.on, theme_id=self.theme_id, title=theme.title)]
