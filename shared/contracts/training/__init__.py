"""What training tells: stored forever, so names and fields are a promise.

The stream's key is the id of the thing (the person's, the cohort's), and is repeated in the fields
only for a person.
"""

from shared.contracts.training.cohort import (
    CohortCancelled,
    CohortCompleted,
    CohortConfirmed,
    CohortEvent,
    CohortOpened,
    CohortPlanned,
    CohortStarted,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentRequested,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    TrainingCostAllocated,
    TrainingCostCorrected,
    TrainingDayAttended,
    TrainingDayScheduled,
)
from shared.contracts.training.exam import (
    ExamEvent,
    ExamPartRecorded,
)
from shared.contracts.training.leader import (
    AvailabilityChanged,
    CoDrivingCompleted,
    DiplomaAwarded,
    InnovatorJoinedCorps,
    InnovatorLeftCorps,
    LeaderAdmittedToPool,
    LeaderEvent,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
    QualifyingRun,
)
from shared.contracts.training.leader_file import (
    AssignmentDeclined,
    CompetenceAssessed,
    CompetenceSelfAssessed,
    LeaderFileEvent,
)
from shared.contracts.training.policy import (
    PolicyEvent,
    PolicySetPublished,
)
from shared.contracts.training.rotation import (
    Deliverable,
    RotationCompetenceEvent,
    RotationCompetencePointedOut,
    RotationDeclined,
    RotationEnded,
    RotationEvaluated,
    RotationEvaluationEvent,
    RotationEvent,
    RotationNominated,
    RotationProposed,
    RotationStarted,
)
from shared.kernel.events import StreamKind

LEADER = StreamKind.of("leader", "training", LeaderEvent)
LEADER_FILE = StreamKind.of("leader_file", "training", LeaderFileEvent, "internal")
COHORT = StreamKind.of("cohort", "training", CohortEvent)
EXAM = StreamKind.of("exam", "training", ExamEvent, "internal")
ROTATION = StreamKind.of("rotation", "training", RotationEvent)
ROTATION_EVALUATION = StreamKind.of(
    "rotation_evaluation", "training", RotationEvaluationEvent, "internal"
)
ROTATION_COMPETENCE = StreamKind.of("rotation_competence", "training", RotationCompetenceEvent)
POLICY = StreamKind.of("policy", "training", PolicyEvent)

KINDS = (
    LEADER,
    LEADER_FILE,
    COHORT,
    EXAM,
    ROTATION,
    ROTATION_EVALUATION,
    ROTATION_COMPETENCE,
    POLICY,
)

__all__ = [
    "COHORT",
    "EXAM",
    "KINDS",
    "LEADER",
    "LEADER_FILE",
    "POLICY",
    "ROTATION",
    "ROTATION_COMPETENCE",
    "ROTATION_EVALUATION",
    "AssignmentDeclined",
    "AvailabilityChanged",
    "CoDrivingCompleted",
    "CohortCancelled",
    "CohortCompleted",
    "CohortConfirmed",
    "CohortEvent",
    "CohortOpened",
    "CohortPlanned",
    "CohortStarted",
    "CompetenceAssessed",
    "CompetenceSelfAssessed",
    "Deliverable",
    "DiplomaAwarded",
    "EnrolmentConfirmed",
    "EnrolmentLapsed",
    "EnrolmentRequested",
    "EnrolmentWaitlisted",
    "EnrolmentWithdrawn",
    "ExamEvent",
    "ExamPartRecorded",
    "InnovatorJoinedCorps",
    "InnovatorLeftCorps",
    "LeaderAdmittedToPool",
    "LeaderEvent",
    "LeaderFileEvent",
    "LeaderInterestRegistered",
    "LeaderLeftPool",
    "LeaderQualified",
    "LeadingCompleted",
    "PolicyEvent",
    "PolicySetPublished",
    "PriorQualificationRecorded",
    "QualifyingRun",
    "RotationCompetenceEvent",
    "RotationCompetencePointedOut",
    "RotationDeclined",
    "RotationEnded",
    "RotationEvaluated",
    "RotationEvaluationEvent",
    "RotationEvent",
    "RotationNominated",
    "RotationProposed",
    "RotationStarted",
    "TrainingCostAllocated",
    "TrainingCostCorrected",
    "TrainingDayAttended",
    "TrainingDayScheduled",
]
