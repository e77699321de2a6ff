"""The routes of training over HTTP, on rows in memory, asked by callers known by their names."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

import services.training
from shared.http.app import create_app
from shared.kernel.facts import Row
from shared.kernel.permissions import Actor
from shared.kernel.services import Service
from shared.testing import NOW

AllRows = Mapping[type[Row], Mapping[str, Row]]


class Shelf:
    """The rows, in memory; a cursor is how many have been read."""

    def __init__(self, rows: AllRows) -> None:
        self._rows = rows

    async def page(
        self,
        row: type[Row],
        filters: Mapping[str, Any],
        sort: str | None,
        cursor: str | None,
        limit: int,
    ) -> Any:
        found = tuple(
            each
            for each in self._rows[row].values()
            if all(
                getattr(each, name) in (value if isinstance(value, list) else [value])
                for name, value in filters.items()
            )
        )
        start = int(cursor or 0)
        more = str(start + limit) if start + limit < len(found) else None
        return SimpleNamespace(items=found[start : start + limit], next=more)

    async def one(self, row: type[Row], key: str) -> Any:
        found = self._rows.get(row, {}).get(key)
        return found and (found, f"thing-{key}@1")

    async def freshness(self) -> Any:
        return SimpleNamespace(as_of=NOW, lag_s=0.0)

    async def wait_for(self, position: Any, timeout_s: float) -> None:
        """Everything is there."""


class ByName:
    """Tokens are the names of the callers, with dashes."""

    def __init__(self, callers: Mapping[str, Actor]) -> None:
        self._callers = callers

    async def actor(self, token: str) -> Actor:
        return self._callers[token.replace("-", " ")]


class Still:
    """A clock that stands."""

    def now(self) -> Any:
        return NOW


async def healthy() -> Mapping[str, Any]:
    return {}


def routes(
    *routers: APIRouter,
    callers: Mapping[str, Actor],
    rows: AllRows | None = None,
    dispatcher: Any = None,
    **parts: Any,
) -> FastAPI:
    """An application with these routes of training alone; `parts` are those of the service."""
    queries = APIRouter()
    for each in routers:
        queries.include_router(each)
    nothing: dict[str, Any] = {"aggregates": (), "commands": (), "views": ()}
    room = Path(services.training.__file__).parent
    return create_app(
        Service(name="training", room=room, queries=queries, **(nothing | parts)),
        dispatcher=dispatcher,
        rows=Shelf(rows or {}),
        keys=ByName(callers),
        clock=Still(),
        health=healthy,
    )


def asking(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    """Asks an application, without a network between."""
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://training", headers=headers)


def bearer(by: str) -> dict[str, str]:
    """What the caller with this name is known by."""
    return {"Authorization": f"Bearer {by.replace(' ', '-')}"}


async def get(http: httpx.AsyncClient, path: str, by: str, **filters: Any) -> httpx.Response:
    """What this caller is answered."""
    return await http.get(path, params=filters, headers=bearer(by))
