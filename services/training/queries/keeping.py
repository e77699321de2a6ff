"""What the directory's routes share: who keeps it, and how a change is written and told of.

People and units are state and no stream of facts (D12), so these routes are written by hand. What
is handed in takes the place of what was there, and the same again changes nothing; so a request
that got no answer is simply sent again, and ends the same. Every change is told on the topic of
its kind, and whoever waits for it in another service gives the position in the answer there as
`after`.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ValidationError

from services.training.domain.directory.rows import Entry, ReadRow, What, what_becomes_of
from shared.contracts.people import PersonListed
from shared.contracts.registry import CODEC
from shared.contracts.units import OrgUnitListed
from shared.eventstore.directory import Directory, Listed
from shared.http.headers import must_be_json, no_if_match, read_headers
from shared.http.limits import parse_body, read_body
from shared.http.reading import Reader
from shared.http.refusals import Invalid
from shared.kernel.events import Envelope, Event
from shared.kernel.permissions import role
from shared.kernel.positions import Position
from shared.policy.periods import local_day

KEEPERS = role("secretariat")  # P58
Kept = Literal["added", "changed", "unchanged"]


async def _directory(request: Request) -> Directory[PersonListed]:
    directory: Directory[PersonListed] = request.app.state.directory
    return directory


async def _units(request: Request) -> Directory[OrgUnitListed]:
    units: Directory[OrgUnitListed] = request.app.state.units
    return units


InDirectory = Annotated[Directory[PersonListed], Depends(_directory)]
InUnits = Annotated[Directory[OrgUnitListed], Depends(_units)]


class Keeper:
    """Writes to the directory, and with every change who did it and how.

    The same again is harmless, so `Idempotency-Key` is not needed; `If-Match` is refused.
    """

    def __init__(self, command: str, request: Request, reader: Reader) -> None:
        # What is kept has no version that a caller could hold on to.
        no_if_match(read_headers(request.scope))
        self._path = request.url.path
        self._today = local_day(reader.now)
        self.envelope = Envelope(
            command=command,
            actor=str(reader.actor),
            correlation_id=request.scope.get("correlation_id", ""),
        )

    async def write(
        self,
        rows: Sequence[ReadRow[Any]],
        whats: Sequence[What],
        directory: Directory[Any],
        listed: Mapping[UUID, Listed[Any]],
    ) -> list[str | None]:
        """Write the rows that add or change something, and give each one's position.

        `listed` is what it was worked out from. Raises NotYet (`changed_meanwhile`) when somebody
        was changed or erased since; the same request again is worked out anew.
        """
        wanted = {
            row.id: row.entry.listed(self._today)
            for row, what in zip(rows, whats, strict=True)
            if row.id and row.entry and what in ("added", "changed")
        }
        read = {key: listed[key].revision if key in listed else 0 for key in wanted}
        revisions = await directory.put_all(wanted, read, envelope=self.envelope)
        return [
            position_of(type(wanted[row.id]), row.id, revisions[row.id])
            if row.id in revisions
            else None
            for row in rows
        ]

    async def put(
        self,
        row: ReadRow[Any],
        directory: Directory[Any],
        listed: Mapping[UUID, Listed[Any]],
        response: Response,
    ) -> tuple[Kept, str]:
        """Write one row that nothing is wrong with; give what became of it, and its position.

        What is new is answered with 201 and where it is. Raises NotYet as `write` does.
        """
        assert row.id is not None
        what = what_becomes_of(row, states(listed))
        assert what != "wrong"
        (position,) = await self.write([row], [what], directory, listed)
        if what == "added":
            response.status_code = 201
            response.headers["Location"] = self._path
        if position is None:
            known = listed[row.id]
            position = position_of(type(known.state), row.id, known.revision)
        return what, position


def position_of(state: type[Event], key: UUID, revision: int) -> str:
    """Where a state is told, for `after`."""
    return str(Position(CODEC.kind_of(state).stream(str(key)), revision))


def states(listed: Mapping[UUID, Listed[Any]]) -> dict[UUID, Any]:
    """What is listed, without how often it changed."""
    return {key: each.state for key, each in listed.items()}


async def read_entry(request: Request, entry: type[Entry]) -> Any:
    """Read the body as an entry; raises Unsupported, BadRequest, Malformed or Invalid."""
    must_be_json(read_headers(request.scope))
    try:
        return entry.model_validate(parse_body(await read_body(request.scope, request.receive)))
    except ValidationError as problem:
        raise Invalid.of(problem.errors()) from None


def takes(**schemas: dict[str, Any]) -> dict[str, Any]:
    """Declare the body of a route: `csv`, `json` or both, each with its schema."""
    names = {"csv": "text/csv", "json": "application/json"}
    content = {names[name]: {"schema": schema} for name, schema in schemas.items()}
    return {"requestBody": {"required": True, "content": content}}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a body; what it names stands among the components, for the answers."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return schema
