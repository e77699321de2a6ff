"""Who might come, and whether they are to."""

from collections.abc import Sequence
from typing import Any, Literal, Self, assert_never
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.rotation.competence import ROTATION_COMPETENCE, PointedOut
from services.training.domain.rotation.state import (
    Declined,
    Ended,
    Nominated,
    NotProposed,
    Proposed,
    Rotation,
    RotationCommand,
    Running,
    begun,
)
from shared.contracts.training import (
    RotationDeclined,
    RotationEvent,
    RotationNominated,
    RotationProposed,
)
from shared.contracts.vocabulary import PersonId, RotationState, RotationTask, Text, Title
from shared.kernel.commands import Aggregate, Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Forbidden, Refused
from shared.people import Person
from shared.policy import Day


class ProposeRotation(RotationCommand):
    """Propose that somebody with a needed competence comes to the secretariat for a while."""

    # P37; of all employees it is the person's line manager who may
    may = oneself(field="person_id") | role("secretariat") | role("employee")
    begins = True

    person_id: PersonId
    task: RotationTask
    competence: Title
    text: Text
    wished_from: Day | None = None
    wished_until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.wished_from and self.wished_until and self.wished_until < self.wished_from:
            raise PydanticCustomError(
                "last_day_before_first",
                "{last} is before {first}",
                {"first": "wished_from", "last": "wished_until"},
            )
        return self

    def asks(self, state: Rotation) -> Sequence[Ask]:
        """The person's unit and line manager."""
        return (Person.at(self.person_id),)

    def decide(self, state: Rotation, ctx: Context) -> Sequence[RotationEvent]:
        """Take the proposal, with the unit that the person comes from."""
        person = ctx.facts.find(Person, self.person_id)
        line_manager_id = person.line_manager_id if person else None
        manages = line_manager_id is not None and line_manager_id == ctx.actor.person_id
        if ctx.capacity == "employee" and not manages:
            raise Forbidden("not_allowed", who="the person's line_manager")
        if not isinstance(state, NotProposed):
            return []
        return [
            RotationProposed(
                on=ctx.on,
                person_id=self.person_id,
                org_unit_id=person.org_unit_id if person else None,
                line_manager_id=line_manager_id,
                task=self.task,
                competence=self.competence,
                text=self.text,
                wished_from=self.wished_from,
                wished_until=self.wished_until,
            )
        ]


class NominateRotation(RotationCommand):
    """Answer a proposal: the person is nominated for a rotation, or it is declined."""

    may = role("secretariat") | role("chefforum")  # P39; to decline is the secretariat's alone

    answer: Literal[RotationState.NOMINATED, RotationState.DECLINED]
    competence_id: UUID | None = None
    """The competence that the chief forum has pointed out."""
    reason: NoteText | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        nominated = self.answer is RotationState.NOMINATED
        if nominated and self.reason is not None:
            raise PydanticCustomError("reason_only_to_decline", "reason is for declining")
        if not nominated and self.competence_id is not None:
            raise PydanticCustomError(
                "competence_only_to_nominate", "competence_id is for nominating"
            )
        return self

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The competence, for whether it was pointed out."""
        return ((ROTATION_COMPETENCE, str(self.competence_id)),) if self.competence_id else ()

    def decide(self, state: Rotation, ctx: Context) -> Sequence[RotationEvent]:
        """Nominate or decline."""
        if self.answer is RotationState.NOMINATED:
            return self._nominate(state, ctx)
        if ctx.capacity == "chefforum":
            raise Forbidden("not_allowed", who="secretariat")
        return self._decline(state, ctx)

    def _nominate(self, state: Rotation, ctx: Context) -> Sequence[RotationEvent]:
        match begun(state):
            case Proposed(proposal):
                pointed_out = self._is_pointed_out(ctx)
                ctx.warn("competence_not_pointed_out", "R197", when=not pointed_out)
                return [
                    RotationNominated(
                        on=ctx.on,
                        person_id=proposal.person_id,
                        competence_id=self.competence_id,
                        pointed_out=pointed_out,
                    )
                ]
            case Nominated(_, nomination):
                if nomination.competence_id == self.competence_id:
                    return []
                raise Refused("rotation_already_nominated", "R192")
            case Declined():
                raise Refused("rotation_declined", "R192")
            case Running():
                raise Refused("rotation_running", "R192")
            case Ended():
                raise Refused("rotation_ended", "R193")
            case other:
                assert_never(other)

    def _is_pointed_out(self, ctx: Context) -> bool:
        if self.competence_id is None:
            return False
        return isinstance(ctx.state(ROTATION_COMPETENCE, str(self.competence_id)), PointedOut)

    def _decline(self, state: Rotation, ctx: Context) -> Sequence[RotationEvent]:
        match begun(state):
            case Declined():
                return []
            case Running(_, stay) if stay.starts_on <= ctx.today:
                # What has begun is not undone by a date before it.
                raise Refused("rotation_running", "R192")
            case Ended():
                raise Refused("rotation_ended", "R193")
            case Proposed(proposal) | Nominated(proposal) | Running(proposal):
                person_id = proposal.person_id
                note = ctx.note(self.reason, about=person_id) if self.reason else None
                return [RotationDeclined(on=ctx.on, person_id=person_id, reason_note=note)]
            case other:
                assert_never(other)
