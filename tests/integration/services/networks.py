"""Networks to try things on, brought about through the API processes of networks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from services.networks.domain.network.planning import PlanNetwork
from services.networks.service import SERVICE
from shared.contracts.vocabulary import NetworkType
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import disconnect
from shared.kernel.permissions import system
from shared.runtime.assembly import assemble
from shared.runtime.settings import Settings
from tests.integration.services.town import Caller, Json, Process, Town

SLOTS = 12
"""Innovation networks that may run at the same time in these tests; the policy's own is 2."""

SECRETARY = uuid4()
CHIEF = uuid4()
LEADER = uuid4()

START: Json = {
    "purpose": "En ny vej",
    "base_anchor": str(uuid4()),
    "political_vision_ref": "Vision",
    "override": {"rules": ["R144"], "reason": "Referencelederen findes undervejs."},
}
CHOICE: Json = {
    "person_id": str(LEADER),
    "decided_by": [str(CHIEF)],
    "assessment_id": str(uuid4()),
    "override": {"rules": ["R111", "R168"], "reason": "Uddannelsen er i gang."},
}
BREAK: Json = {"reason": "Alle skal hjem til basis."}


def imported(network_type: NetworkType = NetworkType.WELFARE, title: str = "Campus") -> Json:
    """The body of ImportNetwork for a network that runs."""
    return {
        "on": "2014-01-06",
        "title": title,
        "purpose": "Unge finder sammen",
        "network_type": network_type,
        "started_on": "2014-01-06",
        "leader_id": str(LEADER),
    }


@dataclass
class Networks:
    """API processes of networks on one database, and a dispatcher for what only reactions send."""

    town: Town
    apis: tuple[Process, ...]
    dispatcher: Dispatcher
    secretary: Caller = field(init=False)

    def __post_init__(self) -> None:
        """Sign a token for the secretariat."""
        self.secretary = self.town.caller("secretariat", person=SECRETARY)

    async def do(self, method: str, path: str, body: Json | None = None, *, at: int = 0) -> Json:
        """Do something as the secretariat that is accepted, and give the answer."""
        answer = await self.secretary.settle(self.apis[at], method, path, body)
        assert answer.status_code in (httpx.codes.OK, httpx.codes.CREATED), answer.text
        told: Json = answer.json()
        return told

    async def import_one(self, network_type: NetworkType = NetworkType.WELFARE) -> str:
        """Import a network that runs, and give its id."""
        return str((await self.do("POST", "/networks/import", imported(network_type)))["id"])

    async def plan(self, count: int) -> list[str]:
        """Plan innovation networks, as the reaction to ThemeSelected would, and give each a leader."""
        ids = [str(uuid4()) for _ in range(count)]
        await asyncio.gather(*(self._plan(each) for each in ids))
        await asyncio.gather(*(self.do("PUT", f"/networks/{each}/leader", CHOICE) for each in ids))
        return ids

    async def _plan(self, network_id: str) -> None:
        command = PlanNetwork(
            theme_id=uuid4(),
            title="Et tema",
            network_type=NetworkType.INNOVATION,
            type_aligned=True,
        )
        await self.dispatcher.send(command, network_id, actor=system("ThemeSelected"))

    async def cancel(self, network_id: str) -> None:
        """Give a network up."""
        await self.do("POST", f"/networks/{network_id}/cancel", {"reason": "Ikke nu."})

    async def holders(self) -> set[str]:
        """Those who hold an innovation slot, by the stream of slots."""
        held: set[str] = set()
        for name, fields in await self.town.facts("networks", "innovation-slots"):
            if name == "InnovationSlotTaken":
                assert fields["network_id"] not in held
                held.add(fields["network_id"])
            else:
                held.remove(fields["network_id"])
        return held

    async def running(self) -> set[str]:
        """The innovation networks that have begun and not ended, by their own streams."""
        begun: set[str] = set()
        ended: set[str] = set()
        for commit in await self.town.commits("networks"):
            for event in commit["events"]:
                network_id = commit["stream"].removeprefix("network-")
                if event["type"] in ("NetworkClosed", "NetworkCancelled"):
                    ended.add(network_id)
                elif (
                    event["type"] in ("NetworkStarted", "NetworkImported")
                    and event["data"]["network_type"] == NetworkType.INNOVATION
                ):
                    begun.add(network_id)
        return begun - ended

    async def leave_free(self, free: int) -> None:
        """Cancel or import innovation networks until so many slots are free."""
        held = sorted(await self.holders())
        for each in held[: max(0, len(held) - (SLOTS - free))]:
            await self.cancel(each)
        for _ in range(SLOTS - free - len(held)):
            await self.import_one(NetworkType.INNOVATION)
        assert len(await self.holders()) == SLOTS - free


@asynccontextmanager
async def networks_in_process(town: Town) -> AsyncIterator[Dispatcher]:
    """The dispatcher of networks, put together as a process would, on the town's database."""
    settings = Settings.model_validate(
        {
            "profile": "local",
            "mongo_uri": town.servers.mongo_uri,
            "kafka_bootstrap": town.servers.kafka_bootstrap,
            "prefix": town.prefix,
            "jwks": "",
            "issuer": "",
        }
    )
    assembly = assemble(SERVICE, settings)
    await assembly.prepare()
    try:
        yield assembly.dispatcher
    finally:
        await disconnect(assembly.client)
