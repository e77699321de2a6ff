"""Finding, sending and marking: nothing is left out, and standing still is seen."""

import asyncio
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from shared.contracts.messages import Message
from shared.eventstore.outbox import Page, Parcel
from shared.eventstore.pipeline import Pipeline
from shared.eventstore.producer import Producer
from tests.integration.patience import until

PARCELS = [Parcel(f"s@{number:09}", (Message("t", b"s", b"", ()),)) for number in range(1, 1001)]
PAGE = 250


class Shelf:
    """An outbox in memory."""

    def __init__(self, parcels: Iterable[Parcel] = PARCELS) -> None:
        self.parcels = list(parcels)
        self.asked = 0

    async def untold(self, after: str, skip: Collection[str]) -> Page:
        self.asked += 1
        left = [each for each in self.parcels if each.id > after and each.id not in skip]
        return Page(left[:PAGE], left[PAGE - 1].id if len(left) >= PAGE else None)

    async def mark(self, ids: Sequence[str]) -> None:
        self.parcels = [each for each in self.parcels if each.id not in ids]


class Wire:
    """A producer whose broker takes what it is given, unless it is silent."""

    def __init__(self, *, silent: bool = False) -> None:
        self.sent = 0
        self.silent = silent

    async def send(self, messages: Iterable[Message]) -> list[asyncio.Future[Any]]:
        self.sent += len(list(messages))
        await asyncio.sleep(0)
        return []

    async def acknowledged(self, receipts: Sequence[asyncio.Future[Any]]) -> None:
        if self.silent:
            await asyncio.Event().wait()


def pipeline(shelf: Shelf, wire: Wire) -> Pipeline:
    return Pipeline(shelf, cast(Producer, wire), told=lambda _: None, poll_s=0.01)


async def test_all_is_told_and_marked() -> None:
    shelf, wire = Shelf(), Wire()
    assert await pipeline(shelf, wire).run(lambda: True, until_empty=True)
    assert (shelf.parcels, wire.sent) == ([], len(PARCELS))


async def test_what_a_page_cut_short_had_left_is_told_in_the_next_run() -> None:
    shelf, wire = Shelf(), Wire()
    line = pipeline(shelf, wire)
    assert not await line.run(lambda: wire.sent < 300, until_empty=True)
    assert [each.id for each in shelf.parcels] == [each.id for each in PARCELS[wire.sent :]]
    assert await line.run(lambda: True, until_empty=True)
    assert shelf.parcels == []


async def test_a_broker_that_acknowledges_nothing_is_seen() -> None:
    line = pipeline(Shelf(PARCELS[:3]), Wire(silent=True))
    running = asyncio.create_task(line.run(lambda: True))
    await until(lambda: stuck(line), 30)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert line.stuck_s == 0


async def test_a_line_with_nothing_to_tell_is_not_stuck() -> None:
    shelf = Shelf(())
    line = pipeline(shelf, Wire())
    running = asyncio.create_task(line.run(lambda: True))
    await until(lambda: asked(shelf, 1), 30)
    since = time.monotonic()
    await until(lambda: asked(shelf, 4), 30)
    assert line.stuck_s < time.monotonic() - since
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def stuck(line: Pipeline) -> bool:
    return line.stuck_s > 0.1


async def asked(shelf: Shelf, times: int) -> bool:
    return shelf.asked >= times
