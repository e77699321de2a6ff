"""A deadline fires once, at its instant by the business clock, unless it was moved or cancelled."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.local.servers import Servers
from shared.eventstore.database import prepare
from shared.eventstore.store import EventStore
from shared.projections.rows import Rows
from shared.reactions.refused import RefusedReactions
from shared.reactions.ticker import Ticker
from tests.integration.cards import SERVICE, dispatcher
from tests.integration.reading_world import World, eventually, running, world
from tests.unit.projections.things import AT, CARD, CODEC, DAY, CardAwaited, stream

SOON = AT + timedelta(days=3)
LATER = AT + timedelta(days=30)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


@pytest.fixture
async def here(servers: Servers, prefix: str) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        await prepare(made.database)
        yield made


def ticker(here: World, clock: Clock) -> Ticker:
    rows = Rows("testing", here.database, SERVICE.views, CODEC)
    dispatch = dispatcher(EventStore(here.database, CODEC), rows, clock.now)
    return Ticker(SERVICE, here.database, dispatch, rows, clock.now, pause_s=0.02)


def awaited(card: str, *instants: datetime | None) -> list[Any]:
    return stream(card, *(CardAwaited(on=DAY, due_at=each) for each in instants), kind=CARD)


async def project(here: World, *facts: Any) -> None:
    """Have the view show these facts."""
    last = facts[-1]
    async with running(here.projector(views=SERVICE.views)):
        await here.tell(facts)

        async def there() -> Any:
            return await here.database["progress"].find_one(
                {"_id": last.stream, "version": last.version}
            )

        await eventually(there)


async def read(here: World) -> list[str]:
    """The cards that were read, once for each time."""
    found = here.database["commits"].find({"events.type": "CardRead"})
    return sorted([each["stream"] async for each in found])


async def read_are(here: World, *cards: str) -> bool:
    return await read(here) == [f"card-{card}" for card in cards]


async def ticks(times: int = 10) -> None:
    await asyncio.sleep(0.02 * times)


async def test_a_deadline_fires_when_its_instant_has_come_and_only_once(here: World) -> None:
    clock = Clock()
    await project(here, *awaited("a", SOON))
    async with running(ticker(here, clock)):
        await ticks()
        assert await read_are(here)
        clock.at = SOON
        await eventually(lambda: read_are(here, "a"))
        clock.at = LATER
        await ticks()
    async with running(ticker(here, clock), ticker(here, clock)):
        await ticks()

    assert await read_are(here, "a")
    commit = await here.database["commits"].find_one({"stream": "card-a"})
    assert commit is not None
    assert commit["envelope"]["actor"] == "system:deadline.Awaited"
    assert commit["command_id"] == f"deadline/Awaited/due_at/a/{SOON.isoformat()}"


async def test_two_tickers_fire_once(here: World) -> None:
    clock = Clock()
    await project(here, *(fact for n in range(9) for fact in awaited(f"c{n}", SOON)))
    async with running(ticker(here, clock), ticker(here, clock)):
        clock.at = SOON
        await eventually(lambda: read_are(here, *(f"c{n}" for n in range(9))))
        await ticks()

    assert await read_are(here, *(f"c{n}" for n in range(9)))


async def test_a_deadline_that_was_moved_or_cancelled_does_not_fire(here: World) -> None:
    clock = Clock()
    await project(here, *awaited("moved", SOON, LATER), *awaited("cancelled", SOON, None))
    async with running(ticker(here, clock)):
        clock.at = SOON
        await ticks()
        assert await read_are(here)
        clock.at = LATER
        await eventually(lambda: read_are(here, "moved"))


def refusals(here: World) -> RefusedReactions:
    rows = here.rows(SERVICE.views)
    dispatch = dispatcher(EventStore(here.database, CODEC), rows)
    return RefusedReactions(SERVICE, here.database, CODEC, dispatch, rows)


async def test_a_deadline_that_is_refused_is_written_down_and_not_sent_again(here: World) -> None:
    clock = Clock()
    clock.at = LATER
    await project(here, *awaited("closed", SOON), *awaited("open", SOON))

    async def refused() -> list[Any]:
        return await here.database["refused_reactions"].find({}).to_list(None)

    async with running(ticker(here, clock)):
        await eventually(refused)
        await eventually(lambda: read_are(here, "open"))
    (before,) = await refused()
    async with running(ticker(here, clock)):
        await ticks()

    assert await refused() == [before]
    async with running(ticker(here, clock)):  # an operator has had it tried again
        await refusals(here).retry(before["_id"])
        await eventually(refused)
    (again,) = await refused()
    assert (again["_id"], again["code"]) == (before["_id"], before["code"])
    assert again["at"] > before["at"]
    assert (before["code"], before["command"], before["position"]) == (
        "not_readable",
        "ReadCard",
        "card-closed@1",
    )
