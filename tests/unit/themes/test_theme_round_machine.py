"""Whatever is asked of a round in whatever order: it is told, nothing new, or refused."""

from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.themes.domain.known import KnownProposal, KnownTheme
from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round.closing import CloseThemeRound
from services.themes.domain.theme_round.discussing import RecordLocalThemeDiscussion
from services.themes.domain.theme_round.opening import OpenThemeRound
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from services.themes.domain.theme_round.state import ROUND, NotOpened, Round
from services.themes.domain.theme_round.themes import AddThemeToRound
from services.themes.projections.local_discussions import LOCAL_DISCUSSIONS
from services.themes.projections.rounds import ROUND_OVERVIEW
from shared.contracts.registry import CODEC
from shared.contracts.themes import ThemeProposed, ThemeRoundClosed, ThemeRoundEvent
from shared.contracts.vocabulary import Forum, ThemeState
from shared.kernel.permissions import Actor, system
from shared.people import ForumMembers, Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, folded, given, person, recorded

HALF_YEAR = "2013-H2"
STREAM = f"round-{HALF_YEAR}"
CHIEF_ID = person("chief")
CULTURE, CARE = UUID(int=101), UUID(int=102)
THEMES = tuple(UUID(int=number) for number in range(1, 5))
CHIEFS = ForumMembers(
    forum=Forum.CHIEFS, units={str(CHIEF_ID): str(CULTURE), str(person("other")): str(CARE)}
)
IN_FORUM = Person(person_id=CHIEF_ID, org_unit_id=CULTURE, forums=frozenset({Forum.CHIEFS}))
PROPOSED = ThemeProposed(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(),
)
ACTORS = st.sampled_from([CHIEF, SECRETARIAT, employee("ada"), system("themes")])
SOME = st.lists(st.sampled_from(THEMES), min_size=1, max_size=4, unique=True)


class OneRound(RuleBasedStateMachine):
    """Any command by anybody in any state."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[ThemeRoundEvent] = []
        self.standing = dict.fromkeys(THEMES, ThemeState.PROPOSED)

    @initialize(already=st.booleans())
    def open_at_once(self, *, already: bool) -> None:
        if already:
            self.open(SECRETARIAT)
            self.add(SECRETARIAT, THEMES[0])

    def send(self, command: Any, by: Actor) -> None:
        outcome = self._known().when(command, by=by)
        if outcome.decision is None:
            return
        for event in outcome.decision.events:
            assert CODEC.decode(*CODEC.encode(event)) == event
            self.facts.append(event)
        if self.facts:
            self._known().when(command, by=by).then_nothing()

    def _known(self) -> Any:
        known = given(*self.facts).of(HALF_YEAR).knowing(CHIEF_ID, IN_FORUM)
        known = known.knowing(Forum.CHIEFS, CHIEFS)
        for each in THEMES:
            known_as = KnownProposal(is_qualified=True, standing=self.standing[each])
            row = KnownTheme(theme_id=each, proposals=(known_as,))
            known = known.knowing(each, row).besides(THEME, str(each), PROPOSED)
        return known

    @rule(by=ACTORS)
    def open(self, by: Actor) -> None:
        self.send(OpenThemeRound(half_year=HALF_YEAR), by)

    @rule(by=ACTORS, theme_id=st.sampled_from(THEMES))
    def add(self, by: Actor, theme_id: UUID) -> None:
        self.send(AddThemeToRound(theme_id=theme_id), by)

    @rule(by=ACTORS, theme_ids=SOME)
    def rank(self, by: Actor, theme_ids: list[UUID]) -> None:
        self.send(PrioritiseThemes(theme_ids=tuple(theme_ids), decided_by={CHIEF_ID}), by)

    @rule(by=ACTORS, unit=st.sampled_from([CULTURE, CARE]))
    def wish_for_help(self, by: Actor, unit: UUID) -> None:
        command = RecordLocalThemeDiscussion(
            org_unit_id=unit, member_id=CHIEF_ID, step="support_requested"
        )
        self.send(command, by)

    @rule(
        by=ACTORS,
        unit=st.sampled_from([CULTURE, CARE]),
        found=st.sets(st.sampled_from(THEMES)),
        assisted=st.booleans(),
    )
    def discuss(self, by: Actor, unit: UUID, found: set[UUID], *, assisted: bool) -> None:
        command = RecordLocalThemeDiscussion(
            org_unit_id=unit,
            member_id=CHIEF_ID,
            step="held",
            assisted=assisted,
            theme_ids=frozenset(found),
        )
        self.send(command, by)

    @rule(theme_id=st.sampled_from(THEMES), standing=st.sampled_from(ThemeState))
    def hear_of_a_theme(self, theme_id: UUID, standing: ThemeState) -> None:
        self.standing[theme_id] = standing

    @rule(by=ACTORS)
    def close(self, by: Actor) -> None:
        self.send(CloseThemeRound(), by)

    @invariant()
    def ranks_are_one_list_from_the_first(self) -> None:
        state = ROUND.replay(self.facts)
        if isinstance(state, Round):
            ranks = sorted(rank for rank in state.ranks.values() if rank is not None)
            assert ranks == list(range(1, len(ranks) + 1))

    @invariant()
    def nothing_is_told_of_a_round_that_is_over(self) -> None:
        assert not any(isinstance(each, ThemeRoundClosed) for each in self.facts[:-1])

    @invariant()
    def the_views_agree_with_the_round(self) -> None:
        state = ROUND.replay(self.facts)
        facts = [recorded(fact, STREAM, place) for place, fact in enumerate(self.facts, start=1)]
        overviews, discussions = folded(ROUND_OVERVIEW, facts), folded(LOCAL_DISCUSSIONS, facts)
        if isinstance(state, NotOpened):
            assert not overviews
            assert not discussions
            return
        row = overviews[HALF_YEAR]
        assert {UUID(each) for each in row.titles} == set(state.ranks)
        assert row.departments_missing == state.departments_missing
        assert (row.closed_on is not None) == (state.closing is not None)
        missing = {each.org_unit_id for each in discussions.values() if each.missing}
        assert missing == set(state.departments_missing)


OneRound.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestOneRound = OneRound.TestCase
