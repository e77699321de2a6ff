"""What the template says is sharpened by those who carry the theme at the time (R54)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.themes.domain.known import NetworkCrew
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.proposing import ProposeTheme
from services.themes.domain.theme.qualifying import QualifyTheme
from services.themes.domain.theme.refining import RefineTheme
from services.themes.domain.theme.state import THEME, Proposed
from services.themes.projections.board_fold import THEME_BOARD
from shared.contracts.registry import CODEC
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeDeclined,
    ThemeEvent,
    ThemeNetworkTypeAligned,
    ThemeProposed,
    ThemeQualified,
    ThemeRefined,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import (
    Criterion,
    DemandOrigin,
    Forum,
    NetworkType,
    ThemeDecision,
    ThemeOutcome,
    ThemeState,
    Verdict,
)
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor
from shared.people import Person
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

THEME_ID, NETWORK, UNIT = uuid4(), uuid4(), uuid4()
ADA, CHIEF_ID = person("ada"), person("chief")
PROPOSER = employee("ada")
TOLD: dict[str, Any] = {"title": "Urban farming", "proposer_id": ADA}
PROPOSED = ThemeProposed(
    on=TODAY,
    **TOLD,
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    hypotheses="Naboer vil dyrke sammen",
    demand_origins=(DemandOrigin.BOTTOM_UP,),
)
QUALIFIED = ThemeQualified(on=TODAY, **TOLD, criteria={}, decided_by=(CHIEF_ID,))
ALIGNED = ThemeNetworkTypeAligned(
    on=TODAY,
    network_type=NetworkType.WELFARE,
    intended_difference="Naboskab",
    aligned_by=(CHIEF_ID,),
)
SELECTED = ThemeSelected(
    on=TODAY,
    **TOLD,
    identified_need=PROPOSED.identified_need,
    network_type=NetworkType.WELFARE,
    type_aligned=True,
    decided_by=(CHIEF_ID,),
)
DECLINED = ThemeDeclined(on=TODAY, **TOLD, reason="Ikke nu", decided_by=(CHIEF_ID,))
WITHDRAWN = ThemeWithdrawn(on=TODAY, **TOLD, reason="Løst", was_selected=False)
TAKEN_UP = ThemeTakenUp(on=TODAY, **TOLD, network_id=NETWORK)
CONCLUDED = ThemeConcluded(on=TODAY, **TOLD, network_id=NETWORK, outcome=ThemeOutcome.ADOPTED)
IN_NETWORK = (PROPOSED, QUALIFIED, SELECTED, TAKEN_UP)
CREW = NetworkCrew(
    leader_id=person("leader"),
    co_driver_id=person("driver"),
    reference_leader_id=person("reference"),
)

REFINE = RefineTheme(change="Skærpet med borgerne", identified_need="Fælles grønne rum til alle")
REFINED = ThemeRefined(
    on=TODAY,
    title="Urban farming",
    refined_by=ADA,
    by_role="proposer",
    change="Skærpet med borgerne",
    changed={"identified_need": "Fælles grønne rum til alle"},
)


def by(name: str, by_role: str) -> ThemeRefined:
    return REFINED.model_copy(update={"refined_by": person(name), "by_role": by_role})


# --- who may (P4) -----------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [(PROPOSED,), (PROPOSED, QUALIFIED), IN_NETWORK[:3]])
def test_until_a_network_works_on_it_the_proposer_and_the_secretariat_refine_a_theme(
    facts: tuple[ThemeEvent, ...],
) -> None:
    given(*facts).when(REFINE, by=PROPOSER).then(REFINED)
    given(*facts).when(REFINE, by=SECRETARIAT).then(by("secretary", "secretariat"))


@pytest.mark.parametrize(
    "actor",
    [employee("bo"), employee("leader", "network_leader"), CHIEF, employee("m", "director")],
)
def test_nobody_else_does_before_the_start(actor: Actor) -> None:
    given(PROPOSED).when(REFINE, by=actor).then_refused("not_allowed")


@rule("R54")
@pytest.mark.parametrize(
    ("name", "by_role"),
    [("leader", "leader"), ("driver", "co_driver"), ("reference", "reference_leader")],
)
def test_those_who_carry_the_network_refine_its_theme(name: str, by_role: str) -> None:
    known = given(*IN_NETWORK).knowing(NETWORK, CREW)
    known.when(REFINE, by=employee(name)).then(by(name, by_role))
    known.when(REFINE, by=SECRETARIAT).then(by("secretary", "secretariat"))


@pytest.mark.parametrize(
    "actor",
    [
        PROPOSER,
        employee("participant"),
        employee("another leader", "network_leader"),
        employee("another reference", "reference_leader"),
        CHIEF,
    ],
)
def test_nobody_else_does_while_the_network_works(actor: Actor) -> None:
    known = given(*IN_NETWORK).knowing(NETWORK, CREW)
    known.when(REFINE, by=actor).then_refused("not_allowed")
    given(*IN_NETWORK).when(REFINE, by=employee("leader")).then_refused("not_allowed")


# --- what changes -----------------------------------------------------------------------------


def test_refining_tells_what_is_other_now_and_nothing_the_second_time() -> None:
    more = RefineTheme(
        change="Nye ord",
        title="Byhaver",
        identified_need=PROPOSED.identified_need,
        demand_origins=frozenset({DemandOrigin.TOP_DOWN, DemandOrigin.BOTTOM_UP}),
        affected_departments=frozenset({UNIT}),
        hypotheses=None,
    )
    refined = ThemeRefined(
        on=TODAY,
        title="Byhaver",
        refined_by=ADA,
        by_role="proposer",
        change="Nye ord",
        changed={
            "title": "Byhaver",
            "hypotheses": None,
            "demand_origins": ["bottom_up", "top_down"],
            "affected_departments": [str(UNIT)],
        },
    )
    given(PROPOSED).when(more, by=PROPOSER).then(refined)
    given(PROPOSED, refined).when(more, by=PROPOSER).then_nothing()
    assert CODEC.decode(*CODEC.encode(refined)) == refined


def test_what_is_refined_is_what_the_theme_says_from_then_on() -> None:
    state = THEME.replay((PROPOSED, REFINED))
    assert isinstance(state, Proposed)
    changed = {"identified_need": "Fælles grønne rum til alle"}
    assert state.proposal == PROPOSED.model_copy(update=changed)


def test_a_demand_that_is_found_later_lets_a_theme_be_qualified() -> None:
    nobody = PROPOSED.model_copy(update={"demand_origins": ()})
    met = dict.fromkeys(Criterion, Verdict.MET)
    override = Override(rules=frozenset({"R48"}), reason="Vurderes senere")
    qualify = QualifyTheme(decided_by={CHIEF_ID}, override=override)
    given(nobody).when(qualify, by=CHIEF).then_refused("no_demand_origin", "R45")
    refine = RefineTheme(change="Efterspurgt", demand_origins=frozenset({DemandOrigin.OUTSIDE_IN}))
    outcome = given(nobody).when(refine, by=PROPOSER)
    assert outcome.decision is not None
    assert len(met) == 7
    now = given(nobody, *outcome.decision.events)
    assert now.when(qualify, by=CHIEF).refusal is None


def test_a_selection_tells_what_was_refined_before_it() -> None:
    agenda = RefineTheme(change="Ny dagsorden", strategic_agenda_ref="Grøn by")
    before = (PROPOSED, QUALIFIED, ALIGNED)
    outcome = given(*before).when(agenda, by=PROPOSER)
    assert outcome.decision is not None
    decide = DecideTheme(decision=ThemeDecision.SELECTED, decided_by={CHIEF_ID})
    in_forum = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
    chosen = (
        given(*before, *outcome.decision.events).knowing(CHIEF_ID, in_forum).when(decide, by=CHIEF)
    )
    assert chosen.decision is not None
    (selected,) = chosen.decision.events
    assert isinstance(selected, ThemeSelected)
    assert selected.strategic_agenda_ref == "Grøn by"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ((PROPOSED, DECLINED), "theme_decided"),
        ((PROPOSED, WITHDRAWN), "theme_withdrawn"),
        ((*IN_NETWORK, CONCLUDED), "theme_concluded"),
    ],
)
def test_a_theme_that_is_over_is_not_refined(facts: tuple[ThemeEvent, ...], code: str) -> None:
    given(*facts).when(REFINE, by=SECRETARIAT).then_refused(code)


@pytest.mark.parametrize(
    "fields",
    [
        {"change": "Intet"},
        {"title": "Byhaver"},
        {"change": "Tømt", "title": None},
        {"change": "Tømt", "burning_platform": None},
        {"change": "Løst", "solution": "Højbede"},
    ],
)
def test_a_refinement_says_why_changes_something_and_empties_nothing_that_must_be_there(
    fields: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        RefineTheme.model_validate(fields)


def test_the_same_template_is_filled_in_for_a_proposal_and_a_refinement() -> None:
    own = {"template_version", "inquiry_id"}
    assert set(ProposeTheme.model_fields) - own == set(RefineTheme.model_fields) - {"change"}


# --- what is seen of it -----------------------------------------------------------------------


@rule("R54")
def test_the_board_shows_what_a_theme_says_now_also_while_its_network_works() -> None:
    facts = (*IN_NETWORK, by("leader", "leader"))
    (row,) = folded(
        THEME_BOARD,
        [recorded(each, f"theme-{THEME_ID}", place) for place, each in enumerate(facts, 1)],
    ).values()
    assert row.state is ThemeState.IN_NETWORK
    assert row.identified_need == "Fælles grønne rum til alle"
    assert (row.refined_on, row.refinements, row.last_refinement) == (TODAY, 1, REFINED.change)


def test_the_board_takes_every_field_of_the_template() -> None:
    changed = {"affected_departments": [str(UNIT)], "wished_type": "learning", "hypotheses": None}
    refined = REFINED.model_copy(update={"changed": changed})
    (row,) = folded(
        THEME_BOARD,
        [recorded(PROPOSED, f"theme-{THEME_ID}", 1), recorded(refined, f"theme-{THEME_ID}", 2)],
    ).values()
    assert row.affected_departments == (UUID(str(UNIT)),)
    assert row.wished_type is NetworkType.LEARNING
    assert row.hypotheses is None
