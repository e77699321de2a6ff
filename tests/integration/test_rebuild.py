"""Any view can be rebuilt while the old one serves, compared, swapped and rolled back."""

import asyncio
import itertools
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from deploy.local.servers import Servers
from shared.contracts.messages import Message
from shared.contracts.people import PERSON, PersonErased
from shared.contracts.vocabulary import Forum
from shared.kernel.views import View
from shared.projections.building import Building
from shared.projections.generations import Generations, Impossible
from shared.projections.projector import Projector
from shared.projections.rebuild import Rebuilt, rebuild
from shared.projections.standing import Standings
from shared.projections.tables import Tables
from shared.projections.work import Work
from tests.integration.reading_world import ALL_VIEWS, THINGS, World, eventually, running, world
from tests.integration.test_projector import amounts, many, reached
from tests.integration.test_projector_faults import amounts_are, parked
from tests.unit.projections.things import (
    CODEC,
    PART,
    POISON,
    VIEWS,
    PartAdded,
    ThingRow,
    ThingSold,
    counted,
    listed,
    made,
    person_key,
    stream,
)

COLOURS, THINGS_VIEW = VIEWS
SPADE = stream("spade", made("spade"), *[counted(1)] * 4)
RAKE = stream("rake", made("rake"), *[counted(2)] * 4)


@pytest.fixture
async def here(servers: Servers, prefix: str) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        yield made


def tables(here: World, views: Iterable[View[Any]] = ALL_VIEWS) -> Tables:
    return Tables(here.database, views)


def standings(here: World) -> Standings:
    return Standings(here.database, ALL_VIEWS)


async def rebuilt(here: World, *views: View[Any]) -> Rebuilt:
    bootstrap = here.servers.kafka_bootstrap
    return await rebuild(views or (THINGS_VIEW,), tables(here), bootstrap, CODEC, here.prefix)


async def same(here: World, *views: View[Any]) -> None:
    """What was rebuilt is what there was, row by row."""
    for view in views or (THINGS_VIEW,):
        found = await standings(here).compare(view.name)
        assert (found.differing, found.examples) == (0, {})
        assert found.rows > 0


@asynccontextmanager
async def writing(here: World) -> AsyncIterator[None]:
    """Somebody tells of new things without end."""

    async def work() -> None:
        for number in itertools.count():
            await here.tell(many_of(number))
            await asyncio.sleep(0)

    def many_of(number: int) -> list[Any]:
        return stream(f"n{number}", made(f"{number}", "blue"), counted(1), counted(number % 7))

    task = asyncio.create_task(work())
    yield
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_a_view_rebuilt_among_writers_is_the_same_at_every_moment(here: World) -> None:
    async with running(here.projector("1"), here.projector("2")):
        await here.tell(many(things=30, times=40))
        async with writing(here):
            await eventually(lambda: amounts_are(here, t0=40))
            done = await rebuilt(here, *VIEWS)
            assert done.rows == {
                "view_colour_row": "rows_colour_row_2",
                "view_thing_row": "rows_thing_row_2",
            }
            for _ in range(3):
                await same(here, *VIEWS)
            far = len(await amounts(here))
            await eventually(lambda: more_than(here, far + 5))
            await same(here, *VIEWS)


async def more_than(here: World, rows: int) -> bool:
    return len(await amounts(here)) > rows


async def test_damage_is_found_and_gone_after_the_swap_and_back_after_the_rollback(
    here: World,
) -> None:
    rows = here.rows()
    operator = standings(here)
    async with running(here.projector()):
        await here.tell([*SPADE, *RAKE])
        await eventually(lambda: amounts_are(here, spade=4, rake=8))
        damage = here.database["rows_thing_row"]
        await damage.update_one({"_id": "spade"}, {"$inc": {"amount": 100}})
        await damage.delete_one({"_id": "rake"})
        await damage.insert_one({"_id": "ghost", "name": "ghost", "colour": "", "amount": 0})
        await rebuilt(here)

        found = await operator.compare("thing_row")
        assert found.differing == 3
        assert found.examples == {"ghost": "missing", "rake": "extra", "spade": "amount"}
        assert await serving(here) == {"spade": 104, "ghost": 0}

        assert await operator.swap("view_thing_row") == "rows_thing_row_2"
        assert await amounts(here) == {"spade": 4, "rake": 8}
        await eventually(lambda: reads(here, {"spade": 4, "rake": 8}))
        page = (await rows.page(ThingRow, {}, "name", None, 10)).items
        assert [each.amount for each in page] == [8, 4]

        await here.tell(stream("spade", counted(1), first=6))
        await eventually(lambda: amounts_are(here, spade=5))
        assert await operator.rollback("view_thing_row") == "rows_thing_row"
        assert (await amounts(here))["spade"] == 105

        await operator.swap("view_thing_row")
        assert await operator.drop("view_thing_row") == "rows_thing_row"
        await here.tell(stream("spade", counted(1), first=7))
        await eventually(lambda: amounts_are(here, spade=6, rake=8))
        assert "rows_thing_row" not in await here.database.list_collection_names()
        with pytest.raises(Impossible, match="nothing is beside rows_thing_row_2"):
            await operator.rollback("view_thing_row")

        again = await rebuilt(here)
        assert again.rows == {"view_thing_row": "rows_thing_row_3"}
        await same(here)


