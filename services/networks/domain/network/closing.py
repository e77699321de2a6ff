"""A network ends: its closing is announced, it is closed, or it is cancelled on the way."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.networks.domain.known import Touchpoints
from services.networks.domain.network.course import Units
from services.networks.domain.network.frame import hold_after, hold_order
from services.networks.domain.network.life import (
    Cancelled,
    Closed,
    Implementing,
    OnBreak,
    Planned,
)
from services.networks.domain.network.roles import Holder
from services.networks.domain.network.state import LEADER, Network, NetworkCommand, NetworkState
from services.networks.domain.results import RESULTS
from services.networks.domain.slots import THE_SLOTS, free_slot
from shared.contracts.networks import (
    CrewAtClosing,
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkEvent,
    PhaseTaken,
    Service,
)
from shared.contracts.vocabulary import NetworkResult, NetworkType, Touchpoint
from shared.kernel.commands import Aggregate, Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused
from shared.policy import Day


def _hold_going_on(network: Network) -> None:
    if isinstance(network.life, Planned | OnBreak):
        raise Refused("network_not_running", "R89")


class AnnounceNetworkClosing(NetworkCommand):
    """Say when the network is to close, so that the chief forum can take it up (R86)."""

    may = LEADER  # P19

    planned_close: Day

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Announce it, and again when the day is moved."""
        _hold_going_on(network)
        if network.planned_close == self.planned_close:
            return []
        return [
            NetworkClosingAnnounced(
                on=ctx.on,
                planned_close=self.planned_close,
                title=network.title,
                network_type=network.network_type,
                leader_id=network.roles.crew.leader_id,
                moved_from=network.planned_close,
            )
        ]


class CloseNetwork(NetworkCommand):
    """End a network with what became of it; not adopted is a good end too (R31).

    The closing of a learning network is announced, which puts it on the chief forum's agenda, and
    is treated there first (R86, R205).
    """

    may = LEADER  # P19

    network_id: UUID
    """The network's own id."""
    result: NetworkResult
    lessons: NoteText | None = None
    receiving_units: Units = frozenset()

    def asks(self, state: NetworkState) -> Sequence[Ask]:
        """What the chief forum has treated of it."""
        return (Touchpoints.at(self.network_id),)

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The innovation slots, of which it may hold one, and its results."""
        return (THE_SLOTS, (RESULTS, key))

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """End it, give back its slot, and tell who carried it and what its phases took."""
        _hold_going_on(network)
        hold_order(ctx, network.started_on, "R89")
        assert network.started_on is not None
        learning = network.network_type is NetworkType.LEARNING
        if learning:
            self._hold_treated(network, ctx)
        ctx.default("no_evaluation", "R213", broken=not ctx.state(RESULTS, ctx.key).evaluations)
        ctx.default(
            "adopted_before_implementation",
            "R100",
            broken=not learning
            and self.result is not NetworkResult.NOT_ADOPTED
            and not isinstance(network.life, Implementing),
        )
        unannounced = network.planned_close is None and not learning
        ctx.warn("closing_not_announced", "R86", when=unannounced)
        free_slot(ctx, ctx.on)
        roles = network.roles
        return [
            NetworkClosed(
                on=ctx.on,
                theme_id=network.theme_id,
                title=network.title,
                network_type=network.network_type,
                started_on=network.started_on,
                result=self.result,
                lessons_note=ctx.note(self.lessons) if self.lessons else None,
                receiving_units=tuple(sorted(self.receiving_units))
                or network.course.receiving_units,
                crew=CrewAtClosing(
                    leader=_served(roles.leader, ctx.on),
                    co_driver=_served(roles.co_driver, ctx.on),
                    reference_leader=_served(roles.reference_leader, ctx.on),
                ),
                phases=tuple(
                    PhaseTaken(
                        phase=run.phase,
                        started_on=run.started_on,
                        completed_on=run.completed_on,
                        estimated_weeks=run.plan.estimated_weeks,
                        actual_weeks=run.actual_weeks,
                        break_days=run.break_days,
                    )
                    for run in network.course.phases
                ),
                break_days=network.course.break_days,
            )
        ]

    def _hold_treated(self, network: Network, ctx: Context) -> None:
        touchpoints = ctx.facts.find(Touchpoints, self.network_id)
        treated = touchpoints.treated if touchpoints else ()
        ctx.default("closing_not_announced", "R205", broken=network.planned_close is None)
        ctx.default("no_closing_touchpoint", "R86", broken=Touchpoint.CLOSING not in treated)

    def already(self, network: Network) -> bool:
        """Whether it closed with the same result."""
        return isinstance(network.life, Closed) and network.life.result is self.result


def _served(holder: Holder | None, until: date) -> Service | None:
    if holder is None:
        return None
    return Service(person_id=holder.person_id, since=holder.since, until=until, late=holder.late)


class CancelNetwork(NetworkCommand):
    """Give a network up, before it starts or on the way; nobody gains experience (R136)."""

    may = role("secretariat")  # P20

    reason: NoteText

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The innovation slots, of which it may hold one."""
        return (THE_SLOTS,)

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Cancel it wherever it is in its life, and give back its slot."""
        hold_after(ctx, network.happened_last, "R89")
        running = network.course.current
        free_slot(ctx, ctx.on)
        return [
            NetworkCancelled(
                on=ctx.on,
                theme_id=network.theme_id,
                title=network.title,
                network_type=network.network_type,
                was_started=network.is_under_way,
                half_year=network.half_year,
                crew=network.roles.crew,
                reason_note=ctx.note(self.reason),
                running_phase=running.phase if running else None,
                open_break=network.life.number if isinstance(network.life, OnBreak) else None,
            )
        ]

    def already(self, network: Network) -> bool:
        """Whether it was cancelled."""
        return isinstance(network.life, Cancelled)


class CancelPlannedNetwork(CancelNetwork):
    """Give a network up because its theme was withdrawn, unless it has begun (M2)."""

    may = SYSTEM

    def decide(self, state: NetworkState, ctx: Context) -> Sequence[NetworkEvent]:
        """Cancel it while it is planned; one that runs, or has ended, is let be."""
        assert isinstance(state, Network)
        return super().decide(state, ctx) if isinstance(state.life, Planned) else []
