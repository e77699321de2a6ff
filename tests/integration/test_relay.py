"""The relay on real servers: everything is told, in order, and marked when it has been."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import bson
import pytest
import pytest_asyncio

from deploy.local.servers import Servers
from shared.contracts.people import PERSON, PersonErased, PersonListed
from shared.contracts.registry import CODEC as ALL
from shared.eventstore.commits import Frame, commit_of, encode
from shared.eventstore.database import Client, Database, connect, disconnect, prepare
from shared.eventstore.directory import Directory, DirectoryOutbox
from shared.eventstore.lease import Lease
from shared.eventstore.outbox import CommitOutbox, Mailer
from shared.eventstore.producer import Producer, TellingFailed
from shared.eventstore.relay import Relay
from shared.eventstore.republish import RefillOutbox, republish, republishing
from shared.eventstore.store import Addition, EventStore
from shared.eventstore.topics import FOREVER, Topic
from shared.eventstore.wanted import Wanted
from shared.testing.kit import NOW, TODAY, person
from tests.integration.boxes import (
    BOX,
    BOX_KIND,
    CODEC,
    SHELF,
    BoxOpened,
    PlaceTaken,
    ThingPutIn,
)
from tests.integration.patience import until
from tests.integration.telling import Post, told
from tests.integration.wire import wire_to

OPENED = BoxOpened(on=TODAY, label="a box")
PUT_IN = ThingPutIn(on=TODAY, thing="a thing")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(servers: Servers) -> AsyncIterator[Client]:
    client = connect(servers.mongo_uri)
    yield client
    await disconnect(client)


@pytest_asyncio.fixture
async def post(client: Client, servers: Servers, prefix: str) -> Post:
    """A database and topics of their own for each test."""
    name = f"{prefix}{bson.ObjectId()}"
    await prepare(client[name])
    return Post(servers, client[name], f"{name}.")


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    task = asyncio.create_task(relay.run())
    try:
        yield relay
        assert not task.done(), task
    finally:
        await relay.stop()
        await task


async def append(store: EventStore, key: str, *, things: int = 1) -> None:
    loaded = await store.load(BOX, key)
    await store.append(Addition(BOX, key, loaded, [PUT_IN] * things), frame=Frame(NOW))


async def all_told(relay: Relay) -> None:
    async def nothing_waits() -> bool:
        return await relay.unpublished() == 0

    await until(nothing_waits)


async def test_what_many_writers_store_is_told_once_and_in_order(post: Post) -> None:
    counted: list[int] = []
    async with running(post.relay(count=counted.append)) as relay:

        async def write(writer: int) -> None:
            store = EventStore(post.database, CODEC, on_stored=relay.wake)
            for turn in range(40):
                await append(store, f"{writer}-{turn % 5}", things=1 + turn % 3)

        await asyncio.gather(*(write(writer) for writer in range(8)))
        await all_told(relay)

    heads = (await post.told()).in_order()
    store = EventStore(post.database, CODEC)
    assert heads == {stream: await store.head(stream) for stream in heads}
    assert len(heads) == 40
    assert len((await post.told()).records) == sum(heads.values()) == sum(counted)


async def test_a_fact_is_told_as_it_is_read_from_the_store(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    await append(store, "1", things=2)
    async with running(post.relay()) as relay:
        await all_told(relay)
    assert tuple((await post.told()).records) == await store.read("box-1")


async def test_internal_facts_are_told_on_a_topic_of_their_own(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    place = Addition(SHELF, "top", await store.load(SHELF, "top"), [PlaceTaken(on=TODAY, box="1")])
    await store.append(place, frame=Frame(NOW))
    async with running(post.relay()) as relay:
        await all_told(relay)
    assert (await post.told("netvaerk.boxes.internal")).in_order() == {"box-shelf-top": 1}
    assert (await post.told()).records == []


async def test_the_relay_is_woken_by_a_writer_in_another_process(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    async with running(post.relay()) as relay:
        await append(store, "1")
        await all_told(relay)
        took = []
        for _ in range(10):
            began = time.monotonic()
            await append(store, "1")
            while await relay.unpublished():
                pass
            took.append(time.monotonic() - began)
    # The fallback alone would need half a poll on average.
    assert sorted(took)[5] < 0.2


async def test_nothing_is_skipped_when_an_earlier_commit_becomes_visible_late(
    post: Post, client: Client
) -> None:
    store = EventStore(post.database, CODEC)
    late = bson.decode(
        encode(commit_of("box-late", 1, [("id", CODEC.encode(OPENED))], Frame(NOW)), BOX_KIND)
    )
    async with running(post.relay()) as relay:
        async with await client.start_session() as session, session.start_transaction():
            await post.database["commits"].insert_one(late, session=session)
            for number in range(50):
                await append(store, f"{'az'[number % 2]}{number}")
            await all_told(relay)
            assert len((await post.told()).records) == 50
        await all_told(relay)
    assert "box-late" in (await post.told()).in_order()


class Witness(CommitOutbox):
    """Looks at the topic whenever something is marked."""

    def __init__(self, post: Post) -> None:
        super().__init__(post.database, Mailer(post.codec, post.prefix))
        self._post = post
        self.marked = 0

    async def mark(self, ids: Sequence[str]) -> None:
        there = {each.position for each in (await self._post.told()).records}
        for each in ids:
            stream, _, first = each.partition("@")
            assert {f"{stream}@{int(first)}", f"{stream}@{int(first) + 1}"} <= there
        self.marked += len(ids)
        await super().mark(ids)


async def test_a_commit_is_marked_after_the_broker_has_all_of_it(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    relay = post.relay()
    await Producer(post.servers.kafka_bootstrap).create(post.topics)
    relay._pipelines[0]._outbox = witness = Witness(post)
    for number in range(20):
        await append(store, f"{number}", things=2)
    async with running(relay):
        await all_told(relay)
    assert witness.marked == 20


class Slow(CommitOutbox):
    """Marks later than asked, so that the next page is read before."""

    async def mark(self, ids: Sequence[str]) -> None:
        await asyncio.sleep(0.2)
        await super().mark(ids)


async def test_what_is_on_its_way_is_not_sent_again(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    relay = post.relay()
    await Producer(post.servers.kafka_bootstrap).create(post.topics)
    relay._pipelines[0]._outbox = Slow(post.database, Mailer(CODEC, post.prefix))
    async with running(relay):
        for turn in range(30):
            await append(store, f"{turn % 3}")
            relay.wake()
        await all_told(relay)
    assert (await post.told()).versions == {f"box-{key}": list(range(1, 11)) for key in range(3)}


async def test_the_next_relay_goes_on_at_once_when_the_first_is_stopped(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    first, second = post.relay(lease_s=30), post.relay(lease_s=30)
    async with running(second):
        async with running(first):
            await until(lambda: active(first, second))
            await append(store, "1")
            await all_told(first)
        stopped = time.monotonic()
        await until(lambda: active(first, second))
        await append(store, "1")
        await all_told(second)
        assert time.monotonic() - stopped < 20
    assert (await post.told()).versions == {"box-1": [1, 2]}


async def active(*relays: Relay) -> bool:
    return sum(each.active for each in relays) == 1


async def test_there_is_one_relay_at_a_time_and_the_epoch_grows(post: Post) -> None:
    one, other = (Lease(post.database, ttl_s=0.6) for _ in range(2))
    assert await one.take()
    assert not await other.take()
    assert await one.take()
    assert (one.epoch, one.held, other.held) == (1, True, False)

    await until(other.take)
    assert not one.held
    assert not await one.take()
    assert other.epoch == 2

    await other.release()
    assert not other.held
    assert await one.take()
    assert one.epoch == 3


async def test_a_holder_stops_believing_before_the_server_does(post: Post) -> None:
    lease = Lease(post.database, ttl_s=1.0)
    await lease.take()

    async def over() -> bool:
        return not lease.held

    await until(over)
    assert not await Lease(post.database, ttl_s=1.0).take()


async def test_a_relay_that_starts_before_the_broker_waits_for_it(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    host, _, port = post.servers.kafka_bootstrap.partition(":")
    async with wire_to(host, int(port)) as wire:
        wire.cut()
        async with running(post.relay(bootstrap=f"127.0.0.1:{wire.port}")) as relay:
            await append(store, "1")
            await until(lambda: active(relay))
            assert await relay.unpublished() == 1
            wire.mend()
            await all_told(relay)
    assert (await post.told()).versions == {"box-1": [1]}


async def test_the_backlog_tells_how_much_waits_and_how_long(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    relay = post.relay()
    assert (await relay.unpublished(), await relay.oldest_unpublished_s()) == (0, 0.0)
    for key in ("1", "2", "3"):
        await append(store, key)

    async def older() -> bool:
        return 0.1 < await relay.oldest_unpublished_s() < 60

    await until(older)
    assert await relay.unpublished() == 3


async def test_a_topic_of_another_shape_is_not_told_on(post: Post) -> None:
    producer = Producer(post.servers.kafka_bootstrap)
    await producer.create([Topic(post.topics[0].name, 2, 1, FOREVER)])
    with pytest.raises(TellingFailed, match="has 2 partitions"):
        await post.relay().run()


async def test_a_message_that_the_broker_will_not_have_ends_the_relay(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    small = {**FOREVER, "max.message.bytes": "2000"}
    producer = Producer(post.servers.kafka_bootstrap)
    await producer.create([Topic(each.name, 6, 1, small) for each in post.topics])
    big = Addition(
        BOX,
        "1",
        await store.load(BOX, "1"),
        [BoxOpened(on=TODAY, label="x" * 5000)],
    )
    await store.append(big, frame=Frame(NOW))
    with pytest.raises(TellingFailed, match="MessageSizeTooLarge"):
        await post.relay().run()
    assert await post.relay().unpublished() == 1


async def test_topics_that_were_lost_are_refilled_before_anything_new_is_told(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    for number in range(60):
        await append(store, f"{number % 20}", things=2)
    async with running(post.relay()) as relay:
        await all_told(relay)
    await Producer(post.servers.kafka_bootstrap).delete(post.topics)
    await append(store, "1")

    async with running(post.relay()) as relay:
        await until(lambda: everything_refilled(post))
        await append(store, "1")
        await all_told(relay)

    found = await post.told()
    assert found.in_order() == {f"box-{number}": 6 + 2 * (number == 1) for number in range(20)}
    assert len(found.records) == 122


async def everything_refilled(post: Post) -> bool:
    return await republishing(post.database) is None


@pytest.mark.parametrize("anew", [False, True])
async def test_everything_is_told_again_on_request(post: Post, anew: bool) -> None:  # noqa: FBT001
    store = EventStore(post.database, CODEC)
    async with running(post.relay(lease_s=0.6)) as relay:
        for number in range(30):
            await append(store, f"{number % 10}")
        await all_told(relay)

        await republish(post.database, anew=anew)
        await append(store, "0")
        await until(lambda: everything_refilled(post))
        await append(store, "1")
        await all_told(relay)

    found = await post.told()
    assert found.in_order() == {f"box-{number}": 3 + (number < 2) for number in range(10)}
    again = len(found.records) - (32 if anew else 62)
    # Without `anew` the one that was stored meanwhile may be told before, or twice.
    assert again in ((0,) if anew else (0, 1))


async def test_a_refill_goes_on_where_the_relay_before_died(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    await asyncio.gather(*(append(store, f"{number:04}", things=2) for number in range(1500)))
    async with running(post.relay()) as relay:
        await all_told(relay)
    wish = await republish(post.database)

    async def under_way() -> bool:
        refill = await republishing(post.database)
        return refill is None or refill.after != ""

    dying = post.relay(lease_s=0.6)
    task = asyncio.create_task(dying.run())
    await until(under_way)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    left = await republishing(post.database)
    assert left is None or left.id == wish

    async with running(post.relay()) as relay:
        await until(lambda: everything_refilled(post))
        await all_told(relay)
    found = await post.told()
    assert found.in_order() == {f"box-{number:04}": 2 for number in range(1500)}
    # Told once before, once again, and at most the pages under way twice.
    assert 6000 <= len(found.records) <= 6000 + 6 * 1000


async def test_a_refill_never_goes_back(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    for key in ("a", "b", "c"):
        await append(store, key)
    await republish(post.database)
    wish = await republishing(post.database)
    assert wish is not None
    outbox = RefillOutbox(post.database, Mailer(CODEC, post.prefix), wish)

    # What was stored before the place reached, while the refill went on, is marked after it.
    await outbox.mark(["box-b@000000001"])
    await outbox.mark(["box-a@000000001"])

    page = await outbox.untold("", frozenset())
    assert [each.id for each in page.parcels] == ["box-c@000000001"]
    reached = await republishing(post.database)
    assert reached is not None
    assert reached.after == "box-b@000000001"


async def test_a_refill_that_was_broken_off_is_still_wanted(post: Post) -> None:
    await append(EventStore(post.database, CODEC), "1")
    await republish(post.database)
    wish = await republishing(post.database)
    assert wish is not None

    await post.relay()._refill(wish)  # a relay that does not hold the lease

    assert await republishing(post.database) == wish


class _Late(Producer):
    """Asks for a deletion only when it is let."""

    def __init__(self, bootstrap: str) -> None:
        super().__init__(bootstrap)
        self.about_to_delete = asyncio.Event()
        self.go_on = asyncio.Event()

    async def delete(self, topics: Sequence[Topic]) -> None:
        self.about_to_delete.set()
        await self.go_on.wait()
        await super().delete(topics)


async def test_what_a_paused_relay_deletes_too_late_is_told_once_more(post: Post) -> None:
    store = EventStore(post.database, CODEC)
    for number in range(20):
        await append(store, f"{number}")
    await republish(post.database, anew=True)
    producer = _Late(post.servers.kafka_bootstrap)
    paused = Relay(post.database, producer, post.topics, Mailer(CODEC, post.prefix), lease_s=0.6)
    assert await paused._lease.take()
    wish = await republishing(post.database)
    assert wish is not None
    deleting = asyncio.create_task(paused._refill(wish))
    await producer.about_to_delete.wait()
    async with running(post.relay()) as relay:
        await until(lambda: everything_refilled(post))
        await all_told(relay)

    producer.go_on.set()
    await deleting
    await producer.stop()
    assert (await post.told()).in_order() == {}

    async with running(post.relay()) as relay:
        await until(lambda: everything_refilled(post))
        await all_told(relay)
    assert (await post.told()).in_order() == {f"box-{number}": 1 for number in range(20)}


PROCESS = """
import asyncio, sys
from deploy.local.servers import Servers
from shared.eventstore.database import connect
from tests.integration.telling import Post