async def serving(here: World) -> dict[str, int]:
    """What queries read."""
    page = await here.rows().page(ThingRow, {}, None, None, 50)
    return {each.name: each.amount for each in page.items}


async def reads(here: World, wanted: dict[str, int]) -> bool:
    return await serving(here) == wanted


async def test_a_reader_hears_of_a_swap_before_the_old_rows_go(here: World) -> None:
    rows = here.rows()
    async with running(here.projector()):
        await here.tell(SPADE)
        await eventually(lambda: amounts_are(here, spade=4))
        assert await rows.one(ThingRow, "spade")
        await rebuilt(here)
        await standings(here).swap("thing_row")
        dropping = asyncio.create_task(standings(here).drop("thing_row"))
        while not dropping.done():
            assert await rows.one(ThingRow, "spade")
        await dropping
        assert await rows.one(ThingRow, "spade")


async def test_what_was_parked_healed_skipped_and_told_twice_is_rebuilt_as_it_was(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = stream("p", *[PartAdded(on=made().on, colour="red", weight=2)] * 5, kind=PART)
    poisoned = [*SPADE[:2], replace(SPADE[2], event=counted(POISON)), *SPADE[3:]]
    hoe = stream("hoe", made("hoe"), *[counted(3)] * 4)
    axe = stream("axe", made("axe"), counted(1), counted(POISON), counted(1), counted(1))
    saw = stream("saw", made("saw"), *[counted(1)] * 3, ThingSold(on=made().on))
    async with running(here.projector()):
        await here.tell([*poisoned, *RAKE, *RAKE[1:], *hoe[:2], *hoe[3:], *axe, *saw])
        await here.tell([parts[0], parts[2], parts[3], parts[4], *parts])
        await here.send([Message(here.prefix + THINGS, b"thing-rake", b"\xff", ())])
        await here.send([Message(here.prefix + THINGS, b"\xff", b"no", ())])
        await here.tell([replace(RAKE[-1], id="other", event=counted(7))])
        await eventually(lambda: parked_are(here, {"thing-hoe", "thing-axe", "part-p"}))
        await here.parking.skip("thing-axe", reason="twelve", by="me")
        assert await here.parking.retry("part-p") is None
        await here.tell([hoe[2]])
        await eventually(lambda: waiting(here, "thing-hoe", 3))
        assert await here.parking.retry("thing-hoe") is None
        lost = stream("lost", made("lost"), counted(1), counted(1), counted(1))
        await here.tell([lost[0], lost[2], lost[3]])
        await eventually(lambda: waiting(here, "thing-lost", 2))
        await here.parking.skip("thing-lost", reason="lost", by="me")
        await here.tell([lost[1]])
        assert await here.parking.count() == 2 + 1  # spade, rake, and what has no stream

        await rebuilt(here, *VIEWS)
        await same(here, *VIEWS)
        assert (await amounts(here)) == {"axe": 3, "hoe": 12, "lost": 2, "rake": 8, "spade": 1}

        monkeypatch.setattr("tests.unit.projections.things.POISON", -1)
        await here.parking.retry("thing-spade")
        await same(here, *VIEWS)


async def parked_are(here: World, wanted: set[str]) -> bool:
    return wanted <= (await parked(here)).keys()


async def waiting(here: World, name: str, records: int) -> bool:
    return (await parked(here)).get(name, ("", 0, 0))[2] == records


async def test_people_are_rebuilt_from_the_last_that_was_told_of_each(here: World) -> None:
    views = ALL_VIEWS[2:]
    first = stream(
        person_key(1), listed("A", Forum.CHIEFS), listed("A", Forum.LEADERS), kind=PERSON
    )
    second = stream(
        person_key(2), listed("B", Forum.CHIEFS), PersonErased(on=made().on), kind=PERSON
    )
    third = stream(person_key(3), listed("C"), kind=PERSON)
    async with running(here.projector()):
        await here.tell([*first, *second, *third])
        await eventually(lambda: reached(here, [*first, *second, *third]))
        await rebuilt(here, *views)
        await same(here, *views)
        await here.tell(stream(person_key(3), listed("C", Forum.CHIEFS), kind=PERSON, first=4))
        await eventually(
            lambda: here.database["view_person"].find_one({"_at": f"people-{person_key(3)}@4"})
        )
        await same(here, *views)


async def test_rows_that_have_no_room_in_memory_are_built_the_same(here: World) -> None:
    facts = many(things=40, times=5) + stream("t3", ThingSold(on=made().on), first=7)
    small = Building(THINGS_VIEW, here.database["small"], most_in_memory=7)
    large = Building(THINGS_VIEW, here.database["large"])
    for begin in range(0, len(facts), 11):
        for each in (small, large):
            await each.fold(facts[begin : begin + 11])
    for each in (small, large):
        await each.write()

    hidden = {"_seen": False}
    in_order = [
        await here.database[name].find({}, hidden).sort("_id").to_list(None)
        for name in ("small", "large")
    ]
    assert in_order[0] == in_order[1]
    assert len(in_order[0]) == 39


_DIES = """
import asyncio, sys, time
from shared.eventstore.database import connect, database_of
from shared.projections.generations import Generations
from shared.projections.rebuild import rebuild
from shared.projections.tables import Tables
from shared.projections.work import Work
from tests.unit.projections.things import CODEC, VIEWS

async def stuck(*_, **__):
    print("inside", flush=True)
    time.sleep(60)

async def main():
    mongo, kafka, prefix = sys.argv[1:]
    database = database_of(connect(mongo), "testing", prefix)
    Generations.conclude = stuck
    await rebuild([VIEWS[1]], Tables(database, VIEWS), kafka, CODEC, prefix)

asyncio.run(main())
"""


async def test_a_rebuild_that_is_killed_is_done_again_from_the_beginning(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*SPADE, *RAKE])
        await eventually(lambda: amounts_are(here, spade=4, rake=8))
        where = (here.servers.mongo_uri, here.servers.kafka_bootstrap, here.prefix)
        dying = subprocess.Popen(  # noqa: ASYNC220 - it is waited for by its words
            [sys.executable, "-c", _DIES, *where], stdout=subprocess.PIPE, text=True
        )
        assert dying.stdout is not None
        said = await asyncio.wait_for(asyncio.to_thread(dying.stdout.readline), 30)
        with pytest.raises(Impossible, match="being rebuilt already"):
            await rebuilt(here)
        dying.kill()
        dying.wait()
        dying.stdout.close()
        assert said == "inside\n"

        async def again() -> Rebuilt | None:
            try:
                return await rebuilt(here)
            except Impossible:
                return None

        done = await eventually(again)
        assert done.rows == {"view_thing_row": "rows_thing_row_3"}
        await same(here)


