"""Whatever is asked of a network, in whatever order: its life stays a life."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from hypothesis.stateful import rule as step

from services.networks.domain.known import Leader
from services.networks.domain.network.breaks import EndNetworkBreak, StartNetworkBreak
from services.networks.domain.network.closing import (
    AnnounceNetworkClosing,
    CancelNetwork,
    CloseNetwork,
)
from services.networks.domain.network.course import CompletePhase, StartPhase
from services.networks.domain.network.crew import AssignCoDriver, AssignNetworkLeader
from services.networks.domain.network.crew_reference import (
    AnswerReferenceLeadership,
    AssignReferenceLeader,
)
from services.networks.domain.network.funding import SecureTestFunding
from services.networks.domain.network.life import (
    Cancelled,
    Closed,
    Implementing,
    OnBreak,
    Planned,
    Running,
    Testing,
)
from services.networks.domain.network.phase_plan import PhaseToPlan, RevisePhasePlan
from services.networks.domain.network.planning import ImportNetwork, PlanNetwork
from services.networks.domain.network.start import StartNetwork
from services.networks.domain.network.state import NETWORK, Network
from services.networks.domain.results import RESULTS
from services.networks.domain.slots import SLOTS
from services.networks.projections.overview_fold import NETWORK_OVERVIEW
from services.networks.projections.timeline import NETWORK_TIMELINE
from shared.contracts.networks import EvaluationRecorded, InnovationSlotTaken
from shared.contracts.vocabulary import (
    EvaluationMoment,
    Forum,
    FundingSource,
    NetworkResult,
    NetworkState,
    NetworkType,
    OptInChoice,
    OutcomeSoFar,
)
from shared.kernel.commands import Command, Override
from shared.kernel.permissions import Actor, system
from shared.people import Person
from shared.testing import (
    CHIEF,
    NOW,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    given,
    person,
    recorded,
)

ID, THEME, UNIT = uuid4(), uuid4(), uuid4()
KEYS = ("intensive_1", "intensive_2", "intensive_3", "intensive_4", "test", "implementation")
PHASES = st.sampled_from((*KEYS, "learning_1"))
PEOPLE = st.sampled_from(("ada", "bo", "dea"))
SET_ASIDE = Override(
    rules=frozenset(
        {"R8", "R56", "R77", "R78", "R81", "R86", "R92", "R100", "R111", "R113", "R124", "R135"}
        | {"R137", "R144", "R146", "R148", "R154", "R163", "R168", "R205", "R213"}
    ),
    reason="Det er aftalt",
)
OVERRIDES = st.sampled_from((None, SET_ASIDE))
EVALUATED = EvaluationRecorded(
    on=TODAY,
    moment=EvaluationMoment.CLOSING,
    template_version=1,
    went_well="Samarbejdet",
    went_badly="Tiden",
    effects="Bedre mad",
    outcome_so_far=OutcomeSoFar.NOT_YET,
)
KNOWN = tuple(
    (
        Person(person_id=person(who), forums=frozenset({Forum.DIRECTORS})),
        Leader(person_id=person(who), is_qualified=True, in_pool=True),
    )
    for who in ("ada", "bo", "dea")
)
STATES = {
    Planned: NetworkState.PLANNED,
    Running: NetworkState.RUNNING,
    OnBreak: NetworkState.ON_BREAK,
    Testing: NetworkState.TESTING,
    Implementing: NetworkState.IMPLEMENTING,
    Closed: NetworkState.CLOSED,
    Cancelled: NetworkState.CANCELLED,
}


class NetworkLife(RuleBasedStateMachine):
    """Send commands as they come; each gives facts, nothing or a refusal, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Any] = []
        self.slots: list[Any] = []
        self.now = NOW

    def send(self, command: Command[Any, Any], by: Actor = SECRETARIAT) -> None:
        self.now += timedelta(days=3)
        world = (
            given(*self.facts)
            .of(ID)
            .at(self.now)
            .besides(SLOTS, "", *self.slots)
            .besides(RESULTS, str(ID), EVALUATED)
        )
        for somebody, leader in KNOWN:
            world = world.knowing(somebody.person_id, somebody)
            world = world.knowing(leader.person_id, leader)
        decision = world.when(command, by=by).decision
        if decision is not None:
            self.facts += decision.events
            self.slots += decision.companions.get("innovation-slots", ())

    @property
    def network(self) -> Network:
        state = NETWORK.replay(self.facts)
        assert isinstance(state, Network)
        return state

    @initialize(
        network_type=st.sampled_from(NetworkType),
        begins=st.sampled_from(("planned", "imported")),
        taken=st.integers(0, 2),
    )
    def begin(self, network_type: NetworkType, begins: str, taken: int) -> None:
        self.slots += [
            InnovationSlotTaken(on=TODAY, network_id=UUID(int=number)) for number in range(taken)
        ]
        if begins == "imported":
            self.send(
                ImportNetwork(
                    title="Campus",
                    purpose="En samlet campus",
                    network_type=network_type,
                    started_on=TODAY,
                    leader_id=person("ada"),
                )
            )
        else:
            plan = PlanNetwork(
                theme_id=THEME, title="Campus", network_type=network_type, type_aligned=True
            )
            self.send(plan, system("plan_network"))

    @step(who=PEOPLE, replaces=st.none() | PEOPLE, override=OVERRIDES)
    def assign_leader(self, who: str, replaces: str | None, override: Override | None) -> None:
        self.send(
            AssignNetworkLeader(
                person_id=person(who),
                replaces=replaces and person(replaces),
                reason=replaces and "Nyt job",
                decided_by=frozenset({person("chief")}),
                line_manager_id=person("manager"),
                override=override,
            ),
            CHIEF,
        )

    @step(who=PEOPLE)
    def opt_in(self, who: str) -> None:
        self.send(AnswerReferenceLeadership(choice=OptInChoice.OPT_IN), employee(who))

    @step(who=PEOPLE, replaces=st.none() | PEOPLE, override=OVERRIDES)
    def assign_reference_leader(
        self, who: str, replaces: str | None, override: Override | None
    ) -> None:
        self.send(
            AssignReferenceLeader(
                person_id=person(who),
                replaces=replaces and person(replaces),
                reason=replaces and "Nyt job",
                override=override,
            )
        )

    @step(who=PEOPLE, override=OVERRIDES)
    def assign_co_driver(self, who: str, override: Override | None) -> None:
        self.send(
            AssignCoDriver(
                person_id=person(who),
                theme_expertise=True,
                rationale="Kender køkkenet",
                override=override,
            )
        )

    @step(override=OVERRIDES)
    def start(self, override: Override | None) -> None:
        self.send(StartNetwork(purpose="En samlet campus", base_anchor=UNIT, override=override))

    @step(keys=st.permutations(KEYS) | st.just(list(KEYS)), override=OVERRIDES)
    def plan(self, keys: list[str], override: Override | None) -> None:
        phases = tuple(PhaseToPlan(phase=each, estimated_weeks=2) for each in keys)
        self.send(RevisePhasePlan(phases=phases, override=override))

    @step(phase=PHASES, override=OVERRIDES)
    def start_phase(self, phase: str, override: Override | None) -> None:
        self.send(StartPhase(phase=phase, receiving_units=frozenset({UNIT}), override=override))

    @step(phase=PHASES, override=OVERRIDES)
    def complete_phase(self, phase: str, override: Override | None) -> None:
        self.send(CompletePhase(phase=phase, override=override))

    @step(override=OVERRIDES)
    def work_on(self, override: Override | None) -> None:
        """Take the next step in order, so that lives get long enough to end well."""
        if isinstance(self.network.life, Planned):
            self.assign_leader("ada", None, SET_ASIDE)
            self.start(override)
        for run in self.network.course.phases:
            if not run.is_over:
                if run.is_running:
                    self.complete_phase(run.phase, override)
                else:
                    self.start_phase(run.phase, override)
                return

    @step()
    def rest(self) -> None:
        self.send(StartNetworkBreak(reason="Ferie"))

    @step()
    def go_on(self) -> None:
        self.send(EndNetworkBreak())

    @step(override=OVERRIDES)
    def fund(self, override: Override | None) -> None:
        self.send(
            SecureTestFunding(
                source=FundingSource.INTERNAL, responsible_id=person("bo"), override=override
            )
        )

    @step()
    def announce(self) -> None:
        self.send(AnnounceNetworkClosing(planned_close=TODAY))

    @step(result=st.sampled_from(NetworkResult), override=OVERRIDES)
    def close(self, result: NetworkResult, override: Override | None) -> None:
        self.send(CloseNetwork(network_id=ID, result=result, override=override))

    @step(chance=st.integers(0, 5))
    def cancel(self, chance: int) -> None:
        if chance == 0:
            self.send(CancelNetwork(reason="Der er ingen tid"))

    @invariant()
    def an_innovation_network_holds_a_slot_just_while_it_is_under_way(self) -> None:
        if self.facts:
            network = self.network
            innovative = network.network_type is NetworkType.INNOVATION
            holders = SLOTS.replay(self.slots).holders
            assert (ID in holders) == (innovative and network.is_under_way)

    @invariant()
    def phases_are_worked_through_in_order_and_one_at_a_time(self) -> None:
        if self.facts:
            course = self.network.course
            assert sum(each.is_running for each in course.phases) <= 1
            begun = [each.has_begun for each in course.working]
            assert begun == sorted(begun, reverse=True)

    @invariant()
    def nobody_is_leader_and_co_driver_at_once(self) -> None:
        if self.facts:
            roles = self.network.roles
            assert roles.co_driver is None or roles.leader is not None
            if roles.leader and roles.co_driver:
                assert roles.leader.person_id != roles.co_driver.person_id

    @invariant()
    def the_overview_and_the_timeline_say_the_same_as_the_network(self) -> None:
        if not self.facts:
            return
        network = self.network
        told = [
            recorded(fact, f"network-{ID}", version)
            for version, fact in enumerate(self.facts, start=1)
        ]
        row = folded(NETWORK_OVERVIEW, told)[str(ID)]
        crew = network.roles.crew
        assert row.state is STATES[type(network.life)]
        assert (row.leader_id, row.co_driver_id, row.reference_leader_id) == (
            crew.leader_id,
            crew.co_driver_id,
            crew.reference_leader_id,
        )
        over = {each.phase for each in network.course.phases if each.is_over}
        assert set(row.phases_completed) == over
        timeline = folded(NETWORK_TIMELINE, told)
        phases = {each.name for each in timeline.values() if each.part == "phase"}
        assert phases == {each.phase for each in network.course.phases}
        if not network.has_ended:
            assert {each.name for each in timeline.values() if each.is_over and each.place} == over


NetworkLife.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, derandomize=True
)
test_a_network_lives = NetworkLife.TestCase
