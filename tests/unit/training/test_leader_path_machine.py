"""Whatever happens in whatever order: qualified is who has a diploma and a driven network."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.training.domain.leader_path.corps import ChangeInnovatorCorps
from services.training.domain.leader_path.pool import SetPoolMembership
from services.training.domain.leader_path.qualification import (
    AwardDiploma,
    RecordNetworkRun,
    RecordPriorQualification,
)
from services.training.domain.leader_path.state import LEADER_PATH
from services.training.domain.leader_path.willingness import (
    RegisterLeaderInterest,
    SetLeaderAvailability,
)
from shared.contracts.training import (
    CoDrivingCompleted,
    DiplomaAwarded,
    InnovatorJoinedCorps,
    InnovatorLeftCorps,
    LeaderEvent,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    LeaderWish,
    NetworkType,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.permissions import Actor, system
from shared.testing import SECRETARIAT, TODAY, employee, given, person

ANNA = person("anna")
COHORTS = [UUID(int=number) for number in range(7, 9)]
NETWORKS = [UUID(int=number) for number in range(3)]
DAYS = st.integers(min_value=0, max_value=1500).map(lambda days: TODAY - timedelta(days=days))


class OnePath(RuleBasedStateMachine):
    """Any command at any time; each is decided, is nothing new, or is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[LeaderEvent] = []

    def send(self, command: Any, by: Actor = SECRETARIAT) -> None:
        outcome = given(*self.facts).of(ANNA).when(command, by=by)
        if outcome.decision is None:
            return
        self.facts.extend(outcome.decision.events)  # type: ignore[arg-type]
        given(*self.facts).of(ANNA).when(command, by=by).then_nothing()

    @rule(wish=st.sampled_from(LeaderWish))
    def tell_of_an_interest(self, wish: LeaderWish) -> None:
        self.send(RegisterLeaderInterest(person_id=ANNA, wish=wish), by=employee("anna"))

    @rule(what=st.sampled_from(PriorExperience), on=DAYS)
    def record_what_was_before(self, what: PriorExperience, on: date) -> None:
        self.send(RecordPriorQualification(person_id=ANNA, what=what, on=on, evidence="Set"))

    @rule(network=st.sampled_from(NETWORKS), role=st.sampled_from(DrivingRole), until=DAYS)
    def close_a_network(self, network: UUID, role: DrivingRole, until: date) -> None:
        self.send(
            RecordNetworkRun(
                on=until,
                person_id=ANNA,
                network_id=network,
                network_type=NetworkType.WELFARE,
                role=role,
                since=until - timedelta(days=180),
                until=until,
            ),
            by=system("NetworkClosed.record_runs"),
        )

    @rule(basis=st.none() | st.sampled_from(PoolBasis))
    def set_the_pool(self, basis: PoolBasis | None) -> None:
        self.send(SetPoolMembership(person_id=ANNA, in_pool=basis is not None, basis=basis))

    @rule(cohort=st.sampled_from(COHORTS), on=DAYS)
    def pass_an_exam(self, cohort: UUID, on: date) -> None:
        self.send(
            AwardDiploma(on=on, person_id=ANNA, cohort_id=cohort, awarded_on=on),
            by=system("ExamPartRecorded.award_diploma"),
        )

    @rule(available=st.booleans(), first=st.none() | DAYS, days=st.none() | st.integers(0, 90))
    def tell_of_availability(
        self,
        available: bool,  # noqa: FBT001
        first: date | None,
        days: int | None,
    ) -> None:
        last = first + timedelta(days=days) if first and days is not None else None
        self.send(
            SetLeaderAvailability(
                person_id=ANNA, available=available, available_from=first, available_until=last
            ),
            by=employee("anna"),
        )

    @rule(member=st.booleans(), cohort=st.none() | st.sampled_from(COHORTS))
    def change_the_corps(self, member: bool, cohort: UUID | None) -> None:  # noqa: FBT001
        self.send(ChangeInnovatorCorps(person_id=ANNA, member=member, cohort_id=cohort))

    @invariant()
    def whoever_left_the_corps_had_joined_it(self) -> None:
        grounds: set[UUID | None] = set()
        for each in self.facts:
            if isinstance(each, InnovatorJoinedCorps):
                assert each.cohort_id not in grounds
                grounds.add(each.cohort_id)
            elif isinstance(each, InnovatorLeftCorps):
                ended = grounds if each.cohort_id is None else {each.cohort_id}
                assert ended
                assert ended <= grounds
                grounds = grounds - ended
                assert each.remains == bool(grounds)
        assert LEADER_PATH.replay(self.facts).corps == grounds

    @invariant()
    def a_cohort_gives_one_diploma(self) -> None:
        awarded = [each.cohort_id for each in self.facts if isinstance(each, DiplomaAwarded)]
        assert len(set(awarded)) == len(awarded)

    @invariant()
    def qualified_is_diploma_and_run(self) -> None:
        prior = [each for each in self.facts if isinstance(each, PriorQualificationRecorded)]
        diploma = any(each.what is PriorExperience.DIPLOMA for each in prior) or any(
            isinstance(each, DiplomaAwarded) for each in self.facts
        )
        run = any(each.what is not PriorExperience.DIPLOMA for each in prior) or any(
            isinstance(each, CoDrivingCompleted | LeadingCompleted) for each in self.facts
        )

        told = [each for each in self.facts if isinstance(each, LeaderQualified)]

        assert len(told) == int(diploma and run)
        assert LEADER_PATH.replay(self.facts).qualified == (diploma and run)


TestOnePath = OnePath.TestCase
TestOnePath.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
