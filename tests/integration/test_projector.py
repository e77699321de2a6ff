"""A projector takes each fact exactly once, in order, and stops for no stream but the bad one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.servers import Servers
from shared.contracts.people import PERSON, PersonErased
from shared.contracts.vocabulary import Forum
from shared.kernel.events import Recorded
from shared.people import ForumMembers
from tests.integration.reading_world import World, eventually, running, world
from tests.unit.projections.things import (
    AT,
    DAY,
    PART,
    VIEWS,
    ColourRow,
    PartAdded,
    ThingRow,
    ThingSold,
    counted,
    listed,
    made,
    person_key,
    stream,
)


@pytest.fixture
async def here(servers: Servers, prefix: str) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        yield made


def many(things: int, times: int) -> list[Recorded[Any]]:
    """So many things counted so many times, all mixed."""
    streams = [stream(f"t{n}", made(f"t{n}", "red"), *[counted(1)] * times) for n in range(things)]
    return [fact for round_ in zip(*streams, strict=True) for fact in round_]


async def amounts(here: World) -> dict[str, int]:
    found = here.database["view_thing_row"].find({}, {"amount": True})
    return {each["_id"]: each["amount"] async for each in found}


async def reached(here: World, facts: list[Recorded[Any]]) -> bool:
    last = {fact.stream: fact.version for fact in facts}
    found = {each["_id"]: each["version"] async for each in here.database["progress"].find({})}
    return found == last


async def test_facts_become_rows_with_their_position(here: World) -> None:
    facts = stream("spade", made("spade", "red"), counted(2))
    async with running(here.projector()):
        await here.tell(facts)
        await eventually(lambda: reached(here, facts))

    row, position = await here.rows().one(ThingRow, "spade") or pytest.fail("no row")
    assert row == ThingRow(name="spade", colour="red", amount=2, changed_at=AT, made_on=DAY)
    assert position == "thing-spade@2"
    document = await here.database["view_thing_row"].find_one({"_id": "spade"})
    assert document is not None
    assert document["changed_at"] == AT
    assert document["made_on"] == "2013-09-02"
    assert document["_at"] == "thing-spade@2"


async def test_the_same_records_again_change_nothing(here: World) -> None:
    facts = many(things=20, times=5)
    async with running(here.projector()):
        await here.tell(facts)
        await here.tell(facts)
        await here.tell(facts[50:])
        await here.tell([*stream("last", made())])
        await eventually(lambda: reached(here, [*facts, *stream("last", made())]))

    assert await amounts(here) == {**{f"t{n}": 5 for n in range(20)}, "last": 0}
    colour, _ = await here.rows().one(ColourRow, "red") or pytest.fail("no row")
    assert colour.things == {f"t{n}" for n in range(20)} | {"spade"}


async def test_a_projector_goes_on_where_the_last_one_stopped(here: World) -> None:
    facts = many(things=10, times=4)
    async with running(here.projector()):
        await here.tell(facts[:25])
        await eventually(lambda: reached(here, facts[:25]))
    async with running(here.projector()):
        await here.tell(facts[25:])
        await eventually(lambda: reached(here, facts))

    assert await amounts(here) == {f"t{n}": 4 for n in range(10)}


async def test_a_thing_sold_has_no_row(here: World) -> None:
    facts = stream("spade", made(), ThingSold(on=DAY))
    async with running(here.projector()):
        await here.tell(facts)
        await eventually(lambda: reached(here, facts))

    assert await here.rows().one(ThingRow, "spade") is None


async def test_people_are_states_and_a_tombstone_erases(here: World) -> None:
    key = person_key(1)
    facts = stream(
        key,
        listed("A", Forum.CHIEFS),
        listed("B", Forum.LEADERS),
        PersonErased(on=DAY),
        kind=PERSON,
    )
    async with running(here.projector()):
        await here.tell([facts[1], facts[0]])
        await eventually(lambda: reached(here, [facts[1]]))
        members, _ = await here.rows().one(ForumMembers, "leaders") or pytest.fail("no row")
        assert set(members.units) == {key}
        await here.tell([facts[2]])
        await eventually(lambda: reached(here, facts))

    assert await here.database["view_person"].count_documents({}) == 0
    units = await here.database["view_forum_members"].distinct("units")
    assert units == [{}]


async def test_rows_that_several_streams_touch_survive_two_workers(here: World) -> None:
    parts = [
        stream(f"p{n}", *[PartAdded(on=DAY, colour="red", weight=1)] * 20, kind=PART)
        for n in range(8)
    ]
    facts = [fact for each in zip(*parts, strict=True) for fact in each]
    async with running(here.projector("1", batch=10), here.projector("2", batch=10)):
        await here.tell(facts)
        await eventually(lambda: reached(here, facts))

    colour, _ = await here.rows().one(ColourRow, "red") or pytest.fail("no row")
    assert colour.weight == 160


async def test_a_view_that_is_added_later_has_all_of_history(here: World) -> None:
    facts = many(things=5, times=3)
    first = [view for view in VIEWS if view.row is ThingRow]
    async with running(here.projector(views=first)):
        await here.tell(facts)
        await eventually(lambda: reached(here, facts))
    assert await here.database["view_colour_row"].count_documents({}) == 0

    async def folded() -> bool:
        counted_again = await amounts(here) == {f"t{n}": 3 for n in range(5)}
        return counted_again and await reached(here, facts)

    async with running(here.projector(views=VIEWS)):
        await eventually(lambda: here.database["view_colour_row"].count_documents({}))
        await eventually(folded)

    colour, _ = await here.rows(VIEWS).one(ColourRow, "red") or pytest.fail("no row")
    assert colour.things == {f"t{n}" for n in range(5)}
