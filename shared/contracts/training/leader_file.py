"""What is said of a person on the way to network leader: heard by the four services alone."""

from collections.abc import Mapping
from uuid import UUID

from shared.contracts.vocabulary import (
    AssessmentMoment,
    Competence,
    DeclineReason,
    DrivingRole,
    Level,
    NoteId,
    PersonId,
)
from shared.kernel.events import Event


class _Assessed(Event):
    person_id: PersonId
    assessment_id: UUID
    """What a selection refers to (R113); the levels stay in training."""
    levels: Mapping[Competence, Level]
    """All ten competences (R114-R123)."""
    network_id: UUID | None = None
    moment: AssessmentMoment | None = None
    """Before or after taking part in that network (R187, R220)."""


class CompetenceAssessed(_Assessed):
    """Somebody else assessed a person's ten competences (R113)."""

    assessor_id: PersonId


class CompetenceSelfAssessed(_Assessed):
    """A person assessed their own ten competences (R113, R124, R220).

    With the levels told before it, whoever counts how people develop needs no person's file.
    """

    identifies_with_good_leader: bool | None = None
    """Whether the person sees themself in the ten marks of the good network leader (R124)."""
    corrects: Mapping[Competence, Level] | None = None
    """The levels that the person told before of the same moment of the same network."""
    counterpart: Mapping[Competence, Level] | None = None
    """The levels that the person told last of the network's other moment."""


class AssignmentDeclined(Event):
    """A leader was asked for a network and said no (R125)."""

    person_id: PersonId
    network_id: UUID
    role: DrivingRole
    reason: DeclineReason
    text_note: NoteId | None = None


LeaderFileEvent = CompetenceAssessed | CompetenceSelfAssessed | AssignmentDeclined
