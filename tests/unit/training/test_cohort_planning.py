"""A cohort is planned as the rules have it, opened, confirmed within its bounds, and started."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.training.domain.cohort.days import ScheduleTrainingDay
from services.training.domain.cohort.enrolment import RequestEnrolment
from services.training.domain.cohort.known import LatestCohort
from services.training.domain.cohort.planning import (
    ConfirmCohort,
    OpenCohort,
    PlanCohort,
    StartCohort,
)
from shared.contracts.training import (
    CohortConfirmed,
    CohortEvent,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentWithdrawn,
)
from shared.contracts.vocabulary import EnrolmentPlace, Programme
from shared.kernel.commands import Override
from shared.kernel.permissions import Actor, system
from shared.policy import Policy
from shared.policy.periods import Period
from shared.testing import NOW, SECRETARIAT, TODAY, given, rule
from shared.testing.kit import NS3
from tests.unit.training.cohorts import (
    CANCELLED,
    COHORT,
    COMPLETED,
    ENROL_BY,
    HOURS,
    INNOVATORS,
    MUST_NOT,
    OPENED,
    PEOPLE,
    PLANNED,
    TITLE,
    co_driver,
    confirmed,
    enrolled,
    placed,
    requested,
    running,
    scheduled,
)

DIPLOMA, INNOVATOR = Programme.DIPLOMA, Programme.INNOVATOR
PLAN = PlanCohort(programme=DIPLOMA)
OPEN = OpenCohort(enrol_by=ENROL_BY)
CONFIRM, START = ConfirmCohort(), StartCohort()
ANYHOW = Override(rules=frozenset({"R170"}), reason="Holdet fyldes op i den første uge")
NEXT_MONTH = NOW + timedelta(days=30)
DEADLINE = system("deadline.CohortStart")
THE_ONE_BEFORE = UUID(int=7)
BEGAN = date(2012, 4, 10)
DUE = date(2013, 10, 10)
BEFORE = LatestCohort(programme=DIPLOMA, first_days={str(THE_ONE_BEFORE): BEGAN})
STARTED = CohortStarted(
    on=TODAY,
    programme=DIPLOMA,
    first_day=TODAY,
    participants=PEOPLE[:12],
    next_due_on=date(2015, 3, 2),
)


def under(**changed: Any) -> Policy:
    training = NS3.training.model_copy(update=changed)
    return NS3.model_copy(update={"training": training})


def planned(command: PlanCohort, policy: Policy = NS3) -> CohortPlanned:
    decision = given().under(policy).when(command).decision
    assert decision is not None
    (fact,) = decision.events
    assert isinstance(fact, CohortPlanned)
    return fact


def test_a_diploma_is_planned_with_the_title_the_days_and_the_size_of_the_rule_set() -> None:
    given().when(PLAN).then(PLANNED).then_warned()


def test_a_cohort_is_planned_once() -> None:
    given(PLANNED).when(PLAN).then_nothing()


@rule("R174")
def test_the_training_has_exactly_the_five_days_of_the_source_in_order() -> None:
    assert planned(PLAN).days == (
        "Velfærd på ny",
        "Værdiskabelse",
        "Innovation",
        "Facilitering og ledelse i netværk",
        "Netværket og basisorganisationen",
    )


@rule("R175", "R176", "R177", "R178", "R179")
@pytest.mark.parametrize("number", range(5))
def test_a_training_day_that_the_rule_set_titles_otherwise_is_planned_so(number: int) -> None:
    days = list(NS3.training.days)
    days[number] = "Noget andet"

    assert planned(PLAN, under(days=tuple(days))).days == tuple(days)


@rule("R184")
def test_the_danish_title_is_the_rule_sets_unless_another_is_given() -> None:
    assert TITLE == "Diplomuddannelse i netværksledelse i den offentlige opgaveløsning"
    assert planned(PLAN).title == TITLE
    assert planned(PLAN, under(programme_title="Netværk på diplom")).title == "Netværk på diplom"
    assert planned(PlanCohort(programme=DIPLOMA, title="Hold 2")).title == "Hold 2"


@rule("R171")
def test_how_many_credits_it_gives_is_data_and_may_be_left_unsaid() -> None:
    assert planned(PlanCohort(programme=DIPLOMA, ects=5)).ects == 5
    assert planned(PLAN).ects is None


@rule("R180")
def test_who_provides_the_training_is_data() -> None:
    assert planned(PlanCohort(programme=DIPLOMA, provider="Metropol")).provider == "Metropol"
    assert planned(PLAN).provider is None


@rule("R170")
def test_a_diploma_has_the_bounds_of_the_rule_set() -> None:
    narrow = NS3.training.cohort_size.model_copy(update={"min": 3, "max": 4})

    fact = planned(PLAN, under(cohort_size=narrow))

    assert (fact.size_min, fact.size_max) == (3, 4)


@rule("R185")
def test_innovators_have_days_of_their_own_and_no_bounds() -> None:
    command = PlanCohort(programme=INNOVATOR, title=INNOVATORS.title, days=INNOVATORS.days)

    assert planned(command) == INNOVATORS


@pytest.mark.parametrize(
    "fields",
    [
        {"programme": DIPLOMA, "days": ("Innovation",)},
        {"programme": INNOVATOR, "title": "Innovatører"},
        {"programme": INNOVATOR, "days": ("Innovation",)},
        {"programme": INNOVATOR, "title": "Innovatører", "days": ()},
        {"programme": DIPLOMA, "ects": 0},
        {"programme": DIPLOMA, "ects": float("nan")},
        {"programme": DIPLOMA, "size_max": 20},
    ],
)
def test_days_title_and_size_are_given_only_where_the_programme_leaves_them_open(
    fields: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        PlanCohort.model_validate(fields)


@pytest.mark.parametrize("first_day", [date(2013, 9, 9), date(2013, 11, 11), date(2015, 1, 1)])
def test_a_first_day_more_than_a_month_from_its_turn_is_remarked_on(first_day: date) -> None:
    command = PlanCohort(programme=DIPLOMA, first_day=first_day)

    given().knowing(DIPLOMA, BEFORE).when(command).then_warned("cohort_off_cadence")


@pytest.mark.parametrize("first_day", [None, date(2013, 9, 10), DUE, date(2013, 11, 10)])
def test_a_first_day_around_eighteen_months_after_the_last_is_not(first_day: date | None) -> None:
    command = PlanCohort(programme=DIPLOMA, first_day=first_day)

    given().knowing(DIPLOMA, BEFORE).when(command).then_warned()


def day_1(starts_at: datetime) -> ScheduleTrainingDay:
    return ScheduleTrainingDay(day=1, starts_at=starts_at, ends_at=starts_at + HOURS)


@rule("R169")
@pytest.mark.parametrize(
    ("first_day", "codes"),
    [(date(2013, 9, 9), ("cohort_off_cadence",)), (DUE, ()), (date(2013, 11, 10), ())],
)
def test_a_first_day_out_of_its_turn_is_remarked_on_when_it_gets_its_date(
    first_day: date, codes: tuple[str, ...]
) -> None:
    begins = datetime(first_day.year, first_day.month, first_day.day, 8, tzinfo=UTC)

    given(PLANNED).knowing(DIPLOMA, BEFORE).when(day_1(begins)).then_warned(*codes)
    given(INNOVATORS).knowing(DIPLOMA, BEFORE).when(day_1(begins)).then_warned()


def test_the_first_day_of_a_cohort_that_began_is_reckoned_from_the_others() -> None:
    began = {**BEFORE.first_days, str(COHORT): TODAY}
    known = LatestCohort(programme=DIPLOMA, first_days=began)
    on_the_day = datetime(2013, 10, 10, 8, tzinfo=UTC)

    running_one = given(*running()).of(COHORT).knowing(DIPLOMA, known)
    running_one.when(day_1(on_the_day)).then_warned()


@rule("R169")
def test_the_next_one_is_due_later_when_the_first_day_moves_while_the_cohort_runs() -> None:
    told = scheduled(1, NEXT_MONTH, 1).model_copy(
        update={"next_due_on": date(2015, 4, 2), "person_ids": PEOPLE[:12]}
    )

    given(*running(), scheduled(1)).when(day_1(NEXT_MONTH)).then(told)
    given(*confirmed(), scheduled(1)).when(day_1(NEXT_MONTH)).then(
        told.model_copy(update={"next_due_on": None})
    )


def test_the_very_first_cohort_begins_whenever_it_likes() -> None:
    given().when(PlanCohort(programme=DIPLOMA, first_day=DUE)).then_warned()


def test_innovators_have_no_cadence() -> None:
    before = LatestCohort(programme=INNOVATOR, first_days={str(THE_ONE_BEFORE): BEGAN})
    command = PlanCohort(programme=INNOVATOR, title="Nye", days=("En",), first_day=TODAY)

    given().knowing(INNOVATOR, before).when(command).then_warned()


def test_a_planned_cohort_is_opened_and_its_last_day_to_enrol_can_be_moved() -> None:
    later = ENROL_BY + timedelta(days=7)
    moved = CohortOpened(on=TODAY, title=TITLE, programme=DIPLOMA, enrol_by=later)

    given(PLANNED).when(OPEN).then(OPENED)
    given(PLANNED, OPENED).when(OPEN).then_nothing()
    given(PLANNED, OPENED).when(OpenCohort(enrol_by=later)).then(moved)


@pytest.mark.parametrize("facts", [confirmed(), running()])
def test_a_confirmed_cohort_is_not_opened_again(facts: list[CohortEvent]) -> None:
    given(*facts).when(OPEN).then_refused("cohort_already_confirmed", "R172")


@pytest.mark.parametrize("number", [12, 15, 16])
def test_a_cohort_with_twelve_to_fifteen_places_taken_is_confirmed(number: int) -> None:
    told = CohortConfirmed(on=TODAY, title=TITLE, participants=PEOPLE[: min(number, 15)])

    given(*enrolled(number)).when(CONFIRM).then(told)


def test_a_cohort_of_eleven_is_not_confirmed() -> None:
    outcome = given(*enrolled(11)).when(CONFIRM)

    outcome.then_refused("cohort_size_outside_bounds", "R170")
    assert outcome.refusal is not None
    assert outcome.refusal.facts == {"size": 11, "least": 12, "most": 15}


def test_a_cohort_of_nobody_is_not_confirmed_in_any_programme() -> None:
    opened = OPENED.model_copy(update={"programme": INNOVATOR})

    outcome = given(INNOVATORS, opened).when(CONFIRM)

    outcome.then_refused("cohort_too_small", "R170")
    assert outcome.refusal is not None
    assert outcome.refusal.facts == {"size": 0, "least": 1}


def test_the_secretariat_confirms_a_cohort_of_eleven_with_a_reason() -> None:
    told = CohortConfirmed(on=TODAY, title=TITLE, participants=PEOPLE[:11])

    given(*enrolled(11)).when(ConfirmCohort(override=ANYHOW)).then(told).then_overrode("R170")


def test_innovators_are_confirmed_in_any_number() -> None:
    opened = OPENED.model_copy(update={"programme": INNOVATOR})
    (place,) = enrolled(1)[3:]
    told = CohortConfirmed(on=TODAY, title=INNOVATORS.title, participants=PEOPLE[:1])

    given(INNOVATORS, opened, place).when(CONFIRM).then(told)


def test_a_cohort_is_confirmed_while_it_is_open_and_once() -> None:
    given(PLANNED).when(CONFIRM).then_refused("cohort_not_open", "R172")
    given(*confirmed()).when(CONFIRM).then_nothing()
    given(*running()).when(CONFIRM).then_nothing()


@pytest.mark.parametrize("by", [DEADLINE, SECRETARIAT])
def test_a_confirmed_cohort_starts_on_its_first_training_day(by: Actor) -> None:
    given(*confirmed(), scheduled(1, NOW)).when(START, by=by).then(STARTED).then_warned()


def test_a_cohort_that_is_started_late_began_on_its_first_training_day() -> None:
    days = {"first_day": date(2013, 8, 20), "next_due_on": date(2015, 2, 20)}
    began = STARTED.model_copy(update=days)

    given(*confirmed(), scheduled(1)).when(START, by=DEADLINE).then(began)


def test_a_deadline_that_was_overtaken_by_a_move_of_the_day_does_nothing() -> None:
    world = given(*confirmed(), scheduled(1, NEXT_MONTH))

    world.when(START, by=DEADLINE).then_nothing()


def test_the_secretariat_may_start_before_the_first_training_day_and_is_told_so() -> None:
    world = given(*confirmed(), scheduled(1, NEXT_MONTH))

    world.when(START).then_warned("cohort_started_early")


def test_a_cohort_whose_first_day_has_no_date_begins_today_and_that_is_remarked_on() -> None:
    given(*confirmed()).when(START).then(STARTED).then_warned("cohort_started_undated")


def test_who_waits_when_the_cohort_begins_waits_no_longer() -> None:
    gone = [
        EnrolmentWithdrawn(on=TODAY, person_id=each, was=EnrolmentPlace.WAITING)
        for each in PEOPLE[15:17]
    ]
    began = STARTED.model_copy(update={"participants": PEOPLE[:15]})

    world = given(*confirmed(15, waiting=2), scheduled(1, NOW))
    world.when(START, by=DEADLINE).then(*gone, began)


@pytest.mark.parametrize("by", [DEADLINE, SECRETARIAT])
def test_a_cohort_that_nobody_is_in_does_not_begin(by: Actor) -> None:
    left = EnrolmentWithdrawn(on=TODAY, person_id=PEOPLE[0], was=EnrolmentPlace.ENROLLED)

    world = given(*confirmed(1), left, scheduled(1, NOW))
    world.when(START, by=by).then_refused("cohort_empty", "R172")


@pytest.mark.parametrize("facts", [[PLANNED], enrolled(12)])
@pytest.mark.parametrize("by", [SECRETARIAT, DEADLINE])
def test_only_a_confirmed_cohort_is_started(facts: list[CohortEvent], by: Actor) -> None:
    given(*facts).when(START, by=by).then_refused("cohort_not_confirmed", "R172")


@rule("R169")
def test_the_next_diploma_is_due_as_long_after_the_first_day_as_the_rule_set_says() -> None:
    policy = under(cohort_cadence=Period(months=12))
    sooner = STARTED.model_copy(update={"next_due_on": date(2014, 9, 2)})

    given(*confirmed()).under(policy).when(START).then(sooner)


def test_a_cohort_is_started_once() -> None:
    given(*running()).when(START).then_nothing()


@pytest.mark.parametrize("command", [OPEN, CONFIRM, START])
def test_a_cohort_that_has_ended_is_not_begun_again(command: Any) -> None:
    given(*running(), COMPLETED).when(command).then_refused("cohort_ended", "R172")
    given(*enrolled(2), CANCELLED).when(command).then_refused("cohort_cancelled", "R172")


@pytest.mark.parametrize("command", [PLAN, OPEN, CONFIRM, START])
@pytest.mark.parametrize("by", MUST_NOT, ids=str)
def test_planning_is_the_secretariats(command: Any, by: Actor) -> None:
    facts = () if command is PLAN else enrolled(12)

    given(*facts).when(command, by=by).then_refused("not_allowed")


@pytest.mark.parametrize("by", MUST_NOT, ids=str)
def test_nobody_else_confirms_a_cohort_outside_the_bounds(by: Actor) -> None:
    command = ConfirmCohort(override=ANYHOW)

    given(*enrolled(11)).when(command, by=by).then_refused("not_allowed")


@pytest.mark.parametrize("by", [each for each in MUST_NOT if each.has("employee")], ids=str)
def test_nobody_else_sets_the_bounds_aside(by: Actor) -> None:
    assert by.person_id is not None
    command = RequestEnrolment(person_id=by.person_id, override=ANYHOW)
    world = given(*enrolled(15)).knowing(by.person_id, co_driver(by.person_id))

    world.when(command, by=by).then_refused("override_not_allowed", "R170")


@rule("R170")
def test_a_cohort_of_sixteen_takes_a_reason_to_confirm_as_one_of_eleven_does() -> None:
    sixteen = [*enrolled(15), requested(PEOPLE[15]), placed(PEOPLE[15])]
    told = CohortConfirmed(on=TODAY, title=TITLE, participants=PEOPLE[:16])

    given(*sixteen).when(CONFIRM).then_refused("cohort_size_outside_bounds", "R170")
    given(*sixteen).when(ConfirmCohort(override=ANYHOW)).then(told).then_overrode("R170")
