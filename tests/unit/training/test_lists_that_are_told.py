"""What is wrong with several things names each: as a list for programs, and in both languages."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import services.training
from services.training.domain.cohort.attendance import RecordTrainingAttendance
from services.training.domain.cohort.costs import (
    AllocateTrainingCost,
    CorrectTrainingCost,
    PayingDepartment,
)
from services.training.domain.cohort.ending import CancelCohort, CompleteCohort
from services.training.domain.cohort.enrolment import WithdrawEnrolment
from services.training.domain.policy_set import PublishPolicySet, values_of
from shared.contracts.messages import envelope_fields, read_envelope
from shared.contracts.training import CohortEvent, TrainingCostAllocated
from shared.contracts.vocabulary import OrgUnitId
from shared.http.messages import ECHOED, Texts
from shared.http.problems import Problems
from shared.kernel.permissions import system
from shared.testing import SECRETARIAT, TODAY, given
from shared.testing.kit import NS3
from tests.unit.training.cohorts import (
    ALL_DAYS,
    CHART,
    COHORT,
    DEPARTMENT,
    PEOPLE,
    confirmed,
    enrolled,
    running,
)

INSIDE, OUTSIDE = PEOPLE[:12], PEOPLE[12:]
UNHEARD_OF = tuple(UUID(int=number) for number in range(101, 109))
ALLOCATE = AllocateTrainingCost(cost_per_participant_ore=100)
COMPLETE = CompleteCohort(cohort_id=COHORT)
NOT_HELD = [1, 2, 3, 4, 5]
PAID = [
    TrainingCostAllocated(
        on=TODAY,
        person_id=each,
        department_id=DEPARTMENT,
        total_ore=90,
        base_ore=60,
        secretariat_ore=30,
    )
    for each in INSIDE
]
SECTIONS = list(values_of(NS3))
TEXTS = Texts([Path(services.training.__file__).parent / "messages.yaml"])
OPERATOR = system("policy")


def ids(many: Iterable[UUID]) -> list[str]:
    return [str(each) for each in many]


def paid_by(people: Iterable[UUID], departments: Iterable[OrgUnitId]) -> AllocateTrainingCost:
    pairs = zip(people, departments, strict=False)
    payers = tuple(PayingDepartment(person_id=who, department_id=unit) for who, unit in pairs)
    return ALLOCATE.model_copy(update={"departments": payers})


def published(values: dict[str, Any]) -> PublishPolicySet:
    return PublishPolicySet(policy_version="NS9", applies_from=TODAY, values=values)


@pytest.mark.parametrize(
    ("facts", "command", "code", "listed"),
    [
        (
            [*running(), ALL_DAYS[0]],
            RecordTrainingAttendance(day=1, present=frozenset(PEOPLE)),
            "not_enrolled",
            {"person_ids": sorted(ids(OUTSIDE))},
        ),
        (confirmed(), paid_by(OUTSIDE, UNHEARD_OF), "not_enrolled", {"person_ids": ids(OUTSIDE)}),
        (
            enrolled(12),
            WithdrawEnrolment(person_id=OUTSIDE[0]),
            "not_enrolled",
            {"person_ids": ids(OUTSIDE[:1])},
        ),
        (
            [*confirmed(), *PAID],
            ALLOCATE,
            "training_cost_already_allocated",
            {"person_ids": ids(INSIDE)},
        ),
        (
            [*enrolled(12, None), confirmed()[-1]],
            ALLOCATE,
            "department_unknown",
            {"person_ids": ids(INSIDE)},
        ),
        (
            confirmed(),
            CorrectTrainingCost(person_id=INSIDE[0], cost_ore=1, reason="Rettet"),
            "training_cost_not_allocated",
            {"person_ids": ids(INSIDE[:1])},
        ),
        (running(), COMPLETE, "training_days_missing", {"days": NOT_HELD}),
        ([], published({}), "policy_key_missing", {"keys": SECTIONS}),
        (
            [],
            published(dict.fromkeys(SECTIONS, "wrong")),
            "policy_value_malformed",
            {"keys": sorted(SECTIONS)},
        ),
        (
            [],
            published({}).model_copy(update={"applies_to": NS3.applies_from}),
            "policy_value_malformed",
            {"keys": ["applies_to"]},
        ),
    ],
)
def test_a_refusal_lists_all_that_it_is_about(
    facts: Sequence[CohortEvent], command: Any, code: str, listed: dict[str, Any]
) -> None:
    by = OPERATOR if isinstance(command, PublishPolicySet) else SECRETARIAT
    refusal = given(*facts).of("").when(command, by=by).then_refused(code).refusal
    assert refusal is not None
    for spoken in (b"da", b"en"):
        scope = {"path": "/", "headers": [(b"accept-language", spoken)]}
        told = json.loads(bytes(Problems(TEXTS).answer(refusal, scope).body))
        assert told["facts"] == listed
        [each] = listed.values()
        assert ", ".join(map(str, each)) in told["detail"]


@pytest.mark.parametrize(
    ("facts", "command", "code", "listed"),
    [
        (
            [*confirmed(), *PAID],
            CancelCohort(reason="Få"),
            "cost_to_correct",
            {"person_ids": ids(INSIDE)},
        ),
        (confirmed(), ALLOCATE, "department_from_enrolment", {"person_ids": ids(INSIDE)}),
        (
            confirmed(),
            paid_by(INSIDE, (*UNHEARD_OF, *UNHEARD_OF)),
            "department_not_listed",
            {"department_ids": ids(UNHEARD_OF)},
        ),
    ],
)
def test_a_warning_lists_all_that_it_is_about_and_is_stored_so(
    facts: Sequence[CohortEvent], command: Any, code: str, listed: dict[str, Any]
) -> None:
    decision = given(*facts).knowing("all", CHART).when(command).decision
    assert decision is not None
    stored = read_envelope(envelope_fields(decision.envelope)).warnings
    (warned,) = (each for each in stored if each.code == code)
    assert warned.facts == listed
    [each] = listed.values()
    assert len(", ".join(each)) > ECHOED
    for now_or_again in (warned, *decision.envelope.warnings):
        if now_or_again.code == code:
            assert ", ".join(each) in TEXTS.say(code, "da", now_or_again.facts)[1]
            assert ", ".join(each) in TEXTS.say(code, "en", now_or_again.facts)[1]
