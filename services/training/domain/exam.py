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

from services.training.domain.cohort.life import Completed, Running
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
    """A part was tried: for the n-th time, when, and how it went."""

    number: int
    held_on: date
    result: ExamResult


@dataclass(frozen=True)
class Exam:
    """How far a person has come with each part."""

    tried: Mapping[str, tuple[Attempt, ...]] = field(default_factory=dict)
    """Every attempt at each part, in order."""

    def has_passed(self, part: str) -> bool:
        """Tell whether this part is behind the person."""
        return any(each.result is ExamResult.PASSED for each in self.tried.get(part, ()))


def evolve(state: Exam, fact: ExamEvent) -> Exam:
    """Change an exam by a fact; there is only one kind."""
    attempt = Attempt(fact.attempt, fact.held_on, fact.result)
    return Exam({**state.tried, fact.part: (*state.tried.get(fact.part, ()), attempt)})


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
        tried = state.tried.get(self.part, ())
        if Attempt(self.attempt, self.held_on, self.result) in tried:
            return []
        if state.has_passed(self.part):
            raise Refused("exam_part_already_passed", "R181", part=self.part)
        due = len(tried) + 1
        if self.attempt != due:
            raise Refused("attempt_out_of_order", "R181", attempt=self.attempt, due=due)
        if tried and self.held_on < tried[-1].held_on:
            raise Refused("attempt_before_the_last", "R181", held_on=tried[-1].held_on.isoformat())
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
        parts = ctx.policy.training.exam_parts
        if not all(after.has_passed(part) for part in parts):
            return [recorded]
        # Parts may be recorded in another order than they were held.
        passed_on = max(after.tried[part][-1].held_on for part in parts)
        return [recorded.model_copy(update={"all_passed": True, "passed_on": passed_on})]

    def _cohort(self, ctx: Context) -> Cohort:
        """The cohort that trained the person.

        Refused when there is none, when its programme has no exam, when it trains or trained nobody
        (R181), and for somebody who was not in it when it began (R172). It may have ended.
        """
        cohort = ctx.state(COHORTS, str(self.cohort_id))
        if not isinstance(cohort, Cohort):
            raise Unknown("unknown", kind="cohort", id=str(self.cohort_id))
        if cohort.programme is not Programme.DIPLOMA:
            # A diploma would follow from it, and from that a network leader (R111).
            raise Refused("programme_has_no_exam", "R181", programme=cohort.programme)
        if not isinstance(cohort.life, Running | Completed):
            raise Refused("exam_without_training", "R181")
        if self.person_id not in cohort.began_with:
            raise Refused("not_in_cohort", "R172", person_ids=(self.person_id,))
        return cohort

    def _remark(self, cohort: Cohort, ctx: Context) -> None:
        ctx.warn("left_cohort", "R172", when=self.person_id not in cohort.enrolled)
        roles = ctx.facts.find(NetworkRoles, self.person_id)
        practises = roles is not None and roles.had_role_on(self.held_on)
        ctx.warn("no_network_role_at_exam", "R182", when=not practises)
