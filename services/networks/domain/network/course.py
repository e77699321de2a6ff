"""The phases of a network's course, one after the other, and the test and implementation last."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.networks.domain.network.frame import (
    estimated_end,
    frame_of,
    hold_after,
    hold_order,
    late_rule,
)
from services.networks.domain.network.life import (
    Implementing,
    OnBreak,
    Planned,
    Running,
    Testing,
)
from services.networks.domain.network.phases import IMPLEMENTATION, TEST, PhaseRun
from services.networks.domain.network.state import CREW, Network, NetworkCommand
from shared.contracts.networks import (
    ImplementationStarted,
    NetworkEvent,
    PhaseCompleted,
    PhaseStarted,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import (
    OrgUnitId,
    PersonId,
    PhaseKey,
    Text,
    Title,
)
from shared.kernel.commands import Context, NoteText
from shared.kernel.refusals import Refused

Units = Annotated[frozenset[OrgUnitId], Field(max_length=50)]


class _PhaseCommand(NetworkCommand):
    phase: PhaseKey

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Refuse while nothing goes on, else decide on the phase."""
        run = network.course.find(self.phase)
        if run is None:
            raise Refused("phase_not_in_plan", "R99", phase=self.phase)
        if isinstance(network.life, Planned):
            raise Refused("network_not_running", "R89")
        if isinstance(network.life, OnBreak):
            raise Refused("on_break", "R95", since=network.life.started_on.isoformat())
        return self.decide_phase(network, run, ctx)

    def decide_phase(self, network: Network, run: PhaseRun, ctx: Context) -> Sequence[NetworkEvent]:
        """Decide on a phase of a network that goes on."""
        raise NotImplementedError


class StartPhase(_PhaseCommand):
    """Begin the next phase.

    The test names the units that will take over, the ideas that are tried and new actors; the
    implementation may name units and what the test showed. A learning network needs neither.
    """

    may = CREW  # P18

    idea_titles: Annotated[tuple[Title, ...], Field(max_length=50)] = ()
    new_actors: Annotated[frozenset[PersonId], Field(max_length=200)] = frozenset()
    receiving_units: Units = frozenset()
    test_result: Text | None = None

    def decide_phase(self, network: Network, run: PhaseRun, ctx: Context) -> Sequence[NetworkEvent]:
        """Begin it once and in order (R99, R100)."""
        if run.has_begun:
            return self._again(network, run)
        hold_after(ctx, network.happened_last, "R99")
        match run.phase:
            case "test":
                self._hold_all_worked(network)
                return [self._test(network, run, ctx)]
            case "implementation":
                self._hold_all_worked(network)
                return [self._implementation(network, ctx)]
            case _:
                return [self._working_phase(network, run, ctx)]

    def _again(self, network: Network, run: PhaseRun) -> Sequence[NetworkEvent]:
        before = network.course.receiving_units
        units = self._units(network) if run.phase == IMPLEMENTATION else self._named
        if run.phase in (TEST, IMPLEMENTATION) and units != before:
            raise Refused("phase_already_started", "R99", phase=run.label)
        return []

    @property
    def _named(self) -> tuple[OrgUnitId, ...]:
        return tuple(sorted(self.receiving_units))

    def _units(self, network: Network) -> tuple[OrgUnitId, ...]:
        """The units that are named now, or that were before (R163)."""
        return self._named or network.course.receiving_units

    @staticmethod
    def _hold_all_worked(network: Network) -> None:
        for each in network.course.working:
            if not each.is_over:
                raise Refused("phase_out_of_order", "R100", phase=each.label)

    @staticmethod
    def _working_phase(network: Network, run: PhaseRun, ctx: Context) -> PhaseStarted:
        if not isinstance(network.life, Running):
            raise Refused("phase_out_of_order", "R99", phase=run.label)
        for earlier in network.course.working:
            if earlier.phase == run.phase:
                break
            if not earlier.is_over:
                raise Refused("phase_out_of_order", "R99", phase=earlier.label)
        return PhaseStarted(
            on=ctx.on,
            phase=run.phase,
            estimated_weeks=run.plan.estimated_weeks,
            intensity=run.plan.intensity,
        )

    def _test(self, network: Network, run: PhaseRun, ctx: Context) -> TestPhaseStarted:
        if isinstance(network.life, Implementing):
            raise Refused("phase_out_of_order", "R100", phase=run.label)
        ctx.default("no_receiving_unit", "R163", broken=not self.receiving_units)
        funding = network.course.funding
        ctx.warn("test_funding_missing", "R154", when=funding is None)
        ctx.warn("roles_not_redefined", "R161", when=not network.contract.roles_redefined)
        return TestPhaseStarted(
            on=ctx.on,
            idea_titles=self.idea_titles,
            new_actors=tuple(sorted(self.new_actors)),
            receiving_units=self._named,
            crew=network.roles.crew,
            funding_secured=funding is not None,
        )

    def _implementation(self, network: Network, ctx: Context) -> ImplementationStarted:
        test = network.course.find(TEST)
        tested = isinstance(network.life, Testing) or (test is not None and test.is_over)
        ctx.default("implementation_without_test", "R100", broken=not tested)
        ctx.warn("roles_not_redefined", "R161", when=not network.contract.roles_redefined)
        return ImplementationStarted(
            on=ctx.on,
            receiving_units=self._units(network),
            crew=network.roles.crew,
            tested=tested,
            test_result=self.test_result,
        )


