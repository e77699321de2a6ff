"""How the four services are started on this machine, and how to tell that one is ready."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local import clock, identity
from deploy.local.ports import LOOPBACK, free_port, is_free
from deploy.local.servers import Servers
from deploy.local.supervisor import Program
from shared.runtime.settings import LOCAL_ISSUER, PORTS

PROJECT = Path(__file__).parents[2]
SERVICES = tuple(PORTS)


@dataclass(frozen=True)
class Setting:
    """What is the same for all services of one stack."""

    folder: Path
    servers: Servers
    smtp: str
    prefix: str = ""

    def environment(self, port: int) -> dict[str, str]:
        """Give what a service is told through its environment."""
        return {
            "NETVAERK_PROFILE": "local",
            "NETVAERK_MONGO_URI": self.servers.mongo_uri,
            "NETVAERK_KAFKA_BOOTSTRAP": self.servers.kafka_bootstrap,
            "NETVAERK_PREFIX": self.prefix,
            "NETVAERK_PORT": str(port),
            "NETVAERK_JWKS": str(self.folder / identity.JWKS_FILE),
            "NETVAERK_ISSUER": LOCAL_ISSUER,
            "NETVAERK_AUDIENCE": identity.AUDIENCE,
            "NETVAERK_CLOCK_FILE": str(self.folder / clock.CLOCK_FILE),
            "NETVAERK_SMTP": self.smtp,
        }

    def program(self, service: str, port: int) -> Program:
        """Give the command that runs a service."""
        command = (sys.executable, "-m", f"services.{service}")
        return Program(service, command, {**os.environ, **self.environment(port)}, PROJECT)


def ports(services: Sequence[str]) -> dict[str, int]:
    """Give each service its usual port, or a free one where that is taken."""
    return {name: PORTS[name] if is_free(PORTS[name]) else free_port() for name in services}


def url(port: int) -> str:
    """Give the address of the service on this port."""
    return f"http://{LOOPBACK}:{port}"


async def is_ready(address: str) -> bool:
    """Say whether the service at this address takes requests."""
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
            answer = await client.get(f"{address}/health/ready")
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
