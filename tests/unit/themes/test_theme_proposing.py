"""A theme begins as a filled-in template, from anybody, at any time of the year."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.themes.domain.inquiry.state import INQUIRIES
from services.themes.domain.theme.proposing import ProposeTheme, ProposeThemeAgain
from shared.contracts.registry import CODEC
from shared.contracts.themes import (
    IdeaSubmitted,
    InquiryRegistered,
    ThemeConcluded,
    ThemeDeclined,
    ThemeProposed,
    ThemeSelected,
    ThemeTakenUp,
)
from shared.contracts.vocabulary import (
    ActorGroup,
    DemandOrigin,
    IdeaChannel,
    InquiryKind,
    NetworkType,
    TemplateField,
    ThemeOutcome,
)
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, person, rule

ADA, BO = employee("ada"), employee("bo")
FIRST_UNIT, SECOND_UNIT = sorted((uuid4(), uuid4()))
NETWORK = uuid4()
TEMPLATE: dict[str, Any] = {
    "template_version": 1,
    "title": "Urban farming",
    "identified_need": "Borgerne efterspørger fælles grønne rum",
    "burning_platform": "Arealerne ligger tomme hen",
    "network_potential": "Kræver flere afdelinger og borgerne selv",
    "previous_attempts": "Et projekt i 2011 uden held",
}
PROPOSE = ProposeTheme(**TEMPLATE)
PROPOSED = ThemeProposed(
    on=TODAY, proposer_id=person("ada"), proposal_no=1, demand_origins=(), **TEMPLATE
)
DECLINED = ThemeDeclined(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    reason="Ikke nu",
    decided_by=(person("chief"),),
)
SELECTED = ThemeSelected(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    identified_need="Borgerne efterspørger fælles grønne rum",
    network_type=NetworkType.WELFARE,
    type_aligned=False,
    decided_by=(person("chief"),),
)
TAKEN_UP = ThemeTakenUp(
    on=TODAY, network_id=NETWORK, title="Urban farming", proposer_id=person("ada")
)
CONCLUDED = ThemeConcluded(
    on=TODAY,
    network_id=NETWORK,
    outcome=ThemeOutcome.ADOPTED,
    title="Urban farming",
    proposer_id=person("ada"),
)

IDEA = IdeaSubmitted(
    on=TODAY,
    channel=IdeaChannel.INTRANET_FORM,
    title="Byhaver",
    person_id=person("ada"),
    text_note=uuid4(),
)
QUESTION = InquiryRegistered(
    on=TODAY,
    kind=InquiryKind.INFORMATION,
    channel=IdeaChannel.INTRANET_FORM,
    title="Hvornår er næste runde?",
    person_id=person("ada"),
    text_note=uuid4(),
)


def without(*names: str) -> ProposeTheme:
    return ProposeTheme(**{name: said for name, said in TEMPLATE.items() if name not in names})


def test_an_employee_proposes_a_theme() -> None:
    given().when(PROPOSE, by=ADA).then(PROPOSED).then_warned()


def test_a_proposal_says_all_that_the_template_said_in_a_steady_order() -> None:
    full = ProposeTheme(
        **TEMPLATE,
        hypotheses="Måske bygger fælles haver naboskab",
        demand_origins={DemandOrigin.TOP_DOWN, DemandOrigin.BOTTOM_UP},
        affected_departments={SECOND_UNIT, FIRST_UNIT},
        professions={"pædagoger", "gartnere"},
        actor_groups={ActorGroup.ASSOCIATION, ActorGroup.CITIZEN},
        strategic_agenda_ref="Grøn by",
        wished_type=NetworkType.INNOVATION,
        inquiry_id=NETWORK,
        case_reference="2013-117",
        kle="01.05",
    )
    given().besides(INQUIRIES, str(NETWORK), IDEA).when(full, by=ADA).then(
        ThemeProposed(
            on=TODAY,
            proposer_id=person("ada"),
            proposal_no=1,
            **TEMPLATE,
            hypotheses="Måske bygger fælles haver naboskab",
            demand_origins=(DemandOrigin.BOTTOM_UP, DemandOrigin.TOP_DOWN),
            affected_departments=(FIRST_UNIT, SECOND_UNIT),
            professions=("gartnere", "pædagoger"),
            actor_groups=(ActorGroup.CITIZEN, ActorGroup.ASSOCIATION),
            strategic_agenda_ref="Grøn by",
            wished_type=NetworkType.INNOVATION,
            inquiry_id=NETWORK,
            case_reference="2013-117",
            kle="01.05",
        )
    )


@rule("R47")
@pytest.mark.parametrize("month", [1, 6, 7, 12])
def test_a_theme_is_proposed_at_any_time_of_the_year(month: int) -> None:
    now = datetime(2014, month, 15, 12, 0, tzinfo=UTC)
    proposed = PROPOSED.model_copy(update={"on": date(2014, month, 15)})
    given().at(now).when(PROPOSE, by=ADA).then(proposed)


def test_the_secretariat_proposes_on_behalf_of_somebody() -> None:
    on_behalf = PROPOSE.model_copy(update={"on_behalf_of": person("ada")})
    given().when(on_behalf, by=SECRETARIAT).then(PROPOSED)
    given().when(on_behalf, by=BO).then_refused("not_allowed")


def test_no_one_proposes_without_a_person_to_tell_of_the_decision() -> None:
    machine = Actor(name="form", roles=frozenset({"secretariat"}))
    given().when(PROPOSE, by=machine).then_refused("not_allowed")


@pytest.mark.parametrize("as_role", ["participant", "reporter", "integrator"])
def test_those_outside_the_municipality_do_not_propose_themselves(as_role: str) -> None:
    stranger = Actor(person_id=person("stranger"), roles=frozenset({as_role}))
    given().when(PROPOSE, by=stranger).then_refused("not_allowed")


@pytest.mark.parametrize(
    ("missing", "row"),
    [
        ("title", "R40"),
        ("identified_need", "R44"),
        ("burning_platform", "R49"),
        ("network_potential", "R49"),
    ],
)
def test_a_template_with_a_hole_is_refused(missing: str, row: str) -> None:
    given().when(without(missing), by=ADA).then_refused("template_field_missing", row)


def test_all_that_is_missing_is_said_at_once() -> None:
    refusal = given().when(without("title", "burning_platform"), by=ADA).refusal
    assert refusal is not None
    said = [each.facts["field"] for each in (refusal, *refusal.others)]
    assert said == [TemplateField.TITLE, TemplateField.BURNING_PLATFORM]


@pytest.mark.parametrize("version", [0, 2])
def test_a_template_that_does_not_exist_is_refused(version: int) -> None:
    unknown = PROPOSE.model_copy(update={"template_version": version})
    given().when(unknown, by=ADA).then_refused("template_version_unknown", "R52")


def test_that_nothing_was_tried_before_is_only_remarked_on() -> None:
    given().when(without("previous_attempts"), by=ADA).then_warned("no_previous_attempts")


def test_the_same_proposal_twice_is_one() -> None:
    given(PROPOSED).when(ProposeThemeAgain(**TEMPLATE), by=ADA).then_nothing()
    given(PROPOSED).when(PROPOSE, by=ADA).then_nothing()


@pytest.mark.parametrize("since", [(), (SELECTED,), (SELECTED, TAKEN_UP)])
def test_a_theme_that_is_not_over_is_not_proposed_again(since: tuple[Any, ...]) -> None:
    again = ProposeThemeAgain(**{**TEMPLATE, "title": "Byhaver"})
    given(PROPOSED, *since).when(again, by=ADA).then_refused("theme_still_open", "R40")


@pytest.mark.parametrize("since", [(DECLINED,), (SELECTED, TAKEN_UP, CONCLUDED)])
def test_a_theme_that_is_over_is_proposed_again_under_its_id(since: tuple[Any, ...]) -> None:
    again = PROPOSED.model_copy(update={"proposal_no": 2})
    given(PROPOSED, *since).when(ProposeThemeAgain(**TEMPLATE), by=ADA).then(again)


def test_nobody_takes_a_theme_from_its_proposer_by_proposing_it_again() -> None:
    over = given(PROPOSED, DECLINED)
    over.when(ProposeThemeAgain(**TEMPLATE), by=BO).then_refused("not_allowed")
    given(PROPOSED).when(PROPOSE, by=BO).then_refused("not_allowed")

    for_bo = ProposeThemeAgain(**TEMPLATE, on_behalf_of=person("bo"))
    again = PROPOSED.model_copy(update={"proposal_no": 2, "proposer_id": person("bo")})
    over.when(for_bo, by=SECRETARIAT).then(again)


@rule("R67")
def test_what_the_secretariat_proposes_again_for_nobody_named_stays_its_proposers() -> None:
    again = PROPOSED.model_copy(update={"proposal_no": 2})
    alone = Actor(person_id=person("secretary"), roles=frozenset({"secretariat"}))
    for secretary in (SECRETARIAT, alone):
        over = given(PROPOSED, DECLINED)
        over.when(ProposeThemeAgain(**TEMPLATE), by=secretary).then(again)


def test_a_theme_is_described_from_an_idea_of_ones_own() -> None:
    from_idea = ProposeTheme(**TEMPLATE, inquiry_id=NETWORK)
    described = given().besides(INQUIRIES, str(NETWORK), IDEA)
    told = PROPOSED.model_copy(update={"inquiry_id": NETWORK})

    described.when(from_idea, by=ADA).then(told)
    described.when(from_idea, by=BO).then_refused("not_allowed")
    for_bo = from_idea.model_copy(update={"on_behalf_of": person("bo")})
    of_bo = told.model_copy(update={"proposer_id": person("bo")})
    described.when(for_bo, by=SECRETARIAT).then(of_bo)


def test_a_theme_is_described_from_an_idea_that_there_is_and_from_nothing_else() -> None:
    from_idea = ProposeTheme(**TEMPLATE, inquiry_id=NETWORK)
    given().when(from_idea, by=ADA).then_refused("unknown")
    asked = given().besides(INQUIRIES, str(NETWORK), QUESTION)
    asked.when(from_idea, by=ADA).then_refused("inquiry_not_an_idea", "R40")


def test_a_theme_nobody_proposed_is_not_proposed_again() -> None:
    given().when(ProposeThemeAgain(**TEMPLATE), by=ADA).then_refused("unknown")


def test_a_chief_proposes_as_any_employee_does() -> None:
    mine = PROPOSED.model_copy(update={"proposer_id": person("chief")})
    given().when(PROPOSE, by=CHIEF).then(mine)


def test_a_proposal_of_version_1_reads_with_its_one_origin_in_the_set() -> None:
    _, _, fields = CODEC.encode(PROPOSED)
    old = {name: said for name, said in fields.items() if name != "demand_origins"}
    one = PROPOSED.model_copy(update={"demand_origins": (DemandOrigin.OUTSIDE_IN,)})

    assert CODEC.decode("ThemeProposed", 1, {**old, "demand_origin": "outside_in"}) == one
    assert CODEC.decode("ThemeProposed", 1, old) == PROPOSED
    assert CODEC.encode(one)[1] == 2