class CompletePhase(_PhaseCommand):
    """End a phase that is running, with the weeks and hours it took."""

    may = CREW  # P18

    actual_weeks: Annotated[float, Field(ge=0, le=520)] | None = None
    actual_hours: Annotated[float, Field(ge=0, le=20_000)] | None = None
    learning: NoteText | None = None

    def decide_phase(self, network: Network, run: PhaseRun, ctx: Context) -> Sequence[NetworkEvent]:
        """End it once; the first waits for the mandate contract where the policy says so."""
        if run.is_over:
            if self.actual_weeks in (None, run.actual_weeks):
                return []
            raise Refused("phase_already_completed", "R99", phase=run.label)
        if run.started_on is None:
            raise Refused("phase_not_started", "R99", phase=run.label)
        hold_order(ctx, run.started_on, "R99")
        hold_after(ctx, network.course.last_break_ended, "R95")
        first = run == network.course.phases[0]
        ctx.default(
            "mandate_contract_not_agreed",
            "R146",
            broken=first
            and ctx.policy.mandate.required_before == "phase_1_completed"
            and not network.contract_is_agreed,
        )
        days = (ctx.on - run.started_on).days - run.break_days
        weeks = self.actual_weeks if self.actual_weeks is not None else round(days / 7, 1)
        working = network.course.working
        last = bool(working) and run == working[-1]
        self._remark(network, run, weeks, ctx, last=last)
        later = network.course.phases[network.course.phases.index(run) + 1 :]
        return [
            PhaseCompleted(
                on=ctx.on,
                phase=run.phase,
                started_on=run.started_on,
                estimated_weeks=run.plan.estimated_weeks,
                actual_weeks=weeks,
                actual_hours=self.actual_hours,
                break_days=run.break_days,
                last_intensive=last,
                next_phase=later[0].phase if later else None,
                crew=network.roles.crew,
                learning_note=ctx.note(self.learning) if self.learning else None,
            )
        ]

    @staticmethod
    def _remark(network: Network, run: PhaseRun, weeks: float, ctx: Context, *, last: bool) -> None:
        estimate = run.plan.estimated_weeks
        ctx.warn(
            "late_against_plan",
            late_rule(network),
            when=estimate is not None and weeks > estimate,
            phase=run.label,
            weeks=weeks,
        )
        began = network.started_on or run.started_on
        usual = estimated_end(frame_of(network, ctx), began) if began else None
        due = network.planned_end or usual
        ctx.warn(
            "course_past_its_end",
            late_rule(network),
            when=last and due is not None and ctx.on > due,
            due=str(due),
        )
