"""What an operator does after the run: refill what was spoilt, let parked streams go on, verify."""

import asyncio
import os
import sys
from dataclasses import dataclass

from deploy.local.processes import Child
from deploy.local.services import PROJECT
from deploy.services import SERVICES
from shared.contracts.registry import CODEC
from shared.eventstore.database import connect, database_of
from shared.projections.parking import Parking
from tests.faults.quiet import until_quiet
from tests.faults.system import System
from tests.faults.topics import told_again

_MOST_SKIPS = 20
_VERIFIED_S = 240.0


@dataclass(frozen=True)
class Verified:
    """What `netvaerk verify` said, and its exit code."""

    code: int
    said: str


async def mend(system: System, *spoilt: str) -> int:
    """Tell the topics of services anew, and let every parked stream go on; gives how many stood.

    A stream is tried again first, and only what still stops it is skipped.
    """
    await told_again(system, *spoilt)
    await until_quiet(system)
    mended = 0
    client = connect(system.mongo.uri)
    try:
        for service in SERVICES:
            database = database_of(client, service.name, system.prefix)
            parking = Parking.of(database, service.views, CODEC)
            for each in await parking.list_parked():
                left = await parking.retry(each.stream)
                for _ in range(_MOST_SKIPS):
                    if left is None:
                        break
                    left = await parking.skip(each.stream, reason="planted", by="rig")
                assert left is None, f"{service.name}: {each.stream} still stands: {left}"
                mended += 1
    finally:
        client.close()
    return mended


async def verify(system: System) -> Verified:
    """Run `netvaerk verify` as an operator would."""
    env = {
        **os.environ,
        "NETVAERK_MONGO_URI": system.mongo.uri,
        "NETVAERK_KAFKA_BOOTSTRAP": system.kafka.bootstrap,
        "NETVAERK_PREFIX": system.prefix,
    }
    log = system.folder / "logs" / "verify.log"
    log.unlink(missing_ok=True)
    child = Child(
        "verify", [sys.executable, "-m", "deploy.cli", "verify"], log=log, env=env, cwd=PROJECT
    )
    try:
        code = await asyncio.wait_for(child.exited(), _VERIFIED_S)
    finally:
        await child.kill()
    return Verified(code, log.read_text())
