"""The breaks of a network, which its half-year includes and its intensive weeks do not (R95)."""

from collections.abc import Sequence

from services.networks.domain.network.frame import hold_after, hold_order
from services.networks.domain.network.life import OnBreak, Running
from services.networks.domain.network.state import CREW, Network, NetworkCommand
from shared.contracts.networks import NetworkBreakEnded, NetworkBreakStarted, NetworkEvent
from shared.kernel.commands import Context, NoteText
from shared.kernel.refusals import Refused
from shared.policy import Day


class StartNetworkBreak(NetworkCommand):
    """Let a running network rest."""

    may = CREW  # P18

    reason: NoteText
    expected_end: Day | None = None

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Begin one break at a time; a long one is only remarked on (R98)."""
        life = network.life
        if isinstance(life, OnBreak):
            if (life.started_on, life.expected_end) == (ctx.on, self.expected_end):
                return []
            raise Refused("already_on_break", "R95", since=life.started_on.isoformat())
        if not isinstance(life, Running):
            raise Refused("network_not_running", "R95")
        hold_after(ctx, network.happened_last, "R95")
        longest = ctx.policy.networks.longest_break.after(ctx.on)
        ctx.warn(
            "break_longer_than_policy",
            "R98",
            when=self.expected_end is not None and self.expected_end > longest,
            longest=longest.isoformat(),
        )
        current = network.course.current
        return [
            NetworkBreakStarted(
                on=ctx.on,
                number=network.course.breaks + 1,
                reason_note=ctx.note(self.reason),
                expected_end=self.expected_end,
                phase=current.phase if current else None,
            )
        ]


class EndNetworkBreak(NetworkCommand):
    """Let the network go on."""

    may = CREW  # P18

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """End the break there is; one that ended this very day has ended already."""
        life = network.life
        if not isinstance(life, OnBreak):
            if network.course.last_break_ended == ctx.on:
                return []
            raise Refused("not_on_break", "R95")
        hold_order(ctx, life.started_on, "R95")
        return [
            NetworkBreakEnded(
                on=ctx.on,
                number=life.number,
                started_on=life.started_on,
                days=(ctx.on - life.started_on).days,
            )
        ]
