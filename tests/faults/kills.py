"""Processes that end as in a power cut."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

from deploy.local.processes import Child
from tests.faults.failpoints import holding
from tests.faults.fault import Fault, OfApi, OfWorker
from tests.faults.ledger import Reply, Request
from tests.faults.sharing import until_shared
from tests.faults.system import APIS

_BURST = 24
_ON_THE_WAY_S = 0.005
_LATE_S = 3.0


@dataclass
class KillApi(OfApi):
    """An API process is killed while it has commands in flight."""

    kind = "kill -9 of an API process"
    _starts: int = 0

    async def strike(self) -> None:
        """Send a burst, and kill when the first answer is there and a second burst is under way.

        The answers to one burst may all come at once.
        """
        probes = self.site.probes
        requests = [
            probes.client.request(probes.who, self.service, *probes.command(self.service, each))
            for each in range(2 * _BURST)
        ]

        def send(some: list[Request]) -> list[asyncio.Task[Reply]]:
            door = self.instance - 1
            return [asyncio.create_task(probes.client.settle(each, door)) for each in some]

        self._burst = send(requests[:_BURST])
        await asyncio.wait(self._burst, return_when=asyncio.FIRST_COMPLETED)
        self._burst += send(requests[_BURST:])
        await asyncio.sleep(_ON_THE_WAY_S)
        self._starts = await self.site.system.kill(self.target)
        self.evidence["in_flight"] = sum(not each.done() for each in self._burst)

    @property
    def happened(self) -> bool:
        """Commands were under way."""
        return bool(self.evidence["in_flight"])

    async def heal(self) -> None:
        """Wait for the supervisor."""
        await self.site.system.until_back(self.target, self._starts)

    async def clear(self) -> None:
        """Every command of the burst gets its answer."""
        for reply in await asyncio.gather(*self._burst):
            assert reply.accepted, reply


@dataclass
class KillWorker(OfWorker):
    """A worker is killed while MongoDB holds back one of its commands."""

    command: str = "update"
    collection: str = ""
    _starts: int = 0

    async def prepare(self) -> None:
        """Have the worker caught at that place."""
        system = self.site.system
        namespace = f"{system.town.database(self.service).name}.{self.collection}"
        self._held = contextlib.AsyncExitStack()
        held = holding(system.town.mongo, self.command, namespace)
        self.evidence["held"] = await self._held.enter_async_context(held)

    async def strike(self) -> None:
        """Kill it there."""
        self._starts = await self.site.system.kill(self.target)

    async def heal(self) -> None:
        """Wait for the supervisor."""
        await self._held.aclose()
        await self.site.system.until_back(self.target, self._starts)


@dataclass
class KillBeforeMark(KillWorker):
    """The broker has acknowledged facts, and they are not marked as told."""

    kind = "kill -9 of a worker between publish and mark"
    collection: str = "commits"

    async def strike(self) -> None:
        """Note how many commits are told and not marked."""
        commits = self.site.system.town.database(self.service)["commits"]
        self.evidence["unmarked"] = await commits.count_documents({"unpublished": True})
        await super().strike()

    @property
    def happened(self) -> bool:
        """Something was told and not marked."""
        return bool(self.evidence["unmarked"])


@dataclass
class KillInTransaction(KillWorker):
    """The projector has moved its marks and written rows, and has not committed."""

    kind = "kill -9 of a worker inside a projector's transaction"
    collection: str = "progress"

    @property
    def happened(self) -> bool:
        """The transaction was open."""
        return bool(self.evidence["held"] == "in a transaction")


@dataclass
class KillMongo(Fault):
    """mongod is killed, and started again at once."""

    kind = "kill -9 of mongod"

    @property
    def target(self) -> str:
        """The server."""
        return "mongod"

    async def strike(self) -> None:
        """Kill it."""
        await self.site.system.kill("mongod")

    async def heal(self) -> None:
        """Start it, until it takes writes."""
        await self.site.system.mongo.start()


@dataclass
class KillKafka(Fault):
    """Kafka is killed, and started again at once."""

    kind = "kill -9 of Kafka"

    @property
    def target(self) -> str:
        """The server."""
        return "kafka"

    async def strike(self) -> None:
        """Kill it."""
        await self.site.system.kill("kafka")

    async def heal(self) -> None:
        """Start it, until it answers."""
        await self.site.system.kafka.start()


@dataclass
class LateKafka(Fault):
    """Kafka and all workers are killed, and Kafka comes back some seconds after the workers."""

    kind = "Kafka started late"

    @property
    def target(self) -> str:
        """The server, and all that depends on it."""
        return "kafka, workers"

    async def strike(self) -> None:
        """Kill them all."""
        system = self.site.system
        await system.kill("kafka")
        self._starts = {
            f"{service}-worker-1": await system.kill(f"{service}-worker-1") for service in APIS
        }

    async def heal(self) -> None:
        """Let the workers come back first."""
        system = self.site.system
        back = (system.until_back(name, starts) for name, starts in self._starts.items())
        await asyncio.gather(*back)
        await asyncio.sleep(_LATE_S)
        await system.kafka.start()


@dataclass
class SecondWorker(Fault):
    """A second worker comes to help the first one, and goes again."""

    kind = "a second worker beside the first"
    service: str = "networks"

    def __post_init__(self) -> None:
        """They share the service's views."""
        self.touched = frozenset([self.service])

    @property
    def target(self) -> str:
        """The process that comes."""
        return f"{self.service}-worker-2"

    async def strike(self) -> None:
        """Have it come, and take its share."""
        self._second: Child = await self.site.system.second_worker(self.service)

    async def heal(self) -> None:
        """Wait until it has a share."""
        await until_shared(self.site.system, self.service, workers=2)

    async def clear(self) -> None:
        """Have it go."""
        await self._second.stop()

    async def aftermath(self) -> None:
        """The first one takes over what was the second's."""
        await taken_over(self)


async def taken_over(fault: Fault) -> None:
    """Note how long it takes until one worker has all of the views again.

    A member that is gone for good is believed in until its session has run out.
    """
    left = time.monotonic()
    well = await fault.site.probes.recovery(left, fault.touched)
    fault.evidence["taken_over_s"] = round(well.fresh_s, 2)
