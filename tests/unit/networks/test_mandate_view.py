"""The contracts show who has agreed to which version, and who is waited for since when (V12)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from services.networks.projections.mandate import MANDATE_CONTRACTS, MandateContractStatus
from shared.contracts.networks import (
    ContractSection,
    MandateContractAgreed,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkEvent,
    NetworkLeaderReplaced,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    RolesRedefined,
)
from shared.contracts.vocabulary import ContractCause, MandateParty, NetworkType
from shared.kernel.events import Recorded
from shared.testing import folded, new_id, person, recorded

LEADER, REFERENCE, MANAGER, SECRETARY = MandateParty
ADA, BO, FREJA, MAJ = (person(each) for each in ("ada", "bo", "freja", "maj"))
CAMPUS, FOOD = UUID(int=1), UUID(int=2)
FIRST, SECOND, THIRD = (date(2013, 9, day) for day in (2, 9, 16))
THREE = (LEADER, MANAGER, SECRETARY)

COMPLETE = ContractSection(
    content_note=new_id(1),
    role_note=new_id(2),
    responsibility_note=new_id(3),
    sha256="a",
    complete=True,
)
HALF = ContractSection(content_note=new_id(4), sha256="b", complete=False)
DRAFTED = MandateContractDrafted(
    on=FIRST,
    contract_version=1,
    parties=THREE,
    sections={LEADER: COMPLETE, MANAGER: HALF},
)
AMENDED = MandateContractAmended(
    on=SECOND,
    contract_version=2,
    cause=ContractCause.ROLES_REDEFINED,
    parties=tuple(MandateParty),
    sections=dict.fromkeys(MandateParty, COMPLETE),
)
REDEFINED = RolesRedefined(on=SECOND, contract_version=2, leader_id=ADA)
HOLDERS = {LEADER: ADA, REFERENCE: FREJA, MANAGER: MAJ, SECRETARY: person("secretary")}


def agreed(party: MandateParty, version: int, on: date = SECOND) -> MandateContractPartyAgreed:
    return MandateContractPartyAgreed(
        on=on, contract_version=version, party=party, person_id=HOLDERS[party], missing=()
    )


ALL_THREE: tuple[NetworkEvent, ...] = (
    *(agreed(party, 1) for party in THREE),
    MandateContractAgreed(on=SECOND, contract_version=1, parties=THREE),
)


def replaced(manager: UUID | None) -> NetworkLeaderReplaced:
    return NetworkLeaderReplaced(
        on=THIRD,
        person_id=BO,
        replaced_id=ADA,
        replaced_since=FIRST,
        line_manager_id=manager,
        network_type=NetworkType.WELFARE,
        title="Campus",
        qualified=True,
        in_pool=True,
        decided_by=(person("chief"),),
        contract_version=1,
    )


COUPLED = ReferenceLeaderAssigned(
    on=THIRD, person_id=FREJA, is_director=False, in_chief_forum=True, contract_version=1
)


def stream(network: UUID, *events: NetworkEvent) -> list[Recorded[Any]]:
    named = f"network-{network}"
    return [recorded(event, named, version) for version, event in enumerate(events, start=1)]


def rows(*events: NetworkEvent) -> dict[tuple[int, MandateParty], MandateContractStatus]:
    found = folded(MANDATE_CONTRACTS, stream(CAMPUS, *events)).values()
    return {(row.contract_version, row.party): row for row in found}


def waiting(row: MandateContractStatus) -> date | None:
    return row.waited_for_since if row.is_waited_for else None


def test_a_draft_waits_for_each_party_and_says_what_is_written() -> None:
    drafted = rows(DRAFTED)
    assert set(drafted) == {(1, party) for party in THREE}
    assert {row.party: row.is_complete for row in drafted.values()} == {
        LEADER: True,
        MANAGER: False,
        SECRETARY: False,
    }
    assert {waiting(row) for row in drafted.values()} == {FIRST}
    assert drafted[1, LEADER].role_note == new_id(2)
    assert drafted[1, LEADER].is_current


def test_a_party_that_has_agreed_is_no_longer_waited_for() -> None:
    row = rows(DRAFTED, agreed(LEADER, 1))[1, LEADER]
    assert (waiting(row), row.agreed_on, row.agreed_by) == (None, SECOND, ADA)
    assert waiting(rows(DRAFTED, agreed(LEADER, 1))[1, MANAGER]) == FIRST


def test_the_last_agreement_makes_it_an_agreed_contract() -> None:
    found = rows(DRAFTED, *ALL_THREE)
    assert {row.contract_agreed_on for row in found.values()} == {SECOND}
    assert not any(row.is_waited_for for row in found.values())


def test_a_new_version_asks_everybody_again_and_the_old_one_stays_to_be_seen() -> None:
    found = rows(DRAFTED, *ALL_THREE, AMENDED, REDEFINED)
    for party in THREE:
        old = found[1, party]
        assert (old.is_current, old.is_waited_for, old.agreed_on) == (False, False, SECOND)
    for party in MandateParty:
        new = found[2, party]
        assert (new.is_current, waiting(new), new.agreed_on) == (True, SECOND, None)
        assert new.roles_redefined


def test_a_new_leader_and_line_manager_are_waited_for() -> None:
    found = rows(DRAFTED, *ALL_THREE, replaced(FREJA))
    assert {row.party: waiting(row) for row in found.values()} == {
        LEADER: THIRD,
        MANAGER: THIRD,
        SECRETARY: None,
    }
    assert {row.contract_agreed_on for row in found.values()} == {None}


def test_a_line_manager_who_stays_has_agreed_already() -> None:
    found = rows(DRAFTED, *ALL_THREE, replaced(MAJ))
    assert waiting(found[1, MANAGER]) is None
    assert found[1, MANAGER].agreed_by == MAJ


def test_a_leader_without_a_line_manager_leaves_three_parties_or_fewer() -> None:
    assert set(rows(DRAFTED, *ALL_THREE, replaced(None))) == {(1, LEADER), (1, SECRETARY)}


def test_a_reference_leader_who_comes_later_has_no_section_yet() -> None:
    row = rows(DRAFTED, *ALL_THREE, COUPLED)[1, REFERENCE]
    assert (waiting(row), row.is_complete) == (THIRD, False)


def test_a_reference_leader_who_leaves_is_not_waited_for() -> None:
    released = ReferenceLeaderReleased(
        on=THIRD, person_id=FREJA, reason_note=new_id(1), contract_version=1
    )
    withdrawn = ReferenceLeaderOptOutRecorded(
        on=THIRD, person_id=FREJA, was_assigned=True, contract_version=1
    )
    for left in (released, withdrawn):
        assert set(rows(DRAFTED, *ALL_THREE, COUPLED, left)) == {(1, party) for party in THREE}


def test_a_change_of_roles_before_the_first_draft_touches_no_contract() -> None:
    before = replaced(MAJ).model_copy(update={"contract_version": None})
    assert rows(before) == {}


STREAMS = (
    stream(CAMPUS, DRAFTED, *ALL_THREE, replaced(FREJA), AMENDED, REDEFINED, agreed(LEADER, 2)),
    stream(FOOD, DRAFTED, agreed(SECRETARY, 1), COUPLED),
)


@drawn(st.permutations([number for number, facts in enumerate(STREAMS) for _ in facts]))
def test_the_order_of_networks_among_each_other_changes_no_row(order: Sequence[int]) -> None:
    left = [iter(facts) for facts in STREAMS]
    mixed = [next(left[number]) for number in order]
    in_turn = [fact for facts in STREAMS for fact in facts]

    assert folded(MANDATE_CONTRACTS, mixed) == folded(MANDATE_CONTRACTS, in_turn)
