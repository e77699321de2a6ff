"""From the start of a service's process until it says that it is ready."""

import asyncio
import time

from deploy.local.ports import LOOPBACK, free_port
from deploy.local.processes import Child
from deploy.local.services import Setting
from tests.benchmarks.figures import Figure
from tests.benchmarks.rig import Rig
from tests.benchmarks.watched import resident_mb

WITHIN_S = 60.0
_READY = b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def figures(rig: Rig) -> list[Figure]:
    """Start themes, API and worker in one, on a database that is new and then on the same."""
    new: list[float] = []
    again: list[float] = []
    resident: list[float] = []
    for turn in range(rig.repeats + 1):
        async with rig.place() as place:
            setting = Setting(place.folder, place.servers, place.smtp, place.prefix)
            for took in (new, again):
                took_s, mb = await _start(rig, setting)
                if turn:  # the first turn compiles what is imported
                    took.append(took_s)
                    resident.append(mb)
    return [
        Figure("start of a service until ready", "s", again, aim=2, better="less"),
        Figure("start of a service until ready, first time", "s", new, aim=2, better="less"),
        Figure("its memory when ready", "MB", resident, better="less"),
    ]


async def _start(rig: Rig, setting: Setting) -> tuple[float, float]:
    port = free_port()
    program = setting.program("themes", port)
    began = time.monotonic()
    log = rig.folder / "logs" / "startup.log"
    child = Child("themes", program.command, log=log, env=program.env, cwd=program.cwd)
    try:
        await child.until(lambda: _is_ready(port), within_s=WITHIN_S, every_s=0.005)
        return time.monotonic() - began, resident_mb(child.pid)
    finally:
        await child.stop(within_s=15)


async def _is_ready(port: int) -> bool:
    """Ask with as little as possible: what asks takes time from what starts."""
    try:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    try:
        writer.write(_READY)
        return (await reader.read(12)).endswith(b"200")
    except OSError:
        return False
    finally:
        writer.close()
