"""The system under test: mongod, Kafka and every service as processes that can be killed.

Services and the mail catcher are restarted by the stack's own supervisor; mongod and Kafka by
whoever killed them. Nothing else uses these servers.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from deploy.local.kafka import LocalKafka
from deploy.local.kafka_install import installed
from deploy.local.mongo import SMALL, LocalMongo
from deploy.local.ports import free_port
from deploy.local.processes import Child
from deploy.local.servers import Servers
from deploy.local.services import SERVICES, Setting, url
from deploy.local.supervisor import Program, Supervisor
from shared.policy.model import NS3
from tests.integration.services.networks import SLOTS
from tests.integration.services.town import Town, town

APIS = {"themes": 2, "networks": 1, "training": 1, "notifications": 1}
"""Processes that take commands; a repeat to themes may meet another one than the first time."""
_READY_S = 180.0
_LOOK_S = 0.02


@dataclass(frozen=True)
class Named:
    """A process of a service that is kept running, and where it answers."""

    service: str
    mode: str
    instance: int
    url: str

    @property
    def name(self) -> str:
        """What the supervisor calls it."""
        return f"{self.service}-{self.mode}-{self.instance}"


class System:
    """The processes by name, the servers they use, and a town that signs tokens for them."""

    def __init__(self, folder: Path, mongo: LocalMongo, kafka: LocalKafka, place: Town) -> None:
        """Nothing of the services runs yet; the servers do."""
        self.folder = folder
        self.mongo = mongo
        self.kafka = kafka
        self.town = place
        self.supervisor = Supervisor(folder / "logs", self._note)
        self.processes: dict[str, Named] = {}
        self._helping: list[Child] = []
        """Second workers, which nobody restarts."""
        self.ended: list[str] = []
        """What the supervisor said, each time a process had ended."""
        place.environment["NETVAERK_POLICY"] = str(_policy_with_slots(folder))

    @property
    def prefix(self) -> str:
        """What the names of topics and databases begin with."""
        return self.town.prefix

    @property
    def doors(self) -> dict[str, list[str]]:
        """The addresses of each service's API processes."""
        return {
            service: [self.processes[f"{service}-api-{number}"].url for number in _numbers(count)]
            for service, count in APIS.items()
        }

    def child(self, name: str) -> Child:
        """The process that now runs under a name; `mongod` and `kafka` are names too."""
        server = {"mongod": self.mongo.child, "kafka": self.kafka.child}
        found = server[name] if name in server else self.supervisor.child(name)
        assert found is not None, f"{name} was never started"
        return found

    async def start(self) -> None:
        """Start everything and wait until it is ready."""
        await self.town.catch_mail()
        for service in SERVICES:
            for number in _numbers(APIS[service]):
                self._keep(service, "api", number)
            self._keep(service, "worker", 1)
        for each in self.processes.values():
            await self._until(each, "ready", _READY_S)

    async def until_back(self, name: str, starts: int, within_s: float = _READY_S) -> None:
        """Wait until a killed process has been started again, and answers."""
        deadline = time.monotonic() + within_s
        while self.supervisor.starts(name) <= starts:
            assert time.monotonic() < deadline, f"{name} was not started again"
            await asyncio.sleep(_LOOK_S)
        await self._until(self.processes[name], "live", deadline - time.monotonic())

    async def kill(self, name: str) -> int:
        """End a process as a power cut would; gives how often it had been started."""
        starts = self.supervisor.starts(name) if name in self.processes else 0
        child = self.child(name)
        child.signal(signal.SIGKILL)
        await child.exited()
        return starts

    async def second_worker(self, service: str) -> Child:
        """Start another worker beside the first, with an instance of its own, and wait for it."""
        port = free_port()
        program = self._program(service, port, instance=2)
        log = self.folder / "logs" / f"{service}-worker-2.log"
        child = Child(
            f"{service} worker 2",
            (*program.command, "worker"),
            log=log,
            env=program.env,
            cwd=program.cwd,
        )
        self._helping.append(child)
        await self._until(Named(service, "worker", 2, url(port)), "ready", _READY_S)
        return child

    async def stop(self) -> None:
        """End the services, and whatever of them was stopped."""
        for name in self.processes:
            self.supervisor.child(name).signal(signal.SIGCONT)
        for each in self._helping:
            await each.kill()
        await self.supervisor.stop(within_s=5.0)

    def _keep(self, service: str, mode: str, instance: int) -> None:
        port = free_port()
        named = Named(service, mode, instance, url(port))
        program = self._program(service, port, instance)
        self.processes[named.name] = named
        self.supervisor.keep(replace(program, name=named.name, command=(*program.command, mode)))

    def _program(self, service: str, port: int, instance: int) -> Program:
        place = self.town
        setting = Setting(self.folder, place.servers, place.smtp, place.prefix)
        program = setting.program(service, port)
        own = {**place.environment, "NETVAERK_INSTANCE": str(instance)}
        return replace(program, env={**(program.env or {}), **own})

    async def _until(self, process: Named, kind: str, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        async with httpx.AsyncClient(timeout=1.0, trust_env=False) as client:
            while not await _says_yes(client, f"{process.url}/health/{kind}"):
                assert time.monotonic() < deadline, (
                    f"{process.name} is not {kind}: {self.ended[-5:]}"
                )
                await asyncio.sleep(_LOOK_S)

    def _note(self, said: str) -> None:
        self.ended.append(said)


@asynccontextmanager
async def system(folder: Path, prefix: str = "") -> AsyncIterator[System]:
    """Servers and services of a rig's own; all are ended with the block."""
    mongo = LocalMongo(folder, SMALL, ("enableTestCommands=1",))
    kafka = LocalKafka(folder, await installed(print))
    async with AsyncExitStack() as ending:
        ending.push_async_callback(_end, mongo, kafka)
        await asyncio.gather(mongo.start(), kafka.start())
        servers = Servers(mongo.uri, kafka.bootstrap, ())
        place = await ending.enter_async_context(town(folder, servers, prefix))
        made = System(folder, mongo, kafka, place)
        ending.push_async_callback(made.stop)
        await made.start()
        yield made


async def _end(mongo: LocalMongo, kafka: LocalKafka) -> None:
    for each in (mongo, kafka):
        if each.child is not None:
            each.child.signal(signal.SIGCONT)
            await each.kill()


async def _says_yes(client: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await client.get(address)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _numbers(count: int) -> range:
    return range(1, count + 1)


def _policy_with_slots(folder: Path) -> Path:
    usual = NS3.read_text("utf-8")
    changed = usual.replace("max_concurrent_innovation: 2", f"max_concurrent_innovation: {SLOTS}")
    assert changed != usual
    path = folder / "policy.yaml"
    path.write_text(changed, "utf-8")
    return path
