"""A round is opened once for each half-year, and its ranks are one list."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from services.themes.domain.known import KnownProposal, KnownTheme
from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round.opening import (
    ChangeThemeRound,
    OpenThemeRound,
)
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from services.themes.domain.theme_round.state import ROUND, NotOpened
from services.themes.domain.theme_round.themes import AddThemeToRound
from services.themes.projections.rounds import ROUND_OVERVIEW
from shared.contracts.themes import (
    ThemeAddedToRound,
    ThemeDeclined,
    ThemePrioritised,
    ThemeProposed,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import Forum, ThemeState
from shared.kernel.permissions import Actor
from shared.people import ForumMembers, Person
from shared.policy import Period
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    given,
    person,
    recorded,
    rule,
)
from shared.testing.kit import NS3, Given

HALF_YEAR = "2013-H2"
GARDENS, SHARING, CARE = uuid4(), uuid4(), uuid4()
IN_FORUM = Person(person_id=person("chief"), forums=frozenset({Forum.CHIEFS}))

OPENED = ThemeRoundOpened(on=TODAY, half_year=HALF_YEAR, next_due_on=date(2014, 3, 2))
OPEN = OpenThemeRound(half_year=HALF_YEAR)


def added(theme_id: UUID, title: str) -> ThemeAddedToRound:
    return ThemeAddedToRound(on=TODAY, half_year=HALF_YEAR, theme_id=theme_id, title=title)


def known(theme_id: UUID, *, is_qualified: bool = True) -> KnownTheme:
    return KnownTheme(theme_id=theme_id, proposals=(KnownProposal(is_qualified=is_qualified),))


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


def awaiting(unit: UUID) -> Given:
    members = ForumMembers(forum=Forum.CHIEFS, units={str(person("chief")): str(unit)})
    return given().knowing(Forum.CHIEFS, members)


def test_the_secretariat_opens_a_round() -> None:
    with_unit = OPENED.model_copy(update={"departments": (CARE,)})
    awaiting(CARE).when(OPEN).then(with_unit).then_warned()


def test_that_no_department_is_known_is_remarked_on() -> None:
    given().when(OPEN).then(OPENED).then_warned("no_departments_known")


def test_a_round_says_when_proposals_are_due_and_discussed() -> None:
    dates = {"proposals_due": date(2013, 12, 1), "discussion_on": date(2014, 1, 15)}
    given().when(OPEN.model_copy(update=dates)).then(OPENED.model_copy(update=dates))


def test_a_half_year_has_one_round() -> None:
    given(OPENED).when(OPEN).then_nothing()
    otherwise = OPEN.model_copy(update={"discussion_on": date(2013, 10, 1)})
    given(OPENED).when(otherwise).then_refused("round_already_opened", "R51")


@pytest.mark.parametrize("half_year", ["2013-H2", "2014-H1"])
def test_a_round_is_for_this_half_year_or_the_next(half_year: str) -> None:
    awaiting(CARE).when(OpenThemeRound(half_year=half_year)).then_warned()


@rule("R51")
@pytest.mark.parametrize("half_year", ["2014-H2", "2031-H1"])
def test_a_round_beyond_the_next_half_year_is_refused(half_year: str) -> None:
    too_far = OpenThemeRound(half_year=half_year)
    given().when(too_far).then_refused("round_too_far_ahead", "R51")


@pytest.mark.parametrize("half_year", ["2012-H1", "2013-H1"])
def test_a_round_at_another_time_is_only_remarked_on(half_year: str) -> None:
    awaiting(CARE).when(OpenThemeRound(half_year=half_year)).then_warned("round_off_cadence")


@rule("R51")
def test_how_often_a_round_is_held_is_policy() -> None:
    themes = NS3.themes.model_copy(update={"round_cadence": Period(months=12)})
    yearly = awaiting(CARE).under(NS3.model_copy(update={"themes": themes}))
    yearly.when(OpenThemeRound(half_year="2014-H2")).then_warned()
    yearly.when(OpenThemeRound(half_year="2014-H1")).then_warned("round_off_cadence")


@pytest.mark.parametrize("by", [CHIEF, *NOT_ALLOWED])
def test_only_the_secretariat_opens_a_round_and_fills_it(by: Actor) -> None:
    given().when(OPEN, by=by).then_refused("not_allowed")
    given(OPENED).when(AddThemeToRound(theme_id=GARDENS), by=by).then_refused("not_allowed")


def test_a_theme_is_added_to_a_round_once() -> None:
    adding = AddThemeToRound(theme_id=GARDENS)
    opened = given(OPENED).of(HALF_YEAR).besides(THEME, str(GARDENS), PROPOSED)

    told = GARDENS_IN.model_copy(update={"proposal_no": 1})
    opened.when(adding).then(told).then_warned()
    for before in ((told,), (told, rank(GARDENS, 1)), (GARDENS_IN,)):
        there = given(OPENED, *before).of(HALF_YEAR).besides(THEME, str(GARDENS), PROPOSED)
        there.when(adding).then_nothing()


def test_a_theme_that_is_proposed_again_is_added_again_and_has_no_rank_yet() -> None:
    again = PROPOSED.model_copy(update={"proposal_no": 2})
    told = GARDENS_IN.model_copy(update={"proposal_no": 1})
    anew = GARDENS_IN.model_copy(update={"proposal_no": 2})
    facts = (OPENED, told, rank(GARDENS, 1))
    there = given(*facts).of(HALF_YEAR).besides(THEME, str(GARDENS), PROPOSED, DECLINED, again)

    there.when(AddThemeToRound(theme_id=GARDENS)).then(anew)
    now = ROUND.replay((*facts, anew))
    assert not isinstance(now, NotOpened)
    assert now.ranks == {GARDENS: None}
    told_of = [recorded(each, f"round-{HALF_YEAR}", n) for n, each in enumerate((*facts, anew), 1)]
    (row,) = folded(ROUND_OVERVIEW, told_of).values()
    assert (row.ranking, row.unranked, row.themes) == ((), (GARDENS,), 1)


MOVED = {"proposals_due": date(2013, 10, 1), "discussion_on": date(2013, 11, 1)}


def test_the_dates_of_a_round_are_moved_while_it_is_open() -> None:
    move = ChangeThemeRound.model_validate(MOVED)
    told = ThemeRoundChanged.model_validate(
        {
            "on": TODAY,
            "half_year": HALF_YEAR,
            **MOVED,
            "discussion_moved_from": OPENED.discussion_on,
        }
    )
    now = given(OPENED).of(HALF_YEAR)

    now.when(move, by=SECRETARIAT).then(told)
    given(OPENED, told).of(HALF_YEAR).when(move).then_nothing()
    taken_away = told.model_copy(
        update={
            "proposals_due": None,
            "discussion_on": None,
            "discussion_moved_from": MOVED["discussion_on"],
        }
    )
    given(OPENED, told).of(HALF_YEAR).when(ChangeThemeRound()).then(taken_away)
    due = told.model_copy(update={"proposals_due": None, "discussion_moved_from": None})
    earlier = ChangeThemeRound.model_validate({**MOVED, "proposals_due": None})
    given(OPENED, told).of(HALF_YEAR).when(earlier).then(due)
    given().of(HALF_YEAR).when(move).then_refused("unknown")
    closed = ThemeRoundClosed(
        on=TODAY,
        half_year=HALF_YEAR,
        selected=(),
        declined=(),
        carried_over=(),
        departments_missing=(),
    )
    given(OPENED, closed).of(HALF_YEAR).when(move).then_refused("round_closed", "R51")
    for actor in (CHIEF, *NOT_ALLOWED):
        now.when(move, by=actor).then_refused("not_allowed")


def test_the_overview_shows_the_dates_as_they_were_moved() -> None:
    told = ThemeRoundChanged.model_validate({"on": TODAY, "half_year": HALF_YEAR, **MOVED})
    facts = [recorded(each, f"round-{HALF_YEAR}", n) for n, each in enumerate((OPENED, told), 1)]
    (row,) = folded(ROUND_OVERVIEW, facts).values()
    assert (row.proposals_due, row.discussion_on) == tuple(MOVED.values())


def test_proposals_are_due_before_they_are_discussed() -> None:
    backwards = {"proposals_due": date(2013, 11, 1), "discussion_on": date(2013, 10, 1)}
    with pytest.raises(ValidationError, match="due_after_discussion"):
        OpenThemeRound.model_validate({"half_year": HALF_YEAR, **backwards})
    with pytest.raises(ValidationError, match="due_after_discussion"):
        ChangeThemeRound.model_validate(backwards)


def test_that_a_theme_is_no_longer_open_is_only_remarked_on() -> None:
    adding = given(OPENED).of(HALF_YEAR).besides(THEME, str(GARDENS), PROPOSED, DECLINED)
    told = GARDENS_IN.model_copy(update={"proposal_no": 1})
    adding.when(AddThemeToRound(theme_id=GARDENS)).then(told).then_warned("theme_not_open")


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
    with pytest.raises(ValidationError, match="theme_named_twice"):
        PrioritiseThemes(theme_ids=(SHARING, SHARING), decided_by={person("chief")})


def test_only_themes_of_the_round_are_ranked() -> None:
    given(OPENED, SHARING_IN).when(RANKING, by=CHIEF).then_refused("theme_not_in_round", "R53")


def test_that_a_ranked_theme_is_not_qualified_is_only_remarked_on() -> None:
    unqualified = known(SHARING, is_qualified=False)
    ranking = RANKED.knowing(SHARING, unqualified).when(RANKING, by=CHIEF)
    ranking.then(rank(SHARING, 1), rank(GARDENS, 2)).then_warned("ranked_theme_not_qualified")


@pytest.mark.parametrize("standing", [ThemeState.DECLINED, ThemeState.WITHDRAWN])
def test_what_can_no_longer_be_chosen_is_left_out_of_the_ranking(standing: ThemeState) -> None:
    over = KnownTheme(theme_id=SHARING, proposals=(KnownProposal(standing=standing),))
    ranking = RANKED.knowing(SHARING, over).when(RANKING, by=CHIEF)
    ranking.then(rank(GARDENS, 1)).then_warned("ranked_theme_decided")

    ranked = given(OPENED, GARDENS_IN, SHARING_IN, rank(SHARING, 1), rank(GARDENS, 2))
    ranked = ranked.of(HALF_YEAR).knowing(SHARING, over).knowing(GARDENS, known(GARDENS))
    ranked = ranked.knowing(person("chief"), IN_FORUM)
    ranked.when(RANKING, by=CHIEF).then_nothing()


def test_what_can_no_longer_be_chosen_keeps_its_place_and_is_told_of_no_more() -> None:
    over = KnownTheme(theme_id=GARDENS, proposals=(KnownProposal(standing=ThemeState.DECLINED),))
    before = (rank(GARDENS, 1), rank(SHARING, 2))
    ranked = given(*THREE, *before).of(HALF_YEAR).knowing(GARDENS, over)
    ranked = ranked.knowing(person("chief"), IN_FORUM)
    care_first = PrioritiseThemes(theme_ids=(CARE,), decided_by={person("chief")})
    ranked.when(care_first, by=CHIEF).then(rank(CARE, 2), rank(SHARING, 3))


def test_the_secretary_who_records_a_ranking_does_not_decide_it() -> None:
    own = PrioritiseThemes(theme_ids=(SHARING,), decided_by={person("secretary")})
    RANKED.when(own, by=SECRETARIAT).then_refused("observer_cannot_decide", "R201")
    RANKED.when(RANKING, by=SECRETARIAT).then(rank(SHARING, 1), rank(GARDENS, 2))


@pytest.mark.parametrize("by", [*NOT_ALLOWED, employee("director", "municipal_director")])
def test_nobody_but_the_chief_forum_ranks(by: Actor) -> None:
    RANKED.when(RANKING, by=by).then_refused("not_allowed")
