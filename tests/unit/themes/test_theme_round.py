"""A round is opened once for each half-year, and its ranks are one list."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from services.themes.domain.known import KnownTheme
from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round.opening import OpenThemeRound
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from services.themes.domain.theme_round.state import ROUND, NotOpened
from services.themes.domain.theme_round.themes import AddThemeToRound
from shared.contracts.themes import (
    ThemeAddedToRound,
    ThemeDeclined,
    ThemePrioritised,
    ThemeProposed,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import Forum
from shared.kernel.permissions import Actor
from shared.people import Person
from shared.policy import Period
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, person, rule
from shared.testing.kit import NS3

HALF_YEAR = "2013-H2"
GARDENS, SHARING, CARE = uuid4(), uuid4(), uuid4()
IN_FORUM = Person(person_id=person("chief"), forums=frozenset({Forum.CHIEFS}))

OPENED = ThemeRoundOpened(on=TODAY, half_year=HALF_YEAR, next_due_on=date(2014, 3, 2))
OPEN = OpenThemeRound(half_year=HALF_YEAR)


def added(theme_id: UUID, title: str) -> ThemeAddedToRound:
    return ThemeAddedToRound(on=TODAY, half_year=HALF_YEAR, theme_id=theme_id, title=title)


def known(theme_id: UUID, *, is_qualified: bool = True) -> KnownTheme:
    return KnownTheme(theme_id=theme_id, is_qualified=is_qualified)


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
DECLINED = ThemeDeclined(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    reason="Ikke nu",
    decided_by=(person("chief"),),
)
GARDENS_IN = added(GARDENS, "Urban farming")
SHARING_IN = added(SHARING, "Deleøkonomi")
THREE = (OPENED, GARDENS_IN, SHARING_IN, added(CARE, "Nærhed"))
RANKED = (
    given(OPENED, GARDENS_IN, SHARING_IN)
    .of(HALF_YEAR)
    .knowing(person("chief"), IN_FORUM)
    .knowing(GARDENS, known(GARDENS))
    .knowing(SHARING, known(SHARING))
)
RANKING = PrioritiseThemes(theme_ids=(SHARING, GARDENS), decided_by={person("chief")})
NOT_ALLOWED = [employee("ada"), employee("leader", "network_leader")]


def rank(theme: UUID, number: int) -> ThemePrioritised:
    return ThemePrioritised(
        on=TODAY, half_year=HALF_YEAR, theme_id=theme, rank=number, decided_by=(person("chief"),)
    )


def test_the_secretariat_opens_a_round() -> None:
    given().when(OPEN).then(OPENED).then_warned()


def test_a_round_says_when_proposals_are_due_and_discussed() -> None:
    dates = {"proposals_due": date(2013, 12, 1), "discussion_on": date(2014, 1, 15)}
    given().when(OPEN.model_copy(update=dates)).then(OPENED.model_copy(update=dates))


def test_a_half_year_has_one_round() -> None:
    given(OPENED).when(OPEN).then_nothing()
    otherwise = OPEN.model_copy(update={"discussion_on": date(2013, 10, 1)})
    given(OPENED).when(otherwise).then_refused("round_already_opened", "R51")


@pytest.mark.parametrize("half_year", ["2013-H2", "2014-H1"])
def test_a_round_is_for_this_half_year_or_the_next(half_year: str) -> None:
    given().when(OpenThemeRound(half_year=half_year)).then_warned()


@pytest.mark.parametrize("half_year", ["2012-H1", "2013-H1", "2014-H2"])
def test_a_round_at_another_time_is_only_remarked_on(half_year: str) -> None:
    given().when(OpenThemeRound(half_year=half_year)).then_warned("round_off_cadence")


@rule("R51")
def test_how_often_a_round_is_held_is_policy() -> None:
    themes = NS3.themes.model_copy(update={"round_cadence": Period(months=12)})
    yearly = given().under(NS3.model_copy(update={"themes": themes}))
    yearly.when(OpenThemeRound(half_year="2014-H2")).then_warned()
    yearly.when(OpenThemeRound(half_year="2014-H1")).then_warned("round_off_cadence")


@pytest.mark.parametrize("by", [CHIEF, *NOT_ALLOWED])
def test_only_the_secretariat_opens_a_round_and_fills_it(by: Actor) -> None:
    given().when(OPEN, by=by).then_refused("not_allowed")
    given(OPENED).when(AddThemeToRound(theme_id=GARDENS), by=by).then_refused("not_allowed")


def test_a_theme_is_added_to_a_round_once() -> None:
    adding = AddThemeToRound(theme_id=GARDENS)
    opened = given(OPENED).of(HALF_YEAR).besides(THEME, str(GARDENS), PROPOSED)

    opened.when(adding).then(GARDENS_IN).then_warned()
    given(OPENED, GARDENS_IN).of(HALF_YEAR).when(adding).then_nothing()
    given(OPENED, GARDENS_IN, rank(GARDENS, 1)).of(HALF_YEAR).when(adding).then_nothing()


def test_that_a_theme_is_no_longer_open_is_only_remarked_on() -> None:
    adding = given(OPENED).of(HALF_YEAR).besides(THEME, str(GARDENS), PROPOSED, DECLINED)
    adding.when(AddThemeToRound(theme_id=GARDENS)).then(GARDENS_IN).then_warned("theme_not_open")


def test_nothing_is_added_to_a_round_that_is_not_open() -> None:
    given().of(HALF_YEAR).when(AddThemeToRound(theme_id=GARDENS)).then_refused("unknown")


def test_a_theme_nobody_has_proposed_is_not_known() -> None:
    given(OPENED).when(AddThemeToRound(theme_id=GARDENS)).then_refused("unknown")


def test_the_chief_forum_ranks_themes_and_only_changes_are_told() -> None:
    RANKED.when(RANKING, by=CHIEF).then(rank(SHARING, 1), rank(GARDENS, 2)).then_warned()
    given(OPENED, GARDENS_IN, SHARING_IN, rank(SHARING, 1), rank(GARDENS, 2)).of(HALF_YEAR).when(
        RANKING, by=CHIEF
    ).then_nothing()


def test_a_theme_left_out_of_a_new_ranking_comes_after_those_in_it() -> None:
    before = (rank(GARDENS, 1), rank(SHARING, 2))
    care_first = PrioritiseThemes(theme_ids=(CARE,), decided_by={person("chief")})
    given(*THREE, *before).of(HALF_YEAR).when(care_first, by=CHIEF).then(
        rank(CARE, 1), rank(GARDENS, 2), rank(SHARING, 3)
    )


@for_all(st.lists(st.lists(st.sampled_from((GARDENS, SHARING, CARE)), min_size=1, unique=True)))
def test_ranks_are_one_list_whatever_is_ranked(rankings: list[list[UUID]]) -> None:
    facts: list[Any] = list(THREE)
    for theme_ids in rankings:
        command = PrioritiseThemes(theme_ids=tuple(theme_ids), decided_by={person("chief")})
        decision = given(*facts).of(HALF_YEAR).when(command, by=CHIEF).decision
        assert decision is not None
        facts += decision.events
        state = ROUND.replay(facts)
        assert not isinstance(state, NotOpened)
        ranks = [each for each in state.ranks.values() if each is not None]
        assert sorted(ranks) == list(range(1, len(ranks) + 1))
        in_order = sorted(theme_ids, key=lambda each: state.ranks[each] or 0)
        assert in_order == theme_ids


def test_a_theme_has_one_rank() -> None:
    with pytest.raises(ValidationError, match="one rank"):
        PrioritiseThemes(theme_ids=(SHARING, SHARING), decided_by={person("chief")})


def test_only_themes_of_the_round_are_ranked() -> None:
    given(OPENED, SHARING_IN).when(RANKING, by=CHIEF).then_refused("theme_not_in_round", "R53")


def test_that_a_ranked_theme_is_not_qualified_is_only_remarked_on() -> None:
    unqualified = known(SHARING, is_qualified=False)
    ranking = RANKED.knowing(SHARING, unqualified).when(RANKING, by=CHIEF)
    ranking.then(rank(SHARING, 1), rank(GARDENS, 2)).then_warned("ranked_theme_not_qualified")


def test_the_secretary_who_records_a_ranking_does_not_decide_it() -> None:
    own = PrioritiseThemes(theme_ids=(SHARING,), decided_by={person("secretary")})
    RANKED.when(own, by=SECRETARIAT).then_refused("observer_cannot_decide", "R201")
    RANKED.when(RANKING, by=SECRETARIAT).then(rank(SHARING, 1), rank(GARDENS, 2))


@pytest.mark.parametrize("by", [*NOT_ALLOWED, employee("director", "municipal_director")])
def test_nobody_but_the_chief_forum_ranks(by: Actor) -> None:
    RANKED.when(RANKING, by=by).then_refused("not_allowed")
