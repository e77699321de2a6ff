"""Who is erased is gone from every store and every topic; counts, costs and outcomes are not."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import bson
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from pymongo.errors import PyMongoError

from services.networks.service import SERVICE as NETWORKS
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.themes.service import SERVICE as THEMES
from services.training.service import SERVICE as TRAINING
from shared.contracts.people import PERSON
from shared.contracts.registry import CODEC
from shared.eventstore.database import connect, database_of
from shared.eventstore.tombstones import tell_again
from shared.eventstore.topics import LATEST
from shared.projections.history import read_all
from shared.projections.verify import verify
from tests.integration.patience import until
from tests.integration.services.bodies import BODIES
from tests.integration.services.municipality import UNIT, Municipality, until_seen
from tests.integration.services.town import Caller, Json

LONG_S = 120.0
LATER = datetime.now(UTC) + timedelta(days=2)
NAME = "Ursulina Zwergentanz"
EMAIL = "zwergentanz.u@kommune.example"
TRACES = tuple(
    each.encode() for text in (NAME, EMAIL) for each in (text, json.dumps(text), text.upper())
)
SERVICES = (TRAINING, THEMES, NETWORKS, NOTIFICATIONS)
EVERY = [each.name for each in SERVICES]
OF_PEOPLE = ("person", "address", "forum_members", "erasure_receipt", "delivery_log")
"""Views whose rows an erasure changes: they say who is there, and what mail still waits."""


async def test_an_erased_person_leaves_numbers_behind_and_no_name(here: Municipality) -> None:
    person = here.co_driver
    await known_everywhere(here, person)
    notes = await notes_about(here, person)
    assert await read_notes(here, notes) == [200, 200]
    assert await traces_in_stores(here) != []
    assert await traces_on_topics(here) != []
    counted = await counts(here)

    # One service is down, and another dies at work.
    await here.processes["themes"].child.kill()
    asked = await erase_while_a_worker_dies(here, person)
    receipt = await receipt_when(here, asked, waits_for=["themes"])
    assert {each["removed"] for each in lines_of(receipt, "themes")} == {None}
    here.processes["themes"] = await here.town.start("themes")
    receipt = await receipt_when(here, asked, waits_for=[])

    assert receipt["complete"]
    found = {(each["service"], each["place"]): each["removed"] for each in receipt["lines"]}
    assert found.pop(("notifications", "mails")) >= 1
    assert min(found.pop((name, "views")) for name in EVERY) >= 1
    assert found == {
        ("training", "directory"): 1,
        ("training", "topic"): None,
        ("training", "parked"): 1,
        ("training", "notes"): 1,
        ("training", "refused_reactions"): 0,
        ("themes", "parked"): 1,
        ("themes", "notes"): 0,
        ("themes", "refused_reactions"): 0,
        ("networks", "parked"): 1,
        ("networks", "notes"): 1,
        ("networks", "refused_reactions"): 0,
        ("notifications", "parked"): 1,
        ("notifications", "notes"): 0,
        ("notifications", "refused_reactions"): 0,
    }
    assert await traces_in_stores(here) == []
    assert await read_notes(here, notes) == [404, 404]
    await until_compacted(here)
    assert await traces_on_topics(here) == []
    assert await counts(here) == counted
    again = await receipt_when(here, await erase(here, person), waits_for=[])
    assert {each["removed"] for each in again["lines"]} == {0, None}
    assert await differences(here) == []


async def test_who_is_listed_again_is_listed_anew(here: Municipality) -> None:
    person = here.town.caller("employee")
    await list_under(here, person, NAME)
    asked = await erase(here, person)
    before = await receipt_when(here, asked, waits_for=[])

    listed = await list_under(here, person, "Another")

    assert (listed["what"], listed["position"]) == ("added", f"people-{person.person}@3")
    now = await receipt_when(here, asked, waits_for=[])
    assert (before["listed_again"], now["listed_again"]) == (False, True)
    assert {**now, "listed_again": False} == before
    assert await differences(here) == []
    again = await erase(here, person)
    assert again["erased_at"] == f"people-{person.person}@4"
    assert (await receipt_when(here, again, waits_for=[]))["erased_at"] > before["erased_at"]


async def test_who_is_listed_anew_at_once_is_erased_all_the_same(here: Municipality) -> None:
    for _ in range(3):
        person = here.town.caller("employee")
        await list_under(here, person, NAME)
        note = await leave_a_note(here, person)

        asked = await erase(here, person)
        anew = {"name": "Another", "org_unit_id": UNIT}
        await here.do(here.secretary, "PUT", f"/people/{person.person}", anew)

        receipt = await receipt_when(here, asked, waits_for=[])
        assert (receipt["complete"], receipt["listed_again"]) == (True, True)
        assert removed(receipt, "training", "notes") == 1
        assert await read_notes(here, [note]) == [404]
    assert await differences(here) == []


async def test_a_note_that_is_written_after_an_erasure_goes_with_the_next(
    here: Municipality,
) -> None:
    person = here.town.caller("employee")
    for was_listed in (0, 0):  # the first time the person never was there
        note = await leave_a_note(here, person)
        receipt = await receipt_when(here, await erase(here, person), waits_for=[])
        assert removed(receipt, "training", "directory") == was_listed
        assert removed(receipt, "training", "notes") == 1
        assert await read_notes(here, [note]) == [404]
    assert await differences(here) == []


async def test_only_the_secretariat_erases_and_sees_receipts(
    here: Municipality,
) -> None:
    path = f"/people/{here.manager.person}"
    for role in ("municipal_director", "line_manager", "reporter", "employee", "chefforum"):
        other = here.town.caller("employee", role)
        answer = await other.send(here.processes["training"], "DELETE", path)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        answer = await other.get(here.processes["training"], f"{path}/erasure")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    never = f"{path}/erasure"
    assert (await here.secretary.get(here.processes["training"], never)).status_code == 404


async def known_everywhere(here: Municipality, person: Caller) -> None:
    """The person has a name and an address, notes, mails sent and waiting, and a parked record."""
    await list_under(here, person, NAME, EMAIL)
    interest = {"wish": "co_drive", "themes": f"{NAME} vil gerne arbejde med børn."}
    await here.do(person, "POST", f"/leaders/{person.person}/interests", interest)
    selected = await here.select_a_theme()
    network = await here.network_of(selected["id"])
    path = f"/networks/{network['network_id']}"
    choice = {
        "person_id": str(here.leader.person),
        "decided_by": [str(here.chief.person)],
        "assessment_id": str(uuid4()),
        "line_manager_id": str(here.manager.person),
        "override": {"rules": ["R111", "R168"], "reason": "Uddannelsen er i gang."},
    }
    await here.do(here.chief, "PUT", f"{path}/leader", choice)
    joined = {
        "person_id": str(person.person),
        "theme_expertise": True,
        "rationale": f"{NAME} ({EMAIL}) kender området.",
        "assessment_id": str(uuid4()),
    }
    await here.do(here.leader, "PUT", f"{path}/co-driver", joined)
    override = {"rules": ["R144"], "reason": "Referencelederen findes undervejs."}
    begun = {"purpose": "Færre er alene", "base_anchor": UNIT, "override": override}
    await here.do(here.secretary, "POST", f"{path}/start", begun)
    await until_mails(here, person, "sent", at_least=1)
    (mail_server,) = [each for each in here.town.children if each.name == "mail"]
    await mail_server.kill()
    break_ = {**BODIES["StartNetworkBreak"], "expected_end": None}
    await here.do(here.leader, "POST", f"{path}/breaks", break_)
    await until_mails(here, person, "queued", at_least=1)
    await park_a_record_of(here, person)


async def list_under(
    here: Municipality, person: Caller, name: str, email: str | None = None
) -> Json:
    listed = {"name": name, "email": email, "org_unit_id": UNIT, "forums": ["leaders"]}
    answer = await here.do(here.secretary, "PUT", f"/people/{person.person}", listed)
    for path in ("/networks", "/themes", "/deliveries", "/leader-pool"):
        await until_seen(here, path, answer["position"])
    return answer


async def until_mails(here: Municipality, to: Caller, state: str, *, at_least: int) -> None:
    async def there() -> bool:
        rows = await here.rows("/deliveries", receiver=str(to.person), channel="email", state=state)
        tried = [each for each in rows if state == "sent" or each["attempts"]]
        return len(tried) >= at_least

    await until(there, LONG_S)


async def park_a_record_of(here: Municipality, person: Caller) -> None:
    """A record comes that is none of ours and names the person."""
    place = here.town
    stream = PERSON.stream(str(person.person))
    producer = AIOKafkaProducer(bootstrap_servers=place.servers.kafka_bootstrap)
    await producer.start()
    try:
        record = json.dumps({"name": NAME, "email": EMAIL}).encode()
        await producer.send_and_wait(f"{place.prefix}{PERSON.topic}", record, stream.encode())
    finally:
        await producer.stop()

    async def parked() -> bool:
        counts = [
            await place.database(name)["parked"].count_documents({"stream": stream})
            for name in EVERY
        ]
        return counts == [1] * len(EVERY)

    await until(parked, LONG_S)


async def notes_about(here: Municipality, person: Caller) -> list[tuple[str, str]]:
    """The services and the ids of what is noted about the person, as their facts name it."""
    places = (("training", "themes_note"), ("networks", "rationale_note"))
    return [
        (service, event["data"][field])
        for service, field in places
        for commit in await here.town.commits(service)
        for event in commit["events"]
        if field in event["data"] and event["data"]["person_id"] == str(person.person)
    ]


async def read_notes(here: Municipality, notes: list[tuple[str, str]]) -> list[int]:
    """What the secretariat is answered that asks for the notes."""
    return [
        (await here.secretary.get(here.processes[service], f"/notes/{note}")).status_code
        for service, note in notes
    ]


async def erase(here: Municipality, person: Caller) -> Json:
    return await here.do(here.secretary, "DELETE", f"/people/{person.person}")


async def erase_while_a_worker_dies(here: Municipality, person: Caller) -> Json:
    """Erase; the worker of networks cannot finish, is killed there, and has a successor."""
    place = here.town
    database = place.database("networks")
    about = {"about": str(person.person)}
    async with place.mongo.start_session() as session:
        held = asyncio.Event()
        released = asyncio.Event()

        async def hold() -> None:
            # The server ends a transaction after some seconds, so it is begun anew.
            while not released.is_set():
                with suppress(PyMongoError):
                    async with await session.start_transaction():
                        touch = {"$currentDate": {"held_at": True}}
                        await database["notes"].update_one(about, touch, session=session)
                        held.set()
                        with suppress(TimeoutError):
                            await asyncio.wait_for(released.wait(), 1.0)
                        await session.abort_transaction()

        holding = asyncio.create_task(hold())
        await held.wait()
        asked = await erase(here, person)

        async def noted() -> bool:
            return await database["erasures"].count_documents({"_id": asked["erased_at"]}) == 1

        await until(noted, LONG_S)
        await here.processes["networks worker"].child.kill()
        released.set()
        await holding
    assert await database["notes"].count_documents(about) == 1
    await database["notes"].update_many(about, {"$unset": {"held_at": ""}})
    here.processes["networks worker"] = await place.start("networks", "worker")
    return asked


async def receipt_when(here: Municipality, asked: Json, *, waits_for: list[str]) -> Json:
    """The receipt, as soon as only these services have not answered."""
    receipt: Json = {}

    async def answered() -> bool:
        answer = await here.secretary.get(
            here.processes["training"], asked["receipt"], after=asked["position"]
        )
        assert answer.status_code in (200, 503), answer.text
        receipt.update(answer.json())
        return receipt.get("waits_for") == waits_for

    await until(answered, LONG_S)
    return receipt


async def leave_a_note(here: Municipality, person: Caller) -> tuple[str, str]:
    """The person writes something about themself; gives the service and the note's id."""
    interest = {"wish": "co_drive", "themes": f"{NAME} vil gerne arbejde med børn."}
    await here.do(person, "POST", f"/leaders/{person.person}/interests", interest)
    return (await notes_about(here, person))[-1]


