"""A round is closed with everything decided, or carried over to the next (R51, R67)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from services.themes.domain.known import KnownProposal, KnownRounds, KnownTheme
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round.closing import CloseThemeRound, CountLateDecision
from services.themes.domain.theme_round.opening import OpenThemeRound
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from services.themes.domain.theme_round.state import ROUND
from services.themes.domain.theme_round.themes import AddThemeToRound, CarryThemeOver
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
from shared.testing.kit import Outcome

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


def theme(theme_id: UUID, *proposals: KnownProposal, **rounds: int | None) -> KnownTheme:
    """A theme in rounds, which are written H2_2013."""
    told = {"-".join(reversed(each.split("_"))): number for each, number in rounds.items()}
    return KnownTheme(theme_id=theme_id, proposals=proposals, rounds=told)


def round_of(*facts: ThemeRoundEvent, **standing: ThemeState) -> Any:
    known = given(*facts).of(H2)
    for number, each in enumerate(standing.values(), 1):
        theme_id = UUID(int=number)
        known = known.knowing(theme_id, theme(theme_id, KnownProposal(standing=each)))
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


def closing(known: KnownTheme, proposal_no: int | None = 1) -> Outcome:
    now = given(OPENED, added(GARDENS, proposal_no=proposal_no)).of(H2).knowing(GARDENS, known)
    return now.when(CLOSE, by=SECRETARIAT)


@pytest.mark.parametrize("standing", [ThemeState.SELECTED, ThemeState.DECLINED])
def test_a_round_does_not_count_what_another_one_decided(standing: ThemeState) -> None:
    there = KnownProposal(standing=standing, decided_in=H1)
    closing(theme(GARDENS, there, H2_2013=1, H1_2014=1)).then(closed()).then_warned()
    here = KnownProposal(standing=standing, decided_in=H2)
    told = closed(H2, **{standing.value: (GARDENS,)})
    closing(theme(GARDENS, here, H2_2013=1, H1_2014=1)).then(told)


@rule("R51", "R67")
@pytest.mark.parametrize("standing", [ThemeState.SELECTED, ThemeState.DECLINED])
def test_a_decision_that_names_a_round_without_the_theme_counts_where_it_is(
    standing: ThemeState,
) -> None:
    elsewhere = KnownProposal(standing=standing, decided_in="2099-H2")
    told = closed(H2, **{standing.value: (GARDENS,)})
    closing(theme(GARDENS, elsewhere, H2_2013=1)).then(told)
    closing(theme(GARDENS, elsewhere)).then(told)
    another = KnownProposal(standing=standing, decided_in=H1)
    closing(theme(GARDENS, another, another, H2_2013=1, H1_2014=2)).then(told)


@rule("R67")
def test_what_was_declined_and_proposed_again_since_is_still_declined_in_its_round() -> None:
    declined = KnownProposal(standing=ThemeState.DECLINED, decided_in=H2)
    known = theme(GARDENS, declined, KnownProposal(), H2_2013=1)
    closing(known).then(closed(declined=(GARDENS,)))
    closing(known.model_copy(update={"rounds": {H2: 2}}), 2).then(closed(carried_over=(GARDENS,)))


def test_a_decision_that_names_no_round_counts_in_the_latest_that_has_the_theme() -> None:
    chosen = KnownProposal(standing=ThemeState.SELECTED)
    closing(theme(GARDENS, chosen, H2_2013=1, H1_2014=1)).then(closed())
    closing(theme(GARDENS, chosen, H1_2013=1, H2_2013=1)).then(closed(selected=(GARDENS,)))


def test_a_round_is_not_closed_on_a_proposal_of_which_nothing_is_known_yet() -> None:
    closing(theme(GARDENS, KnownProposal()), 2).then_refused("evidence_missing")
    closing(theme(GARDENS)).then_refused("evidence_missing")


@rule("R51")
def test_that_a_round_is_closed_before_its_discussion_is_only_remarked_on() -> None:
    later = OPENED.model_copy(update={"discussion_on": TODAY + timedelta(days=1)})
    given(later).of(H2).when(CLOSE).then(closed()).then_warned("closed_before_discussion")
    today = OPENED.model_copy(update={"discussion_on": TODAY})
    given(today).of(H2).when(CLOSE).then(closed()).then_warned()


LATE = CountLateDecision(theme_id=GARDENS, proposal_no=1, decision=ThemeDecision.SELECTED)


@rule("R67")
def test_what_is_decided_after_its_round_was_closed_counts_there_once() -> None:
    left = closed(carried_over=(GARDENS, SHARING), declined=(CARE,))
    over = (OPENED, added(GARDENS, proposal_no=1), left)
    told = closed(selected=(GARDENS,), carried_over=(SHARING,), declined=(CARE,))
    given(*over).of(H2).when(LATE, by=REACTION).then(told)
    given(*over, told).of(H2).when(LATE, by=REACTION).then_nothing()
    declined = LATE.model_copy(update={"decision": ThemeDecision.DECLINED})
    other = closed(carried_over=(SHARING,), declined=(GARDENS, CARE))
    given(*over).of(H2).when(declined, by=REACTION).then(other)
    given(*over).of(H2).when(LATE).then_refused("not_allowed")


def test_a_late_decision_changes_no_round_that_is_open_or_had_another_proposal() -> None:
    given(OPENED, added(GARDENS)).of(H2).when(LATE, by=REACTION).then_nothing()
    over = given(OPENED, added(GARDENS, proposal_no=2), closed(carried_over=(GARDENS,)))
    over.of(H2).when(LATE, by=REACTION).then_nothing()


def test_a_closing_that_is_told_again_keeps_its_day() -> None:
    earlier = closed(carried_over=(GARDENS,)).model_copy(update={"on": TODAY - timedelta(days=9)})
    over = given(OPENED, added(GARDENS, proposal_no=1), earlier).of(H2)
    told = earlier.model_copy(update={"selected": (GARDENS,), "carried_over": ()})
    over.when(LATE, by=REACTION).then(told)


@pytest.mark.parametrize("named", [H2, None])
def test_a_decision_and_a_closing_that_did_not_see_each_other_meet_afterwards(
    named: str | None,
) -> None:
    declined = DECLINED.model_copy(update={"half_year": named})
    known = theme(GARDENS, KnownProposal(standing=ThemeState.DECLINED, decided_in=named), H2_2013=1)
    count = LATE.model_copy(update={"on": TODAY, "decision": ThemeDecision.DECLINED})
    decision = recorded(declined, f"theme-{GARDENS}", 2)
    assert reacting(OF_THEMES, decision, (str(GARDENS), known)) == [Send(H2, count)]
    left = recorded(closed(carried_over=(GARDENS,)), f"round-{H2}", 3)
    rows = KnownRounds(opened=(H2,), carried_over={H2: (GARDENS,)})
    sent = reacting(OF_THEMES, left, (str(GARDENS), known), ("all", rows))
    assert sent == [Send(H2, count)]
    open_still = known.model_copy(update={"proposals": (KnownProposal(),)})
    assert reacting(OF_THEMES, left, (str(GARDENS), open_still), ("all", rows)) == []


def test_a_decision_is_told_to_no_round_that_does_not_have_the_theme() -> None:
    decision = recorded(DECLINED, f"theme-{GARDENS}", 2)
    known = theme(GARDENS, KnownProposal(standing=ThemeState.DECLINED, decided_in="2099-H2"))
    assert reacting(OF_THEMES, decision, (str(GARDENS), known)) == []


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

    def tell(self, event: ThemeRoundOpened | ThemeAddedToRound | ThemeRoundClosed) -> list[Send]:
        stream = f"round-{event.half_year}"
        version = 1 + sum(each.stream == stream for each in self.told)
        fact = recorded(event, stream, version)
        self.told.append(fact)
        return reacting(OF_THEMES, fact, *folded(KNOWN_ROUNDS, self.told).items())


def opened(half_year: str) -> ThemeRoundOpened:
    return ThemeRoundOpened(on=TODAY, half_year=half_year)


def carried(half_year: str, proposal_no: int | None = None) -> list[Send]:
    command = CarryThemeOver(on=TODAY, theme_id=GARDENS, proposal_no=proposal_no)
    return [Send(half_year, command)]


INTO_H1 = carried(H1)


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
    rounds.tell(added(GARDENS, H1, 1))
    rounds.tell(closed(H1, declined=(GARDENS,)))
    assert rounds.tell(opened(LATER)) == []


@rule("R51")
def test_a_theme_that_was_withdrawn_in_the_next_round_goes_no_further() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(added(GARDENS, H2, 1))
    rounds.tell(closed(carried_over=(GARDENS,)))
    assert rounds.tell(opened(H1)) == carried(H1, 1)
    rounds.tell(added(GARDENS, H1, 1))
    assert rounds.tell(closed(H1)) == []
    assert rounds.tell(opened(LATER)) == []


def test_what_is_counted_late_is_carried_over_no_more() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(added(GARDENS, H2, 1))
    rounds.tell(closed(carried_over=(GARDENS,)))
    rounds.tell(closed(declined=(GARDENS,)))
    assert rounds.tell(opened(H1)) == []


def test_only_the_proposal_that_was_left_is_carried_over() -> None:
    again = PROPOSED.model_copy(update={"proposal_no": 2})
    there = given(opened(H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED, DECLINED, again)
    first = CarryThemeOver(theme_id=GARDENS, proposal_no=1)
    there.when(first, by=REACTION).then_nothing()
    there.when(first.model_copy(update={"proposal_no": 2}), by=REACTION).then(added(GARDENS, H1, 2))


def test_a_theme_that_came_too_late_for_the_next_round_is_in_the_one_after_it() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(closed(carried_over=(GARDENS,)))
    rounds.tell(opened(H1))
    rounds.tell(closed(H1))  # before the theme was added to it
    assert rounds.tell(opened(LATER)) == carried(LATER)


def test_a_theme_of_an_earlier_round_that_is_closed_last_is_not_lost() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(opened(H1))
    rounds.tell(closed(H1))
    rounds.tell(closed(carried_over=(GARDENS,)))
    assert rounds.tell(opened(LATER)) == carried(LATER)


def test_a_round_that_closes_passes_on_what_came_too_late_for_it() -> None:
    rounds = Rounds()
    rounds.tell(opened(H2))
    rounds.tell(opened(H1))
    rounds.tell(opened(LATER))
    rounds.tell(closed(carried_over=(GARDENS,)))
    assert rounds.tell(closed(H1)) == carried(LATER)


def test_the_known_rounds_depend_on_no_order_of_streams() -> None:
    one = [recorded(opened(H2), f"round-{H2}", 1), recorded(closed(), f"round-{H2}", 2)]
    other = [recorded(opened(H1), f"round-{H1}", 1), recorded(closed(H1), f"round-{H1}", 2)]
    row = KnownRounds(opened=(H2, H1), carried_over={H2: (), H1: ()})
    for facts in ([*one, *other], [*other, *one], [one[0], *other, one[1]]):
        assert folded(KNOWN_ROUNDS, facts) == {"all": row}


def test_what_is_carried_over_twice_is_in_the_round_once() -> None:
    add = CarryThemeOver(theme_id=GARDENS)
    there = given(opened(H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED)
    there.when(add, by=REACTION).then(added(GARDENS, H1, 1)).then_warned()
    again = given(opened(H1), added(GARDENS, H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED)
    again.when(add, by=REACTION).then_nothing()


def test_what_comes_too_late_for_a_round_is_refused_to_nobody_for_it_goes_on_to_the_next() -> None:
    over = given(opened(H1), closed(H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED)
    over.when(CarryThemeOver(theme_id=GARDENS), by=REACTION).then_nothing()


def test_what_has_been_decided_meanwhile_is_not_carried_over() -> None:
    decided = given(opened(H1)).of(H1).besides(THEME, str(GARDENS), PROPOSED, DECLINED)
    decided.when(CarryThemeOver(theme_id=GARDENS), by=REACTION).then_nothing()


ROUNDS = ("2013-H1", H2, H1)
DECIDED = st.sampled_from([ThemeState.SELECTED, ThemeState.IN_NETWORK, ThemeState.DECLINED])


@rule("R67")
@settings(max_examples=25, deadline=None)
@for_all(
    st.lists(
        st.tuples(DECIDED, st.none() | st.sampled_from([*ROUNDS, LATER])), min_size=2, max_size=2
    ),
    st.dictionaries(st.sampled_from(ROUNDS), st.sampled_from([1, 2]), min_size=1),
)
def test_a_decided_proposal_counts_in_exactly_one_of_the_rounds_that_have_it(
    decisions: list[tuple[ThemeState, str | None]], rounds: dict[str, int]
) -> None:
    proposals = tuple(KnownProposal(standing=each, decided_in=named) for each, named in decisions)
    known = KnownTheme(theme_id=GARDENS, proposals=proposals, rounds=rounds)
    counted = [
        number
        for half_year, number in rounds.items()
        for told in (_closing_of(half_year, number, known),)
        if GARDENS in (*told.selected, *told.declined)
    ]
    assert sorted(counted) == sorted(set(rounds.values()))


def _closing_of(half_year: str, number: int, known: KnownTheme) -> ThemeRoundClosed:
    facts = (opened(half_year), added(GARDENS, half_year, number))
    decision = given(*facts).of(half_year).knowing(GARDENS, known).when(CLOSE).decision
    assert decision
    (told,) = decision.events
    assert isinstance(told, ThemeRoundClosed)
    assert told.carried_over == ()
    return told
