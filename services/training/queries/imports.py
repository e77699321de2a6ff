"""Handing in people and units: tables (CSV), and what OS2mo exports (JSON), with a report per row.

With a wrong row nothing is written, unless that is asked for. The right rows are then written each
by itself: should the process end in the middle, some are, and the same request once more writes the
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
from services.training.domain.directory.people import PersonEntry, read_people, unlisted
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
    TABLE,
    Partial,
    WrongCell,
    media_type,
    read_file,
    read_table,
    rows_wrong,
    told,
)
from shared.contracts.people import PersonListed
from shared.contracts.units import OrgUnitListed
from shared.contracts.vocabulary import OrgUnitId, PersonId
from shared.eventstore.directory import Directory, Listed
from shared.http.headers import language, must_be_json, read_headers
from shared.http.limits import parse_body
from shared.http.reading import Reader, Reading
from shared.http.refusals import Unsupported
from shared.kernel.refusals import Malformed
from shared.policy.periods import local_day

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
    remarks: tuple[WrongCell, ...] = Field(
        default=(), description="What is odd, but stops nothing: somebody or a unit not listed."
    )


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
    listed: Mapping[UUID, Listed[Any]]
    directory: Directory[Any]

    @classmethod
    def of(
        cls,
        about: Noun,
        rows: Sequence[ReadRow[Any]],
        listed: Mapping[UUID, Listed[Any]],
        directory: Directory[Any],
    ) -> "_Batch":
        known = states(listed)
        whats = [what_becomes_of(row, known) for row in rows]
        return cls(about, rows, whats, listed, directory)

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

    The same again changes nothing, so there is no need of `Idempotency-Key`; `If-Match` is refused.
    """
    reader.allow(KEEPERS)
    headers = read_headers(request.scope)
    media = media_type(headers)
    if media == "text/csv":
        rows = read_people(await read_table(request))
        people = await directory.find(row.id for row in rows if row.id)
        batches = [_Batch.of("person", rows, people, directory)]
    elif media == "application/json":
        must_be_json(headers)
        body = await read_file(request, MAX_EXPORT_BYTES)
        export = Export.of(parse_body(body), local_day(reader.now))
        people, known_units = await directory.find(export.person_ids), await units.page()
        read = read_export(export, states(people), states(known_units))
        batches = [
            _Batch.of("org_unit", read.units, known_units, units),
            _Batch.of("person", read.people, people, directory),
        ]
    else:
        raise Unsupported("import_not_a_table")
    if not partial:
        _hold_right(batches)
    known = await _known(batches, directory, units)
    keeper = Keeper("ImportPeople", request, reader)
    return await _import(batches, keeper, reader, headers, known)


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

    The same again changes nothing, so there is no need of `Idempotency-Key`; `If-Match` is refused.
    """
    reader.allow(KEEPERS)
    headers = read_headers(request.scope)
    if media_type(headers) != "text/csv":
        raise Unsupported("units_not_a_table")
    read = read_units(await read_table(request))
    known = await units.page()
    batch = _Batch.of("org_unit", hold_tree(read, states(known)), known, units)
    if not partial:
        _hold_right([batch])
    return await _import([batch], Keeper("ImportOrgUnits", request, reader), reader, headers)


async def _import(
    batches: Sequence[_Batch],
    keeper: Keeper,
    reader: Reader,
    headers: dict[bytes, str],
    known: frozenset[UUID] | None = None,
) -> ImportReport:
    spoken = language(headers)
    rows: list[RowReport] = []
    for batch in batches:
        positions = await keeper.write(batch.rows, batch.whats, batch.directory, batch.listed)
        rows += [
            RowReport(
                about=batch.about,
                line=row.line,
                what=what,
                position=position,
                errors=tuple(told(error, spoken) for error in row.errors),
                remarks=tuple(told(each, spoken) for each in unlisted(row, known)),
                **batch.named(row),
            )
            for row, what, position in zip(batch.rows, batch.whats, positions, strict=True)
        ]
    counts = _counts(batches)
    log.info("directory_imported", actor=str(reader.actor), **counts)
    return ImportReport(**counts, rows=tuple(rows))


async def _known(
    batches: Sequence[_Batch],
    directory: Directory[PersonListed],
    units: Directory[OrgUnitListed],
) -> frozenset[UUID]:
    """Every unit, and of the people those that the rows name, who are listed when all is written."""
    rows = [row for batch in batches for row in batch.rows if row.id and row.entry]
    people = [row.entry for row in rows if isinstance(row.entry, PersonEntry)]
    managers = {each.line_manager_id for each in people if each.line_manager_id}
    listed = {*await directory.find(managers), *await units.page()}
    return frozenset(listed | {row.id for row in rows if row.id})


def _counts(batches: Sequence[_Batch]) -> Counter[str]:
    return Counter(what for batch in batches for what in batch.whats)


def _hold_right(batches: Sequence[_Batch]) -> None:
    """Hold that no row is wrong; raises Malformed (`import_rows_wrong`)."""
    counts = _counts(batches)
    if not counts["wrong"]:
        return
    errors = (
        Malformed(error.code, line=row.line, **batch.named(row), **error.facts)
        for batch in batches
        for row in batch.rows
        for error in row.errors
    )
    raise rows_wrong(errors, wrong=counts["wrong"], rows=counts.total())
