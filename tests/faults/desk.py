"""Where stories send their commands: paced, repeated at random, and counted."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

from tests.faults.client import Client
from tests.faults.ledger import Json, Principal, Reply, Request
from tests.integration.services import municipality

_TWINS = 0.04
"""The share of commands that are sent twice at the same moment."""
_REPEATED = 0.12
"""The share of acknowledged commands that are sent again a little later."""
_WITHOUT_KEYS = ("/people", "/org-units")
"""What a directory is told replaces what was there: a repeat lists anew who was erased since."""
_OF_TRAINING = frozenset(
    {"cohorts", "exams", "rotations", "rotation-competences", "innovators", "org-units"}
)
_OF_THEMES = frozenset({"inquiries", "idea-calls", "forum-slots"})


class Stopping(Exception):
    """The writers are to come to an end."""


class Declined(Exception):
    """A service said no, which ends the story and nothing else."""


class Asked(NamedTuple):
    """A command, before anything is known of how it is sent."""

    who: Principal
    method: str
    path: str
    body: Json | None = None


@dataclass
class Desk:
    """Sends what the stories ask for, at one rate for all of them together."""

    client: Client
    rate_per_s: float
    secretary: Principal
    chief: Principal
    people: list[Principal]
    doors: dict[str, list[str]]
    rng: random.Random
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    counts: Counter[str] = field(default_factory=Counter)
    repeats: set[asyncio.Task[None]] = field(default_factory=set)
    drivers: list[str] = field(default_factory=list)
    """Who may train for the diploma: they co-drove networks before the structure began."""
    _next: float = 0.0

    async def do(self, who: Principal, method: str, path: str, body: Json | None = None) -> Json:
        """Do something that is accepted; raises Declined, or Stopping before it is sent."""
        await self._turn(1)
        return await self._send(Asked(who, method, path, body))

    async def together(self, asked: Sequence[Asked]) -> list[Json]:
        """Do several things at the same moment, each to its end.

        They wait for as many turns as they are. Raises what the first one raised that failed.
        """
        await self._turn(len(asked))
        told: list[Json] = []
        for outcome in await asyncio.gather(*map(self._send, asked), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
            told.append(outcome)
        return told

    async def _send(self, asked: Asked) -> Json:
        who, method, path, body = asked
        request = self.client.request(who, owner_of(path), method, path, body)
        door = self.rng.randrange(8)
        keyed = not path.startswith(_WITHOUT_KEYS)
        if keyed and self.by_chance(_TWINS):
            reply, twin = await self.client.settle_twins(request, door)
            self._compare(reply, twin)
        else:
            reply = await self.client.settle(request, door)
        if not reply.accepted:
            self.counts[f"declined {reply.body.get('code', reply.status)}"] += 1
            raise Declined
        self.counts["acknowledged"] += 1
        if keyed and self.by_chance(_REPEATED):
            task = asyncio.create_task(self._repeat(request, reply))
            self.repeats.add(task)
            task.add_done_callback(self.repeats.discard)
        return reply.body

    async def _turn(self, commands: int) -> None:
        """Wait for the next free moment of the common rate, for so many commands."""
        now = time.monotonic()
        self._next = max(self._next + commands / self.rate_per_s, now)
        if self._next > now:
            await asyncio.sleep(self._next - now)
        if self.stopping.is_set():
            raise Stopping

    async def _repeat(self, request: Request, first: Reply) -> None:
        """Send an acknowledged command again after a while, wherever it gets in."""
        try:
            async with asyncio.timeout(self.rng.uniform(0.1, 6.0)):
                await self.stopping.wait()
        except TimeoutError:
            pass
        self._compare(first, await self.client.settle(request, self.rng.randrange(8), again=True))

    def _compare(self, first: Reply, other: Reply) -> None:
        self.counts["repeats"] += 1
        if first.body.get("events") and not other.says_the_same_as(first):
            self.counts["answered differently"] += 1

    def somebody(self) -> Principal:
        """One of the people."""
        return self.rng.choice(self.people)

    def several(self, most: int) -> range:
        """As many as chance has it, at least one."""
        return range(self.rng.randint(1, most))

    def by_chance(self, share: float) -> bool:
        """True as often as the share says."""
        return self.rng.random() < share

    async def former_co_drivers(self, count: int) -> list[str]:
        """So many people who may train for the diploma; most have been asked before."""
        known = self.rng.sample(self.drivers, min(len(self.drivers), count * 4 // 5))
        new = [str(uuid4()) for _ in range(count - len(known))]
        drove = {"on": "2012-06-01", "what": "co_driver", "evidence": "Set i arkivet {key}"}
        paths = [f"/leaders/{each}/prior-qualifications" for each in new]
        await self.together([Asked(self.secretary, "POST", path, drove) for path in paths])
        self.drivers += new
        return known + new


Story = Callable[[Desk], Awaitable[None]]


def owner_of(path: str) -> str:
    """The service that answers under a path."""
    first = path.split("/")[1]
    if first in _OF_THEMES:
        return "themes"
    return "training" if first in _OF_TRAINING else municipality.owner_of(path)


async def tell(desk: Desk, story: Story) -> None:
    """Tell a story again and again until the writers stop."""
    while not desk.stopping.is_set():
        try:
            await story(desk)
        except Declined:
            continue
        except Stopping:
            return
