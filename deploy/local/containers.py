"""MongoDB and Kafka in containers; they keep their data only while they run."""

import asyncio
import shlex
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.local import kafka, mongo
from deploy.local.jars import KAFKA_VERSION
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.processes import DidNotStart

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

MONGO_IMAGE = "mongo:8"
KAFKA_IMAGE = f"apache/kafka:{KAFKA_VERSION}"
_CLUSTER_ID = "bmV0dmFlcmstbG9jYWwtMQ"  # any 16 bytes in base64; the container keeps no data


@dataclass
class InContainer:
    """A server in a container: what is run, where it is reached, how to tell that it is ready."""

    image: str
    address: str
    port: int
    ready: Callable[[], Awaitable[bool]]
    command: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    _container: "DockerContainer | None" = None

    @property
    def published(self) -> dict[str, tuple[str, int]]:
        """The same port inside as outside, since a server tells its clients where to find it."""
        return {f"{self.port}/tcp": (LOOPBACK, self.port)}

    async def start(self, *, within_s: float = 120.0) -> None:
        """Start the container, fetching its image where needed, and wait for the server in it."""
        container = self._container = await asyncio.to_thread(_described, self)
        await asyncio.to_thread(container.start)
        deadline = time.monotonic() + within_s
        while not await self.ready():
            if time.monotonic() >= deadline:
                output, errors = await asyncio.to_thread(container.get_logs)
                lines = (output + errors).decode(errors="replace").splitlines()[-15:]
                raise DidNotStart(
                    f"{self.image} was not ready after {within_s:g} s. Its log ends:\n"
                    + "\n".join(lines)
                )
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """End and remove the container."""
        if self._container:
            await asyncio.to_thread(self._container.stop)


def _described(server: InContainer) -> "DockerContainer":
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415 (takes 0.7 s)

    container = DockerContainer(server.image, command=server.command, env=dict(server.env))
    # testcontainers' own method would publish the port to the whole network.
    container.ports = server.published  # type: ignore[assignment]
    return container


def mongo_in_container() -> InContainer:
    """Give MongoDB in a container, not yet started."""
    port = free_port()
    return InContainer(
        image=MONGO_IMAGE,
        address=mongo.uri(port),
        port=port,
        ready=lambda: mongo.takes_writes(port),
        command=shlex.join(["mongod", "--bind_ip_all", *mongo.options(port)]),
    )


def kafka_in_container() -> InContainer:
    """Give Kafka in a container, not yet started."""
    port = free_port()
    address = f"{LOOPBACK}:{port}"
    settings = kafka.settings(port, free_port(), bind="0.0.0.0")  # noqa: S104 (inside it)
    # The image's own way to spell a setting.
    spelled = {f"KAFKA_{key.replace('.', '_').upper()}": value for key, value in settings.items()}
    return InContainer(
        image=KAFKA_IMAGE,
        address=address,
        port=port,
        ready=lambda: kafka.answers(address),
        env={**spelled, "CLUSTER_ID": _CLUSTER_ID},
    )
