"""What was said of each person's competences."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.training import CompetenceAssessed, CompetenceSelfAssessed
from shared.contracts.vocabulary import AssessmentMoment, Competence, Level, PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

Assessed = CompetenceAssessed | CompetenceSelfAssessed


class Assessment(Row):
    """One assessment of a person's ten competences (V32), keyed by the person's id and its own.

    For the person, the secretariat and the municipal director alone (P44).
    """

    assessment_id: UUID
    person_id: PersonId
    assessor_id: PersonId
    own: bool
    """Whether it is the person's own."""
    assessed_on: date
    levels: dict[Competence, Level] = Field(default_factory=dict)
    """In the order of the source (R114-R123)."""
    identifies_with_good_leader: bool | None = None
    network_id: UUID | None = None
    moment: AssessmentMoment | None = None


def _key(fact: Recorded[Assessed]) -> Iterable[str]:
    # An assessment's id is whoever's who sent it: two files may hold the same one.
    return (f"{fact.key}/{fact.event.assessment_id}",)


def _fold(row: Assessment | None, fact: Recorded[Assessed], key: str) -> Assessment:
    event = fact.event
    match event:
        case CompetenceSelfAssessed():
            assessor_id, identifies = event.person_id, event.identifies_with_good_leader
        case CompetenceAssessed():
            assessor_id, identifies = event.assessor_id, None
        case other:
            assert_never(other)
    return Assessment(
        assessment_id=event.assessment_id,
        person_id=event.person_id,
        assessor_id=assessor_id,
        own=assessor_id == event.person_id,
        assessed_on=event.on,
        levels=dict(event.levels),
        identifies_with_good_leader=identifies,
        network_id=event.network_id,
        moment=event.moment,
    )


ASSESSMENTS = View.of(
    Assessment,
    Assessed,
    keys=_key,
    fold=_fold,
    indexes=("person_id", "assessed_on", "network_id", "own"),
)
