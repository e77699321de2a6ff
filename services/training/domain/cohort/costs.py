"""What a participant's training costs: allocated once, and corrected by a further fact (R173)."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field, model_validator

from services.training.domain.cohort.life import Cancelled, Open, Planned
from services.training.domain.cohort.state import Cohort, CohortCommand, CohortState
from services.training.domain.cost_split import split_cost
from shared.contracts.training import CohortEvent, TrainingCostAllocated, TrainingCostCorrected
from shared.contracts.vocabulary import OrgUnitId, PersonId, Text
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.people import Person

Ore = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""What one participant may cost, in whole øre; at most ten million kroner."""


class AllocateTrainingCost(CohortCommand):
    """Charge what each participant costs; the shares are reckoned, never typed in (R173)."""

    may = role("secretariat")  # P32

    cost_per_participant_ore: Ore

    def asks(self, state: CohortState) -> Sequence[Ask]:
        """The departments of those who have no cost yet."""
        unpaid = _unpaid(state) if isinstance(state, Cohort) else ()
        return tuple(Person.at(each) for each in unpaid)

    def decide(self, state: CohortState, ctx: Context) -> Sequence[CohortEvent]:
        """Allocate to those who have no cost yet; another amount than the others' is refused."""
        assert isinstance(state, Cohort)
        if isinstance(state.life, Cancelled):
            raise Refused("cohort_cancelled", "R172")
        if isinstance(state.life, Planned | Open):
            raise Refused("cohort_not_confirmed", "R173")
        others = [
            each
            for each in state.enrolled
            if each in state.costs
            and state.costs[each].allocated_ore != self.cost_per_participant_ore
        ]
        if others:
            raise Refused("training_cost_already_allocated", "R173", person_ids=_named(others))
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
            for person_id, department_id in _payers(state, ctx)
        ]


class CorrectTrainingCost(CohortCommand):
    """Say what a participant costs after all, or which department pays; also after the end."""

    may = role("secretariat")  # P32

    person_id: PersonId
    cost_ore: Ore | None = None
    department_id: OrgUnitId | None = None
    reason: Text

    @model_validator(mode="after")
    def _something(self) -> "CorrectTrainingCost":
        if self.cost_ore is None and self.department_id is None:
            raise ValueError("cost_ore or department_id is needed")
        return self

    def decide(self, state: CohortState, ctx: Context) -> Sequence[CohortEvent]:
        """Put new figures in the place of those before; the shares are reckoned anew."""
        assert isinstance(state, Cohort)
        before = state.costs.get(self.person_id)
        if before is None:
            raise Refused("training_cost_not_allocated", "R173", person_ids=str(self.person_id))
        shares, department_id = before.shares, self.department_id or before.department_id
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
                reason=self.reason,
            )
        ]


def _unpaid(cohort: Cohort) -> tuple[PersonId, ...]:
    return tuple(each for each in cohort.enrolled if each not in cohort.costs)


def _payers(cohort: Cohort, ctx: Context) -> Sequence[tuple[PersonId, OrgUnitId]]:
    """Who has no cost yet, and the department that pays: the directory's, else the enrolment's."""
    payers: list[tuple[PersonId, OrgUnitId]] = []
    from_enrolment: list[PersonId] = []
    unknown: list[PersonId] = []
    for person_id in _unpaid(cohort):
        person = ctx.facts.find(Person, person_id)
        told = cohort.departments.get(person_id)
        if person is not None and person.org_unit_id is not None:
            payers.append((person_id, person.org_unit_id))
        elif told is not None:
            payers.append((person_id, told))
            from_enrolment.append(person_id)
        else:
            unknown.append(person_id)
    if unknown:
        raise Refused("department_unknown", "R173", person_ids=_named(unknown))
    ctx.warn(
        "department_from_enrolment",
        "R173",
        when=bool(from_enrolment),
        person_ids=_named(from_enrolment),
    )
    return payers


def _named(person_ids: Iterable[PersonId]) -> str:
    return ", ".join(str(each) for each in person_ids)