async def main(mongo_uri, bootstrap, database, prefix):
    post = Post(Servers(mongo_uri, bootstrap, ()), connect(mongo_uri)[database], prefix)
    await post.relay(lease_s=2.0).run()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for each in started:
        each.kill()
        each.wait()


def start(post: Post, processes: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    arguments = [
        *(post.servers.mongo_uri, post.servers.kafka_bootstrap),
        *(post.database.name, post.prefix),
    ]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, *arguments], cwd=root, env={**os.environ, "PYTHONPATH": "."}
    )
    processes.append(process)
    return process


async def holder(post: Post) -> str:
    lease = await post.database["leases"].find_one({"_id": "relay"})
    return str(lease["holder"]) if lease else ""


async def test_relays_that_are_killed_lose_nothing_and_skip_nothing(
    post: Post, processes: list[subprocess.Popen[bytes]]
) -> None:
    store = EventStore(post.database, CODEC)
    writing = True

    async def write() -> None:
        while writing:
            await asyncio.gather(*(append(store, f"{key}", things=2) for key in range(20)))
            await asyncio.sleep(0.05)

    writer = asyncio.create_task(write())
    observer = post.relay()
    seen: set[str] = set()
    for _ in range(2):
        process = start(post, processes)

        async def another_holds() -> bool:
            return await holder(post) not in {"", *seen}

        await until(another_holds)
        seen.add(await holder(post))
        before = await observer.unpublished()

        async def telling(before: int = before) -> bool:
            return await observer.unpublished() < before or before < 50

        await until(telling)
        process.kill()
    writing = False
    await writer
    start(post, processes)
    await all_told(observer)

    heads = (await post.told()).in_order()
    assert heads == {f"box-{key}": await store.head(f"box-{key}") for key in range(20)}


