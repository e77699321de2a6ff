"""Whatever is said in whatever order: a file only grows, and each id stands for one assessment."""

from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.training.domain.leader_file import (
    LEADER_FILES,
    AssessCompetences,
    DeclineAssignment,
)
from shared.contracts.training import (
    AssignmentDeclined,
    CompetenceSelfAssessed,
    LeaderFileEvent,
)
from shared.contracts.vocabulary import AssessmentMoment, Competence, DeclineReason, DrivingRole
from shared.kernel.permissions import Actor
from shared.testing import SECRETARIAT, employee, given, person

ANNA, HERSELF = person("anna"), employee("anna")
IDS = st.integers(min_value=1, max_value=5).map(lambda number: UUID(int=number))
NETWORKS = st.sampled_from([UUID(int=8), UUID(int=9)])
LEVELS = st.integers(min_value=1, max_value=3).map(lambda level: dict.fromkeys(Competence, level))


class OneFile(RuleBasedStateMachine):
    """Any command at any time; each is decided, is nothing new, or is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[LeaderFileEvent] = []

    def send(self, command: Any, by: Actor) -> None:
        outcome = given(*self.facts).of(ANNA).when(command, by=by)
        if outcome.decision is None:
            return
        self.facts.extend(outcome.decision.events)  # type: ignore[arg-type]
        given(*self.facts).of(ANNA).when(command, by=by).then_nothing()

    @rule(
        assessment=IDS,
        levels=LEVELS,
        network=NETWORKS,
        moment=st.none() | st.sampled_from(AssessmentMoment),
        own=st.booleans(),
    )
    def assess(
        self,
        assessment: UUID,
        levels: dict[Competence, int],
        network: UUID,
        moment: AssessmentMoment | None,
        own: bool,  # noqa: FBT001
    ) -> None:
        command = AssessCompetences(
            person_id=ANNA,
            assessment_id=assessment,
            levels=levels,
            network_id=network,
            moment=moment,
        )
        self.send(command, HERSELF if own else SECRETARIAT)

    @rule(
        network=NETWORKS,
        role=st.sampled_from(DrivingRole),
        reason=st.sampled_from(DeclineReason),
    )
    def decline(self, network: UUID, role: DrivingRole, reason: DeclineReason) -> None:
        command = DeclineAssignment(person_id=ANNA, network_id=network, role=role, reason=reason)
        self.send(command, HERSELF)

    @invariant()
    def an_id_stands_for_one_assessment_and_a_role_is_declined_once(self) -> None:
        declines = [
            (each.network_id, each.role)
            for each in self.facts
            if isinstance(each, AssignmentDeclined)
        ]
        ids = [
            each.assessment_id for each in self.facts if not isinstance(each, AssignmentDeclined)
        ]
        assert len(set(declines)) == len(declines)
        assert len(set(ids)) == len(ids)
        state = LEADER_FILES.replay(self.facts)
        assert (set(state.assessments), set(state.declined)) == (set(ids), set(declines))

    @invariant()
    def each_says_what_was_told_before_of_both_moments(self) -> None:
        last: dict[tuple[UUID | None, AssessmentMoment], Any] = {}
        for each in self.facts:
            if not isinstance(each, CompetenceSelfAssessed) or each.moment is None:
                continue
            (other,) = set(AssessmentMoment) - {each.moment}
            assert each.corrects == last.get((each.network_id, each.moment))
            assert each.counterpart == last.get((each.network_id, other))
            last[each.network_id, each.moment] = each.levels


TestOneFile = OneFile.TestCase
TestOneFile.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