async def test_of_two_rebuilds_at_once_one_is_refused(here: World) -> None:
    async with running(here.projector()):
        await here.tell(SPADE)
        await eventually(lambda: amounts_are(here, spade=4))
        ends = await asyncio.gather(rebuilt(here), rebuilt(here), return_exceptions=True)

    done = [each for each in ends if isinstance(each, Rebuilt)]
    refused = [str(each) for each in ends if isinstance(each, Impossible)]
    assert len(done) == len(refused) == 1
    assert refused == ["a view of this service is being rebuilt already"]
    with pytest.raises(Impossible, match="swap to rows_thing_row_2, or drop it"):
        await rebuilt(here)


async def test_a_rebuild_whose_place_was_taken_does_not_end(here: World) -> None:
    generations = Generations(tables(here))
    async with running(here.projector()):
        await here.tell(SPADE)
        await eventually(lambda: amounts_are(here, spade=4))
        mine = await generations.build(["view_thing_row"])
        await generations.build(["view_thing_row"])
        held = await generations.hold("me")
        assert held is not None

        assert not await generations.conclude(held, {}, mine, {})


async def test_the_projector_goes_on_when_who_held_it_has_died(here: World) -> None:
    generations = Generations(tables(here))
    async with running(here.projector(), here.projector("2")):
        await here.tell(SPADE[:2])
        await eventually(lambda: amounts_are(here, spade=1))
        held = await generations.hold("somebody who dies")
        assert held is not None
        assert await generations.hold("somebody else") is None
        await here.tell(SPADE[2:])

        async def moved() -> bool:
            assert (await generations.read() or held).held, "the projector went on while held"
            return await amounts_are(here, spade=4)

        with pytest.raises(AssertionError, match="went on while held"):
            await eventually(moved)
        await eventually(lambda: amounts_are(here, spade=4))


