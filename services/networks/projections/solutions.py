"""The solutions' way into the base, unit by unit (V23)."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never
from uuid import UUID

from shared.contracts.networks import (
    OutputRecorded,
    ScalingPlanned,
    SolutionAdopted,
    SolutionEvent,
    SolutionHandedOver,
)
from shared.contracts.vocabulary import OrgUnitId, OutputKind, SolutionStep
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View


class SolutionFlow(Row):
    """A solution in a unit of the base, keyed `<output>/<unit>`.

    Until a unit has taken it over there is one row without a unit, keyed by the output alone.
    """

    output_id: UUID
    network_id: UUID
    kind: OutputKind
    title: str
    agenda_ref: str | None = None
    bridges: tuple[OrgUnitId, ...] = ()
    """The units between which it builds a bridge (R225)."""
    org_unit_id: OrgUnitId | None = None
    reached: SolutionStep | None = None
    handed_over_on: date | None = None
    adopted_on: date | None = None
    scaling_planned_on: date | None = None
    how: str | None = None
    """How the last step was taken."""


def _keys(fact: Recorded[SolutionEvent]) -> Iterable[str]:
    event = fact.event
    match event:
        case OutputRecorded():
            return [fact.key]
        case SolutionHandedOver():
            return [fact.key, f"{fact.key}/{event.org_unit_id}"]
        case SolutionAdopted() | ScalingPlanned():
            return [f"{fact.key}/{event.org_unit_id}"]
        case other:
            assert_never(other)


def _fold(row: SolutionFlow | None, fact: Recorded[SolutionEvent], key: str) -> SolutionFlow | None:
    event = fact.event
    match event:
        case OutputRecorded():
            return _row(fact.key, event)
        case SolutionHandedOver():
            if key == fact.key:
                return None
            taken = {"reached": SolutionStep.HANDED_OVER, "handed_over_on": event.on}
        case SolutionAdopted():
            taken = {"reached": SolutionStep.ADOPTED, "adopted_on": event.on}
        case ScalingPlanned():
            taken = {"reached": SolutionStep.SCALING_PLANNED, "scaling_planned_on": event.on}
        case other:
            assert_never(other)
    unit = {"org_unit_id": event.org_unit_id, "how": event.how}
    return (row or _row(fact.key, event)).model_copy(update={**unit, **taken})


def _row(key: str, event: SolutionEvent) -> SolutionFlow:
    return SolutionFlow(
        output_id=UUID(key),
        network_id=event.network_id,
        kind=event.kind,
        title=event.title,
        agenda_ref=event.agenda_ref,
        bridges=event.bridges,
    )


SOLUTION_FLOW = View.of(
    SolutionFlow,
    SolutionEvent,
    keys=_keys,
    fold=_fold,
    indexes=("network_id", "kind", "org_unit_id", "reached"),
)
