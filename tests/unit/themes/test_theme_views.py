"""The theme board, the rounds, and what themes knows of itself."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.themes.projections import VIEWS
from services.themes.projections.board import ThemeBoard
from services.themes.projections.board_fold import THEME_BOARD
from services.themes.projections.known import KNOWN_THEMES
from services.themes.projections.rounds import ROUND_OVERVIEW, RoundOverview
from services.themes.queries.themes import as_in
from shared.contracts.themes import (
    ThemeAddedToRound,
    ThemeConcluded,
    ThemeCriterionAssessed,
    ThemeDeclined,
    ThemeNetworkTypeAligned,
    ThemePrioritised,
    ThemeProposed,
    ThemeQualified,
    ThemeRefined,
    ThemeRoundOpened,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import (
    ActorGroup,
    Criterion,
    DemandOrigin,
    NetworkType,
    ThemeDecision,
    ThemeOutcome,
    ThemeState,
    Verdict,
)
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.testing import TODAY, folded, person, recorded, rule

THEME, OTHER, NETWORK, UNIT = uuid4(), uuid4(), uuid4(), uuid4()
EARLIER, H2, H1 = "2013-H1", "2013-H2", "2014-H1"
CHIEF_ID = person("chief")
TOLD = {"title": "Urban farming", "proposer_id": person("ada")}

PROPOSED = ThemeProposed(
    on=TODAY,
    **TOLD,
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(DemandOrigin.BOTTOM_UP, DemandOrigin.OUTSIDE_IN),
    affected_departments=(UNIT,),
    actor_groups=(ActorGroup.CITIZEN,),
    wished_type=NetworkType.LEARNING,
)
WANTED = ThemeCriterionAssessed(
    on=TODAY,
    criterion=Criterion.CURRENT_AND_WANTED,
    verdict=Verdict.MET,
    rationale="Alle spørger",
    demand_top=True,
    demand_bottom=False,
)
INNOVATIVE = ThemeCriterionAssessed(
    on=TODAY,
    criterion=Criterion.INNOVATION,
    verdict=Verdict.PARTLY,
    rationale="Måske",
    economic_potential="Et vist",
    economic_amount_ore=100,
)
ALIGNED = ThemeNetworkTypeAligned(
    on=TODAY,
    network_type=NetworkType.WELFARE,
    intended_difference="Naboskab",
    aligned_by=(CHIEF_ID,),
)
QUALIFIED = ThemeQualified(
    on=TODAY, **TOLD, criteria={}, strategic_agenda_ref="Grøn by", decided_by=(CHIEF_ID,)
)
SELECTED = ThemeSelected(
    on=TODAY,
    **TOLD,
    identified_need="Fælles grønne rum",
    network_type=NetworkType.WELFARE,
    type_aligned=True,
    intended_difference="Naboskab",
    half_year=H2,
    planned_start=date(2013, 11, 1),
    decided_by=(CHIEF_ID,),
)
DECLINED = ThemeDeclined(on=TODAY, **TOLD, reason="Ikke nu", half_year=H2, decided_by=(CHIEF_ID,))
TAKEN_UP = ThemeTakenUp(on=TODAY, network_id=NETWORK, **TOLD)
CONCLUDED = ThemeConcluded(on=TODAY, network_id=NETWORK, outcome=ThemeOutcome.PARTLY, **TOLD)
AGAIN = PROPOSED.model_copy(
    update={"proposal_no": 2, "title": "Byhaver", "on": date(2014, 2, 3), "wished_type": None}
)

OPENED = ThemeRoundOpened(on=TODAY, half_year=H2, discussion_on=date(2013, 12, 10))


def added(half_year: str, theme_id: UUID = THEME, title: str = "Urban farming") -> Any:
    return ThemeAddedToRound(on=TODAY, half_year=half_year, theme_id=theme_id, title=title)


def rank(half_year: str, number: int, theme_id: UUID = THEME) -> Any:
    return ThemePrioritised(
        on=TODAY, half_year=half_year, theme_id=theme_id, rank=number, decided_by=(CHIEF_ID,)
    )


def stream(name: str, *facts: Any) -> list[Recorded[Any]]:
    return [recorded(fact, name, place) for place, fact in enumerate(facts, start=1)]


def of_theme(*facts: Any) -> list[Recorded[Any]]:
    return stream(f"theme-{THEME}", *facts)


def board(*facts: Recorded[Any]) -> ThemeBoard:
    (row,) = folded(THEME_BOARD, facts).values()
    return row


def test_the_board_shows_a_theme_as_the_template_describes_it() -> None:
    assert board(*of_theme(PROPOSED)) == ThemeBoard(
        theme_id=THEME,
        state=ThemeState.PROPOSED,
        title="Urban farming",
        proposer_id=person("ada"),
        proposed_on=TODAY,
        proposal_no=1,
        identified_need="Fælles grønne rum",
        burning_platform="Arealerne ligger tomme hen",
        network_potential="Kræver flere afdelinger",
        demand_origins=(DemandOrigin.BOTTOM_UP, DemandOrigin.OUTSIDE_IN),
        affected_departments=(UNIT,),
        actor_groups=(ActorGroup.CITIZEN,),
        external_actors=True,
        wished_type=NetworkType.LEARNING,
        proposers=(person("ada"),),
    )


def test_the_board_shows_the_matrix_of_criteria_and_why() -> None:
    row = board(*of_theme(PROPOSED, WANTED, INNOVATIVE))
    assert row.criteria == {
        Criterion.CURRENT_AND_WANTED: Verdict.MET,
        Criterion.INNOVATION: Verdict.PARTLY,
    }
    assert row.rationales[Criterion.CURRENT_AND_WANTED] == "Alle spørger"
    assert (row.demand_top, row.demand_bottom) == (True, False)
    assert (row.economic_potential, row.economic_amount_ore) == ("Et vist", 100)
    assert row.state == ThemeState.UNDER_QUALIFICATION


def test_the_board_shows_type_difference_and_agenda() -> None:
    row = board(*of_theme(PROPOSED, ALIGNED, QUALIFIED))
    assert row.state == ThemeState.QUALIFIED
    assert (row.network_type, row.intended_difference) == (NetworkType.WELFARE, "Naboskab")
    assert (row.strategic_agenda_ref, row.qualified_on) == ("Grøn by", TODAY)


def test_the_board_shows_what_was_decided() -> None:
    row = board(*of_theme(PROPOSED, ALIGNED, QUALIFIED, SELECTED))
    assert (row.state, row.decision) == (ThemeState.SELECTED, ThemeDecision.SELECTED)
    assert (row.decided_on, row.decided_in) == (TODAY, H2)
    assert row.planned_start == date(2013, 11, 1)

    row = board(*of_theme(PROPOSED, DECLINED))
    assert (row.state, row.reason) == (ThemeState.DECLINED, "Ikke nu")


def test_the_board_shows_the_network_and_how_it_ended() -> None:
    begun = of_theme(PROPOSED, QUALIFIED, SELECTED, TAKEN_UP)
    assert board(*begun).state == ThemeState.IN_NETWORK
    assert board(*begun).network_id == NETWORK

    ended = board(*of_theme(PROPOSED, QUALIFIED, SELECTED, TAKEN_UP, CONCLUDED))
    assert (ended.state, ended.outcome) == (ThemeState.CONCLUDED, ThemeOutcome.PARTLY)
    assert ended.concluded_on == TODAY


def test_a_theme_taken_up_by_another_network_is_in_it() -> None:
    facts = (PROPOSED, QUALIFIED, SELECTED, TAKEN_UP, CONCLUDED)
    elsewhere = TAKEN_UP.model_copy(update={"network_id": OTHER})
    row = board(*of_theme(*facts, elsewhere))
    assert (row.state, row.network_id, row.outcome) == (ThemeState.IN_NETWORK, OTHER, None)


@rule("R51", "R53")
def test_the_rank_is_that_of_the_latest_round() -> None:
    first = stream(f"round-{H2}", OPENED, added(H2), rank(H2, 3))
    assert board(*of_theme(PROPOSED)).latest_round is None
    row = board(*of_theme(PROPOSED, QUALIFIED), *first)
    assert (row.latest_round, row.rank, row.state) == (H2, 3, ThemeState.PRIORITISED)

    second = stream(f"round-{H1}", added(H1))
    row = board(*second, *of_theme(PROPOSED, QUALIFIED), *first)
    assert (row.latest_round, row.rank, row.state) == (H1, None, ThemeState.QUALIFIED)
    assert row.ranks == {H2: 3, H1: None}


def test_a_theme_in_a_round_is_under_qualification() -> None:
    facts = (*of_theme(PROPOSED), *stream(f"round-{H2}", added(H2)))
    assert board(*facts).state == ThemeState.UNDER_QUALIFICATION


def test_a_theme_proposed_again_begins_anew() -> None:
    earlier = (PROPOSED, WANTED, ALIGNED, QUALIFIED, DECLINED)
    in_round = stream(f"round-{H2}", added(H2), rank(H2, 1))
    row = board(*of_theme(*earlier, AGAIN), *in_round)
    assert (row.title, row.state, row.proposal_no) == ("Byhaver", ThemeState.PROPOSED, 2)
    assert (row.criteria, row.decision, row.reason, row.network_type) == ({}, None, None, None)
    assert (row.latest_round, row.rank, row.ranks) == (H2, None, {H2: 1})

    again_in_round = stream(f"round-{H1}", added(H1), rank(H1, 2))
    row = board(*of_theme(*earlier, AGAIN, QUALIFIED), *in_round, *again_in_round)
    assert (row.state, row.rank) == (ThemeState.PRIORITISED, 2)


def test_a_theme_proposed_again_has_no_rank_until_it_is_ranked_anew() -> None:
    def placed(proposal_no: int) -> Any:
        return added(H2).model_copy(update={"proposal_no": proposal_no})

    one = of_theme(PROPOSED, QUALIFIED, DECLINED, AGAIN, QUALIFIED)
    once = (placed(1), rank(H2, 1))
    row = board(*one, *stream(f"round-{H2}", *once))
    assert (row.rank, row.in_round, row.state) == (None, False, ThemeState.QUALIFIED)

    row = board(*one, *stream(f"round-{H2}", *once, placed(2)))
    assert (row.rank, row.in_round, row.state) == (None, True, ThemeState.QUALIFIED)
    row = board(*one, *stream(f"round-{H2}", *once, placed(2), rank(H2, 3)))
    assert (row.rank, row.in_round, row.state) == (3, True, ThemeState.PRIORITISED)
    # Also in a round of an earlier half-year, which is open still.
    late = stream(f"round-{EARLIER}", placed(2).model_copy(update={"half_year": EARLIER}))
    row = board(*one, *late)
    assert (row.in_round, row.state) == (True, ThemeState.QUALIFIED)


def test_a_theme_is_shown_with_its_rank_in_the_round_that_is_asked_for() -> None:
    row = ThemeBoard(theme_id=THEME, rank=2, ranks={H2: 1, H1: 2})
    assert as_in(row, H2).rank == 1


def test_a_theme_that_was_declined_in_a_round_is_shown_there_as_it_was() -> None:
    declined = DECLINED.model_copy(update={"half_year": H2})
    own = stream(f"theme-{THEME}", PROPOSED, QUALIFIED, declined, AGAIN)
    placed = added(H2).model_copy(update={"proposal_no": 1})
    row = board(*own, *stream(f"round-{H2}", OPENED, placed, rank(H2, 4)))
    assert (row.state, row.decision, row.rank) == (ThemeState.PROPOSED, None, None)
    seen = as_in(row, H2)
    shown = (seen.state, seen.decision, seen.decided_in, seen.reason, seen.rank)
    assert shown == (ThemeState.DECLINED, ThemeDecision.DECLINED, H2, declined.reason, 4)
    assert seen.proposal_no == 1


def test_the_board_shows_whether_the_template_bears_out_two_of_the_criteria() -> None:
    bare = PROPOSED.model_copy(
        update={"affected_departments": (), "professions": (), "actor_groups": ()}
    )
    row = board(*stream(f"theme-{THEME}", bare))
    assert (row.cross_cutting_evidence, row.external_actors) == (False, False)
    changed = {"professions": ["gartnere", "pædagoger"], "actor_groups": ["citizen"]}
    refined = REFINED.model_copy(update={"changed": changed})
    row = board(*stream(f"theme-{THEME}", bare, refined))
    assert (row.cross_cutting_evidence, row.external_actors) == (True, True)


def test_whoever_proposed_a_theme_before_is_still_one_of_its_proposers() -> None:
    taken_over = AGAIN.model_copy(update={"proposer_id": person("bo")})
    row = board(*stream(f"theme-{THEME}", PROPOSED, DECLINED, taken_over))
    assert row.proposers == tuple(sorted((person("ada"), person("bo"))))
    assert row.earlier[0].proposer_id == person("ada")


def test_a_theme_whose_proposal_has_not_arrived_has_no_state_yet() -> None:
    assert board(*stream(f"round-{H2}", added(H2))).state is None


def test_the_round_shows_its_themes_in_order() -> None:
    facts = stream(
        f"round-{H2}", OPENED, added(H2), added(H2, OTHER, "Deleøkonomi"), rank(H2, 1, OTHER)
    )
    assert folded(ROUND_OVERVIEW, facts) == {
        H2: RoundOverview(
            half_year=H2,
            opened_on=TODAY,
            discussion_on=date(2013, 12, 10),
            ranking=(OTHER,),
            unranked=(THEME,),
            titles={str(THEME): "Urban farming", str(OTHER): "Deleøkonomi"},
            ranks={str(OTHER): 1},
            themes=2,
        )
    }
    ranked = stream(f"round-{H2}", *(fact.event for fact in facts), rank(H2, 2))
    (row,) = folded(ROUND_OVERVIEW, ranked).values()
    assert (row.ranking, row.unranked) == ((OTHER, THEME), ())


@pytest.mark.parametrize(
    ("facts", "is_qualified"),
    [
        ((PROPOSED,), False),
        ((PROPOSED, QUALIFIED), True),
        ((PROPOSED, DECLINED), False),
        ((PROPOSED, QUALIFIED, SELECTED), True),
        ((PROPOSED, QUALIFIED, SELECTED, TAKEN_UP), True),
        ((PROPOSED, QUALIFIED, SELECTED, TAKEN_UP, CONCLUDED, AGAIN), False),
    ],
)
def test_rounds_know_whether_a_theme_is_qualified(
    facts: tuple[Any, ...], *, is_qualified: bool
) -> None:
    (row,) = folded(KNOWN_THEMES, of_theme(*facts)).values()
    assert row.latest
    assert row.latest.is_qualified == is_qualified


REFINED = ThemeRefined(
    on=TODAY,
    title="Byhaver",
    refined_by=person("ada"),
    by_role="proposer",
    change="Nye ord",
    changed={"title": "Byhaver", "affected_departments": []},
)
WITHDRAWN = ThemeWithdrawn(on=TODAY, **TOLD, reason="Løst", was_selected=False)
THEME_FACTS = st.lists(
    st.sampled_from(
        (
            REFINED,
            WITHDRAWN,
            WANTED,
            INNOVATIVE,
            ALIGNED,
            QUALIFIED,
            SELECTED,
            DECLINED,
            TAKEN_UP,
            CONCLUDED,
            AGAIN,
        )
    ),
    max_size=8,
).map(lambda facts: of_theme(PROPOSED, *facts))


def round_facts(half_year: str) -> st.SearchStrategy[list[Recorded[Any]]]:
    opened = OPENED.model_copy(update={"half_year": half_year})
    themes = (added(half_year), added(half_year, OTHER, "Deleøkonomi"))
    ranks = st.builds(
        lambda theme_id, number: rank(half_year, number, theme_id),
        st.sampled_from((THEME, OTHER)),
        st.integers(1, 5),
    )
    again = st.sampled_from((1, 2)).map(
        lambda number: added(half_year).model_copy(update={"proposal_no": number})
    )
    return st.lists(ranks | again, max_size=5).map(
        lambda told: stream(f"round-{half_year}", opened, *themes, *told)
    )


STREAMS = st.tuples(
    THEME_FACTS,
    st.just(stream(f"theme-{OTHER}", PROPOSED)),
    round_facts(H2),
    round_facts(H1),
)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@for_all(streams=STREAMS, data=st.data())
def test_any_interleaving_of_themes_and_rounds_gives_the_same_rows(
    view: View[Any], streams: tuple[list[Recorded[Any]], ...], data: st.DataObject
) -> None:
    one_after_the_other = [fact for facts in streams for fact in facts]
    turns = [place for place, facts in enumerate(streams) for _ in facts]
    waiting = [iter(facts) for facts in streams]
    interleaved = [next(waiting[turn]) for turn in data.draw(st.permutations(turns))]

    rows = folded(view, interleaved)

    assert rows == folded(view, one_after_the_other)
    written = {key: row.model_dump_json() for key, row in folded(view, one_after_the_other).items()}
    assert {key: row.model_dump_json() for key, row in rows.items()} == written
