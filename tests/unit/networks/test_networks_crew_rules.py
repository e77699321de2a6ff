"""The roles in a network open doors to whoever holds them now, and the ten competences are ten."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.networks.domain.network.breaks import StartNetworkBreak
from services.networks.domain.network.closing import AnnounceNetworkClosing
from services.networks.domain.network.crew import AssignCoDriver, AssignNetworkLeader
from services.networks.domain.network.funding import SecureTestFunding
from services.networks.domain.network.mandate import AgreeMandateContract
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    ContractSection,
    MandateContractDrafted,
    NetworkImported,
    NetworkLeaderReplaced,
    NetworkPlanned,
    PlannedPhase,
    ReferenceLeaderReplaced,
)
from shared.contracts.vocabulary import Competence, Forum, FundingSource, MandateParty, NetworkType
from shared.kernel.commands import Command
from shared.kernel.events import Event
from shared.people import Person
from shared.policy import Policy
from shared.testing import CHIEF, TODAY, employee, given, person, rule
from shared.testing.kit import NS3

ADA, BO, FREJA, GRO, MAJ, NIS = (
    person(each) for each in ("ada", "bo", "freja", "gro", "maj", "nis")
)
BEFORE = date(2013, 8, 5)
CHIEF_ID, ASSESSMENT = person("chief"), uuid4()
IN_CHIEF_FORUM = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
RUNS = NetworkImported(
    on=BEFORE,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=BEFORE,
    leader_id=ADA,
    leader_line_manager_id=MAJ,
    co_driver_id=BO,
    reference_leader_id=FREJA,
    phases=(PlannedPhase(phase="intensive_1"),),
)
GRO_LEADS = NetworkLeaderReplaced(
    on=TODAY,
    person_id=GRO,
    replaced_id=ADA,
    replaced_since=BEFORE,
    line_manager_id=NIS,
    network_type=NetworkType.WELFARE,
    title="Campus",
    qualified=True,
    in_pool=True,
    decided_by=(CHIEF_ID,),
)
BO_LEFT = CoDriverReleased(on=TODAY, person_id=BO, since=BEFORE, until=TODAY)
GRO_REFERS = ReferenceLeaderReplaced(
    on=TODAY, person_id=GRO, replaced_id=FREJA, is_director=False, in_chief_forum=True
)
DRAFTED = MandateContractDrafted(
    on=TODAY,
    contract_version=1,
    parties=tuple(MandateParty),
    sections={each: ContractSection(sha256="0" * 64, complete=True) for each in MandateParty},
)
REST = StartNetworkBreak(reason="Efterårsferie")
ANNOUNCE = AnnounceNetworkClosing(planned_close=date(2013, 12, 1))
FOR_LINE_MANAGER = AgreeMandateContract(party=MandateParty.LINE_MANAGER, version=1)
ALONE = RUNS.model_copy(update={"co_driver_id": None})
CHOOSE = AssignCoDriver(
    person_id=BO, theme_expertise=False, rationale="De to er gode sammen", assessment_id=ASSESSMENT
)
UNTRIED = AssignNetworkLeader(
    person_id=ADA, decided_by=frozenset({CHIEF_ID}), assessment_id=ASSESSMENT
)
ORDER = (
    "brings_others_in",
    "engages_and_motivates",
    "creates_safe_space",
    "curious_dialogue",
    "courage_to_experiment",
    "strategic_awareness",
    "pursues_effect",
    "communicates",
    "explorative",
    "self_developing",
)


def funded_by(who: Any) -> SecureTestFunding:
    return SecureTestFunding(source=FundingSource.INTERNAL, responsible_id=who)


def may(command: Command[Any, Any], who: str, *facts: Event) -> bool:
    """Whether it is accepted of somebody who is nothing but an employee and what the facts say."""
    outcome = given(RUNS, *facts).when(command, by=employee(who))
    if outcome.refusal is not None:
        outcome.then_refused("not_allowed")
    return outcome.refusal is None


@rule("R15")
def test_a_network_obeys_the_leader_it_has_now() -> None:
    for command in (REST, ANNOUNCE):
        assert may(command, "ada")
        assert not may(command, "gro")
        assert not may(command, "ada", GRO_LEADS)
        assert may(command, "gro", GRO_LEADS)


@rule("R16")
def test_a_co_driver_edits_the_network_until_released_and_never_ends_it() -> None:
    assert may(REST, "bo")
    assert not may(ANNOUNCE, "bo")
    assert not may(REST, "bo", BO_LEFT)


@rule("R17")
def test_a_reference_leader_answers_for_the_test_and_edits_nothing() -> None:
    assert may(funded_by(FREJA), "freja")
    assert not may(REST, "freja")
    assert not may(funded_by(FREJA), "freja", GRO_REFERS)
    assert may(funded_by(GRO), "gro", GRO_REFERS)


@rule("R18")
def test_the_line_manager_in_the_contract_is_that_of_the_leader_there_is_now() -> None:
    assert may(FOR_LINE_MANAGER, "maj", DRAFTED)
    assert not may(FOR_LINE_MANAGER, "maj", DRAFTED, GRO_LEADS)
    assert may(FOR_LINE_MANAGER, "nis", DRAFTED, GRO_LEADS)
    assert not may(REST, "maj", DRAFTED)


@rule("R112")
@pytest.mark.parametrize("network_type", NetworkType)
def test_for_which_types_an_untried_leader_will_do_is_policy(network_type: NetworkType) -> None:
    def exempting(*types: NetworkType) -> Policy:
        leaders = NS3.leaders.model_copy(update={"exempt_types": frozenset(types)})
        return NS3.model_copy(update={"leaders": leaders})

    world = given(
        NetworkPlanned(
            on=BEFORE,
            theme_id=uuid4(),
            title="Deleøkonomi",
            network_type=network_type,
            half_year="2013-H2",
            type_aligned=True,
            phases=(),
        )
    ).knowing(CHIEF_ID, IN_CHIEF_FORUM)

    world.under(exempting()).when(UNTRIED, by=CHIEF).then_refused("leader_not_qualified", "R111")
    world.under(exempting(network_type)).when(UNTRIED, by=CHIEF).then_warned()
    today = world.when(UNTRIED, by=CHIEF)
    assert (today.refusal is None) == (network_type is NetworkType.LEARNING)


@pytest.mark.parametrize(
    "competence",
    [
        pytest.param(competence, marks=pytest.mark.rule(f"R{number}"), id=competence)
        for number, competence in enumerate(Competence, start=114)
    ],
)
def test_a_co_driver_may_complement_the_leader_in_this_competence(competence: Competence) -> None:
    given(ALONE).when(CHOOSE, by=employee("ada")).then_warned("complements_nothing")

    in_this = CHOOSE.model_copy(update={"complements": frozenset({competence})})
    outcome = given(ALONE).when(in_this, by=employee("ada")).then_warned()
    assert outcome.decision is not None
    (assigned,) = outcome.decision.events
    assert isinstance(assigned, CoDriverAssigned)
    assert assigned.complements == (competence,)


@rule("R123")
def test_there_are_ten_competences_in_their_order_and_no_eleventh() -> None:
    assert tuple(Competence) == ORDER
    assert NS3.leaders.competences == ORDER
    in_all = CHOOSE.model_copy(update={"complements": frozenset(reversed(Competence))})
    outcome = given(ALONE).when(in_all, by=employee("ada"))
    assert outcome.decision is not None
    (assigned,) = outcome.decision.events
    assert isinstance(assigned, CoDriverAssigned)
    assert assigned.complements == ORDER
    with pytest.raises(ValidationError, match="complements"):
        AssignCoDriver.model_validate({**CHOOSE.model_dump(), "complements": ["patience"]})
