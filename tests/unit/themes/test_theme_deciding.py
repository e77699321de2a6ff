"""The chief forum selects a qualified theme whose network type is agreed on, or declines it."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.themes.domain.known import NetworkCrew
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme_round.state import ROUND
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
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person, rule
from shared.testing.kit import Given

THEME, NETWORK, UNIT = uuid4(), uuid4(), uuid4()
HALF_YEAR = "2013-H2"
CHIEF_ID = person("chief")
IN_FORUM = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
TOLD = {"title": "Urban farming", "proposer_id": person("ada")}

PROPOSED = ThemeProposed(
    on=TODAY,
    **TOLD,
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(DemandOrigin.BOTTOM_UP,),
    affected_departments=(UNIT,),
    actor_groups=(ActorGroup.CITIZEN,),
)
WISHED = PROPOSED.model_copy(update={"wished_type": NetworkType.INNOVATION})
QUALIFIED = ThemeQualified(
    on=TODAY, **TOLD, criteria={}, strategic_agenda_ref="Grøn by", decided_by=(CHIEF_ID,)
)
ALIGNED = ThemeNetworkTypeAligned(
    on=TODAY,
    network_type=NetworkType.WELFARE,
    intended_difference="Naboskab",
    aligned_by=(CHIEF_ID,),
)
READY = (PROPOSED, ALIGNED, QUALIFIED)
SELECT = DecideTheme(decision=ThemeDecision.SELECTED, decided_by={CHIEF_ID}, half_year=HALF_YEAR)
SELECTED = ThemeSelected(
    on=TODAY,
    **TOLD,
    identified_need="Fælles grønne rum",
    network_type=NetworkType.WELFARE,
    type_aligned=True,
    intended_difference="Naboskab",
    affected_departments=(UNIT,),
    actor_groups=(ActorGroup.CITIZEN,),
    strategic_agenda_ref="Grøn by",
    half_year=HALF_YEAR,
    network_id=new_id(1),
    decided_by=(CHIEF_ID,),
)
DECLINE = DecideTheme(
    decision=ThemeDecision.DECLINED,
    decided_by={CHIEF_ID},
    reason="Andre har det",
    half_year=HALF_YEAR,
)
DECLINED = ThemeDeclined(
    on=TODAY, **TOLD, reason="Andre har det", half_year=HALF_YEAR, decided_by=(CHIEF_ID,)
)
TAKEN_UP = ThemeTakenUp(on=TODAY, network_id=NETWORK, **TOLD)
CONCLUDED = ThemeConcluded(on=TODAY, network_id=NETWORK, outcome=ThemeOutcome.ADOPTED, **TOLD)

OPENED = ThemeRoundOpened(on=TODAY, half_year=HALF_YEAR)
ADDED = ThemeAddedToRound(on=TODAY, half_year=HALF_YEAR, theme_id=THEME, title="Urban farming")
RANKED = ThemePrioritised(
    on=TODAY, half_year=HALF_YEAR, theme_id=THEME, rank=1, decided_by=(CHIEF_ID,)
)


def decidable(*facts: Any, in_round: tuple[Any, ...] = (OPENED, ADDED, RANKED)) -> Given:
    known = given(*facts).of(THEME).knowing(CHIEF_ID, IN_FORUM)
    return known.besides(ROUND, HALF_YEAR, *in_round)


def overriding(command: DecideTheme) -> DecideTheme:
    override = Override(rules=frozenset({"R56"}), reason="Byrådet kræver det")
    return command.model_copy(update={"override": override})


@pytest.mark.parametrize("by", [CHIEF, SECRETARIAT])
def test_the_chief_forum_selects_a_theme_and_networks_learns_all_it_needs(by: Actor) -> None:
    decidable(*READY).when(SELECT, by=by).then(SELECTED).then_warned()


def test_a_selection_may_name_its_start_a_running_network_and_a_reason() -> None:
    more = {"planned_start": date(2013, 11, 1), "for_network_id": NETWORK, "reason": "Haster"}
    selected = SELECTED.model_copy(update={**more, "network_id": None})
    decidable(*READY).when(SELECT.model_copy(update=more)).then(selected)


def test_that_nothing_is_known_of_the_running_network_is_only_remarked_on() -> None:
    ready = decidable(*READY)
    joined = SELECT.model_copy(update={"for_network_id": NETWORK})
    ready.when(joined).then_warned("network_not_known")
    ready.knowing(NETWORK, NetworkCrew(leader_id=person("bo"))).when(joined).then_warned()


@pytest.mark.parametrize("facts", [(PROPOSED,), (PROPOSED, QUALIFIED), READY])
def test_the_chief_forum_declines_a_theme_with_a_reason(facts: tuple[Any, ...]) -> None:
    decidable(*facts).when(DECLINE, by=CHIEF).then(DECLINED).then_warned()


@pytest.mark.parametrize(
    "malformed",
    [
        {"decision": "declined"},
        {"decision": "declined", "reason": " "},
        {"decision": "declined", "reason": "x", "planned_start": "2013-11-01"},
        {"decision": "declined", "reason": "x", "for_network_id": str(NETWORK)},
        {"decision": "postponed"},
        {"decision": "selected", "decided_by": []},
    ],
)
def test_a_decision_that_does_not_fit_together_is_malformed(malformed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DecideTheme.model_validate({"decided_by": [CHIEF_ID], **malformed})


def test_the_same_decision_twice_is_one() -> None:
    decidable(*READY, SELECTED).when(SELECT).then_nothing()
    decidable(*READY, DECLINED).when(DECLINE).then_nothing()


@pytest.mark.parametrize(
    ("since", "command", "code"),
    [
        ((SELECTED,), DECLINE, "theme_decided"),
        (
            (SELECTED,),
            SELECT.model_copy(update={"planned_start": date(2014, 1, 6)}),
            "theme_decided",
        ),
        ((DECLINED,), SELECT, "theme_decided"),
        ((DECLINED,), DECLINE.model_copy(update={"reason": "For dyrt"}), "theme_decided"),
        ((SELECTED, TAKEN_UP), SELECT, "theme_decided"),
        ((SELECTED, TAKEN_UP), DECLINE, "theme_decided"),
        ((SELECTED, TAKEN_UP, CONCLUDED), SELECT, "theme_concluded"),
        ((SELECTED, TAKEN_UP, CONCLUDED), DECLINE, "theme_concluded"),
    ],
)
def test_a_theme_is_decided_once(since: tuple[Any, ...], command: DecideTheme, code: str) -> None:
    rule = "R67" if code == "theme_decided" else "R68"
    decidable(*READY, *since).when(command, by=CHIEF).then_refused(code, rule)


def test_a_theme_is_qualified_before_it_is_selected() -> None:
    decidable(PROPOSED, ALIGNED).when(SELECT, by=CHIEF).then_refused("theme_not_qualified", "R53")


def test_the_secretary_who_records_a_decision_does_not_make_it() -> None:
    own = SELECT.model_copy(update={"decided_by": frozenset({person("secretary")})})
    decidable(*READY).when(own).then_refused("observer_cannot_decide", "R201")


def test_the_network_type_is_aligned_unless_the_forum_sets_that_aside() -> None:
    facts = (WISHED, QUALIFIED)
    unaligned = SELECTED.model_copy(
        update={
            "network_type": NetworkType.INNOVATION,
            "type_aligned": False,
            "intended_difference": None,
        }
    )
    decidable(*facts).when(SELECT, by=CHIEF).then_refused("network_type_not_aligned", "R56")
    decidable(*facts).when(overriding(SELECT), by=CHIEF).then(unaligned).then_overrode("R56")
    decidable(*facts).when(overriding(SELECT), by=SECRETARIAT).then(unaligned)
    # The secretariat alone, with nobody of the forum known to stand behind it, may not.
    alone = given(*facts).of(THEME).besides(ROUND, HALF_YEAR)
    alone.when(overriding(SELECT), by=SECRETARIAT).then_refused("override_not_allowed", "R56")


def test_a_theme_without_any_network_type_cannot_be_selected() -> None:
    facts = (PROPOSED, QUALIFIED)
    decidable(*facts).when(SELECT, by=CHIEF).then_refused("network_type_not_aligned", "R56")
    decidable(*facts).when(overriding(SELECT), by=CHIEF).then_refused("network_type_missing", "R69")


def test_a_decision_outside_a_round_is_only_remarked_on() -> None:
    for elsewhere in (SELECT.model_copy(update={"half_year": None}), SELECT):
        without_round = decidable(*READY, in_round=())
        without_round.when(elsewhere).then_warned("outside_round", "not_prioritised")
    decidable(PROPOSED, in_round=(OPENED,)).when(DECLINE).then_warned("outside_round")


def test_that_a_theme_has_no_rank_is_only_remarked_on() -> None:
    unranked = decidable(*READY, in_round=(OPENED, ADDED))
    unranked.when(SELECT).then(SELECTED).then_warned("not_prioritised")
    unranked.when(DECLINE).then_warned()


@rule("R200")
def test_who_is_known_as_no_member_does_not_decide_unless_the_forum_sets_that_aside() -> None:
    bo = Person(person_id=person("bo"))
    both = SELECT.model_copy(update={"decided_by": frozenset({CHIEF_ID, bo.person_id})})
    with_bo = decidable(*READY).knowing(bo.person_id, bo)
    refused = ("decider_not_in_chief_forum", "R200")
    with_bo.when(both, by=CHIEF).then_refused(*refused)
    with_bo.when(both, by=SECRETARIAT).then_refused(*refused)

    aside = Override(rules=frozenset({"R200"}), reason="Konstitueret")
    overriding = both.model_copy(update={"override": aside})
    with_bo.when(overriding, by=CHIEF).then_overrode("R200")
    with_bo.when(overriding, by=SECRETARIAT).then_overrode("R200")
    alone = overriding.model_copy(update={"decided_by": frozenset({bo.person_id})})
    with_bo.when(alone, by=SECRETARIAT).then_refused("override_not_allowed", "R200")


def test_the_secretariat_records_only_what_a_known_member_is_said_to_have_decided() -> None:
    by_bo = SELECT.model_copy(update={"decided_by": frozenset({person("bo")})})
    decidable(*READY).when(by_bo, by=SECRETARIAT).then_refused("no_known_decider", "R200")
    decidable(*READY).when(by_bo, by=CHIEF).then_warned("not_in_chief_forum")
    aside = Override(rules=frozenset({"R200"}), reason="Kataloget mangler")
    overriding = by_bo.model_copy(update={"override": aside})
    decidable(*READY).when(overriding, by=SECRETARIAT).then_refused("override_not_allowed", "R200")


def assessed(criterion: Criterion, verdict: Verdict) -> ThemeCriterionAssessed:
    return ThemeCriterionAssessed(on=TODAY, criterion=criterion, verdict=verdict, rationale="Ja")


def test_a_criterion_that_is_unmet_since_it_was_qualified_is_set_aside_or_stops_the_choice() -> (
    None
):
    unmet = assessed(Criterion.COMPLEXITY, Verdict.NOT)
    since = decidable(*READY, unmet)
    since.when(SELECT, by=CHIEF).then_refused("criterion_unmet", "R60")
    aside = SELECT.model_copy(
        update={"override": Override(rules=frozenset({"R60"}), reason="Byrådet kræver det")}
    )
    since.when(aside, by=CHIEF).then(SELECTED).then_overrode("R60")
    proposer = employee("ada")
    since.when(aside, by=proposer).then_refused("not_allowed")

    # What was unmet when the forum qualified it all the same was set aside then.
    known = QUALIFIED.model_copy(update={"criteria": {Criterion.COMPLEXITY: Verdict.NOT}})
    decidable(PROPOSED, ALIGNED, unmet, known).when(SELECT, by=CHIEF).then(SELECTED)


def test_a_theme_that_nobody_asks_for_any_more_is_not_selected() -> None:
    emptied = ThemeRefined(
        on=TODAY,
        title="Urban farming",
        refined_by=person("ada"),
        by_role="proposer",
        change="Ingen spørger mere",
        changed={"demand_origins": []},
    )
    decidable(*READY, emptied).when(SELECT, by=CHIEF).then_refused("no_demand_origin", "R45")
    decidable(*READY, emptied).when(DECLINE, by=CHIEF).then(DECLINED)


def test_somebody_not_known_in_the_forum_is_only_remarked_on() -> None:
    stranger = SELECT.model_copy(update={"decided_by": frozenset({CHIEF_ID, person("bo")})})
    decidable(*READY).when(stranger, by=CHIEF).then_warned("not_in_chief_forum")


@pytest.mark.parametrize(
    "by",
    [
        pytest.param(employee("ada"), id="proposer"),
        pytest.param(employee("director", "municipal_director"), id="municipal director as such"),
        pytest.param(employee("leader", "network_leader"), id="network leader"),
        pytest.param(employee("reference", "reference_leader"), id="reference leader"),
        pytest.param(Actor(person_id=person("r"), roles=frozenset({"reporter"})), id="reporter"),
        pytest.param(Actor(name="it", roles=frozenset({"integrator"})), id="integrator"),
    ],
)
def test_only_the_chief_forum_decides(by: Actor) -> None:
    decidable(*READY).when(SELECT, by=by).then_refused("not_allowed")
    decidable(*READY).when(DECLINE, by=by).then_refused("not_allowed")
