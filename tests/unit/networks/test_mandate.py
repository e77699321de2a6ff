"""The mandate contract is distributed among the parties there are, and agreed by each for itself."""

from datetime import date
from typing import Any, TypeVar

import pytest
from pydantic import ValidationError

from services.networks.domain.network.mandate import (
    AgreeMandateContract,
    DraftMandateContract,
    SectionText,
)
from shared.contracts.networks import (
    ContractSection,
    MandateContractAgreed,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkClosed,
    NetworkEvent,
    NetworkImported,
    NetworkLeaderReplaced,
    PlannedPhase,
    ReferenceLeaderOptedIn,
    ReferenceLeaderReplaced,
    RolesRedefined,
)
from shared.contracts.networks.parts import CrewAtClosing
from shared.contracts.vocabulary import (
    ContractCause,
    MandateParty,
    NetworkResult,
    NetworkType,
)
from shared.kernel.commands import Command
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import Given

C = TypeVar("C", bound=Command[Any, Any])

LEADER, REFERENCE, MANAGER, SECRETARY = MandateParty
ADA, BO, FREJA, GRO, MAJ = (person(each) for each in ("ada", "bo", "freja", "gro", "maj"))
BEFORE = date(2013, 8, 5)
PARTIES = (LEADER, REFERENCE, MANAGER, SECRETARY)

RUNS = NetworkImported(
    on=BEFORE,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 2, 1),
    leader_id=ADA,
    leader_line_manager_id=MAJ,
    reference_leader_id=FREJA,
    co_driver_id=BO,
    phases=(PlannedPhase(phase="intensive_1"), PlannedPhase(phase="test")),
)
BEFORE_THE_TEST = RUNS.model_copy(update={"phases_completed": ("intensive_1",)})
LEARNING = RUNS.model_copy(
    update={"network_type": NetworkType.LEARNING, "reference_leader_id": None}
)


def text(about: str) -> SectionText:
    return SectionText(content=f"{about}: indhold", role="rolle", responsibility="ansvar")


TEXTS = {party: text(party) for party in PARTIES}
DRAFT = DraftMandateContract(sections=TEXTS)


def section(party: MandateParty, first_note: int) -> ContractSection:
    return ContractSection(
        content_note=new_id(first_note),
        role_note=new_id(first_note + 1),
        responsibility_note=new_id(first_note + 2),
        sha256=TEXTS[party].seal,
        complete=True,
    )


SECTIONS = {party: section(party, 1 + 3 * place) for place, party in enumerate(PARTIES)}
DRAFTED = MandateContractDrafted(on=TODAY, contract_version=1, parties=PARTIES, sections=SECTIONS)
HOLDERS: dict[MandateParty, Actor] = {
    LEADER: employee("ada"),
    REFERENCE: employee("freja"),
    MANAGER: employee("maj"),
    SECRETARY: SECRETARIAT,
}
GRO_FOR_FREJA = ReferenceLeaderReplaced(
    on=TODAY, person_id=GRO, replaced_id=FREJA, is_director=False, in_chief_forum=True
)
CLOSED = NetworkClosed(
    on=TODAY,
    title="Campus",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 2, 1),
    result=NetworkResult.ADOPTED,
    crew=CrewAtClosing(),
    phases=(),
    break_days=0,
)


def but(command: C, **changes: object) -> C:
    return command.model_copy(update=changes)


def agreeing(party: MandateParty, version: int = 1) -> AgreeMandateContract:
    return AgreeMandateContract(party=party, version=version)


def agreed(party: MandateParty, *missing: MandateParty, version: int = 1) -> NetworkEvent:
    return MandateContractPartyAgreed(
        on=TODAY,
        contract_version=version,
        party=party,
        person_id=HOLDERS[party].person_id,
        missing=missing,
    )


ALL_AGREED = MandateContractAgreed(on=TODAY, contract_version=1, parties=PARTIES)
AGREEMENTS = (
    agreed(LEADER, REFERENCE, MANAGER, SECRETARY),
    agreed(REFERENCE, MANAGER, SECRETARY),
    agreed(MANAGER, SECRETARY),
)


def contracted(*more: NetworkEvent) -> Given:
    return given(RUNS, DRAFTED, *more)


def test_the_leader_drafts_a_section_for_each_party() -> None:
    given(RUNS).when(DRAFT, by=employee("ada")).then(DRAFTED)
    given(RUNS).when(DRAFT, by=SECRETARIAT).then(DRAFTED)


def test_the_texts_are_notes_about_the_one_who_holds_the_role() -> None:
    outcome = given(RUNS).when(DRAFT, by=employee("ada"))
    assert outcome.decision is not None
    notes = outcome.decision.notes
    assert [note.about for note in notes] == [ADA] * 3 + [FREJA] * 3 + [MAJ] * 3 + [None] * 3
    assert notes[0].text == "network_leader: indhold"


