"""What the writers do, over and over: a theme, a network from start to end, a leader's path.

Each story sends commands that change something every time, some of them at the same moment to the
same thing, and ends what it began, so that innovation slots are taken and given back.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from tests.faults.client import Client
from tests.faults.ledger import Json, Principal, Reply, Request
from tests.integration.services.bodies import BODIES
from tests.integration.services.municipality import UNIT, owner_of
from tests.integration.services.networks import CHOICE, START, imported

_TWINS = 0.04
"""The share of commands that are sent twice at the same moment."""
_REPEATED = 0.12
"""The share of acknowledged commands that are sent again a little later."""
_FAR = date(2031, 1, 1)


class Stopping(Exception):
    """The writers are to come to an end."""


class Declined(Exception):
    """A service said no, which ends the story and nothing else."""


@dataclass
class Desk:
    """Where stories send their commands: paced, repeated at random, and counted."""

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
    _next: float = 0.0

    async def do(self, who: Principal, method: str, path: str, body: Json | None = None) -> Json:
        """Do something that is accepted; raises Declined, or Stopping before it is sent."""
        await self._turn()
        request = self.client.request(who, owner_of(path), method, path, body)
        door = self.rng.randrange(8)
        if self.rng.random() < _TWINS:
            reply, twin = await self.client.settle_twins(request, door)
            self._compare(reply, twin)
        else:
            reply = await self.client.settle(request, door)
        if not reply.accepted:
            self.counts[f"declined {reply.body.get('code', reply.status)}"] += 1
            raise Declined
        self.counts["acknowledged"] += 1
        if self.rng.random() < _REPEATED:
            task = asyncio.create_task(self._repeat(request, reply))
            self.repeats.add(task)
            task.add_done_callback(self.repeats.discard)
        return reply.body

    async def _turn(self) -> None:
        """Wait for the next free moment of the common rate."""
        now = time.monotonic()
        self._next = max(self._next + 1 / self.rate_per_s, now)
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


Story = Callable[[Desk], Awaitable[None]]


async def a_theme(desk: Desk) -> None:
    """A theme is proposed, assessed by several at once, and declined."""
    path = await _proposed(desk, "welfare")
    for _ in desk.several(4):
        await _at_once(*(desk.do(desk.chief, *_assessment(path)) for _ in desk.several(3)))
        await desk.do(desk.chief, "POST", f"{path}/network-type", _aligned(desk, "welfare"))
    await desk.do(
        desk.chief,
        "POST",
        f"{path}/decision",
        {"decision": "declined", "decided_by": [str(desk.chief.person)], "reason": "Ikke nu."},
    )


async def a_network(desk: Desk) -> None:
    """An innovation network is imported, changes its plans, and ends."""
    leader = str(desk.somebody().person)
    body = {**imported(title="Campus {key}"), "leader_id": leader}
    body["network_type"] = desk.rng.choice(["innovation", "innovation", "welfare"])
    told = await desk.do(desk.secretary, "POST", "/networks/import", body)
    path = f"/networks/{told['id']}"
    await _run(desk, path)
    await _end(desk, path)


async def a_start(desk: Desk) -> None:
    """A theme is selected, gets a network by itself, which starts within the cap and ends."""
    theme = await _proposed(desk, "innovation")
    chosen = {"decided_by": [str(desk.chief.person)]}
    await desk.do(desk.chief, "POST", f"{theme}/network-type", _aligned(desk, "innovation"))
    override = {"rules": ["R48"], "reason": "Vi kender temaet."}
    await desk.do(desk.chief, "POST", f"{theme}/qualification", {**chosen, "override": override})
    await desk.do(desk.chief, "POST", f"{theme}/decision", {**chosen, "decision": "selected"})
    path = f"/networks/{await _network_of(desk, theme.rpartition('/')[2])}"
    leader = {**CHOICE, "person_id": str(desk.somebody().person), **chosen}
    await desk.do(desk.chief, "PUT", f"{path}/leader", leader)
    try:
        await desk.do(desk.secretary, "POST", f"{path}/start", START)
    except Declined:  # all slots are taken
        await desk.do(desk.secretary, "POST", f"{path}/cancel", {"reason": "Ingen plads."})
        raise
    await _run(desk, path)
    await _end(desk, path)


async def a_leader(desk: Desk) -> None:
    """Somebody would like to lead, is taken into the pool, and leaves it."""
    who = str(desk.rng.choice(desk.people).person if desk.rng.random() < 0.2 else uuid4())
    to = f"/leaders/{who}"
    for _ in desk.several(5):
        wish = {"wish": desk.rng.choice(["lead", "co_drive"]), "themes": "Børn {key}"}
        await desk.do(desk.secretary, "POST", f"{to}/interests", wish)
    day = date(1960, 1, 1) + timedelta(days=desk.rng.randrange(18_000))
    diploma = {"on": day.isoformat(), "what": "diploma", "evidence": "Set."}
    await desk.do(desk.secretary, "POST", f"{to}/prior-qualifications", diploma)
    admitted = {
        "in_pool": True,
        "basis": "experienced_gen1_2",
        "generation": desk.rng.randint(1, 2),
    }
    await desk.do(desk.secretary, "PUT", f"/leader-pool/{who}", admitted)
    left = {"in_pool": False, "reason": "Nyt arbejde."}
    await desk.do(desk.secretary, "PUT", f"/leader-pool/{who}", left)


AT_ONCE: tuple[tuple[Story, int], ...] = ((a_theme, 4), (a_network, 4), (a_start, 3), (a_leader, 4))
"""How many of each go on beside each other."""


async def tell(desk: Desk, story: Story) -> None:
    """Tell a story again and again until the writers stop."""
    while not desk.stopping.is_set():
        try:
            await story(desk)
        except Declined:
            continue
        except Stopping:
            return


async def _at_once(*commands: Awaitable[Json]) -> None:
    """Do several things, each to its end, and raise what the first one raised that failed."""
    for outcome in await asyncio.gather(*commands, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def _proposed(desk: Desk, network_type: str) -> str:
    proposal = {
        **BODIES["ProposeTheme"],
        "title": "Ensomme ældre {key}",
        "affected_departments": [UNIT],
        "wished_type": network_type,
    }
    told = await desk.do(desk.somebody(), "POST", "/themes", proposal)
    return f"/themes/{told['id']}"


def _aligned(desk: Desk, network_type: str) -> Json:
    return {
        "network_type": network_type,
        "intended_difference": "Færre er alene {key}",
        "aligned_by": [str(desk.chief.person)],
    }


def _assessment(path: str) -> tuple[str, str, Json]:
    said = {"criterion": "innovation", "verdict": "met", "rationale": "Nyt {key}"}
    return "POST", f"{path}/assessments", {"assessments": [said]}


async def _network_of(desk: Desk, theme_id: str) -> str:
    """The network that is planned for a theme, as soon as there is one."""
    turn = 0
    while True:
        door = desk.doors["networks"][turn % len(desk.doors["networks"])]
        answer = await desk.client.get(desk.secretary, door, "/networks", theme_id=theme_id)
        if answer is not None and answer.status_code == 200 and answer.json()["items"]:
            return str(UUID(answer.json()["items"][0]["network_id"]))
        turn += 1
        try:
            async with asyncio.timeout(0.3):
                await desk.stopping.wait()
        except TimeoutError:
            continue
        raise Stopping


async def _run(desk: Desk, path: str) -> None:
    """A network that runs moves its end, and changes its co-driver."""
    for number in desk.several(5):
        day = _FAR + timedelta(days=40 * number + desk.rng.randrange(40))
        await desk.do(desk.secretary, "POST", f"{path}/closing", {"planned_close": day.isoformat()})
    if desk.rng.random() < 0.3:
        joined = {
            **BODIES["AssignCoDriver"],
            "person_id": str(uuid4()),
            "line_manager_id": str(desk.somebody().person),
        }
        await desk.do(desk.secretary, "PUT", f"{path}/co-driver", joined)
        await desk.do(desk.secretary, "POST", f"{path}/co-driver/release", {"reason": "Rokade."})


async def _end(desk: Desk, path: str) -> None:
    if desk.rng.random() < 0.5:
        await desk.do(desk.secretary, "POST", f"{path}/cancel", {"reason": "Ikke nu."})
        return
    override = {"rules": ["R213"], "reason": "Der blev intet at evaluere."}
    closed = {"result": "not_adopted", "override": override}
    await desk.do(desk.secretary, "POST", f"{path}/close", closed)
