"""The frame that a network type sets: its profile, its phases and how long it takes (R75)."""

from datetime import date, timedelta

from services.networks.domain.network.state import Network
from shared.contracts.networks import PlannedPhase, Profile
from shared.contracts.vocabulary import ActorGroup, NetworkType
from shared.kernel.commands import Context
from shared.kernel.refusals import Refused
from shared.policy import Policy


def profile_of(policy: Policy, network_type: NetworkType) -> Profile:
    """The frame as the policy has it now."""
    now = policy.types[network_type]
    return Profile(
        purpose=now.purpose,
        intended_difference=now.intended_difference,
        goals=now.goals,
        success_criteria=now.success_criteria,
        coupling=now.coupling,
        actor_groups=tuple(ActorGroup(each) for each in now.actor_groups),
        phases=tuple(each.phase for each in now.phases),
        intensive_weeks_total=now.intensive_weeks_total,
        estimate_min=now.estimate_min,
        estimate_max=now.estimate_max,
    )


def frame_of(network: Network, ctx: Context) -> Profile:
    """The frame that a network started with, or would start with now."""
    return network.profile or profile_of(ctx.policy, network.network_type)


def may_go_without_reference_leader(network: Network, ctx: Context) -> bool:
    """Whether the type's coupling to the base needs none, as that of a learning network (R144)."""
    return ctx.policy.types[network.network_type].reference_leader == "optional"


def template(policy: Policy, network_type: NetworkType) -> tuple[PlannedPhase, ...]:
    """The plan a network of this type begins with."""
    return tuple(
        PlannedPhase(phase=each.phase, label=each.label, estimated_weeks=each.weeks)
        for each in policy.types[network_type].phases
    )


def estimated_end(frame: Profile, start: date) -> date | None:
    """The day the course should be over; breaks are in it, the test is not (R90)."""
    return frame.estimate_max.after(start) if frame.estimate_max else None


def late_rule(network: Network) -> str:
    """The row that says how long a network of its type usually takes."""
    return "R94" if network.network_type is NetworkType.LEARNING else "R90"


def planned_end(plan: tuple[PlannedPhase, ...]) -> date | None:
    """The last day that the plan itself gives for these phases, if it gives any."""
    ends = [
        each.planned_start + timedelta(weeks=each.estimated_weeks or 0)
        for each in plan
        if each.planned_start
    ]
    return max(ends, default=None)


def hold_order(ctx: Context, began: date | None, rule: str) -> None:
    """Hold that what ends today, by the business date, began before."""
    if began is not None and ctx.on < began:
        raise Refused("ends_before_it_began", rule, began=began.isoformat(), on=ctx.on.isoformat())


def hold_after(ctx: Context, latest: date | None, rule: str) -> None:
    """Hold that what happens by the business date comes after what has happened already."""
    if latest is not None and ctx.on < latest:
        raise Refused(
            "before_what_has_happened", rule, latest=latest.isoformat(), on=ctx.on.isoformat()
        )
