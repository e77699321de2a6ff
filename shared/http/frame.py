"""Around every request: its correlation id, its count, its time, and the last catch."""

import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from shared.http.headers import correlation_id
from shared.http.problems import Problems
from shared.http.refusals import Unexpected
from shared.kernel.refusals import NotYet
from shared.observability.metrics import request_metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
"""What is read may concern a person, and is old in the next moment."""

log = structlog.get_logger()


class Frame:
    """Pure ASGI, so that what is bound here is seen by all that is called within."""

    def __init__(self, app: ASGIApp, *, service: str, problems: Problems) -> None:
        self._app = app
        self._service = service
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0
        correlation = correlation_id(scope)
        scope["correlation_id"] = correlation
        clear_contextvars()
        bind_contextvars(correlation_id=correlation)

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] += (*_ALWAYS, (b"x-correlation-id", correlation.encode()))
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as problem:
            away = isinstance(problem, (TimeoutError, ConnectionError))
            route = _route(scope)
            log.log(30 if away else 40, "request_failed", route=route, exc_info=problem)
            if status:
                raise  # the answer has begun, so the server has to break it off
            refusal = NotYet("unavailable") if away else Unexpected("unexpected")
            await self._problems.answer(refusal, scope)(scope, receive, framed)
        finally:
            took = time.perf_counter() - began
            route = _route(scope)
            # A caller may invent methods, and each label is kept for good.
            method = scope["method"] if scope["method"] in _METHODS else "other"
            count, seconds = request_metrics(self._service, method, route, status)
            count.inc()
            seconds.observe(took)


def _route(scope: Scope) -> str:
    route: Any = scope.get("route")
    return getattr(route, "path", "unmatched")
