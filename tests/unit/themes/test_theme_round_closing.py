"""A round is closed with everything decided, or carried over to the next (R51, R67)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.themes.domain.known import KnownRounds, KnownTheme
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round.closing import CloseThemeRound
from services.themes.domain.theme_round.opening import OpenThemeRound
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from services.themes.domain.theme_round.state import ROUND
from services.themes.domain.theme_round.themes import AddThemeToRound
from services.themes.projections.known import KNOWN_ROUNDS
from services.themes.projections.rounds import ROUND_OVERVIEW, RoundOverview
from services.themes.queries.rounds import as_seen
from services.themes.reactions.themes import OF_THEMES
from shared.contracts.themes import (
    ThemeAddedToRound,
    ThemeDeclined,
    ThemePrioritised,
    ThemeProposed,
    ThemeRoundClosed,
    ThemeRoundEvent,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import DemandOrigin, Forum, ThemeDecision, ThemeState
from shared.kernel.events import Recorded
from shared.kernel.permissions import Actor, system
from shared.kernel.reactions import Send
from shared.people import Person
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

H2, H1, LATER = "2013-H2", "2014-H1", "2014-H2"
GARDENS, SHARING, CARE, CAMPUS = (UUID(int=n) for n in range(1, 5))
CHIEF_ID = person("chief")
REACTION = system("themes")
CLOSE = CloseThemeRound()
OPENED = ThemeRoundOpened(on=TODAY, half_year=H2)
PROPOSED = ThemeProposed(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(DemandOrigin.BOTTOM_UP,),
)
DECLINED = ThemeDeclined(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    reason="Ikke nu",
    decided_by=(CHIEF_ID,),
)


def added(theme_id: UUID, half_year: str = H2, proposal_no: int | None = None) -> ThemeAddedToRound:
    return ThemeAddedToRound(
        on=TODAY,
        half_year=half_year,
        theme_id=theme_id,
        title="Urban farming",
        proposal_no=proposal_no,
    )


def ranked(theme_id: UUID, rank: int) -> ThemePrioritised:
    return ThemePrioritised(
        on=TODAY, half_year=H2, theme_id=theme_id, rank=rank, decided_by=(CHIEF_ID,)
    )


def closed(half_year: str = H2, **lists: tuple[UUID, ...]) -> ThemeRoundClosed:
    empty = {"selected": (), "declined": (), "carried_over": (), "departments_missing": ()}
    return ThemeRoundClosed.model_validate({"on": TODAY, "half_year": half_year, **empty, **lists})


def round_of(*facts: ThemeRoundEvent, **standing: ThemeState) -> Any:
    known = given(*facts).of(H2)
    for number, each in enumerate(standing.values(), 1):
        theme_id = UUID(int=number)
        row = KnownTheme(theme_id=theme_id, is_qualified=True, standing=each)
        known = known.knowing(theme_id, row)
    return known


FULL = (OPENED, added(GARDENS), added(SHARING), added(CARE), added(CAMPUS), ranked(SHARING, 1))


def test_closing_lists_what_was_selected_declined_and_is_carried_over() -> None:
    now = round_of(
        *FULL,
        gardens=ThemeState.QUALIFIED,
        sharing=ThemeState.IN_NETWORK,
        care=ThemeState.DECLINED,
        campus=ThemeState.WITHDRAWN,
    )
    told = closed(selected=(SHARING,), declined=(CARE,), carried_over=(GARDENS,))
    now.when(CLOSE, by=SECRETARIAT).then(told).then_warned("themes_undecided", "themes_unranked")


def test_a_round_in_which_all_is_done_closes_without_a_remark() -> None:
    now = round_of(OPENED, added(GARDENS), ranked(GARDENS, 1), gardens=ThemeState.SELECTED)
    now.when(CLOSE, by=SECRETARIAT).then(closed(selected=(GARDENS,))).then_warned()


def test_a_round_is_not_closed_on_a_theme_of_which_nothing_is_known_yet() -> None:
    round_of(OPENED, added(GARDENS)).when(CLOSE).then_refused("evidence_missing")


@pytest.mark.parametrize("standing", [ThemeState.SELECTED, ThemeState.DECLINED])
def test_a_round_does_not_count_what_another_one_decided(standing: ThemeState) -> None:
    known = KnownTheme(theme_id=GARDENS, is_qualified=True, standing=standing, decided_in=H1)
    now = given(OPENED, added(GARDENS)).of(H2).knowing(GARDENS, known)
    now.when(CLOSE, by=SECRETARIAT).then(closed()).then_warned()
    here = known.model_copy(update={"decided_in": H2})
    now.knowing(GARDENS, here).when(CLOSE).then(closed(H2, **{standing.value: (GARDENS,)}))


def test_a_round_is_closed_once() -> None:
    round_of(OPENED, closed()).when(CLOSE, by=SECRETARIAT).then_nothing()
    given().of(H2).when(CLOSE).then_refused("round_not_open", "R51")


@pytest.mark.parametrize(
    "actor", [CHIEF, employee("ada"), employee("leader", "network_leader"), REACTION]
)
def test_only_the_secretariat_closes_a_round(actor: Actor) -> None:
    round_of(OPENED).when(CLOSE, by=actor).then_refused("not_allowed")


# --- after it ---------------------------------------------------------------------------------


def test_a_closed_round_takes_no_themes_and_no_order() -> None:
    over = round_of(OPENED, added(GARDENS), ranked(GARDENS, 1), added(SHARING), closed())
    over = over.besides(THEME, str(CARE), PROPOSED).besides(THEME, str(GARDENS), PROPOSED)
    over.when(AddThemeToRound(theme_id=CARE)).then_refused("round_closed", "R51")
    over.when(AddThemeToRound(theme_id=GARDENS)).then_nothing()
    rank = PrioritiseThemes(theme_ids=(SHARING, GARDENS), decided_by={CHIEF_ID})
    over.when(rank, by=CHIEF).then_refused("round_closed", "R51")
    same = PrioritiseThemes(theme_ids=(GARDENS,), decided_by={CHIEF_ID})
    over.when(same, by=CHIEF).then_nothing()


def test_a_closed_round_is_not_opened_again() -> None:
    again = OpenThemeRound(half_year=H2)
    given(OPENED, closed()).when(again).then_nothing()
    other = again.model_copy(update={"discussion_on": TODAY})
    given(OPENED, closed()).when(other).then_refused("round_already_opened", "R51")


def test_a_decision_may_still_name_the_round_it_was_prepared_in() -> None:
    decide = DecideTheme(
        decision=ThemeDecision.DECLINED, decided_by={CHIEF_ID}, reason="Ikke nu", half_year=H2
    )
    in_forum = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
    decided = given(PROPOSED).of(GARDENS).knowing(CHIEF_ID, in_forum)
    decided = decided.besides(ROUND, H2, OPENED, added(GARDENS), closed())
    decided.when(decide, by=CHIEF).then_warned()


@rule("R51")
def test_the_overview_shows_what_was_left() -> None:
    facts = (OPENED, added(GARDENS), closed(carried_over=(GARDENS,)))
    told = [recorded(each, f"round-{H2}", place) for place, each in enumerate(facts, 1)]
    (row,) = folded(ROUND_OVERVIEW, told).values()
    assert (row.closed_on, row.carried_over, row.selected) == (TODAY, (GARDENS,), ())


@rule("R51", "R206")
def test_the_latest_round_is_overdue_once_the_next_should_have_been_opened() -> None:
    due = date(2014, 3, 2)
    row = RoundOverview(half_year=H2, opened_on=TODAY, next_due_on=due)
    alone, followed = KnownRounds(opened=(H2,)), KnownRounds(opened=(H2, H1))
    assert not as_seen(row, alone, due).overdue
    assert as_seen(row, alone, due + timedelta(days=1)).overdue
    assert not as_seen(row, followed, due + timedelta(days=1)).overdue


# --- into the next ----------------------------------------------------------------------------


class Rounds:
    """Rounds as they come about, with what follows from each fact."""

    def __init__(self) -> None:
        self.told: list[Recorded[Any]] = []

    def tell(self, event: ThemeRoundOpened | ThemeRoundClosed) -> list[Send]:
        stream = f"round-{event.half_year}"
        version = 1 + sum(each.stream == stream for each in self.told)
        fact = recorded(event, stream, version)
        self.told.append(fact)
        return reacting(OF_THEMES, fact, *folded(KNOWN_ROUNDS, self.told).items())


def opened(half_year: str) -> ThemeRoundOpened:
    return ThemeRoundOpened(on=TODAY, half_year=half_year)


INTO_H1 = [Send(H1, AddThemeToRound(on=TODAY, theme_id=GARDENS))]


@rule("R51")
def test_a_round_begins_with_what_the_one_before_left() -> None:
    rounds = Rounds()
    assert rounds.tell(opened(H2)) == []
    assert rounds.tell(closed(carried_over=(GARDENS,))) == []
    assert rounds.tell(opened(H1)) == INTO_H1


@rule("R51")
def test_what_a_round_leaves_goes_into_the_next_that_is_open_already() -> None:
    rounds = Rounds()
    assert rounds.tell(opened(H2)) == []
    assert rounds.tell(opened(H1)) == []
    assert rounds.tell(closed(carried_over=(GARDENS,))) == INTO_H1


def test_what_is_left_skips_a_half_year_without_a_round() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(closed(carried_over=(GARDENS,)))
    assert [each.key for each in rounds.tell(opened(LATER))] == [LATER]


def test_a_theme_goes_on_to_the_next_round_alone() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(closed(carried_over=(GARDENS,)))
    rounds.tell(opened(H1))
    rounds.tell(closed(H1, declined=(GARDENS,)))
    assert rounds.tell(opened(LATER)) == []


def test_a_theme_that_came_too_late_for_the_next_round_is_in_the_one_after_it() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(closed(carried_over=(GARDENS,)))
    rounds.tell(opened(H1))
    rounds.tell(closed(H1))  # before the theme was added to it
    assert rounds.tell(opened(LATER)) == [Send(LATER, AddThemeToRound(on=TODAY, theme_id=GARDENS))]


def test_a_theme_of_an_earlier_round_that_is_closed_last_is_not_lost() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(opened(H1))
    rounds.tell(closed(H1))
    rounds.tell(closed(carried_over=(GARDENS,)))
    assert rounds.tell(opened(LATER)) == [Send(LATER, AddThemeToRound(on=TODAY, theme_id=GARDENS))]


def test_a_round_that_closes_passes_on_what_came_too_late_for_it() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(opened(H1))
    rounds.tell(opened(LATER))
    rounds.tell(closed(carried_over=(GARDENS,)))
    assert rounds.tell(closed(H1)) == [Send(LATER, AddThemeToRound(on=TODAY, theme_id=GARDENS))]


def test_the_known_rounds_depend_on_no_order_of_streams() -> None:
    one = [recorded(opened(H2), f"round-{H2}", 1), recorded(closed(), f"round-{H2}", 2)]
    other = [recorded(opened(H1), f"round-{H1}", 1), recorded(closed(H1), f"round-{H1}", 2)]
    row = KnownRounds(opened=(H2, H1), carried_over={H2: (), H1: ()}, decided={H2: (), H1: ()})
    for facts in ([*one, *other], [*other, *one], [one[0], *other, one[1]]):
        assert folded(KNOWN_ROUNDS, facts) == {"all": row}


def test_what_is_carried_over_twice_is_in_the_round_once() -> None:
    add = AddThemeToRound(theme_id=GARDENS)
    there = given(opened(H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED)
    there.when(add, by=REACTION).then(added(GARDENS, H1, 1)).then_warned()
    again = given(opened(H1), added(GARDENS, H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED)
    again.when(add, by=REACTION).then_nothing()


def test_what_has_been_decided_meanwhile_is_not_carried_over() -> None:
    decided = given(opened(H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED, DECLINED)
    decided.when(AddThemeToRound(theme_id=GARDENS), by=REACTION).then_nothing()
