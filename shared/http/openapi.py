"""What OpenAPI says of command routes and problems; read at start, never while answering."""

import inspect
import re
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, NoReturn
from uuid import UUID

from fastapi import Body, FastAPI, Header, Path, Query
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import models_json_schema
from starlette.types import ASGIApp

from shared.http.media import Medium
from shared.http.paths import is_id
from shared.http.problems import MEDIA_TYPE, Problem
from shared.kernel.commands import Command
from shared.kernel.services import Route

BEARER = HTTPBearer(description="A token of the municipality's issuer.", auto_error=False)

_TURNED_AWAY = {
    400: "The bytes or the headers cannot be read.",
    401: "No valid token.",
    403: "The caller may not do this.",
    404: "There is no such thing.",
    406: "The list has none of the forms that `Accept` names.",
    409: "A rule refuses, or another write won.",
    412: "If-Match is not the present version.",
    413: "The body is too large.",
    415: "The body is of a kind or in a coding that is not read here.",
    422: "The content does not fit, or the Idempotency-Key was used with another body.",
    503: "Something needed has not arrived or cannot be reached; try again.",
}
_HEADERS = {
    "idempotency_key": ("Idempotency-Key", "The same key and body happen once; 1-200 characters."),
    "if_match": ("If-Match", 'The version that is expected: `"<version>"`.'),
    "correlation_id": ("X-Correlation-ID", "Follows everything that comes of the command."),
    "traceparent": ("traceparent", "W3C trace context, passed on."),
    "accept_language": ("Accept-Language", "`da` (default) or `en`."),
}
AFTER = "Wait until this service has seen this position; may repeat."
_PLACE = re.compile(r"\{([a-z_]+)\}")
_OF_QUERIES = (401, 403, 404, 422, 503)
_OF_COMMANDS = tuple(status for status in _TURNED_AWAY if status != 406)
_REF = "#/components/schemas/{model}"


class ToldEvent(BaseModel):
    """A fact that followed."""

    type: str
    data: dict[str, Any]


class ToldWarning(BaseModel):
    """A soft expectation that was not met; it blocked nothing."""

    code: str
    rule: str
    title: str
    detail: str


