"""Which department pays for somebody: the one their unit is part of (R2, R173)."""

from collections.abc import Iterable

from services.training.domain.known import OrgChart
from shared.contracts.vocabulary import OrgUnitId
from shared.kernel.commands import Context

CHART = OrgChart.at(OrgChart.KEY)
"""What a command asks for that needs a department."""


def department_of(unit_id: OrgUnitId, ctx: Context) -> OrgUnitId:
    """The department that a unit is or is part of; the unit itself where the chart knows none."""
    chart = ctx.facts.find(OrgChart, OrgChart.KEY)
    return chart.department_of(unit_id) if chart else unit_id


def warn_of_unlisted(unit_ids: Iterable[OrgUnitId], ctx: Context) -> None:
    """Remark on departments that were named and are not in the organisation, where it is known."""
    chart = ctx.facts.find(OrgChart, OrgChart.KEY)
    unlisted = {each for each in unit_ids if chart and chart.lacks(each)}
    ctx.warn(
        "department_not_listed",
        "R173",
        when=bool(unlisted),
        department_ids=tuple(sorted(unlisted)),
    )
