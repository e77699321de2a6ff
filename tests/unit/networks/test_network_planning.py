"""A network comes from a selected theme, or is imported while it runs."""

from datetime import date
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest

from services.networks.domain.known import KnownTheme
from services.networks.domain.network.closing import CancelPlannedNetwork
from services.networks.domain.network.planning import (
    ImportNetwork,
    LinkNetworkTheme,
    PlanNetwork,
    planned_by,
)
from services.networks.domain.slots import SLOTS
from services.networks.projections.known import KNOWN_THEMES
from services.networks.reactions import REACTIONS
from shared.contracts.networks import CrewAtClosing as NobodyLeft
from shared.contracts.networks import (
    InnovationSlotTaken,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkPlanned,
    NetworkThemeLinked,
    PlannedPhase,
)
from shared.contracts.themes import ThemeSelected, ThemeWithdrawn
from shared.contracts.vocabulary import NetworkResult, NetworkType
from shared.kernel.permissions import Actor, system
from shared.kernel.reactions import Send
from shared.people import Person
from shared.policy import Period
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    given,
    person,
    reacting,
    recorded,
    rule,
)

NETWORK, THEME, OTHER = uuid4(), uuid4(), uuid4()
FIRST, SECOND = uuid4(), uuid4()
ADA, BO, REFERENCE, MANAGER = person("ada"), person("bo"), person("reference"), person("manager")
SYSTEM = system("plan_network")
BEGAN = date(2013, 3, 1)
COURSE = (
    PlannedPhase(phase="intensive_1", label="1. intensive periode"),
    PlannedPhase(phase="intensive_2", label="2. intensive periode"),
    PlannedPhase(phase="intensive_3", label="3. intensive periode"),
    PlannedPhase(phase="intensive_4", label="4. intensive periode"),
    PlannedPhase(phase="test", label="Test"),
    PlannedPhase(phase="implementation", label="Implementering"),
)
LEARNING_COURSE = (PlannedPhase(phase="learning_1", label="Læringsforløb"),)

SELECTED = ThemeSelected(
    on=TODAY,
    title="Deleøkonomi",
    proposer_id=BO,
    identified_need="Vi ved for lidt",
    network_type=NetworkType.LEARNING,
    type_aligned=True,
    intended_difference="Ny viden i egen basis",
    half_year="2013-H2",
    planned_start=date(2013, 10, 1),
    decided_by=(person("chief"),),
)
PLAN = PlanNetwork(
    on=TODAY,
    theme_id=THEME,
    title="Deleøkonomi",
    network_type=NetworkType.LEARNING,
    type_aligned=True,
    intended_difference="Ny viden i egen basis",
    half_year="2013-H2",
    planned_start=date(2013, 10, 1),
)
PLANNED = NetworkPlanned(
    on=TODAY,
    theme_id=THEME,
    title="Deleøkonomi",
    network_type=NetworkType.LEARNING,
    type_aligned=True,
    intended_difference="Ny viden i egen basis",
    half_year="2013-H2",
    planned_start=date(2013, 10, 1),
    estimate=Period(months=5),
    phases=LEARNING_COURSE,
)
IMPORT = ImportNetwork(
    title="Campus",
    purpose="En samlet campus",
    network_type=NetworkType.INNOVATION,
    started_on=BEGAN,
    leader_id=ADA,
    reference_leader_id=REFERENCE,
    co_driver_id=BO,
    phases_completed=("intensive_1",),
    planned_end=date(2014, 3, 1),
)
IMPORTED = NetworkImported(
    on=TODAY,
    title="Campus",
    purpose="En samlet campus",
    network_type=NetworkType.INNOVATION,
    started_on=BEGAN,
    leader_id=ADA,
    leader_line_manager_id=MANAGER,
    reference_leader_id=REFERENCE,
    co_driver_id=BO,
    phases=COURSE,
    phases_completed=("intensive_1",),
    planned_end=date(2014, 3, 1),
)
LEADER_KNOWN = Person(person_id=ADA, line_manager_id=MANAGER)
NOWHERE = given().of(NETWORK).knowing(ADA, LEADER_KNOWN)
TAKEN_TWICE = (
    InnovationSlotTaken(on=BEGAN, network_id=FIRST),
    InnovationSlotTaken(on=BEGAN, network_id=SECOND),
)


def test_a_selected_theme_gets_a_network_whose_id_comes_from_the_selection() -> None:
    fact = recorded(SELECTED, f"theme-{THEME}", 9)

    assert reacting(REACTIONS, fact) == [Send(str(uuid5(NAMESPACE_OID, fact.id)), PLAN)]


def test_a_theme_selected_for_a_running_network_is_linked_to_it() -> None:
    fact = recorded(SELECTED.model_copy(update={"for_network_id": NETWORK}), f"theme-{THEME}")

    link = LinkNetworkTheme(on=TODAY, theme_id=THEME)
    assert reacting(REACTIONS, fact) == [Send(str(NETWORK), link)]


