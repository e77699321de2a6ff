"""The application of a service: its commands, its queries, and what every service answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import Lifespan
from uuid_utils.compat import uuid7

from shared.http.auth import Keys
from shared.http.frame import Frame
from shared.http.messages import Texts
from shared.http.openapi import Described, of_queries
from shared.http.problems import Problems
from shared.http.reading import Reads, Rows
from shared.http.refusals import BadRequest, Invalid, MethodNotAllowed, Unexpected
from shared.http.routes import Counter, Dispatches, command_routes
from shared.http.shortcut import Shortcut
from shared.kernel.refusals import Refused, Unknown
from shared.kernel.services import Service

Health = Callable[[], Awaitable[Mapping[str, Mapping[str, Any]]]]
"""Tells of each part by name whether it is `ok`, and whatever else helps an operator."""

_HEALTH_WAIT_S = 3.0


class Clock(Protocol):
    """The business clock."""

    def now(self) -> datetime: ...


def create_app(
    service: Service,
    *,
    dispatcher: Dispatches,
    rows: Rows,
    keys: Keys,
    clock: Clock,
    health: Health,
    prefix: str = "",
    routers: Sequence[APIRouter] = (),
    lifespan: Lifespan[Any] | None = None,
    new_id: Callable[[], UUID] = uuid7,
) -> Described:
    """Build the application; raises ValueError for a line of the tables that cannot work.

    `prefix` stands before the paths of commands and queries; `routers` add routes that are not in
    the service's tables, such as feeds.
    """
    texts = Texts([service.room / "messages.yaml"])
    problems = Problems(texts)
    app = Described(
        title=f"netvaerk {service.name}",
        description=_described(service),
        version="1",
        middleware=[Middleware(Frame, service=service.name, problems=problems)],
        exception_handlers={
            Refused: _Handler(problems, lambda refusal, _: refusal),
            HTTPException: _Handler(problems, _of_router),
            RequestValidationError: _Handler(problems, _of_query),
        },
        lifespan=lifespan,
        redirect_slashes=False,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.reads = Reads(rows, keys, clock.now)
    app.state.dispatcher = dispatcher  # for routes written by hand that end in a command
    counter = Counter(dispatcher, rows, keys, texts, new_id)
    commands = command_routes(service.commands, counter, prefix=prefix)
    app.router.routes.extend(commands)
    framed = partial(Frame, service=service.name, problems=problems)
    app.around = lambda inner: Shortcut(inner, commands, problems, framed)
    for router in (service.queries, *routers):
        if router is not None:
            app.include_router(router, prefix=prefix, responses=of_queries())
    app.include_router(_operations(health, texts))
    return app


def _described(service: Service) -> str:
    return (
        f"Commands and reads of {service.name}. Errors are problem documents (RFC 9457); each "
        "`type` can be fetched. Commands take `Idempotency-Key` and `If-Match`; every request "
        "takes `after=<position>` and then sees at least that. Lists are JSON page by page, or all "
        "at once as CSV, XLSX or NDJSON by `Accept`. Texts are Danish, or English by "
        "`Accept-Language`."
    )


def _operations(health: Health, texts: Texts) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> Response:
        return JSONResponse({"ok": True})

    @router.get("/health/ready")
    async def ready() -> Response:
        try:
            async with asyncio.timeout(_HEALTH_WAIT_S):
                parts = await health()
        except TimeoutError:
            parts = {"health": {"ok": False, "why": "no answer in time"}}
        ok = all(part["ok"] for part in parts.values())
        return JSONResponse({"ok": ok, "parts": parts}, status_code=200 if ok else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/problems/{code}")
    async def explained(code: str) -> Response:
        both = texts.explain(code)
        if both is None:
            raise Unknown("unknown")
        return JSONResponse({"type": f"/problems/{code}", "code": code, **both.model_dump()})

    return router


class _Handler:
    """Answers an exception with a problem document; FastAPI calls it."""

    def __init__(self, problems: Problems, refusal: Callable[[Any, Request], Refused]) -> None:
        self._problems = problems
        self._refusal = refusal

    async def __call__(self, request: Request, problem: Exception) -> Response:
        return self._problems.answer(self._refusal(problem, request), request.scope)


def _of_router(problem: HTTPException, request: Request) -> Refused:
    match problem.status_code:
        case 404:
            return Unknown("no_such_path")
        case 405:
            return MethodNotAllowed("method_not_allowed", allowed=_methods(request))
        case status if status < 500:
            return BadRequest("bad_request")
        case _:
            return Unexpected("unexpected")


def _methods(request: Request) -> list[str]:
    """The methods of all routes with this path; the router names those of the first."""
    return [
        method
        for method in ("DELETE", "GET", "POST", "PUT")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]


def _of_query(problem: RequestValidationError, _: Request) -> Refused:
    found = problem.errors()
    if any(each["loc"][0] == "path" for each in found):
        return Unknown("unknown")
    return Invalid.of(found)
