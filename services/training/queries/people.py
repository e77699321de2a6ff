"""Keeping and reading the directory of people, one at a time and as a list."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.training.domain.directory.people import PersonEntry, objection
from services.training.domain.directory.rows import ReadRow
from services.training.domain.directory.units import Tree
from services.training.queries.keeping import (
    KEEPERS,
    InDirectory,
    InUnits,
    Keeper,
    Kept,
    position_of,
    read_entry,
    schema_of,
    takes,
)
from shared.contracts.people import PersonListed
from shared.contracts.vocabulary import Forum, Name, OrgUnitId, PersonId
from shared.eventstore.directory import Listed
from shared.eventstore.wanted import Wanted
from shared.http.openapi import problems
from shared.http.reading import MOST_ROWS, Reader, Reading, json_alone, link_next
from shared.kernel.refusals import Unknown
from shared.projections.cursors import Order, cursor_at, cursor_of

router = APIRouter(tags=["people"])
log = structlog.get_logger()

_BODY_PROBLEMS = problems(400, 413, 415)
_IN_A_LINE = 8
"""Ids in one line of the log, which holds 300 characters."""


class PersonAnswer(BaseModel):
    """What became of a person."""

    person_id: PersonId
    what: Kept
    position: str


class PersonItem(PersonEntry):
    """A person as the directory has them."""

    person_id: PersonId
    position: str


class PeoplePage(BaseModel):
    """Some of the people, as they are now."""

    items: tuple[PersonItem, ...]
    next: str | None = Field(description="`cursor` of the people after these; null at the end.")


@router.get("/people", responses=problems(406))
async def people(
    reader: Reading,
    directory: InDirectory,
    units: InUnits,
    request: Request,
    response: Response,
    org_unit_id: Annotated[
        OrgUnitId | None, Query(description="In this unit, or in one below it.")
    ] = None,
    forum: Forum | None = None,
    management_level: Annotated[int | None, Query(ge=1, le=9)] = None,
    line_manager_id: PersonId | None = None,
    text: Annotated[
        Name | None, Query(description="A part of the name or of the e-mail address.")
    ] = None,
    sort: Annotated[
        Literal["person_id", "-person_id", "name", "-name"],
        Query(description="`name` in the order of the Danish alphabet; `-` reverses."),
    ] = "person_id",
    cursor: Annotated[
        str | None, Query(max_length=2000, description="`next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 100,
) -> PeoplePage:
    """See who is in the directory, as it is now (P58); who looked at whom is logged."""
    reader.allow(KEEPERS)
    json_alone(request)
    said = {
        "org_unit_id": org_unit_id and str(org_unit_id),
        "forums": forum,
        "management_level": management_level,
        "line_manager_id": line_manager_id and str(line_manager_id),
    }
    filters: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    order = Order(sort.removeprefix("-").replace("person_id", "_id"), sort.startswith("-"))
    mark = {**filters, "text": text}
    if org_unit_id:
        tree = Tree({unit: each.state.parent_id for unit, each in (await units.page()).items()})
        filters["org_unit_id"] = {str(each) for each in (org_unit_id, *tree.below(org_unit_id))}
    found = await directory.page(
        Wanted(
            filters=filters,
            text=text or "",
            text_in=("name", "email"),
            sort="" if order.field == "_id" else order.field,
            descending=order.descending,
            after=cursor_at(cursor, order, mark) if cursor else None,
            limit=limit + 1,
        )
    )
    items = tuple(_item(person_id, each) for person_id, each in found.items())[:limit]
    following = None
    if len(found) > limit:
        last = {"_id": str(items[-1].person_id), "name": items[-1].name}
        following = cursor_of(last, order, mark)
        link_next(request, response, following)
    named = " ".join(sorted(name for name, value in mark.items() if value is not None))
    _log_read(reader, [each.person_id for each in items], filters=named)
    return PeoplePage(items=items, next=following)


@router.get("/people/{person_id}")
async def person(person_id: UUID, reader: Reading, directory: InDirectory) -> PersonItem:
    """See one person as the directory has them now (P58); who looked at whom is logged."""
    reader.allow(KEEPERS)
    listed = await directory.find([person_id])
    if person_id not in listed:
        raise Unknown("unknown")
    _log_read(reader, [person_id])
    return _item(person_id, listed[person_id])


@router.put(
    "/people/{person_id}",
    openapi_extra=takes(json=schema_of(PersonEntry)),
    responses=_BODY_PROBLEMS,
)
async def put_person(
    person_id: UUID,
    request: Request,
    response: Response,
    reader: Reading,
    directory: InDirectory,
) -> PersonAnswer:
    """Add a person, or change them to be as the body says.

    The same again changes nothing, so there is no need of `Idempotency-Key`; `If-Match` is refused.
    """
    reader.allow(KEEPERS)
    entry = await read_entry(request, PersonEntry)
    if objected := objection(person_id, entry):
        raise objected
    row = ReadRow(1, person_id, entry)
    listed = await directory.find([person_id])
    keeper = Keeper("PutPerson", request, reader)
    what, at = await keeper.put(row, directory, listed, response)
    log.info("person_put", actor=str(reader.actor), person_id=str(person_id), what=what)
    return PersonAnswer(person_id=person_id, what=what, position=at)


def _log_read(reader: Reader, people: Sequence[PersonId], *, filters: str = "") -> None:
    """Log who looked at whom, in lines that are written whole: logs cut a long text."""
    for begin in range(0, max(len(people), 1), _IN_A_LINE):
        some = " ".join(str(each) for each in people[begin : begin + _IN_A_LINE])
        log.info("people_read", actor=str(reader.actor), filters=filters, people=some)


def _item(person_id: PersonId, listed: Listed[PersonListed]) -> PersonItem:
    fields = listed.state.model_dump(include=set(PersonEntry.model_fields))
    position = position_of(PersonListed, person_id, listed.revision)
    return PersonItem(person_id=person_id, position=position, **fields)
