"""A municipality with all four services at work, and a few people in it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.integration.patience import until
from tests.integration.services.bodies import BODIES
from tests.integration.services.town import Caller, Json, Process, Town

LONG_S = 120.0
UNIT = str(uuid4())


@dataclass
class Municipality:
    """The processes by name (networks has an API and a worker of its own), and the people."""

    town: Town
    processes: dict[str, Process]
    secretary: Caller
    chief: Caller
    manager: Caller
    proposer: Caller
    leader: Caller
    co_driver: Caller

    @property
    def people(self) -> Mapping[str, Caller]:
        """Everybody in the directory, by their name there."""
        return {
            name: getattr(self, name)
            for name in ("secretary", "chief", "manager", "proposer", "leader", "co_driver")
        }

    async def do(self, who: Caller, method: str, path: str, body: Json | None = None) -> Json:
        """Somebody does something that is accepted."""
        answer = await who.settle(self.processes[owner_of(path)], method, path, body)
        assert answer.status_code in (httpx.codes.OK, httpx.codes.CREATED), answer.text
        told: Json = answer.json()
        return told

    async def rows(self, path: str, **query: Any) -> list[Json]:
        """The rows of a list, as the secretariat reads them."""
        return await self.secretary.items(self.processes[owner_of(path)], path, **query)

    async def row(self, path: str) -> Json:
        """One row; empty when there is none."""
        answer = await self.secretary.get(self.processes[owner_of(path)], path)
        assert answer.status_code in (200, 404), answer.text
        return answer.json()["item"] if answer.status_code == 200 else {}

    async def select_a_theme(self, network_type: str = "welfare") -> Json:
        """A theme is proposed and selected; gives the last answer."""
        proposed = await self.do(
            self.proposer,
            "POST",
            "/themes",
            {**BODIES["ProposeTheme"], "affected_departments": [UNIT], "inquiry_id": None},
        )
        path = f"/themes/{proposed['id']}"
        by = [str(self.chief.person)]
        aligned = {"network_type": network_type, "aligned_by": by}
        aligned = {**BODIES["AlignThemeNetworkType"], **aligned}
        await self.do(self.chief, "POST", f"{path}/network-type", aligned)
        override = {"rules": ["R48"], "reason": "Vi kender temaet."}
        qualified = {"decided_by": by, "override": override}
        await self.do(self.chief, "POST", f"{path}/qualification", qualified)
        selected = {"decision": "selected", "decided_by": by}
        return await self.do(self.chief, "POST", f"{path}/decision", selected)

    async def network_of(self, theme_id: str) -> Json:
        """The network that is planned for a theme, as soon as there is one."""
        found: list[Json] = []

        async def planned() -> bool:
            found[:] = await self.rows("/networks", theme_id=theme_id)
            return bool(found)

        await until(planned, LONG_S)
        assert len(found) == 1
        return found[0]

    async def start_network(self, network_id: str) -> None:
        """A planned network gets its leader and its co-driver, and starts."""
        path = f"/networks/{network_id}"
        choice = {
            "person_id": str(self.leader.person),
            "decided_by": [str(self.chief.person)],
            "assessment_id": str(uuid4()),
            "line_manager_id": str(self.manager.person),
            "override": {"rules": ["R111", "R168"], "reason": "Uddannelsen er i gang."},
        }
        await self.do(self.chief, "PUT", f"{path}/leader", choice)
        joined = {
            "person_id": str(self.co_driver.person),
            "theme_expertise": True,
            "rationale": "Kender området.",
            "assessment_id": str(uuid4()),
        }
        await self.do(self.leader, "PUT", f"{path}/co-driver", joined)
        override = {"rules": ["R144"], "reason": "Referencelederen findes undervejs."}
        begun = {"purpose": "Færre er alene", "base_anchor": UNIT, "override": override}
        await self.do(self.secretary, "POST", f"{path}/start", begun)

    async def close_network(self, network_id: str) -> Json:
        """A network closes."""
        override = {"rules": ["R213"], "reason": "Der blev intet at evaluere."}
        closed = {"result": "not_adopted", "override": override}
        return await self.do(self.secretary, "POST", f"/networks/{network_id}/close", closed)

    async def event_id(self, service: str, stream: str, name: str) -> str:
        """The id of a stream's last fact of this name."""
        found = self.town.database(service)["commits"].find({"stream": stream})
        events = [event async for commit in found.sort("_id", 1) for event in commit["events"]]
        return str([each["id"] for each in events if each["type"] == name][-1])

    async def tell_again(self, service: str) -> None:
        """Rewind a service's reactor, and wait until it has come as far as before."""
        await self.processes[service].child.stop()
        database = self.town.database(service)
        marks = {"reader": {"$ne": "projector"}}
        far = {each["_id"]: each["offset"] async for each in database["offsets"].find(marks)}
        assert sum(far.values()) > 0
        await database["offsets"].delete_many(marks)
        await database["reacted"].drop()  # nothing but the commands' own ids stands against repeats
        self.processes[service] = await self.town.start(service)

        async def as_far_again() -> bool:
            found = {each["_id"]: each["offset"] async for each in database["offsets"].find(marks)}
            return all(found.get(name, 0) >= offset for name, offset in far.items())

        await until(as_far_again, LONG_S)

    async def told_of(self, event_id: str, receivers: int) -> list[Json]:
        """The deliveries of a fact, when all of its receivers are told and all mails are out."""
        found: list[Json] = []

        async def told() -> bool:
            found[:] = await self.rows("/deliveries", source_event=event_id)
            sent = [each for each in found if each["state"] == "sent"]
            return len(sent) >= 2 * receivers

        await until(told, LONG_S)
        return found


