"""One person's exam in one cohort: two parts, each tried until it is passed (R181).

The stream begins with the first part that is recorded, and is heard by the four services alone. It
goes on after the cohort has ended, since a part that was failed can be taken again at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.training.domain.cohort.state import COHORTS, Cohort
from services.training.domain.known import NetworkRoles
from shared.contracts.training import EXAM, ExamEvent, ExamPartRecorded
from shared.contracts.vocabulary import ExamPart, ExamResult, PersonId, Programme
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import role
from shared.kernel.refusals import Malformed, Refused, Unknown
from shared.policy import Day


@dataclass(frozen=True)
class Attempt:
    """The last time that a part was tried: for the n-th time, when, and how it went."""

    number: int
    held_on: date
    result: ExamResult


@dataclass(frozen=True)
class Exam:
    """How far a person has come with each part."""

    last: Mapping[ExamPart, Attempt] = field(default_factory=dict)

    def has_passed(self, part: str) -> bool:
        """Tell whether this part is behind the person."""
        return any(
            part == each and attempt.result is ExamResult.PASSED
            for each, attempt in self.last.items()
        )


def evolve(state: Exam, fact: ExamEvent) -> Exam:
    """Change an exam by a fact; there is only one kind."""
    attempt = Attempt(fact.attempt, fact.held_on, fact.result)
    return Exam({**state.last, fact.part: attempt})


EXAMS: Aggregate[Exam, ExamEvent] = Aggregate(EXAM, Exam(), evolve)


class RecordExamPart(Command[Exam, ExamEvent]):
    """Record that a part of the exam was passed or failed, the first time or again."""

    aggregate = EXAMS
    begins = True
    may = role("secretariat")  # P32

    cohort_id: UUID
    person_id: PersonId
    part: ExamPart
    attempt: Annotated[int, Field(ge=1, le=99)]
    result: ExamResult
    held_on: Day

    def asks(self, state: Exam) -> Sequence[Ask]:
        """The person's roles in networks."""
        return (NetworkRoles.at(self.person_id),)

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The cohort that the exam belongs to."""
        return ((COHORTS, str(self.cohort_id)),)

    def decide(self, state: Exam, ctx: Context) -> Sequence[ExamEvent]:
        """Hold the order of the attempts; who does not practise is remarked on (R181, R182)."""
        if self.held_on > ctx.on:
            raise Malformed("date_in_future", on=self.held_on.isoformat(), today=ctx.on.isoformat())
        cohort = self._cohort(ctx)
        last = state.last.get(self.part)
        if last == Attempt(self.attempt, self.held_on, self.result):
            return []
        if state.has_passed(self.part):
            raise Refused("exam_part_already_passed", "R181", part=self.part)
        due = last.number + 1 if last else 1
        if self.attempt != due or (last and self.held_on < last.held_on):
            raise Refused("attempt_out_of_order", "R181", attempt=self.attempt, due=due)
        self._remark(cohort, ctx)
        recorded = ExamPartRecorded(
            on=ctx.on,
            cohort_id=self.cohort_id,
            person_id=self.person_id,
            part=self.part,
            attempt=self.attempt,
            result=self.result,
            held_on=self.held_on,
            all_passed=False,
        )
        after = evolve(state, recorded)
        all_passed = all(after.has_passed(part) for part in ctx.policy.training.exam_parts)
        return [recorded.model_copy(update={"all_passed": all_passed})]

    def _cohort(self, ctx: Context) -> Cohort:
        """The cohort; refused when there is none, or when its programme has no exam."""
        cohort = ctx.state(COHORTS, str(self.cohort_id))
        if not isinstance(cohort, Cohort):
            raise Unknown("unknown", kind="cohort", id=str(self.cohort_id))
        if cohort.programme is not Programme.DIPLOMA:
            # A diploma would follow from it, and from that a network leader (R111).
            raise Refused("programme_has_no_exam", "R181", programme=cohort.programme)
        return cohort

    def _remark(self, cohort: Cohort, ctx: Context) -> None:
        ctx.warn("not_in_cohort", "R172", when=self.person_id not in cohort.enrolled)
        roles = ctx.facts.find(NetworkRoles, self.person_id)
        practises = roles is not None and roles.had_role_on(self.held_on)
        ctx.warn("no_network_role_at_exam", "R182", when=not practises)
