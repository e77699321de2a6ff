"""Reading what was said of the ten competences: person by person, and how they develop."""

from uuid import UUID

from fastapi import APIRouter

from services.training.projections.assessments import Assessment
from services.training.projections.competence_development import (
    CompetenceDevelopment,
    CompetenceFigures,
)
from shared.contracts.vocabulary import AssessmentMoment, Competence, NetworkType
from shared.http.lists import ListRoute
from shared.http.reading import Listing, Page, Reading
from shared.kernel.permissions import oneself, role

router = APIRouter(route_class=ListRoute)

REPORTED_TO = role("secretariat") | role("municipal_director")
"""Who reads how people develop, and what is said of each (P44)."""
ASSESSED = oneself(field="person_id") | oneself("participant", field="person_id") | REPORTED_TO
"""Who reads a person's assessments: also the person (P44)."""


@router.get("/leaders/{person_id}/assessments")
async def assessments(
    person_id: UUID,
    reader: Reading,
    listing: Listing,
    network_id: UUID | None = None,
    moment: AssessmentMoment | None = None,
    *,
    own: bool | None = None,
) -> Page[Assessment]:
    """See what was said of a person's competences, by themself and by others (V32)."""
    reader.allow(ASSESSED, person_id=person_id)
    return await reader.page(
        Assessment, listing, person_id=person_id, network_id=network_id, moment=moment, own=own
    )


@router.get("/reports/competence-development")
async def competence_development(
    reader: Reading,
    listing: Listing,
    network_id: UUID | None = None,
    competence: Competence | None = None,
) -> Page[CompetenceFigures]:
    """See whether participants of learning networks find that they have improved (V36)."""
    reader.allow(REPORTED_TO)
    page = await reader.page(
        CompetenceDevelopment,
        listing,
        network_id=network_id,
        competence=competence,
        network_type=NetworkType.LEARNING,
    )
    items = tuple(CompetenceFigures.model_validate(each.model_dump()) for each in page.items)
    return Page[CompetenceFigures](items=items, next=page.next, as_of=page.as_of, lag_s=page.lag_s)