async def test_a_relay_that_was_paused_past_its_lease_skips_nothing_and_repeats_little(
    post: Post, processes: list[subprocess.Popen[bytes]]
) -> None:
    store = EventStore(post.database, CODEC)
    zombie = start(post, processes)

    async def held() -> bool:
        return bool(await holder(post))

    await until(held)
    first = await holder(post)
    await asyncio.gather(*(append(store, f"{key}") for key in range(200)))
    zombie.send_signal(signal.SIGSTOP)

    async with running(post.relay(lease_s=1.0)) as relay:
        for _ in range(3):
            await asyncio.gather(*(append(store, f"{key}") for key in range(200)))
        await all_told(relay)
        assert await holder(post) != first
        zombie.send_signal(signal.SIGCONT)
        await asyncio.gather(*(append(store, f"{key}") for key in range(200)))
        await all_told(relay)
        assert relay.active
        zombie.send_signal(signal.SIGTERM)
        zombie.wait(10)

    found = await post.told()
    assert found.in_order() == {f"box-{key}": 5 for key in range(200)}
    assert len(found.records) <= 1000 + 1000


ANNA = person("anna")


def listed(name: str) -> PersonListed:
    return PersonListed(on=TODAY, name=name)


@pytest_asyncio.fixture
async def people(post: Post) -> AsyncIterator[tuple[Directory[PersonListed], Post]]:
    directory = Directory(post.database, ALL, lambda: NOW, PersonListed)
    await directory.prepare()
    yield directory, Post(post.servers, post.database, post.prefix, ALL, "training")


