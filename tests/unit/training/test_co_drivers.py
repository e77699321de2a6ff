"""The list of co-drivers says who is on the way to network leader, and what each lacks."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all

from services.training.projections.co_drivers import CO_DRIVER_PIPELINE, CoDriverPipeline
from shared.contracts.training import (
    CohortCompleted,
    DiplomaAwarded,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentRequested,
    EnrolmentWithdrawn,
    LeaderAdmittedToPool,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    EnrolmentPlace,
    PoolBasis,
    PriorExperience,
    Programme,
)
from shared.kernel.events import Event, Recorded
from shared.testing import folded, new_id, person, rule
from tests.unit.training.crews import (
    LEADER,
    cancelled,
    closed,
    co_drives,
    imported,
    network,
    released,
)
from tests.unit.training.paths import ANNA, GARDENS, co_drove
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

BO = person("bo")
SHARING, COHORT, NEXT = (UUID(int=number) for number in (2, 3, 4))
DAY = [date(2013, 9, number) for number in range(1, 16)]

DRIVES = co_drives(ANNA, DAY[2])
RELEASED = released(ANNA, DAY[2], DAY[4])
CLOSED = closed(DAY[2], DAY[5], co_driver=ANNA)
CANCELLED = cancelled(DAY[5], leader=LEADER, co_driver=ANNA)
IMPORTED = imported(DAY[6], DAY[0], co_driver=ANNA)
DROVE = co_drove(DAY[2], DAY[5])
LED = LeadingCompleted.model_validate(DROVE.model_dump())
DIPLOMA = DiplomaAwarded(on=DAY[8], person_id=ANNA, cohort_id=COHORT, awarded_on=DAY[7])
QUALIFIED = LeaderQualified(on=DAY[8], person_id=ANNA, diploma_on=DAY[7], runs=())
ADMITTED = LeaderAdmittedToPool(
    on=DAY[9], person_id=ANNA, basis=PoolBasis.TRAINED_CO_DRIVER, qualified=True
)
LEFT_POOL = LeaderLeftPool(on=DAY[10], person_id=ANNA)
WITHDRAWN = EnrolmentWithdrawn(on=DAY[3], person_id=ANNA, was=EnrolmentPlace.ENROLLED)
LAPSED = EnrolmentLapsed(on=DAY[9], person_id=ANNA)
COMPLETED = CohortCompleted(
    on=DAY[9], programme=Programme.DIPLOMA, diplomas=1, lapsed=0, participants=(ANNA,)
)


def before(what: PriorExperience) -> PriorQualificationRecorded:
    return PriorQualificationRecorded(on=DAY[0], person_id=ANNA, what=what, evidence_note=new_id(1))


def requested(programme: Programme = Programme.DIPLOMA) -> EnrolmentRequested:
    return EnrolmentRequested(on=DAY[1], person_id=ANNA, programme=programme)


def placed(programme: Programme = Programme.DIPLOMA) -> EnrolmentConfirmed:
    return EnrolmentConfirmed(
        on=DAY[1], person_id=ANNA, promoted=False, title="Hold 1", programme=programme
    )


def path(*events: Event) -> Stream:
    return stream(f"leader-{ANNA}", *events)


def cohort(*events: Event, of: UUID = COHORT) -> Stream:
    return stream(f"cohort-{of}", *events)


def annas(*facts: Recorded[Any]) -> CoDriverPipeline:
    return folded(CO_DRIVER_PIPELINE, facts)[str(ANNA)]


@rule("R142")
def test_an_apprentice_is_listed_from_the_first_day_with_what_is_missing() -> None:
    assert annas(*network(GARDENS, DRIVES)) == CoDriverPipeline(
        person_id=ANNA, co_driver=True, co_driving=(GARDENS,), co_driver_first_on=DAY[2]
    )
    both = annas(*network(GARDENS, DRIVES), *network(SHARING, IMPORTED))
    assert (both.co_driving, both.co_driver_first_on) == ((GARDENS, SHARING), DAY[0])


@rule("R168")
@pytest.mark.parametrize(
    ("facts", "lacks_run", "lacks_diploma"),
    [
        ((), True, True),
        ((DROVE,), False, True),
        ((LED,), False, True),
        ((DIPLOMA,), True, False),
        ((DIPLOMA, DROVE, QUALIFIED), False, False),
        ((before(PriorExperience.DIPLOMA), before(PriorExperience.LEADER)), False, False),
    ],
)
def test_what_is_missing_is_a_driven_network_or_the_diploma(
    facts: Sequence[Event],
    lacks_run: bool,  # noqa: FBT001
    lacks_diploma: bool,  # noqa: FBT001
) -> None:
    row = annas(*network(GARDENS, DRIVES), *path(*facts))
    assert (row.lacks_run, row.lacks_diploma) == (lacks_run, lacks_diploma)


@pytest.mark.parametrize("end", [RELEASED, CLOSED, CANCELLED])
def test_whoever_co_drove_stays_listed_after_it(end: Event) -> None:
    row = annas(*network(GARDENS, DRIVES, end))
    assert (row.co_driver, row.co_driving, row.co_driver_first_on) == (True, (), DAY[2])


def test_co_driving_counts_from_before_the_system_and_leading_does_not() -> None:
    assert annas(*path(before(PriorExperience.CO_DRIVER))).co_driver
    assert annas(*path(DROVE)).co_driver
    for other in (before(PriorExperience.LEADER), before(PriorExperience.DIPLOMA), LED, DIPLOMA):
        assert not annas(*path(other)).co_driver


@rule("R142")
def test_it_shows_in_which_cohort_of_the_diploma_somebody_is_now() -> None:
    waits = annas(*cohort(requested()))
    assert (waits.cohorts, waits.waiting, waits.enrolled) == (
        {str(COHORT): EnrolmentPlace.WAITING},
        True,
        False,
    )
    has_place = annas(*cohort(requested(), placed()), *cohort(requested(), of=NEXT))
    assert (has_place.enrolled, has_place.waiting) == (True, True)
    for end in (WITHDRAWN, LAPSED, COMPLETED):
        over = annas(*cohort(requested(), placed(), end))
        assert (over.cohorts, over.enrolled, over.waiting) == ({}, False, False)


def test_innovators_and_leaders_alone_are_not_enrolled_in_the_diploma() -> None:
    innovator = Programme.INNOVATOR
    assert folded(CO_DRIVER_PIPELINE, cohort(requested(innovator), placed(innovator))) == {}
    assert folded(CO_DRIVER_PIPELINE, cohort(COMPLETED)) == {}


def test_the_way_ends_in_the_pool() -> None:
    assert annas(*path(ADMITTED)).in_pool
    assert not annas(*path(ADMITTED, LEFT_POOL)).in_pool


STREAMS = (
    path(before(PriorExperience.CO_DRIVER), DROVE, DIPLOMA, QUALIFIED, ADMITTED, LEFT_POOL),
    network(GARDENS, DRIVES, CLOSED),
    network(SHARING, IMPORTED),
    cohort(requested(), placed(), WITHDRAWN, requested(), placed(), COMPLETED),
    cohort(requested(Programme.INNOVATOR), placed(Programme.INNOVATOR), WITHDRAWN, of=NEXT),
    stream(f"leader-{BO}", DIPLOMA.model_copy(update={"person_id": BO})),
)


@for_all(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_stream_is_heard_first(woven: Stream) -> None:
    assert folded(CO_DRIVER_PIPELINE, woven) == folded(CO_DRIVER_PIPELINE, in_a_row(STREAMS))
