"""The event store on a real MongoDB: all of a commit or nothing, once, whatever happens."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import bson
import pytest
import pytest_asyncio

from deploy.local.servers import Servers
from shared.eventstore.commits import Commit, Frame, commit_of, encode
from shared.eventstore.database import Client, Database, connect, database_name, disconnect, prepare
from shared.eventstore.group_commit import GroupCommit, Taken
from shared.eventstore.notes import NOTES, about
from shared.eventstore.store import Addition, EventStore, Loaded
from shared.kernel.commands import Note
from shared.kernel.events import Envelope
from shared.kernel.refusals import Malformed, NotYet
from shared.testing.kit import NOW, TODAY, person
from tests.integration.boxes import (
    BOX,
    BOX_KIND,
    CODEC,
    SHELF,
    BoxEvent,
    BoxOpened,
    BoxShelved,
    PlaceTaken,
    ThingPutIn,
)
from tests.integration.patience import until
from tests.integration.wire import Wire, wire_to

OPENED = BoxOpened(on=TODAY, label="a box")
PUT_IN = ThingPutIn(on=TODAY, thing="a thing")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(servers: Servers) -> AsyncIterator[Client]:
    client = connect(servers.mongo_uri)
    yield client
    await disconnect(client)


@pytest_asyncio.fixture
async def database(client: Client, prefix: str) -> Database:
    """A store of its own for each test, made ready."""
    database = client[f"{prefix}{bson.ObjectId()}"]
    await prepare(database)
    return database


@pytest_asyncio.fixture
async def store(database: Database) -> EventStore:
    return EventStore(database, CODEC)


async def append(
    store: EventStore,
    key: str,
    *events: BoxEvent,
    command_id: str = "",
    notes: Sequence[Note] = (),
    envelope: Envelope = Envelope(),
) -> Commit:
    loaded = await store.load(BOX, key)
    frame = Frame(NOW, envelope, command_id=command_id, fingerprint="f")
    return await store.append(Addition(BOX, key, loaded, events), frame=frame, notes=notes)


async def test_what_was_appended_is_loaded_and_read(store: EventStore, database: Database) -> None:
    await append(store, "1", OPENED)
    await append(store, "1", PUT_IN, PUT_IN, envelope=Envelope(command="PutIn"))

    other = EventStore(database, CODEC)
    loaded = await other.load(BOX, "1")
    facts = await other.read("box-1")

    assert (loaded.version, loaded.state.things) == (3, ("a thing", "a thing"))
    assert await other.head("box-1") == 3
    assert [fact.position for fact in facts] == ["box-1@1", "box-1@2", "box-1@3"]
    assert [fact.event for fact in facts] == [OPENED, PUT_IN, PUT_IN]
    assert facts[2].envelope.command == "PutIn"
    assert [fact.id for fact in facts] == sorted({fact.id for fact in facts})
    assert await other.read("box-1", after=2) == facts[2:]


async def test_a_stream_that_has_not_begun_is_empty(store: EventStore) -> None:
    loaded = await store.load(BOX, "none")
    assert (loaded.state, loaded.version) == (BOX.initial, 0)
    assert await store.head("box-none") == 0
    assert await store.read("box-none") == ()


async def test_streams_whose_names_begin_alike_are_strangers(store: EventStore) -> None:
    await append(store, "1", OPENED)
    await append(store, "10", OPENED, PUT_IN)
    await append(store, "1-0", OPENED, PUT_IN, PUT_IN)
    assert [await store.head(f"box-{key}") for key in ("1", "10", "1-0")] == [1, 2, 3]


async def test_of_two_stores_that_append_at_the_same_place_one_is_told_so(
    database: Database,
) -> None:
    one, other = EventStore(database, CODEC), EventStore(database, CODEC)
    stale = await other.load(BOX, "1")
    await append(one, "1", OPENED)

    with pytest.raises(Taken):
        await other.append(Addition(BOX, "1", stale, [OPENED]), frame=Frame(NOW))

    assert (await other.load(BOX, "1", fresh=True)).version == 1
    assert len(await other.read("box-1")) == 1


async def test_a_place_inside_an_earlier_commit_cannot_be_taken(database: Database) -> None:
    one, other = EventStore(database, CODEC), EventStore(database, CODEC)
    await append(one, "1", OPENED)
    behind = await other.load(BOX, "1")
    await append(one, "1", PUT_IN, PUT_IN)

    with pytest.raises(Taken):
        await other.append(Addition(BOX, "1", behind, [PUT_IN]), frame=Frame(NOW))

    await append(one, "1", PUT_IN)
    assert [fact.version for fact in await one.read("box-1")] == [1, 2, 3, 4]


async def test_a_place_that_is_taken_by_this_very_commit_is_no_conflict(store: EventStore) -> None:
    commit = commit_of("box-1", 1, [("id", CODEC.encode(OPENED))], Frame(NOW))
    twin = commit_of("box-1", 1, [("another id", CODEC.encode(OPENED))], Frame(NOW))
    for _ in range(2):
        await store._store([commit], [encode(commit, BOX_KIND)])
    with pytest.raises(Taken):
        await store._store([twin], [encode(twin, BOX_KIND)])


async def test_a_command_id_is_taken_once_whatever_the_stream(store: EventStore) -> None:
    first = await append(store, "1", OPENED, command_id="key")
    with pytest.raises(Taken):
        await append(store, "2", OPENED, command_id="key")
    found = await store.find_command("key")
    assert found is not None
    assert first.same_as(found)
    assert found.fingerprint == "f"
    assert await store.find_command("another") is None


async def test_what_the_cache_has_lost_is_loaded_again(database: Database) -> None:
    store = EventStore(database, CODEC, cached_streams=1)
    for key in ("1", "2", "3"):
        await append(store, key, OPENED)
    assert (await store.load(BOX, "1")).version == 1


async def test_a_fact_that_evolve_cannot_take_is_never_stored(store: EventStore) -> None:
    with pytest.raises(ValueError, match="cannot take"):
        await append(store, "1", OPENED, ThingPutIn(on=TODAY, thing="impossible"))
    assert await store.read("box-1") == ()


async def test_a_document_that_cannot_be_stored_leaves_its_neighbours_stored(
    store: EventStore,
) -> None:
    odd = BoxOpened.model_construct(on=TODAY, label="\ud800")
    huge = BoxOpened(on=TODAY, label="x" * 1_000_000)
    boxes = [OPENED] * 10 + [odd, huge] + [OPENED] * 10

    results = await asyncio.gather(
        *(append(store, str(key), box) for key, box in enumerate(boxes)), return_exceptions=True
    )

    codes = [each.code if isinstance(each, Malformed) else "stored" for each in results]
    assert codes == ["stored"] * 10 + ["not_storable", "commit_too_large"] + ["stored"] * 10
    assert [await store.head(f"box-{key}") for key in range(22)] == [1] * 10 + [0, 0] + [1] * 10


async def test_a_document_that_the_server_will_not_read_leaves_its_neighbours_stored(
    database: Database,
) -> None:
    group = GroupCommit(database["commits"])
    deep: Any = 1
    for _ in range(190):
        deep = [deep]
    documents: list[dict[str, Any]] = [{"_id": each} for each in range(20)]
    documents[7]["deep"] = deep
    documents[12]["_id"] = 11

    results = await asyncio.gather(
        *(group.add(bson.encode(each)) for each in documents), return_exceptions=True
    )

    assert isinstance(results[7], Malformed)
    assert isinstance(results[12], Taken)
    assert [each for each in results if each is not None] == [results[7], results[12]]
    assert await database["commits"].count_documents({}) == 18


async def test_appends_made_at_once_travel_together(database: Database) -> None:
    batches: list[int] = []
    store = EventStore(database, CODEC, batched=batches.append)
    await asyncio.gather(*(append(store, str(key), OPENED) for key in range(200)))

    assert sum(batches) == 200
    assert len(batches) < 50
    assert [await store.head(f"box-{key}") for key in (0, 99, 199)] == [1, 1, 1]


async def test_a_cancelled_caller_cancels_neither_the_batch_nor_its_own_commit(
    database: Database,
) -> None:
    woken: list[None] = []
    store = EventStore(database, CODEC, on_stored=lambda: woken.append(None))
    appending = [asyncio.create_task(append_new(store, str(key))) for key in range(50)]
    while store._group._storing is None:  # noqa: ASYNC110 - a turn of the loop at a time
        await asyncio.sleep(0)
    for task in appending[::2]:
        task.cancel()
    results = await asyncio.gather(*appending, return_exceptions=True)
    await store.close()

    assert all(isinstance(each, asyncio.CancelledError) for each in results[::2])
    assert all(isinstance(each, Commit) for each in results[1::2])
    assert len(woken) == 50
    assert [await store.head(f"box-{key}") for key in range(50)] == [1] * 50


async def both(store: EventStore, key: str) -> Commit:
    box, place = await store.load(BOX, key), await store.load(SHELF, "top")
    return await store.append(
        Addition(BOX, key, box, [BoxShelved(on=TODAY, shelf="top")]),
        Addition(SHELF, "top", place, [PlaceTaken(on=TODAY, box=key)]),
        frame=Frame(NOW, Envelope(causation_id="cause"), command_id=f"shelve {key}"),
    )


async def test_two_streams_are_written_both(store: EventStore) -> None:
    await append(store, "1", OPENED)
    commit = await both(store, "1")

    (taken,) = await store.read("box-shelf-top")
    shelved = (await store.read("box-1"))[1]
    assert commit.id == "box-1@000000002"
    assert taken.envelope == shelved.envelope == Envelope(causation_id="cause")
    assert await store.find_command("shelve 1") is not None
    assert (await store.load(SHELF, "top")).state == 1


async def test_two_streams_are_written_both_or_neither(database: Database) -> None:
    one, other = EventStore(database, CODEC), EventStore(database, CODEC)
    await append(one, "1", OPENED)
    await append(other, "2", OPENED)
    behind = await other.load(SHELF, "top", fresh=True)
    await both(one, "1")

    with pytest.raises(Taken):
        await other.append(
            Addition(BOX, "2", await other.load(BOX, "2"), [BoxShelved(on=TODAY, shelf="top")]),
            Addition(SHELF, "top", behind, [PlaceTaken(on=TODAY, box="2")]),
            frame=Frame(NOW),
        )

    assert [await one.head(each) for each in ("box-2", "box-shelf-top")] == [1, 1]


async def test_of_many_who_write_the_same_place_in_a_second_stream_one_wins(
    database: Database,
) -> None:
    stores = [EventStore(database, CODEC) for _ in range(8)]
    free = await stores[0].load(SHELF, "top")
    results = await asyncio.gather(
        *(
            store.append(
                Addition(BOX, str(key), Loaded(BOX.initial, 0, fresh=True), [OPENED]),
                Addition(SHELF, "top", free, [PlaceTaken(on=TODAY, box=str(key))]),
                frame=Frame(NOW),
            )
            for key, store in enumerate(stores)
        ),
        return_exceptions=True,
    )
    won = [each for each in results if isinstance(each, Commit)]
    assert len(won) == 1
    assert all(isinstance(each, Taken | Commit) for each in results)
    assert await stores[0].head("box-shelf-top") == 1


def note(number: int, about: UUID | None = None) -> Note:
    return Note(UUID(int=number), f"text {number}", about)


async def test_a_note_is_kept_with_its_commit_and_found_by_person(
    store: EventStore, database: Database
) -> None:
    anna, bo = person("anna"), person("bo")
    await append(store, "1", OPENED, notes=[note(1, anna), note(2, bo), note(3)])
    assert len(await store.notes.texts([UUID(int=1), UUID(int=2), UUID(int=3)])) == 3

    assert [each["text"] async for each in database[NOTES].find(about(anna))] == ["text 1"]


async def test_a_note_goes_when_its_commit_is_not_stored(database: Database) -> None:
    one, other = EventStore(database, CODEC), EventStore(database, CODEC)
    stale = await other.load(BOX, "1")
    await append(one, "1", OPENED)
    with pytest.raises(Taken):
        await other.append(
            Addition(BOX, "1", stale, [OPENED]), frame=Frame(NOW), notes=[note(1, person("anna"))]
        )
    assert await database["notes"].count_documents({}) == 0


@pytest_asyncio.fixture
async def wire(servers: Servers) -> AsyncIterator[Wire]:
    address = urlsplit(servers.mongo_uri)
    assert address.hostname
    assert address.port
    async with wire_to(address.hostname, address.port) as wire:
        yield wire


@pytest_asyncio.fixture
async def far_store(wire: Wire, database: Database) -> AsyncIterator[EventStore]:
    """A store at the other end of the wire."""
    uri = f"mongodb://127.0.0.1:{wire.port}/?directConnection=true"
    client = connect(uri, timeout_s=0.8)
    await client.admin.command("ping")
    yield EventStore(client[database.name], CODEC, timeout_s=2.0)
    await disconnect(client)


async def test_a_commit_whose_answer_is_lost_is_stored_once(
    far_store: EventStore, wire: Wire, store: EventStore
) -> None:
    wire.swallow_answers()
    appending = asyncio.create_task(append_new(far_store, "1"))
    await until(lambda: store.head("box-1"))
    wire.mend()

    commit = await appending

    (fact,) = await store.read("box-1")
    assert fact.id == commit.events[0]["id"]


async def test_two_streams_are_both_stored_once_when_the_answer_is_lost(
    far_store: EventStore, wire: Wire, store: EventStore
) -> None:
    await append(store, "1", OPENED)
    wire.swallow_answers(b"commitTransaction")
    appending = asyncio.create_task(both(far_store, "1"))
    await until(lambda: store.head("box-shelf-top"))
    wire.mend()

    await appending

    assert len(await store.read("box-shelf-top")) == 1
    assert len(await store.read("box-1")) == 2


async def test_when_nobody_answers_it_is_not_yet_known_and_asking_ends_in_time(
    far_store: EventStore, wire: Wire, store: EventStore
) -> None:
    wire.cut()
    began = time.monotonic()
    with pytest.raises(NotYet) as refused:
        await append_new(far_store, "1")
    assert refused.value.code == "store_unreachable"
    with pytest.raises(NotYet):
        await far_store.load(BOX, "2", fresh=True)
    assert time.monotonic() - began < 5

    wire.mend()
    await append(far_store, "3", OPENED)
    assert await store.head("box-3") == 1


async def append_new(store: EventStore, key: str) -> Commit:
    loaded = await store.load(BOX, key, perhaps_new=True)
    return await store.append(Addition(BOX, key, loaded, [OPENED]), frame=Frame(NOW))


async def test_every_write_waits_for_a_majority_and_its_journal(client: Client) -> None:
    assert client.write_concern.document == {"w": "majority", "j": True}
    assert client.read_concern.document == {"level": "majority"}


def test_each_service_has_a_database_of_its_own() -> None:
    assert database_name("themes", "test.1-") == "test_1-netvaerk_themes"
