"""Who carries a network now, what its phases are called, and what is awaited of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, assert_never

from services.notifications.domain.known import NetworkCrew
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    ImplementationStarted,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    NetworkPlanned,
    NetworkStarted,
    PhasePlanRevised,
    PhaseStarted,
    PlannedPhase,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import MandateParty
from shared.kernel.events import Recorded
from shared.kernel.views import View, stream_key

CrewEvent = (
    NetworkPlanned
    | NetworkImported
    | NetworkStarted
    | NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | CoDriverAssigned
    | CoDriverReleased
    | ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
    | ReferenceLeaderReleased
    | ReferenceLeaderOptOutRecorded
    | MandateContractDrafted
    | MandateContractAmended
    | MandateContractPartyAgreed
    | PhasePlanRevised
    | PhaseStarted
    | TestPhaseStarted
    | ImplementationStarted
)

Appointment = (
    NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
    | ReferenceLeaderReleased
    | ReferenceLeaderOptOutRecorded
)
"""Somebody takes over or leaves a role that is a party of the mandate contract."""


def _crew(row: NetworkCrew | None, fact: Recorded[CrewEvent], key: str) -> NetworkCrew:
    row = row or NetworkCrew()
    match fact.event:
        case NetworkPlanned() as planned:
            changed: dict[str, Any] = {
                "title": planned.title,
                "network_type": planned.network_type,
                "phases": _labels(row, planned.phases),
            }
        case NetworkImported() as imported:
            changed = {
                "title": imported.title,
                "network_type": imported.network_type,
                "leader_id": imported.leader_id,
                "leader_line_manager_id": imported.leader_line_manager_id,
                "co_driver_id": imported.co_driver_id,
                "reference_leader_id": imported.reference_leader_id,
                "phases": _labels(row, imported.phases),
                "begun": imported.phases_completed,
            }
        case NetworkStarted() | PhasePlanRevised() as course:
            changed = {"phases": _labels(row, course.phases)}
        case NetworkLeaderAssigned() | NetworkLeaderReplaced() as leading:
            changed = {
                "leader_id": leading.person_id,
                "leader_line_manager_id": leading.line_manager_id,
            }
        case CoDriverAssigned() as driving:
            changed = {
                "co_driver_id": driving.person_id,
                "co_driver_line_manager_id": driving.line_manager_id,
            }
        case CoDriverReleased():
            changed = {"co_driver_id": None, "co_driver_line_manager_id": None}
        case ReferenceLeaderAssigned() | ReferenceLeaderReplaced() as referring:
            changed = {"reference_leader_id": referring.person_id}
        case ReferenceLeaderOptOutRecorded(was_assigned=False):
            changed = {}
        case ReferenceLeaderReleased() | ReferenceLeaderOptOutRecorded():
            changed = {"reference_leader_id": None}
        case MandateContractDrafted() | MandateContractAmended() as contract:
            changed = {"awaited": dict.fromkeys(contract.parties, contract.on)}
        case MandateContractPartyAgreed() as agreeing:
            changed = {"awaited": _without(row, agreeing.party)}
        case PhaseStarted() as starting:
            changed = {"begun": (*row.begun, starting.phase)}
        case TestPhaseStarted():
            changed = {"begun": (*row.begun, "test")}
        case ImplementationStarted():  # nobody goes back to the test from there
            changed = {"begun": (*row.begun, "test", "implementation")}
        case other:
            assert_never(other)
    after = row.model_copy(update=changed)
    return _appointed(row, after, fact.event) if isinstance(fact.event, Appointment) else after


def _labels(row: NetworkCrew, phases: tuple[PlannedPhase, ...]) -> Mapping[str, str]:
    return {each.phase: each.label or row.phases.get(each.phase, "") for each in phases}


def _without(row: NetworkCrew, *parties: MandateParty) -> dict[MandateParty, date]:
    return {party: since for party, since in row.awaited.items() if party not in parties}


def _appointed(before: NetworkCrew, after: NetworkCrew, event: Appointment) -> NetworkCrew:
    """Await whoever is new to a role, and nobody in a role that is empty (R146)."""
    new = [party for party in MandateParty if after.holder(party) != before.holder(party)]
    awaited = _without(before, *new)
    if event.contract_version is not None:
        awaited |= {party: event.on for party in new if after.holder(party)}
    return after.model_copy(update={"awaited": awaited})


NETWORK_CREWS = View.of(NetworkCrew, CrewEvent, keys=stream_key, fold=_crew)