WITHDRAWN = ThemeWithdrawn(
    on=TODAY, title="Campus", proposer_id=BO, reason="Løst", was_selected=True
)
GIVEN_UP = KnownTheme(
    theme_id=THEME, title="Campus", is_selected=False, given_up={f"theme-{THEME}@10": NETWORK}
)


def test_a_theme_that_is_withdrawn_takes_its_planned_network_with_it() -> None:
    fact = recorded(WITHDRAWN, f"theme-{THEME}", 10)

    cancel = Send(str(NETWORK), CancelPlannedNetwork(reason="Løst"))
    assert reacting(REACTIONS, fact, (str(THEME), GIVEN_UP)) == [cancel]


def test_a_theme_that_was_not_selected_or_had_a_running_network_takes_nothing_with_it() -> None:
    not_selected = WITHDRAWN.model_copy(update={"was_selected": False})
    fact = recorded(not_selected, f"theme-{THEME}", 10)
    (row,) = folded(KNOWN_THEMES, [recorded(SELECTED, f"theme-{THEME}", 9), fact]).values()
    assert reacting(REACTIONS, fact, (str(THEME), row)) == []

    running = GIVEN_UP.model_copy(update={"given_up": {}})
    fact = recorded(WITHDRAWN, f"theme-{THEME}", 10)
    assert reacting(REACTIONS, fact, (str(THEME), running)) == []


def test_the_network_that_a_withdrawn_theme_takes_with_it_is_the_one_its_selection_planned() -> (
    None
):
    selected = recorded(SELECTED, f"theme-{THEME}", 9)
    withdrawn = recorded(WITHDRAWN, f"theme-{THEME}", 10)
    again = recorded(SELECTED, f"theme-{THEME}", 15)

    later = recorded(WITHDRAWN, f"theme-{THEME}", 16)

    (in_step,) = folded(KNOWN_THEMES, [selected, withdrawn]).values()
    (ahead,) = folded(KNOWN_THEMES, [selected, withdrawn, again, later]).values()
    for row in (in_step, ahead):
        (cancel,) = reacting(REACTIONS, withdrawn, (str(THEME), row))
        assert cancel.key == str(planned_by(SELECTED, selected.id))
    (cancel,) = reacting(REACTIONS, later, (str(THEME), ahead))
    assert cancel.key == str(planned_by(SELECTED, again.id))


def test_a_selection_that_names_its_network_plans_that_one() -> None:
    fact = recorded(SELECTED.model_copy(update={"network_id": FIRST}), f"theme-{THEME}", 9)
    assert [each.key for each in reacting(REACTIONS, fact)] == [str(FIRST)]


def test_only_a_network_that_is_planned_still_is_given_up_with_its_theme() -> None:
    cancel = CancelPlannedNetwork(reason="Løst")
    planned = given(PLANNED).of(NETWORK).when(cancel, by=SYSTEM)
    assert planned.decision is not None
    (cancelled,) = planned.decision.events
    assert isinstance(cancelled, NetworkCancelled)
    assert not cancelled.was_started
    given(PLANNED, cancelled).of(NETWORK).when(cancel, by=SYSTEM).then_nothing()
    given(IMPORTED).of(NETWORK).when(cancel, by=SYSTEM).then_nothing()
    given(PLANNED).of(NETWORK).when(cancel, by=SECRETARIAT).then_refused("not_allowed")


def test_a_network_is_planned_once_with_the_phases_of_its_type() -> None:
    given().when(PLAN, by=SYSTEM).then(PLANNED).then_warned()
    given(PLANNED).when(PLAN, by=SYSTEM).then_nothing()


@rule("R70")
def test_a_welfare_network_is_planned_with_four_intensive_periods_of_nine_weeks() -> None:
    plan = PLAN.model_copy(update={"network_type": NetworkType.WELFARE})

    decision = given().when(plan, by=SYSTEM).decision
    assert decision is not None
    (planned,) = decision.events
    assert isinstance(planned, NetworkPlanned)
    intensive = [each for each in planned.phases if each.phase.startswith("intensive")]
    assert len(intensive) == 4
    assert sum(each.estimated_weeks or 0 for each in intensive) == 9
    assert planned.estimate == Period(months=6)


def test_a_network_without_a_half_year_is_planned_for_the_one_it_is_to_start_in() -> None:
    plan = PLAN.model_copy(update={"half_year": None, "planned_start": date(2014, 1, 7)})
    expected = {"half_year": "2014-H1", "planned_start": date(2014, 1, 7)}

    given().when(plan, by=SYSTEM).then(PLANNED.model_copy(update=expected))


