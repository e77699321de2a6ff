"""What is left of an erasure is done once, whoever dies in between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.local.mongo import SMALL, LocalMongo
from deploy.local.servers import Servers
from services.themes.domain.erasure import RecordThemesErasure
from services.themes.service import SERVICE
from shared.contracts.people import PERSON, PersonListed
from shared.contracts.registry import CODEC
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database, connect, database_of, prepare
from shared.eventstore.directory import Directory
from shared.eventstore.store import EventStore
from shared.eventstore.tombstones import tell_again
from shared.policy import load_policies
from shared.projections.rows import Rows
from shared.projections.tables import Tables
from shared.runtime.clock import Clock
from shared.runtime.erasing import Eraser, nothing_besides
from shared.runtime.parts import Parts
from shared.runtime.settings import Settings
from shared.testing import person
from shared.testing.kit import day

ANNA, BO = person("anna"), person("bo")
STREAM = PERSON.stream(str(ANNA))
NAME = "Ursulina Zwergentanz"
POSITION = f"{STREAM}@2"


class Killed(Exception):
    """Where a process ends in the middle."""


class DiesOnce:
    """Sends through the service's own dispatcher, but for the first time."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._died = False

    async def send(self, *args: Any, **more: Any) -> Any:
        if not self._died:
            self._died = True
            raise Killed
        return await self._dispatcher.send(*args, **more)


@pytest.fixture
async def database(servers: Servers, prefix: str) -> AsyncIterator[Database]:
    """The database of themes, with what is known of Anna and of Bo."""
    client = connect(servers.mongo_uri)
    made = database_of(client, "themes", prefix)
    await client.drop_database(made.name)
    await prepare(made)
    await Tables(made, SERVICE.views).prepare()
    await made["notes"].insert_many(
        [{"_id": str(n), "text": "Anna", "about": str(ANNA)} for n in range(3)]
        + [{"_id": "bo", "text": "Bo", "about": str(BO)}, {"_id": "nobody", "about": None}]
    )
    await made["refused_reactions"].insert_many(
        [
            {"_id": "anna", "position": f"{STREAM}@1"},
            {"_id": "kept", "position": "topic/0/7", "record": {"key": STREAM.encode()}},
            {"_id": "bo", "position": f"{PERSON.stream(str(BO))}@1"},
        ]
    )
    noted = {"_id": POSITION, "person_id": str(ANNA), "revision": 2, "views": 2, "parked": 1}
    await made["erasures"].insert_one(noted)
    yield made
    client.close()


@pytest.fixture
async def parts(database: Database) -> AsyncIterator[Parts]:
    """Everything a loop of themes is handed."""
    rows = Rows("themes", database, SERVICE.views, CODEC)
    store = EventStore(database, CODEC)
    dispatcher = Dispatcher(SERVICE, store, rows, load_policies(), Clock().now)
    yield Parts(
        dispatcher, rows, Clock(), Settings(port=0, jwks="", issuer="", role_map={}), database
    )
    await store.close()


def eraser(parts: Parts, dispatcher: Any = None) -> Eraser:
    handed = Parts(
        dispatcher or parts.dispatcher, parts.rows, parts.clock, parts.settings, parts.database
    )
    return Eraser(handed, RecordThemesErasure, nothing_besides)


async def left(database: Database) -> dict[str, set[str]]:
    """What there still is, by collection."""
    return {
        name: {each["_id"] async for each in database[name].find()}
        for name in ("notes", "refused_reactions", "erasures")
    }


async def told(database: Database) -> list[dict[str, Any]]:
    return [
        event["data"]
        async for commit in database["commits"].find().sort("_id", 1)
        for event in commit["events"]
    ]


OF_OTHERS = {"notes": {"bo", "nobody"}, "refused_reactions": {"bo"}, "erasures": set[str]()}
COUNTS = {"views": 2, "parked": 1, "notes": 3, "refused_reactions": 2, "mails": 0}


async def test_what_is_about_a_person_goes_and_what_is_about_others_stays(
    parts: Parts, database: Database
) -> None:
    assert await eraser(parts).erase_all() == 1

    assert await left(database) == OF_OTHERS
    (fact,) = await told(database)
    assert {name: fact[name] for name in COUNTS} == COUNTS
    assert await eraser(parts).erase_all() == 0


async def test_who_dies_after_removing_and_before_telling_loses_no_number(
    parts: Parts, database: Database
) -> None:
    with pytest.raises(Killed):
        await eraser(parts, DiesOnce(parts.dispatcher)).erase_all()
    assert await left(database) == {**OF_OTHERS, "erasures": {POSITION}}

    await eraser(parts).erase_all()

    assert await left(database) == OF_OTHERS
    (fact,) = await told(database)
    assert {name: fact[name] for name in COUNTS} == COUNTS


async def test_two_workers_erase_once(parts: Parts, database: Database) -> None:
    await asyncio.gather(*(eraser(parts).erase_all() for _ in range(4)))

    assert await left(database) == OF_OTHERS
    (fact,) = await told(database)
    assert {name: fact[name] for name in COUNTS} == COUNTS


async def test_a_tombstone_is_told_again_once_it_is_old_enough(database: Database) -> None:
    directory = Directory(database, CODEC, Clock().now, PersonListed)
    now = datetime.now(UTC)
    for each in (ANNA, BO):
        await directory.put(each, PersonListed(on=day("2013-09-02"), name="Somebody"))
    await directory.erase(ANNA)
    await database["people"].update_many({}, {"$unset": {"unpublished": ""}})

    assert await tell_again(database, PERSON, now - timedelta(hours=1)) == 0
    assert await tell_again(database, PERSON, now + timedelta(hours=1)) == 1
    assert await tell_again(database, PERSON, now + timedelta(hours=1)) == 0
    untold = [each["_id"] async for each in database["people"].find({"unpublished": True})]
    assert untold == [str(ANNA)]

    await directory.put(ANNA, PersonListed(on=day("2013-09-02"), name="Somebody"))
    await directory.erase(ANNA)
    assert await tell_again(database, PERSON, now + timedelta(hours=1)) == 1

    await directory.put(ANNA, PersonListed(on=day("2013-09-02"), name="Anybody"))
    assert await tell_again(database, PERSON, now + timedelta(hours=1)) == 1
    assert await tell_again(database, PERSON, now + timedelta(hours=1)) == 0


async def test_what_takes_long_is_not_told_by_the_log_of_mongodb(tmp_path: Path) -> None:
    server = LocalMongo(tmp_path, SMALL)
    await server.start()
    try:
        client = connect(server.uri)
        people = database_of(client, "training", "slow")["people"]
        await people.insert_one({"_id": NAME, "state": {"name": NAME}})
        slow = {"state.name": NAME, "$where": "sleep(300) || true"}
        assert await people.find_one(slow) is not None
        await people.update_one(slow, {"$set": {"state.name": f"{NAME}, senior"}})
        client.close()
    finally:
        await server.stop()
    assert server.child is not None
    assert "Shutting down" in server.child.log.read_text()
    assert NAME not in server.child.log.read_text()