async def test_facts_that_the_topics_no_longer_hold_are_missed(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*SPADE, *RAKE])
        await eventually(lambda: amounts_are(here, spade=4, rake=8))
    await here.renew()
    await here.tell([*SPADE, *RAKE[:3]])
    async with running(here.projector()):
        await eventually(lambda: read_again(here, 8))
        with pytest.raises(Impossible, match="thing-rake@4 was folded, and is not in the topics"):
            await rebuilt(here)
        await here.tell(stream("hoe", made()))
        await eventually(lambda: amounts_are(here, spade=4, rake=8, hoe=0))


async def read_again(here: World, records: int) -> bool:
    offsets = await here.database["offsets"].distinct("offset", {"topic": here.prefix + THINGS})
    return bool(sum(offsets) == records)


async def test_nothing_can_be_done_about_views_that_are_not_there(here: World) -> None:
    with pytest.raises(Impossible, match="nothing has been folded yet"):
        await rebuilt(here)
    with pytest.raises(Impossible, match="view_thing_row has not been folded yet"):
        await standings(here).swap("thing_row")
    with pytest.raises(Impossible, match="there is no view_no: view_colour_row, "):
        await standings(here).compare("no")


class Doubled(ThingRow):
    """As a later version has it."""

    doubled: int = 0


def _doubled(row: ThingRow | None, fact: Any, key: str) -> Doubled | None:
    if row is not None and row.name == "breaks":
        raise KeyError("a mistake in the program")
    row = THINGS_VIEW.fold(row, fact, key)
    fields = row.model_dump() if row is not None else None
    return Doubled(**{**fields, "doubled": 2 * fields["amount"]}) if fields else None


Doubled.__name__ = "ThingRow"
DOUBLED: View[Any] = replace(THINGS_VIEW, row=Doubled, fold=_doubled)
CHANGED = (COLOURS, DOUBLED)


async def doubled(here: World) -> dict[str, Any]:
    found = here.database["view_thing_row"].find({}, {"doubled": True})
    return {each["_id"]: each.get("doubled") async for each in found}


async def test_a_changed_view_is_rebuilt_at_the_start_while_the_old_one_serves(
    here: World,
) -> None:
    async with running(here.projector(views=VIEWS)):
        await here.tell([*SPADE, *RAKE])
        await eventually(lambda: amounts_are(here, spade=4, rake=8))
    before = await here.database["view_colour_row"].find({}).to_list(None)
    await here.tell(stream("spade", counted(1), first=6))

    async def all_of_it() -> bool:
        found = await doubled(here)
        assert found in (
            {"spade": None, "rake": None},
            {"spade": 8, "rake": 16},
            {"spade": 10, "rake": 16},
        )
        return bool(found["spade"] == 10)

    async with running(here.projector("1", views=CHANGED), here.projector("2", views=CHANGED)):
        await eventually(all_of_it)
    assert await here.database["view_colour_row"].find({}).to_list(None) == before
    assert sorted(
        name for name in await here.database.list_collection_names() if name.startswith("rows_t")
    ) == ["rows_thing_row_2"]


async def test_a_view_that_cannot_take_what_was_folded_is_not_put_in_place(here: World) -> None:
    facts = stream("breaks", made("breaks"), counted(1))
    async with running(here.projector(views=VIEWS)):
        await here.tell(facts)
        await eventually(lambda: amounts_are(here, breaks=1))
    broken = here.projector(views=CHANGED)
    async with running(broken):
        await eventually(lambda: begun(here, "view_thing_row", 3))
        assert (broken.lag_events, broken.stuck_s) == (1, 0.0)  # neither idle nor stuck
        assert broken.trouble.startswith("view_thing_row cannot take thing-breaks@2: KeyError")
        assert await amounts_are(here, breaks=1)
    async with running(here.projector(views=VIEWS)):
        await here.tell(stream("breaks", counted(1), first=3))
        await eventually(lambda: amounts_are(here, breaks=2))


async def begun(here: World, view: str, times: int) -> bool:
    found = await here.database["served"].find_one({})
    return bool(found and found["builds"].get(view, 0) >= times)


async def test_a_view_that_is_gone_is_folded_no_longer(here: World) -> None:
    async with running(here.projector(views=VIEWS)):
        await here.tell(SPADE)
        await eventually(lambda: amounts_are(here, spade=4))
    async with running(here.projector(views=VIEWS[1:])):
        await here.tell(RAKE)
        await eventually(lambda: amounts_are(here, spade=4, rake=8))
    names = await here.database.list_collection_names()
    assert not {"view_colour_row", "rows_colour_row"} & set(names)