async def people_told(post: Post) -> list[tuple[str, int, object]]:
    found = await told(post.servers.kafka_bootstrap, f"{post.prefix}netvaerk.people", 1, ALL)
    return [(each.stream, each.version, each.event) for each in found.records]


async def test_a_person_s_latest_state_is_told_and_their_erasure_is_a_tombstone(
    people: tuple[Directory[PersonListed], Post],
) -> None:
    directory, post = people
    stream = PERSON.stream(str(ANNA))
    assert await directory.put(ANNA, listed("Anna")) == 1
    assert await directory.put(ANNA, listed("Anna")) == 1
    assert (await directory.find([ANNA, person("bo")]))[ANNA].state == listed("Anna")

    async with running(post.relay(people=True)):
        await until(lambda: untold_people(post.database))
        assert await directory.put(ANNA, listed("Anna B")) == 2
        await until(lambda: untold_people(post.database))
        assert await directory.erase(ANNA) == 3
        assert await directory.erase(ANNA) == 3
        assert await directory.erase(person("bo")) is None
        await until(lambda: untold_people(post.database))

    assert await people_told(post) == [
        (stream, 1, listed("Anna")),
        (stream, 2, listed("Anna B")),
        (stream, 3, PersonErased(on=TODAY)),
    ]
    assert await directory.find([ANNA]) == {}
    assert await directory.page() == {}
    kept = await post.database["people"].find_one({"_id": str(ANNA)})
    assert "Anna" not in str(kept)


