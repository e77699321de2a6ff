"""The directory's own routes: handing in a table of people, one person, and forgetting one.

People are state and no stream of facts (D12), so these routes are written by hand. What is handed
in takes the place of what was there, and the same again changes nothing; so a request that got no
answer is simply sent again. Every change is told on the topic of people, and whoever waits for it
in another service gives the position in the answer there as `after`.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field, ValidationError

from services.training.domain.directory import (
    PersonEntry,
    ReadRow,
    What,
    objection,
    read_table,
    what_becomes_of,
)
from shared.contracts.people import PERSON, PersonListed
from shared.contracts.vocabulary import PersonId
from shared.eventstore.directory import Directory, Listed
from shared.http.headers import Language, language, must_be_json, read_headers
from shared.http.limits import parse_body, read_body
from shared.http.messages import Texts
from shared.http.openapi import problems
from shared.http.reading import Reader, Reading
from shared.http.refusals import Invalid, Unsupported
from shared.kernel.events import Envelope
from shared.kernel.permissions import role
from shared.kernel.positions import Position
from shared.kernel.refusals import Malformed, Unknown
from shared.policy.periods import local_day

router = APIRouter(tags=["people"])
log = structlog.get_logger()

KEEPERS = role("secretariat")  # P58
MAX_TABLE_BYTES = 1_000_000
_MOST_TOLD = 500
"""Errors of one table that are told at once; more help nobody."""
_AT_A_TIME = 50
"""Rows that are written side by side."""

_TEXTS = Texts([Path(__file__).with_name("messages.yaml")])


def _directory(request: Request) -> Directory:
    directory: Directory = request.app.state.directory
    return directory


InDirectory = Annotated[Directory, Depends(_directory)]


class WrongCell(BaseModel):
    """What is wrong with a row."""

    code: str
    column: str | None = Field(description="None for the row as a whole.")
    message: str


class RowReport(BaseModel):
    """What became of a row of the table."""

    line: int = Field(description="Where the row begins in the file; the first row is 1.")
    person_id: PersonId | None
    what: What
    position: str | None = Field(description="For `after`, where the row changed something.")
    errors: tuple[WrongCell, ...] = ()


class ImportReport(BaseModel):
    """What became of a table: how many rows of each kind, and every row."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    rows: tuple[RowReport, ...]


class PersonAnswer(BaseModel):
    """What became of a person."""

    person_id: PersonId
    what: Literal["added", "changed", "unchanged", "erased"]
    position: str


class PersonItem(PersonEntry):
    """A person as the directory has them."""

    person_id: PersonId
    position: str


class PeoplePage(BaseModel):
    """Some of the people, ordered by id."""

    items: tuple[PersonItem, ...]
    next: PersonId | None = Field(
        description="`cursor` of the people after these; null at the end."
    )


