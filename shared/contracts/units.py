"""The organisation as it is told: the state of each unit, replaced by every later revision.

Reference data of the municipality's own registry, without people (R1, R2). Its topic is compacted;
a removal is a tombstone, which readers take in as OrgUnitRemoved.
"""

from shared.contracts.vocabulary import OrgUnitId, OrgUnitKind
from shared.kernel.events import Event, StreamKind


class OrgUnitListed(Event):
    """A unit as the registry has it; the stream's key is the unit's id.

    `parent_id` is the unit that it belongs to; None for one at the top.
    """

    kind: OrgUnitKind
    name: str
    parent_id: OrgUnitId | None = None


class OrgUnitRemoved(Event):
    """There is no such unit any longer."""


UnitState = OrgUnitListed | OrgUnitRemoved

UNIT = StreamKind.of("units", "training", UnitState, "state")

KINDS = (UNIT,)
