"""Reading the rotations, what came of them, and the competences they are wished for."""

from uuid import UUID

from fastapi import APIRouter

from services.training.projections.rotations import (
    RotationCompetences,
    RotationEvaluations,
    RotationOverview,
)
from shared.contracts.vocabulary import OrgUnitId, PersonId, RotationState, RotationTask
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reading
from shared.kernel.permissions import Relations, its, role

router = APIRouter(route_class=ListRoute)

INSIDE = role("secretariat") | role("municipal_director")
READERS = INSIDE | role("reporter") | role("integrator")
"""Who reads every rotation (P47), and the systems that read every projection (P48)."""
OR_THE_PERSON = its("person") | READERS
COMPETENCE_READERS = READERS | role("chefforum")
"""The chief forum sees what it has pointed out."""
EVALUATION_READERS = its("person") | INSIDE
"""Who reads what a named person says of wellbeing and motivation."""


@router.get("/rotations")
async def rotations(
    reader: Reading,
    listing: Listing,
    state: RotationState | None = None,
    person_id: PersonId | None = None,
    org_unit_id: OrgUnitId | None = None,
    task: RotationTask | None = None,
    pointed_out: bool | None = None,  # noqa: FBT001 - a query parameter has its name in the URL
) -> Page[RotationOverview]:
    """See who is in rotation and what came of it (V37); with their own `person_id` anybody may."""
    reader.allow(OR_THE_PERSON, _of(person_id))
    return await reader.page(
        RotationOverview,
        listing,
        state=state,
        person_id=person_id,
        org_unit_id=org_unit_id,
        task=task,
        pointed_out=pointed_out,
    )


@router.get("/rotations/{rotation_id}")
async def rotation(rotation_id: UUID, reader: Reading) -> Item[RotationOverview]:
    """See one rotation; the person it is about does too."""
    found = await reader.one(RotationOverview, rotation_id)
    reader.allow(OR_THE_PERSON, _of(found.item.person_id))
    return found


@router.get("/rotations/{rotation_id}/evaluation")
async def rotation_evaluation(rotation_id: UUID, reader: Reading) -> Item[RotationEvaluations]:
    """See what the person said of their own rotation (R196)."""
    found = await reader.one(RotationEvaluations, rotation_id)
    reader.allow(EVALUATION_READERS, _of(found.item.person_id))
    return found


@router.get("/rotation-evaluations")
async def rotation_evaluations(reader: Reading, listing: Listing) -> Page[RotationEvaluations]:
    """See what all said of their rotations (R196)."""
    reader.allow(INSIDE)
    return await reader.page(RotationEvaluations, listing)


@router.get("/rotation-competences")
async def rotation_competences(reader: Reading, listing: Listing) -> Page[RotationCompetences]:
    """See which competences the chief forum has pointed out (R197)."""
    reader.allow(COMPETENCE_READERS)
    return await reader.page(RotationCompetences, listing)


def _of(person_id: PersonId | None) -> Relations:
    return {"person": (person_id,)} if person_id else {}
