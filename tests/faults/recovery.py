"""How soon after a fault the system is itself again, asked by a client that keeps asking.

For each service that tells anything there is a stream in every partition. A recovery sends a
command to each of them, and waits until all those views have them that follow such streams: the
service's own, and other services'.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from uuid import uuid4

import httpx
from aiokafka.partitioner import DefaultPartitioner

from tests.faults.client import Client
from tests.faults.ledger import Json, Principal
from tests.integration.services.bodies import BODIES
from tests.integration.services.networks import imported

FOLLOWERS: Mapping[str, tuple[str, ...]] = {
    "themes": ("themes", "networks", "notifications"),
    "networks": ("networks", "themes", "training", "notifications"),
    "training": ("training", "networks"),
}
"""A service that tells -> the services whose views follow its streams."""
EVERYBODY = frozenset(["themes", "networks", "training", "notifications"])
PAGES = {
    "themes": "/themes",
    "networks": "/networks",
    "training": "/leaders",
    "notifications": "/deliveries",
}
_PARTITIONS = list(range(6))
_PAUSE_S = 0.02
_FAR = date(2040, 1, 1)


class NotRecovered(Exception):
    """Something has not come back in time; the message says what."""


@dataclass(frozen=True)
class Recovery:
    """Seconds from the fault: to the first command that succeeded, and until all views are fresh.

    Of several services it is the one that took longest.
    """

    command_s: float
    fresh_s: float


@dataclass
class Probes:
    """The streams that are asked, by service; `prepare` begins them."""

    client: Client
    doors: Mapping[str, Sequence[str]]
    who: Principal
    kinds: Mapping[str, str] = field(
        default_factory=lambda: {"themes": "theme", "networks": "network", "training": "leader"}
    )
    streams: dict[str, list[str]] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=count)

    async def prepare(self) -> None:
        """Begin a stream in every partition, for each service that tells."""
        for service in FOLLOWERS:
            found: dict[int, str] = {}
            while len(found) < len(_PARTITIONS):
                key = await self._begin(service)
                stream = f"{self.kinds[service]}-{key}".encode()
                found[DefaultPartitioner()(stream, _PARTITIONS, _PARTITIONS)] = key
            self.streams[service] = [found[each] for each in _PARTITIONS]

    def command(self, service: str, number: int) -> tuple[str, str, Json]:
        """The next command to one of a service's streams; each says something new."""
        key = self.streams[service][number % len(_PARTITIONS)]
        match service:
            case "themes":
                said = {"criterion": "innovation", "verdict": "met", "rationale": f"{uuid4()}"}
                return "POST", f"/themes/{key}/assessments", {"assessments": [said]}
            case "networks":
                day = _FAR + timedelta(days=next(self._numbers))
                return "POST", f"/networks/{key}/closing", {"planned_close": day.isoformat()}
            case _:
                wish = {"wish": "lead", "themes": f"{uuid4()}"}
                return "POST", f"/leaders/{key}/interests", wish

    async def recovery(
        self,
        struck: float,
        touched: frozenset[str] = EVERYBODY,
        doors: Mapping[str, str] | None = None,
        within_s: float = 60.0,
    ) -> Recovery:
        """Ask the services that a fault at this monotonic instant has touched, until all is well.

        `doors` names the process to insist on where a service has several. Raises NotRecovered.
        """
        at = {service: self.doors[service][0] for service in EVERYBODY} | dict(doors or {})
        routes = {
            service: [each for each in followers if touched & {service, each}]
            for service, followers in FOLLOWERS.items()
        }
        asked = [
            self._ask(struck, service, followers, at, within_s, counts=service in touched)
            for service, followers in routes.items()
            if followers
        ]
        found = await asyncio.gather(*asked)
        return Recovery(max(each.command_s for each in found), max(each.fresh_s for each in found))

    async def _ask(
        self,
        struck: float,
        service: str,
        followers: Sequence[str],
        at: Mapping[str, str],
        within_s: float,
        *,
        counts: bool,
    ) -> Recovery:
        deadline = struck + within_s
        door = self.doors[service].index(at[service])
        sent = [asyncio.create_task(self._send(service, number, door)) for number in _PARTITIONS]
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                answered = await asyncio.gather(*sent)
        except TimeoutError:
            raise NotRecovered(f"{service} takes no command") from None
        positions = [position for _, position in answered]
        fresh = await asyncio.gather(
            *(self._seen(each, at[each], positions, deadline) for each in followers)
        )
        first = min(instant for instant, _ in answered) if counts else struck
        return Recovery(first - struck, max(fresh) - struck)

    async def _send(self, service: str, number: int, door: int) -> tuple[float, str]:
        request = self.client.request(self.who, service, *self.command(service, number))
        reply = await self.client.settle(request, door, stubborn=True)
        if not reply.accepted:
            raise NotRecovered(f"{service} answers {reply.status} {reply.body.get('code')}")
        return time.monotonic(), reply.body["position"]

    async def _seen(
        self, service: str, door: str, positions: Sequence[str], deadline: float
    ) -> float:
        """Wait until a service's views have all positions; gives the monotonic instant."""
        said = "no answer"
        while time.monotonic() < deadline:
            answer = await self.client.get(self.who, door, PAGES[service], after=positions, limit=1)
            if answer is not None and answer.status_code == httpx.codes.OK:
                return time.monotonic()
            said = answer.text if answer is not None else "no answer"
            await asyncio.sleep(_PAUSE_S)
        raise NotRecovered(f"{service} does not see {positions}: {said}")

    async def _begin(self, service: str) -> str:
        match service:
            case "themes":
                method, path, body = "POST", "/themes", BODIES["ProposeTheme"]
            case "networks":
                method, path, body = "POST", "/networks/import", imported(title=str(uuid4()))
            case _:
                key = str(uuid4())
                wish = {"wish": "lead", "themes": "Begynd"}
                method, path, body = "POST", f"/leaders/{key}/interests", wish
        reply = await self.client.settle(self.client.request(self.who, service, method, path, body))
        assert reply.accepted, reply
        return str(reply.body["id"])
