"""Which department somebody's unit is part of, as training knows it when it looks for who pays."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn

from services.training.domain.known import OrgChart
from services.training.projections.org_chart import ORG_CHART
from shared.contracts.units import OrgUnitListed, OrgUnitRemoved, UnitState
from shared.contracts.vocabulary import OrgUnitKind
from shared.kernel.events import Recorded
from shared.testing import TODAY, folded, rule
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

AREA, DEPARTMENT, OFFICE, TEAM, STAFF, ELSEWHERE = (UUID(int=number) for number in range(1, 7))


def listed(kind: OrgUnitKind, parent_id: UUID | None = None) -> OrgUnitListed:
    return OrgUnitListed(on=TODAY, kind=kind, name=f"En {kind.dansk}", parent_id=parent_id)


def told(unit_id: UUID, *states: UnitState) -> Stream:
    return stream(f"unit-{unit_id}", *states)


STREAMS = (
    told(AREA, listed(OrgUnitKind.DIRECTORATE)),
    told(DEPARTMENT, listed(OrgUnitKind.OTHER), listed(OrgUnitKind.DEPARTMENT, AREA)),
    told(OFFICE, listed(OrgUnitKind.OTHER, DEPARTMENT)),
    told(TEAM, listed(OrgUnitKind.TEAM, OFFICE)),
    told(STAFF, listed(OrgUnitKind.STAFF, AREA)),
    told(ELSEWHERE, listed(OrgUnitKind.DEPARTMENT), OrgUnitRemoved(on=TODAY)),
)
IN_TURN = in_a_row(STREAMS)


def chart(facts: Sequence[Recorded[Any]] = IN_TURN) -> OrgChart:
    rows = folded(ORG_CHART, facts)
    assert list(rows) == [OrgChart.KEY]
    return rows[OrgChart.KEY]


@rule("R2")
@pytest.mark.parametrize(
    ("unit_id", "pays"),
    [
        (DEPARTMENT, DEPARTMENT),
        (OFFICE, DEPARTMENT),
        (TEAM, DEPARTMENT),
        (STAFF, STAFF),
        (AREA, AREA),
        (ELSEWHERE, ELSEWHERE),
    ],
)
def test_the_nearest_department_upwards_pays_and_else_the_unit_itself(
    unit_id: UUID, pays: UUID
) -> None:
    assert chart().department_of(unit_id) == pays


def test_units_that_belong_to_each_other_belong_to_no_department() -> None:
    round_and_round = [
        *told(OFFICE, listed(OrgUnitKind.OTHER, TEAM)),
        *told(TEAM, listed(OrgUnitKind.TEAM, OFFICE)),
    ]

    assert chart(round_and_round).department_of(TEAM) == TEAM


def test_a_unit_is_lacking_only_where_there_are_others() -> None:
    assert chart().lacks(ELSEWHERE)
    assert not chart().lacks(TEAM)
    assert not OrgChart().lacks(TEAM)


@drawn(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_unit_is_heard_of_first(woven: Stream) -> None:
    assert chart(woven) == chart()
