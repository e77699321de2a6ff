"""The rules of themes that are words and numbers: what may be said, and what the policy changes."""

import pytest
from pydantic import ValidationError

from services.themes.domain.theme.proposing import ProposeTheme
from services.themes.domain.theme.qualifying import (
    AlignThemeNetworkType,
    AssessTheme,
    QualifyTheme,
)
from shared.contracts.themes import (
    ThemeCriterionAssessed,
    ThemeNetworkTypeAligned,
    ThemeProposed,
    ThemeQualified,
)
from shared.contracts.vocabulary import (
    ActorGroup,
    Criterion,
    DemandOrigin,
    Forum,
    NetworkType,
    Verdict,
)
from shared.people import Person
from shared.testing import CHIEF, TODAY, employee, given, person, rule
from shared.testing.kit import NS3

CHIEF_ID = person("chief")
IN_CHIEF_FORUM = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
PROPOSED = ThemeProposed(
    on=TODAY,
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    title="Frivillighed i plejen",
    identified_need="For få hænder",
    burning_platform="Ventetiden vokser",
    network_potential="Kræver pleje, kultur og foreninger",
    demand_origins=(DemandOrigin.BOTTOM_UP,),
    professions=("sosu", "pædagoger"),
    actor_groups=(ActorGroup.ASSOCIATION,),
    strategic_agenda_ref="Velfærd 2015",
)
TEMPLATE = ProposeTheme(
    template_version=1,
    title="Frivillighed i plejen",
    identified_need="For få hænder",
    burning_platform="Ventetiden vokser",
    network_potential="Kræver pleje, kultur og foreninger",
)
QUALIFY = QualifyTheme(decided_by=frozenset({CHIEF_ID}))
IN_ORDER = (
    "welfare_or_quality",
    "current_and_wanted",
    "cross_cutting",
    "complexity",
    "new_learning",
    "innovation",
    "new_perspectives",
)


def met(criterion: Criterion) -> ThemeCriterionAssessed:
    return ThemeCriterionAssessed(
        on=TODAY, criterion=criterion, verdict=Verdict.MET, rationale="Fordi"
    )


def assessing(*criteria: str) -> AssessTheme:
    return AssessTheme.model_validate(
        {
            "assessments": [
                {"criterion": each, "verdict": "met", "rationale": "Fordi"} for each in criteria
            ]
        }
    )


@rule("R45")
def test_a_theme_is_asked_for_from_three_sides_in_their_order_and_from_no_fourth() -> None:
    assert tuple(DemandOrigin) == ("bottom_up", "outside_in", "top_down")
    with pytest.raises(ValidationError):
        ProposeTheme.model_validate({"template_version": 1, "demand_origins": ["sideways"]})


@rule("R64")
def test_a_theme_is_measured_on_seven_criteria_in_their_order_and_on_no_eighth() -> None:
    assert tuple(Criterion) == IN_ORDER
    given(PROPOSED).when(assessing(*IN_ORDER), by=CHIEF).then(*map(met, Criterion))
    with pytest.raises(ValidationError, match="criterion"):
        assessing("economy")

    backwards = given(PROPOSED, *map(met, reversed(Criterion))).knowing(CHIEF_ID, IN_CHIEF_FORUM)
    decision = backwards.when(QUALIFY, by=CHIEF).decision
    assert decision is not None
    (qualified,) = decision.events
    assert isinstance(qualified, ThemeQualified)
    assert tuple(qualified.criteria) == IN_ORDER


@rule("R64")
@pytest.mark.parametrize("left_out", Criterion)
def test_the_criteria_that_a_theme_must_be_measured_on_are_policy(left_out: Criterion) -> None:
    six = given(PROPOSED, *(met(each) for each in Criterion if each is not left_out))
    asked = tuple(each for each in NS3.themes.criteria if each != left_out)
    themes = NS3.themes.model_copy(update={"criteria": asked})

    six.when(QUALIFY, by=CHIEF).then_refused("criteria_not_assessed", "R48")
    outcome = six.under(NS3.model_copy(update={"themes": themes})).when(QUALIFY, by=CHIEF)
    assert outcome.refusal is None


