"""Cohorts to begin a test with: what was told of them so far."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.training.domain.known import ChartedUnit, HeldRole, NetworkRoles, OrgChart
from shared.contracts.training import (
    CohortCancelled,
    CohortCompleted,
    CohortConfirmed,
    CohortEvent,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentConfirmed,
    EnrolmentRequested,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    EnrolmentPlace,
    OrgUnitId,
    OrgUnitKind,
    PersonId,
    Programme,
)
from shared.kernel.permissions import Actor
from shared.testing import CHIEF, TODAY, employee, person
from shared.testing.kit import NS3

COHORT, DEPARTMENT, OTHER_DEPARTMENT = UUID(int=1), UUID(int=2), UUID(int=3)
TEAM = UUID(int=4)
"""A team of the department."""
UNITS = {
    str(DEPARTMENT): ChartedUnit(kind=OrgUnitKind.DEPARTMENT),
    str(OTHER_DEPARTMENT): ChartedUnit(kind=OrgUnitKind.DEPARTMENT),
    str(TEAM): ChartedUnit(kind=OrgUnitKind.TEAM, parent_id=DEPARTMENT),
}
CHART = OrgChart(units=UNITS)
TITLE = NS3.training.programme_title
ENROL_BY = TODAY + timedelta(days=30)
FIRST, SECOND = datetime(2013, 8, 20, 7, tzinfo=UTC), datetime(2013, 8, 27, 7, tzinfo=UTC)
HOURS = timedelta(hours=8)
PEOPLE = tuple(person(f"co-driver {number}") for number in range(1, 21))

MUST_NOT: tuple[Actor, ...] = (
    employee("candidate"),
    employee("manager", "line_manager"),
    CHIEF,
    employee("leader", "network_leader"),
    Actor(name="reports", roles=frozenset({"reporter"})),
    Actor(name="other system", roles=frozenset({"integrator"})),
)
"""Who only asks for a place, at most (P32, P57)."""

PLANNED = CohortPlanned(
    on=TODAY,
    programme=Programme.DIPLOMA,
    title=TITLE,
    size_min=12,
    size_max=15,
    days=NS3.training.days,
)
INNOVATORS = CohortPlanned(
    on=TODAY,
    programme=Programme.INNOVATOR,
    title="Innovatører",
    size_min=1,
    days=("Kreativitet", "Prøvehandlinger"),
)
OPENED = CohortOpened(on=TODAY, title=TITLE, programme=Programme.DIPLOMA, enrol_by=ENROL_BY)
COMPLETED = CohortCompleted(on=TODAY, programme=Programme.DIPLOMA, diplomas=12, lapsed=0)
CANCELLED = CohortCancelled(on=TODAY, title=TITLE, reason="For få deltagere", person_ids=())


def co_driver(person_id: PersonId) -> NetworkRoles:
    """What is known of somebody who co-drives a network now."""
    role = HeldRole(
        network_id=UUID(int=9),
        role=DrivingRole.CO_DRIVER,
        since=TODAY,
        leader_id=person("leader"),
    )
    return NetworkRoles(person_id=person_id, held=(role,))


def requested(
    person_id: PersonId, department_id: OrgUnitId | None = None, *, named: bool = False
) -> EnrolmentRequested:
    """Somebody asked for a place, and perhaps named the department that pays."""
    return EnrolmentRequested(
        on=TODAY,
        person_id=person_id,
        department_id=department_id,
        department_named=named,
        programme=Programme.DIPLOMA,
    )


def placed(person_id: PersonId, *, promoted: bool = False) -> EnrolmentConfirmed:
    """Somebody has a place."""
    return EnrolmentConfirmed(
        on=TODAY,
        person_id=person_id,
        promoted=promoted,
        title=TITLE,
        programme=Programme.DIPLOMA,
    )


def waitlisted(person_id: PersonId, place: int) -> EnrolmentWaitlisted:
    """Somebody waits for a place."""
    return EnrolmentWaitlisted(on=TODAY, person_id=person_id, place=place, title=TITLE)


def enrolled(number: int, department_id: OrgUnitId | None = DEPARTMENT) -> list[CohortEvent]:
    """An open diploma cohort in which this many people asked for a place, one after another."""
    facts: list[CohortEvent] = [PLANNED, OPENED]
    for place, each in enumerate(PEOPLE[:number], start=1):
        facts.append(requested(each, department_id))
        facts.append(placed(each) if place <= 15 else waitlisted(each, place - 15))
    return facts


def confirmed(number: int = 12, waiting: int = 0) -> list[CohortEvent]:
    """A confirmed one."""
    told = CohortConfirmed(on=TODAY, title=TITLE, participants=PEOPLE[:number])
    return [*enrolled(number + waiting), told]


def running(number: int = 12, waiting: int = 0) -> list[CohortEvent]:
    """One that has begun; who waited, waits no longer."""
    told = CohortStarted(
        on=TODAY,
        programme=Programme.DIPLOMA,
        first_day=TODAY,
        participants=PEOPLE[:number],
    )
    gone = (
        EnrolmentWithdrawn(on=TODAY, person_id=each, was=EnrolmentPlace.WAITING)
        for each in PEOPLE[number : number + waiting]
    )
    return [*confirmed(number, waiting), *gone, told]


def scheduled(day: int, starts_at: datetime = FIRST, sequence: int = 0) -> TrainingDayScheduled:
    """A training day of eight hours has a date."""
    return TrainingDayScheduled(
        on=TODAY,
        day=day,
        title=PLANNED.days[day - 1],
        starts_at=starts_at,
        ends_at=starts_at + HOURS,
        person_ids=PEOPLE[:12],
        sequence=sequence,
    )


ALL_DAYS = [scheduled(day, FIRST + timedelta(days=day)) for day in range(1, 6)]
"""All five, every one of them in the past."""