def test_a_network_without_a_reference_leader_has_three_parties() -> None:
    three = {party: TEXTS[party] for party in (LEADER, MANAGER, SECRETARY)}
    outcome = given(LEARNING).when(but(DRAFT, sections=three), by=employee("ada"))
    assert outcome.decision is not None
    (drafted,) = outcome.decision.events
    assert isinstance(drafted, MandateContractDrafted)
    assert drafted.parties == (LEADER, MANAGER, SECRETARY)


def test_a_role_that_the_network_lacks_has_no_section() -> None:
    given(LEARNING).when(DRAFT, by=employee("ada")).then_refused("stranger_in_contract", "R147")


def test_a_draft_may_be_unfinished_and_says_so() -> None:
    unfinished = SectionText(content="Det vi ved nu")
    outcome = given(RUNS).when(but(DRAFT, sections={LEADER: unfinished}), by=employee("ada"))
    outcome.then(
        DRAFTED.model_copy(
            update={
                "sections": {
                    LEADER: ContractSection(
                        content_note=new_id(1), sha256=unfinished.seal, complete=False
                    )
                }
            }
        )
    )


def test_a_contract_without_a_section_is_none() -> None:
    with pytest.raises(ValidationError):
        DraftMandateContract(sections={})


def test_the_same_texts_again_are_no_new_version() -> None:
    contracted().when(DRAFT, by=employee("ada")).then_nothing()
    contracted(*AGREEMENTS).when(DRAFT, by=SECRETARIAT).then_nothing()


def test_other_texts_are_a_new_version_that_keeps_the_sections_unchanged() -> None:
    changed = {**TEXTS, REFERENCE: text("Nyt mandat")}
    told = SECTIONS[REFERENCE].model_copy(
        update={
            "content_note": new_id(1),
            "role_note": new_id(2),
            "responsibility_note": new_id(3),
            "sha256": changed[REFERENCE].seal,
        }
    )
    contracted(*AGREEMENTS).when(but(DRAFT, sections=changed), by=employee("ada")).then(
        MandateContractAmended(
            on=TODAY,
            contract_version=2,
            cause=ContractCause.AMENDMENT,
            parties=PARTIES,
            sections={**SECTIONS, REFERENCE: told},
        )
    )


def test_roles_are_redefined_when_the_work_before_the_test_is_done() -> None:
    changed = {**TEXTS, LEADER: text("Nyt mandat")}
    redefining = but(DRAFT, sections=changed, cause=ContractCause.ROLES_REDEFINED)

    contracted().when(redefining, by=employee("ada")).then_refused(
        "roles_redefined_before_test", "R161"
    )
    outcome = given(BEFORE_THE_TEST, DRAFTED).when(redefining, by=employee("ada"))
    assert outcome.decision is not None
    amended, redefined = outcome.decision.events
    assert isinstance(amended, MandateContractAmended)
    assert amended.cause is ContractCause.ROLES_REDEFINED
    assert redefined == RolesRedefined(
        on=TODAY, contract_version=2, leader_id=ADA, reference_leader_id=FREJA
    )


@pytest.mark.parametrize("who", ["bo", "freja", "maj", "leader of another"])
def test_co_driver_reference_leader_and_line_manager_draft_nothing(who: str) -> None:
    given(RUNS).when(DRAFT, by=employee(who)).then_refused("not_allowed")


@pytest.mark.parametrize("other", ["chefforum", "integrator", "reporter", "municipal_director"])
def test_nobody_else_drafts_or_agrees(other: str) -> None:
    contracted().when(DRAFT, by=employee("other", other)).then_refused("not_allowed")
    contracted().when(agreeing(LEADER), by=employee("other", other)).then_refused("not_allowed")


def test_the_contract_is_agreed_with_the_last_of_four_parties() -> None:
    before: tuple[NetworkEvent, ...] = ()
    for party, told in zip(PARTIES[:3], AGREEMENTS, strict=True):
        contracted(*before).when(agreeing(party), by=HOLDERS[party]).then(told)
        before = (*before, told)
    contracted(*before).when(agreeing(SECRETARY), by=SECRETARIAT).then(
        agreed(SECRETARY), ALL_AGREED
    )


def test_agreeing_twice_is_recorded_once() -> None:
    contracted(AGREEMENTS[0]).when(agreeing(LEADER), by=employee("ada")).then_nothing()


def test_an_amendment_asks_everybody_again() -> None:
    amended = MandateContractAmended(
        on=TODAY,
        contract_version=2,
        cause=ContractCause.AMENDMENT,
        parties=PARTIES,
        sections=SECTIONS,
    )
    again = contracted(*AGREEMENTS, agreed(SECRETARY), ALL_AGREED, amended)
    again.when(agreeing(LEADER, version=2), by=employee("ada")).then(
        agreed(LEADER, REFERENCE, MANAGER, SECRETARY, version=2)
    )


