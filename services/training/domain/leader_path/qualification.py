"""How a person qualifies: a diploma and a driven network, whichever came first (R111, R168)."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.leader_path.state import LeaderCommand, LeaderPath, Run, evolve
from shared.contracts.training import (
    CoDrivingCompleted,
    DiplomaAwarded,
    LeaderEvent,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
    QualifyingRun,
)
from shared.contracts.vocabulary import DrivingRole, NetworkType, PriorExperience, Title
from shared.kernel.commands import Context, NoteText
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused


class RecordPriorQualification(LeaderCommand):
    """Record a diploma or a driven network from before the system.

    A second network that ended on the same day has another `title`.
    """

    may = role("secretariat")  # P32

    on: Annotated[date, Field(ge=date(1950, 1, 1))]
    what: PriorExperience
    title: Title | None = None
    """What the driven network was called."""
    evidence: NoteText

    @model_validator(mode="after")
    def _title_of_a_network(self) -> "RecordPriorQualification":
        if self.title is not None and self.what is PriorExperience.DIPLOMA:
            raise PydanticCustomError(
                "title_only_of_network", "title is for a network that was driven"
            )
        return self

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Refuse a network driven since the structure began: those come from networks alone."""
        start = ctx.policy.training.structure_start
        if self.what is PriorExperience.DIPLOMA:
            known = ctx.on in state.diplomas
        elif ctx.on >= start:
            raise Refused(
                "prior_run_after_structure_start", "R136", structure_start=start.isoformat()
            )
        else:
            run = Run(DrivingRole(self.what.value), None, ctx.on, self.title)
            known = run in state.runs
        if known:
            return []
        note = ctx.note(self.evidence, about=self.person_id)
        return _qualifying(
            state,
            PriorQualificationRecorded(
                on=ctx.on,
                person_id=self.person_id,
                what=self.what,
                title=self.title,
                evidence_note=note,
            ),
        )


class RecordNetworkRun(LeaderCommand):
    """Record that a person drove a network to its end."""

    may = SYSTEM  # R136: from a network that closed, never typed in

    network_id: UUID
    network_type: NetworkType
    role: DrivingRole
    since: date
    until: date
    late: bool = False

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Record each network once; a late co-driver counts, and is marked (R137)."""
        if any((run.network_id, run.role) == (self.network_id, self.role) for run in state.runs):
            return []
        completed = LeadingCompleted if self.role is DrivingRole.LEADER else CoDrivingCompleted
        return _qualifying(
            state,
            completed(
                on=ctx.on,
                person_id=self.person_id,
                network_id=self.network_id,
                network_type=self.network_type,
                since=self.since,
                until=self.until,
                late=self.late,
            ),
        )


class AwardDiploma(LeaderCommand):
    """Award the diploma to who has passed every part of the exam."""

    may = SYSTEM  # R181: from an exam that was passed, never typed in

    cohort_id: UUID
    awarded_on: date

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Award it once for each cohort."""
        if self.cohort_id in state.passed_cohorts:
            return []
        return _qualifying(
            state,
            DiplomaAwarded(
                on=ctx.on,
                person_id=self.person_id,
                cohort_id=self.cohort_id,
                awarded_on=self.awarded_on,
            ),
        )


def _qualifying(state: LeaderPath, fact: LeaderEvent) -> Sequence[LeaderEvent]:
    """Return the fact, and with it that the person is qualified when nothing is missing now."""
    after = evolve(state, fact)
    if after.qualified or not after.diplomas or not after.runs:
        return [fact]
    diploma_on = min(after.diplomas)
    return [
        fact,
        LeaderQualified(
            on=max(diploma_on, min(run.ended_on for run in after.runs)),
            person_id=fact.person_id,
            diploma_on=diploma_on,
            runs=tuple(
                QualifyingRun(role=run.role, network_id=run.network_id) for run in after.runs
            ),
        ),
    ]