@rule("R69")
def test_a_theme_is_meant_for_one_of_three_network_types_and_no_fourth() -> None:
    assert [each.value for each in NetworkType] == ["learning", "welfare", "innovation"]
    for network_type in NetworkType:
        align = AlignThemeNetworkType(
            network_type=network_type,
            intended_difference="Flere hænder",
            aligned_by=frozenset({CHIEF_ID}),
        )
        given(PROPOSED).when(align, by=CHIEF).then(
            ThemeNetworkTypeAligned(
                on=TODAY,
                network_type=network_type,
                intended_difference="Flere hænder",
                aligned_by=(CHIEF_ID,),
            )
        )
    with pytest.raises(ValidationError, match="learning', 'welfare' or 'innovation"):
        AlignThemeNetworkType.model_validate({"network_type": "sparring"})
    with pytest.raises(ValidationError, match="wished_type"):
        ProposeTheme.model_validate({"template_version": 1, "wished_type": "sparring"})


@rule("R9")
@pytest.mark.parametrize("group", ActorGroup)
def test_a_perspective_is_new_when_it_comes_from_outside_the_municipality(
    group: ActorGroup,
) -> None:
    own = group in {ActorGroup.EMPLOYEE, ActorGroup.POLITICIAN}
    theme = given(PROPOSED.model_copy(update={"actor_groups": (group,)}))

    theme.when(assessing("new_perspectives"), by=CHIEF).then_warned(
        *(["no_external_actor_group"] if own else [])
    )


@rule("R9")
def test_actor_groups_are_nine_and_a_tenth_is_none() -> None:
    assert len(ActorGroup) == 9
    every = TEMPLATE.model_copy(update={"actor_groups": frozenset(ActorGroup)})
    decision = given().when(every, by=employee("ada")).decision
    assert decision is not None
    (proposed,) = decision.events
    assert isinstance(proposed, ThemeProposed)
    assert proposed.actor_groups == tuple(ActorGroup)
    with pytest.raises(ValidationError, match="actor_groups"):
        ProposeTheme.model_validate({"template_version": 1, "actor_groups": ["robot"]})


@rule("R6")
@pytest.mark.parametrize("forum", Forum)
def test_of_all_forums_only_the_chief_forum_decides_and_a_director_sits_in_it(
    forum: Forum,
) -> None:
    decides = forum in {Forum.CHIEFS, Forum.DIRECTORS}
    member = Person(person_id=CHIEF_ID, forums=frozenset({forum}))
    ready = given(PROPOSED, *map(met, Criterion)).knowing(CHIEF_ID, member)

    decided = ready.when(QUALIFY, by=CHIEF)
    if decides:
        decided.then_warned()
    else:
        decided.then_refused("decider_not_in_chief_forum", "R200")


@rule("R20")
def test_whoever_decides_has_the_role_and_the_directory_says_who_sits_in_the_forum() -> None:
    ready = given(PROPOSED, *map(met, Criterion))
    left = IN_CHIEF_FORUM.model_copy(update={"forums": frozenset({Forum.LEADERS})})

    ready.when(QUALIFY, by=employee("chief")).then_refused("not_allowed")
    ready.knowing(CHIEF_ID, IN_CHIEF_FORUM).when(QUALIFY, by=CHIEF).then_warned()
    gone = ready.knowing(CHIEF_ID, left)
    gone.when(QUALIFY, by=CHIEF).then_refused("decider_not_in_chief_forum", "R200")
    ready.when(QUALIFY, by=CHIEF).then_warned("not_in_chief_forum")


@rule("R60")
def test_the_template_has_a_place_for_hypotheses_and_none_for_a_solution() -> None:
    guessed = TEMPLATE.model_copy(update={"hypotheses": "Måske en fælles frivilligcentral"})
    decision = given().when(guessed, by=employee("ada")).decision
    assert decision is not None
    assert not any("solution" in name for name in ProposeTheme.model_fields)
    with pytest.raises(ValidationError, match="solution"):
        ProposeTheme.model_validate({"template_version": 1, "solution": "En central"})


@rule("R48")
def test_criteria_that_are_not_asked_for_need_not_be_met_to_qualify() -> None:
    unmet = met(Criterion.COMPLEXITY).model_copy(update={"verdict": Verdict.NOT})
    facts = given(PROPOSED, *(met(each) for each in Criterion if each != "complexity"), unmet)
    asked = tuple(each for each in NS3.themes.criteria if each != "complexity")
    themes = NS3.themes.model_copy(update={"criteria": asked})

    facts.when(QUALIFY, by=CHIEF).then_refused("criterion_unmet", "R60")
    outcome = facts.under(NS3.model_copy(update={"themes": themes})).when(QUALIFY, by=CHIEF)
    assert outcome.refusal is None
