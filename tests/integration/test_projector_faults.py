"""A bad record stops its own stream alone, and no fault makes an effect happen twice or not."""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from deploy.local.servers import Servers
from shared.contracts.messages import Message, encode_message
from shared.eventstore.database import connect, disconnect
from shared.kernel.refusals import Unknown
from shared.projections.parking import ParkedStream
from shared.projections.projector import Projector
from shared.projections.sessions import take_over
from shared.projections.tables import Tables
from tests.integration.reading_world import THINGS, World, eventually, running, world
from tests.integration.test_projector import amounts, many, reached
from tests.integration.wire import wire_to
from tests.unit.projections.things import (
    CODEC,
    POISON,
    UNSTORABLE,
    VIEWS,
    counted,
    made,
    stream,
)

SPADE = stream("spade", made("spade"), *[counted(1)] * 4)
RAKE = stream("rake", made("rake"), *[counted(2)] * 4)


@pytest.fixture
async def here(servers: Servers, prefix: str) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        yield made


async def parked(here: World) -> dict[str, tuple[str, int, int]]:
    """Each parked stream: why, how far it came, and how many records wait."""
    found = await here.parking.list_parked()
    return {each.stream: (each.reason, each.version, each.waiting) for each in found}


async def until_parked(here: World, **streams: tuple[str, int, int]) -> None:
    wanted = {f"thing-{name}": what for name, what in streams.items()}

    async def so() -> bool:
        return await parked(here) == wanted and (await amounts(here)).get("rake") == 8

    await eventually(so)


def poisoned(amount: int) -> list[Any]:
    bad = replace(SPADE[2], event=counted(amount))
    return [*SPADE[:2], bad, *SPADE[3:]]


@pytest.mark.parametrize("amount", [POISON, UNSTORABLE])
async def test_a_fact_that_a_view_cannot_take_parks_its_stream_alone(
    here: World, amount: int
) -> None:
    async with running(here.projector()):
        await here.tell([*poisoned(amount), *RAKE])
        await until_parked(here, spade=("poison", 2, 3))

    assert (await amounts(here))["spade"] == 1
    (entry,) = await here.parking.list_parked()
    assert entry.next_version == 3
    assert entry.error.startswith(("ValueError in _thing, things.py:", "OverflowError in encode, "))


async def test_a_version_that_is_missing_parks_its_stream_alone(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*SPADE[:2], *SPADE[3:], *RAKE])
        await until_parked(here, spade=("gap", 2, 2))

    assert (await amounts(here))["spade"] == 1


async def test_the_same_version_of_another_fact_parks_its_stream_alone(here: World) -> None:
    other = replace(SPADE[1], id="another", event=counted(100))
    async with running(here.projector()):
        await here.tell([*SPADE[:2], other, *SPADE[2:], *RAKE])
        await until_parked(here, spade=("fork", 2, 4))

    assert (await amounts(here))["spade"] == 1


async def test_bytes_that_are_no_fact_park_the_stream_of_their_key(here: World) -> None:
    first, *others = [encode_message(each, CODEC, here.prefix) for each in SPADE]
    bad = replace(others[0], value=b"\xff{")
    async with running(here.projector()):
        await here.send([first, bad, *others[1:]])
        await here.tell(RAKE)
        await until_parked(here, spade=("undecodable", 1, 4))


async def test_bytes_with_no_key_park_nobody_else(here: World) -> None:
    bad = Message(here.prefix + THINGS, b"\xfe", b"\x00\x01", (("content-type", b"\xff"),))
    async with running(here.projector()):
        await here.send([bad, bad])
        await here.tell([*SPADE, *RAKE])
        await eventually(lambda: parked(here))
        await eventually(lambda: amounts_are(here, spade=4, rake=8))

    assert [waiting for _, _, waiting in (await parked(here)).values()] == [1, 1]


async def amounts_are(here: World, **wanted: int) -> bool:
    found = await amounts(here)
    return {name: found.get(name) for name in wanted} == wanted


