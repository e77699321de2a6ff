"""How facts change the overview (V8)."""

from typing import Any, assert_never
from uuid import UUID

from services.networks.domain.network.phases import IMPLEMENTATION, TEST
from services.networks.projections.overview import NetworkOverview, derived
from services.networks.projections.touchpoints import with_touchpoint
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    CourseEvent,
    CrewEvent,
    ImplementationStarted,
    LifeEvent,
    MandateContractAgreed,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    MandateEvent,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkEvent,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    NetworkPlanned,
    NetworkStarted,
    NetworkThemeLinked,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
    RolesRedefined,
    TestFundingSecured,
    TestPhaseStarted,
)
from shared.contracts.themes import ForumTouchpointRecorded
from shared.contracts.vocabulary import NetworkState
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy import half_year_of

Heard = NetworkEvent | ForumTouchpointRecorded
FIRST = NetworkPlanned | NetworkImported | ForumTouchpointRecorded


def _keys(fact: Recorded[Heard]) -> tuple[str]:
    event = fact.event
    return (str(event.network_id) if isinstance(event, ForumTouchpointRecorded) else fact.key,)


def _fold(row: NetworkOverview | None, fact: Recorded[Heard], key: str) -> NetworkOverview:
    event = fact.event
    row = row or NetworkOverview(network_id=UUID(key))
    # Only a month's slot may speak of a network before the network itself has.
    assert row.state or isinstance(event, FIRST)
    return derived(row.model_copy(update=_changes(row, event)))


def _begun(event: NetworkPlanned | NetworkImported) -> dict[str, Any]:
    match event:
        case NetworkPlanned():
            return {
                "title": event.title,
                "network_type": event.network_type,
                "state": NetworkState.PLANNED,
                "theme_id": event.theme_id,
                "type_aligned": event.type_aligned,
                "half_year": event.half_year,
                "planned_start": event.planned_start,
                "phases": tuple(each.phase for each in event.phases),
            }
        case NetworkImported():
            return {
                "title": event.title,
                "network_type": event.network_type,
                "state": NetworkState.RUNNING,
                "imported": True,
                "half_year": half_year_of(event.started_on),
                "started_on": event.started_on,
                "estimated_end": event.planned_end,
                "purpose": event.purpose,
                "base_anchor": event.base_anchor,
                "leader_id": event.leader_id,
                "line_manager_id": event.leader_line_manager_id,
                "co_driver_id": event.co_driver_id,
                "reference_leader_id": event.reference_leader_id,
                "phases": tuple(each.phase for each in event.phases),
                "phases_completed": event.phases_completed,
            }
        case other:
            assert_never(other)


def _changes(row: NetworkOverview, event: Heard) -> dict[str, Any]:
    if isinstance(event, ForumTouchpointRecorded):
        return {"touchpoints_treated": with_touchpoint(row.touchpoints_treated, event.touchpoint)}
    if isinstance(event, CrewEvent):
        return _crew(row, event)
    if isinstance(event, MandateEvent):
        return _contract(event)
    if isinstance(event, CourseEvent):
        return _course(row, event)
    return _life(event)


def _life(event: LifeEvent) -> dict[str, Any]:
    match event:
        case NetworkThemeLinked():
            return {"theme_id": event.theme_id}
        case NetworkStarted():
            return {
                "state": NetworkState.RUNNING,
                "half_year": event.half_year,
                "started_on": event.on,
                "estimated_end": event.estimated_end,
                "purpose": event.purpose,
                "base_anchor": event.base_anchor,
                "political_vision_ref": event.political_vision_ref,
            }
        case NetworkClosingAnnounced():
            return {"planned_close": event.planned_close}
        case NetworkClosed():
            return {
                "state": NetworkState.CLOSED,
                "ended_on": event.on,
                "result": event.result,
                "current_phase": None,
                "receiving_units": event.receiving_units,
            }
        case NetworkCancelled():
            return {
                "state": NetworkState.CANCELLED,
                "ended_on": event.on,
                "current_phase": None,
                "on_break_since": None,
            }
        case NetworkPlanned() | NetworkImported():
            return _begun(event)
        case other:
            assert_never(other)


def _crew(row: NetworkOverview, event: CrewEvent) -> dict[str, Any]:
    """Change the crew; a new holder of a role has not agreed to the contract yet (R146)."""
    match event:
        case ReferenceLeaderOptedIn():
            return {"opted_in": tuple(sorted({*row.opted_in, event.person_id}))}
        case ReferenceLeaderOptOutRecorded():
            willing = tuple(each for each in row.opted_in if each != event.person_id)
            gone = {"reference_leader_id": None} if event.was_assigned else {}
            return {"opted_in": willing, **gone}
        case ReferenceLeaderAssigned() | ReferenceLeaderReplaced():
            return {"reference_leader_id": event.person_id, "contract_agreed": False}
        case ReferenceLeaderReleased():
            return {"reference_leader_id": None}
        case NetworkLeaderAssigned() | NetworkLeaderReplaced():
            return {
                "leader_id": event.person_id,
                "line_manager_id": event.line_manager_id,
                "contract_agreed": False,
            }
        case CoDriverAssigned():
            return {
                "co_driver_id": event.person_id,
                "co_driver_line_manager_id": event.line_manager_id,
            }
        case CoDriverReleased():
            return {"co_driver_id": None, "co_driver_line_manager_id": None}
        case other:
            assert_never(other)


def _contract(event: MandateEvent) -> dict[str, Any]:
    match event:
        case MandateContractDrafted() | MandateContractAmended():
            return {"contract_version": event.contract_version, "contract_agreed": False}
        case MandateContractAgreed():
            return {"contract_agreed": True}
        case MandateContractPartyAgreed() | RolesRedefined():
            return {}
        case other:
            assert_never(other)


def _course(row: NetworkOverview, event: CourseEvent) -> dict[str, Any]:
    match event:
        case PhasePlanRevised():
            return {
                "phases": tuple(each.phase for each in event.phases),
                "planned_start": event.planned_start or row.planned_start,
                "estimated_end": event.estimated_end,
            }
        case PhaseStarted():
            return {"current_phase": event.phase}
        case PhaseCompleted():
            current = None if row.current_phase == event.phase else row.current_phase
            completed = (*row.phases_completed, event.phase)
            return {"current_phase": current, "phases_completed": completed}
        case NetworkBreakStarted():
            return {"state": NetworkState.ON_BREAK, "on_break_since": event.on}
        case NetworkBreakEnded():
            return {"state": NetworkState.RUNNING, "on_break_since": None}
        case TestFundingSecured():
            return {"test_funding_secured": True}
        case TestPhaseStarted():
            return {
                "state": NetworkState.TESTING,
                "current_phase": TEST,
                "receiving_units": event.receiving_units,
            }
        case ImplementationStarted():
            tested = (TEST,) if row.current_phase == TEST else ()
            return {
                "state": NetworkState.IMPLEMENTING,
                "phases_completed": (*row.phases_completed, *tested),
                "current_phase": IMPLEMENTATION,
                "receiving_units": event.receiving_units,
            }
        case other:
            assert_never(other)


NETWORK_OVERVIEW = View.of(
    NetworkOverview,
    Heard,
    keys=_keys,
    fold=_fold,
    indexes=(
        "state",
        "network_type",
        "half_year",
        "next_step",
        "leader_id",
        "co_driver_id",
        "reference_leader_id",
        "theme_id",
        "overdue_after",
        "started_on",
        "touchpoints_missing",
    ),
)
