"""The exam has two parts; each is tried until it is passed, and the diploma needs them all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.training.domain.cohort.state import COHORTS
from services.training.domain.exam import RecordExamPart
from services.training.domain.known import HeldRole, NetworkRoles
from shared.contracts.training import (
    CohortEvent,
    EnrolmentWithdrawn,
    ExamPartRecorded,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    EnrolmentPlace,
    ExamPart,
    ExamResult,
)
from shared.kernel.permissions import Actor
from shared.testing import TODAY, employee, given, person, rule
from shared.testing.kit import NS3, Given
from tests.unit.training.cohorts import (
    CANCELLED,
    COHORT,
    COMPLETED,
    INNOVATORS,
    MUST_NOT,
    OPENED,
    PEOPLE,
    PLANNED,
    confirmed,
    enrolled,
    placed,
    running,
)

ANNA, HERSELF = PEOPLE[0], employee("co-driver 1")
NETWORK = UUID(int=2)
KEY = f"{COHORT}-{ANNA}"
YESTERDAY = TODAY - timedelta(days=1)
WRITTEN, ORAL = ExamPart.WRITTEN, ExamPart.ORAL
PASSED, FAILED = ExamResult.PASSED, ExamResult.FAILED

IN_IT = running(1)
*_, CONFIRMED, BEGAN = IN_IT
WITHDREW = EnrolmentWithdrawn(on=TODAY, person_id=ANNA, was=EnrolmentPlace.ENROLLED)
CO_DRIVES = HeldRole(
    network_id=NETWORK,
    role=DrivingRole.CO_DRIVER,
    since=date(2013, 6, 1),
    leader_id=person("leader"),
)


def part(
    which: ExamPart = WRITTEN,
    result: ExamResult = PASSED,
    attempt: int = 1,
    held_on: date = TODAY,
) -> RecordExamPart:
    return RecordExamPart(
        cohort_id=COHORT,
        person_id=ANNA,
        part=which,
        attempt=attempt,
        result=result,
        held_on=held_on,
    )


def recorded(command: RecordExamPart, *, all_passed: bool = False) -> ExamPartRecorded:
    told = command.model_dump(include={"cohort_id", "person_id", "part", "attempt"})
    return ExamPartRecorded(
        on=TODAY,
        result=command.result,
        held_on=command.held_on,
        all_passed=all_passed,
        passed_on=command.held_on if all_passed else None,
        **told,
    )


def exam(
    *facts: ExamPartRecorded,
    cohort: Sequence[CohortEvent] = IN_IT,
    roles: Sequence[HeldRole] = (CO_DRIVES,),
) -> Given:
    known = NetworkRoles(person_id=ANNA, held=tuple(roles))
    return given(*facts).of(KEY).besides(COHORTS, str(COHORT), *cohort).knowing(ANNA, known)


def test_a_part_that_is_passed_is_recorded() -> None:
    exam().when(part(WRITTEN)).then(recorded(part(WRITTEN))).then_warned()


def test_the_diploma_needs_both_parts_in_either_order() -> None:
    exam(recorded(part(WRITTEN))).when(part(ORAL)).then(recorded(part(ORAL), all_passed=True))
    exam(recorded(part(ORAL))).when(part(WRITTEN)).then(recorded(part(WRITTEN), all_passed=True))


def test_the_exam_is_passed_on_the_day_of_the_later_part_whichever_is_recorded_last() -> None:
    written = part(WRITTEN, held_on=YESTERDAY)
    told = recorded(written, all_passed=True).model_copy(update={"passed_on": TODAY})
    exam(recorded(part(ORAL))).when(written).then(told)


def test_a_failed_part_does_not_give_the_diploma() -> None:
    exam(recorded(part(WRITTEN))).when(part(ORAL, FAILED)).then(recorded(part(ORAL, FAILED)))


@rule("R181")
def test_what_the_exam_consists_of_is_policy() -> None:
    training = NS3.training.model_copy(update={"exam_parts": ("oral",)})
    oral_alone = NS3.model_copy(update={"training": training})
    exam().when(part(ORAL)).then(recorded(part(ORAL)))
    exam().under(oral_alone).when(part(ORAL)).then(recorded(part(ORAL), all_passed=True))


def test_a_failed_part_can_be_taken_again_also_after_the_cohort_has_ended() -> None:
    failed = recorded(part(ORAL, FAILED, held_on=YESTERDAY))
    over = (*IN_IT, COMPLETED)
    exam(recorded(part(WRITTEN)), failed, cohort=over).when(part(ORAL, attempt=2)).then(
        recorded(part(ORAL, attempt=2), all_passed=True)
    ).then_warned()


def test_a_passed_part_is_not_taken_again() -> None:
    passed = recorded(part(WRITTEN))
    exam(passed).when(part(WRITTEN, attempt=2)).then_refused("exam_part_already_passed", "R181")
    exam(passed).when(part(WRITTEN, FAILED)).then_refused("exam_part_already_passed", "R181")


@pytest.mark.parametrize("attempt", [1, 3])
def test_attempts_are_recorded_without_gaps(attempt: int) -> None:
    failed = recorded(part(WRITTEN, FAILED))
    exam(failed).when(part(WRITTEN, attempt=attempt)).then_refused("attempt_out_of_order", "R181")
    exam(failed).when(part(WRITTEN, attempt=2)).then(recorded(part(WRITTEN, attempt=2)))


def test_the_first_attempt_is_number_one() -> None:
    exam().when(part(attempt=2)).then_refused("attempt_out_of_order", "R181")
    with pytest.raises(ValidationError):
        part(attempt=0)


def test_an_attempt_is_not_held_before_the_one_before_it() -> None:
    failed = recorded(part(WRITTEN, FAILED))
    exam(failed).when(part(WRITTEN, attempt=2, held_on=YESTERDAY)).then_refused(
        "attempt_before_the_last", "R181"
    )


def test_an_old_attempt_is_nothing_new_also_after_a_later_one() -> None:
    first = part(WRITTEN, FAILED, held_on=YESTERDAY)
    second = part(WRITTEN, attempt=2)
    world = exam(recorded(first), recorded(second))
    world.when(first).then_nothing()
    world.when(second).then_nothing()
    world.when(part(WRITTEN, PASSED, held_on=YESTERDAY)).then_refused(
        "exam_part_already_passed", "R181"
    )


def test_an_exam_is_not_held_in_the_future() -> None:
    tomorrow = part(held_on=TODAY + timedelta(days=1))
    exam().when(tomorrow).then_refused("date_in_future")
    exam().when(part().model_copy(update={"on": YESTERDAY})).then_refused("date_in_future")


@pytest.mark.parametrize("result", ExamResult)
def test_the_same_result_again_is_nothing_new(result: ExamResult) -> None:
    exam(recorded(part(WRITTEN, result))).when(part(WRITTEN, result)).then_nothing()


@pytest.mark.parametrize(
    "roles",
    [
        (),
        (CO_DRIVES.model_copy(update={"until": YESTERDAY}),),
        (CO_DRIVES.model_copy(update={"since": TODAY + timedelta(days=1)}),),
    ],
)
def test_who_has_no_role_in_a_network_on_the_day_is_remarked_on(
    roles: Sequence[HeldRole],
) -> None:
    exam(roles=roles).when(part()).then(recorded(part())).then_warned("no_network_role_at_exam")


def test_a_role_on_the_day_of_the_exam_counts_though_it_is_over_now() -> None:
    until_yesterday = (CO_DRIVES.model_copy(update={"until": YESTERDAY}),)
    exam(roles=until_yesterday).when(part(held_on=YESTERDAY)).then_warned()


def test_somebody_of_whom_no_network_has_told_is_remarked_on() -> None:
    unknown = replace(exam(), rows=())
    unknown.when(part()).then_warned("no_network_role_at_exam")


def test_who_left_the_cohort_after_it_had_begun_is_remarked_on() -> None:
    left = (*IN_IT, WITHDREW)
    exam(cohort=left).when(part()).then(recorded(part())).then_warned("left_cohort")


@pytest.mark.parametrize(
    "cohort",
    [
        (PLANNED,),
        enrolled(1),
        confirmed(1),
        (PLANNED, OPENED, WITHDREW, CANCELLED),
        (*IN_IT, WITHDREW, CANCELLED),
    ],
)
def test_there_is_no_exam_where_nobody_is_trained(cohort: Sequence[CohortEvent]) -> None:
    exam(cohort=cohort).when(part()).then_refused("exam_without_training", "R181")


@rule("R172")
@pytest.mark.parametrize("end", [(), (COMPLETED,)])
def test_there_is_no_exam_for_who_was_not_in_the_cohort_when_it_began(
    end: tuple[CohortEvent, ...],
) -> None:
    without = BEGAN.model_copy(update={"participants": (person("bo"),)})
    never = (PLANNED, OPENED, CONFIRMED, without, *end)
    left = (*enrolled(1), WITHDREW, CONFIRMED, without, *end)
    for cohort in (never, left):
        outcome = exam(cohort=cohort).when(part()).then_refused("not_in_cohort", "R172")
        assert outcome.refusal is not None
        assert outcome.refusal.facts == {"person_ids": (ANNA,)}


def test_there_is_no_exam_in_a_cohort_that_is_not() -> None:
    exam(cohort=()).when(part()).then_refused("unknown")


def test_the_innovators_have_no_exam() -> None:
    exam(cohort=(INNOVATORS, placed(ANNA))).when(part()).then_refused(
        "programme_has_no_exam", "R181"
    )


@pytest.mark.parametrize("actor", [HERSELF, *MUST_NOT], ids=str)
def test_only_the_secretariat_records_the_exam(actor: Actor) -> None:
    exam().when(part(), by=actor).then_refused("not_allowed")