@pytest.mark.parametrize("party", PARTIES)
def test_each_party_agrees_for_itself_alone(party: MandateParty) -> None:
    for other, actor in HOLDERS.items():
        if other is not party:
            contracted().when(agreeing(party), by=actor).then_refused("not_that_party", "R146")


def test_nobody_agrees_on_behalf_of_a_party() -> None:
    for_freja = but(agreeing(REFERENCE), on_behalf_of=FREJA)
    contracted().when(for_freja, by=SECRETARIAT).then_refused("not_that_party", "R146")
    for_self = but(agreeing(REFERENCE), on_behalf_of=ADA)
    contracted().when(for_self, by=employee("freja")).then_refused("not_that_party", "R146")


def test_nobody_agrees_to_a_contract_that_has_changed_or_is_not_there() -> None:
    contracted().when(agreeing(LEADER, version=2), by=employee("ada")).then_refused(
        "contract_version_changed", "R146"
    )
    given(RUNS).when(agreeing(LEADER), by=employee("ada")).then_refused(
        "contract_version_changed", "R146"
    )


def test_nobody_agrees_while_a_section_is_empty_or_missing() -> None:
    half = SECTIONS[MANAGER].model_copy(update={"role_note": None, "complete": False})
    three = {party: SECTIONS[party] for party in (LEADER, REFERENCE, SECRETARY)}
    for sections in ({**SECTIONS, MANAGER: half}, three):
        draft = DRAFTED.model_copy(update={"sections": sections})
        given(RUNS, draft).when(agreeing(LEADER), by=employee("ada")).then_refused(
            "contract_section_empty", "R147"
        )


def test_nobody_agrees_to_a_section_for_somebody_who_is_no_longer_there() -> None:
    given(LEARNING, DRAFTED).when(agreeing(LEADER), by=employee("ada")).then_refused(
        "stranger_in_contract", "R147"
    )


def test_a_new_holder_agrees_anew_and_the_one_before_cannot() -> None:
    willing = ReferenceLeaderOptedIn(on=TODAY, person_id=GRO)
    replaced = contracted(*AGREEMENTS, agreed(SECRETARY), ALL_AGREED, willing, GRO_FOR_FREJA)
    by_gro = MandateContractPartyAgreed(
        on=TODAY, contract_version=1, party=REFERENCE, person_id=GRO, missing=()
    )
    replaced.when(agreeing(REFERENCE), by=employee("freja")).then_refused("not_allowed")
    replaced.when(agreeing(REFERENCE), by=employee("gro")).then(by_gro, ALL_AGREED)


def test_a_new_leader_and_their_line_manager_agree_anew() -> None:
    replaced = NetworkLeaderReplaced(
        on=TODAY,
        person_id=GRO,
        replaced_id=ADA,
        replaced_since=BEFORE,
        line_manager_id=BO,
        network_type=NetworkType.WELFARE,
        title="Campus",
        qualified=True,
        in_pool=True,
        decided_by=(person("chief"),),
    )
    asked = contracted(*AGREEMENTS, agreed(SECRETARY), ALL_AGREED, replaced)
    asked.when(agreeing(MANAGER), by=employee("maj")).then_refused("not_allowed")
    asked.when(agreeing(LEADER), by=employee("gro")).then(
        MandateContractPartyAgreed(
            on=TODAY, contract_version=1, party=LEADER, person_id=GRO, missing=(MANAGER,)
        )
    )


def test_a_network_that_has_ended_has_nothing_left_to_agree() -> None:
    contracted(CLOSED).when(agreeing(LEADER), by=employee("ada")).then_refused("network_ended")
    contracted(CLOSED).when(DRAFT, by=SECRETARIAT).then_refused("network_ended", "R89")


def test_a_chief_is_no_party() -> None:
    contracted().when(agreeing(REFERENCE), by=CHIEF).then_refused("not_allowed")


def test_roles_are_redefined_in_the_same_words_once() -> None:
    redefining = but(DRAFT, cause=ContractCause.ROLES_REDEFINED)
    before = given(BEFORE_THE_TEST, DRAFTED)
    amended = MandateContractAmended(
        on=TODAY,
        contract_version=2,
        cause=ContractCause.ROLES_REDEFINED,
        parties=PARTIES,
        sections=SECTIONS,
    )
    redefined = RolesRedefined(
        on=TODAY, contract_version=2, leader_id=ADA, reference_leader_id=FREJA
    )

    before.when(redefining, by=employee("ada")).then(amended, redefined)
    again = given(BEFORE_THE_TEST, DRAFTED, amended, redefined)
    again.when(redefining, by=employee("ada")).then_nothing()
    again.when(DRAFT, by=employee("ada")).then_nothing()
