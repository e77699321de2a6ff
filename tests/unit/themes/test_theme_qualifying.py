"""The seven criteria are assessed, and the chief forum qualifies what meets them."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.qualifying import (
    AlignThemeNetworkType,
    AssessTheme,
    QualifyTheme,
)
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeCriterionAssessed,
    ThemeDeclined,
    ThemeNetworkTypeAligned,
    ThemeProposed,
    ThemeQualified,
    ThemeSelected,
    ThemeTakenUp,
)
from shared.contracts.vocabulary import (
    ActorGroup,
    Criterion,
    DemandOrigin,
    Forum,
    NetworkType,
    ThemeDecision,
    ThemeOutcome,
    Verdict,
)
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, person, rule
from shared.testing.kit import NS3, Given

CHIEF_ID, NETWORK = person("chief"), uuid4()
IN_FORUM = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
CRITERIA_ROWS = ["R57", "R58", "R59", "R60", "R61", "R62", "R63"]
BARE = ThemeProposed(
    on=TODAY,
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    title="Urban farming",
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(),
)
PROPOSED = BARE.model_copy(
    update={
        "demand_origins": (DemandOrigin.BOTTOM_UP,),
        "professions": ("gartnere", "pædagoger"),
        "actor_groups": (ActorGroup.CITIZEN,),
        "strategic_agenda_ref": "Grøn by",
    }
)
TOLD = {"title": "Urban farming", "proposer_id": person("ada")}
SELECTED = ThemeSelected(
    on=TODAY,
    **TOLD,
    identified_need="Fælles grønne rum",
    network_type=NetworkType.WELFARE,
    type_aligned=False,
    decided_by=(CHIEF_ID,),
)
DECLINED = ThemeDeclined(on=TODAY, **TOLD, reason="Ikke nu", decided_by=(CHIEF_ID,))
TAKEN_UP = ThemeTakenUp(on=TODAY, network_id=NETWORK, **TOLD)
CONCLUDED = ThemeConcluded(on=TODAY, network_id=NETWORK, outcome=ThemeOutcome.NOT_ADOPTED, **TOLD)
OVERRIDE_REASON = "Borgmesteren venter på det"
NOT_ALLOWED = [
    pytest.param(employee("ada"), id="proposer"),
    pytest.param(employee("leader", "network_leader"), id="network leader"),
    pytest.param(employee("reference", "reference_leader"), id="reference leader"),
    pytest.param(employee("manager", "line_manager"), id="line manager"),
    pytest.param(employee("director", "municipal_director"), id="municipal director as such"),
    pytest.param(Actor(person_id=person("r"), roles=frozenset({"reporter"})), id="reporter"),
    pytest.param(Actor(name="it", roles=frozenset({"integrator"})), id="integrator"),
]
DECIDED = [
    pytest.param((SELECTED,), "theme_decided", "R67", id="selected"),
    pytest.param((DECLINED,), "theme_decided", "R67", id="declined"),
    pytest.param((SELECTED, TAKEN_UP), "theme_decided", "R67", id="in a network"),
    pytest.param((SELECTED, TAKEN_UP, CONCLUDED), "theme_concluded", "R68", id="concluded"),
]


def assessed(
    criterion: Criterion, verdict: Verdict = Verdict.MET, **more: Any
) -> ThemeCriterionAssessed:
    return ThemeCriterionAssessed(
        on=TODAY, criterion=criterion, verdict=verdict, rationale="Fordi", **more
    )


def assessing(criterion: str, verdict: str = "met", **more: Any) -> AssessTheme:
    one = {"criterion": criterion, "verdict": verdict, "rationale": "Fordi"}
    return AssessTheme.model_validate({"assessments": [one], **more})


ALL_MET = tuple(assessed(each) for each in Criterion)
QUALIFY = QualifyTheme(decided_by={CHIEF_ID})
QUALIFIED = ThemeQualified(
    on=TODAY,
    **TOLD,
    criteria=dict.fromkeys(Criterion, Verdict.MET),
    strategic_agenda_ref="Grøn by",
    decided_by=(CHIEF_ID,),
)
ALIGN = AlignThemeNetworkType(
    network_type=NetworkType.WELFARE, intended_difference="Naboskab", aligned_by={CHIEF_ID}
)
ALIGNED = ThemeNetworkTypeAligned(
    on=TODAY,
    network_type=NetworkType.WELFARE,
    intended_difference="Naboskab",
    aligned_by=(CHIEF_ID,),
)


def forum(*facts: Any) -> Given:
    return given(*facts).knowing(CHIEF_ID, IN_FORUM)


def overriding(*rules: str) -> QualifyTheme:
    override = Override(rules=frozenset(rules), reason=OVERRIDE_REASON)
    return QUALIFY.model_copy(update={"override": override})


# --- assessing --------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [CHIEF, SECRETARIAT])
def test_a_criterion_is_assessed_with_a_rationale(by: Actor) -> None:
    complexity = assessed(Criterion.COMPLEXITY, Verdict.PARTLY)
    given(PROPOSED).when(assessing("complexity", "partly"), by=by).then(complexity).then_warned()


def test_the_whole_matrix_is_filled_in_at_once_and_only_changes_are_told() -> None:
    matrix = AssessTheme.model_validate(
        {
            "assessments": [
                {"criterion": each.value, "verdict": "met", "rationale": "Fordi"}
                for each in Criterion
            ],
            "demand_top": True,
            "demand_bottom": True,
            "economic_potential": "Et vist",
            "economic_amount_ore": 10_000_000,
        }
    )
    wanted = assessed(Criterion.CURRENT_AND_WANTED, demand_top=True, demand_bottom=True)
    innovation = assessed(
        Criterion.INNOVATION, economic_potential="Et vist", economic_amount_ore=10_000_000
    )
    others = {Criterion.CURRENT_AND_WANTED: wanted, Criterion.INNOVATION: innovation}
    facts = [others.get(each.criterion, each) for each in ALL_MET]

    given(PROPOSED).when(matrix).then(*facts).then_warned()
    given(PROPOSED, *facts).when(matrix).then_nothing()
    given(PROPOSED, *ALL_MET).when(matrix).then(wanted, innovation)


def test_the_same_assessment_twice_is_one() -> None:
    given(PROPOSED, assessed(Criterion.COMPLEXITY)).when(assessing("complexity")).then_nothing()


def test_a_qualified_theme_may_be_assessed_anew() -> None:
    given(PROPOSED, *ALL_MET, QUALIFIED).when(assessing("complexity", "not")).then(
        assessed(Criterion.COMPLEXITY, Verdict.NOT)
    )


@rule("R64")
def test_there_are_seven_criteria_and_nothing_else_is_assessed() -> None:
    assert len(Criterion) == 7
    assert [each.value for each in Criterion] == list(NS3.themes.criteria)
    with pytest.raises(ValidationError, match="criterion"):
        assessing("popularity")


@pytest.mark.parametrize(
    "malformed",
    [
        {"assessments": []},
        {"assessments": [{"criterion": "complexity", "verdict": "met"}]},
        {"assessments": [{"criterion": "complexity", "verdict": "maybe", "rationale": "x"}]},
        {"assessments": [{"criterion": "complexity", "verdict": "met", "rationale": "x"}] * 2},
        {
            "assessments": [{"criterion": "complexity", "verdict": "met", "rationale": "x"}],
            "demand_top": True,
        },
        {
            "assessments": [{"criterion": "complexity", "verdict": "met", "rationale": "x"}],
            "economic_amount_ore": 100,
        },
    ],
)
def test_an_assessment_that_does_not_fit_together_is_malformed(malformed: Any) -> None:
    with pytest.raises(ValidationError):
        AssessTheme.model_validate(malformed)


@pytest.mark.parametrize(("since", "code", "row"), DECIDED)
def test_nothing_is_assessed_after_the_decision(
    since: tuple[Any, ...], code: str, row: str
) -> None:
    given(PROPOSED, *since).when(assessing("complexity")).then_refused(code, row)


def test_demand_from_one_side_is_only_remarked_on() -> None:
    one_sided = assessing("current_and_wanted", demand_top=True, demand_bottom=False)
    given(PROPOSED).when(one_sided).then_warned("demand_one_sided")
    both = assessing("current_and_wanted", demand_top=True, demand_bottom=True)
    given(PROPOSED).when(both).then_warned()
    given(PROPOSED).when(assessing("current_and_wanted", "not")).then_warned()


def test_a_cross_cutting_theme_touches_two_departments_or_professions() -> None:
    crossing = assessing("cross_cutting")
    given(BARE).when(crossing).then_warned("cross_cutting_without_evidence")
    two_units = BARE.model_copy(update={"affected_departments": (uuid4(), uuid4())})
    given(two_units).when(crossing).then_warned()
    given(PROPOSED).when(crossing).then_warned()


@pytest.mark.parametrize("own", [(), (ActorGroup.EMPLOYEE, ActorGroup.POLITICIAN)])
def test_new_perspectives_come_from_outside(own: tuple[ActorGroup, ...]) -> None:
    inward = PROPOSED.model_copy(update={"actor_groups": own})
    given(inward).when(assessing("new_perspectives")).then_warned("no_external_actor_group")
    given(PROPOSED).when(assessing("new_perspectives")).then_warned()


@pytest.mark.parametrize("by", NOT_ALLOWED)
def test_only_the_chief_forum_and_the_secretariat_assess_and_align(by: Actor) -> None:
    given(PROPOSED).when(assessing("complexity"), by=by).then_refused("not_allowed")
    given(PROPOSED).when(ALIGN, by=by).then_refused("not_allowed")


# --- the network type -------------------------------------------------------------------------


@pytest.mark.parametrize("by", [CHIEF, SECRETARIAT])
def test_the_network_type_is_aligned_with_the_difference_one_wants(by: Actor) -> None:
    forum(PROPOSED).when(ALIGN, by=by).then(ALIGNED).then_warned()
    forum(PROPOSED, *ALL_MET, QUALIFIED).when(ALIGN, by=by).then(ALIGNED)


def test_the_same_alignment_twice_is_one_and_another_replaces_it() -> None:
    forum(PROPOSED, ALIGNED).when(ALIGN).then_nothing()
    learning = ALIGN.model_copy(update={"network_type": NetworkType.LEARNING})
    forum(PROPOSED, ALIGNED).when(learning).then(
        ALIGNED.model_copy(update={"network_type": NetworkType.LEARNING})
    )


@rule("R69")
def test_there_are_three_network_types_and_nothing_else_is_aligned() -> None:
    assert [each.value for each in NetworkType] == ["learning", "welfare", "innovation"]
    with pytest.raises(ValidationError, match="network_type"):
        AlignThemeNetworkType.model_validate(
            {"network_type": "club", "intended_difference": "x", "aligned_by": [CHIEF_ID]}
        )


@pytest.mark.parametrize("missing", ["network_type", "intended_difference", "aligned_by"])
def test_type_difference_and_those_who_agreed_are_all_asked_for(missing: str) -> None:
    said = ALIGN.model_dump(mode="json", exclude={missing}, exclude_none=True)
    with pytest.raises(ValidationError, match=missing):
        AlignThemeNetworkType.model_validate(said)


@pytest.mark.parametrize(("since", "code", "row"), DECIDED)
def test_nothing_is_aligned_after_the_decision(since: tuple[Any, ...], code: str, row: str) -> None:
    given(PROPOSED, *since).when(ALIGN).then_refused(code, row)


def test_the_chief_forum_agrees_on_the_type_and_not_the_secretariat_alone() -> None:
    given(PROPOSED).when(ALIGN, by=SECRETARIAT).then_refused("no_known_decider", "R200")
    given(PROPOSED).when(ALIGN, by=CHIEF).then(ALIGNED).then_warned("not_in_chief_forum")
    own = ALIGN.model_copy(update={"aligned_by": frozenset({CHIEF_ID, person("secretary")})})
    forum(PROPOSED).when(own, by=SECRETARIAT).then_refused("observer_cannot_decide", "R201")


@rule("R200")
def test_who_is_known_as_no_member_agrees_on_no_type_unless_the_forum_sets_that_aside() -> None:
    stranger = given(PROPOSED).knowing(CHIEF_ID, Person(person_id=CHIEF_ID))
    override = Override(rules=frozenset({"R200"}), reason=OVERRIDE_REASON)
    set_aside = ALIGN.model_copy(update={"override": override})

    stranger.when(ALIGN, by=CHIEF).then_refused("decider_not_in_chief_forum", "R200")
    stranger.when(set_aside, by=CHIEF).then(ALIGNED).then_overrode("R200")
    stranger.when(set_aside, by=SECRETARIAT).then_refused("override_not_allowed", "R200")


# --- qualifying -------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [CHIEF, SECRETARIAT])
def test_the_chief_forum_qualifies_a_theme_that_meets_the_criteria(by: Actor) -> None:
    forum(PROPOSED, *ALL_MET).when(QUALIFY, by=by).then(QUALIFIED).then_warned()


def test_a_theme_is_qualified_once_and_again_when_something_else_is_found() -> None:
    forum(PROPOSED, *ALL_MET, QUALIFIED).when(QUALIFY).then_nothing()
    partly = assessed(Criterion.COMPLEXITY, Verdict.PARTLY)
    criteria = {**QUALIFIED.criteria, Criterion.COMPLEXITY: Verdict.PARTLY}
    forum(PROPOSED, *ALL_MET, QUALIFIED, partly).when(QUALIFY).then(
        QUALIFIED.model_copy(update={"criteria": criteria})
    )


def test_the_agenda_is_named_at_the_latest_when_the_theme_is_qualified() -> None:
    without = PROPOSED.model_copy(update={"strategic_agenda_ref": None})
    no_agenda = QUALIFIED.model_copy(update={"strategic_agenda_ref": None})
    forum(without, *ALL_MET).when(QUALIFY).then(no_agenda).then_warned("no_strategic_agenda")

    naming = QUALIFY.model_copy(update={"strategic_agenda_ref": "Grøn by"})
    forum(without, *ALL_MET).when(naming).then(QUALIFIED).then_warned()
    forum(without, *ALL_MET, no_agenda).when(naming).then(QUALIFIED)
    forum(without, *ALL_MET, QUALIFIED).when(QUALIFY).then_nothing()


def test_a_theme_that_nobody_asks_for_is_not_qualified() -> None:
    forum(BARE, *ALL_MET).when(QUALIFY, by=CHIEF).then_refused("no_demand_origin", "R45")


@rule("R45")
def test_how_many_sides_must_ask_for_a_theme_is_policy() -> None:
    themes = NS3.themes.model_copy(update={"demand_origins_min": 2})
    stricter = NS3.model_copy(update={"themes": themes})
    facts = forum(PROPOSED, *ALL_MET)
    facts.under(stricter).when(QUALIFY).then_refused("no_demand_origin", "R45")


def test_the_secretary_who_records_it_does_not_decide_it() -> None:
    own = QualifyTheme(decided_by={person("secretary")})
    forum(PROPOSED, *ALL_MET).when(own).then_refused("observer_cannot_decide", "R201")
    with pytest.raises(ValidationError, match="decided_by"):
        QualifyTheme(decided_by=frozenset())


def test_somebody_not_known_in_the_forum_is_only_remarked_on() -> None:
    given(PROPOSED, *ALL_MET).when(QUALIFY, by=CHIEF).then_warned("not_in_chief_forum")


@pytest.mark.parametrize(("since", "code", "row"), DECIDED)
def test_nothing_is_qualified_after_the_decision(
    since: tuple[Any, ...], code: str, row: str
) -> None:
    forum(PROPOSED, *ALL_MET, *since).when(QUALIFY).then_refused(code, row)


@pytest.mark.parametrize("by", NOT_ALLOWED)
def test_only_the_chief_forum_qualifies(by: Actor) -> None:
    forum(PROPOSED, *ALL_MET).when(QUALIFY, by=by).then_refused("not_allowed")


def test_all_seven_criteria_are_assessed_first_unless_the_forum_sets_that_aside() -> None:
    some = forum(PROPOSED, *ALL_MET[:5])
    some.when(QUALIFY, by=CHIEF).then_refused("criteria_not_assessed", "R48")

    first_five = dict.fromkeys(list(Criterion)[:5], Verdict.MET)
    fewer = QUALIFIED.model_copy(update={"criteria": first_five})
    some.when(overriding("R48"), by=CHIEF).then(fewer).then_overrode("R48")
    some.when(overriding("R48"), by=SECRETARIAT).then(fewer).then_overrode("R48")


@pytest.mark.parametrize(("criterion", "row"), list(zip(Criterion, CRITERIA_ROWS, strict=True)))
def test_each_criterion_is_met_unless_the_forum_sets_that_aside(
    criterion: Criterion, row: str
) -> None:
    facts = (PROPOSED, *ALL_MET, assessed(criterion, Verdict.NOT))
    forum(*facts).when(QUALIFY, by=CHIEF).then_refused("criterion_unmet", row)

    unmet = {**QUALIFIED.criteria, criterion: Verdict.NOT}
    qualified = QUALIFIED.model_copy(update={"criteria": unmet})
    forum(*facts).when(overriding(row), by=CHIEF).then(qualified).then_overrode(row)
    forum(*facts).when(overriding(row), by=SECRETARIAT).then(qualified).then_overrode(row)
    # The secretariat alone, with nobody of the forum known to stand behind it, may not.
    given(*facts).when(overriding(row), by=SECRETARIAT).then_refused("override_not_allowed", row)


def test_the_secretariat_alone_leaves_no_criterion_unassessed() -> None:
    some = given(PROPOSED, *ALL_MET[:5])
    some.when(overriding("R48"), by=SECRETARIAT).then_refused("override_not_allowed", "R48")


def test_all_that_stands_in_the_way_is_said_at_once() -> None:
    weak = forum(
        PROPOSED,
        assessed(Criterion.COMPLEXITY, Verdict.NOT),
        assessed(Criterion.NEW_LEARNING, Verdict.NOT),
    )
    refused = weak.when(QUALIFY, by=CHIEF).then_refused("criteria_not_assessed", "R48").refusal
    assert refused is not None
    assert [each.rule for each in (refused, *refused.others)] == ["R48", "R60", "R61"]
    assert all(each.overridable for each in (refused, *refused.others))


def test_a_criterion_that_is_partly_met_stands_in_nobodys_way() -> None:
    partly = tuple(assessed(each, Verdict.PARTLY) for each in Criterion)
    forum(PROPOSED, *partly).when(QUALIFY, by=CHIEF).then(
        QUALIFIED.model_copy(update={"criteria": dict.fromkeys(Criterion, Verdict.PARTLY)})
    )


def test_whether_all_criteria_must_be_met_is_policy() -> None:
    themes = NS3.themes.model_copy(update={"require_all_criteria": False})
    facts = forum(PROPOSED, *ALL_MET, assessed(Criterion.COMPLEXITY, Verdict.NOT))
    unmet = {**QUALIFIED.criteria, Criterion.COMPLEXITY: Verdict.NOT}
    facts.under(NS3.model_copy(update={"themes": themes})).when(QUALIFY, by=CHIEF).then(
        QUALIFIED.model_copy(update={"criteria": unmet})
    )


# --- what stays, and what the template shows ----------------------------------------------------


@rule("R58", "R62")
def test_what_is_not_given_when_a_criterion_is_assessed_anew_stays_as_it_was() -> None:
    worth: dict[str, Any] = {"economic_potential": "Stort", "economic_amount_ore": 100}
    innovative = assessed(Criterion.INNOVATION, **worth)
    wanted = assessed(Criterion.CURRENT_AND_WANTED, demand_top=True, demand_bottom=True)
    before = given(PROPOSED, innovative, wanted)
    partly = assessed(Criterion.INNOVATION, Verdict.PARTLY, **worth)
    before.when(assessing("innovation", "partly")).then(partly)
    without = partly.model_copy(update={"economic_amount_ore": None})
    before.when(assessing("innovation", "partly", economic_amount_ore=None)).then(without)
    still = wanted.model_copy(update={"verdict": Verdict.PARTLY})
    before.when(assessing("current_and_wanted", "partly")).then(still).then_warned()


def test_qualifying_remarks_on_what_the_template_does_not_show_any_more() -> None:
    bare = PROPOSED.model_copy(update={"professions": (), "actor_groups": ()})
    remarks = ("cross_cutting_without_evidence", "no_external_actor_group")
    forum(bare, *ALL_MET).when(QUALIFY, by=CHIEF).then_warned(*remarks)
    select = DecideTheme(decision=ThemeDecision.SELECTED, decided_by={CHIEF_ID})
    qualified = forum(bare, *ALL_MET, ALIGNED, QUALIFIED)
    qualified.when(select, by=CHIEF).then_warned(*remarks, "outside_round", "not_prioritised")
