"""The services of a municipality as processes of this machine, each started as `make up` would."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local import clock, identity, mail
from deploy.local.ports import LOOPBACK, accepts, free_port
from deploy.local.processes import Child
from deploy.local.servers import Servers
from deploy.local.services import PROJECT, Setting, url
from shared.eventstore.database import database_name
from tests.integration.patience import until

Json = dict[str, Any]
Database = AsyncDatabase[Json]
Mode = Literal["api", "worker", "both"]

WITHIN_S = 120.0
"""A process starts in two seconds, unless others need the machine more."""
UNDECIDED = frozenset({"store_unreachable", "conflict"})
"""The store did not answer in time, or others kept winning: the same is to be sent again."""
NOBODY = "127.0.0.1:1"
"""A mail server that never answers."""


@dataclass
class Process:
    """A service process and its address."""

    child: Child
    url: str

    @property
    def lives(self) -> bool:
        """Whether it runs."""
        return self.child.exit_code is None

    async def health(self, kind: Literal["live", "ready"] = "ready") -> tuple[int, Json]:
        """The status and the body of a health question; 0 while nobody answers."""
        assert self.lives, self.child.said()
        try:
            async with httpx.AsyncClient(timeout=8.0, trust_env=False) as client:
                answer = await client.get(f"{self.url}/health/{kind}")
        except httpx.HTTPError:
            return 0, {}
        return answer.status_code, answer.json()

    async def until_live(self) -> None:
        """Wait until it answers."""

        async def live() -> bool:
            return (await self.health("live"))[0] == httpx.codes.OK

        await until(live, WITHIN_S)

    async def until_ready(self, within_s: float = WITHIN_S) -> None:
        """Wait until it and all its parts are there."""

        async def ready() -> bool:
            return (await self.health())[0] == httpx.codes.OK

        await until(ready, within_s)


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, who speaks to any process."""

    client: httpx.AsyncClient
    person: UUID
    token: str

    async def send(
        self,
        to: Process,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a command, once; `key` is its Idempotency-Key."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if key:
            sent["Idempotency-Key"] = key
        return await self.client.request(method, to.url + path, json=body or {}, headers=sent)

    async def settle(
        self,
        to: Process,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        key: str = "",
    ) -> httpx.Response:
        """Send a command under one key until it is decided, as a client of a busy machine does."""
        named = key or str(uuid4())
        deadline = time.monotonic() + WITHIN_S
        while True:
            answer = await self.send(to, method, path, body, key=named)
            undecided = any(f'"code":"{code}"' in answer.text for code in UNDECIDED)
            if answer.is_success or not undecided:
                return answer
            assert time.monotonic() < deadline, answer.text
            await asyncio.sleep(0.05)

    async def get(self, of: Process, path: str, **query: Any) -> httpx.Response:
        """Read."""
        bearer = {"Authorization": f"Bearer {self.token}"}
        return await self.client.get(of.url + path, params=query, headers=bearer)

    async def items(self, of: Process, path: str, **query: Any) -> list[Json]:
        """Read a list of at most 500."""
        answer = await self.get(of, path, limit=500, **query)
        assert answer.status_code == httpx.codes.OK, answer.text
        items: list[Json] = answer.json()["items"]
        return items


@dataclass
class Town:
    """Starts processes of services on the same servers, and signs tokens that they believe."""

    folder: Path
    servers: Servers
    prefix: str
    client: httpx.AsyncClient
    mongo: AsyncMongoClient[Json]
    smtp: str = NOBODY
    environment: dict[str, str] = field(default_factory=dict)
    """What all processes are told besides."""
    children: list[Child] = field(default_factory=list)

    async def start(self, service: str, mode: Mode = "both", *, ready: bool = True) -> Process:
        """Start a process, and wait until it is ready; or, without `ready`, until it lives."""
        (process,) = await self.start_all([(service, mode)], ready=ready)
        return process

    async def start_all(
        self, wanted: Sequence[tuple[str, Mode]], *, ready: bool = True
    ) -> list[Process]:
        """Start several at the same time."""
        started = [self._start(service, mode) for service, mode in wanted]
        for each in started:
            await (each.until_ready() if ready else each.until_live())
        return started

    def _start(self, service: str, mode: Mode) -> Process:
        port = free_port()
        setting = Setting(self.folder, self.servers, self.smtp, self.prefix)
        program = setting.program(service, port)
        command = program.command if mode == "both" else (*program.command, mode)
        environment = {**(program.env or {}), **self.environment}
        log = self.folder / "logs" / f"{service}-{mode}-{port}.log"
        child = Child(f"{service} {mode}", command, log=log, env=environment, cwd=program.cwd)
        self.children.append(child)
        return Process(child, url(port))

    async def catch_mail(self) -> None:
        """Start a mail server that keeps every mail; services started from now on use it."""
        port = free_port()
        where = ("--folder", self.folder / "mails", "--port", str(port))
        command = (sys.executable, "-m", mail.__name__, *where)
        child = Child("mail", command, log=self.folder / "logs" / "mail.log", cwd=PROJECT)
        self.children.append(child)

        async def listens() -> bool:
            return accepts(port)

        await child.until(listens)
        self.smtp = f"{LOOPBACK}:{port}"

    def mails(self) -> list[mail.Mail]:
        """The mails that came."""
        return mail.read_mails(self.folder / "mails")

    def caller(self, *roles: str, person: UUID | None = None) -> Caller:
        """Somebody with these roles."""
        who = person or uuid4()
        return Caller(self.client, who, identity.issue(self.folder, who, roles))

    def database(self, service: str) -> Database:
        """The one database of a service."""
        return self.mongo[database_name(service, self.prefix)]

    async def commits(self, service: str) -> list[Json]:
        """Every commit of a service, in the order of streams and versions."""
        return await self.database(service)["commits"].find().sort("_id", 1).to_list()

    async def facts(self, service: str, stream: str) -> list[tuple[str, Json]]:
        """The facts of a stream as they are stored: the name and the fields of each."""
        found = self.database(service)["commits"].find({"stream": stream}).sort("_id", 1)
        return [(each["type"], each["data"]) async for commit in found for each in commit["events"]]

    async def until_reacted(self, service: str, position: str) -> None:
        """Wait until a service has sent what follows for it from all up to a position."""
        stream, _, version = position.rpartition("@")

        async def reacted() -> bool:
            wanted = {"_id": {"$regex": f":{stream}$"}, "version": {"$gte": int(version)}}
            return await self.database(service)["reacted"].find_one(wanted) is not None

        await until(reacted, WITHIN_S)

    async def stop(self) -> None:
        """End what still runs."""
        for each in self.children:
            await each.kill()
        await self.client.aclose()
        await self.mongo.close()


@asynccontextmanager
async def town(folder: Path, servers: Servers, prefix: str) -> AsyncIterator[Town]:
    """A town without any process yet; all are ended with the block."""
    identity.prepare(folder)
    clock.prepare(folder)
    client = httpx.AsyncClient(
        timeout=30.0, trust_env=False, limits=httpx.Limits(max_connections=400)
    )
    mongo: AsyncMongoClient[Json] = AsyncMongoClient(servers.mongo_uri, tz_aware=True)
    made = Town(folder, servers, prefix, client, mongo)
    try:
        yield made
    finally:
        await made.stop()
