"""Which collection to read a view from: asked now and then, and never gone by for long.

What serves changes seldom, so queries do not ask for it each time. What has served before is kept
up to date until every reader has heard (see `generations`): each goes by what it knows for a
second at most, and reads again what took longer, as when the process was stopped.
"""

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

    async def ask(self, view: str, question: Callable[[Collection], Awaitable[T]]) -> T:
        """Put a question to the collection that serves."""
        while True:
            if time.monotonic() - self._asked_at > _ASK_AFTER_S:
                await self._look()
            asked_at = self._asked_at
            rows = self._known.get(view) or rows_of(view)
            answer = await question(self._tables.asking(rows))
            if time.monotonic() - asked_at < BELIEVED_S:
                return answer

    async def folded(self, view: str) -> tuple[str, ...]:
        """All collections that the view is folded in."""
        current = await self._generations.read() or Generation()
        return current.folds.get(view) or (rows_of(view),)

    async def _look(self) -> None:
        asked_at = time.monotonic()
        current = await self._generations.read() or Generation()
        self._known = {name: each.serves for name, each in current.views.items()}
        self._asked_at = asked_at