async def test_a_repaired_view_takes_what_was_parked_in_order(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(here.projector()):
        await here.tell([*poisoned(POISON), *RAKE])
        await until_parked(here, spade=("poison", 2, 3))

        again = await here.parking.retry("thing-spade")
        assert again is not None
        assert (again.reason, again.version, again.waiting) == ("poison", 2, 3)

        monkeypatch.setattr("tests.unit.projections.things.POISON", -1)
        assert await here.parking.retry("thing-spade") is None
        assert (await amounts(here))["spade"] == 1 + POISON + 2

        await here.tell(stream("spade", counted(1), first=6))
        await eventually(lambda: amounts_are(here, spade=1 + POISON + 3))

    assert await parked(here) == {}
    assert await here.database["parked"].count_documents({}) == 0


async def test_a_gap_that_is_filled_later_is_healed_by_a_retry(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*SPADE[:2], *SPADE[3:], *RAKE])
        await until_parked(here, spade=("gap", 2, 2))
        await here.tell([SPADE[2], SPADE[3]])
        await until_parked(here, spade=("gap", 2, 3))

        assert await here.parking.retry("thing-spade") is None

    assert await amounts_are(here, spade=4)


async def test_a_parked_fact_is_skipped_with_a_reason_and_the_rest_goes_on(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*poisoned(POISON), *RAKE])
        await until_parked(here, spade=("poison", 2, 3))

        assert await here.parking.skip("thing-spade", reason="counted twice", by="person:1") is None

    assert await amounts_are(here, spade=3)
    (note,) = await here.database["parked_log"].find({}).to_list(None)
    assert note["stream"] == "thing-spade"
    assert note["was"] == "poison"
    assert note["skipped"]["version"] == 3
    assert (note["reason"], note["by"]) == ("counted twice", "person:1")


async def test_skipping_passes_over_one_thing_only(here: World) -> None:
    twice = [*poisoned(POISON)[:4], replace(SPADE[4], event=counted(POISON)), *RAKE]
    async with running(here.projector()):
        await here.tell(twice)
        await until_parked(here, spade=("poison", 2, 3))

        left = await here.parking.skip("thing-spade", reason="no", by="me")

    assert left == ParkedStream(
        stream="thing-spade",
        version=4,
        reason="poison",
        error=left.error if left else "",
        next_version=5,
        since=left.since if left else None,  # type: ignore[arg-type]
        waiting=1,
    )
    assert await amounts_are(here, spade=2)


async def test_skipping_a_gap_goes_on_with_what_is_there(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*SPADE[:2], *SPADE[3:], *RAKE])
        await until_parked(here, spade=("gap", 2, 2))

        assert await here.parking.skip("thing-spade", reason="lost", by="me") is None

    assert await amounts_are(here, spade=3)


async def test_what_is_not_parked_cannot_be_retried_or_skipped(here: World) -> None:
    with pytest.raises(Unknown):
        await here.parking.retry("thing-spade")
    with pytest.raises(Unknown):
        await here.parking.skip("thing-spade", reason="no", by="me")


async def test_a_topic_made_anew_is_read_from_its_beginning(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*SPADE[:3], *RAKE[:3]])
        await eventually(lambda: reached(here, [*SPADE[:3], *RAKE[:3]]))
    await here.renew()
    # Longer than before, so that the stored offset exists in it as well.
    await here.tell([*many(things=10, times=2), *SPADE, *RAKE])
    async with running(here.projector()):
        await eventually(lambda: amounts_are(here, spade=4, rake=8, t9=2))

    assert await parked(here) == {}


async def test_a_topic_made_anew_under_a_running_projector_is_recognised(here: World) -> None:
    async with running(here.projector()):
        await here.tell([*SPADE[:3], *RAKE[:3]])
        await eventually(lambda: reached(here, [*SPADE[:3], *RAKE[:3]]))
        await here.renew()
        await here.tell([*SPADE, *RAKE])
        await eventually(lambda: amounts_are(here, spade=4, rake=8), timeout_s=40)

    assert await parked(here) == {}


async def test_two_projectors_at_the_same_partitions_double_nothing(here: World) -> None:
    facts = many(things=10, times=40)
    async with running(
        here.projector(batch=7), here.projector(service="zombie", batch=5), here.projector("2")
    ):
        await here.tell(facts)
        await eventually(lambda: reached(here, facts))
        await eventually(lambda: amounts_are(here, **{f"t{n}": 40 for n in range(10)}))

    assert await parked(here) == {}


async def test_a_projector_killed_at_any_moment_loses_and_doubles_nothing(here: World) -> None:
    facts = many(things=20, times=50)
    await here.tell(facts)
    done = False
    for _ in range(12):
        task = asyncio.create_task(here.projector(batch=20).run())
        await asyncio.sleep(random.uniform(0.3, 1.2))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if done := await reached(here, facts):
            break
    if not done:
        async with running(here.projector()):
            await eventually(lambda: reached(here, facts))

    assert await amounts(here) == {f"t{n}": 50 for n in range(20)}
    assert await parked(here) == {}


