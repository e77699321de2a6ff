"""Reading the cohorts, who is in them, how they did, and what it costs."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter

from services.training.domain.known import OrgChart
from services.training.projections.attendance_and_exam import AttendanceAndExam
from services.training.projections.cohort_overview import CohortOverview, CohortPage
from services.training.projections.enrolments import Enrolment, Enrolments
from services.training.projections.training_costs import CostByDepartment, DepartmentCost
from services.training.queries.readers import INSIDE
from shared.contracts.vocabulary import (
    CohortState,
    EnrolmentState,
    ExamResult,
    OrgUnitId,
    PersonId,
    Programme,
)
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reader, Reading
from shared.kernel.permissions import Relations, its, oneself, role
from shared.kernel.refusals import Forbidden, Unknown
from shared.people import Person

router = APIRouter(route_class=ListRoute, tags=["cohorts"])

INTEGRATOR = role("integrator")
"""Systems, which read the projections (P48), but nothing of a named person's training."""
EVERYBODY = role("employee") | role("chefforum") | role("reporter") | INSIDE | INTEGRATOR
"""Who sees that there is a cohort, and so can enrol (P33)."""
OF_RESULTS = INSIDE | oneself(field="person_id")
"""Who reads how somebody did, attendance and exam (P44)."""
OF_ENROLMENTS = OF_RESULTS | its("line_manager")
"""Who reads that somebody is enrolled and has the diploma, and no more than that (P44)."""
OF_ALL_COSTS = INSIDE | INTEGRATOR
OF_OWN_COSTS = role("finance_contact") | its("manager")
"""Who reads what their own department pays (P46)."""


class EnrolmentPage(Enrolment):
    """An enrolment as it is read; a line manager is told `enrolled` for `attending`, too (P44)."""

    waiting_place: int | None = None
    """The place in the waiting list now, from 1 (R170)."""


@router.get("/cohorts")
async def cohorts(
    reader: Reading,
    listing: Listing,
    state: CohortState | None = None,
    programme: Programme | None = None,
) -> Page[CohortPage]:
    """See which cohorts there are, whether they are full, and when the next is due (V33)."""
    reader.allow(EVERYBODY)
    page = await reader.page(CohortOverview, listing, state=state, programme=programme)
    return page.shown_as(CohortPage)


@router.get("/cohorts/{cohort_id}")
async def cohort(cohort_id: UUID, reader: Reading) -> Item[CohortPage]:
    """See one cohort (V33)."""
    reader.allow(EVERYBODY)
    found = await reader.one(CohortOverview, cohort_id)
    return found.shown_as(CohortPage)


@router.get("/cohorts/{cohort_id}/enrolments")
async def enrolments(
    cohort_id: UUID,
    reader: Reading,
    listing: Listing,
    person_id: PersonId | None = None,
    state: EnrolmentState | None = None,
    department_id: OrgUnitId | None = None,
) -> Page[EnrolmentPage]:
    """See who is enrolled or waits, and who has the diploma (V34).

    With a `person_id` also the person and the person's line manager.
    """
    relations = await _relations(person_id, reader)
    capacity = reader.allow(OF_ENROLMENTS, relations, person_id=person_id)
    is_manager = capacity == "line_manager"
    waiting = (await _known(cohort_id, reader)).waiting_ids
    page = await reader.page(
        Enrolments,
        listing,
        cohort_id=cohort_id,
        person_id=person_id,
        # A manager's one row is looked at below, so that the filter does not tell of attendance.
        state=None if is_manager else state,
        department_id=department_id,
    )
    places = {each: place for place, each in enumerate(waiting, start=1)}
    read = (_as_read(each, places, is_manager=is_manager) for each in page.items)
    return page.shown_as(EnrolmentPage, (each for each in read if state in (None, each.state)))


async def _known(cohort_id: UUID, reader: Reader) -> CohortOverview:
    """The cohort that is read inside of; raises Unknown. The list's version is not the cohort's."""
    found = await reader.rows.one(CohortOverview, str(cohort_id))
    if found is None:
        raise Unknown("unknown")
    return found[0]


def _as_read(row: Enrolments, places: Mapping[PersonId, int], *, is_manager: bool) -> EnrolmentPage:
    place = places.get(row.person_id)
    read = EnrolmentPage.model_validate({**row.model_dump(), "waiting_place": place})
    if is_manager and row.state is EnrolmentState.ATTENDING:
        return read.model_copy(update={"state": EnrolmentState.ENROLLED})
    return read


async def _relations(person_id: PersonId | None, reader: Reader) -> Relations:
    """Who is the person's line manager, as the directory has it."""
    known = await _listed(person_id, reader)
    manager = known.line_manager_id if known else None
    return {"line_manager": (manager,)} if manager else {}


async def _listed(person_id: PersonId | None, reader: Reader) -> Person | None:
    """What the directory has of somebody; None when it has nothing, or nobody is named."""
    found = await reader.rows.one(Person, str(person_id)) if person_id else None
    return found[0] if found else None


@router.get("/cohorts/{cohort_id}/results")
async def results(
    cohort_id: UUID,
    reader: Reading,
    listing: Listing,
    person_id: PersonId | None = None,
    written: ExamResult | None = None,
    oral: ExamResult | None = None,
    *,
    has_place: bool | None = None,
    all_passed: bool | None = None,
) -> Page[AttendanceAndExam]:
    """See who was there and who has which part of the exam left (V34).

    With their own `person_id` anybody sees their own.
    """
    reader.allow(OF_RESULTS, person_id=person_id)
    await _known(cohort_id, reader)
    return await reader.page(
        AttendanceAndExam,
        listing,
        cohort_id=cohort_id,
        person_id=person_id,
        written=written,
        oral=oral,
        has_place=has_place,
        all_passed=all_passed,
    )


@router.get("/reports/training-costs")
async def training_costs(
    reader: Reading,
    listing: Listing,
    cohort_id: UUID | None = None,
    department_id: OrgUnitId | None = None,
) -> Page[DepartmentCost]:
    """See who pays what for the training, in øre (V35); a department's own people see its own."""
    page = await reader.page(
        CostByDepartment,
        listing,
        cohort_id=cohort_id,
        department_id=await _payer(department_id, reader),
    )
    return page.shown_as(DepartmentCost)


async def _payer(wanted: OrgUnitId | None, reader: Reader) -> OrgUnitId | None:
    """The department that is read: any or all of them, or one's own alone (P46)."""
    person_id = reader.actor.person_id
    known = await _listed(person_id, reader)
    manages = known is not None and known.management_level is not None
    relations: Relations = {"manager": (person_id,)} if manages and person_id else {}
    capacity = reader.allow(OF_ALL_COSTS | OF_OWN_COSTS, relations)
    if capacity not in ("finance_contact", "manager"):
        return wanted
    unit_id = known.org_unit_id if known else None
    own = await _department_of(unit_id, reader) if unit_id else None
    if own is None or wanted not in (None, own):
        raise Forbidden("not_allowed", who=str(OF_ALL_COSTS))
    return own


async def _department_of(unit_id: OrgUnitId, reader: Reader) -> OrgUnitId:
    """The department that a unit is or is part of, which is the one that pays (R2)."""
    chart = await reader.rows.one(OrgChart, OrgChart.KEY)
    return chart[0].department_of(unit_id) if chart else unit_id
