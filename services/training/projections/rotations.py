"""Who is in rotation and what came of it, and the competences that rotations are wished for."""

from datetime import date
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.training import (
    RotationCompetencePointedOut,
    RotationDeclined,
    RotationEnded,
    RotationEvaluated,
    RotationEvent,
    RotationNominated,
    RotationProposed,
    RotationStarted,
)
from shared.contracts.vocabulary import (
    NoteId,
    OrgUnitId,
    PersonId,
    RotationState,
    RotationTask,
    Score,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key


class RotationOverview(Row):
    """A rotation from the proposal to its end (V37), keyed by its id."""

    rotation_id: UUID
    person_id: PersonId
    org_unit_id: OrgUnitId | None = None
    """The person's unit when the rotation was proposed; None when the directory did not tell."""
    state: RotationState = RotationState.PROPOSED
    task: RotationTask | None = None
    competence: str = ""
    competence_id: UUID | None = None
    pointed_out: bool = False
    """Whether the person is nominated for a competence that the chief forum pointed out."""
    wished_from: date | None = None
    wished_until: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    """The last day: as planned, and as it became once the rotation has ended."""
    deliverables: tuple[str, ...] = ()
    """The titles of what it left behind."""
    links: tuple[str, ...] = ()
    """Where to find those deliverables that have a link."""

    def begins_after(self, day: date) -> bool:
        """Tell whether the stay has a period that only begins after that day."""
        running = self.state is RotationState.RUNNING
        return running and self.starts_on is not None and self.starts_on > day


def _fold(
    row: RotationOverview | None, fact: Recorded[RotationEvent], key: str
) -> RotationOverview:
    event = fact.event
    row = row or RotationOverview(rotation_id=UUID(key), person_id=event.person_id)
    changed: dict[str, Any]
    match event:
        case RotationProposed():
            told = {"org_unit_id", "task", "competence", "wished_from", "wished_until"}
            changed = {name: getattr(event, name) for name in told}
        case RotationNominated():
            changed = {
                "state": RotationState.NOMINATED,
                "competence_id": event.competence_id,
                "pointed_out": event.pointed_out,
            }
        case RotationDeclined():
            changed = {"state": RotationState.DECLINED, "starts_on": None, "ends_on": None}
        case RotationStarted():
            changed = {
                "state": RotationState.RUNNING,
                "starts_on": event.starts_on,
                "ends_on": event.ends_on,
            }
        case RotationEnded():
            changed = {
                "state": RotationState.ENDED,
                "ends_on": event.ended_on,
                "deliverables": tuple(each.title for each in event.deliverables),
                "links": tuple(each.url for each in event.deliverables if each.url),
            }
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


class RotationEvaluations(Row):
    """What a person says of their own rotation, keyed by its id; not for everybody's eyes."""

    rotation_id: UUID
    person_id: PersonId
    evaluated_on: date
    wellbeing: Score
    motivation: Score
    learned_note: NoteId


def _evaluation(
    row: RotationEvaluations | None, fact: Recorded[RotationEvaluated], key: str
) -> RotationEvaluations:
    told = fact.event.model_dump(exclude={"on"})
    return RotationEvaluations(rotation_id=UUID(key), evaluated_on=fact.event.on, **told)


class RotationCompetences(Row):
    """A competence that the chief forum has pointed out for rotation, keyed by its id (R197)."""

    competence_id: UUID
    competence: str
    text: str
    pointed_out_on: date
    decided_by: tuple[PersonId, ...]


def _competence(
    row: RotationCompetences | None, fact: Recorded[RotationCompetencePointedOut], key: str
) -> RotationCompetences:
    told = fact.event.model_dump(exclude={"on"})
    return RotationCompetences(competence_id=UUID(key), pointed_out_on=fact.event.on, **told)


ROTATION_OVERVIEW = View.of(
    RotationOverview,
    RotationEvent,
    keys=stream_key,
    fold=_fold,
    indexes=("state", "person_id", "org_unit_id", "ends_on"),
)
ROTATION_EVALUATIONS = View.of(
    RotationEvaluations,
    RotationEvaluated,
    keys=stream_key,
    fold=_evaluation,
    indexes=("rotation_id",),
)
ROTATION_COMPETENCES = View.of(
    RotationCompetences, RotationCompetencePointedOut, keys=stream_key, fold=_competence
)
