"""The whole stack as one object, for `up`, the demo and tests: `async with Stack(folder) as s`."""

import asyncio
import os
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from deploy.local import clock, identity, mail, services
from deploy.local.description import DESCRIPTION_FILE, Description, write_description
from deploy.local.files import InUse, locked
from deploy.local.ports import LOOPBACK, accepts, kept_port
from deploy.local.processes import DidNotStart
from deploy.local.servers import Part, Servers, running
from deploy.local.supervisor import Program, Supervisor

LOCK_FILE = "stack.lock"
_VERSION: str = tomllib.loads((services.PROJECT / "pyproject.toml").read_text())["project"][
    "version"
]
_READY_WITHIN_S = 60.0
_STARTS_BEFORE_GIVING_UP = 3


class Stack:
    """MongoDB, Kafka, the services, a mail catcher, an issuer of tokens and a movable clock."""

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str = "",
        with_services: Sequence[str] = services.SERVICES,
        small: bool = False,
        tell: Callable[[str], None] = print,
    ) -> None:
        """Choose the folder for all data and logs; nothing is started yet."""
        self.folder = folder.absolute()
        self.mails_folder = self.folder / "mails"
        self.urls: dict[str, str] = {}
        self.parts: tuple[Part, ...] = ()
        self.supervisor = Supervisor(self.folder / "logs", tell)
        self._prefix = prefix
        self._names = with_services
        self._small = small
        self._tell = tell
        self._to_end = AsyncExitStack()
        self._servers: Servers | None = None

    async def __aenter__(self) -> Self:
        """Start everything."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End everything."""
        await self.stop()

    @property
    def servers(self) -> Servers:
        """MongoDB and Kafka, while the stack runs."""
        if self._servers is None:
            raise RuntimeError("The stack is not running.")
        return self._servers

    def token(self, person: UUID, roles: Sequence[str], *, ttl_s: float = 8 * 3600) -> str:
        """Sign a token with which this person may speak to the services."""
        return identity.issue(self.folder, person, roles, ttl_s=ttl_s)

    def mails(self) -> list[mail.Mail]:
        """Read the mails that the services have sent."""
        return mail.read_mails(self.mails_folder)

    def now(self) -> datetime:
        """Tell the business time."""
        return clock.business_now(self.folder)

    def set_clock(self, instant: datetime) -> None:
        """Move the business time; it runs on from there."""
        clock.write_clock(self.folder, instant)

    async def start(self) -> None:
        """Start everything and wait until it is ready, or end what was started and say why."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End everything: first the services, then what they use."""
        self._servers = None
        await self._to_end.aclose()

    async def _start(self) -> None:
        try:
            await self._to_end.enter_async_context(locked(self.folder / LOCK_FILE, wait_s=0.0))
        except InUse:
            raise DidNotStart(
                f"A stack already runs in {self.folder}; end that one first."
            ) from None
        identity.prepare(self.folder)
        clock.prepare(self.folder)
        self._servers = await self._to_end.enter_async_context(
            running(self.folder, small=self._small, tell=self._tell)
        )
        self._to_end.push_async_callback(self.supervisor.stop)
        smtp = await self._catch_mail()
        setting = services.Setting(self.folder, self.servers, smtp, self._prefix)
        for name, port in services.ports(self._names).items():
            self.urls[name] = services.url(port)
            self.supervisor.keep(setting.program(name, port))
        self._describe(smtp)
        for name in self._names:  # they start at the same time, whoever is waited for first
            await self._until_ready(name)

    async def _catch_mail(self) -> str:
        port = kept_port(self.folder, "smtp")
        where = ("--folder", self.mails_folder, "--port", str(port))
        program = Program(
            "mail", (sys.executable, "-m", mail.__name__, *where), cwd=services.PROJECT
        )
        self.supervisor.keep(program)

        async def listens() -> bool:
            return accepts(port)

        await self.supervisor.child("mail").until(listens)
        return f"{LOOPBACK}:{port}"

    async def _until_ready(self, service: str) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not await services.is_ready(self.urls[service]):
            child = self.supervisor.child(service)
            tries = self.supervisor.starts(service)
            if child.exit_code is not None and tries >= _STARTS_BEFORE_GIVING_UP:
                raise DidNotStart(f"{service} ended {tries} times.\n{child.said()}")
            if time.monotonic() >= deadline:
                raise DidNotStart(
                    f"{service} was not ready after {_READY_WITHIN_S:g} s.\n{child.said()}"
                )
            await asyncio.sleep(0.1)

    def _describe(self, smtp: str) -> None:
        catcher = Part("Mail catcher", version("aiosmtpd"), "local process", self._pid("mail"))
        own = (Part(name, _VERSION, "local process", self._pid(name)) for name in self._names)
        self.parts = (*self.servers.parts, catcher, *own)
        write_description(
            Description(
                folder=self.folder,
                pid=os.getpid(),
                mongo_uri=self.servers.mongo_uri,
                kafka_bootstrap=self.servers.kafka_bootstrap,
                prefix=self._prefix,
                smtp=smtp,
                urls=self.urls,
                parts=self.parts,
            )
        )
        self._to_end.callback((self.folder / DESCRIPTION_FILE).unlink, missing_ok=True)

    def _pid(self, name: str) -> int:
        return self.supervisor.child(name).pid