def removed(receipt: Json, service: str, place: str) -> int | None:
    (line,) = [each for each in lines_of(receipt, service) if each["place"] == place]
    number: int | None = line["removed"]
    return number


def lines_of(receipt: Json, service: str) -> list[Json]:
    return [each for each in receipt["lines"] if each["service"] == service]


def names_somebody(content: bytes) -> bool:
    return any(each in content for each in TRACES)


async def traces_in_stores(here: Municipality) -> list[str]:
    """Every document of every collection of every service that names the person, and every log."""
    found = []
    for name in EVERY:
        database = here.town.database(name)
        for collection in await database.list_collection_names():
            found += [
                f"{database.name}.{collection}: {each['_id']}"
                async for each in database[collection].find()
                if names_somebody(bson.encode(each))
            ]
    logs = (here.town.folder / "logs").glob("*.log")
    return found + [each.name for each in logs if names_somebody(each.read_bytes())]


async def traces_on_topics(here: Municipality) -> list[str]:
    """Every record of every topic that names the person, read from the beginning."""
    bootstrap = here.town.servers.kafka_bootstrap
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    topics = [each for each in await admin.list_topics() if each.startswith(here.town.prefix)]
    await admin.close()
    assert len(topics) >= 8
    return [
        f"{place}@{record.offset}"
        async for place, record in read_all(bootstrap, topics)
        if any(names_somebody(each) for each in parts_of(record))
    ]