def _body(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("$defs", None)  # what it names stands among the components, for PersonItem
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


_TABLE = _body("text/csv", {"type": "string"})
_ENTRY = _body(
    "application/json",
    PersonEntry.model_json_schema(ref_template="#/components/schemas/{model}"),
)
_BODY_PROBLEMS = problems(400, 413, 415)


@router.post("/people/imports", openapi_extra=_TABLE, responses=_BODY_PROBLEMS)
async def import_people(
    request: Request,
    reader: Reading,
    directory: InDirectory,
    *,
    partial: Annotated[
        bool, Query(description="Import the right rows although others are wrong.")
    ] = False,
) -> ImportReport:
    """Import a table of people (CSV): add who is new, and change who is not as the row says.

    Nobody is removed by an import. With a wrong row nothing is imported and 422 tells what is
    wrong, unless `partial`: then the right rows are imported and the report tells which are not.
    """
    reader.allow(KEEPERS)
    headers = read_headers(request.scope)
    if headers.get(b"content-type", "").partition(";")[0].strip().lower() != "text/csv":
        raise Unsupported("import_not_a_table")
    rows = read_table(await read_body(request.scope, request.receive, MAX_TABLE_BYTES))
    listed = await directory.find(row.person_id for row in rows if row.person_id)
    people = {person_id: each.person for person_id, each in listed.items()}
    whats = [what_becomes_of(row, people) for row in rows]
    if "wrong" in whats and not partial:
        raise _rows_wrong(rows)
    keeper = _Keeper("ImportPeople", request, reader, directory)
    positions: list[str | None] = []
    for begin in range(0, len(rows), _AT_A_TIME):
        some = slice(begin, begin + _AT_A_TIME)
        written = (
            keeper.write(row, what) for row, what in zip(rows[some], whats[some], strict=True)
        )
        positions += await asyncio.gather(*written)
    counts: Counter[str] = Counter(whats)
    log.info("people_imported", actor=str(reader.actor), **counts)
    spoken = language(headers)
    return ImportReport(
        **counts,
        rows=tuple(
            _report(row, what, position, spoken)
            for row, what, position in zip(rows, whats, positions, strict=True)
        ),
    )


@router.get("/people")
async def people(
    reader: Reading,
    directory: InDirectory,
    cursor: PersonId | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PeoplePage:
    """See who is in the directory, as it is now."""
    reader.allow(KEEPERS)
    listed = await directory.page(cursor, limit)
    items = tuple(_item(person_id, each) for person_id, each in listed.items())
    return PeoplePage(items=items, next=items[-1].person_id if len(items) == limit else None)


@router.get("/people/{person_id}")
async def person(person_id: UUID, reader: Reading, directory: InDirectory) -> PersonItem:
    """See one person as the directory has them now."""
    reader.allow(KEEPERS)
    listed = await directory.find([person_id])
    if person_id not in listed:
        raise Unknown("unknown")
    return _item(person_id, listed[person_id])


@router.put("/people/{person_id}", openapi_extra=_ENTRY, responses=_BODY_PROBLEMS)
async def put_person(
    person_id: UUID,
    request: Request,
    response: Response,
    reader: Reading,
    directory: InDirectory,
) -> PersonAnswer:
    """Add a person, or change them to be as the body says."""
    reader.allow(KEEPERS)
    must_be_json(read_headers(request.scope))
    try:
        entry = PersonEntry.model_validate(
            parse_body(await read_body(request.scope, request.receive))
        )
    except ValidationError as problem:
        raise Invalid.of(problem.errors()) from None
    if objected := objection(person_id, entry):
        raise objected
    row = ReadRow(1, person_id, entry)
    listed = await directory.find([person_id])
    known = listed.get(person_id)
    what = what_becomes_of(row, {person_id: known.person} if known else {})
    position = await _Keeper("PutPerson", request, reader, directory).write(row, what)
    if what == "added":
        response.status_code = 201
        response.headers["Location"] = request.url.path
    at = position or _position(person_id, known.revision if known else 0)
    return PersonAnswer(person_id=person_id, what=what, position=at)


@router.delete("/people/{person_id}")
async def erase_person(
    person_id: UUID, request: Request, reader: Reading, directory: InDirectory
) -> PersonAnswer:
    """Erase a person here and, by what is told then, in every service (D12)."""
    reader.allow(KEEPERS)
    keeper = _Keeper("ErasePerson", request, reader, directory)
    revision = await directory.erase(person_id, envelope=keeper.envelope)
    if revision is None:
        raise Unknown("unknown")
    log.info("person_erased", actor=str(reader.actor), person_id=str(person_id))
    return PersonAnswer(person_id=person_id, what="erased", position=_position(person_id, revision))


class _Keeper:
    """Writes to the directory, and with every change who did it and how."""

    def __init__(
        self, command: str, request: Request, reader: Reader, directory: Directory
    ) -> None:
        self._directory = directory
        self._today = local_day(reader.now)
        self.envelope = Envelope(
            command=command,
            actor=str(reader.actor),
            correlation_id=request.scope.get("correlation_id", ""),
        )

    async def write(self, row: ReadRow, what: What) -> str | None:
        """Write a row that adds or changes something, and give the position."""
        if row.person_id is None or row.entry is None or what == "unchanged":
            return None
        state = PersonListed(on=self._today, **row.entry.model_dump())
        revision = await self._directory.put(row.person_id, state, envelope=self.envelope)
        return _position(row.person_id, revision)


def _position(person_id: PersonId, revision: int) -> str:
    return str(Position(PERSON.stream(str(person_id)), revision))


def _item(person_id: PersonId, listed: Listed) -> PersonItem:
    fields = listed.person.model_dump(include=set(PersonEntry.model_fields))
    return PersonItem(person_id=person_id, position=_position(person_id, listed.revision), **fields)


def _rows_wrong(rows: Sequence[ReadRow]) -> Malformed:
    wrong = [row for row in rows if row.errors]
    refusal = Malformed("import_rows_wrong", wrong=len(wrong), rows=len(rows))
    refusal.others = tuple(
        Malformed(error.code, line=row.line, person_id=row.person_id, **error.facts)
        for row in wrong
        for error in row.errors
    )[:_MOST_TOLD]
    return refusal


def _report(row: ReadRow, what: What, position: str | None, spoken: Language) -> RowReport:
    return RowReport(
        line=row.line,
        person_id=row.person_id,
        what=what,
        position=position,
        errors=tuple(
            WrongCell(
                code=error.code,
                column=error.facts.get("column"),
                message=_TEXTS.say(error.code, spoken, error.facts)[1],
            )
            for error in row.errors
        ),
    )
