"""A theme follows its network: taken up when it starts, concluded when it ends."""

from typing import Any
from uuid import uuid4

import pytest

from services.themes.domain.theme.network import ConcludeTheme, TakeUpTheme
from services.themes.reactions import REACTIONS
from shared.contracts.networks import (
    Crew,
    CrewAtClosing,
    NetworkCancelled,
    NetworkClosed,
    NetworkStarted,
    NetworkThemeLinked,
    Profile,
)
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeDeclined,
    ThemeProposed,
    ThemeSelected,
    ThemeTakenUp,
)
from shared.contracts.vocabulary import NetworkResult, NetworkType, ThemeOutcome
from shared.kernel.permissions import Actor, system
from shared.kernel.reactions import Send
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    given,
    person,
    reacting,
    recorded,
)

THEME, NETWORK, OTHER = uuid4(), uuid4(), uuid4()
STREAM = f"network-{NETWORK}"
REACTION = system("themes")
TOLD = {"title": "Urban farming", "proposer_id": person("ada")}
PROPOSED = ThemeProposed(
    on=TODAY,
    **TOLD,
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(),
)
SELECTED = ThemeSelected(
    on=TODAY,
    **TOLD,
    identified_need="Fælles grønne rum",
    network_type=NetworkType.WELFARE,
    type_aligned=True,
    decided_by=(person("chief"),),
)
DECLINED = ThemeDeclined(on=TODAY, **TOLD, reason="Ikke nu", decided_by=(person("chief"),))
TAKEN_UP = ThemeTakenUp(on=TODAY, network_id=NETWORK, **TOLD)
TAKE_UP = TakeUpTheme(network_id=NETWORK)
CONCLUDE = ConcludeTheme(network_id=NETWORK, outcome=ThemeOutcome.ADOPTED)
CONCLUDED = ThemeConcluded(on=TODAY, network_id=NETWORK, outcome=ThemeOutcome.ADOPTED, **TOLD)

STARTED = NetworkStarted(
    on=TODAY,
    theme_id=THEME,
    title="Urban farming",
    network_type=NetworkType.WELFARE,
    half_year="2013-H2",
    purpose="Grønne rum",
    crew=Crew(),
    phases=(),
    profile=Profile(
        purpose="",
        intended_difference="",
        goals="",
        success_criteria="",
        coupling="",
        actor_groups=(),
        phases=(),
    ),
)


def closed(theme_id: Any, result: NetworkResult) -> NetworkClosed:
    return NetworkClosed(
        on=TODAY,
        theme_id=theme_id,
        title="Urban farming",
        network_type=NetworkType.WELFARE,
        started_on=TODAY,
        result=result,
        crew=CrewAtClosing(),
        phases=(),
        break_days=0,
    )


def cancelled(theme_id: Any) -> NetworkCancelled:
    return NetworkCancelled(
        on=TODAY,
        theme_id=theme_id,
        title="Urban farming",
        network_type=NetworkType.WELFARE,
        was_started=False,
        half_year="2013-H2",
        crew=Crew(),
        reason_note=uuid4(),
    )


def test_a_selected_theme_is_taken_up_once() -> None:
    given(PROPOSED, SELECTED).when(TAKE_UP, by=REACTION).then(TAKEN_UP).then_warned()
    given(PROPOSED, SELECTED, TAKEN_UP).when(TAKE_UP, by=REACTION).then_nothing()


@pytest.mark.parametrize("since", [(), (DECLINED,), (SELECTED, TAKEN_UP, CONCLUDED)])
def test_a_network_that_runs_is_a_fact_even_for_a_theme_nobody_selected(
    since: tuple[Any, ...],
) -> None:
    taking = given(PROPOSED, *since).when(TAKE_UP, by=REACTION)
    taking.then(TAKEN_UP).then_warned("theme_not_selected")


