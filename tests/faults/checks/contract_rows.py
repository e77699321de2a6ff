"""Who has agreed to which version of each mandate contract, and who is waited for."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]

_NOTES = ("content_note", "role_note", "responsibility_note")
_LEADER = ("NetworkLeaderAssigned", "NetworkLeaderReplaced")
_REFERENCE = ("ReferenceLeaderAssigned", "ReferenceLeaderReplaced")
_REFERENCE_LEFT = ("ReferenceLeaderReleased", "ReferenceLeaderOptOutRecorded")


def mandate_contract_status(heard: Heard) -> Rows:
    """Each party's part of each version of each contract."""
    return {
        f"{network}/{version}/{party}": row
        for network, facts in heard.streams("network")
        for version, parties in _versions(network, facts).items()
        for party, row in parties.items()
    }


def _versions(network: str, facts: list[Told]) -> dict[int, Rows]:
    versions: dict[int, Rows] = {}
    for fact in facts:
        data, version = fact.data, fact.data.get("contract_version")
        if version is None:
            continue
        if fact.name in ("MandateContractDrafted", "MandateContractAmended"):
            for row in versions.get(version - 1, {}).values():
                row.update(is_current=False, is_waited_for=False, waited_for_since=None)
            versions[version] = {
                party: _waiting(network, version, party, data) for party in data["parties"]
            }
        elif version in versions:
            _change(versions[version], network, fact)
    return versions


def _waiting(network: str, version: int, party: str, data: Json) -> Json:
    section = data.get("sections", {}).get(party) or {}
    return {
        "network_id": network,
        "contract_version": version,
        "is_current": True,
        "party": party,
        "is_complete": section.get("complete", False),
        "is_waited_for": True,
        "waited_for_since": data["on"],
        "agreed_on": None,
        "agreed_by": None,
        "contract_agreed_on": None,
        "roles_redefined": False,
        **{name: section.get(name) for name in _NOTES},
    }


def _change(rows: Rows, network: str, fact: Told) -> None:
    data = fact.data
    if fact.name == "MandateContractPartyAgreed":
        agreed = {"agreed_on": data["on"], "agreed_by": data.get("person_id")}
        rows[data["party"]].update(agreed, is_waited_for=False, waited_for_since=None)
    elif fact.name == "MandateContractAgreed":
        _all(rows, contract_agreed_on=data["on"])
    elif fact.name == "RolesRedefined":
        _all(rows, roles_redefined=True)
    elif fact.name in _REFERENCE_LEFT:
        rows.pop("reference_leader", None)
    elif fact.name in (*_LEADER, *_REFERENCE):
        _all(rows, contract_agreed_on=None)
        for party, holder in _holders(fact).items():
            _hold(rows, network, party, holder, data)


def _holders(fact: Told) -> dict[str, str | None]:
    if fact.name in _REFERENCE:
        return {"reference_leader": fact.data["person_id"]}
    manager = fact.data.get("line_manager_id")
    return {"network_leader": fact.data["person_id"], "line_manager": manager}


def _hold(rows: Rows, network: str, party: str, holder: str | None, data: Json) -> None:
    """Wait for a new holder's agreement, unless it is who has agreed already."""
    if holder is None:
        rows.pop(party, None)
    elif party not in rows:
        nothing = {"on": data["on"]}
        rows[party] = _waiting(network, data["contract_version"], party, nothing)
    elif rows[party]["agreed_by"] != holder:
        again = {"is_waited_for": True, "waited_for_since": data["on"]}
        rows[party].update(again, agreed_on=None, agreed_by=None)


def _all(rows: Rows, **changed: object) -> None:
    for row in rows.values():
        row.update(changed)


IN_NETWORKS = {"view_mandate_contract_status": mandate_contract_status}