def parts_of(record: Any) -> Iterator[bytes]:
    yield record.key or b""
    yield record.value or b""
    yield from (content for _, content in record.headers)


async def until_compacted(here: Municipality) -> None:
    """Have Kafka do within seconds what it otherwise does within two days."""
    place = here.town
    topic = f"{place.prefix}{PERSON.topic}"
    soon = {**LATEST, "max.compaction.lag.ms": "200", "segment.ms": "200"}
    admin = AIOKafkaAdminClient(bootstrap_servers=place.servers.kafka_bootstrap)
    await admin.start()
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, soon)])
    await admin.close()
    client = connect(place.servers.mongo_uri)
    # What the directory's owner does by itself a day later.
    assert await tell_again(database_of(client, "training", place.prefix), PERSON, LATER) == 1
    client.close()

    async def compacted() -> bool:
        return await traces_on_topics(here) == []

    await until(compacted, LONG_S)


async def counts(here: Municipality) -> dict[str, Any]:
    """Every row of every view of every service, except for those of who is there."""
    shown: dict[str, Any] = {}
    for service in SERVICES:
        database = here.town.database(service.name)
        for view in service.views:
            if view.name.removeprefix("view_") in OF_PEOPLE:
                continue
            rows = [each async for each in database[view.name].find().sort("_id")]
            shown[f"{service.name}/{view.name}"] = rows
    assert len(shown) >= 10
    return shown


async def differences(here: Municipality) -> list[str]:
    place = here.town
    client = connect(place.servers.mongo_uri)
    found = []
    for service in SERVICES:
        database = database_of(client, service.name, place.prefix)
        of_it = await verify(service, database, place.servers.kafka_bootstrap, CODEC, place.prefix)
        found += [str(each) for each in of_it if not each.harmless]
    client.close()
    return found
