"""Command routes, generated from a service's table: path and body in, the dispatcher's answer out.

An APIRoute keeps FastAPI's OpenAPI; its own handler skips FastAPI's solving of dependencies,
because this is the path that every command takes.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Security
from fastapi.routing import APIRoute
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope

from shared.dispatch.answers import Answer
from shared.http import openapi
from shared.http.auth import Keys
from shared.http.headers import (
    Headers,
    bearer,
    command_id,
    idempotency_key,
    if_match,
    language,
    must_be_json,
    read_headers,
    traceparent,
)
from shared.http.limits import parse_body, read_body
from shared.http.messages import Texts
from shared.http.paths import Place
from shared.http.refusals import BadRequest, FieldError, Invalid
from shared.http.waiting import Waits, wait_for_all
from shared.kernel.commands import Command
from shared.kernel.permissions import Actor
from shared.kernel.refusals import Unknown
from shared.kernel.services import Route


class Dispatches(Protocol):
    """What takes commands."""

    def send(
        self,
        command: Command[Any, Any],
        key: str,
        *,
        actor: Actor,
        command_id: str = "",
        fingerprint: str = "",
        correlation_id: str = "",
        if_match: int | None = None,
        traceparent: str = "",
        wanted: Callable[[], Awaitable[bool]],
    ) -> Awaitable[Answer]:
        """Let the command decide on the stream with this key; raises Refused.

        `wanted` tells whether anybody still waits for the answer.
        """
        ...


@dataclass(frozen=True)
class Counter:
    """What stands behind every command route."""

    dispatcher: Dispatches
    views: Waits
    keys: Keys
    texts: Texts
    new_id: Callable[[], UUID]


class CommandRoute(APIRoute):
    """One line of a service's table of commands."""

    def __init__(self, line: Route, counter: Counter, *, prefix: str, operation_id: str) -> None:
        self._line = line
        self._counter = counter
        self._place = Place(line, prefix)
        self._ending = line.path.rpartition("}")[2]
        filled = self._place.filled
        summary, description = openapi.describe(line.command)
        super().__init__(
            prefix + line.path,
            openapi.endpoint(line, filled),
            methods=[line.method],
            response_model=openapi.CommandAnswer,
            responses=openapi.of_commands(creates=line.command.begins),
            tags=[line.command.aggregate.kind.name],
            summary=summary,
            description=description,
            operation_id=operation_id,
            dependencies=[Security(openapi.BEARER)],
            openapi_extra=openapi.optional_body(line.command, filled),
        )

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Look at the path's ending first: sixty regular expressions would cost as much as the rest."""
        if not scope["path"].endswith(self._ending):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """Answer requests without FastAPI's dependencies."""

        async def handle(request: Request) -> Response:
            return await self.answer(request.scope, request.receive, request.path_params)

        return handle

    async def answer(
        self, scope: Scope, receive: Receive, parameters: Mapping[str, str]
    ) -> Response:
        """Send the command that a request is; raises Refused."""
        counter, place = self._counter, self._place
        headers = read_headers(scope)
        actor = await counter.keys.actor(bearer(headers))
        given = place.read(parameters)
        content = await read_body(scope, receive)
        body: dict[str, Any] = {}
        if content:
            must_be_json(headers)
            body = parse_body(content)
        repeatable = idempotency_key(headers)
        # Before the path's fields join the body, which is compared as it was sent.
        fingerprint = _fingerprint(body) if repeatable else ""
        command = _command(self._line.command, body, given, place.filled)
        if scope["query_string"]:
            await wait_for_all(counter.views, _after(scope["query_string"]))
        answer = await counter.dispatcher.send(
            command,
            place.key(given, command, counter.new_id),
            actor=actor,
            command_id=command_id(actor, scope, repeatable) if repeatable else "",
            fingerprint=fingerprint,
            correlation_id=scope.get("correlation_id", ""),
            if_match=if_match(headers),
            traceparent=traceparent(headers),
            wanted=partial(still_waiting, receive),
        )
        return self._answered(answer, headers, scope["path"])

    def _answered(self, answer: Answer, headers: Headers, path: str) -> Response:
        spoken = language(headers)
        warnings = []
        for warned in answer.warnings:
            title, detail = self._counter.texts.say(warned.code, spoken, warned.facts)
            warnings.append(
                {"code": warned.code, "rule": warned.rule, "title": title, "detail": detail}
            )
        content = {
            "id": answer.key,
            "version": answer.version,
            "position": answer.position,
            "events": [{"type": each.name, "data": each.fields} for each in answer.events],
            "warnings": warnings,
        }
        answer_headers = {"ETag": f'"{answer.version}"', "Content-Language": spoken}
        if answer.created:
            answer_headers["Location"] = self._place.location(answer.key, path)
        if answer.repeated:
            answer_headers["Idempotency-Replayed"] = "true"
        return Response(
            to_json(content),
            status_code=201 if answer.created else 200,
            headers=answer_headers,
            media_type="application/json",
        )


def command_routes(
    lines: Sequence[Route], counter: Counter, *, prefix: str = ""
) -> list[CommandRoute]:
    """Make the routes of a table of commands; raises ValueError for a line that cannot work."""
    routes: list[CommandRoute] = []
    for line in lines:
        name = line.command.__name__
        same = sum(each.name == name for each in routes)
        operation_id = f"{name}_{same + 1}" if same else name
        routes.append(CommandRoute(line, counter, prefix=prefix, operation_id=operation_id))
    return routes


def _command(
    command: type[Command[Any, Any]],
    body: dict[str, Any],
    given: Mapping[str, str],
    filled: Sequence[str],
) -> Command[Any, Any]:
    for name in filled:
        if name in body:
            raise Invalid(FieldError(f"/{name}", "given_by_path"))
        body[name] = given[name]
    try:
        return command.model_validate(body)
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_input=False)
        if any(error["loc"][:1] == (name,) for error in found for name in filled):
            raise Unknown("unknown") from None
        raise Invalid.of(found) from None


async def still_waiting(receive: Receive) -> bool:
    """Whether the sender of a request, whose body has been read, has not hung up."""
    try:
        async with asyncio.timeout(0):
            return str((await receive())["type"]) != "http.disconnect"
    except TimeoutError:
        return True


def _fingerprint(body: dict[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _after(query: bytes) -> list[str]:
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise BadRequest("bad_request") from None
    return [value for name, value in pairs if name == "after"]
