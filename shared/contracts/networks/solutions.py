"""Outputs, and their way into the base."""

from uuid import UUID

from shared.contracts.vocabulary import (
    NetworkType,
    OrgUnitId,
    OutputKind,
)
from shared.kernel.events import Event


class OutputRecorded(Event):
    """What a network hands over right after its work (R215, R218); `bridges` names units."""

    network_id: UUID
    network_type: NetworkType
    kind: OutputKind
    title: str
    text: str
    agenda_ref: str | None = None
    bridges: tuple[OrgUnitId, ...] = ()
    after_closing: bool = False


class _SolutionStep(Event):
    network_id: UUID
    title: str
    kind: OutputKind
    org_unit_id: OrgUnitId
    how: str | None = None
    agenda_ref: str | None = None
    bridges: tuple[OrgUnitId, ...] = ()


class SolutionHandedOver(_SolutionStep):
    """A unit of the base takes a solution over from the network (R165)."""


class SolutionAdopted(_SolutionStep):
    """A unit of the base works with the solution now (R158)."""


class ScalingPlanned(_SolutionStep):
    """A unit plans to spread the solution (R158)."""


SolutionEvent = OutputRecorded | SolutionHandedOver | SolutionAdopted | ScalingPlanned
