"""The organisation, for whoever shows names beside the ids of units (R1, R2)."""

from typing import assert_never
from uuid import UUID

from shared.contracts.units import OrgUnitListed, OrgUnitRemoved, UnitState
from shared.contracts.vocabulary import OrgUnitId, OrgUnitKind
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key


class OrgUnit(Row):
    """A unit of the base, keyed by its id."""

    org_unit_id: OrgUnitId
    kind: OrgUnitKind
    name: str
    parent_id: OrgUnitId | None = None
    """The unit that it belongs to; None for one at the top."""


def _fold(row: OrgUnit | None, fact: Recorded[UnitState], key: str) -> OrgUnit | None:
    match fact.event:
        case OrgUnitListed() as listed:
            return OrgUnit(
                org_unit_id=UUID(key),
                kind=listed.kind,
                name=listed.name,
                parent_id=listed.parent_id,
            )
        case OrgUnitRemoved():
            return None
        case other:
            assert_never(other)


ORG_UNITS = View.of(
    OrgUnit, UnitState, keys=stream_key, fold=_fold, indexes=("kind", "name", "parent_id")
)
