"""What each department pays for its people in each cohort."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.training import TrainingCostAllocated, TrainingCostCorrected
from shared.contracts.vocabulary import OrgUnitId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

CostHeard = TrainingCostAllocated | TrainingCostCorrected


class DepartmentCost(Row):
    """What a department's people in a cohort cost, and who pays how much of it (V35, R173)."""

    cohort_id: UUID
    department_id: OrgUnitId
    participants: int = 0
    """How many cost something; who was corrected to nothing is not among them."""
    base_ore: int = 0
    """What the department pays, in whole øre."""
    secretariat_ore: int = 0
    """What the secretariat pays, in whole øre."""
    total_ore: int = 0
    """The two together, exactly."""


class Shares(BaseModel):
    """What one participant costs, in whole øre."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    base_ore: int
    secretariat_ore: int
    total_ore: int


class CostByDepartment(DepartmentCost):
    """A department's costs in a cohort, keyed by the two ids with a dash between.

    What each participant costs stands beside the sums, so that a correction can take its place.
    """

    by_person: dict[str, Shares] = Field(default_factory=dict)


def _keys(fact: Recorded[CostHeard]) -> Iterable[str]:
    event = fact.event
    paying = [event.department_id]
    if isinstance(event, TrainingCostCorrected) and event.moved_from is not None:
        paying.append(event.moved_from)
    return [f"{fact.key}-{each}" for each in paying]


def _costs(
    row: CostByDepartment | None, fact: Recorded[CostHeard], key: str
) -> CostByDepartment | None:
    row = row or CostByDepartment(cohort_id=UUID(key[:36]), department_id=UUID(key[37:]))
    event = fact.event
    person_id = str(event.person_id)
    by_person = {each: shares for each, shares in row.by_person.items() if each != person_id}
    match event:
        case TrainingCostAllocated() | TrainingCostCorrected():
            if event.department_id == row.department_id and event.total_ore > 0:
                by_person[person_id] = Shares.model_validate(event, from_attributes=True)
        case other:
            assert_never(other)
    if not by_person:
        return None
    paid = by_person.values()
    return row.model_copy(
        update={
            "by_person": dict(sorted(by_person.items())),
            "participants": len(by_person),
            "base_ore": sum(each.base_ore for each in paid),
            "secretariat_ore": sum(each.secretariat_ore for each in paid),
            "total_ore": sum(each.total_ore for each in paid),
        }
    )


COST_BY_DEPARTMENT = View.of(
    CostByDepartment, CostHeard, keys=_keys, fold=_costs, indexes=("cohort_id", "department_id")
)
