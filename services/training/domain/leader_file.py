"""A leader's file: what is said of a person's competences, and what the person said no to.

Nothing in it is ever changed: an assessment that was wrong is followed by another. It is heard by
the four services alone; a selection cites an assessment by its id, and the levels stay here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.known import NetworkRoles
from shared.contracts.training import (
    LEADER_FILE,
    AssignmentDeclined,
    CompetenceAssessed,
    CompetenceSelfAssessed,
    LeaderFileEvent,
)
from shared.contracts.vocabulary import (
    AssessmentMoment,
    Competence,
    DeclineReason,
    DrivingRole,
    Level,
    PersonId,
)
from shared.kernel.commands import Aggregate, Command, Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Forbidden, Malformed, Refused

Levels = Mapping[Competence, Level]


@dataclass(frozen=True)
class Assessment:
    """One look at the ten competences: whose it was, and in which network."""

    levels: Levels
    assessor_id: PersonId | None
    """None for the person's own."""
    identifies: bool | None
    network_id: UUID | None
    moment: AssessmentMoment | None


@dataclass(frozen=True)
class LeaderFile:
    """What was said so far."""

    assessments: Mapping[UUID, Assessment] = field(default_factory=dict)
    """In the order they came."""
    declined: Mapping[tuple[UUID, DrivingRole], DeclineReason] = field(default_factory=dict)

    def own_levels(self, network_id: UUID | None, moment: AssessmentMoment | None) -> Levels | None:
        """How the person saw themself before or after a network, as told last."""
        if network_id is None or moment is None:
            return None
        told = (
            each.levels
            for each in reversed(tuple(self.assessments.values()))
            if (each.network_id, each.moment, each.assessor_id) == (network_id, moment, None)
        )
        return next(told, None)


def evolve(state: LeaderFile, fact: LeaderFileEvent) -> LeaderFile:
    """Change a file by a fact."""
    match fact:
        case CompetenceSelfAssessed():
            own = _assessment(fact, None, fact.identifies_with_good_leader)
            return LeaderFile({**state.assessments, fact.assessment_id: own}, state.declined)
        case CompetenceAssessed():
            theirs = _assessment(fact, fact.assessor_id, None)
            return LeaderFile({**state.assessments, fact.assessment_id: theirs}, state.declined)
        case AssignmentDeclined():
            declined = {**state.declined, (fact.network_id, fact.role): fact.reason}
            return LeaderFile(state.assessments, declined)
        case other:
            assert_never(other)


def _assessment(
    fact: CompetenceAssessed | CompetenceSelfAssessed,
    assessor_id: PersonId | None,
    identifies: bool | None,  # noqa: FBT001 - what the person answered
) -> Assessment:
    return Assessment(fact.levels, assessor_id, identifies, fact.network_id, fact.moment)


LEADER_FILES: Aggregate[LeaderFile, LeaderFileEvent] = Aggregate(LEADER_FILE, LeaderFile(), evolve)


class LeaderFileCommand(Command[LeaderFile, LeaderFileEvent]):
    """A command to a person's file, which begins with whatever comes first."""

    aggregate = LEADER_FILES
    begins = True

    person_id: PersonId


