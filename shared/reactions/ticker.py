"""The ticker: sends what is due, once for each row and instant (D10)."""

import asyncio
import math
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from shared.eventstore.database import Database, reached
from shared.kernel.reactions import Deadline
from shared.kernel.services import Service
from shared.observability.metrics import DEADLINES
from shared.projections.rows import Rows
from shared.reactions.sending import Cause, Dispatch, Sender

log = structlog.get_logger()

_AT_ONCE = 32
_AGAIN_S = 5.0
_REMEMBERED = 50_000


class Ticker:
    """All deadlines of one service, by the business clock `now`. Several may tick beside another.

    A deadline that is refused is written down, and not sent again until that note is gone.
    """

    def __init__(
        self,
        service: Service,
        database: Database,
        dispatch: Dispatch,
        rows: Rows,
        now: Callable[[], datetime],
        *,
        pause_s: float = 0.2,
        sender: Sender | None = None,
    ) -> None:
        self._service = service.name
        self._deadlines = service.deadlines
        self._rows = rows
        self._now = now
        self._pause_s = pause_s
        self._sender = sender or Sender(database, dispatch)
        self._stopping = asyncio.Event()
        self._done: dict[str, float] = {}
        """What was sent -> until when not again, by the monotonic clock; only to save work."""

    async def run(self) -> None:
        """Tick until `stop`."""
        for each in self._deadlines:
            await reached(partial(self._rows.make_due, each.row, each.due))
        while self._deadlines and not self._stopping.is_set():
            await self.tick()
            await self._pause()
        await self._stopping.wait()

    async def stop(self) -> None:
        """Finish what is being sent; `run` then leaves."""
        self._stopping.set()

    async def tick(self) -> None:
        """Send everything that is due and has not been sent."""
        for deadline in self._deadlines:
            asking = partial(self._rows.due, deadline.row, deadline.due, self._now())
            found = await reached(asking)
            turn = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(self._fire(deadline, key, due, turn) for key, due in found))

    async def _fire(
        self, deadline: Deadline[Any], key: str, due: datetime, turn: asyncio.Semaphore
    ) -> None:
        row = deadline.row.__name__
        command_id = f"deadline/{row}/{deadline.due}/{key}/{due.isoformat()}"
        if time.monotonic() < self._done.get(command_id, 0.0):
            return
        async with turn:
            if self._stopping.is_set():
                return
            outcome = "refused"
            if not await self._sender.was_refused(command_id):
                outcome = await self._send(deadline, command_id, key, due)
        # What had no effect yet may have one a little later, and an operator may take a note away.
        quiet_s = _AGAIN_S if outcome in ("nothing", "refused", "failed") else math.inf
        self._done[command_id] = time.monotonic() + quiet_s
        if len(self._done) > _REMEMBERED:
            # The oldest are sent once more, should they still be due: to no effect.
            del self._done[next(iter(self._done))]

    async def _send(self, deadline: Deadline[Any], command_id: str, key: str, due: datetime) -> str:
        found = await reached(lambda: self._rows.one(deadline.row, key))
        if found is None or getattr(found[0], deadline.due) != due:
            return "moved"  # or cancelled, in the meantime
        row, position = found
        by = f"deadline.{deadline.row.__name__}"
        cause = Cause(by, command_id, position=position, event_id=command_id)
        try:
            send = deadline.send(row, due)
        except Exception as problem:
            log.exception("deadline_failed", by=by, position=position)
            await self._sender.failed(cause, problem)
            DEADLINES.labels(self._service, by, "failed").inc()
            return "failed"
        outcome = await self._sender.send(send, cause)
        DEADLINES.labels(self._service, type(send.command).__name__, outcome).inc()
        return outcome

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._pause_s):
                await self._stopping.wait()
        except TimeoutError:
            return
