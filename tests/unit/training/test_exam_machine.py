"""Whatever is recorded in whatever order: attempts follow each other, and passed is passed."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.training.domain.cohort.state import COHORTS
from services.training.domain.exam import EXAMS, RecordExamPart
from shared.contracts.training import CohortPlanned, CohortStarted, ExamPartRecorded
from shared.contracts.vocabulary import ExamPart, ExamResult, Programme
from shared.testing import TODAY, given, person
from shared.testing.kit import new_id

ANNA, COHORT_ID = person("anna"), new_id(1)
COHORT = (
    CohortPlanned(
        on=TODAY, programme=Programme.DIPLOMA, title="Hold 1", size_min=12, days=("Innovation",)
    ),
    CohortStarted(on=TODAY, programme=Programme.DIPLOMA, first_day=TODAY, participants=(ANNA,)),
)


class OneExam(RuleBasedStateMachine):
    """Any part at any time; each is recorded, is nothing new, or is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[ExamPartRecorded] = []

    @rule(
        part=st.sampled_from(ExamPart),
        result=st.sampled_from(ExamResult),
        attempt=st.integers(min_value=1, max_value=4),
        days_ago=st.integers(min_value=-1, max_value=3),
    )
    def record(self, part: ExamPart, result: ExamResult, attempt: int, days_ago: int) -> None:
        command = RecordExamPart(
            cohort_id=COHORT_ID,
            person_id=ANNA,
            part=part,
            attempt=attempt,
            result=result,
            held_on=TODAY - timedelta(days=days_ago),
        )
        before = given(*self.facts).besides(COHORTS, str(COHORT_ID), *COHORT)
        outcome = before.when(command)
        if outcome.decision is None:
            return
        self.facts.extend(outcome.decision.events)  # type: ignore[arg-type]
        given(*self.facts).besides(COHORTS, str(COHORT_ID), *COHORT).when(command).then_nothing()

    @invariant()
    def attempts_follow_each_other_until_the_part_is_passed(self) -> None:
        for part in ExamPart:
            tried = [each for each in self.facts if each.part is part]
            assert [each.attempt for each in tried] == list(range(1, len(tried) + 1))
            assert all(each.result is ExamResult.FAILED for each in tried[:-1])
            assert [each.held_on for each in tried] == sorted(each.held_on for each in tried)

    @invariant()
    def all_is_passed_once_and_last(self) -> None:
        passed = {each.part for each in self.facts if each.result is ExamResult.PASSED}
        assert [each.all_passed for each in self.facts[:-1]] == [False] * len(self.facts[:-1])
        if self.facts:
            assert self.facts[-1].all_passed == (passed == set(ExamPart))
        state = EXAMS.replay(self.facts)
        assert {part for part in ExamPart if state.has_passed(part)} == passed


TestOneExam = OneExam.TestCase
TestOneExam.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
