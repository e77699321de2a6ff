"""A confirmed cohort starts by itself on its first training day; the next one is due by the last."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given as for_all

from services.training.domain.cohort.known import LatestCohort
from services.training.domain.cohort.planning import StartCohort
from services.training.projections.cohort_starts import COHORT_STARTS, LATEST_COHORT, CohortStart
from services.training.service import SERVICE
from shared.contracts.training import (
    CohortConfirmed,
    CohortEvent,
    CohortStarted,
)
from shared.contracts.vocabulary import Programme
from shared.testing import TODAY, folded
from tests.unit.training.cohorts import (
    CANCELLED,
    COHORT,
    INNOVATORS,
    PLANNED,
    scheduled,
)
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

DIPLOMA = Programme.DIPLOMA
OTHER, THIRD = UUID(int=5), UUID(int=6)
LATE_IN_THE_EVENING = datetime(2013, 9, 16, 22, 30, tzinfo=UTC)
THAT_DAY_IN_DENMARK = datetime(2013, 9, 16, 22, 0, tzinfo=UTC)
A_WEEK_LATER, ITS_DAY = datetime(2013, 9, 24, 7, tzinfo=UTC), datetime(2013, 9, 23, 22, tzinfo=UTC)
CONFIRMED = CohortConfirmed(on=TODAY, title=PLANNED.title, participants=())
DAY_1, MOVED = scheduled(1, LATE_IN_THE_EVENING), scheduled(1, A_WEEK_LATER, 1)


def of(cohort: UUID, *events: CohortEvent) -> Stream:
    return stream(f"cohort-{cohort}", *events)


def started(first_day: date, programme: Programme = DIPLOMA) -> CohortStarted:
    return CohortStarted(on=first_day, programme=programme, first_day=first_day, participants=())


def start_of(*events: CohortEvent) -> CohortStart | None:
    return folded(COHORT_STARTS, of(COHORT, *events)).get(str(COHORT))


def latest(rows: dict[str, LatestCohort], programme: Programme = DIPLOMA) -> date | None:
    return rows[programme].first_day_besides("")


@pytest.mark.parametrize("events", list(permutations([CONFIRMED, DAY_1])))
def test_a_confirmed_cohort_is_due_as_its_first_day_begins_in_denmark(
    events: Sequence[CohortEvent],
) -> None:
    row = start_of(PLANNED, *events)

    assert row is not None
    assert row.due_at == THAT_DAY_IN_DENMARK


@pytest.mark.parametrize("events", [[PLANNED], [PLANNED, DAY_1], [PLANNED, CONFIRMED]])
def test_without_a_date_or_a_confirmation_nothing_is_due(events: Sequence[CohortEvent]) -> None:
    row = start_of(*events)

    assert row is not None
    assert row.due_at is None


def test_the_deadline_moves_with_the_first_day_and_not_with_the_others() -> None:
    row = start_of(PLANNED, CONFIRMED, DAY_1, MOVED, scheduled(2, LATE_IN_THE_EVENING))

    assert row is not None
    assert row.due_at == ITS_DAY


@pytest.mark.parametrize("end", [started(TODAY), CANCELLED])
def test_what_has_begun_or_is_cancelled_is_not_started_any_more(end: CohortEvent) -> None:
    assert start_of(PLANNED, CONFIRMED, DAY_1, end) is None
    assert start_of(PLANNED, CONFIRMED, DAY_1, end, MOVED) is None


def test_the_deadline_sends_the_start_to_its_cohort() -> None:
    (deadline,) = (each for each in SERVICE.deadlines if each.row is CohortStart)
    row = start_of(PLANNED, CONFIRMED, DAY_1)

    send = deadline.send(row, THAT_DAY_IN_DENMARK)

    assert deadline.due == "due_at"
    assert (send.key, send.command) == (str(COHORT), StartCohort())


def test_the_latest_cohort_is_the_one_whose_first_day_is_last() -> None:
    facts = [*of(COHORT, started(date(2013, 5, 1))), *of(OTHER, started(date(2012, 5, 1)))]

    rows = folded(LATEST_COHORT, facts)

    assert latest(rows) == date(2013, 5, 1)


def test_each_programme_has_its_own_latest_cohort() -> None:
    facts = of(COHORT, started(TODAY, Programme.INNOVATOR))

    assert list(folded(LATEST_COHORT, facts)) == [Programme.INNOVATOR]


def test_the_first_day_of_a_cohort_that_began_moves_with_its_date() -> None:
    facts = of(COHORT, PLANNED, DAY_1, started(date(2013, 9, 17)), MOVED, scheduled(2))

    rows = folded(LATEST_COHORT, facts)

    assert latest(rows) == date(2013, 9, 24)
    assert latest(rows, Programme.INNOVATOR) is None
    assert latest(folded(LATEST_COHORT, facts[:2])) is None


def test_a_cohort_looks_for_the_latest_of_the_others() -> None:
    facts = [*of(COHORT, started(date(2013, 5, 1))), *of(OTHER, started(date(2012, 5, 1)))]

    row = folded(LATEST_COHORT, facts)[DIPLOMA]

    assert row.first_day_besides(str(COHORT)) == date(2012, 5, 1)


def test_a_cohort_that_was_cancelled_is_not_the_latest() -> None:
    facts = [
        *of(COHORT, started(date(2013, 5, 1)), CANCELLED),
        *of(OTHER, started(date(2012, 5, 1))),
    ]

    assert latest(folded(LATEST_COHORT, facts)) == date(2012, 5, 1)
    assert latest(folded(LATEST_COHORT, of(THIRD, CANCELLED))) is None


STREAMS = (
    of(COHORT, PLANNED, CONFIRMED, DAY_1, started(TODAY), MOVED, CANCELLED),
    of(OTHER, PLANNED, DAY_1, CONFIRMED, MOVED, started(TODAY), DAY_1),
    of(THIRD, INNOVATORS, started(date(2013, 5, 1), Programme.INNOVATOR)),
)


@for_all(woven=interleavings(STREAMS))
def test_the_rows_are_the_same_however_the_cohorts_facts_are_interleaved(woven: Stream) -> None:
    assert folded(COHORT_STARTS, woven) == folded(COHORT_STARTS, in_a_row(STREAMS))
    assert folded(LATEST_COHORT, woven) == folded(LATEST_COHORT, in_a_row(STREAMS))
