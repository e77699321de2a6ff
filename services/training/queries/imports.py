"""Handing in people and units: tables (CSV), and what OS2mo exports (JSON), with a report per row.

With a wrong row nothing is written, unless that is asked for. The right rows are then written one
by one: should the process end in the middle, some are, and the same request once more writes the
others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.training.domain.directory.os2mo import Export, read_export
from services.training.domain.directory.people import read_people
from services.training.domain.directory.rows import ReadRow, What, what_becomes_of
from services.training.domain.directory.units import hold_tree, read_units
from services.training.queries.keeping import (
    KEEPERS,
    InDirectory,
    InUnits,
    Keeper,
    states,
    takes,
)
from services.training.queries.tables import (
    BODY_PROBLEMS,
    MAX_TABLE_BYTES,
    TABLE,
    Partial,
    WrongCell,
    media_type,
    rows_wrong,
    told,
)
from shared.contracts.vocabulary import OrgUnitId, PersonId
from shared.eventstore.directory import Directory
from shared.http.headers import language, must_be_json, read_headers
from shared.http.limits import parse_body, read_body
from shared.http.reading import Reader, Reading
from shared.http.refusals import Unsupported
from shared.kernel.refusals import Malformed

router = APIRouter()
log = structlog.get_logger()

MAX_EXPORT_BYTES = 4_000_000
_EXPORT = {
    "type": "object",
    "properties": {
        name: {"type": "array", "items": {"type": "object"}}
        for name in ("org_units", "employees", "managers")
    },
}

Noun = Literal["person", "org_unit"]


class RowReport(BaseModel):
    """What became of a row."""

    about: Noun
    line: int = Field(
        description="Where the row begins in the file, whose first row is 1; "
        "of an export, the place in its list, from 1."
    )
    person_id: PersonId | None = None
    org_unit_id: OrgUnitId | None = None
    what: What
    position: str | None = Field(description="For `after`, where the row changed something.")
    errors: tuple[WrongCell, ...] = ()


class ImportReport(BaseModel):
    """What became of what was handed in: how many rows of each kind, and every row."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    rows: tuple[RowReport, ...]


@dataclass(frozen=True)
class _Batch:
    """Rows of one kind, what is to become of each, and where they go."""

    about: Noun
    rows: Sequence[ReadRow[Any]]
    whats: Sequence[What]
    directory: Directory[Any]

    @classmethod
    def of(
        cls,
        about: Noun,
        rows: Sequence[ReadRow[Any]],
        listed: Mapping[UUID, Any],
        directory: Directory[Any],
    ) -> "_Batch":
        return cls(about, rows, [what_becomes_of(row, listed) for row in rows], directory)

    def named(self, row: ReadRow[Any]) -> dict[str, Any]:
        return {f"{self.about}_id": row.id}


@router.post(
    "/people/imports",
    openapi_extra=takes(csv=TABLE, json=_EXPORT),
    responses=BODY_PROBLEMS,
    tags=["people"],
)
async def import_people(
    request: Request,
    reader: Reading,
    directory: InDirectory,
    units: InUnits,
    *,
    partial: Partial = False,
) -> ImportReport:
    """Import people: add who is new, and change who is not as their row says.

    Either a table of people (text/csv), or units and people as OS2mo exports them
    (application/json): `org_units`, `employees` with their engagements, addresses and
    associations, and `managers`. What an export does not say stays as it is; who is whose line
    manager follows from the managers of the units. Civil registration numbers are not taken.

    Nobody is removed by an import. With a wrong row nothing is imported and 422 tells what is
    wrong, unless `partial`: then the right rows are imported and the report tells which are not.
    """
    reader.allow(KEEPERS)
    headers = read_headers(request.scope)
    media = media_type(headers)
    if media == "text/csv":
        rows = read_people(await read_body(request.scope, request.receive, MAX_TABLE_BYTES))
        people = states(await directory.find(row.id for row in rows if row.id))
        batches = [_Batch.of("person", rows, people, directory)]
    elif media == "application/json":
        must_be_json(headers)
        body = await read_body(request.scope, request.receive, MAX_EXPORT_BYTES)
        export = Export.of(parse_body(body))
        people = states(await directory.find(export.person_ids))
        known_units = states(await units.page())
        read = read_export(export, people, known_units)
        batches = [
            _Batch.of("org_unit", read.units, known_units, units),
            _Batch.of("person", read.people, people, directory),
        ]
    else:
        raise Unsupported("import_not_a_table")
    return await _import(batches, Keeper("ImportPeople", request, reader), reader, partial, headers)


@router.post(
    "/org-units/imports",
    openapi_extra=takes(csv=TABLE),
    responses=BODY_PROBLEMS,
    tags=["org-units"],
)
async def import_org_units(
    request: Request, reader: Reading, units: InUnits, *, partial: Partial = False
) -> ImportReport:
    """Import a table of units (text/csv): `kind`, `unit_id`, `name` and `parent_id`.

    No unit is removed by an import. A unit may belong to one that is listed, or to one in another
    row. With a wrong row nothing is imported, unless `partial`.
    """
    reader.allow(KEEPERS)
    headers = read_headers(request.scope)
    if media_type(headers) != "text/csv":
        raise Unsupported("units_not_a_table")
    read = read_units(await read_body(request.scope, request.receive, MAX_TABLE_BYTES))
    known = states(await units.page())
    batch = _Batch.of("org_unit", hold_tree(read, known), known, units)
    keeper = Keeper("ImportOrgUnits", request, reader)
    return await _import([batch], keeper, reader, partial, headers)


async def _import(
    batches: Sequence[_Batch],
    keeper: Keeper,
    reader: Reader,
    partial: bool,  # noqa: FBT001 - handed on as it was sent
    headers: dict[bytes, str],
) -> ImportReport:
    counts: Counter[str] = Counter(what for batch in batches for what in batch.whats)
    if counts["wrong"] and not partial:
        raise _rows_wrong(batches, counts)
    rows: list[RowReport] = []
    for batch in batches:
        positions = await keeper.write(batch.rows, batch.whats, batch.directory)
        rows += [
            RowReport(
                about=batch.about,
                line=row.line,
                what=what,
                position=position,
                errors=tuple(told(error, language(headers)) for error in row.errors),
                **batch.named(row),
            )
            for row, what, position in zip(batch.rows, batch.whats, positions, strict=True)
        ]
    log.info("directory_imported", actor=str(reader.actor), **counts)
    return ImportReport(**counts, rows=tuple(rows))


def _rows_wrong(batches: Sequence[_Batch], counts: Counter[str]) -> Malformed:
    errors = (
        Malformed(error.code, line=row.line, **batch.named(row), **error.facts)
        for batch in batches
        for row in batch.rows
        for error in row.errors
    )
    return rows_wrong(errors, wrong=counts["wrong"], rows=counts.total())