async def test_a_state_that_was_replaced_on_its_way_is_told_in_its_new_form(
    people: tuple[Directory[PersonListed], Post],
) -> None:
    directory, post = people
    outbox = DirectoryOutbox(post.database, ALL, post.prefix, kind=PERSON)
    await directory.put(ANNA, listed("Anna"))
    (parcel,) = (await outbox.untold("", frozenset())).parcels
    await directory.put(ANNA, listed("Anna B"))
    await outbox.mark([parcel.id])

    (parcel,) = (await outbox.untold("", frozenset({parcel.id}))).parcels
    await outbox.mark([parcel.id])
    assert parcel.id == f"{ANNA}@2"
    assert (await outbox.untold("", frozenset())).parcels == []


async def untold_people(database: Database) -> bool:
    return await database["people"].count_documents({"unpublished": True}) == 0


@pytest.mark.parametrize("anew", [False, True])
async def test_people_are_told_again_on_request(
    people: tuple[Directory[PersonListed], Post],
    anew: bool,  # noqa: FBT001
) -> None:
    directory, post = people
    await directory.put(ANNA, listed("Anna"))
    await directory.put(person("bo"), listed("Bo"))
    async with running(post.relay(people=True)):
        await until(lambda: untold_people(post.database))
        await republish(post.database, anew=anew)
        await until(lambda: everything_refilled(post))
        await until(lambda: untold_people(post.database))
    assert len(await people_told(post)) == (2 if anew else 4)
    ids = sorted([ANNA, person("bo")], key=str)
    assert list(await directory.page(Wanted(limit=1))) == ids[:1]
    assert list(await directory.page(Wanted(after=(None, str(ids[0]))))) == ids[1:]


async def test_people_who_were_told_on_a_topic_before_it_was_deleted_are_told_on_the_new_one(
    people: tuple[Directory[PersonListed], Post],
) -> None:
    directory, post = people
    await directory.put(ANNA, listed("Anna"))
    await republish(post.database, anew=True)
    lease = Lease(post.database)
    assert await lease.take()
    wish = await republishing(post.database)
    assert wish is not None
    outbox = DirectoryOutbox(post.database, ALL, post.prefix, kind=PERSON)
    on_the_old_topic = [each.id for each in (await outbox.untold("", frozenset())).parcels]
    await outbox.mark(on_the_old_topic)

    refill = RefillOutbox(post.database, Mailer(ALL, post.prefix), wish)
    assert await refill.begin_anew(lease.epoch)
    assert await refill.begun_anew(lease.epoch)

    on_the_new_topic = [each.id for each in (await outbox.untold("", frozenset())).parcels]
    assert on_the_new_topic == on_the_old_topic == [f"{ANNA}@1"]


async def test_many_changes_of_many_people_end_in_the_latest_state(
    people: tuple[Directory[PersonListed], Post],
) -> None:
    directory, post = people
    names: Collection[str] = [f"person {number}" for number in range(700)]
    async with running(post.relay(people=True)):
        for turn in range(3):
            await asyncio.gather(
                *(directory.put(person(name), listed(f"{name} {turn}")) for name in names)
            )
        await until(lambda: untold_people(post.database))
    latest = {stream: (revision, event) for stream, revision, event in await people_told(post)}
    assert latest == {PERSON.stream(str(person(name))): (3, listed(f"{name} 2")) for name in names}
