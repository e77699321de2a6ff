"""Keeping and reading the organisation: directorates, departments and what else there is."""

from typing import Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from services.training.domain.directory.rows import ReadRow
from services.training.domain.directory.units import UnitEntry, check_unused, hold_tree
from services.training.projections.org_units import OrgUnit
from services.training.queries.keeping import (
    KEEPERS,
    InDirectory,
    InUnits,
    Keeper,
    Kept,
    position_of,
    read_entry,
    schema_of,
    states,
    takes,
)
from shared.contracts.units import OrgUnitListed
from shared.contracts.vocabulary import OrgUnitId, OrgUnitKind
from shared.eventstore.wanted import Wanted
from shared.http.lists import ListRoute
from shared.http.openapi import problems
from shared.http.reading import Item, Listing, Page, Reading
from shared.kernel.permissions import role
from shared.kernel.refusals import Unknown

router = APIRouter(route_class=ListRoute, tags=["org-units"])
log = structlog.get_logger()

READERS = KEEPERS | role("municipal_director") | role("reporter") | role("integrator")
"""Who reads what is about nobody (P47, P48)."""


class OrgUnitAnswer(BaseModel):
    """What became of a unit."""

    org_unit_id: OrgUnitId
    what: Literal[Kept, "removed"]
    position: str


@router.get("/org-units")
async def org_units(
    reader: Reading,
    listing: Listing,
    kind: OrgUnitKind | None = None,
    parent_id: OrgUnitId | None = None,
) -> Page[OrgUnit]:
    """See the units of the base; those directly below one with its `parent_id`."""
    reader.allow(READERS)
    return await reader.page(OrgUnit, listing, kind=kind, parent_id=parent_id)


@router.get("/org-units/{org_unit_id}")
async def org_unit(org_unit_id: UUID, reader: Reading) -> Item[OrgUnit]:
    """See one unit."""
    reader.allow(READERS)
    return await reader.one(OrgUnit, org_unit_id)


@router.put(
    "/org-units/{org_unit_id}",
    openapi_extra=takes(json=schema_of(UnitEntry)),
    responses=problems(400, 413, 415),
)
async def put_org_unit(
    org_unit_id: UUID, request: Request, response: Response, reader: Reading, units: InUnits
) -> OrgUnitAnswer:
    """Add a unit, or change it to be as the body says; the unit it belongs to must be there.

    The same again changes nothing, so there is no need of `Idempotency-Key`; `If-Match` is refused.
    """
    reader.allow(KEEPERS)
    entry = await read_entry(request, UnitEntry)
    listed = await units.page()
    (row,) = hold_tree([ReadRow(1, org_unit_id, entry)], states(listed))
    if row.errors:
        raise row.errors[0]
    keeper = Keeper("PutOrgUnit", request, reader)
    what, at = await keeper.put(row, units, listed, response)
    log.info("org_unit_put", actor=str(reader.actor), org_unit_id=str(org_unit_id), what=what)
    return OrgUnitAnswer(org_unit_id=org_unit_id, what=what, position=at)


@router.delete("/org-units/{org_unit_id}", responses=problems(400, 409))
async def remove_org_unit(
    org_unit_id: UUID, request: Request, reader: Reading, units: InUnits, directory: InDirectory
) -> OrgUnitAnswer:
    """Remove a unit that no unit and nobody belongs to; what names its id elsewhere stays.

    `If-Match` is refused.
    """
    reader.allow(KEEPERS)
    below = await units.page(Wanted(filters={"parent_id": str(org_unit_id)}))
    people = await directory.page(Wanted(filters={"org_unit_id": str(org_unit_id)}))
    check_unused(len(below), len(people))
    keeper = Keeper("RemoveOrgUnit", request, reader)
    revision = await units.erase(org_unit_id, envelope=keeper.envelope)
    if revision is None:
        raise Unknown("unknown")
    log.info("org_unit_removed", actor=str(reader.actor), org_unit_id=str(org_unit_id))
    at = position_of(OrgUnitListed, org_unit_id, revision)
    return OrgUnitAnswer(org_unit_id=org_unit_id, what="removed", position=at)
