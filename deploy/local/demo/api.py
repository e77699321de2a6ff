"""The services' HTTP APIs, as a person with a token meets them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx

from deploy.local.demo.cast import Person

WITHIN_S = 30.0  # a small machine that does other things as well needs some of it
_PAUSE_S = 0.05
_POSITIONS = 10  # that one request may wait for

OWNERS: Mapping[str, str] = {
    "themes": "themes",
    "theme-rounds": "themes",
    "networks": "networks",
    "outputs": "networks",
    "portfolio": "networks",
    "innovation-slots": "networks",
    "people": "training",
    "org-units": "training",
    "leaders": "training",
    "leader-pool": "training",
    "cohorts": "training",
    "exams": "training",
    "reports": "training",
    "inbox": "notifications",
    "deliveries": "notifications",
    "reminders": "notifications",
}
"""The first step of a path -> the service that answers it."""

T = TypeVar("T")
Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a command was answered: where its stream stands, and what it remarked on."""

    id: str
    version: int
    position: str
    events: tuple[str, ...]
    warnings: tuple[Json, ...]
    repeated: bool


class TurnedAway(Exception):
    """The answer was a problem document."""

    def __init__(self, method: str, path: str, problem: Json) -> None:
        super().__init__(
            f"{method} {path}: {problem['status']} {problem['code']}: {problem['title']}. "
            f"{problem['detail']} {problem['errors'] or ''}".rstrip()
        )
        self.status: int = problem["status"]
        self.code: str = problem["code"]
        self.rule: str = problem["rule"]
        self.title: str = problem["title"]
        self.detail: str = problem["detail"]


class NotInTime(Exception):
    """What was waited for has not come."""


async def until(what: str, look: Callable[[], Awaitable[T | None]], *, again_s: float = 0.0) -> T:
    """Look until there is something, and give it; raises NotInTime, which says what was awaited."""
    deadline = time.monotonic() + WITHIN_S
    while not (found := await look()):
        if time.monotonic() >= deadline:
            raise NotInTime(f"This has not come within {WITHIN_S:g} s: {what}")
        await asyncio.sleep(again_s or _PAUSE_S)
    return found


class Api:
    """Sends as anybody: `token` signs for a person and their roles, as an issuer would."""

    def __init__(
        self,
        urls: Mapping[str, str],
        token: Callable[[UUID, Sequence[str]], str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._urls = urls
        self._token = token
        self._tokens: dict[Person, str] = {}
        self._client = httpx.AsyncClient(timeout=10.0, trust_env=False, transport=transport)

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def send(
        self, who: Person, method: str, path: str, body: Json | None = None, *, key: str = ""
    ) -> Answer:
        """Send a command once, however often it has to be tried; raises TurnedAway."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        answer = await self._ask(who, method, path, headers=headers, json=body or {})
        said = answer.json()
        return Answer(
            id=said["id"],
            version=said["version"],
            position=said["position"],
            events=tuple(each["type"] for each in said["events"]),
            warnings=tuple(said["warnings"]),
            repeated="Idempotency-Replayed" in answer.headers,
        )

    async def upload(self, who: Person, path: str, text: str) -> Json:
        """Hand in a table; raises TurnedAway."""
        headers = {"Content-Type": "text/csv"}
        report: Json = (
            await self._ask(who, "POST", path, headers=headers, content=text.encode())
        ).json()
        return report

    async def read(self, who: Person, path: str, **query: Any) -> Json:
        """Read one page or one thing; raises TurnedAway."""
        page: Json = (await self._ask(who, "GET", path, params=query)).json()
        return page

    async def read_all(self, who: Person, path: str, **query: Any) -> list[Json]:
        """Read a list to its end; raises TurnedAway."""
        page = await self.read(who, path, limit=500, **query)
        rows = list(page["items"])
        while page["next"]:
            page = await self.read(who, path, limit=500, cursor=page["next"], **query)
            rows += page["items"]
        return rows

    async def wait_for(self, who: Person, path: str, positions: Iterable[str]) -> None:
        """Return when the service behind the path has seen all of these positions."""
        rest = iter(positions)
        while some := list(islice(rest, _POSITIONS)):
            await self.read(who, path, limit=1, after=some)

    async def _ask(self, who: Person, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask until there is an answer; 503 and a broken line ask to try again."""
        url = self._urls[OWNERS[path.split("/")[1]]] + path
        headers = request.pop("headers", {}) | {"Authorization": f"Bearer {self._bearer(who)}"}
        answered: list[httpx.Response] = []

        async def attempt() -> bool:
            try:
                answered[:] = [await self._client.request(method, url, headers=headers, **request)]
            except httpx.TransportError:
                return False
            return answered[0].status_code != httpx.codes.SERVICE_UNAVAILABLE

        try:
            await until(f"an answer to {method} {path}", attempt, again_s=0.2)
        except NotInTime:
            if not answered:
                raise
        (answer,) = answered
        if answer.is_error:
            raise TurnedAway(method, path, answer.json())
        return answer

    def _bearer(self, who: Person) -> str:
        if who not in self._tokens:
            self._tokens[who] = self._token(who.id, ("employee", *who.roles))
        return self._tokens[who]
