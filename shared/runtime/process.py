"""A process of a service: its API, its worker, or both in one.

It starts when MongoDB or Kafka is away, and waits for them. On anything unexpected it leaves with
exit code 70, and whoever supervises it starts it again; what it had begun is found in the stores.
"""

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import structlog
import uvicorn
import uvloop

from shared.dispatch.answers import Answer
from shared.eventstore.database import disconnect
from shared.eventstore.lease import Lease
from shared.eventstore.notes import Notes
from shared.eventstore.together import any_of
from shared.http.app import create_app
from shared.http.notes import notes_router
from shared.kernel.commands import Command
from shared.kernel.refusals import NotYet
from shared.kernel.services import Service
from shared.observability.logs import configure
from shared.runtime.assembly import Assembly, assemble
from shared.runtime.health import health
from shared.runtime.heartbeat import Heartbeat, end_at_once
from shared.runtime.parts import Parts
from shared.runtime.settings import Settings

Mode = Literal["api", "worker", "both"]
Loop = Callable[[], Awaitable[object]]

SOFTWARE_FAILED = 70
STOP_WITHIN_S = 12.0
STUCK_S = 10.0
STUCK_ANYWAY_S = 120.0
"""After which a worker leaves even where something seems not to answer: it may be its own fault."""
KEEP_ALIVE_S = 75
"""An idle connection's time: more than clients (5 s) and proxies (60 s) give it, so that they hang
up and not the server, which would meet a request that is on its way."""
_COLLECT_AFTER = 10_000
"""New objects between two collections: a batch's worth, where Python's own 700 is a command's."""

log = structlog.get_logger()


def main(service: Service) -> None:
    """Run as the command line says: `api`, `worker`, or both; ends the process."""
    mode = _mode(sys.argv[1:])
    settings = Settings.from_environment(service.name, os.environ)
    configure(service.name)
    assembly = assemble(service, settings)
    # What is here by now stays for good: no collection need look through it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    code = uvloop.run(run(assembly, mode))
    sys.stdout.flush()
    # A thread that still waits for a server must not hold up the end.
    os._exit(code)


def _mode(arguments: list[str]) -> Mode:
    match arguments:
        case []:
            return "both"
        case ["api"]:
            return "api"
        case ["worker"]:
            return "worker"
        case _:
            raise SystemExit("one of `api` and `worker` may be named, or neither for both")


async def run(assembly: Assembly, mode: Mode) -> int:
    """Run until told to stop by a signal, or until a part fails; gives the exit code."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)

    server = _server(assembly, mode)
    work: dict[str, Loop] = {
        "http": server.serve,
        "store": partial(_prepare, assembly),
        "heartbeat": Heartbeat(partial(end_at_once, SOFTWARE_FAILED)).beat,
    }
    if mode != "api":
        work |= _loops(assembly)
    log.info("service_started", mode=mode, port=assembly.settings.port)
    tasks = [asyncio.create_task(_run(loop), name=name) for name, loop in work.items()]
    told = asyncio.create_task(stopping.wait(), name="told")
    await asyncio.wait([*tasks, told], return_when=asyncio.FIRST_COMPLETED)

    failed = [task for task in tasks if task.done()] if not stopping.is_set() else []
    for task in failed:
        log.error("part_failed", part=task.get_name(), exc_info=task.exception())
    await _stop(assembly, server, tasks)
    log.info("service_stopped", failed=bool(failed))
    return SOFTWARE_FAILED if failed else 0


async def _run(loop: Loop) -> None:
    await loop()


async def _prepare(assembly: Assembly) -> None:
    await assembly.prepare()
    await asyncio.Event().wait()  # a part that ends has failed, and this one has not


class _Gate:
    """Lets commands in once the store is prepared, so that each happens once from the first."""

    def __init__(self, assembly: Assembly) -> None:
        self._prepared = assembly.prepared
        self._dispatcher = assembly.dispatcher

    def send(self, command: Command[Any, Any], key: str, **sent: Any) -> Awaitable[Answer]:
        """Send; raises NotYet (`store_unreachable`)."""
        if not self._prepared.is_set():
            raise NotYet("store_unreachable")
        return self._dispatcher.send(command, key, **sent)


def _server(assembly: Assembly, mode: Mode) -> "_Server":
    # A worker answers for its health and metrics, and nothing else.
    service = assembly.service
    shown = service if mode != "worker" else replace(service, commands=(), queries=None)
    app = create_app(
        shown,
        dispatcher=_Gate(assembly),
        rows=assembly.rows,
        keys=assembly.keys,
        clock=assembly.clock,
        health=lambda: health(assembly),
        routers=()
        if mode == "worker"
        else (notes_router(service.notes_for, Notes(assembly.database)),),
    )
    app.state.directory = assembly.directory
    app.state.units = assembly.units
    return _Server(
        uvicorn.Config(
            app,
            host=assembly.settings.host,
            port=assembly.settings.port,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            limit_concurrency=1000,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=8,
        )
    )


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process, which has more than a server to stop."""
        yield