@pytest.mark.parametrize("actor", [SECRETARIAT, CHIEF, employee("ada")])
def test_nobody_plans_a_network_by_hand(actor: Actor) -> None:
    given().when(PLAN, by=actor).then_refused("not_allowed")


def test_a_running_network_is_imported_as_it_is_and_takes_a_slot() -> None:
    outcome = NOWHERE.when(IMPORT)

    outcome.then(IMPORTED).then_warned()
    outcome.then_also("innovation-slots", InnovationSlotTaken(on=TODAY, network_id=NETWORK))


def test_an_innovation_network_is_imported_above_the_cap_with_a_warning() -> None:
    outcome = NOWHERE.besides(SLOTS, "", *TAKEN_TWICE).when(IMPORT)

    outcome.then(IMPORTED).then_warned("cap_exceeded")
    above = InnovationSlotTaken(on=TODAY, network_id=NETWORK, over_cap=True)
    outcome.then_also("innovation-slots", above)


def test_a_network_of_another_type_takes_no_slot() -> None:
    learning = IMPORT.model_copy(
        update={"network_type": NetworkType.LEARNING, "phases_completed": ()}
    )
    NOWHERE.besides(SLOTS, "", *TAKEN_TWICE).when(learning).then_warned().then_also(
        "innovation-slots"
    )


def test_a_leader_the_directory_does_not_know_is_imported_without_a_line_manager() -> None:
    without = IMPORTED.model_copy(update={"leader_line_manager_id": None})

    given().of(NETWORK).when(IMPORT).then(without)


def test_a_network_that_is_there_is_not_imported_again() -> None:
    given(IMPORTED).of(NETWORK).when(IMPORT).then_refused("network_already_exists", "R104")


def test_an_imported_network_has_begun() -> None:
    tomorrow = IMPORT.model_copy(update={"started_on": date(2013, 9, 3)})

    NOWHERE.when(tomorrow).then_refused("date_in_future")


def test_the_phases_an_imported_network_has_behind_it_are_the_first_ones() -> None:
    gap = IMPORT.model_copy(update={"phases_completed": ("intensive_2",)})

    NOWHERE.when(gap).then_refused("phase_out_of_order", "R99")


def test_the_leader_of_an_imported_network_is_not_its_co_driver() -> None:
    twice = IMPORT.model_copy(update={"co_driver_id": ADA})

    NOWHERE.when(twice).then_refused("co_driver_is_leader", "R131")


@pytest.mark.parametrize(
    "actor",
    [employee("ada"), CHIEF, employee("manager", "line_manager"), employee("i", "integrator")],
)
def test_only_the_secretariat_imports_a_network(actor: Actor) -> None:
    NOWHERE.when(IMPORT, by=actor).then_refused("not_allowed")


LINK = LinkNetworkTheme(theme_id=THEME)
LINKED = NetworkThemeLinked(on=TODAY, theme_id=THEME, title="Campus")
KNOWN = KnownTheme(theme_id=THEME, title="Campus", is_selected=True)


@pytest.mark.parametrize("actor", [SECRETARIAT, SYSTEM])
def test_an_imported_network_is_linked_to_a_theme_later(actor: Actor) -> None:
    given(IMPORTED).knowing(THEME, KNOWN).when(LINK, by=actor).then(LINKED).then_warned()
    given(IMPORTED, LINKED).when(LINK, by=actor).then_nothing()


def test_a_theme_that_is_not_selected_is_linked_with_a_warning() -> None:
    declined = KnownTheme(theme_id=THEME, title="Campus", is_selected=False)

    given(IMPORTED).knowing(THEME, declined).when(LINK).then(LINKED).then_warned(
        "theme_not_selected"
    )


def test_a_network_works_on_one_theme() -> None:
    other = LinkNetworkTheme(theme_id=OTHER)

    given(IMPORTED, LINKED).when(other).then_refused("theme_already_linked", "R68")


def test_a_theme_nobody_has_heard_of_has_to_be_waited_for() -> None:
    given(IMPORTED).when(LINK).then_refused("evidence_missing")


def test_nothing_is_linked_to_a_network_that_is_not_there_or_has_ended() -> None:
    ended = NetworkClosed(
        on=TODAY,
        title="Campus",
        network_type=NetworkType.INNOVATION,
        started_on=BEGAN,
        result=NetworkResult.ADOPTED,
        crew=NobodyLeft(),
        phases=(),
        break_days=0,
    )

    given().when(LINK).then_refused("unknown")
    given(IMPORTED, ended).when(LINK).then_refused("network_ended", "R89")


@pytest.mark.parametrize("actor", [employee("ada"), CHIEF, employee("manager", "line_manager")])
def test_only_the_secretariat_links_a_theme_by_hand(actor: Actor) -> None:
    given(IMPORTED).when(LINK, by=actor).then_refused("not_allowed")
