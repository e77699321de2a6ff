"""Finding, sending and marking at the same time, each in order."""

import asyncio
import functools
import time
from collections.abc import Callable, Sequence
from typing import Any

from shared.eventstore.database import patiently
from shared.eventstore.outbox import Outbox, Page, Parcel
from shared.eventstore.producer import Producer
from shared.eventstore.together import all_of

_Sent = tuple[Sequence[Parcel], Sequence[asyncio.Future[Any]]]

_PAGES_UNDERWAY = 4
_HANDED_AT_ONCE = 100
"""Parcels between two looks at whether we may still tell."""


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
        """Found, and not yet marked."""
        self._progressed_at = time.monotonic()
        self._runs = False
        self._emptied = False

    @property
    def stuck_s(self) -> float:
        """How long nothing has been marked although there is something to tell."""
        return time.monotonic() - self._progressed_at if self._runs else 0.0

    def wake(self) -> None:
        """There may be something to tell."""
        self._news.set()

    async def run(self, may_go_on: Callable[[], bool], *, until_empty: bool = False) -> bool:
        """Tell while it may; return when all that was sent is marked. Raises TellingFailed.

        Once it may not go on it must not again: what a page cut short had left would be skipped.
        With `until_empty` it ends when there is nothing left, and True is given back then alone.
        """
        self._emptied = False
        self._underway.clear()  # What an earlier run found and did not send is found again.
        sent: asyncio.Queue[_Sent | None] = asyncio.Queue(_PAGES_UNDERWAY)
        self._progressed_at = time.monotonic()
        self._runs = True
        try:
            await all_of(self._mark(sent), self._send(sent, may_go_on, until_empty=until_empty))
        finally:
            self._runs = False
        return self._emptied

    async def _send(
        self,
        sent: asyncio.Queue[_Sent | None],
        may_go_on: Callable[[], bool],
        *,
        until_empty: bool,
    ) -> None:
        ahead: asyncio.Task[Page] | None = None
        try:
            while may_go_on():
                page = await (ahead or self._find(""))
                looked_ahead, ahead = ahead is not None, None
                if page.parcels:
                    self.idle.clear()
                    self._underway.update(parcel.id for parcel in page.parcels)
                    if page.up_to:  # The next page is found while this one is sent.
                        ahead = asyncio.create_task(self._find(page.up_to))
                    await self._send_parcels(sent, page.parcels, may_go_on)
                elif looked_ahead:
                    continue  # Something may have come before the place that was looked from.
                elif until_empty:
                    self._emptied = True
                    break
                else:
                    if not self._underway:
                        self._progressed_at = time.monotonic()
                    self.idle.set()
                    await self._wait_for_news()
        finally:
            if ahead is not None:
                ahead.cancel()
        await sent.put(None)

    async def _find(self, after: str) -> Page:
        self._news.clear()
        # A copy: what is marked while the page is read was still untold when that began.
        skip = frozenset(each for each in self._underway if each > after)
        return await patiently(functools.partial(self._outbox.untold, after, skip))

    async def _send_parcels(
        self,
        sent: asyncio.Queue[_Sent | None],
        parcels: Sequence[Parcel],
        may_go_on: Callable[[], bool],
    ) -> None:
        handed: list[Parcel] = []
        receipts: list[asyncio.Future[Any]] = []
        while len(handed) < len(parcels) and may_go_on():
            some = parcels[len(handed) : len(handed) + _HANDED_AT_ONCE]
            receipts += await self._producer.send(m for each in some for m in each.messages)
            handed += some
        if handed:
            await sent.put((handed, receipts))

    async def _mark(self, sent: asyncio.Queue[_Sent | None]) -> None:
        while (page := await sent.get()) is not None:
            parcels, receipts = page
            await self._producer.acknowledged(receipts)
            ids = [parcel.id for parcel in parcels]
            await patiently(functools.partial(self._outbox.mark, ids))
            self._underway.difference_update(ids)
            self._progressed_at = time.monotonic()
            self._told(sum(len(parcel.messages) for parcel in parcels))

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(self._poll_s):
                await self._news.wait()
        except TimeoutError:
            return
