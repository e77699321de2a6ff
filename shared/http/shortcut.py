"""The short way of a command: from the server to its route, past the layers that only reads need.

FastAPI's routes stay what they are, for OpenAPI and for everything that is no command; but its
middlewares, its search for a route and its clean-up stacks cost a command as much as all the rest.
"""

from collections.abc import Callable, Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.http.problems import Problems
from shared.http.routes import CommandRoute
from shared.kernel.refusals import Refused

_Way = tuple[tuple[str, ...], CommandRoute]


class Shortcut:
    """Answers commands itself, and hands everything else on."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Iterable[CommandRoute],
        problems: Problems,
        framed: Callable[[ASGIApp], ASGIApp],
    ) -> None:
        self._app = app
        self._problems = problems
        self._command = framed(self._answer)
        self._ways: dict[tuple[str, int], list[_Way]] = {}
        for route in routes:
            steps = tuple(route.path.split("/"))
            for method in route.methods or ():
                self._ways.setdefault((method, len(steps)), []).append((steps, route))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        scope["route"], scope["path_params"] = found
        await self._command(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: CommandRoute = scope["route"]
        try:
            response = await route.answer(scope, receive, scope["path_params"])
        except Refused as refusal:
            response = self._problems.answer(refusal, scope)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[CommandRoute, dict[str, str]] | None:
        """The first route that the path fits, as the router would find it."""
        said = scope["path"].split("/")
        for steps, route in self._ways.get((scope["method"], len(said)), ()):
            parameters = _fitted(steps, said)
            if parameters is not None:
                return route, parameters
        return None


def _fitted(steps: tuple[str, ...], said: list[str]) -> dict[str, str] | None:
    parameters = {}
    for step, word in zip(steps, said, strict=True):
        if step.startswith("{"):
            if not word:
                return None
            parameters[step[1:-1]] = word
        elif step != word:
            return None
    return parameters
