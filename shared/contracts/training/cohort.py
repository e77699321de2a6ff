"""One class of a programme: its places, its days, and what it costs.

The stream's key is the cohort's id. Exam results are not here; they are heard by the four services
alone.
"""

from datetime import date, datetime

from shared.contracts.vocabulary import (
    EnrolmentPlace,
    NoteId,
    OrgUnitId,
    PersonId,
    Programme,
    Text,
    Title,
    TrainingDay,
)
from shared.kernel.events import Event


class CohortPlanned(Event):
    """A cohort of a programme is to be held (R172, R185)."""

    programme: Programme
    title: Title
    provider: str | None = None
    ects: float | None = None
    """The credits it gives; None when that is not said (R171)."""
    first_day: date | None = None
    """When its first day is thought to be."""
    size_min: int
    size_max: int | None = None
    """From the next one on there is a waiting list; None where there is no bound (R170)."""
    days: tuple[Title, ...]
    """The training days' titles, in order (R174-R179)."""


class CohortOpened(Event):
    """One can enrol (R172)."""

    title: Title
    programme: Programme
    enrol_by: date


class EnrolmentRequested(Event):
    """A person asked for a place in a cohort; the answer comes with it (R170, R250)."""

    person_id: PersonId
    department_id: OrgUnitId | None = None
    """The base department that pays its share; None when the directory did not tell."""
    department_named: bool = False
    """Whether it was named by whoever asked, and so pays whatever the directory says later."""
    programme: Programme


class EnrolmentConfirmed(Event):
    """A person has a place (R170)."""

    person_id: PersonId
    promoted: bool
    """Whether the place came from the waiting list."""
    title: Title
    programme: Programme


class EnrolmentWaitlisted(Event):
    """The cohort is full; the person waits in order (R170)."""

    person_id: PersonId
    place: int
    """From 1, when they came."""
    title: Title


class EnrolmentWithdrawn(Event):
    """A person no longer has a place, or no longer waits for one (R170)."""

    person_id: PersonId
    was: EnrolmentPlace
    reason_note: NoteId | None = None


class EnrolmentLapsed(Event):
    """The cohort was completed and the person has no diploma yet (R181).

    An exam can be taken again. What is missing of it is not told here.
    """

    person_id: PersonId


class CohortConfirmed(Event):
    """The cohort takes place (R170)."""

    title: Title
    participants: tuple[PersonId, ...]


class CohortStarted(Event):
    """The first training day has come (R172)."""

    programme: Programme
    first_day: date
    participants: tuple[PersonId, ...]
    next_due_on: date | None = None
    """When the programme's next cohort is due; None where there is no rhythm (R169)."""


class CohortCompleted(Event):
    """All days are held and the exams are over (R174, R181)."""

    programme: Programme
    diplomas: int
    lapsed: int
    participants: tuple[PersonId, ...] = ()
    """Who had a place to the end, with a diploma or without."""


class CohortCancelled(Event):
    """The cohort does not take place; everybody's enrolment ends with it (R170)."""

    title: Title
    reason: Text
    person_ids: tuple[PersonId, ...]
    """Who had a place or waited for one."""


class TrainingDayScheduled(Event):
    """A training day has a date; told again when it moves (R174)."""

    day: TrainingDay
    title: Title
    starts_at: datetime
    ends_at: datetime
    place: str | None = None
    person_ids: tuple[PersonId, ...] = ()
    """Who has a place in the cohort."""
    sequence: int = 0
    """How often the day has moved, for calendars."""
    next_due_on: date | None = None
    """When the programme's next cohort is due after all, where the first day of one that has
    begun moves; None for any other day (R169)."""


class TrainingDayAttended(Event):
    """A participant was there on a training day, or after all was not (R174)."""

    day: TrainingDay
    person_id: PersonId
    present: bool


class TrainingCostAllocated(Event):
    """What one participant's training costs, and who pays how much of it, in whole øre (R173)."""

    person_id: PersonId
    department_id: OrgUnitId
    total_ore: int
    base_ore: int
    secretariat_ore: int


class TrainingCostCorrected(Event):
    """A participant's cost was not as allocated; these figures take the place of those (R173)."""

    person_id: PersonId
    department_id: OrgUnitId
    moved_from: OrgUnitId | None = None
    """The department that was to pay before, where it is another."""
    total_ore: int
    base_ore: int
    secretariat_ore: int
    reason_note: NoteId


CohortEvent = (
    CohortPlanned
    | CohortOpened
    | EnrolmentRequested
    | EnrolmentConfirmed
    | EnrolmentWaitlisted
    | EnrolmentWithdrawn
    | EnrolmentLapsed
    | CohortConfirmed
    | CohortStarted
    | CohortCompleted
    | CohortCancelled
    | TrainingDayScheduled
    | TrainingDayAttended
    | TrainingCostAllocated
    | TrainingCostCorrected
)
