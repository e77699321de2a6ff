"""Commits that are made at the same time travel together, and each gets its own answer (D5).

While one batch is on its way to MongoDB the next one gathers, so a busy process pays for the
journal once per batch instead of once per command.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument
from pymongo.errors import DocumentTooLarge, PyMongoError

from shared.eventstore.database import UNREACHABLE, Collection
from shared.kernel.refusals import Malformed, NotYet

_log = structlog.get_logger(__name__)

DUPLICATE = 11000
_ITS_OWN = frozenset({2, 15, 22, 10334, 17280})
"""BadValue, Overflow (too deep), InvalidBSON, BSONObjectTooLarge, KeyTooLong: its own fault."""
_MAX_BATCH = 200
_MAX_BATCH_BYTES = 8_000_000


class Taken(Exception):
    """Another commit has this place in the stream, or this command id."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A document that wants to be stored, and the one who waits for it."""

    document: bytes
    answer: asyncio.Future[None]
    until: float


class GroupCommit:
    """Stores encoded documents, one batch at a time; `batched` hears how many each one carries."""

    def __init__(
        self,
        commits: Collection,
        *,
        timeout_s: float = 5.0,
        batched: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._commits = commits
        self._timeout_s = timeout_s
        self._batched = batched
        self._gathering: list[_Waiting] = []
        self._waiting: deque[_Waiting] = deque()
        """All that have no answer yet, in the order of their ends, and a few that have."""
        self._ends: asyncio.TimerHandle | None = None
        self._storing: asyncio.Task[None] | None = None

    async def add(self, document: bytes) -> None:
        """Store a document with others; returns when it is on disk at a majority.

        Raises Taken, Malformed (`not_storable`), or NotYet (`store_unreachable`), after which the
        document may be stored or not; adding it again is safe.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(document, loop.create_future(), loop.time() + self._timeout_s)
        self._gathering.append(waiting)
        self._waiting.append(waiting)
        while self._waiting[0].answer.done():
            self._waiting.popleft()
        if self._ends is None:
            self._ends = loop.call_at(waiting.until, self._end_waits)
        if self._storing is None or self._storing.done():
            # A task of its own: no caller's cancellation reaches the batch.
            self._storing = asyncio.create_task(self._store_gathered())
        await asyncio.shield(waiting.answer)

    async def close(self) -> None:
        """Wait until what was begun is stored, or given up."""
        if self._storing is not None:
            await asyncio.wait({self._storing})

    def _end_waits(self) -> None:
        """Tell those who have waited long enough; one timer for all costs a command nothing."""
        loop = asyncio.get_running_loop()
        self._ends = None
        while self._waiting:
            first = self._waiting[0]
            if not first.answer.done():
                if first.until > loop.time():
                    self._ends = loop.call_at(first.until, self._end_waits)
                    return
                if first in self._gathering:
                    self._gathering.remove(first)
                _tell(first, NotYet("store_unreachable"))
            self._waiting.popleft()

    async def _store_gathered(self) -> None:
        while self._gathering:
            batch = self._next_batch()
            self._batched(len(batch))
            try:
                await self._store_until_answered(batch)
            except Exception as problem:  # noqa: BLE001 - each waiter is told, whatever it is
                for each in batch:
                    _tell(each, problem)

    def _next_batch(self) -> list[_Waiting]:
        size = taken = 0
        for each in self._gathering[:_MAX_BATCH]:
            size += len(each.document)
            if taken and size > _MAX_BATCH_BYTES:
                break
            taken += 1
        batch, self._gathering = self._gathering[:taken], self._gathering[taken:]
        return batch

    async def _store_until_answered(self, batch: Sequence[_Waiting]) -> None:
        """Repeat the insert until MongoDB has answered, or everybody has stopped waiting.

        A repeat that finds its own first attempt looks Taken; the store knows its own commits.
        """
        until = time.monotonic() + 2 * self._timeout_s
        wait_s = 0.05
        while batch := [each for each in batch if not each.answer.done()]:
            try:
                await self._store(batch)
            except UNREACHABLE:
                if time.monotonic() > until:
                    raise NotYet("store_unreachable") from None
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, 1.0)

    async def _store(self, batch: Sequence[_Waiting]) -> None:
        """Insert them with one plain command: the driver's bulk writes cost several times as much.

        They would also repeat what got no answer, which is done here for each commit by its name.
        """
        try:
            result = await self._commits.database.command(
                "insert",
                self._commits.name,
                documents=[RawBSONDocument(each.document) for each in batch],
                ordered=False,
                writeConcern=self._commits.write_concern.document,
            )
        except UNREACHABLE:
            raise
        except PyMongoError as problem:
            # The server would not read the batch: find out which of them it is.
            if len(batch) == 1:
                _tell(batch[0], why_not(getattr(problem, "code", None), problem))
                return
            for each in batch:
                await self._store([each])
        else:
            if "writeConcernError" in result:
                await asyncio.sleep(0.05)  # Inserted, but not yet on a majority: ask again.
                return
            _tell_each(batch, result.get("writeErrors", ()))


def why_not(code: int | None, problem: Exception | None = None) -> Exception:
    """Whose fault it is that a document was not stored: its own, or the server's trouble."""
    if code in _ITS_OWN or isinstance(problem, DocumentTooLarge | InvalidBSON):
        return Malformed("not_storable")
    _log.error("store_in_trouble", code=code, exc_info=problem)
    return NotYet("store_unreachable")


def _tell_each(batch: Sequence[_Waiting], errors: Sequence[dict[str, Any]]) -> None:
    failed = {error["index"]: error for error in errors}
    for index, each in enumerate(batch):
        error = failed.get(index)
        if error is None:
            _tell(each)
        elif error["code"] == DUPLICATE:
            _tell(each, Taken())
        else:
            _tell(each, why_not(error["code"]))


def _tell(waiting: _Waiting, problem: Exception | None = None) -> None:
    if waiting.answer.done():
        return
    if problem is None:
        waiting.answer.set_result(None)
    else:
        waiting.answer.set_exception(problem)