_DIES = """
import asyncio, sys, time
from dataclasses import replace
from shared.eventstore.database import connect, database_of
from shared.projections.projector import Projector, Reading
from tests.unit.projections.things import CODEC, VIEWS

def stuck(*_):
    print("inside", flush=True)
    time.sleep(60)

async def main():
    mongo, kafka, prefix = sys.argv[1:]
    views = (VIEWS[0], replace(VIEWS[1], fold=stuck))
    reading = Reading("testing", kafka, CODEC, prefix)
    await Projector(reading, database_of(connect(mongo), "testing", prefix), views).run()

asyncio.run(main())
"""


async def test_a_process_killed_inside_a_transaction_blocks_nobody(here: World) -> None:
    await here.tell(SPADE)
    where = (here.servers.mongo_uri, here.servers.kafka_bootstrap, here.prefix)
    dying = subprocess.Popen(  # noqa: ASYNC220 - it is waited for by its words
        [sys.executable, "-c", _DIES, *where], stdout=subprocess.PIPE, text=True
    )
    assert dying.stdout is not None
    said = await asyncio.wait_for(asyncio.to_thread(dying.stdout.readline), 30)
    dying.kill()
    dying.wait()
    dying.stdout.close()
    assert said == "inside\n"

    async with running(Projector(here.reading(), here.database, VIEWS)):
        await eventually(lambda: amounts_are(here, spade=4))


async def test_the_predecessors_transaction_is_ended_at_once(here: World) -> None:
    tables = Tables(here.database, VIEWS)
    await tables.prepare()
    offsets = tables.changing("offsets")
    offsets.insert_one({"_id": "x", "n": 0})
    dead = take_over(tables, "worker")
    dead.start_transaction()
    offsets.update_one({"_id": "x"}, {"$set": {"n": 1}}, session=dead)

    began = time.monotonic()
    take_over(tables, "worker").end_session()
    offsets.update_one({"_id": "x"}, {"$set": {"n": 2}})

    assert time.monotonic() - began < 1.0
    assert offsets.find_one({"_id": "x"}) == {"_id": "x", "n": 2}
    dead.end_session()


async def test_a_projector_waits_for_a_broker_that_is_away(here: World) -> None:
    host, port = here.servers.kafka_bootstrap.split(":")
    async with wire_to(host, int(port)) as wire:
        wire.cut()
        reading = replace(here.reading(), bootstrap=f"127.0.0.1:{wire.port}")
        async with running(Projector(reading, here.database, VIEWS)):
            await here.tell(SPADE)
            await asyncio.sleep(1.0)
            assert await amounts(here) == {}
            wire.mend()
            await eventually(lambda: amounts_are(here, spade=4))


async def test_a_batch_whose_commit_was_not_answered_is_counted_once(here: World) -> None:
    host, port = here.servers.mongo_uri.removeprefix("mongodb://").split("/")[0].split(":")
    async with wire_to(host, int(port)) as wire:
        client = connect(f"mongodb://127.0.0.1:{wire.port}/?directConnection=true", timeout_s=2)
        database = client[here.database.name]
        async with running(Projector(here.reading(), database, VIEWS, batch=10)):
            await here.tell(RAKE)
            await eventually(lambda: amounts_are(here, rake=8))
            wire.swallow_answers(after=b"commitTransaction")
            await here.tell(many(things=5, times=10))
            await eventually(lambda: amounts_are(here, t0=10) if wire.answers else some(here))
            wire.mend()
            await eventually(lambda: amounts_are(here, **{f"t{n}": 10 for n in range(5)}))
        await disconnect(client)

    assert await parked(here) == {}


async def some(here: World) -> bool:
    """Whether a batch was stored whose commit nobody has heard of."""
    return await here.database["progress"].count_documents({}) > 1


async def test_a_projector_whose_connections_are_cut_loses_and_doubles_nothing(
    here: World,
) -> None:
    host, port = here.servers.mongo_uri.removeprefix("mongodb://").split("/")[0].split(":")
    facts = many(things=10, times=60)
    async with wire_to(host, int(port)) as wire:
        client = connect(f"mongodb://127.0.0.1:{wire.port}/?directConnection=true", timeout_s=2)
        database = client[here.database.name]
        async with running(Projector(here.reading(), database, VIEWS, batch=15)):
            await here.tell(facts)
            for _ in range(8):
                await asyncio.sleep(random.uniform(0.02, 0.2))
                wire.cut()
                await asyncio.sleep(0.05)
                wire.mend()
            await eventually(lambda: amounts_are(here, **{f"t{n}": 60 for n in range(10)}), 40)
        await disconnect(client)

    assert await parked(here) == {}
