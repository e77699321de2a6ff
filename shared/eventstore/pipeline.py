"""Finding, sending and marking at the same time, each in order."""

import asyncio
import functools
from collections.abc import Callable, Sequence
from typing import Any

from shared.eventstore.database import patiently
from shared.eventstore.outbox import Outbox, Parcel
from shared.eventstore.producer import Producer
from shared.eventstore.together import all_of

_Sent = tuple[Sequence[Parcel], Sequence[asyncio.Future[Any]]]

_PAGES_UNDERWAY = 4


class Pipeline:
    """Tells one outbox; a parcel is marked when the broker has all of it, and never before."""

    def __init__(
        self, outbox: Outbox, producer: Producer, *, told: Callable[[int], None], poll_s: float
    ) -> None:
        self._outbox = outbox
        self._producer = producer
        self._told = told
        self._poll_s = poll_s
        self._news = asyncio.Event()
        self.idle = asyncio.Event()
        """Set while there is nothing to tell."""
        self._underway: set[str] = set()
        self._emptied = False

    def wake(self) -> None:
        """There may be something to tell."""
        self._news.set()

    async def run(self, may_go_on: Callable[[], bool], *, until_empty: bool = False) -> bool:
        """Tell while it may; return when all that was sent is marked. Raises TellingFailed.

        With `until_empty` it ends when there is nothing left, and True is given back then alone.
        """
        self._emptied = False
        sent: asyncio.Queue[_Sent | None] = asyncio.Queue(_PAGES_UNDERWAY)
        await all_of(self._mark(sent), self._send(sent, may_go_on, until_empty=until_empty))
        return self._emptied

    async def _send(
        self,
        sent: asyncio.Queue[_Sent | None],
        may_go_on: Callable[[], bool],
        *,
        until_empty: bool,
    ) -> None:
        after = ""
        while may_go_on():
            self._news.clear()
            # A copy: what is marked while the page is read was still untold when that began.
            skip = frozenset(self._underway)
            page = await patiently(functools.partial(self._outbox.untold, after, skip))
            after = page.up_to or ""
            if page.parcels:
                self.idle.clear()
                await self._send_parcels(sent, page.parcels, may_go_on)
            elif until_empty:
                self._emptied = True
                break
            else:
                self.idle.set()
                await self._wait_for_news()
        await sent.put(None)

    async def _send_parcels(
        self,
        sent: asyncio.Queue[_Sent | None],
        parcels: Sequence[Parcel],
        may_go_on: Callable[[], bool],
    ) -> None:
        handed: list[Parcel] = []
        receipts: list[asyncio.Future[Any]] = []
        for parcel in parcels:
            if not may_go_on():
                break
            receipts += [await self._producer.send(message) for message in parcel.messages]
            handed.append(parcel)
        if handed:
            self._underway.update(parcel.id for parcel in handed)
            await sent.put((handed, receipts))

    async def _mark(self, sent: asyncio.Queue[_Sent | None]) -> None:
        while (page := await sent.get()) is not None:
            parcels, receipts = page
            await self._producer.acknowledged(receipts)
            ids = [parcel.id for parcel in parcels]
            await patiently(functools.partial(self._outbox.mark, ids))
            self._underway.difference_update(ids)
            self._told(len(receipts))

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(self._poll_s):
                await self._news.wait()
        except TimeoutError:
            return