async def test_a_view_that_comes_back_is_kept_in_a_collection_of_its_own(here: World) -> None:
    await here.tell(SPADE)
    for views in (VIEWS, VIEWS[1:], VIEWS):
        async with running(here.projector(views=views)):
            await eventually(lambda: amounts_are(here, spade=4))
            await eventually(partial(built, here, len(views)))
    assert "rows_colour_row_3" in await here.database.list_collection_names()


async def built(here: World, views: int) -> bool:
    current = await Generations(tables(here)).read()
    return current is not None and len(current.views) == views and not current.held


async def test_what_a_rebuild_left_that_died_is_gone_after_the_next_start(here: World) -> None:
    async with running(here.projector(views=VIEWS)):
        await here.tell(SPADE)
        await eventually(lambda: amounts_are(here, spade=4))
    for _ in range(2):
        await Generations(tables(here)).build(["view_thing_row"])
    left = {"rows_thing_row_2", "view_gone"}
    being_built = "rows_thing_row_3"
    for name in (*left, being_built):
        await here.database.create_collection(name)

    async with running(here.projector(views=VIEWS)):
        await eventually(lambda: are_gone(here, left))
        await here.tell(RAKE)
        await eventually(lambda: amounts_are(here, spade=4, rake=8))
    assert being_built in await here.database.list_collection_names()


async def are_gone(here: World, names: set[str]) -> bool:
    return not names & set(await here.database.list_collection_names())


async def test_a_changed_view_is_rebuilt_from_topics_made_anew_while_nobody_worked(
    here: World,
) -> None:
    async with running(here.projector(views=VIEWS)):
        await here.tell([*SPADE, *RAKE, *SPADE, *RAKE])
        await eventually(lambda: read_again(here, 20))
    await here.renew()
    await here.tell(SPADE)
    changed = here.projector(views=CHANGED)
    async with running(changed):
        await eventually(lambda: says(changed, "thing-rake@1 was folded, and is not in the topics"))
        await here.tell(RAKE)
        await eventually(lambda: doubled_are(here, {"spade": 8, "rake": 16}))
        await here.tell(stream("spade", counted(1), first=6))
        await eventually(lambda: doubled_are(here, {"spade": 10, "rake": 16}))
        assert changed.trouble == ""


async def says(projector: Projector, trouble: str) -> bool:
    return projector.trouble == trouble


async def doubled_are(here: World, wanted: dict[str, int]) -> bool:
    return await doubled(here) == wanted


async def test_a_reader_that_is_always_late_is_answered(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.projections.serving.BELIEVED_S", 0.0)
    async with running(here.projector()):
        await here.tell(SPADE)
        await eventually(lambda: amounts_are(here, spade=4))
        assert await asyncio.wait_for(here.rows().one(ThingRow, "spade"), 10)


async def test_what_is_folded_beside_is_left_only_as_it_was_seen(here: World) -> None:
    generations = Generations(tables(here))
    async with running(here.projector()):
        await here.tell(SPADE)
        await eventually(lambda: amounts_are(here, spade=4))
        current = await generations.read()
        assert current is not None
        before = current.views["view_thing_row"]
        await rebuilt(here)
        assert not await generations.leave("view_thing_row", before)
        await same(here)


def _slow(row: Any, fact: Any, key: str) -> Any:
    time.sleep(0.03)
    return THINGS_VIEW.fold(row, fact, key)


async def test_a_batch_that_a_transaction_has_no_time_for_is_taken_in_portions(
    here: World,
) -> None:
    facts = many(things=10, times=19)
    await here.tell(facts)
    async with running(here.projector(views=(replace(THINGS_VIEW, fold=_slow),), batch=200)):
        await eventually(lambda: reached(here, facts), timeout_s=40)
    assert await amounts(here) == {f"t{n}": 19 for n in range(10)}


async def test_a_batch_that_the_server_gives_up_is_taken_in_portions(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = many(things=80, times=1)

    def late(work: Any, folding: Any) -> None:
        time.sleep(0.05 * len(folding.moved))
        write(work, folding)

    write = Work.write
    monkeypatch.setattr(Work, "write", late)
    await here.tell(facts)
    async with running(here.projector(views=VIEWS, batch=200)):
        await eventually(lambda: reached(here, facts), timeout_s=40)
    assert await amounts(here) == {f"t{n}": 1 for n in range(80)}
