"""Reading the views: rows, pages, waiting until something is seen, and how fresh it all is."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.servers import Servers
from shared.kernel.positions import Position
from shared.kernel.refusals import Malformed, NotYet, Refused
from shared.projections.rows import Rows
from shared.projections.serving import ServingRows
from shared.projections.tables import Tables
from tests.integration.patience import SOON_S
from tests.integration.reading_world import World, eventually, running, world
from tests.unit.projections.things import (
    POISON,
    VIEWS,
    ColourRow,
    ThingRow,
    counted,
    made,
    stream,
)

WORDS = ["æble", "zebra", "Østers", "abe", "ål", "Bæver"]
DANISH = ["abe", "Bæver", "zebra", "æble", "Østers", "ål"]


@pytest.fixture
async def here(servers: Servers, prefix: str) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        yield made


async def projected(here: World, *facts: Any) -> Rows:
    """Have the views show these facts."""
    rows = here.rows()
    async with running(here.projector()):
        await here.tell(facts)
        for fact in facts:
            await rows.wait_for(Position(fact.stream, fact.version), SOON_S)
    return rows


async def with_words(here: World) -> Rows:
    things = [stream(f"w{n}", made(word, "red")) for n, word in enumerate(WORDS)]
    counted_once = [stream(f"c{n}", made(f"n{n % 3}", "blue"), counted(n)) for n in range(7)]
    return await projected(here, *(fact for each in (*things, *counted_once) for fact in each))


async def all_pages(rows: Rows, sort: str | None, limit: int, **filters: Any) -> list[ThingRow]:
    found: list[ThingRow] = []
    cursor = None
    while True:
        page = await rows.page(ThingRow, filters, sort, cursor, limit)
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) == limit
        cursor = page.next


async def test_rows_are_looked_up_with_their_positions(here: World) -> None:
    rows = await projected(here, *stream("spade", made("spade", "red"), counted(2)))
    asks = [ThingRow.at("spade"), ThingRow.at("rake"), ColourRow.at("red")]

    found, positions = await rows.look_up(asks)

    assert list(found) == asks
    assert found[asks[1]] is None
    assert found[asks[2]] == ColourRow(colour="red", things=frozenset({"spade"}))
    assert positions == {asks[0]: "thing-spade@2", asks[2]: "thing-spade@1"}


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize("sort", [None, "name", "-name", "amount", "-amount", "-changed_at"])
async def test_pages_give_every_row_once_and_in_order(
    limit: int, sort: str | None, words: Rows
) -> None:
    found = await all_pages(words, sort, limit)

    whole = (await words.page(ThingRow, {}, sort, None, 100)).items
    assert found == list(whole)
    assert len(found) == 13
    if sort in ("amount", "-amount"):
        amounts = [row.amount for row in found]
        assert amounts == sorted(amounts, reverse=sort.startswith("-"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def words(servers: Servers, prefix: str) -> AsyncIterator[Rows]:
    async with world(servers, prefix) as made:
        yield await with_words(made)


async def test_words_are_in_danish_order(words: Rows) -> None:
    found = await all_pages(words, "name", 2, colour="red")
    assert [row.name for row in found] == DANISH


async def test_filters_take_one_value_or_any_of_several(words: Rows) -> None:
    one = await words.page(ThingRow, {"name": "n1", "colour": "blue"}, None, None, 50)
    several = await words.page(ThingRow, {"name": ["n1", "n2"]}, "name", None, 50)
    things = await words.page(ColourRow, {"things": "abe"}, None, None, 50)

    assert {row.name for row in one.items} == {"n1"}
    assert [row.name for row in several.items] == ["n1", "n1", "n2", "n2"]
    assert [row.colour for row in things.items] == ["red"]


async def test_a_filter_is_never_an_operator(words: Rows) -> None:
    assert (await words.page(ThingRow, {"name": {"$ne": ""}}, None, None, 50)).items == ()


@pytest.mark.parametrize("sort", ["nothing", "-", "_id", "things", "$where"])
async def test_an_order_by_anything_else_is_malformed(words: Rows, sort: str) -> None:
    with pytest.raises(Malformed, match="sort_unknown"):
        await words.page(ColourRow, {}, sort, None, 5)


async def test_a_cursor_fits_its_own_list_alone(words: Rows) -> None:
    cursor = (await words.page(ThingRow, {"colour": "red"}, "name", None, 2)).next
    assert cursor is not None
    for filters, sort in (({}, "name"), ({"colour": "red"}, "-name"), ({"colour": "red"}, None)):
        with pytest.raises(Malformed, match="cursor_malformed"):
            await words.page(ThingRow, filters, sort, cursor, 2)


@pytest.mark.parametrize("cursor", ["", "x", "ø", "bnVsbA", "W10", "Wztd", "W1sxXSx7fV0", "e30="])
async def test_any_other_text_is_no_cursor(words: Rows, cursor: str) -> None:
    with pytest.raises(Malformed, match="cursor_malformed"):
        await words.page(ThingRow, {}, None, cursor, 2)


async def test_a_reader_sees_what_it_waits_for(here: World) -> None:
    rows = here.rows()
    facts = stream("spade", made(), *[counted(1)] * 20)
    async with running(here.projector()):
        for fact in facts:
            waiting = asyncio.create_task(rows.wait_for(Position("thing-spade", fact.version), 10))
            await here.tell([fact])
            await waiting
            row, _ = await rows.one(ThingRow, "spade") or pytest.fail("no row")
            assert row.amount == fact.version - 1


async def test_a_projector_in_the_same_process_wakes_those_who_wait(here: World) -> None:
    rows = here.rows()
    async with running(here.projector(on_progress=rows.moved)):
        waits = [
            asyncio.create_task(rows.wait_for(Position(f"thing-t{n}", 2), 15)) for n in range(50)
        ]
        await here.tell([f for n in range(50) for f in stream(f"t{n}", made(), counted())])
        await asyncio.gather(*waits)


async def test_waiting_ends(here: World) -> None:
    rows = here.rows()
    began = time.monotonic()
    with pytest.raises(NotYet, match="not_yet_visible"):
        await rows.wait_for(Position("thing-spade", 1), 0.1)
    with pytest.raises(NotYet, match="not_yet_visible"):
        await rows.wait_for(Position("thing-spade", 1), 0.0)
    assert time.monotonic() - began < 5


async def test_nobody_waits_for_a_parked_stream(here: World) -> None:
    rows = here.rows()
    async with running(here.projector()):
        waiting = asyncio.create_task(rows.wait_for(Position("thing-spade", 3), 15))
        await here.tell(stream("spade", made(), counted(POISON), counted()))
        with pytest.raises(NotYet, match="stream_parked"):
            await waiting
        with pytest.raises(NotYet, match="stream_parked"):
            await rows.wait_for(Position("thing-spade", 3), 15)
        await rows.wait_for(Position("thing-spade", 1), 0)


async def test_only_so_many_wait(here: World) -> None:
    rows = Rows("testing", here.database, VIEWS, here.reading().codec, most_waiting=3)
    waits = [asyncio.create_task(rows.wait_for(Position("thing-spade", 1), 1.0)) for _ in range(5)]
    ends = await asyncio.gather(*waits, return_exceptions=True)
    codes = [end.code for end in ends if isinstance(end, Refused)]
    assert sorted(codes) == ["not_yet_visible"] * 3 + ["too_many_waiting"] * 2


@pytest.mark.parametrize("name", ["network-1", "people-1"])
async def test_a_stream_that_is_not_followed_is_malformed(here: World, name: str) -> None:
    with pytest.raises(Malformed, match="stream_not_followed"):
        await here.rows(VIEWS).wait_for(Position(name, 1), 1.0)


async def test_the_views_say_how_fresh_they_are(here: World) -> None:
    rows = here.rows()
    assert (await rows.freshness()).as_of < datetime.now(UTC) - timedelta(days=1000)
    async with running(here.projector()):

        async def fresh() -> bool:
            freshness = await rows.freshness()
            return freshness.lag_events == 0 and freshness.lag_s < 3

        await eventually(fresh)
        await here.tell(stream("spade", made()))
        await eventually(fresh)


async def test_who_asks_at_the_moment_a_slow_look_has_ended_looks_again(here: World) -> None:
    serving = ServingRows(Tables(here.database, VIEWS))
    # As it is in the very turn of the loop in which the look ends, of what was asked long ago.
    serving._looking = asyncio.create_task(serving._hear())
    await serving._looking
    serving._asked_at = time.monotonic() - 60

    async def question(rows: Any) -> str:
        return str(rows.name)

    with ended_after(10):
        assert await serving.ask("view_thing_row", question) == "rows_thing_row"


@contextmanager
def ended_after(seconds: int) -> Iterator[None]:
    """Also a loop that gives nobody else a turn."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
