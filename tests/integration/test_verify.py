"""What differs between store, topics and views is named: the first of each kind in each place."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from uuid import UUID

import bson
import pytest

from deploy.local.servers import Servers
from shared.contracts.messages import Message
from shared.contracts.people import PERSON, PersonListed
from shared.eventstore.commits import Frame, commit_of, decode, encode
from shared.eventstore.database import Collection, prepare
from shared.eventstore.directory import Directory, DirectoryOutbox
from shared.kernel.events import Event
from shared.kernel.services import Service
from shared.projections.verify import verify
from tests.integration.cards import SERVICE
from tests.integration.reading_world import PARTS, PEOPLE, World, eventually, running, world
from tests.unit.projections.things import (
    AT,
    CODEC,
    DAY,
    PART,
    POISON,
    THING,
    PartAdded,
    ThingSold,
    counted,
    listed,
    made,
    person_key,
)

HARMLESS = " (harmless: readers drop it)"
KEEPER = replace(SERVICE, name="training", views=())
"""The service that keeps the directory."""


@pytest.fixture
async def here(servers: Servers, prefix: str) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        await prepare(made.database)
        yield made


async def store(here: World, stream: str, *commits: Sequence[Event], told: bool = True) -> None:
    """Store commits as the write side does, tell them, and mark them as told."""
    kind = THING if stream.startswith("thing") else PART
    first = 1
    for number, events in enumerate(commits):
        encoded = [(f"{stream}#{number}.{n}", CODEC.encode(e)) for n, e in enumerate(events)]
        commit = commit_of(stream, first, encoded, Frame(at=AT, command_id=f"{stream}/{number}"))
        await here.client[here.database.name]["commits"].insert_one(
            bson.decode(encode(commit, kind))
        )
        first = commit.last + 1
        if told:
            await here.send(commit.messages(kind, here.prefix))
    await here.database["commits"].update_many({}, {"$unset": {"unpublished": ""}})


async def three_streams(here: World) -> None:
    await store(here, "thing-spade", [made("spade", "red")], [counted(1), counted(2)], [counted(3)])
    await store(here, "thing-rake", [made("rake", "blue")], [ThingSold(on=DAY)])
    await store(here, "part-p", [PartAdded(on=DAY, colour="red", weight=2)])


async def projected(here: World, **streams: int) -> None:
    async with running(here.projector(views=SERVICE.views)):

        async def there() -> bool:
            found = {e["_id"]: e["version"] async for e in here.database["progress"].find({})}
            return all(found.get(name.replace("_", "-")) == v for name, v in streams.items())

        await eventually(there)


async def rows(here: World, view: str) -> Collection:
    """What the rows of a view are written to."""
    found = await here.database.command("listCollections", filter={"name": view})
    (described,) = found["cursor"]["firstBatch"]
    return here.database[described["options"].get("viewOn", view)]


async def differences(here: World, service: Service = SERVICE) -> set[str]:
    bootstrap = here.servers.kafka_bootstrap
    found = await verify(service, here.database, bootstrap, CODEC, here.prefix)
    return {str(each).removeprefix(f"{service.name}: ") for each in found}


async def whole(here: World) -> None:
    await three_streams(here)
    await projected(here, thing_spade=4, thing_rake=2, part_p=1)
    assert await differences(here) == set()


async def test_a_service_whose_parts_agree_has_no_difference(here: World) -> None:
    await whole(here)


async def test_a_commit_that_is_gone_is_a_hole(here: World) -> None:
    await whole(here)
    await here.database["commits"].delete_one({"_id": "thing-spade@000000002"})

    assert await differences(here) == {"hole in commits: before thing-spade@000000004"}


async def test_the_last_commit_that_is_gone_is_a_hole(here: World) -> None:
    await whole(here)
    await here.database["commits"].delete_one({"_id": "thing-spade@000000004"})

    assert await differences(here) == {"hole in commits: after thing-spade@3"}


async def test_a_stored_fact_that_was_changed_is_tampered_with(here: World) -> None:
    await whole(here)
    changed = {"$set": {"events.0.data.amount": 1000}}
    await here.database["commits"].update_one({"_id": "thing-spade@000000004"}, changed)

    assert await differences(here) == {"tampered in commits: thing-spade@4"}


async def test_two_commits_in_one_place_are_a_fork(here: World) -> None:
    await whole(here)
    found = await here.database["commits"].find_one({"_id": "thing-spade@000000002"})
    assert found is not None
    twice = {**found, "_id": "thing-spade@000000003", "first": 3, "last": 4}
    del twice["command_id"]
    await here.database["commits"].insert_one(twice)

    found_now = await differences(here)
    assert "fork in commits: thing-spade@000000003" in found_now


async def test_a_fact_marked_as_told_that_is_not_in_the_topic_is_named(here: World) -> None:
    await whole(here)
    await store(here, "thing-hoe", [made("hoe")], told=False)

    assert await differences(here) == {"not_told in netvaerk.testing: thing-hoe@1"}


async def test_a_fact_told_twice_is_named_and_harmless(here: World) -> None:
    await whole(here)
    document = await here.database["commits"].find_one({"_id": "thing-rake@000000001"})
    assert document is not None
    await here.send(decode(document).messages(THING, here.prefix))

    assert await differences(here) == {
        f"duplicate in netvaerk.testing: thing-rake@1{HARMLESS}",
    }


async def test_another_fact_in_a_topic_is_a_fork_and_another_content_tampered(here: World) -> None:
    await whole(here)
    document = await here.database["commits"].find_one({"_id": "thing-spade@000000004"})
    assert document is not None
    (message,) = decode(document).messages(THING, here.prefix)
    assert message.value is not None
    other = replace(message, value=message.value.replace(b"#2.0", b"#other"))
    forged = replace(message, value=message.value.replace(b'"amount":3', b'"amount":4'))
    await here.send([other, forged])

    assert await differences(here) == {
        "fork in netvaerk.testing: thing-spade@4",
        "tampered in netvaerk.testing: thing-spade@4",
    }


async def test_a_version_that_a_topic_skips_is_a_hole(here: World) -> None:
    await whole(here)
    await store(here, "part-q", *[[PartAdded(on=DAY, colour="red", weight=1)]] * 3, told=False)
    document = await here.database["commits"].find_one({"_id": "part-q@000000003"})
    assert document is not None
    await here.send(decode(document).messages(PART, here.prefix))

    assert await differences(here) == {
        "hole in netvaerk.testing.internal: before part-q@3",
        "not_folded in views: part-q@3",
        "not_told in netvaerk.testing.internal: part-q@1",
    }


async def test_bytes_that_are_no_fact_are_named_by_their_place(here: World) -> None:
    await whole(here)
    await here.send([Message(here.prefix + PARTS, b"\xff", b"\xff", ())])

    (found,) = await differences(here)
    assert found.startswith(f"undecodable in netvaerk.testing.internal: {here.prefix}{PARTS}/")


async def test_rows_that_are_missing_changed_or_too_many_are_named(here: World) -> None:
    await whole(here)
    await here.database["rows_colour_row"].delete_one({"_id": "blue"})
    await here.database["rows_thing_row"].update_one({"_id": "spade"}, {"$inc": {"amount": 1}})
    await here.database["rows_thing_row"].insert_one({"_id": "ghost"})

    assert await differences(here) == {
        "missing_row in view_colour_row: blue",
        "changed_row in view_thing_row: spade (amount)",
        "extra_row in view_thing_row: ghost",
    }


async def test_a_parked_stream_is_reported_and_its_view_compared_as_far_as_it_came(
    here: World,
) -> None:
    await three_streams(here)
    await store(here, "thing-bad", [made("bad")], [counted(POISON)], [counted(1)])
    await projected(here, thing_spade=4, thing_rake=2, part_p=1, thing_bad=1)
    assert await differences(here) == {"parked in views: thing-bad@1"}

    await here.parking.skip("thing-bad", reason="thirteen", by="me")
    assert await differences(here) == set()


async def test_what_came_late_and_was_folded_in_order_is_no_difference_of_views(
    here: World,
) -> None:
    await store(here, "thing-hoe", [made("hoe")], *[[counted(n)] for n in range(1, 5)], told=False)
    messages = [
        message
        async for each in here.database["commits"].find({}).sort("_id", 1)
        for message in decode(each).messages(THING, here.prefix)
    ]
    await here.send([messages[number] for number in (0, 1, 3, 4, 2)])
    await projected(here, thing_hoe=2)
    assert await here.parking.retry("thing-hoe") is None

    assert await differences(here) == {"hole in netvaerk.testing: before thing-hoe@4"}


async def test_beside_a_service_at_work_nothing_differs_that_is_only_on_its_way(
    here: World,
) -> None:
    async def work() -> None:
        for number in itertools.count():
            await store(here, f"thing-{number}", [made(f"{number}")], [counted(1), counted(2)])
            await asyncio.sleep(0)

    async with running(here.projector(views=SERVICE.views)):
        working = asyncio.create_task(work())

        async def under_way() -> bool:
            return await here.database["progress"].count_documents({}) > 5

        await eventually(under_way)
        assert await differences(here) == set()
        working.cancel()
        await asyncio.wait([working])
        assert working.cancelled()


class Staff:
    """The directory of people, and what is told of it."""

    def __init__(self, here: World) -> None:
        self._here = here
        self._directory = Directory(here.database, CODEC, lambda: AT, PersonListed)
        self._outbox = DirectoryOutbox(here.database, CODEC, here.prefix, kind=PERSON)

    async def list_some(self) -> None:
        """Three people, one of whom is gone again; all of it is told."""
        for number, name in enumerate(("Anna", "Bo", "Carl"), start=1):
            await self.put(number, name)
        await self.tell()
        await self.erase(3)
        await self.tell()
        assert await differences(self._here, KEEPER) == set()

    async def put(self, number: int, name: str) -> None:
        """List or change a person."""
        await self._directory.put(UUID(person_key(number)), listed(name))

    async def erase(self, number: int) -> None:
        """Forget a person."""
        await self._directory.erase(UUID(person_key(number)))

    async def untold(self) -> list[Message]:
        """The messages that the relay would send, which are marked as sent."""
        page = await self._outbox.untold("", ())
        await self._outbox.mark([each.id for each in page.parcels])
        return [message for each in page.parcels for message in each.messages]

    async def tell(self) -> None:
        """Send them."""
        await self._here.send(await self.untold())


async def test_a_person_whose_latest_state_was_not_told_is_named(here: World) -> None:
    staff = Staff(here)
    await staff.list_some()
    await staff.put(2, "Bodil")
    await staff.untold()

    person = f"people-{person_key(2)}@2"
    assert await differences(here, KEEPER) == {f"not_told in {PEOPLE}: {person}"}


async def test_an_erased_person_whom_the_topic_has_forgotten_is_no_difference(
    here: World,
) -> None:
    staff = Staff(here)
    await staff.list_some()
    await staff.put(4, "Dorte")
    await staff.untold()
    await staff.erase(4)
    await staff.untold()

    assert await differences(here, KEEPER) == set()


async def test_a_person_who_waits_for_the_relay_is_no_difference_at_once(here: World) -> None:
    staff = Staff(here)
    await staff.list_some()
    await staff.put(2, "Bodil")

    assert await differences(here, KEEPER) == set()


async def test_a_person_who_was_told_otherwise_is_named(here: World) -> None:
    staff = Staff(here)
    await staff.list_some()
    await staff.put(1, "Anne")
    (message,) = await staff.untold()
    assert message.value is not None
    await here.send([replace(message, value=message.value.replace(b"Anne", b"Arne"))])

    person = f"people-{person_key(1)}@2"
    assert await differences(here, KEEPER) == {f"tampered in people: {person}"}


async def test_a_person_whom_the_directory_lost_is_named(here: World) -> None:
    staff = Staff(here)
    await staff.list_some()
    await here.database["people"].delete_one({"_id": person_key(3)})
    await here.database["people"].update_one({"_id": person_key(1)}, {"$set": {"event_id": "x"}})
    await here.send([Message(here.prefix + PEOPLE, b"people-x", b"{}", ())])

    found = await differences(here, KEEPER)
    assert {each.partition(here.prefix)[0] for each in found} == {
        f"hole in people: before people-{person_key(3)}@2",
        f"fork in {PEOPLE}: people-{person_key(1)}@1",
        f"undecodable in {PEOPLE}: ",
    }
