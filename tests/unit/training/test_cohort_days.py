"""The cohort's own training days get dates, and it is recorded who was there."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from services.training.domain.cohort.attendance import RecordOneAttendance, RecordTrainingAttendance
from services.training.domain.cohort.days import ScheduleTrainingDay
from shared.contracts.training import EnrolmentWithdrawn, TrainingDayAttended, TrainingDayScheduled
from shared.contracts.vocabulary import EnrolmentPlace, PersonId
from shared.kernel.permissions import Actor
from shared.testing import NOW, TODAY, given
from tests.unit.training.cohorts import (
    CANCELLED,
    COMPLETED,
    FIRST,
    HOURS,
    INNOVATORS,
    MUST_NOT,
    PEOPLE,
    PLANNED,
    SECOND,
    confirmed,
    enrolled,
    running,
    scheduled,
)

ANNA, BO, CARL = PEOPLE[:3]
STRANGER = PEOPLE[19]
SUMMER_TIME = timezone(timedelta(hours=2))
DAY_1, DAY_2 = scheduled(1), scheduled(2, SECOND)
BO_LEFT = EnrolmentWithdrawn(on=TODAY, person_id=BO, was=EnrolmentPlace.ENROLLED)


def schedule(day: int, starts_at: datetime = FIRST, **fields: Any) -> ScheduleTrainingDay:
    return ScheduleTrainingDay(day=day, starts_at=starts_at, ends_at=starts_at + HOURS, **fields)


def attended(person_id: PersonId, *, present: bool = True) -> TrainingDayAttended:
    return TrainingDayAttended(on=TODAY, day=1, person_id=person_id, present=present)


def whole_list(*present: PersonId, day: int = 1) -> RecordTrainingAttendance:
    return RecordTrainingAttendance(day=day, present=frozenset(present))


def one(person_id: PersonId, *, present: bool = True, day: int = 1) -> RecordOneAttendance:
    return RecordOneAttendance(day=day, person_id=person_id, present=present)


@pytest.mark.parametrize("day", [1, 5])
def test_each_of_the_five_days_gets_its_date_with_its_title_and_who_is_expected(day: int) -> None:
    given(*confirmed()).when(schedule(day)).then(scheduled(day)).then_warned()


def test_a_day_on_which_somebody_was_there_is_not_moved_to_the_future() -> None:
    to_come = schedule(1, NOW + timedelta(hours=1))
    was_there = attended(ANNA)
    taken_back = attended(ANNA, present=False)

    given(*running(), DAY_1, was_there).when(to_come).then_refused("training_day_held", "R174")
    given(*running(), DAY_1, was_there).when(schedule(1, NOW)).then_warned()
    given(*running(), DAY_1, was_there, taken_back).when(to_come).then_warned()


@pytest.mark.parametrize("command", [one(ANNA), whole_list(ANNA)])
def test_attendance_is_recorded_when_it_is_settled_who_has_a_place(command: Any) -> None:
    given(*enrolled(12), DAY_1).when(command).then_refused("cohort_not_confirmed", "R172")
    given(*confirmed(), DAY_1).when(command).then(attended(ANNA))


@pytest.mark.parametrize("day", [0, 6, 99, 999])
def test_a_day_that_the_cohort_has_not_is_refused(day: int) -> None:
    given(*confirmed()).when(schedule(day)).then_refused("training_day_unknown", "R174")


def test_innovators_have_as_many_days_as_were_planned() -> None:
    told = TrainingDayScheduled(
        on=TODAY, day=2, title="Prøvehandlinger", starts_at=FIRST, ends_at=FIRST + HOURS
    )

    given(INNOVATORS).when(schedule(2)).then(told)
    given(INNOVATORS).when(schedule(3)).then_refused("training_day_unknown", "R174")


def test_a_day_is_moved_as_often_as_is_asked_and_each_move_is_counted() -> None:
    once, twice = scheduled(1, SECOND, 1), scheduled(1, FIRST, 2)

    given(*confirmed(), DAY_1).when(schedule(1)).then_nothing()
    given(*confirmed(), DAY_1).when(schedule(1, SECOND)).then(once)
    given(*confirmed(), DAY_1, once).when(schedule(1, FIRST)).then(twice)


def test_another_place_is_a_move_too() -> None:
    told = scheduled(1, sequence=1).model_copy(update={"place": "Kantinen"})

    given(*confirmed(), DAY_1).when(schedule(1, place="Kantinen")).then(told)


def test_the_time_is_taken_in_with_its_zone_and_told_as_utc() -> None:
    there = FIRST.astimezone(SUMMER_TIME)

    outcome = given(*confirmed()).when(schedule(1, there)).then(DAY_1)

    assert outcome.decision is not None
    (fact,) = outcome.decision.events
    assert isinstance(fact, TrainingDayScheduled)
    assert fact.starts_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "starts_at"), [(2, FIRST - HOURS), (2, FIRST), (1, SECOND), (3, FIRST), (4, SECOND)]
)
def test_days_in_another_order_than_planned_are_remarked_on(day: int, starts_at: datetime) -> None:
    facts = (*confirmed(), DAY_1, DAY_2, scheduled(3, SECOND + HOURS))

    given(*facts).when(schedule(day, starts_at)).then_warned("training_days_out_of_order")


def test_days_in_their_order_are_not() -> None:
    given(*confirmed(), DAY_1).when(schedule(2, SECOND)).then(DAY_2).then_warned()
    given(*confirmed(), scheduled(2, SECOND)).when(schedule(1)).then(DAY_1).then_warned()


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": FIRST},
        {"ends_at": FIRST - HOURS},
        {"ends_at": FIRST + timedelta(hours=24, seconds=1)},
        {"starts_at": FIRST.replace(tzinfo=None)},
        {"starts_at": datetime(1, 1, 1, tzinfo=SUMMER_TIME)},
        {"ends_at": datetime(9999, 12, 31, tzinfo=timezone(-timedelta(hours=2)))},
        {"day": -1},
        {"day": 1000},
        {"title": "Noget andet"},
    ],
)
def test_a_day_begins_before_it_ends_at_moments_with_a_zone(fields: dict[str, Any]) -> None:
    good = {"day": 1, "starts_at": FIRST, "ends_at": FIRST + HOURS}

    with pytest.raises(ValidationError):
        ScheduleTrainingDay.model_validate({**good, **fields})


def test_the_whole_list_tells_of_those_who_were_there() -> None:
    given(*running(), DAY_1).when(whole_list(BO, ANNA)).then(attended(ANNA), attended(BO))


def test_the_list_again_tells_of_nobody_and_another_one_of_whose_presence_changed() -> None:
    facts = (*running(), DAY_1, attended(ANNA), attended(BO))

    given(*facts).when(whole_list(ANNA, BO)).then_nothing()
    given(*facts).when(whole_list(BO, CARL)).then(attended(ANNA, present=False), attended(CARL))


def test_who_withdrew_after_a_day_was_there_all_the_same() -> None:
    facts = (*running(), DAY_1, attended(ANNA), attended(BO), BO_LEFT)

    given(*facts).when(whole_list()).then(attended(ANNA, present=False))


def test_one_participant_is_recorded_at_a_time_and_corrected() -> None:
    facts = (*running(), DAY_1)
    absent = attended(ANNA, present=False)

    given(*facts).when(one(ANNA)).then(attended(ANNA))
    given(*facts, attended(ANNA)).when(one(ANNA)).then_nothing()
    given(*facts, attended(ANNA)).when(one(ANNA, present=False)).then(absent)
    given(*facts, attended(ANNA), absent).when(one(ANNA, present=False)).then_nothing()


@pytest.mark.parametrize("command", [whole_list(ANNA, STRANGER), one(STRANGER)])
def test_nobody_without_a_place_was_there(command: Any) -> None:
    given(*running(), DAY_1).when(command).then_refused("not_enrolled", "R172")


@pytest.mark.parametrize(
    ("day", "code"), [(2, "training_day_not_scheduled"), (6, "training_day_unknown")]
)
def test_attendance_is_recorded_on_days_that_have_a_date(day: int, code: str) -> None:
    world = given(*running(), DAY_1)

    world.when(whole_list(ANNA, day=day)).then_refused(code, "R174")
    world.when(one(ANNA, day=day)).then_refused(code, "R174")


def test_attendance_on_a_day_that_is_still_to_come_is_remarked_on() -> None:
    tomorrow = scheduled(1, NOW + timedelta(days=1))

    given(*running(), tomorrow).when(one(ANNA)).then_warned("training_day_to_come")
    given(*running(), scheduled(1, NOW)).when(one(ANNA)).then_warned()


@pytest.mark.parametrize("command", [schedule(1, SECOND), whole_list(ANNA), one(ANNA)])
def test_a_cohort_that_has_ended_has_no_more_days(command: Any) -> None:
    given(*running(), DAY_1, COMPLETED).when(command).then_refused("cohort_ended", "R172")
    given(PLANNED, DAY_1, CANCELLED).when(command).then_refused("cohort_cancelled", "R172")


@pytest.mark.parametrize("command", [schedule(2), whole_list(ANNA), one(ANNA)])
@pytest.mark.parametrize("by", MUST_NOT, ids=str)
def test_days_and_attendance_are_the_secretariats(command: Any, by: Actor) -> None:
    given(*running(), DAY_1).when(command, by=by).then_refused("not_allowed")
