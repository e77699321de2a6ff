"""Time-limited stays in the secretariat (netværksturnus), and what they are wished for.

What a person says of their own stay is heard by the four services alone.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.contracts.vocabulary import (
    NoteId,
    OrgUnitId,
    PersonId,
    RotationTask,
    Score,
    Text,
    Title,
)
from shared.kernel.events import Event

Link = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2000)]
"""Where something can be found."""


class RotationProposed(Event):
    """A person with a needed competence might work in the secretariat for a while (R192)."""

    person_id: PersonId
    org_unit_id: OrgUnitId | None = None
    """The person's unit in the base; None when the directory did not tell."""
    line_manager_id: PersonId | None = None
    task: RotationTask
    competence: Title
    text: Text
    """What is to be worked on."""
    wished_from: date | None = None
    wished_until: date | None = None


class RotationNominated(Event):
    """The person is to come (R197)."""

    person_id: PersonId
    competence_id: UUID | None = None
    pointed_out: bool
    """Whether the chief forum has pointed the competence out."""


class RotationDeclined(Event):
    """The person is not to come (R192)."""

    person_id: PersonId
    reason_note: NoteId | None = None


class RotationStarted(Event):
    """The stay has its period, which always has an end; told again when that moves (R193)."""

    person_id: PersonId
    task: RotationTask
    starts_on: date
    ends_on: date


class Deliverable(BaseModel):
    """What a rotation leaves behind: knowledge, a tool or a method (R195)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: Title
    url: Link | None = None


class RotationEnded(Event):
    """The stay is over (R193, R195)."""

    person_id: PersonId
    task: RotationTask
    started_on: date
    ended_on: date
    deliverables: tuple[Deliverable, ...]


RotationEvent = (
    RotationProposed | RotationNominated | RotationDeclined | RotationStarted | RotationEnded
)


class RotationEvaluated(Event):
    """Who was in rotation says what came of it for themself (R196)."""

    person_id: PersonId
    learned_note: NoteId
    wellbeing: Score
    motivation: Score


RotationEvaluationEvent = RotationEvaluated


class RotationCompetencePointedOut(Event):
    """The chief forum says which competence the secretariat should look for (R197)."""

    competence: Title
    text: Text
    decided_by: tuple[PersonId, ...]


RotationCompetenceEvent = RotationCompetencePointedOut
