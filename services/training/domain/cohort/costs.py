"""What a participant's training costs: allocated once, and corrected by a further fact (R173)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.cohort.departments import CHART, department_of, warn_of_unlisted
from services.training.domain.cohort.life import Cancelled, Open, Planned
from services.training.domain.cohort.state import Cohort, CohortCommand, CohortState, Cost
from services.training.domain.cost_split import split_cost
from shared.contracts.training import CohortEvent, TrainingCostAllocated, TrainingCostCorrected
from shared.contracts.vocabulary import OrgUnitId, PersonId
from shared.kernel.commands import Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.people import Person

Ore = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""What one participant may cost, in whole øre; at most ten million kroner."""


class PayingDepartment(BaseModel):
    """Which department pays for a participant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: PersonId
    department_id: OrgUnitId


class AllocateTrainingCost(CohortCommand):
    """Charge what each participant costs; the shares are reckoned, never typed in (R173).

    `departments` names those who are to pay for some participants, whom the directory may not know.
    """

    may = role("secretariat")  # P32

    cost_per_participant_ore: Ore
    departments: Annotated[tuple[PayingDepartment, ...], Field(max_length=500)] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "AllocateTrainingCost":
        if len({each.person_id for each in self.departments}) < len(self.departments):
            raise PydanticCustomError("person_named_twice", "a person is named twice")
        return self

    def asks(self, state: CohortState) -> Sequence[Ask]:
        """The departments of those who have no cost yet."""
        unpaid = _unpaid(state) if isinstance(state, Cohort) else ()
        return (CHART, *(Person.at(each) for each in unpaid))

    def decide(self, state: CohortState, ctx: Context) -> Sequence[CohortEvent]:
        """Allocate to those who have no cost yet, for instance because they moved up later.

        Refused for another amount or department than was allocated, and while it is not known for
        every one who pays.
        """
        assert isinstance(state, Cohort)
        if isinstance(state.life, Cancelled):
            raise Refused("cohort_cancelled", "R172")
        if isinstance(state.life, Planned | Open):
            raise Refused("cohort_not_confirmed", "R173")
        named = self._named_departments(state, ctx)
        others = tuple(
            each
            for each in state.enrolled
            if each in state.costs and self._differs(state.costs[each], named.get(each))
        )
        if others:
            raise Refused("training_cost_already_allocated", "R173", person_ids=others)
        shares = split_cost(self.cost_per_participant_ore, ctx.policy.training.cost_split_base)
        return [
            TrainingCostAllocated(
                on=ctx.on,
                person_id=person_id,
                department_id=department_id,
                total_ore=shares.total_ore,
                base_ore=shares.base_ore,
                secretariat_ore=shares.secretariat_ore,
            )
            for person_id, department_id in _payers(state, named, ctx)
        ]

    def _named_departments(self, cohort: Cohort, ctx: Context) -> dict[PersonId, OrgUnitId]:
        strangers = tuple(
            each.person_id for each in self.departments if each.person_id not in cohort.enrolled
        )
        if strangers:
            raise Refused("not_enrolled", "R172", person_ids=strangers)
        warn_of_unlisted((each.department_id for each in self.departments), ctx)
        return {each.person_id: department_of(each.department_id, ctx) for each in self.departments}

    def _differs(self, cost: Cost, department_id: OrgUnitId | None) -> bool:
        is_other_amount = cost.allocated_ore != self.cost_per_participant_ore
        return is_other_amount or department_id not in (None, cost.allocated_to)


class CorrectTrainingCost(CohortCommand):
    """Say what a participant costs after all, or which department pays; also after the end."""

    may = role("secretariat")  # P32

    person_id: PersonId
    cost_ore: Ore | None = None
    department_id: OrgUnitId | None = None
    reason: NoteText

    @model_validator(mode="after")
    def _something(self) -> "CorrectTrainingCost":
        if self.cost_ore is None and self.department_id is None:
            raise PydanticCustomError(
                "cost_or_department_missing", "cost_ore or department_id is needed"
            )
        return self

    def asks(self, state: CohortState) -> Sequence[Ask]:
        """The organisation, for the department."""
        return (CHART,)

    def decide(self, state: CohortState, ctx: Context) -> Sequence[CohortEvent]:
        """Put new figures in the place of those before; the shares are reckoned anew."""
        assert isinstance(state, Cohort)
        before = state.costs.get(self.person_id)
        if before is None:
            raise Refused("training_cost_not_allocated", "R173", person_ids=(self.person_id,))
        shares, department_id = before.shares, before.department_id
        if self.department_id is not None:
            warn_of_unlisted([self.department_id], ctx)
            department_id = department_of(self.department_id, ctx)
        if self.cost_ore not in (None, shares.total_ore):
            shares = split_cost(self.cost_ore, ctx.policy.training.cost_split_base)
        if (shares, department_id) == (before.shares, before.department_id):
            return []
        return [
            TrainingCostCorrected(
                on=ctx.on,
                person_id=self.person_id,
                department_id=department_id,
                moved_from=before.department_id if department_id != before.department_id else None,
                total_ore=shares.total_ore,
                base_ore=shares.base_ore,
                secretariat_ore=shares.secretariat_ore,
                reason_note=ctx.note(self.reason, about=self.person_id),
            )
        ]


def _unpaid(cohort: Cohort) -> tuple[PersonId, ...]:
    return tuple(each for each in cohort.enrolled if each not in cohort.costs)


def warn_of_costs(cohort: Cohort, person_ids: Iterable[PersonId], ctx: Context) -> None:
    """Remark on costs of people who leave; they stay until corrected, as they may be owed (R173)."""
    costing = cohort.costing(person_ids)
    ctx.warn("cost_to_correct", "R173", when=bool(costing), person_ids=costing)


def _payers(
    cohort: Cohort, named: Mapping[PersonId, OrgUnitId], ctx: Context
) -> Sequence[tuple[PersonId, OrgUnitId]]:
    """Who has no cost yet, and the department that pays.

    The one that was named, now or at enrolment; else the directory's, else that of the enrolment.
    """
    payers: list[tuple[PersonId, OrgUnitId]] = []
    from_enrolment: list[PersonId] = []
    unknown: list[PersonId] = []
    for person_id in _unpaid(cohort):
        person = ctx.facts.find(Person, person_id)
        told = cohort.departments.get(person_id)
        unit_id = named.get(person_id) or (told if person_id in cohort.named else None)
        unit_id = unit_id or (person.org_unit_id if person else None)
        if unit_id is None and told is not None:
            unit_id = told
            from_enrolment.append(person_id)
        if unit_id is None:
            unknown.append(person_id)
        else:
            payers.append((person_id, department_of(unit_id, ctx)))
    if unknown:
        raise Refused("department_unknown", "R173", person_ids=tuple(unknown))
    ctx.warn(
        "department_from_enrolment",
        "R173",
        when=bool(from_enrolment),
        person_ids=tuple(from_enrolment),
    )
    return payers
