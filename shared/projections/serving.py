"""Which collection to read a view from: asked now and then, and never gone by for long.

What serves changes seldom, so queries do not ask for it each time. What has served before is kept
up to date until every reader has heard (see `generations`): each goes by what it knows for a
second at most. What took longer, as when the process was stopped, is read again if something else
serves by then; names of collections are never used again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from shared.eventstore.database import Collection
from shared.projections.generations import BELIEVED_S, Generation, Generations
from shared.projections.tables import Tables, rows_of

T = TypeVar("T")

_ASK_AFTER_S = BELIEVED_S / 2


class ServingRows:
    """The way to the rows of views, for one process."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._generations = Generations(tables)
        self._known: Mapping[str, str] = {}
        self._asked_at = 0.0
        self._looking: asyncio.Task[None] | None = None

    async def ask(self, view: str, question: Callable[[Collection], Awaitable[T]]) -> T:
        """Put a question to the collection that serves."""
        if time.monotonic() - self._asked_at > _ASK_AFTER_S:
            await self._look()
        while True:
            rows = self._serves(view)
            answer = await question(self._tables.asking(rows))
            answered_at = time.monotonic()
            while answered_at - self._asked_at >= BELIEVED_S:
                await self._look()
            if self._serves(view) == rows:
                return answer

    async def folded(self, view: str) -> tuple[str, ...]:
        """All collections that the view is folded in."""
        current = await self._generations.read() or Generation()
        return current.folds.get(view) or (rows_of(view),)

    def _serves(self, view: str) -> str:
        return self._known.get(view) or rows_of(view)

    async def _look(self) -> None:
        """Ask what serves, once for all that want to know just now."""
        # One that has ended is no longer waited for: whoever awaits it gives nobody else a turn.
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._hear())
            self._looking.add_done_callback(_taken)
        await asyncio.shield(self._looking)

    async def _hear(self) -> None:
        asked_at = time.monotonic()
        current = await self._generations.read() or Generation()
        self._known = {name: each.serves for name, each in current.views.items()}
        self._asked_at = asked_at


def _taken(looking: asyncio.Task[None]) -> None:
    """Take an exception here too, since all who asked may have gone."""
    if not looking.cancelled():
        looking.exception()
