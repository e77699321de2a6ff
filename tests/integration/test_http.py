"""HTTP on the real store, relay and projector: what is answered has happened, and once."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.servers import Servers
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database, connect, database_of, prepare
from shared.eventstore.outbox import Mailer
from shared.eventstore.producer import Producer
from shared.eventstore.relay import Relay
from shared.eventstore.store import EventStore
from shared.eventstore.topics import topics_of
from shared.http import waiting
from shared.http.app import create_app
from shared.kernel.permissions import Actor
from shared.kernel.refusals import NotSignedIn
from shared.policy import load_policies
from shared.projections.projector import Projector, Reading
from shared.projections.rows import Rows
from shared.testing.kit import NOW, person
from tests.integration.reading_world import eventually, running
from tests.unit.http.any_bytes import PATHS, ask, bodies, headers, places, queries
from tests.unit.http.gardens import CODEC, GARDEN, VIEWS, Still, gardens_service

PLANTING = {"title": "Byhave", "plants": ["kale"]}
GARDENER = {"Authorization": "Bearer gardener.employee"}


class Named:
    """Believes tokens that say a name and roles; how real ones are verified is tried elsewhere."""

    async def actor(self, token: str) -> Actor:
        name, *roles = token.split(".")
        if not roles:
            raise NotSignedIn("token_invalid")
        return Actor(person_id=person(name), roles=frozenset(roles))


@dataclass
class Site:
    """Two processes' applications on one store, and a projector's views."""

    apps: tuple[Any, Any]
    database: Database

    def client(self, number: int = 0) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.apps[number])
        return httpx.AsyncClient(transport=transport, base_url="http://test", timeout=20)

    async def shows_what_happens(self) -> bool:
        """Whether topics, relay and projector have found each other, which takes a moment."""
        async with self.client() as client:
            planted = await client.post("/gardens", json=PLANTING, headers=GARDENER)
            seen = {"after": planted.json()["position"]}
            read = await client.get("/gardens", headers=GARDENER, params=seen)
            return read.status_code == 200

    async def commits(self) -> int:
        return await self.database["commits"].count_documents({})


@pytest.fixture(scope="module")
async def site(
    servers: Servers, prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    service = gardens_service(tmp_path_factory.mktemp("gardens"))
    client = connect(servers.mongo_uri)
    database = database_of(client, service.name, prefix)
    await prepare(database)
    topics = topics_of([GARDEN.kind], "gardens", prefix=prefix)
    producer = Producer(servers.kafka_bootstrap)
    relay = Relay(database, producer, topics, Mailer(CODEC, prefix))
    rows = Rows(service.name, database, VIEWS, CODEC)
    reading = Reading(service.name, servers.kafka_bootstrap, CODEC, prefix)
    projector = Projector(reading, database, VIEWS, on_progress=rows.moved)

    async def health() -> dict[str, Any]:
        return {"store": {"ok": True}}

    def app() -> Any:
        store = EventStore(database, CODEC, on_stored=relay.wake)
        dispatcher = Dispatcher(service, store, rows, load_policies(), lambda: NOW)
        return create_app(
            service, dispatcher=dispatcher, rows=rows, keys=Named(), clock=Still(), health=health
        )

    try:
        async with running(relay, projector):
            made = Site((app(), app()), database)
            await eventually(made.shows_what_happens, timeout_s=30)
            yield made
    finally:
        client.close()


async def test_a_read_sees_what_its_caller_has_just_done(site: Site) -> None:
    async with site.client() as client:
        planted = await client.post("/gardens", json=PLANTING, headers=GARDENER)
        key, after = planted.json()["id"], planted.json()["position"]
        added = await client.put(
            f"/gardens/{key}/beds/{uuid4()}", headers=GARDENER, params={"after": after}
        )
        read = await client.get(
            f"/gardens/{key}", headers=GARDENER, params={"after": added.json()["position"]}
        )

    assert planted.status_code == 201
    assert read.json()["item"] == {"garden_id": key, "title": "Byhave", "beds": 1}
    assert read.headers["etag"] == added.headers["etag"] == '"2"'


async def test_a_list_goes_on_from_page_to_page(site: Site) -> None:
    titles = [f"Liste {number}" for number in range(5)]
    async with site.client() as client:
        planted = [
            await client.post("/gardens", json={**PLANTING, "title": title}, headers=GARDENER)
            for title in titles
        ]
        seen = [each.json()["position"] for each in planted]
        parameters = {"sort": "-title", "limit": "2", "after": seen}
        page = await client.get("/gardens", params=parameters, headers=GARDENER)
        found = [each["title"] for each in page.json()["items"]]
        while link := page.links.get("next"):
            page = await client.get(link["url"], headers=GARDENER)
            found += [each["title"] for each in page.json()["items"]]
        unknown = await client.get("/gardens", params={"sort": "colour"}, headers=GARDENER)
        spoiled = await client.get("/gardens", params={"cursor": "colour"}, headers=GARDENER)

    assert [title for title in found if title in titles] == titles[::-1]
    assert page.json()["lag_s"] >= 0
    assert (unknown.status_code, unknown.json()["code"]) == (422, "sort_unknown")
    assert (spoiled.status_code, spoiled.json()["code"]) == (422, "cursor_malformed")


async def test_a_key_sent_to_two_processes_at_once_happens_once(site: Site) -> None:
    sent = {**GARDENER, "Idempotency-Key": uuid4().hex}
    before = await site.commits()
    async with site.client(0) as one, site.client(1) as two:
        answers = await asyncio.gather(
            *(each.post("/gardens", json=PLANTING, headers=sent) for each in [one, two] * 15)
        )
        other = await two.post("/gardens", json={"title": "Anden"}, headers=sent)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await site.commits() == before + 1


async def test_a_version_that_has_passed_is_412_in_every_process(site: Site) -> None:
    async with site.client(0) as one, site.client(1) as two:
        planted = await one.post("/gardens", json=PLANTING, headers=GARDENER)
        path = f"/gardens/{planted.json()['id']}/beds"
        expecting = {**GARDENER, "If-Match": planted.headers["etag"]}
        first = await two.put(f"{path}/{uuid4()}", headers=expecting)
        second = await one.put(f"{path}/{uuid4()}", headers=expecting)

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (412, "version_stale")


async def test_a_position_that_never_comes_is_waited_for_in_vain(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "WAIT_S", 0.1)
    before = await site.commits()
    async with site.client() as client:
        after = {"after": f"garden-{uuid4()}@9"}
        reading = await client.get("/gardens", headers=GARDENER, params=after)
        planting = await client.post("/gardens", json=PLANTING, headers=GARDENER, params=after)
        for answer in (reading, planting):
            assert (answer.status_code, answer.json()["code"]) == (503, "not_yet_visible")
            assert answer.headers["retry-after"] == "1"
        unheard = await client.get("/gardens", headers=GARDENER, params={"after": "theme-1@1"})
        assert (unheard.status_code, unheard.json()["code"]) == (422, "stream_not_followed")
    assert await site.commits() == before


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.sampled_from(PATHS),
    first=places,
    second=places,
    more=headers,
    body=bodies,
    query=queries.filter(lambda query: b"@" not in query),
)
async def test_bad_input_leaves_no_trace(
    site: Site,
    line: tuple[str, str],
    first: str,
    second: str,
    more: list[tuple[bytes, bytes]],
    body: bytes,
    query: bytes,
) -> None:
    sent = [
        *more,
        (b"content-type", b"application/json"),
        (b"authorization", b"Bearer gardener.employee.secretariat"),
    ]
    before = await site.commits()
    path = line[1].format(first, second)

    status, answered, content = await ask(site.apps[0], line[0], path, sent, body, query)

    told = json.loads(content)
    assert status < 500, told
    if status >= 400:
        assert answered[b"content-type"] == b"application/problem+json"
    changed = status < 400 and told["events"] and b"idempotency-replayed" not in answered
    assert await site.commits() - before == (1 if changed else 0)
