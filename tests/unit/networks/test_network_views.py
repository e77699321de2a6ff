"""What networks shows: each network, its timeline, the portfolio and the slots."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given as over
from hypothesis import strategies as st

from services.networks.domain.known import KnownTheme, Starts
from services.networks.domain.network.planning import planned_by
from services.networks.projections import VIEWS
from services.networks.projections.known import KNOWN_THEMES, STARTS
from services.networks.projections.overview import NetworkOverview
from services.networks.projections.overview_fold import NETWORK_OVERVIEW
from services.networks.projections.portfolio import (
    PORTFOLIO,
    SLOTS_IN_USE,
    InnovationSlotsInUse,
    PortfolioByHalfYear,
)
from services.networks.projections.timeline import NETWORK_TIMELINE, NetworkTimeline
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    Crew,
    CrewAtClosing,
    ImplementationStarted,
    InnovationSlotFreed,
    InnovationSlotTaken,
    MandateContractAgreed,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkPlanned,
    NetworkStarted,
    NetworkThemeLinked,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    PhaseTaken,
    PlannedPhase,
    Profile,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    RolesRedefined,
    TestFundingSecured,
    TestPhaseStarted,
)
from shared.contracts.themes import ThemeConcluded, ThemeSelected
from shared.contracts.vocabulary import (
    CoursePart,
    FundingSource,
    Intensity,
    MandateParty,
    NetworkResult,
    NetworkState,
    NetworkType,
    NextStep,
    ThemeOutcome,
)
from shared.kernel.events import Envelope, Event, Recorded, Warned
from shared.kernel.views import View
from shared.testing import folded, new_id, person, recorded, rule

FOOD, CAMPUS, THEME, UNIT = (UUID(int=each) for each in (1, 2, 3, 4))
ADA, BO, REFERENCE, MANAGER = person("ada"), person("bo"), person("reference"), person("manager")
MAY, SEPTEMBER, END = date(2013, 5, 1), date(2013, 9, 2), date(2014, 3, 2)
PHASES = (
    PlannedPhase(phase="intensive_1", label="1. intensive periode", estimated_weeks=2.25),
    PlannedPhase(phase="test", label="Test"),
    PlannedPhase(phase="implementation", label="Implementering"),
)
CREW = Crew(leader_id=ADA)
PROFILE = Profile(
    purpose="Hverdagsinnovation",
    intended_difference="Sammenhæng",
    goals="Nye måder",
    success_criteria="En forbedring",
    coupling="Chefforum",
    actor_groups=(),
    phases=("intensive_1", "test", "implementation"),
)
FLAGGED = Envelope(warnings=(Warned("R71", "starts_out_of_range"), Warned("R8", "else")))


def stream(key: UUID, *events: Event, kind: str = "network") -> list[Recorded[Any]]:
    name = f"{kind}-{key}"
    return [recorded(event, name, version) for version, event in enumerate(events, start=1)]


def planned(**changes: Any) -> NetworkPlanned:
    fields: dict[str, Any] = {"network_type": NetworkType.WELFARE, **changes}
    return NetworkPlanned(
        on=MAY,
        theme_id=THEME,
        title="Mad til borgerne",
        half_year="2013-H2",
        type_aligned=True,
        phases=PHASES,
        **fields,
    )


def started(network_type: NetworkType = NetworkType.WELFARE) -> NetworkStarted:
    return NetworkStarted(
        on=SEPTEMBER,
        theme_id=THEME,
        title="Mad til borgerne",
        network_type=network_type,
        half_year="2013-H2",
        purpose="God mad til alle",
        base_anchor=UNIT,
        crew=CREW,
        phases=PHASES,
        estimated_end=END,
        profile=PROFILE,
    )


def imported(network_type: NetworkType = NetworkType.INNOVATION) -> NetworkImported:
    return NetworkImported(
        on=date(2013, 8, 1),
        title="Campus",
        purpose="En samlet campus",
        network_type=network_type,
        started_on=MAY,
        leader_id=ADA,
        leader_line_manager_id=MANAGER,
        phases=PHASES,
        phases_completed=("intensive_1",),
        planned_end=END,
    )


def closed(network_type: NetworkType = NetworkType.WELFARE, began: date = MAY) -> NetworkClosed:
    return NetworkClosed(
        on=END,
        title="Mad til borgerne",
        network_type=network_type,
        started_on=began,
        result=NetworkResult.PARTLY,
        receiving_units=(UNIT,),
        crew=CrewAtClosing(),
        phases=(
            PhaseTaken(phase="intensive_1", started_on=SEPTEMBER, completed_on=SEPTEMBER),
            PhaseTaken(phase="implementation", started_on=SEPTEMBER),
            PhaseTaken(phase="test"),
        ),
        break_days=0,
    )


def cancelled(half_year: str = "2013-H2", *, was_started: bool = False) -> NetworkCancelled:
    return NetworkCancelled(
        on=END,
        title="Mad til borgerne",
        network_type=NetworkType.WELFARE,
        was_started=was_started,
        half_year=half_year,
        crew=Crew(),
        reason_note=new_id(1),
    )


OPTED_IN = ReferenceLeaderOptedIn(on=MAY, person_id=REFERENCE)
COUPLED = ReferenceLeaderAssigned(
    on=MAY, person_id=REFERENCE, is_director=False, in_chief_forum=True
)
LEADS = NetworkLeaderAssigned(
    on=MAY,
    person_id=ADA,
    line_manager_id=MANAGER,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    qualified=True,
    in_pool=True,
    decided_by=(person("chief"),),
)
CO_DRIVEN = CoDriverAssigned(
    on=MAY,
    person_id=BO,
    leader_id=ADA,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    theme_expertise=True,
    rationale_note=new_id(1),
)
DRAFTED = MandateContractDrafted(on=MAY, contract_version=1, parties=(), sections={})
PARTY_AGREED = MandateContractPartyAgreed(
    on=MAY, contract_version=1, party=MandateParty.SECRETARIAT, missing=()
)
AGREED = MandateContractAgreed(on=MAY, contract_version=1, parties=(MandateParty.SECRETARIAT,))
BEGUN = PhaseStarted(on=SEPTEMBER, phase="intensive_1")
RESTING = NetworkBreakStarted(on=SEPTEMBER, number=1, reason_note=new_id(1))
RESTED = NetworkBreakEnded(on=date(2013, 9, 9), number=1, started_on=SEPTEMBER, days=7)
OVER = PhaseCompleted(
    on=date(2013, 9, 30),
    phase="intensive_1",
    started_on=SEPTEMBER,
    actual_weeks=3,
    actual_hours=60,
    break_days=7,
    last_intensive=True,
    crew=CREW,
)
FUNDED = TestFundingSecured(on=SEPTEMBER, source=FundingSource.INTERNAL, responsible_id=REFERENCE)
TESTING = TestPhaseStarted(
    on=date(2013, 10, 1), receiving_units=(UNIT,), crew=CREW, funding_secured=True
)
IMPLEMENTING = ImplementationStarted(
    on=date(2013, 11, 1), receiving_units=(UNIT,), crew=CREW, tested=True
)
LIFE: list[tuple[Event, NetworkState, NextStep]] = [
    (planned(), NetworkState.PLANNED, NextStep.ASSIGN_REFERENCE_LEADER),
    (OPTED_IN, NetworkState.PLANNED, NextStep.ASSIGN_REFERENCE_LEADER),
    (COUPLED, NetworkState.PLANNED, NextStep.ASSIGN_LEADER),
    (LEADS, NetworkState.PLANNED, NextStep.START),
    (CO_DRIVEN, NetworkState.PLANNED, NextStep.START),
    (started(), NetworkState.RUNNING, NextStep.DRAFT_CONTRACT),
    (DRAFTED, NetworkState.RUNNING, NextStep.AGREE_CONTRACT),
    (PARTY_AGREED, NetworkState.RUNNING, NextStep.AGREE_CONTRACT),
    (AGREED, NetworkState.RUNNING, NextStep.START_PHASE),
    (BEGUN, NetworkState.RUNNING, NextStep.COMPLETE_PHASE),
    (RESTING, NetworkState.ON_BREAK, NextStep.END_BREAK),
    (RESTED, NetworkState.RUNNING, NextStep.COMPLETE_PHASE),
    (OVER, NetworkState.RUNNING, NextStep.START_TEST),
    (FUNDED, NetworkState.RUNNING, NextStep.START_TEST),
    (TESTING, NetworkState.TESTING, NextStep.START_IMPLEMENTATION),
    (
        RolesRedefined(on=SEPTEMBER, contract_version=2),
        NetworkState.TESTING,
        NextStep.START_IMPLEMENTATION,
    ),
    (IMPLEMENTING, NetworkState.IMPLEMENTING, NextStep.CLOSE),
    (
        NetworkClosingAnnounced(
            on=SEPTEMBER,
            planned_close=END,
            title="Mad til borgerne",
            network_type=NetworkType.WELFARE,
        ),
        NetworkState.IMPLEMENTING,
        NextStep.CLOSE,
    ),
    (closed(), NetworkState.CLOSED, NextStep.NOTHING),
]
WHOLE = [event for event, _, _ in LIFE]


def overview(*events: Event) -> NetworkOverview:
    return folded(NETWORK_OVERVIEW, stream(FOOD, *events))[str(FOOD)]


# --- overview ---------------------------------------------------------------------------------


def test_the_overview_says_where_a_network_is_and_what_it_waits_for() -> None:
    for step, (_, state, next_step) in enumerate(LIFE, start=1):
        row = overview(*WHOLE[:step])
        assert (row.state, row.next_step) == (state, next_step), WHOLE[step - 1]


def test_the_overview_of_a_network_that_has_ended_tells_its_whole_story() -> None:
    assert overview(*WHOLE) == NetworkOverview(
        network_id=FOOD,
        title="Mad til borgerne",
        network_type=NetworkType.WELFARE,
        state=NetworkState.CLOSED,
        next_step=NextStep.NOTHING,
        theme_id=THEME,
        half_year="2013-H2",
        started_on=SEPTEMBER,
        estimated_end=END,
        planned_close=END,
        ended_on=END,
        result=NetworkResult.PARTLY,
        purpose="God mad til alle",
        base_anchor=UNIT,
        leader_id=ADA,
        line_manager_id=MANAGER,
        co_driver_id=BO,
        reference_leader_id=REFERENCE,
        opted_in=(REFERENCE,),
        contract_version=1,
        contract_agreed=True,
        phases=("intensive_1", "test", "implementation"),
        phases_completed=("intensive_1", "test"),
        test_funding_secured=True,
        receiving_units=(UNIT,),
    )


def test_an_imported_network_is_shown_as_it_is() -> None:
    row = overview(imported(), NetworkThemeLinked(on=END, theme_id=THEME, title="Campus"))

    assert row.imported
    assert (row.state, row.started_on, row.half_year) == (NetworkState.RUNNING, MAY, "2013-H1")
    assert (row.leader_id, row.line_manager_id, row.theme_id) == (ADA, MANAGER, THEME)
    assert row.phases_completed == ("intensive_1",)


def test_a_learning_network_needs_no_reference_leader_and_no_test() -> None:
    plan = planned(network_type=NetworkType.LEARNING)
    learning = plan.model_copy(update={"phases": (PlannedPhase(phase="learning_1"),)})
    start = started(NetworkType.LEARNING)
    course = [
        AGREED,
        PhaseStarted(on=SEPTEMBER, phase="learning_1"),
        OVER.model_copy(update={"phase": "learning_1"}),
    ]

    assert overview(learning).next_step is NextStep.ASSIGN_LEADER
    assert overview(learning, LEADS, start, *course).next_step is NextStep.CLOSE


@rule("R90", "R94")
def test_a_welfare_network_is_overdue_until_it_tests_and_a_learning_network_until_it_closes() -> (
    None
):
    assert overview(planned()).overdue_after is None
    assert overview(planned(), started()).overdue_after == END
    assert overview(planned(), started(), RESTING).overdue_after == END
    assert overview(planned(), started(), TESTING).overdue_after is None
    assert overview(planned(), started(), cancelled(was_started=True)).overdue_after is None
    learning = overview(
        planned(network_type=NetworkType.LEARNING), started(NetworkType.LEARNING), TESTING
    )
    assert learning.overdue_after == END


@rule("R92")
def test_an_innovation_network_without_an_estimate_of_its_own_is_never_overdue() -> None:
    start = started(NetworkType.INNOVATION).model_copy(update={"estimated_end": None})
    own = PhasePlanRevised(on=SEPTEMBER, phases=PHASES, estimated_end=date(2014, 9, 1))
    innovation = planned(network_type=NetworkType.INNOVATION)

    assert overview(innovation, start).overdue_after is None
    assert overview(innovation, start, own).overdue_after == date(2014, 9, 1)


def test_a_new_holder_of_a_role_has_not_agreed_to_the_contract() -> None:
    assert overview(planned(), LEADS, DRAFTED, AGREED).contract_agreed
    assert not overview(planned(), LEADS, DRAFTED, AGREED, COUPLED).contract_agreed


def test_those_who_leave_are_no_longer_shown() -> None:
    left = [
        CoDriverReleased(on=END, person_id=BO, since=MAY, until=END),
        ReferenceLeaderReleased(on=END, person_id=REFERENCE, reason_note=new_id(1)),
        ReferenceLeaderOptOutRecorded(on=END, person_id=REFERENCE),
    ]
    row = overview(planned(), OPTED_IN, COUPLED, LEADS, CO_DRIVEN, *left)

    assert (row.co_driver_id, row.reference_leader_id, row.opted_in) == (None, None, ())


# --- timeline ---------------------------------------------------------------------------------


def timeline(*events: Event) -> dict[str, NetworkTimeline]:
    rows = folded(NETWORK_TIMELINE, stream(FOOD, *events))
    return {key.removeprefix(f"{FOOD}/"): row for key, row in rows.items()}


def test_the_timeline_shows_phases_and_breaks_as_planned_and_as_they_went() -> None:
    rows = timeline(*WHOLE)

    assert rows == {
        "intensive_1": NetworkTimeline(
            network_id=FOOD,
            part=CoursePart.PHASE,
            name="intensive_1",
            place=1,
            label="1. intensive periode",
            estimated_weeks=2.25,
            started_on=SEPTEMBER,
            ended_on=date(2013, 9, 30),
            is_over=True,
            actual_weeks=3,
            actual_hours=60,
            break_days=7,
        ),
        "break-1": NetworkTimeline(
            network_id=FOOD,
            part=CoursePart.BREAK,
            name="1",
            started_on=SEPTEMBER,
            ended_on=date(2013, 9, 9),
            is_over=True,
            break_days=7,
        ),
        "test": NetworkTimeline(
            network_id=FOOD,
            part=CoursePart.PHASE,
            name="test",
            place=2,
            label="Test",
            started_on=date(2013, 10, 1),
            ended_on=date(2013, 11, 1),
            is_over=True,
        ),
        "implementation": NetworkTimeline(
            network_id=FOOD,
            part=CoursePart.PHASE,
            name="implementation",
            place=3,
            label="Implementering",
            started_on=date(2013, 11, 1),
            ended_on=END,
            is_over=True,
        ),
    }


def test_a_revised_plan_moves_the_phases_and_drops_what_it_no_longer_has() -> None:
    spurt = PlannedPhase(
        phase="spurt",
        planned_start=SEPTEMBER,
        estimated_weeks=1,
        intensity=Intensity.HIGH,
        estimated_hours=20,
    )
    revised = PhasePlanRevised(
        on=SEPTEMBER, phases=(PHASES[0], spurt, PHASES[1]), removed=("implementation",)
    )
    rows = timeline(planned(), started(), BEGUN, revised)

    assert set(rows) == {"intensive_1", "spurt", "test"}
    assert rows["intensive_1"].started_on == SEPTEMBER
    assert (rows["spurt"].place, rows["spurt"].intensity) == (2, Intensity.HIGH)
    assert rows["test"].place == 3


def test_the_phases_an_imported_network_has_behind_it_are_over() -> None:
    rows = timeline(imported())

    assert {name for name, row in rows.items() if row.is_over} == {"intensive_1"}


def test_an_implementation_without_a_test_leaves_the_test_unbegun() -> None:
    rows = timeline(planned(), started(), IMPLEMENTING)
    untestable = planned().model_copy(update={"phases": PHASES[2:]})

    assert not rows["test"].is_over
    assert rows["implementation"].started_on == date(2013, 11, 1)
    assert set(timeline(untestable, IMPLEMENTING)) == {"implementation"}


# --- portfolio --------------------------------------------------------------------------------

PORTFOLIO_FACTS = [
    stream(UUID(int=10), planned(), started(), closed(began=SEPTEMBER)),
    [
        *stream(UUID(int=11), planned()),
        recorded(started(), f"network-{UUID(int=11)}", 2, envelope=FLAGGED),
    ],
    stream(UUID(int=12), planned(), cancelled()),
    stream(UUID(int=13), planned(), started(), cancelled(was_started=True)),
    stream(CAMPUS, imported()),
]


@rule("R71", "R72", "R103")
def test_the_portfolio_counts_what_was_planned_started_runs_and_ended() -> None:
    rows = folded(PORTFOLIO, [fact for facts in PORTFOLIO_FACTS for fact in facts])

    welfare = PortfolioByHalfYear(
        half_year="2013-H2",
        network_type=NetworkType.WELFARE,
        planned=4,
        started=3,
        running=1,
        closed=1,
        cancelled=2,
        flags=("starts_out_of_range",),
    )
    campus = PortfolioByHalfYear(
        half_year="2013-H1", network_type=NetworkType.INNOVATION, imported=1, running=1
    )
    assert rows == {
        "2013-H2/welfare": welfare,
        "2013-H2/all": welfare.model_copy(update={"network_type": None}),
        "2013-H1/innovation": campus,
        "2013-H1/all": campus.model_copy(update={"network_type": None}),
    }


def test_starts_are_counted_by_half_year_and_type() -> None:
    rows = folded(STARTS, [fact for facts in PORTFOLIO_FACTS for fact in facts])

    assert rows == {"all": Starts(started={"2013-H2/welfare": 3})}
    assert rows["all"].in_half_year("2013-H2") == 3
    assert rows["all"].in_half_year("2013-H2", NetworkType.LEARNING) == 0


def test_the_slots_in_use_are_those_taken_and_not_freed() -> None:
    facts = [
        InnovationSlotTaken(on=MAY, network_id=FOOD),
        InnovationSlotTaken(on=MAY, network_id=CAMPUS, over_cap=True),
    ]
    freed = InnovationSlotFreed(on=END, network_id=CAMPUS)

    def slots(*events: Event) -> InnovationSlotsInUse:
        told = [recorded(each, "innovation-slots", at) for at, each in enumerate(events, start=1)]
        return folded(SLOTS_IN_USE, told)["all"]

    assert slots(*facts) == InnovationSlotsInUse(
        network_ids=(FOOD, CAMPUS), in_use=2, over_cap=(CAMPUS,)
    )
    assert slots(*facts, freed) == InnovationSlotsInUse(network_ids=(FOOD,), in_use=1)


def test_a_theme_is_known_as_selected_until_its_network_has_ended() -> None:
    selected = ThemeSelected(
        on=MAY,
        title="Campus",
        proposer_id=BO,
        identified_need="Et samlet sted",
        network_type=NetworkType.INNOVATION,
        type_aligned=True,
        decided_by=(person("chief"),),
    )
    concluded = ThemeConcluded(
        on=END, network_id=CAMPUS, outcome=ThemeOutcome.ADOPTED, title="Campus", proposer_id=BO
    )
    (told,) = stream(THEME, selected, kind="theme")
    planned_id = planned_by(selected, told.id)
    known = KnownTheme(theme_id=THEME, title="Campus", is_selected=True, planned_id=planned_id)

    rows = folded(KNOWN_THEMES, [told])
    assert rows == {str(THEME): known}
    rows = folded(KNOWN_THEMES, stream(THEME, selected, concluded, kind="theme"))
    assert rows == {str(THEME): known.model_copy(update={"is_selected": False})}


# --- every view -------------------------------------------------------------------------------

STREAMS = [
    *PORTFOLIO_FACTS,
    stream(FOOD, *WHOLE),
    [
        recorded(InnovationSlotTaken(on=MAY, network_id=CAMPUS), "innovation-slots", 1),
        recorded(InnovationSlotTaken(on=MAY, network_id=uuid4()), "innovation-slots", 2),
        recorded(InnovationSlotFreed(on=END, network_id=CAMPUS), "innovation-slots", 3),
    ],
]


@over(st.permutations([n for n, facts in enumerate(STREAMS) for _ in facts]))
def test_the_order_in_which_streams_arrive_makes_no_difference(order: list[int]) -> None:
    streams = [iter(facts) for facts in STREAMS]
    mixed = [next(streams[each]) for each in order]

    views: tuple[View[Any], ...] = VIEWS
    for view in views:
        in_turn = folded(view, [fact for facts in STREAMS for fact in facts])
        assert folded(view, mixed) == in_turn, view.name


def test_a_network_that_is_cancelled_ends_its_phase_and_its_break() -> None:
    rows = timeline(
        planned(),
        started(),
        BEGUN,
        RESTING,
        cancelled().model_copy(update={"running_phase": "intensive_1", "open_break": 1}),
    )

    for name in ("intensive_1", "break-1"):
        assert rows[name].is_over
        assert rows[name].ended_on == END
    assert not rows["test"].is_over
