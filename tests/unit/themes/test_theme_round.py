"""A round is opened once for each half-year, and its ranks are one list."""

from uuid import uuid4

from services.themes.domain.known import KnownTheme
from services.themes.domain.theme_round import AddThemeToRound, OpenThemeRound, PrioritiseThemes
from shared.contracts.themes import ThemeAddedToRound, ThemePrioritised, ThemeRoundOpened
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, person

ROUND = "2013-H2"
GARDENS, SHARING = uuid4(), uuid4()

OPENED = ThemeRoundOpened(on=TODAY, half_year=ROUND)
GARDENS_IN = ThemeAddedToRound(on=TODAY, half_year=ROUND, theme_id=GARDENS, title="Urban farming")
SHARING_IN = ThemeAddedToRound(on=TODAY, half_year=ROUND, theme_id=SHARING, title="Deleøkonomi")
OPEN_THEME = KnownTheme(theme_id=GARDENS, title="Urban farming", is_open=True, is_qualified=True)
RANKED = given(OPENED, GARDENS_IN, SHARING_IN).of(ROUND)
RANKING = PrioritiseThemes(theme_ids=(SHARING, GARDENS), decided_by={person("chief")})


def rank(theme: object, number: int) -> ThemePrioritised:
    return ThemePrioritised(
        on=TODAY, half_year=ROUND, theme_id=theme, rank=number, decided_by=(person("chief"),)
    )


def test_the_secretariat_opens_a_round() -> None:
    given().when(OpenThemeRound(half_year=ROUND)).then(OPENED).then_warned()


def test_a_half_year_has_one_round() -> None:
    given(OPENED).when(OpenThemeRound(half_year=ROUND)).then_refused("round_already_opened", "R51")


def test_a_round_for_a_half_year_gone_by_is_remarked_on() -> None:
    given().when(OpenThemeRound(half_year="2012-H1")).then_warned("round_off_cadence")


def test_a_chief_alone_opens_no_round() -> None:
    given().when(OpenThemeRound(half_year=ROUND), by=CHIEF).then_refused("not_allowed")


def test_a_theme_is_added_to_a_round_once() -> None:
    adding = AddThemeToRound(theme_id=GARDENS)

    given(OPENED).of(ROUND).knowing(GARDENS, OPEN_THEME).when(adding).then(GARDENS_IN)
    given(OPENED, GARDENS_IN).of(ROUND).when(adding).then_nothing()


def test_nothing_is_added_to_a_round_that_is_not_open() -> None:
    given().of(ROUND).when(AddThemeToRound(theme_id=GARDENS)).then_refused("unknown")


def test_a_theme_nobody_has_heard_of_has_to_be_waited_for() -> None:
    given(OPENED).when(AddThemeToRound(theme_id=GARDENS)).then_refused("evidence_missing")


def test_the_chief_forum_ranks_themes_and_only_changes_are_told() -> None:
    knowing = RANKED.knowing(GARDENS, OPEN_THEME)
    knowing.when(RANKING, by=CHIEF).then(rank(SHARING, 1), rank(GARDENS, 2))
    given(OPENED, GARDENS_IN, SHARING_IN, rank(SHARING, 1), rank(GARDENS, 2)).of(ROUND).when(
        RANKING, by=CHIEF
    ).then_nothing()


def test_only_themes_of_the_round_are_ranked() -> None:
    given(OPENED, SHARING_IN).when(RANKING, by=CHIEF).then_refused("theme_not_in_round", "R53")


def test_the_secretary_who_records_a_ranking_does_not_decide_it() -> None:
    own = PrioritiseThemes(theme_ids=(SHARING,), decided_by={person("secretary")})
    RANKED.when(own, by=SECRETARIAT).then_refused("observer_cannot_decide", "R201")
    RANKED.when(RANKING, by=SECRETARIAT).then(rank(SHARING, 1), rank(GARDENS, 2))


def test_a_leader_ranks_nothing() -> None:
    RANKED.when(RANKING, by=employee("leader")).then_refused("not_allowed")
