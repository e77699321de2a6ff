"""The plan of a network's course, which may always be revised (R97)."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from services.networks.domain.network.frame import estimated_end, frame_of, late_rule, planned_end
from services.networks.domain.network.state import CREW, Network, NetworkCommand
from shared.contracts.networks import NetworkEvent, PhasePlanRevised, PlannedPhase, Profile
from shared.contracts.vocabulary import Text
from shared.kernel.commands import Context
from shared.kernel.refusals import Refused
from shared.policy import Day


class PhaseToPlan(PlannedPhase):
    """A phase as somebody plans it; weeks are without breaks."""

    planned_start: Day | None = None
    label: Annotated[str, Field(max_length=100)] | None = None
    estimated_weeks: Annotated[float, Field(ge=0, le=520)] | None = None
    estimated_hours: Annotated[float, Field(ge=0, le=20_000)] | None = None


class RevisePhasePlan(NetworkCommand):
    """Plan the course anew: all phases in order, as far as anybody can tell.

    Nothing has to be estimated; a plan is a help to those who make room for the work (R28, R97).
    """

    may = CREW  # P18

    planned_start: Day | None = None
    phases: Annotated[tuple[PhaseToPlan, ...], Field(min_length=1, max_length=20)]
    reason: Text | None = None

    @field_validator("phases")
    @classmethod
    def _each_once(cls, phases: tuple[PhaseToPlan, ...]) -> tuple[PhaseToPlan, ...]:
        if len({each.phase for each in phases}) < len(phases):
            raise PydanticCustomError("phase_named_twice", "a phase is listed twice")
        return phases

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Keep what has begun where it is; other keys than the type's need an override (R92)."""
        plan = tuple(PlannedPhase(**each.model_dump()) for each in self.phases)
        start = self.planned_start or network.planned_start
        if plan == network.course.plans and start == network.planned_start:
            return []
        self._keep_what_has_begun(network, plan)
        frame = frame_of(network, ctx)
        keys = tuple(each.phase for each in plan)
        ctx.default("phase_keys_differ_from_type", "R92", broken=keys != frame.phases)
        began = network.started_on or start
        end = self._end(network, plan, frame, began, ctx)
        roles = network.roles
        return [
            PhasePlanRevised(
                on=ctx.on,
                planned_start=start,
                phases=plan,
                removed=tuple(
                    each.phase for each in network.course.plans if each.phase not in keys
                ),
                estimated_end=end,
                leader_id=roles.crew.leader_id,
                co_driver_id=roles.crew.co_driver_id,
                line_manager_ids=roles.line_managers,
                reason=self.reason,
            )
        ]

    @staticmethod
    def _keep_what_has_begun(network: Network, plan: tuple[PlannedPhase, ...]) -> None:
        for run, planned in zip_longest(network.course.phases, plan):
            if run is None:
                return
            if run.is_over and planned != run.plan:
                raise Refused("phase_already_completed", "R99", phase=run.label)
            if run.is_running and (planned is None or planned.phase != run.phase):
                raise Refused("phase_already_started", "R99", phase=run.label)

    @staticmethod
    def _end(
        network: Network,
        plan: tuple[PlannedPhase, ...],
        frame: Profile,
        began: date | None,
        ctx: Context,
    ) -> date | None:
        """The estimated end: the one an imported network came with, the type's, or the plan's own.

        A type need not have one (R90, R92).
        """
        working = network.course.replanned(plan).working
        weeks = sum(each.plan.estimated_weeks or 0 for each in working)
        ctx.warn(
            "intensive_weeks_off",
            "R91",
            when=frame.intensive_weeks_total is not None and weeks > frame.intensive_weeks_total,
            weeks=weeks,
            usual=frame.intensive_weeks_total,
        )
        own = planned_end(tuple(each.plan for each in working))
        usual = network.planned_end or (estimated_end(frame, began) if began else None)
        ctx.warn(
            "estimate_off",
            late_rule(network),
            when=own is not None and usual is not None and own > usual,
            planned_end=str(own),
            usual=str(usual),
        )
        return usual or own
