"""A planned network starts."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from services.networks.domain.known import KnownTheme, Starts
from services.networks.domain.network.frame import (
    estimated_end,
    may_go_without_reference_leader,
    profile_of,
)
from services.networks.domain.network.life import Planned
from services.networks.domain.network.roles import Holder
from services.networks.domain.network.state import LEADER, Network, NetworkCommand, NetworkState
from services.networks.domain.slots import THE_SLOTS, slots_left, take_slot
from shared.contracts.networks import NetworkEvent, NetworkStarted
from shared.contracts.vocabulary import (
    OWN_ACTOR_GROUPS,
    ActorGroup,
    NetworkType,
    OrgUnitId,
    PersonId,
    Text,
    Title,
)
from shared.kernel.commands import Aggregate, Context
from shared.kernel.facts import Ask
from shared.kernel.refusals import Refused
from shared.people import Person, check_deciders, deciders, may_set_aside
from shared.policy import half_year_of


class StartNetwork(NetworkCommand):
    """Start a planned network: with a leader and a purpose, and no numeric target or task plan.

    `decided_by` names the members of the chief forum behind an override of R56, where the
    secretariat records it (P53).
    """

    may = LEADER  # P12

    purpose: Text | None = None
    base_anchor: OrgUnitId | None = None
    political_vision_ref: Title | None = None
    knowledge_gap: Text | None = None
    goals: Text | None = None
    success_criteria: Text | None = None
    actor_groups: frozenset[ActorGroup] = frozenset()
    decided_by: Annotated[frozenset[PersonId], Field(max_length=100)] = frozenset()

    def asks(self, state: NetworkState) -> Sequence[Ask]:
        """The theme, the units of those who lead, how many have started, and who decided."""
        network = state if isinstance(state, Network) else None
        leading = _leading(network) if network else ()
        theme_id = network.theme_id if network else None
        return (
            Starts.at("all"),
            *((KnownTheme.at(theme_id),) if theme_id else ()),
            *(Person.at(each.person_id) for each in leading),
            *deciders(self.decided_by),
        )

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The innovation slots, of which it may take one."""
        return (THE_SLOTS,)

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Start it once; the slot of an innovation network is taken in the same transaction."""
        if not isinstance(network.life, Planned):
            if network.purpose == self.purpose:
                return []
            raise Refused("network_not_planned", "R89" if network.theme_id else "R68")
        assert network.theme_id is not None  # a planned network comes from a theme (R68)
        theme = ctx.facts.find(KnownTheme, network.theme_id)
        if theme and ctx.key in {str(each) for each in theme.given_up.values()}:
            # What was withdrawn stays so; the command that cancels the network is on its way.
            raise Refused("network_theme_withdrawn", "R68")
        if network.roles.leader is None:
            raise Refused("network_has_no_leader", "R126")
        if self.purpose is None:
            raise Refused("purpose_missing", "R89")
        innovation = network.network_type is NetworkType.INNOVATION
        if innovation:
            if slots_left(ctx) <= 0:
                cap = ctx.policy.portfolio.max_concurrent_innovation
                raise Refused("innovation_cap_reached", "R73", cap=cap)
            take_slot(ctx, ctx.on)
        base_anchor = self.base_anchor or _unit(network, ctx)
        self._hold_defaults(network, base_anchor, ctx)
        self._remark(network, ctx)
        profile = profile_of(ctx.policy, network.network_type)
        return [
            NetworkStarted(
                on=ctx.on,
                theme_id=network.theme_id,
                title=network.title,
                network_type=network.network_type,
                half_year=half_year_of(ctx.on),
                purpose=self.purpose,
                intended_difference=network.intended_difference,
                goals=self.goals,
                success_criteria=self.success_criteria,
                knowledge_gap=self.knowledge_gap,
                actor_groups=tuple(sorted(self.actor_groups)),
                base_anchor=base_anchor,
                political_vision_ref=self.political_vision_ref,
                crew=network.roles.crew,
                phases=network.course.plans,
                estimated_end=estimated_end(profile, ctx.on),
                profile=profile,
            )
        ]

    def _hold_defaults(self, network: Network, base_anchor: OrgUnitId | None, ctx: Context) -> None:
        check_deciders(ctx, self.decided_by)
        ctx.default(
            "no_reference_leader",
            "R144",
            broken=network.roles.reference_leader is None
            and not may_go_without_reference_leader(network, ctx),
        )
        ctx.default("no_base_anchor", "R8", broken=base_anchor is None)
        ctx.default(
            "no_political_vision",
            "R77",
            broken=network.network_type is NetworkType.INNOVATION
            and self.political_vision_ref is None,
        )
        ctx.default(
            "network_type_not_aligned",
            "R56",
            broken=not network.type_aligned,
            by=may_set_aside(ctx, self.decided_by),
        )
        ctx.default(
            "mandate_contract_not_agreed",
            "R146",
            broken=ctx.policy.mandate.required_before == "start" and not network.contract_is_agreed,
        )

    def _remark(self, network: Network, ctx: Context) -> None:
        portfolio = ctx.policy.portfolio
        half_year = half_year_of(ctx.on)
        starts = ctx.facts.find(Starts, "all") or Starts()
        in_all = starts.in_half_year(half_year) + 1
        of_type = starts.in_half_year(half_year, network.network_type) + 1
        usual = portfolio.expected_mix.get(network.network_type)
        ctx.warn(
            "starts_out_of_range",
            "R71",
            when=in_all > portfolio.starts_per_half_year.max,
            half_year=half_year,
            starts=in_all,
            usual=portfolio.starts_per_half_year.max,
        )
        ctx.warn(
            "mix_unusual",
            "R72",
            when=usual is not None and of_type > usual.max,
            half_year=half_year,
            network_type=network.network_type.value,
            starts=of_type,
        )
        ctx.warn(
            "few_perspectives",
            "R84",
            when=network.network_type is NetworkType.LEARNING
            and OWN_ACTOR_GROUPS.issuperset(self.actor_groups),
        )


def _leading(network: Network) -> tuple[Holder, ...]:
    """Those whose unit the network hangs on: the reference leader first, then the leader (R8)."""
    return tuple(each for each in (network.roles.reference_leader, network.roles.leader) if each)


def _unit(network: Network, ctx: Context) -> OrgUnitId | None:
    for holder in _leading(network):
        known = ctx.facts.find(Person, holder.person_id)
        unit = holder.org_unit_id or (known.org_unit_id if known else None)
        if unit:
            return unit
    return None
