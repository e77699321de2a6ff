"""Reading what was said of the ten competences: person by person, and how they develop."""

from uuid import UUID

from fastapi import APIRouter

from services.training.projections.assessments import Assessment
from services.training.projections.competence_development import (
    CompetenceDevelopment,
    CompetenceFigures,
)
from services.training.queries.readers import OR_ONESELF, REPORTED_TO
from shared.contracts.vocabulary import AssessmentMoment, Competence, NetworkType
from shared.http.lists import ListRoute
from shared.http.reading import Listing, Page, Reading

router = APIRouter(route_class=ListRoute)


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
    reader.allow(OR_ONESELF, person_id=person_id)
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
    """See whether those who assess themselves find that a learning network improved them (V36).

    Counted is who assessed themself both before and after it. Who takes part is not recorded yet,
    so that an answer of somebody else counts too; it was remarked on when it came.
    """
    reader.allow(REPORTED_TO)
    page = await reader.page(
        CompetenceDevelopment,
        listing,
        network_id=network_id,
        competence=competence,
        network_type=NetworkType.LEARNING,
    )
    return page.shown_as(CompetenceFigures)
