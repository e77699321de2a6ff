"""The overview: each network with its state, its crew and what it waits for (V8)."""

from collections.abc import Iterator
from typing import assert_never

from services.networks.domain.network.phases import IMPLEMENTATION, TEST
from services.networks.projections.readers import NetworkPage
from shared.contracts.vocabulary import (
    NetworkState,
    NetworkType,
    NextStep,
    PersonId,
    Touchpoint,
)

BEFORE_TEST = {NetworkState.RUNNING, NetworkState.ON_BREAK}
ENDED = {NetworkState.CLOSED, NetworkState.CANCELLED}


class NetworkOverview(NetworkPage):
    """A network, keyed by its id; what is not on its page is shown to fewer (P42, P45, P47)."""

    line_manager_id: PersonId | None = None
    """The leader's."""
    co_driver_line_manager_id: PersonId | None = None
    opted_in: tuple[PersonId, ...] = ()
    contract_version: int = 0
    contract_agreed: bool = False
    test_funding_secured: bool = False


def derived(row: NetworkOverview) -> NetworkOverview:
    """Say what follows from the rest of the row: what it waits for, and when it is overdue."""
    late_if_running = row.network_type is NetworkType.LEARNING or row.state in BEFORE_TEST
    under_way = row.started_on is not None and row.state not in ENDED
    overdue_after = row.estimated_end if under_way and late_if_running else None
    missing = tuple(each for each in _to_treat(row) if each not in row.touchpoints_treated)
    return row.model_copy(
        update={
            "overdue_after": overdue_after,
            "next_step": _next_step(row),
            "touchpoints_missing": missing,
        }
    )


def _to_treat(row: NetworkOverview) -> Iterator[Touchpoint]:
    """What the chief forum is to treat by now; an imported network's start it treated long ago."""
    if row.network_type is not NetworkType.LEARNING or row.state in ENDED:
        return
    if row.started_on and not row.imported:
        yield Touchpoint.START
    if row.planned_close:
        yield Touchpoint.CLOSING


def _next_step(row: NetworkOverview) -> NextStep:
    match row.state:
        case NetworkState.PLANNED:
            return _step_before_start(row)
        case NetworkState.RUNNING:
            return _step_while_running(row)
        case NetworkState.ON_BREAK:
            return NextStep.END_BREAK
        case NetworkState.TESTING:
            return NextStep.START_IMPLEMENTATION
        case NetworkState.IMPLEMENTING:
            return NextStep.CLOSE
        case NetworkState.CLOSED | NetworkState.CANCELLED | None:
            return NextStep.NOTHING
        case other:
            assert_never(other)


def _step_before_start(row: NetworkOverview) -> NextStep:
    if row.reference_leader_id is None and row.network_type is not NetworkType.LEARNING:
        return NextStep.ASSIGN_REFERENCE_LEADER
    return NextStep.START if row.leader_id else NextStep.ASSIGN_LEADER


def _step_while_running(row: NetworkOverview) -> NextStep:
    if not row.phases_completed and not row.contract_agreed:
        return NextStep.AGREE_CONTRACT if row.contract_version else NextStep.DRAFT_CONTRACT
    if row.current_phase:
        return NextStep.COMPLETE_PHASE
    left = [
        each for each in row.phases if each not in (*row.phases_completed, TEST, IMPLEMENTATION)
    ]
    if left:
        return NextStep.START_PHASE
    if TEST in row.phases and TEST not in row.phases_completed:
        return NextStep.START_TEST
    return NextStep.CLOSE
