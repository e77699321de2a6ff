"""A client that does not give up: it sends a command under one key until it is answered."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.ledger import Json, Ledger, Principal, Reply, Request

LONGEST_S = 180.0
"""How long a command may stay without an answer before that is an error of its own."""
_NOT_YET = frozenset({408, 429, 500, 502, 503, 504})
_REFUSED = 409


class NoAnswer(Exception):
    """A command had no definite answer in all that time."""


class Client:
    """Sends commands to services that come and go, and writes down what is asked and answered.

    `doors` are the addresses of each service's API processes.
    """

    def __init__(
        self,
        ledger: Ledger,
        doors: Mapping[str, Sequence[str]],
        *,
        try_s: float = 2.0,
        pause_s: tuple[float, float] = (0.05, 0.5),
        longest_s: float = LONGEST_S,
    ) -> None:
        """Choose how long an attempt may take, and the shortest and longest pause between two."""
        self._ledger = ledger
        self._doors = doors
        self._shortest_s, self._most_s = pause_s
        self._longest_s = longest_s
        self._http = httpx.AsyncClient(
            timeout=try_s, trust_env=False, limits=httpx.Limits(max_connections=500)
        )

    def request(
        self, who: Principal, service: str, method: str, path: str, body: Json | None = None
    ) -> Request:
        """Give a command a key of its own, and write down that it is going to be sent.

        `{key}` in a text of the body becomes the key, so that the facts name their command.
        """
        key = str(uuid4())
        named = {name: _with_key(value, key) for name, value in (body or {}).items()}
        made = Request(service, method, path, named, who, key)
        self._ledger.sent(made)
        return made

    async def settle(
        self, request: Request, door: int = 0, *, again: bool = False, stubborn: bool = False
    ) -> Reply:
        """Send until there is an answer: at each attempt through the next door, or the same one.

        Raises NoAnswer after `longest_s`.
        """
        reply = await self._answer(request, door, stubborn=stubborn)
        self._ledger.answered(request, reply, again=again)
        return reply

    async def settle_twins(self, request: Request, door: int) -> tuple[Reply, Reply]:
        """Send the same twice at the same moment; gives first what was not called a repeat."""
        twins = await asyncio.gather(self._answer(request, door), self._answer(request, door + 1))
        first, other = sorted(twins, key=lambda each: each.replayed)
        self._ledger.answered(request, first)
        self._ledger.answered(request, other, again=True)
        return first, other

    async def _answer(self, request: Request, door: int, *, stubborn: bool = False) -> Reply:
        doors = self._doors[request.service]
        deadline = time.monotonic() + self._longest_s
        pause_s = self._shortest_s
        while True:
            reply = await self.attempt(request, doors[door % len(doors)])
            if reply is not None and not _is_to_be_tried_again(reply):
                return reply
            if reply is not None and reply.status == httpx.codes.INTERNAL_SERVER_ERROR:
                self._ledger.answered(request, reply)
            if time.monotonic() > deadline:
                raise NoAnswer(f"{request.method} {request.path} ({request.key}): {reply}")
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause_s)
            pause_s = min(2 * pause_s, self._most_s)
            door += not stubborn

    async def attempt(self, request: Request, door: str) -> Reply | None:
        """Send once; None when nobody answered."""
        headers = {
            "Authorization": f"Bearer {request.who.token}",
            "Idempotency-Key": request.key,
        }
        try:
            answer = await self._http.request(
                request.method, door + request.path, json=request.body, headers=headers
            )
            body = answer.json()
        except (httpx.HTTPError, ValueError):
            return None
        return Reply(answer.status_code, body, "Idempotency-Replayed" in answer.headers)

    async def get(
        self, who: Principal, door: str, path: str, **query: str | Sequence[str] | int
    ) -> httpx.Response | None:
        """Read once; None when nobody answered."""
        bearer = {"Authorization": f"Bearer {who.token}"}
        try:
            return await self._http.get(door + path, params=query, headers=bearer)
        except httpx.HTTPError:
            return None

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()


def _with_key(value: Any, key: str) -> Any:
    match value:
        case str():
            return value.replace("{key}", key)
        case list():
            return [_with_key(each, key) for each in value]
        case dict():
            return {name: _with_key(each, key) for name, each in value.items()}
        case _:
            return value


def _is_to_be_tried_again(reply: Reply) -> bool:
    others_won = reply.status == _REFUSED and reply.body.get("code") == "conflict"
    return reply.status in _NOT_YET or others_won
