"""People ask for a place in a cohort, wait for one, and give it up."""

from collections.abc import Sequence
from typing import Any

from services.training.domain.cohort.costs import warn_of_costs
from services.training.domain.cohort.departments import CHART, department_of, warn_of_unlisted
from services.training.domain.cohort.life import Open
from services.training.domain.cohort.state import Cohort, CohortCommand, CohortState
from services.training.domain.known import NetworkRoles
from services.training.domain.leader_path.state import LEADER_PATH, LeaderPath
from shared.contracts.training import (
    CohortEvent,
    EnrolmentConfirmed,
    EnrolmentRequested,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    EnrolmentPlace,
    OrgUnitId,
    PersonId,
    Programme,
)
from shared.kernel.commands import Aggregate, Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Malformed, Refused
from shared.people import Person


class _EnrolmentCommand(CohortCommand):
    """About one person's enrolment: by the person, or by the secretariat for them."""

    person_id: PersonId

    def _hold_for_the_person(self) -> None:
        if self.on_behalf_of not in (None, self.person_id):
            raise Malformed("on_behalf_of_another", "R172", person_id=str(self.person_id))


class RequestEnrolment(_EnrolmentCommand):
    """Ask for a place in a cohort; one enrols in all of it and never in a single day (R172)."""

    may = oneself(field="person_id") | role("secretariat")  # P33

    department_id: OrgUnitId | None = None
    """The base department that pays its share; the directory's when it is not given."""

    def asks(self, state: CohortState) -> Sequence[Ask]:
        """What the person drives or drove in networks, and their department."""
        return (NetworkRoles.at(self.person_id), Person.at(self.person_id), CHART)

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The person's path, for what they drove before."""
        return ((LEADER_PATH, str(self.person_id)),)

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Give a place, or the next one on the waiting list; the diploma is for co-drivers.

        The secretariat may set the bound aside, and so give a place at once (R170, P57).
        """
        self._hold_for_the_person()
        person = ctx.facts.find(Person, self.person_id)
        unit_id = self.department_id or (person.org_unit_id if person else None)
        department_id = department_of(unit_id, ctx) if unit_id else None
        if self.person_id in cohort.enrolled or self.person_id in cohort.waiting:
            self._hold_the_department(cohort, department_id)
            if self.person_id in cohort.enrolled or not self._is_past_the_bound(cohort, ctx):
                return []
            return [_place_for(self.person_id, cohort, ctx, promoted=True)]
        if not isinstance(cohort.life, Open):
            raise Refused("cohort_not_open", "R172")
        ctx.default(
            "not_a_co_driver",
            "R250",
            broken=_co_drivers_only(cohort, ctx) and not self._is_or_was_co_driver(ctx),
        )
        enrol_by = cohort.life.enrol_by
        ctx.warn(
            "enrolment_too_late", "R172", when=ctx.on > enrol_by, enrol_by=enrol_by.isoformat()
        )
        ctx.warn("person_not_listed", "R173", when=person is None)
        warn_of_unlisted([self.department_id] if self.department_id else (), ctx)
        requested = EnrolmentRequested(
            on=ctx.on,
            person_id=self.person_id,
            department_id=department_id,
            department_named=self.department_id is not None,
            programme=cohort.programme,
        )
        if cohort.is_full and not self._is_past_the_bound(cohort, ctx):
            return [
                requested,
                EnrolmentWaitlisted(
                    on=ctx.on,
                    person_id=self.person_id,
                    place=len(cohort.waiting) + 1,
                    title=cohort.plan.title,
                ),
            ]
        return [requested, _place_for(self.person_id, cohort, ctx, promoted=False)]

    def _hold_the_department(self, cohort: Cohort, department_id: OrgUnitId | None) -> None:
        """Refuse to name another department than at the first time; who charges, names it."""
        is_same = department_id == cohort.departments[self.person_id]
        if self.department_id and not (is_same and self.person_id in cohort.named):
            raise Refused("enrolled_for_another_department", "R173")

    def _is_past_the_bound(self, cohort: Cohort, ctx: Context) -> bool:
        if self.override is None or "R170" not in self.override.rules:
            return False
        ctx.default("cohort_full", "R170", broken=True, most=cohort.plan.size_max)
        return True

    def _is_or_was_co_driver(self, ctx: Context) -> bool:
        path: LeaderPath = ctx.state(LEADER_PATH, str(self.person_id))
        if any(run.role is DrivingRole.CO_DRIVER for run in path.runs):
            return True
        roles = ctx.facts.find(NetworkRoles, self.person_id)
        return roles is not None and roles.is_or_was_co_driver


class WithdrawEnrolment(_EnrolmentCommand):
    """Give up a place in a cohort, or no longer wait for one."""

    may = oneself(field="person_id") | role("secretariat")  # P33

    reason: NoteText | None = None

    def decide_active(self, cohort: Cohort, ctx: Context) -> Sequence[CohortEvent]:
        """Withdraw; the next one who waits gets the place; nobody waits once it runs (R170)."""
        self._hold_for_the_person()
        if self.person_id not in cohort.departments:
            raise Refused("not_enrolled", "R172", person_ids=(self.person_id,))
        had_place = self.person_id in cohort.enrolled
        if not had_place and self.person_id not in cohort.waiting:
            return []
        note = ctx.note(self.reason, about=self.person_id) if self.reason else None
        withdrawn = EnrolmentWithdrawn(
            on=ctx.on,
            person_id=self.person_id,
            was=EnrolmentPlace.ENROLLED if had_place else EnrolmentPlace.WAITING,
            reason_note=note,
        )
        if not had_place:
            return [withdrawn]
        warn_of_costs(cohort, [self.person_id], ctx)
        left, least, most = len(cohort.enrolled) - 1, cohort.plan.size_min, cohort.plan.size_max
        if cohort.waiting and (most is None or left < most):
            return [withdrawn, _place_for(cohort.waiting[0], cohort, ctx, promoted=True)]
        ctx.warn("cohort_below_minimum", "R170", when=left < least, size=left, least=least)
        return [withdrawn]


def _co_drivers_only(cohort: Cohort, ctx: Context) -> bool:
    return (
        cohort.programme is Programme.DIPLOMA
        and ctx.policy.training.enrolment_requires == "co_driver"
    )


def _place_for(
    person_id: PersonId, cohort: Cohort, ctx: Context, *, promoted: bool
) -> EnrolmentConfirmed:
    return EnrolmentConfirmed(
        on=ctx.on,
        person_id=person_id,
        promoted=promoted,
        title=cohort.plan.title,
        programme=cohort.programme,
    )
