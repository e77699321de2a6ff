"""What is awaited of cohorts, their participants and rotations: T17, T18, T23, T26 and T31."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from services.notifications.domain.known import KnownCohort, StartedCohorts, exam_item
from services.notifications.reactions.reminding.sending import cancel, schedule
from shared.contracts.training import (
    COHORT,
    CohortCancelled,
    CohortConfirmed,
    CohortOpened,
    CohortStarted,
    EnrolmentConfirmed,
    EnrolmentWithdrawn,
    ExamPartRecorded,
    RotationDeclined,
    RotationEnded,
    RotationStarted,
    TrainingDayScheduled,
)
from shared.contracts.vocabulary import ExamPart, PersonId, Programme
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.policy.periods import local_day

Filling = (
    CohortOpened
    | CohortConfirmed
    | CohortStarted
    | TrainingDayScheduled
    | EnrolmentConfirmed
    | EnrolmentWithdrawn
)
"""What may change whether a cohort is below its minimum, and when that is too late."""
Begun = CohortStarted | TrainingDayScheduled | CohortCancelled
"""What may change which cohort began last, and when."""
Examined = TrainingDayScheduled | EnrolmentConfirmed | EnrolmentWithdrawn | ExamPartRecorded
"""What may change who has still to pass which part of the exam, and by when."""


def await_next_cohort(fact: Recorded[Begun], known: Facts) -> Iterator[Send]:
    """T17: after the diploma cohort that began last the next one is awaited, and after no other.

    It moves with that cohort's first day, and falls back to the one before when it is cancelled.
    """
    event = fact.event
    if isinstance(event, CohortStarted) and event.programme is not Programme.DIPLOMA:
        return
    if isinstance(event, TrainingDayScheduled) and event.day != 1:
        return
    started = known.get(StartedCohorts, Programme.DIPLOMA)
    if isinstance(event, CohortCancelled):
        yield cancel("T17", fact, "next")
    elif fact.key not in started.first_days:
        return
    for cohort, first_day in started.first_days.items():
        if cohort == started.latest:
            yield schedule("T17", fact, "next", first_day, COHORT.stream(cohort))
        else:
            yield cancel("T17", fact, "next", COHORT.stream(cohort))


def await_day(fact: Recorded[TrainingDayScheduled], known: Facts) -> Iterable[Send]:
    """T18: each training day; it moves with the day."""
    event = fact.event
    return (schedule("T18", fact, str(event.day), local_day(event.starts_at)),)


def await_minimum(fact: Recorded[Filling], known: Facts) -> Iterable[Send]:
    """T23: while an open cohort has too few, that is awaited before its first training day."""
    cohort = known.get(KnownCohort, fact.key)
    if cohort.is_below_minimum and cohort.begins_on:
        return (schedule("T23", fact, "minimum", cohort.begins_on),)
    return (cancel("T23", fact, "minimum"),)


def await_exam(fact: Recorded[Examined], known: Facts) -> Iterator[Send]:
    """T31: each part of the exam that a participant has not passed, after the last training day."""
    event = fact.event
    cohort_id = event.cohort_id if isinstance(event, ExamPartRecorded) else UUID(fact.key)
    cohort = known.get(KnownCohort, cohort_id)
    people: Sequence[PersonId]
    if not isinstance(event, TrainingDayScheduled):
        people = (event.person_id,)
    else:
        people = cohort.enrolled if event.day == cohort.day_count else ()
    for person_id in people:
        for part in ExamPart:
            item, stream = exam_item(part, person_id), COHORT.stream(str(cohort_id))
            if cohort.last_day and cohort.awaits(person_id, part):
                yield schedule("T31", fact, item, cohort.last_day, stream)
            else:
                yield cancel("T31", fact, item, stream)


def await_nothing_more(fact: Recorded[CohortCancelled], known: Facts) -> Iterator[Send]:
    """T18, T23, T31: nothing is awaited of a cohort that does not take place."""
    yield cancel("T23", fact, "minimum")
    yield from (cancel("T18", fact, day) for day in known.get(KnownCohort, fact.key).days)
    for person_id in fact.event.person_ids:
        yield from (cancel("T31", fact, exam_item(part, person_id)) for part in ExamPart)


def await_end(fact: Recorded[RotationStarted], known: Facts) -> Iterable[Send]:
    """T26: the rotation's end; it moves with the period."""
    return (schedule("T26", fact, "end", fact.event.ends_on),)


def end_came(fact: Recorded[RotationEnded | RotationDeclined], known: Facts) -> Iterable[Send]:
    """T26: the rotation is over, or does not come about after all."""
    return (cancel("T26", fact, "end"),)


def _cohort(fact: Recorded[Filling | CohortCancelled]) -> Sequence[Ask]:
    return (KnownCohort.at(fact.key),)


def _its_cohort(fact: Recorded[ExamPartRecorded]) -> Sequence[Ask]:
    return (KnownCohort.at(fact.event.cohort_id),)


def _started(fact: Recorded[Begun]) -> Sequence[Ask]:
    return (StartedCohorts.at(Programme.DIPLOMA),)


OF_TRAINING: tuple[Reaction, ...] = (
    on(CohortOpened, await_minimum, history="begin", asks=_cohort),
    on(CohortConfirmed, await_minimum, history="begin", asks=_cohort),
    on(CohortStarted, await_minimum, history="begin", asks=_cohort),
    on(CohortStarted, await_next_cohort, history="begin", asks=_started),
    on(CohortCancelled, await_nothing_more, history="begin", asks=_cohort),
    on(CohortCancelled, await_next_cohort, history="begin", asks=_started),
    on(EnrolmentConfirmed, await_minimum, history="begin", asks=_cohort),
    on(EnrolmentConfirmed, await_exam, history="begin", asks=_cohort),
    on(EnrolmentWithdrawn, await_minimum, history="begin", asks=_cohort),
    on(EnrolmentWithdrawn, await_exam, history="begin", asks=_cohort),
    on(TrainingDayScheduled, await_minimum, history="begin", asks=_cohort),
    on(TrainingDayScheduled, await_day, history="begin"),
    on(TrainingDayScheduled, await_next_cohort, history="begin", asks=_started),
    on(TrainingDayScheduled, await_exam, history="begin", asks=_cohort),
    on(ExamPartRecorded, await_exam, history="begin", asks=_its_cohort),
    on(RotationStarted, await_end, history="begin"),
    on(RotationEnded, end_came, history="begin"),
    on(RotationDeclined, end_came, history="begin"),
)
