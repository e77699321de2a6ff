"""The organisation in one row, as training knows it when it looks for the department that pays."""

from collections.abc import Iterable
from typing import assert_never

from services.training.domain.known import ChartedUnit, OrgChart
from shared.contracts.units import OrgUnitListed, OrgUnitRemoved, UnitState
from shared.kernel.events import Recorded
from shared.kernel.views import View


def _the_one(_: Recorded[UnitState]) -> Iterable[str]:
    return (OrgChart.KEY,)


def _fold(row: OrgChart | None, fact: Recorded[UnitState], key: str) -> OrgChart:
    known = row.units if row else {}
    units = {each: unit for each, unit in known.items() if each != fact.key}
    match fact.event:
        case OrgUnitListed() as listed:
            units[fact.key] = ChartedUnit(kind=listed.kind, parent_id=listed.parent_id)
        case OrgUnitRemoved():
            pass
        case other:
            assert_never(other)
    return OrgChart(units=dict(sorted(units.items())))


ORG_CHART = View.of(OrgChart, UnitState, keys=_the_one, fold=_fold)
