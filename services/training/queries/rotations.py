"""Reading the rotations, what came of them, and the competences they are wished for."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from services.training.projections.rotations import (
    RotationCompetences,
    RotationEvaluations,
    RotationOverview,
)
from services.training.queries.readers import INSIDE, REPORTED_TO
from shared.contracts.vocabulary import OrgUnitId, PersonId, RotationState, RotationTask
from shared.http.lists import ListRoute
from shared.http.reading import MOST_ROWS, Item, Listing, Page, Reader, Reading
from shared.kernel.permissions import Relations, its, role
from shared.policy.periods import local_day

router = APIRouter(route_class=ListRoute)

READERS = REPORTED_TO | role("integrator")
"""Who reads every rotation (P47), and the systems that read every projection (P48)."""
OUTSIDE = {"reporter", "integrator"}
"""Those of them who do not see when somebody evaluated."""
OR_THE_PERSON = its("person") | READERS
COMPETENCE_READERS = READERS | role("chefforum")
"""The chief forum sees what it has pointed out."""
EVALUATION_READERS = its("person") | INSIDE
"""Who reads what a named person says of wellbeing and motivation."""


class RotationPage(RotationOverview):
    """A rotation as it is read."""

    begins_later: bool
    """Whether it has its period, and that is still to come."""
    evaluated_on: date | None = None
    """For the person, the secretariat and the municipal director; None for others."""


@router.get("/rotations")
async def rotations(
    reader: Reading,
    listing: Listing,
    state: RotationState | None = None,
    person_id: PersonId | None = None,
    org_unit_id: OrgUnitId | None = None,
    task: RotationTask | None = None,
    pointed_out: bool | None = None,  # noqa: FBT001 - a query parameter has its name in the URL
    begins_later: bool | None = None,  # noqa: FBT001
) -> Page[RotationPage]:
    """See who is in rotation and what came of it (V37); with their own `person_id` anybody may."""
    inside = reader.allow(OR_THE_PERSON, _of(person_id)) not in OUTSIDE
    today = local_day(reader.now)
    page = await reader.page(
        RotationOverview,
        listing,
        only=lambda each: begins_later in (None, each.begins_after(today)),
        state=state,
        person_id=person_id,
        org_unit_id=org_unit_id,
        task=task,
        pointed_out=pointed_out,
    )
    return page.shown_as(RotationPage, await _pages(page.items, reader, inside=inside))


@router.get("/rotations/{rotation_id}")
async def rotation(rotation_id: UUID, reader: Reading) -> Item[RotationPage]:
    """See one rotation; the person it is about does too."""
    found = await reader.one(RotationOverview, rotation_id)
    inside = reader.allow(OR_THE_PERSON, _of(found.item.person_id)) not in OUTSIDE
    (item,) = await _pages((found.item,), reader, inside=inside)
    return found.shown_as(RotationPage, item)


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


async def _pages(
    rows: tuple[RotationOverview, ...], reader: Reader, *, inside: bool
) -> tuple[RotationPage, ...]:
    """Add when each was evaluated, for those who may read what was said."""
    today, evaluated = local_day(reader.now), {}
    if inside:
        ids = [each.rotation_id for each in rows]
        asked = {"rotation_id": ids}
        found = await reader.rows.page(RotationEvaluations, asked, None, None, MOST_ROWS)
        evaluated = {each.rotation_id: each.evaluated_on for each in found.items}
    return tuple(
        RotationPage(
            **each.model_dump(),
            begins_later=each.begins_after(today),
            evaluated_on=evaluated.get(each.rotation_id),
        )
        for each in rows
    )


def _of(person_id: PersonId | None) -> Relations:
    return {"person": (person_id,)} if person_id else {}
