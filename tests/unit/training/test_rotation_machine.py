"""Whatever is asked of a rotation in whatever order: it is decided, nothing new, or refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.training.domain.rotation.competence import ROTATION_COMPETENCE
from services.training.domain.rotation.evaluation import ROTATION_EVALUATION, EvaluateRotation
from services.training.domain.rotation.nomination import NominateRotation, ProposeRotation
from services.training.domain.rotation.state import (
    ROTATION,
    Declined,
    Ended,
    Nominated,
    NotProposed,
    Proposed,
    Running,
)
from services.training.domain.rotation.stay import EndRotation, StartRotation
from services.training.projections.rotations import ROTATION_OVERVIEW
from shared.contracts.registry import CODEC
from shared.contracts.training import (
    RotationCompetencePointedOut,
    RotationEnded,
    RotationEvaluated,
    RotationEvent,
    RotationStarted,
)
from shared.contracts.vocabulary import RotationState, RotationTask
from shared.kernel.permissions import Actor
from shared.policy.periods import local_day
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, folded, given, person, recorded

TURN, WANTED = UUID(int=1), UUID(int=2)
ANNA = person("anna")
ANNA_ACTING = employee("anna")
POINTED_OUT = RotationCompetencePointedOut(
    on=TODAY, competence="Tegne", text="Møder", decided_by=(person("chief"),)
)
BEGINNING = datetime(2013, 9, 2, 8, 0, tzinfo=UTC)
ACTORS = st.sampled_from([SECRETARIAT, SECRETARIAT, SECRETARIAT, CHIEF, ANNA_ACTING])
DAYS = st.integers(-20, 40)
SHOWN = {
    Proposed: RotationState.PROPOSED,
    Nominated: RotationState.NOMINATED,
    Declined: RotationState.DECLINED,
    Running: RotationState.RUNNING,
    Ended: RotationState.ENDED,
}


class OneRotation(RuleBasedStateMachine):
    """Any command at any time, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[RotationEvent] = []
        self.told_on: list[date] = []
        self.said: list[RotationEvaluated] = []
        self.now = BEGINNING

    def send(self, command: Any, by: Actor) -> None:
        wanted = (POINTED_OUT,) if self.now > BEGINNING else ()
        before = given(*self.facts).of(TURN).at(self.now)
        before = before.besides(ROTATION_COMPETENCE, str(WANTED), *wanted)
        outcome = before.when(command, by=by)
        if outcome.decision is None:
            return
        self.facts.extend(outcome.decision.events)  # type: ignore[arg-type]
        self.told_on.extend(local_day(self.now) for _ in outcome.decision.events)
        replace(before, facts=tuple(self.facts)).when(command, by=by).then_nothing()

    @initialize(task=st.sampled_from(RotationTask))
    def propose(self, task: RotationTask) -> None:
        self.send(
            ProposeRotation(person_id=ANNA, task=task, competence="Tegne", text="Møder"),
            by=ANNA_ACTING,
        )

    @rule(days=st.integers(1, 30))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(competence_id=st.sampled_from([None, WANTED]), by=ACTORS)
    def nominate(self, competence_id: UUID | None, by: Actor) -> None:
        self.send(
            NominateRotation(answer=RotationState.NOMINATED, competence_id=competence_id), by=by
        )

    @rule(reason=st.sampled_from([None, "Kan ikke undværes"]), back=st.integers(0, 30), by=ACTORS)
    def decline(self, reason: str | None, back: int, by: Actor) -> None:
        on = local_day(self.now) - timedelta(days=back)
        self.send(NominateRotation(answer=RotationState.DECLINED, reason=reason, on=on), by=by)

    @rule(first=DAYS, length=st.none() | DAYS, by=ACTORS)
    def start(self, first: int, length: int | None, by: Actor) -> None:
        starts_on = local_day(self.now) + timedelta(days=first)
        ends_on = None if length is None else starts_on + timedelta(days=length)
        self.send(StartRotation(starts_on=starts_on, ends_on=ends_on), by=by)

    @rule(by=ACTORS)
    def end(self, by: Actor) -> None:
        self.send(EndRotation(), by=by)

    @rule(wellbeing=st.integers(1, 5), by=ACTORS)
    def evaluate(self, wellbeing: int, by: Actor) -> None:
        given_now = given(*self.said).of(TURN).at(self.now)
        outcome = given_now.besides(ROTATION, str(TURN), *self.facts).when(
            EvaluateRotation(learned="Meget", wellbeing=wellbeing, motivation=3), by=by
        )
        if outcome.decision is not None:
            self.said.extend(outcome.decision.events)  # type: ignore[arg-type]

    @invariant()
    def what_was_stored_gives_the_same_state(self) -> None:
        stored = [CODEC.decode(*CODEC.encode(fact)) for fact in self.facts]
        assert ROTATION.replay(stored) == ROTATION.replay(self.facts)  # type: ignore[arg-type]

    @invariant()
    def every_period_has_its_end_after_its_start(self) -> None:
        for fact in self.facts:
            if isinstance(fact, RotationStarted):
                assert fact.starts_on <= fact.ends_on
            if isinstance(fact, RotationEnded):
                assert fact.started_on <= fact.ended_on

    @invariant()
    def what_has_begun_is_neither_moved_nor_undone(self) -> None:
        for before, fact in pairwise(zip(self.facts, self.told_on, strict=True)):
            stay, on = before[0], fact[1]
            if isinstance(stay, RotationStarted) and stay.starts_on <= on:
                assert isinstance(fact[0], RotationStarted | RotationEnded)
                if isinstance(fact[0], RotationStarted):
                    assert fact[0].starts_on == stay.starts_on

    @invariant()
    def nothing_follows_the_end(self) -> None:
        assert not any(isinstance(fact, RotationEnded) for fact in self.facts[:-1])

    @invariant()
    def it_is_evaluated_once_and_only_when_it_is_over(self) -> None:
        assert len(self.said) <= 1
        if self.said:
            assert isinstance(ROTATION.replay(self.facts), Ended)
            assert ROTATION_EVALUATION.replay(self.said) != ROTATION_EVALUATION.initial

    @invariant()
    def the_overview_shows_the_state(self) -> None:
        state = ROTATION.replay(self.facts)
        told = [recorded(fact, f"rotation-{TURN}", at) for at, fact in enumerate(self.facts, 1)]
        rows = folded(ROTATION_OVERVIEW, told)
        if isinstance(state, NotProposed):
            assert rows == {}
        else:
            assert rows[str(TURN)].state is SHOWN[type(state)]


TestOneRotation = OneRotation.TestCase
TestOneRotation.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
