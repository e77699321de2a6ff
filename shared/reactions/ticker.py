"""The ticker: sends the commands of deadlines whose moment has come (D10).

A deadline is a field of a view's row, which facts set, move and cancel. The command's id is made
of the row and the moment, so that each fires once, whoever else is ticking and whatever restarts.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database
from shared.kernel.reactions import Deadline
from shared.kernel.refusals import NotYet
from shared.kernel.services import Service
from shared.observability.metrics import DEADLINES
from shared.projections.rows import Rows
from shared.reactions.sending import Sender

_BATCH = 200
_FIRED_AT_MOST = 10_000


class Ticker:
    """Looks at the business clock a few times a second."""

    def __init__(
        self,
        service: Service,
        database: Database,
        dispatcher: Dispatcher,
        rows: Rows,
        now: Callable[[], datetime],
        *,
        pause_s: float = 0.2,
    ) -> None:
        self._service = service
        self._rows = rows
        self._now = now
        self._pause_s = pause_s
        self._sender = Sender(database, dispatcher)
        self._fired: dict[str, None] = {}
        """What was fired already, while its row does not show it; only to save work."""

    async def run(self) -> None:
        """Tick for ever."""
        while True:
            for deadline in self._service.deadlines:
                try:
                    await self._tick(deadline)
                except NotYet:  # MongoDB is away; what is due stays due
                    break
            await asyncio.sleep(self._pause_s)

    async def _tick(self, deadline: Deadline[Any]) -> None:
        name = deadline.row.__name__
        for key, row in await self._rows.due(deadline.row, deadline.due, self._now(), _BATCH):
            due: datetime = getattr(row, deadline.due)
            command_id = f"{name}/{key}/{due.isoformat()}"
            if command_id in self._fired:
                continue
            send = deadline.send(row, due)
            outcome = await self._sender.send(
                send, name=f"deadline.{name}", command_id=command_id, cause=key
            )
            DEADLINES.labels(self._service.name, type(send.command).__name__, outcome).inc()
            if outcome != "nothing":  # it was moved, or its moment is a breath away
                self._fired[command_id] = None
            if len(self._fired) > _FIRED_AT_MOST:
                self._fired.pop(next(iter(self._fired)))
