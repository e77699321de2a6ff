"""The mandate contracts: who has agreed to which version, and who is waited for (V12)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.networks import (
    MandateContractAgreed,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
    RolesRedefined,
)
from shared.contracts.vocabulary import MandateParty, NoteId, PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

Written = MandateContractDrafted | MandateContractAmended
Left = ReferenceLeaderReleased | ReferenceLeaderOptOutRecorded
Came = (
    NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
)
Heard = Written | RolesRedefined | MandateContractPartyAgreed | MandateContractAgreed | Came | Left


class MandateContractStatus(Row):
    """A party's part of a version of a contract, keyed `<network>/<version>/<party>`."""

    network_id: UUID
    contract_version: int
    is_current: bool = True
    """False when a later version has taken its place."""
    party: MandateParty
    is_complete: bool = False
    """Whether content, role and responsibility are all written."""
    is_waited_for: bool = True
    waited_for_since: date | None = None
    agreed_on: date | None = None
    agreed_by: PersonId | None = None
    contract_agreed_on: date | None = None
    """The day that the last party agreed, unless a role has got a new holder since."""
    roles_redefined: bool = False
    content_note: NoteId | None = None
    role_note: NoteId | None = None
    responsibility_note: NoteId | None = None


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    """Name the parties' rows of a version, and of the one before when it is a new one."""
    version = fact.event.contract_version
    if version is None:
        return []
    versions = (version, version - 1) if isinstance(fact.event, Written) else (version,)
    return [f"{fact.key}/{each}/{party}" for each in versions for party in MandateParty]


def _fold(
    row: MandateContractStatus | None, fact: Recorded[Heard], key: str
) -> MandateContractStatus | None:
    event = fact.event
    network, version, party = key.split("/")
    blank = MandateContractStatus(
        network_id=UUID(network),
        contract_version=int(version),
        party=MandateParty(party),
        waited_for_since=event.on,
    )
    if isinstance(event, Came):
        return _came(row, blank, event)
    if isinstance(event, Written) and blank.contract_version == event.contract_version:
        return _written(blank, event)
    if row is None or (isinstance(event, Left) and row.party is MandateParty.REFERENCE_LEADER):
        return None
    return row.model_copy(update=_changes(row, event))


def _written(blank: MandateContractStatus, event: Written) -> MandateContractStatus | None:
    if blank.party not in event.parties:
        return None
    section = event.sections.get(blank.party)
    if section is None:
        return blank
    notes = section.model_dump(include={"content_note", "role_note", "responsibility_note"})
    return blank.model_copy(update={"is_complete": section.complete, **notes})


def _changes(
    row: MandateContractStatus,
    event: Written | RolesRedefined | MandateContractPartyAgreed | MandateContractAgreed | Left,
) -> dict[str, Any]:
    match event:
        case MandateContractDrafted() | MandateContractAmended():
            return {"is_current": False, "is_waited_for": False, "waited_for_since": None}
        case RolesRedefined():
            return {"roles_redefined": True}
        case MandateContractPartyAgreed() if row.party is event.party:
            agreed = {"agreed_on": event.on, "agreed_by": event.person_id}
            return {"is_waited_for": False, "waited_for_since": None, **agreed}
        case MandateContractAgreed():
            return {"contract_agreed_on": event.on}
        case (
            MandateContractPartyAgreed()
            | ReferenceLeaderReleased()
            | ReferenceLeaderOptOutRecorded()
        ):
            return {}
        case other:
            assert_never(other)


def _came(
    row: MandateContractStatus | None, blank: MandateContractStatus, event: Came
) -> MandateContractStatus | None:
    """Wait for a new holder's agreement; a line manager who stays has agreed already."""
    match event:
        case NetworkLeaderAssigned() | NetworkLeaderReplaced():
            holders = {
                MandateParty.NETWORK_LEADER: event.person_id,
                MandateParty.LINE_MANAGER: event.line_manager_id,
            }
        case ReferenceLeaderAssigned() | ReferenceLeaderReplaced():
            holders = {MandateParty.REFERENCE_LEADER: event.person_id}
        case other:
            assert_never(other)
    if blank.party not in holders:
        return row and row.model_copy(update={"contract_agreed_on": None})
    holder = holders[blank.party]
    if holder is None:
        return None
    changes: dict[str, Any] = {"contract_agreed_on": None}
    if row is None or row.agreed_by != holder:
        waiting = {"is_waited_for": True, "waited_for_since": event.on}
        changes |= {"agreed_on": None, "agreed_by": None, **waiting}
    return (row or blank).model_copy(update=changes)


MANDATE_CONTRACTS = View.of(
    MandateContractStatus,
    Heard,
    keys=_keys,
    fold=_fold,
    indexes=("network_id", "party", "is_waited_for", "waited_for_since"),
)