class CommandAnswer(BaseModel):
    """What came of a command."""

    id: str = Field(description="The key of the thing.")
    version: int = Field(description="The thing's version now; also the ETag.")
    position: str = Field(description="`<stream>@<version>`, for `after` of later requests.")
    events: list[ToldEvent] = Field(description="Empty when it was already so.")
    warnings: list[ToldWarning]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare problem documents for these statuses."""
    schema = {"schema": {"$ref": _REF.format(model="Problem")}}
    return {
        status: {"description": _TURNED_AWAY[status], "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


def of_queries() -> dict[int | str, dict[str, Any]]:
    """What every query may answer besides success."""
    return problems(*_OF_QUERIES)


def of_commands(*, creates: bool) -> dict[int | str, dict[str, Any]]:
    """What every command may answer besides 200."""
    headers = _told("ETag", "The version.")
    headers |= _told("Idempotency-Replayed", "`true` when this was answered before.")
    answers: dict[int | str, dict[str, Any]] = {200: {"headers": headers}}
    if creates:
        answers[201] = {
            "description": "A new thing.",
            "model": CommandAnswer,
            "headers": headers | _told("Location", "Where the new thing is."),
        }
    return {**answers, **problems(*_OF_COMMANDS)}


def of_tables() -> dict[int | str, dict[str, Any]]:
    """What a list may answer besides its page: all of its rows, in the form that `Accept` names."""
    told = {
        "Link": "JSON: the page after this one, `rel=next`.",
        "Content-Disposition": "Other forms: a file's name, of the path's words and the day.",
        "X-As-Of": "Other forms: everything recorded until then is in the rows.",
        "X-Lag-S": "Other forms: how far the rows were behind, in seconds.",
        "X-Sort": "Other forms: the order that was asked for.",
        "X-Filters": "Other forms: what the list was narrowed to, in the form of a query.",
    }
    text, file = {"schema": {"type": "string"}}, {"schema": {"type": "string", "format": "binary"}}
    table: dict[str, Any] = {
        "headers": {name: each for part in told.items() for name, each in _told(*part).items()},
        "content": {Medium.CSV: text, Medium.XLSX: file, Medium.NDJSON: text},
    }
    return {200: table, **problems(406)}


def _told(header: str, description: str) -> dict[str, Any]:
    return {header: {"description": description, "schema": {"type": "string"}}}


@cache
def body_schema(command: type[Command[Any, Any]], filled: tuple[str, ...]) -> type[BaseModel]:
    """The command as clients send it: without the fields that the path fills."""
    if not filled:
        return command
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in command.model_fields.items()
        if name not in filled
    }
    return create_model(
        f"{command.__name__}Body",
        __config__=ConfigDict(extra="forbid"),
        __doc__=command.__doc__,
        __module__=command.__module__,
        **fields,
    )


def optional_body(command: type[Command[Any, Any]], filled: tuple[str, ...]) -> dict[str, Any]:
    """Tell that no body need be sent, where that is so; FastAPI cannot know."""
    needed = any(
        field.is_required() for name, field in command.model_fields.items() if name not in filled
    )
    return {} if needed else {"requestBody": {"required": False}}


def endpoint(line: Route, filled: tuple[str, ...]) -> Callable[..., Any]:
    """A function that FastAPI reads for its OpenAPI and never calls."""

    async def described(**_: Any) -> NoReturn:
        raise NotImplementedError

    schema: Any = body_schema(line.command, filled)
    body = Annotated[schema, Body()]
    takes = [
        *(_takes(name, _parameter(name, line.command)) for name in _PLACE.findall(line.path)),
        _takes("body", body),
        _takes("after", Annotated[list[str], Query(description=AFTER)], []),
        *(
            _takes(name, Annotated[str | None, Header(alias=alias, description=said)], None)
            for name, (alias, said) in _HEADERS.items()
        ),
    ]
    described.__signature__ = inspect.Signature(takes)  # type: ignore[attr-defined]
    described.__name__ = line.command.__name__
    return described


def _takes(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, annotation=annotation, default=default)


def _parameter(name: str, command: type[Command[Any, Any]]) -> Any:
    """The type of a path parameter: the command's field, or a UUID or a word by its name."""
    field = command.model_fields.get(name)
    if field is not None:
        return Annotated[field.rebuild_annotation(), Path()]
    if is_id(name):
        return Annotated[UUID, Path()]
    return Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100)]


def describe(command: type[Command[Any, Any]]) -> tuple[str, str]:
    """The summary and the description, from the docstrings and the permission."""
    summary, _, more = inspect.cleandoc(command.__doc__ or "").partition("\n")
    decides = inspect.cleandoc(command.decide.__doc__ or "")
    said = [more.strip(), decides, f"May: `{command.may}`."]
    return summary.rstrip("."), "\n\n".join(filter(None, said))


class Described(FastAPI):
    """FastAPI whose document knows problems, which no route returns by itself.

    `around` puts something around everything that FastAPI itself puts around its routes.
    """

    around: Callable[[ASGIApp], ASGIApp] = staticmethod(lambda app: app)

    def build_middleware_stack(self) -> ASGIApp:
        """Starlette asks for it once, with the first request."""
        return self.around(super().build_middleware_stack())

    def openapi(self) -> dict[str, Any]:
        """Make the document once; with the schemas of problem documents."""
        if self.openapi_schema is None:
            document = super().openapi()
            _, schemas = models_json_schema([(Problem, "serialization")], ref_template=_REF)
            known = document.setdefault("components", {}).setdefault("schemas", {})
            known.update(schemas["$defs"])
        return self.openapi_schema or {}
