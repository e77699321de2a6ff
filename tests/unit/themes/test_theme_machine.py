"""Whatever is asked of a theme in whatever order: it is decided, nothing new, or refused."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.themes.domain.known import NetworkCrew
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.network import ConcludeTheme, TakeUpTheme
from services.themes.domain.theme.proposing import ProposeTheme, ProposeThemeAgain
from services.themes.domain.theme.qualifying import (
    AlignThemeNetworkType,
    AssessTheme,
    QualifyTheme,
)
from services.themes.domain.theme.refining import RefineTheme
from services.themes.domain.theme.state import (
    THEME,
    Concluded,
    Declined,
    InNetwork,
    NotProposed,
    Proposed,
    Qualified,
    Selected,
    Withdrawn,
)
from services.themes.domain.theme.withdrawing import WithdrawTheme
from services.themes.domain.theme_round.state import ROUND
from services.themes.projections.board_fold import THEME_BOARD
from services.themes.projections.known import KNOWN_THEMES
from shared.contracts.registry import CODEC
from shared.contracts.themes import ThemeEvent, ThemeRoundOpened, ThemeSelected
from shared.contracts.vocabulary import (
    Criterion,
    DemandOrigin,
    Forum,
    NetworkType,
    ThemeDecision,
    ThemeOutcome,
    ThemeState,
    Verdict,
)
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor, system
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, folded, given, person, recorded

KEY = UUID(int=1)
CHIEF_ID = person("chief")
IN_FORUM = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
ROUND_OPENED = ThemeRoundOpened(on=TODAY, half_year="2013-H2")
REACTION = system("themes")

ACTORS = st.sampled_from([CHIEF, SECRETARIAT, employee("ada"), REACTION])
PROPOSERS = st.sampled_from([employee("ada"), employee("bo"), SECRETARIAT, REACTION])
TITLES = st.none() | st.sampled_from(["Urban farming", "Deleøkonomi"])
NETWORKS = st.sampled_from([UUID(int=7), UUID(int=8)])
OVERRIDES = st.none() | st.just(
    Override(
        rules=frozenset({"R48", "R56", *(f"R{row}" for row in range(57, 64))}), reason="Haster"
    )
)
EVERYTHING = st.lists(
    st.tuples(st.sampled_from(Criterion), st.sampled_from(Verdict)),
    min_size=1,
    unique_by=lambda each: each[0],
)

STATES: dict[type[Any], set[ThemeState]] = {
    Proposed: {ThemeState.PROPOSED, ThemeState.UNDER_QUALIFICATION},
    Qualified: {ThemeState.QUALIFIED},
    Selected: {ThemeState.SELECTED},
    Declined: {ThemeState.DECLINED},
    Withdrawn: {ThemeState.WITHDRAWN},
    InNetwork: {ThemeState.IN_NETWORK},
    Concluded: {ThemeState.CONCLUDED},
}


class OneTheme(RuleBasedStateMachine):
    """Any command by anybody in any state."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[ThemeEvent] = []
        self.state = THEME.initial

    @initialize(steps=st.integers(min_value=0, max_value=7))
    def live_the_ordinary_life_so_far(self, steps: int) -> None:
        ordinary: tuple[Callable[[], None], ...] = (
            lambda: self.propose(
                by=employee("ada"),
                title="Urban farming",
                origins={DemandOrigin.BOTTOM_UP},
                wished=None,
                again=False,
            ),
            lambda: self.meet_all_criteria(CHIEF),
            lambda: self.align(CHIEF, NetworkType.WELFARE),
            lambda: self.qualify(CHIEF, None, None),
            lambda: self.decide(CHIEF, None, ThemeDecision.SELECTED, None),
            lambda: self.take_up(REACTION, UUID(int=7)),
            lambda: self.conclude(UUID(int=7), ThemeOutcome.ADOPTED),
        )
        for step in ordinary[:steps]:
            step()

    def send(self, command: Any, by: Actor) -> None:
        outcome = self._known().when(command, by=by)
        if outcome.decision is None:
            return
        for event in outcome.decision.events:
            assert CODEC.decode(*CODEC.encode(event)) == event
            self.facts.append(event)
            self.state = THEME.evolve(self.state, event)
        if self.facts:
            self._known().when(command, by=by).then_nothing()

    def _known(self) -> Any:
        known = given(*self.facts).of(KEY).knowing(CHIEF_ID, IN_FORUM)
        known = known.knowing(UUID(int=7), NetworkCrew(leader_id=person("bo")))
        return known.besides(ROUND, "2013-H2", ROUND_OPENED)

    @rule(
        by=PROPOSERS,
        title=TITLES,
        origins=st.sets(st.sampled_from(DemandOrigin)),
        wished=st.none() | st.sampled_from(NetworkType),
        again=st.booleans(),
    )
    def propose(
        self,
        *,
        by: Actor,
        title: str | None,
        origins: set[DemandOrigin],
        wished: NetworkType | None,
        again: bool,
    ) -> None:
        command = ProposeThemeAgain if again else ProposeTheme
        self.send(
            command(
                template_version=1,
                title=title,
                identified_need="Behov",
                burning_platform="Platform",
                network_potential="Potentiale",
                demand_origins=frozenset(origins),
                wished_type=wished,
            ),
            by,
        )

    @rule(by=ACTORS, verdicts=EVERYTHING)
    def assess(self, by: Actor, verdicts: list[tuple[Criterion, Verdict]]) -> None:
        said = [
            {"criterion": criterion, "verdict": verdict, "rationale": "Fordi"}
            for criterion, verdict in verdicts
        ]
        self.send(AssessTheme.model_validate({"assessments": said}), by)

    @rule(by=ACTORS)
    def meet_all_criteria(self, by: Actor) -> None:
        self.assess(by, [(each, Verdict.MET) for each in Criterion])

    @rule(by=ACTORS, network_type=st.sampled_from(NetworkType))
    def align(self, by: Actor, network_type: NetworkType) -> None:
        self.send(
            AlignThemeNetworkType(
                network_type=network_type, intended_difference="Forskel", aligned_by={CHIEF_ID}
            ),
            by,
        )

    @rule(by=ACTORS, override=OVERRIDES, agenda=st.none() | st.just("Grøn by"))
    def qualify(self, by: Actor, override: Override | None, agenda: str | None) -> None:
        command = QualifyTheme(
            decided_by={CHIEF_ID}, strategic_agenda_ref=agenda, override=override
        )
        self.send(command, by)

    @rule(
        by=ACTORS,
        override=OVERRIDES,
        decision=st.sampled_from(ThemeDecision),
        half_year=st.none() | st.just("2013-H2"),
    )
    def decide(
        self, by: Actor, override: Override | None, decision: ThemeDecision, half_year: str | None
    ) -> None:
        command = DecideTheme(
            decision=decision,
            decided_by={CHIEF_ID},
            reason="Derfor",
            half_year=half_year,
            override=override,
        )
        self.send(command, by)

    @rule(by=ACTORS | st.just(REACTION), network_id=NETWORKS)
    def take_up(self, by: Actor, network_id: UUID) -> None:
        self.send(TakeUpTheme(network_id=network_id), by)

    @rule(network_id=NETWORKS, outcome=st.sampled_from(ThemeOutcome))
    def conclude(self, network_id: UUID, outcome: ThemeOutcome) -> None:
        self.send(ConcludeTheme(network_id=network_id, outcome=outcome), REACTION)

    @rule(by=ACTORS | st.just(employee("bo")), origins=st.sets(st.sampled_from(DemandOrigin)))
    def refine(self, by: Actor, origins: set[DemandOrigin]) -> None:
        self.send(RefineTheme(change="Skærpet", demand_origins=frozenset(origins)), by)

    @rule(by=ACTORS)
    def withdraw(self, by: Actor) -> None:
        self.send(WithdrawTheme(reason="Løst"), by)

    @invariant()
    def replay_equals_state(self) -> None:
        assert THEME.replay(self.facts) == self.state

    @invariant()
    def what_is_selected_was_qualified_and_has_a_type_that_was_agreed_on_or_wished(self) -> None:
        for place, fact in enumerate(self.facts):
            if isinstance(fact, ThemeSelected):
                before = THEME.replay(self.facts[:place])
                assert isinstance(before, Qualified)
                assert fact.type_aligned == (before.alignment is not None)

    @invariant()
    def the_views_agree_with_the_theme(self) -> None:
        stream = f"theme-{KEY}"
        facts = [recorded(fact, stream, place) for place, fact in enumerate(self.facts, start=1)]
        board = folded(THEME_BOARD, facts)
        known = folded(KNOWN_THEMES, facts)
        if isinstance(self.state, NotProposed):
            assert not board
            assert not known
            return
        row = board[str(KEY)]
        assert row.state in STATES[type(self.state)]
        assert row.demand_origins == self.state.proposal.demand_origins
        assert row.proposal_no == self.state.proposal.proposal_no == len(row.earlier) + 1
        if isinstance(self.state, Proposed | Qualified):
            latest = known[str(KEY)].latest
            assert latest
            assert latest.is_qualified == isinstance(self.state, Qualified)


OneTheme.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestOneTheme = OneTheme.TestCase
