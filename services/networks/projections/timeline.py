"""The timeline: a network's phases and breaks, as planned and as they went (V9)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from services.networks.domain.network.phases import IMPLEMENTATION, TEST
from shared.contracts.networks import (
    ImplementationStarted,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkPlanned,
    NetworkStarted,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import CoursePart, Intensity
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

Planning = NetworkPlanned | NetworkImported | NetworkStarted | PhasePlanRevised
Heard = (
    Planning
    | PhaseStarted
    | TestPhaseStarted
    | ImplementationStarted
    | PhaseCompleted
    | NetworkBreakStarted
    | NetworkBreakEnded
    | NetworkClosed
    | NetworkCancelled
)


class NetworkTimeline(Row):
    """A phase or a break, keyed `<network>/<phase>` or `<network>/break-<number>`.

    Weeks are without breaks; `break_days` are the days of rest within a phase or of a break.
    """

    network_id: UUID
    part: CoursePart
    name: str
    """The phase's key, or the break's number."""
    place: int | None = None
    """The phase's place in the plan, from 1."""
    label: str | None = None
    planned_start: date | None = None
    estimated_weeks: float | None = None
    intensity: Intensity | None = None
    estimated_hours: float | None = None
    started_on: date | None = None
    ended_on: date | None = None
    is_over: bool = False
    actual_weeks: float | None = None
    actual_hours: float | None = None
    break_days: int = 0


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    return [f"{fact.key}/{name}" for name in _names(fact.event)]


def _names(event: Heard) -> Iterable[str]:
    match event:
        case PhasePlanRevised():
            return [*(each.phase for each in event.phases), *event.removed]
        case NetworkPlanned() | NetworkImported() | NetworkStarted():
            return [each.phase for each in event.phases]
        case PhaseStarted() | PhaseCompleted():
            return [event.phase]
        case TestPhaseStarted():
            return [TEST]
        case ImplementationStarted():
            return [TEST, IMPLEMENTATION]
        case NetworkBreakStarted() | NetworkBreakEnded():
            return [f"break-{event.number}"]
        case NetworkClosed():
            return [each.phase for each in event.phases if each.started_on]
        case NetworkCancelled():
            resting = [f"break-{event.open_break}"] if event.open_break else []
            return [*([event.running_phase] if event.running_phase else []), *resting]
        case other:
            assert_never(other)


def _fold(row: NetworkTimeline | None, fact: Recorded[Heard], key: str) -> NetworkTimeline | None:
    event = fact.event
    network, _, name = key.partition("/")
    match event:
        case NetworkPlanned() | NetworkImported() | NetworkStarted() | PhasePlanRevised():
            return _planned(row, event, network, name)
        case NetworkBreakStarted():
            return NetworkTimeline(
                network_id=UUID(network),
                part=CoursePart.BREAK,
                name=str(event.number),
                started_on=event.on,
            )
        case PhaseStarted() | TestPhaseStarted():
            return _changed(row, started_on=event.on)
        case ImplementationStarted() if name == TEST:
            return _ended(row, event.on)
        case ImplementationStarted():
            return _changed(row, started_on=event.on)
        case PhaseCompleted():
            return _changed(
                row,
                ended_on=event.on,
                is_over=True,
                actual_weeks=event.actual_weeks,
                actual_hours=event.actual_hours,
                break_days=event.break_days,
            )
        case NetworkBreakEnded():
            return _changed(row, ended_on=event.on, is_over=True, break_days=event.days)
        case NetworkClosed() | NetworkCancelled():
            return _ended(row, event.on)
        case other:
            assert_never(other)


def _planned(
    row: NetworkTimeline | None, event: Planning, network: str, name: str
) -> NetworkTimeline | None:
    for place, plan in enumerate(event.phases, start=1):
        if plan.phase == name:
            new = row or NetworkTimeline(network_id=UUID(network), part=CoursePart.PHASE, name=name)
            if isinstance(event, NetworkImported) and name in event.phases_completed:
                new = _changed(new, is_over=True)
            return _changed(new, place=place, **plan.model_dump(exclude={"phase"}))
    return None


def _ended(row: NetworkTimeline | None, on: date) -> NetworkTimeline | None:
    """End a phase or break that was begun and never came to its end."""
    if row is None or row.started_on is None or row.is_over:
        return row
    return _changed(row, ended_on=on, is_over=True)


def _changed(row: NetworkTimeline | None, **changes: Any) -> NetworkTimeline:
    assert row is not None
    return row.model_copy(update=changes)


NETWORK_TIMELINE = View.of(
    NetworkTimeline, Heard, keys=_keys, fold=_fold, indexes=("network_id", "part", "planned_start")
)
