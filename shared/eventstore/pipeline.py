"""Finding, sending and marking at the same time, each in order."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from shared.eventstore.database import patiently
from shared.eventstore.outbox import Outbox, Page, Parcel
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
        """Found, and not yet seen to be marked."""
        self._marked: set[str] = set()

    def wake(self) -> None:
        """There may be something to tell."""
        self._news.set()

    async def run(self, may_go_on: Callable[[], bool], *, until_empty: bool = False) -> None:
        """Tell while it may; return when all that was sent is marked. Raises TellingFailed."""
        sent: asyncio.Queue[_Sent | None] = asyncio.Queue(_PAGES_UNDERWAY)
        await all_of(self._mark(sent), self._send(sent, may_go_on, until_empty=until_empty))

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
            marked = set(self._marked)
            page = await patiently(lambda after=after: self._outbox.untold(after, self._underway))  # type: ignore[misc]
            self._settle(marked, after, page)
            after = page.up_to or ""
            if page.parcels:
                self.idle.clear()
                await self._send_parcels(sent, page.parcels, may_go_on)
            elif until_empty:
                break
            else:
                self.idle.set()
                await self._wait_for_news()
        await sent.put(None)

    def _settle(self, marked: set[str], after: str, page: Page) -> None:
        """Forget what was marked before the page was read, and is seen no more.

        A snapshot shows a mark somewhat late; until then its parcel has to be skipped.
        """
        looked_at = {each for each in marked if after < each <= (page.up_to or each)}
        settled = looked_at.difference(page.seen)
        self._marked -= settled
        self._underway -= settled

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
        self._underway.update(parcel.id for parcel in handed)
        await sent.put((handed, receipts))

    async def _mark(self, sent: asyncio.Queue[_Sent | None]) -> None:
        while (page := await sent.get()) is not None:
            parcels, receipts = page
            await self._producer.acknowledged(receipts)
            ids = [parcel.id for parcel in parcels]
            await patiently(lambda ids=ids: self._outbox.mark(ids))  # type: ignore[misc]
            self._marked.update(ids)
            self._told(len(receipts))

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(self._poll_s):
                await self._news.wait()
        except TimeoutError:
            return
