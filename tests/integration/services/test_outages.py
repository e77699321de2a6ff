"""A service waits for its servers, outlives their deaths and its own, and loses nothing by it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from deploy.local.kafka import LocalKafka
from deploy.local.kafka_install import installed
from deploy.local.mongo import SMALL, LocalMongo, uri
from deploy.local.ports import LOOPBACK, kept_port
from deploy.local.servers import Servers
from shared.contracts.registry import CODEC
from tests.integration.patience import until
from tests.integration.services.networks import imported
from tests.integration.services.town import Caller, Process, Town, town
from tests.integration.telling import told

LONG_S = 120.0
"""For a server to be back, and for clients to find it."""


@dataclass
class Site:
    """Servers of a test's own, and a town that uses them."""

    mongo: LocalMongo
    kafka: LocalKafka
    town: Town

    @property
    def secretary(self) -> Caller:
        """Somebody who may import."""
        return self.town.caller("secretariat", "employee")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    mongo, kafka = LocalMongo(folder, SMALL), LocalKafka(folder, await installed(print))
    kafka_at = f"{LOOPBACK}:{kept_port(folder, 'kafka')}"
    servers = Servers(uri(kept_port(folder, "mongod")), kafka_at, ())
    async with town(folder, servers, "") as made:
        yield Site(mongo, kafka, made)
    await asyncio.gather(mongo.stop(), kafka.stop())
    shutil.rmtree(folder)


async def import_network(who: Caller, at: Process) -> str:
    """Import a network, once, asking until it is answered; gives the position."""
    key = str(uuid4())
    found: list[str] = []

    async def answered() -> bool:
        try:
            answer = await who.send(at, "POST", "/networks/import", imported(), key=key)
        except httpx.TransportError:
            return False
        assert answer.status_code in (201, 503), answer.text
        if answer.status_code == 201:
            found.append(answer.json()["position"])
        return bool(found)

    await until(answered, LONG_S)
    return found[0]


async def until_seen(who: Caller, at: Process, position: str) -> None:
    """Wait until the views of the service have a position."""

    async def seen() -> bool:
        answer = await who.get(at, "/networks", after=position, limit=1)
        assert answer.status_code in (200, 503), answer.text
        return answer.status_code == 200

    await until(seen, LONG_S)


async def until_said(process: Process, **parts: bool) -> None:
    """Wait until it says of its parts whether they are there."""

    async def said() -> bool:
        status, body = await process.health()
        assert status in (0, 200, 503)
        assert status == 0 or (status == 200) == all(e["ok"] for e in body["parts"].values())
        return status > 0 and all(body["parts"][name]["ok"] is ok for name, ok in parts.items())

    await until(said, LONG_S)


async def hold_that_everything_was_told_and_projected_once(
    place: Town, who: Caller, at: Process
) -> None:
    """Compare the store, the topic and a view that counts."""
    commits = await place.commits("networks")
    stored = [event["id"] for commit in commits for event in commit["events"]]

    async def all_told() -> bool:
        return not await place.database("networks")["commits"].count_documents(
            {"unpublished": True}
        )

    await until(all_told, LONG_S)
    topic = await told(
        place.servers.kafka_bootstrap, f"{place.prefix}netvaerk.networks", codec=CODEC
    )
    assert {each.id for each in topic.records} == set(stored)
    topic.in_order()
    for commit in commits:
        await until_seen(who, at, f"{commit['stream']}@{commit['last']}")
    reporter = place.caller("reporter")
    counted = await reporter.items(at, "/portfolio", half_year="2014-H1", network_type="welfare")
    assert [each["imported"] for each in counted] == [len(stored)]
    assert len(await reporter.items(at, "/networks")) == len(stored)


async def test_a_service_starts_without_its_servers_and_goes_to_work_when_they_come(
    site: Site,
) -> None:
    await asyncio.gather(site.mongo.stop(), site.kafka.stop())
    process = await site.town.start("networks", "both", ready=False)

    assert await process.health("live") == (200, {"ok": True})
    await until_said(process, mongodb=False, kafka=False)
    refused = await site.secretary.send(process, "POST", "/networks/import", imported())
    assert (refused.status_code, refused.json()["code"]) == (503, "store_unreachable")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == "1"
    unread = await site.secretary.get(process, "/networks")
    assert (unread.status_code, unread.json()["code"]) == (503, "store_unreachable")

    await site.mongo.start()
    await until_said(process, mongodb=True, kafka=False)
    position = await import_network(site.secretary, process)
    assert (await process.health("live"))[0] == 200

    await site.kafka.start()
    await process.until_ready(LONG_S)
    await until_seen(site.secretary, process, position)
    await hold_that_everything_was_told_and_projected_once(site.town, site.secretary, process)
    await process.child.stop()
    assert process.child.exit_code == 0


async def test_a_service_outlives_the_death_of_mongodb_and_of_kafka(site: Site) -> None:
    if site.mongo.child is None or site.mongo.child.exit_code is not None:
        await asyncio.gather(site.mongo.start(), site.kafka.start())
    process = await site.town.start("networks", "both")
    who = site.secretary
    await until_seen(who, process, await import_network(who, process))

    await site.mongo.kill()
    await until_said(process, mongodb=False)
    lost = await who.send(process, "POST", "/networks/import", imported())
    assert (lost.status_code, lost.json()["code"]) == (503, "store_unreachable")
    waiting = [asyncio.create_task(import_network(who, process)) for _ in range(10)]
    await site.mongo.start()
    for position in await asyncio.gather(*waiting):
        await until_seen(who, process, position)
    await process.until_ready(LONG_S)

    await site.kafka.kill()
    await until_said(process, mongodb=True, kafka=False)
    positions = [await import_network(who, process) for _ in range(10)]  # nobody has to wait
    await site.kafka.start()
    for position in positions:
        await until_seen(who, process, position)
    await process.until_ready(LONG_S)

    await asyncio.gather(site.mongo.kill(), site.kafka.kill())
    await until_said(process, mongodb=False, kafka=False)
    waiting = [asyncio.create_task(import_network(who, process)) for _ in range(10)]
    await asyncio.gather(site.mongo.start(), site.kafka.start())
    await asyncio.gather(*waiting)
    await hold_that_everything_was_told_and_projected_once(site.town, who, process)
    assert process.lives
    await process.child.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(
    servers: Servers, prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("place")
    async with town(folder, servers, prefix) as made:
        yield made
    shutil.rmtree(folder)


async def test_a_process_that_is_told_to_stop_answers_what_is_under_way(place: Town) -> None:
    api = await place.start("networks", "api")
    who = place.caller("secretariat")
    before = len(await place.commits("networks"))
    sent = [
        asyncio.create_task(who.send(api, "POST", "/networks/import", imported()))
        for _ in range(50)
    ]
    await sent[0]
    await api.child.stop()
    assert {(await each).status_code for each in sent} == {201}
    assert api.child.exit_code == 0
    assert len(await place.commits("networks")) == before + len(sent)


async def test_a_worker_that_is_killed_again_and_again_leaves_nothing_untold(place: Town) -> None:
    api, worker = await place.start_all([("networks", "api"), ("networks", "worker")])
    who = place.caller("secretariat", "employee")
    for _ in range(3):
        sent = [asyncio.create_task(import_network(who, api)) for _ in range(40)]
        # It dies with some told and projected, and others stored or on their way.
        await until_seen(who, api, await sent[0])
        await worker.child.kill()
        await asyncio.gather(*sent)
        worker = await place.start("networks", "worker", ready=False)
    await hold_that_everything_was_told_and_projected_once(place, who, api)
