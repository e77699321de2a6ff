"""What became of it all: outcomes, experience, evaluation and stories."""

from datetime import date
from uuid import UUID

from shared.contracts.vocabulary import (
    EvaluationMoment,
    ImprovedMatter,
    NetworkType,
    OrgUnitId,
    OutcomeKind,
    OutcomeSoFar,
    RespondentGroup,
    Visibility,
    VisionGoal,
)
from shared.kernel.events import Event


class OutcomeRecorded(Event):
    """The difference that was seen in a unit of the base (R34, R216), however long after."""

    network_type: NetworkType
    outcome_id: UUID
    kind: OutcomeKind
    org_unit_id: OrgUnitId
    observed_on: date
    evidence: str
    value: str | None = None
    vision_goals: tuple[VisionGoal, ...] = ()
    after_closing: bool = False


class ImprovementExperienceRecorded(Event):
    """How many citizens or employees say that something has become better (R219)."""

    network_type: NetworkType
    respondents: RespondentGroup
    about: ImprovedMatter
    improved: int
    unchanged: int
    worse: int
    asked_on: date


class EvaluationRecorded(Event):
    """How the network's work goes or went, and its effects (R213, R222)."""

    moment: EvaluationMoment
    template_version: int
    went_well: str
    went_badly: str
    effects: str
    outcome_so_far: OutcomeSoFar


class ValueStoryPublished(Event):
    """The value that was created, as it can be shown (R108, R157)."""

    title: str
    text: str
    visibility: Visibility


ResultsEvent = (
    OutcomeRecorded | ImprovementExperienceRecorded | EvaluationRecorded | ValueStoryPublished
)