def owner_of(path: str) -> str:
    """The service that answers under a path."""
    owners = {
        "networks": ("networks", "portfolio", "outputs"),
        "training": ("people", "leaders", "leader-pool"),
        "themes": ("themes", "theme-rounds", "inquiries", "forum-slots"),
        "notifications": ("deliveries", "reminders", "inbox"),
    }
    first = path.split("/")[1]
    return next(name for name, firsts in owners.items() if first in firsts)


@asynccontextmanager
async def municipality(place: Town) -> AsyncIterator[Municipality]:
    """Start everything, and put the people into the directory."""
    await place.catch_mail()
    both = ("themes", "training", "notifications")
    started = await place.start_all(
        [("networks", "api"), ("networks", "worker"), *((name, "both") for name in both)]
    )
    processes = dict(zip(("networks", "networks worker", *both), started, strict=True))
    made = Municipality(
        place,
        processes,
        secretary=place.caller("employee", "secretariat"),
        chief=place.caller("employee", "chefforum"),
        manager=place.caller("employee"),
        proposer=place.caller("employee"),
        leader=place.caller("employee"),
        co_driver=place.caller("employee"),
    )
    for name, each in made.people.items():
        listed = {
            "name": name,
            "email": f"{name}@kommune.example",
            "org_unit_id": UNIT,
            "forums": ["chiefs"] if name == "chief" else [],
        }
        answer = await made.do(made.secretary, "PUT", f"/people/{each.person}", listed)
        for hearing in ("networks", "themes", "notifications"):
            path = {"networks": "/networks", "themes": "/themes", "notifications": "/deliveries"}
            await until_seen(made, path[hearing], answer["position"])
    yield made


async def until_seen(made: Municipality, path: str, position: str) -> None:
    """Wait until the service behind a list has a position."""

    async def seen() -> bool:
        process = made.processes[owner_of(path)]
        answer = await made.secretary.get(process, path, after=position, limit=1)
        assert answer.status_code in (200, 503), answer.text
        return answer.status_code == 200

    await until(seen, LONG_S)