class AssessCompetences(LeaderFileCommand):
    """Say how far each of the ten competences is there: one's own, or somebody else's."""

    may = (
        oneself(field="person_id")  # P25
        | oneself("participant", field="person_id")
        | role("secretariat")  # P34
        | role("employee")  # who leads the network that the person co-drives, as `decide` holds
    )

    assessment_id: UUID
    levels: Levels
    identifies_with_good_leader: bool | None = None
    """Whether one sees oneself in the good network leader; only for oneself (R124)."""
    network_id: UUID | None = None
    moment: AssessmentMoment | None = None
    """Before or after taking part in that network (R187, R220)."""

    @model_validator(mode="after")
    def _moment_of_a_network(self) -> "AssessCompetences":
        if self.moment is not None and self.network_id is None:
            raise PydanticCustomError(
                "moment_without_network",
                "moment is before or after a network; network_id is needed",
            )
        return self

    def asks(self, state: LeaderFile) -> Sequence[Ask]:
        """The networks that the person leads or co-drives, and who leads them."""
        return (NetworkRoles.at(self.person_id),)

    def decide(self, state: LeaderFile, ctx: Context) -> Sequence[LeaderFileEvent]:
        """Take all competences at once, as many as the policy names (R113, R123)."""
        assessor_id = None if ctx.capacity == "self" else ctx.actor.person_id
        if ctx.capacity == "employee":
            self._hold_own_co_driver(ctx)
        if assessor_id and self.identifies_with_good_leader is not None:
            raise Forbidden("not_allowed", who="self")
        levels = self._all_levels(ctx)
        told = Assessment(
            levels, assessor_id, self.identifies_with_good_leader, self.network_id, self.moment
        )
        known = state.assessments.get(self.assessment_id)
        if known == told:
            return []
        if known is not None:
            raise Refused("assessment_id_in_use", "R113")
        facts: dict[str, Any] = {
            "on": ctx.on,
            "person_id": self.person_id,
            "assessment_id": self.assessment_id,
            "levels": levels,
            "network_id": self.network_id,
            "moment": self.moment,
        }
        if assessor_id:
            return [CompetenceAssessed(assessor_id=assessor_id, **facts)]
        ctx.warn("does_not_identify", "R124", when=told.identifies is False)
        ctx.warn("not_known_in_network", "R220", when=self._is_unknown_there(ctx))
        return [
            CompetenceSelfAssessed(
                identifies_with_good_leader=told.identifies,
                corrects=state.own_levels(self.network_id, self.moment),
                counterpart=state.own_levels(self.network_id, _other(self.moment)),
                **facts,
            )
        ]

    def _hold_own_co_driver(self, ctx: Context) -> None:
        roles = ctx.facts.find(NetworkRoles, self.person_id)
        if roles is None or not roles.co_drives_for(ctx.actor.person_id):
            raise Forbidden("not_allowed", who="self | secretariat | the co-driver's leader")

    def _is_unknown_there(self, ctx: Context) -> bool:
        """Whether what counts as before or after a network is from somebody not known in it.

        Only leaders and co-drivers are known yet; participants tell for themselves.
        """
        if self.moment is None or self.network_id is None:
            return False
        roles = ctx.facts.find(NetworkRoles, self.person_id)
        return roles is None or not roles.was_in(self.network_id)

    def _all_levels(self, ctx: Context) -> Levels:
        wanted = [Competence(each) for each in ctx.policy.leaders.competences]
        wrong = [each for each in Competence if (each in wanted) != (each in self.levels)]
        if wrong:
            raise Malformed("competences_not_all", "R123", count=len(wanted), wrong=wrong)
        return {each: self.levels[each] for each in wanted}


def _other(moment: AssessmentMoment | None) -> AssessmentMoment | None:
    match moment:
        case AssessmentMoment.BEFORE:
            return AssessmentMoment.AFTER
        case AssessmentMoment.AFTER:
            return AssessmentMoment.BEFORE
        case None:
            return None
        case other:
            assert_never(other)


class DeclineAssignment(LeaderFileCommand):
    """Say no to a network that one was asked for, and why."""

    may = oneself(field="person_id")  # P36

    network_id: UUID
    role: DrivingRole
    reason: DeclineReason
    text: NoteText | None = None

    def decide(self, state: LeaderFile, ctx: Context) -> Sequence[LeaderFileEvent]:
        """Decline each role in each network once; words can only come with it (R125)."""
        known = state.declined.get((self.network_id, self.role))
        if known is self.reason and self.text is None:
            return []
        if known is not None:
            raise Refused("assignment_already_declined", "R125", reason=known)
        note = ctx.note(self.text, about=self.person_id) if self.text else None
        return [
            AssignmentDeclined(
                on=ctx.on,
                person_id=self.person_id,
                network_id=self.network_id,
                role=self.role,
                reason=self.reason,
                text_note=note,
            )
        ]