def test_a_theme_may_go_on_to_another_network_and_ends_with_that() -> None:
    elsewhere = TAKEN_UP.model_copy(update={"network_id": OTHER})
    moving = given(PROPOSED, SELECTED, TAKEN_UP).when(TakeUpTheme(network_id=OTHER), by=REACTION)
    moving.then(elsewhere).then_warned("theme_not_selected")
    given(PROPOSED, SELECTED, TAKEN_UP, elsewhere).when(CONCLUDE, by=REACTION).then_nothing()


@pytest.mark.parametrize("since", [(SELECTED,), (SELECTED, TAKEN_UP)])
def test_a_theme_is_concluded_once_with_its_network(since: tuple[Any, ...]) -> None:
    given(PROPOSED, *since).when(CONCLUDE, by=REACTION).then(CONCLUDED)
    given(PROPOSED, *since, CONCLUDED).when(CONCLUDE, by=REACTION).then_nothing()


def test_the_end_of_another_network_than_the_awaited_one_concludes_no_theme() -> None:
    for awaiting in ({"network_id": OTHER}, {"for_network_id": OTHER}):
        selected = SELECTED.model_copy(update=awaiting)
        given(PROPOSED, selected).when(CONCLUDE, by=REACTION).then_nothing()
        there = CONCLUDE.model_copy(update={"network_id": OTHER})
        ended = CONCLUDED.model_copy(update={"network_id": OTHER})
        given(PROPOSED, selected).when(there, by=REACTION).then(ended)


@pytest.mark.parametrize("since", [(), (DECLINED,)])
def test_a_theme_that_is_not_chosen_has_nothing_to_conclude(since: tuple[Any, ...]) -> None:
    given(PROPOSED, *since).when(CONCLUDE, by=REACTION).then_nothing()


def test_a_theme_nobody_proposed_is_not_known() -> None:
    given().when(TAKE_UP, by=REACTION).then_refused("unknown")
    given().when(CONCLUDE, by=REACTION).then_refused("unknown")


@pytest.mark.parametrize("by", [CHIEF, SECRETARIAT, employee("ada")])
def test_nobody_takes_up_or_concludes_a_theme_by_hand(by: Actor) -> None:
    given(PROPOSED, SELECTED).when(TAKE_UP, by=by).then_refused("not_allowed")
    given(PROPOSED, SELECTED).when(CONCLUDE, by=by).then_refused("not_allowed")


def test_a_network_that_starts_takes_its_theme_up() -> None:
    assert reacting(REACTIONS, recorded(STARTED, STREAM)) == [
        Send(str(THEME), TakeUpTheme(on=TODAY, network_id=NETWORK))
    ]


@pytest.mark.parametrize("result", list(NetworkResult))
def test_a_network_that_closes_concludes_its_theme(result: NetworkResult) -> None:
    command = ConcludeTheme(on=TODAY, network_id=NETWORK, outcome=ThemeOutcome(result.value))
    assert reacting(REACTIONS, recorded(closed(THEME, result), STREAM)) == [
        Send(str(THEME), command)
    ]


def test_a_network_that_is_cancelled_concludes_its_theme_too() -> None:
    command = ConcludeTheme(on=TODAY, network_id=NETWORK, outcome=ThemeOutcome.CANCELLED)
    assert reacting(REACTIONS, recorded(cancelled(THEME), STREAM)) == [Send(str(THEME), command)]


def test_a_network_without_a_theme_concludes_none() -> None:
    assert reacting(REACTIONS, recorded(closed(None, NetworkResult.ADOPTED), STREAM)) == []
    assert reacting(REACTIONS, recorded(cancelled(None), STREAM)) == []


def test_a_network_that_runs_already_takes_up_the_theme_it_is_linked_to() -> None:
    linked = NetworkThemeLinked(on=TODAY, theme_id=THEME, title="Urban farming")
    assert reacting(REACTIONS, recorded(linked, STREAM)) == [
        Send(str(THEME), TakeUpTheme(on=TODAY, network_id=NETWORK))
    ]