def _loops(assembly: Assembly) -> dict[str, Loop]:
    parts = Parts(
        assembly.dispatcher, assembly.rows, assembly.clock, assembly.settings, assembly.database
    )

    async def prepared(loop: Loop) -> None:
        await assembly.prepared.wait()
        await loop()

    loops: dict[str, Loop] = {
        "relay": assembly.relay.run,
        "projector": assembly.projector.run,
        "reactor": assembly.reactor.run,
        "ticker": assembly.ticker.run,
        **{
            name: partial(_alone, assembly, name, partial(loop, parts))
            for name, loop in (assembly.service.workers or {}).items()
        },
    }
    return {
        **{name: partial(prepared, loop) for name, loop in loops.items()},
        "watchdog": partial(_watch, assembly),
    }


async def _alone(assembly: Assembly, name: str, loop: Loop) -> None:
    """Run a loop in one process of the service at a time, so that it acts once."""
    lease = Lease(assembly.database, name)
    await any_of(lease.keep(), _while_held(lease, loop))


async def _while_held(lease: Lease, loop: Loop) -> None:
    while True:
        while not lease.held:  # noqa: ASYNC110 - the lease is held by the clock, not by an event
            await asyncio.sleep(0.1)
        work = asyncio.ensure_future(loop())
        try:
            while lease.held and not work.done():
                await asyncio.wait({work}, timeout=0.1)
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
        if not work.cancelled():
            work.result()


async def _watch(assembly: Assembly) -> None:
    """Raise when there has been something to do for a while, everything answers, and it stands.

    The while begins again with the end of an outage.
    """
    answering_since: float | None = None
    while True:
        await asyncio.sleep(1.0)
        # A reactor that waits for a projector at work is not stuck.
        waits = 0.0 if assembly.projector.lag_events else assembly.reactor.stuck_s
        stuck_s = max(assembly.relay.stuck_s, assembly.projector.stuck_s, waits)
        if stuck_s > STUCK_ANYWAY_S:
            raise RuntimeError(f"no progress for {stuck_s:.0f} s, whatever the reason")
        if stuck_s < 1.0 or not await _all_answers(assembly):
            answering_since = None
            continue
        now = time.monotonic()
        answering_since = answering_since or now
        if min(stuck_s, now - answering_since) > STUCK_S:
            raise RuntimeError(f"no progress for {stuck_s:.0f} s")


async def _all_answers(assembly: Assembly) -> bool:
    parts = await health(assembly)
    return all(bool(parts[name]["ok"]) for name in ("mongodb", "kafka"))


async def _stop(assembly: Assembly, server: _Server, tasks: list[asyncio.Task[None]]) -> None:
    """Stop accepting, finish what is at hand, release the lease; then leave, within its time."""
    server.should_exit = True
    stops = [assembly.relay.stop(), assembly.projector.stop(), assembly.reactor.stop()]
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_WITHIN_S):
            await asyncio.gather(*stops, return_exceptions=True)
            for task in tasks:
                if task.get_name() != "http":
                    task.cancel()
            await asyncio.wait(tasks)
    await disconnect(assembly.client)
