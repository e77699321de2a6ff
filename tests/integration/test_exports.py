"""The list of themes in every form, from the real store, relay and projector."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.servers import Servers
from services.themes.service import SERVICE
from shared.contracts.registry import CODEC
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import connect, database_of, prepare
from shared.eventstore.outbox import Mailer
from shared.eventstore.producer import Producer
from shared.eventstore.relay import Relay
from shared.eventstore.store import EventStore
from shared.eventstore.topics import topics_of
from shared.http import lists
from shared.http.app import create_app
from shared.http.media import Medium
from shared.kernel.permissions import Actor
from shared.policy import load_policies
from shared.projections.projector import Projector, Reading
from shared.projections.rows import Rows
from shared.testing.kit import NOW, person
from tests.integration.reading_world import eventually, running
from tests.unit.http.exported import Rows as Exported
from tests.unit.http.exported import read_csv, read_ndjson, read_xlsx, values
from tests.unit.http.gardens import Still

SECRETARIAT = {"Authorization": "Bearer secretary.secretariat"}
UNIT = str(uuid4())
TITLES = ["=1+1", "Zoner", "Ældre", "Åben skole", "Ønsker; og krav", '@unge "hjemme"', "Bo"]
IN_DANISH = ["@unge", "=1+1", "Bo", "Zoner", "Ældre", "Ønsker", "Åben"]
PROPOSAL = {
    "template_version": 1,
    "identified_need": "Flere er alene",
    "burning_platform": "- det stiger\n- og bliver ved",
    "network_potential": "På tværs",
    "demand_origins": ["bottom_up", "top_down"],
    "affected_departments": [UNIT],
}


class Named:
    """Believes tokens that say a name and a role."""

    async def actor(self, token: str) -> Actor:
        name, role = token.split(".")
        return Actor(person_id=person(name), roles=frozenset({role}))


@pytest.fixture(scope="module")
async def themes(servers: Servers, prefix: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service of themes, which has proposed TITLES and seen them."""
    client = connect(servers.mongo_uri)
    database = database_of(client, SERVICE.name, prefix)
    await prepare(database)
    kinds = CODEC.kinds.values()
    owners = {kind.owner for kind in kinds}
    topics = [topic for owner in owners for topic in topics_of(kinds, owner, prefix=prefix)]
    producer = Producer(servers.kafka_bootstrap)
    relay = Relay(database, producer, topics, Mailer(CODEC, prefix))
    rows = Rows(SERVICE.name, database, SERVICE.views, CODEC)
    reading = Reading(SERVICE.name, servers.kafka_bootstrap, CODEC, prefix)
    projector = Projector(reading, database, SERVICE.views, on_progress=rows.moved)
    store = EventStore(database, CODEC, on_stored=relay.wake)

    async def health() -> dict[str, Any]:
        return {}

    app = create_app(
        SERVICE,
        dispatcher=Dispatcher(SERVICE, store, rows, load_policies(), lambda: NOW),
        rows=rows,
        keys=Named(),
        clock=Still(),
        health=health,
    )
    transport = httpx.ASGITransport(app)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://test", timeout=20) as made,
        running(relay, projector),
    ):
        proposed = [
            await made.post("/themes", json={**PROPOSAL, "title": title}, headers=SECRETARIAT)
            for title in TITLES
        ]
        assert {each.status_code for each in proposed} == {201}, proposed[0].text
        after = [each.json()["position"] for each in proposed]

        async def seen() -> bool:
            read = await made.get("/themes", params={"after": after}, headers=SECRETARIAT)
            return read.status_code == 200

        await eventually(seen, timeout_s=60)
        yield made
    client.close()


async def test_every_form_of_a_list_has_the_rows_of_its_json(
    themes: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 3)  # so that there are several portions
    query = {"sort": "title", "state": "proposed", "proposer_id": str(person("secretary"))}

    async def export(medium: Medium) -> httpx.Response:
        headers = {**SECRETARIAT, "Accept": medium.value}
        answer = await themes.get("/themes", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer

    page = (await export(Medium.JSON)).json()
    shown = page["items"]
    assert [title.split(" ")[0].split(";")[0] for title in values(shown, "title")] == IN_DANISH

    ndjson = await export(Medium.NDJSON)
    assert read_ndjson(ndjson.content) == shown
    assert ndjson.headers["x-as-of"] >= page["as_of"][:19]
    assert ndjson.headers["x-filters"] == f"state=proposed&proposer_id={person('secretary')}"

    table = read_csv((await export(Medium.CSV)).content)
    sheet, about = read_xlsx((await export(Medium.XLSX)).content)
    assert (about["rows"], about["sort"]) == (len(TITLES), "title")
    assert list(table[0]) == list(sheet[0]) == list(shown[0])
    _compare(shown, table, sheet)


def _compare(shown: Exported, table: Exported, sheet: Exported) -> None:
    assert values(sheet, "title") == values(shown, "title")
    neutral = [f"'{title}" if title[0] in "=@" else title for title in values(shown, "title")]
    assert values(table, "title") == neutral
    assert set(values(sheet, "burning_platform")) == {PROPOSAL["burning_platform"]}
    assert set(values(table, "burning_platform")) == {f"'{PROPOSAL['burning_platform']}"}
    for item, line, row in zip(shown, table, sheet, strict=True):
        assert item["theme_id"] == line["theme_id"] == row["theme_id"]
        assert item["proposed_on"] == line["proposed_on"]
        assert row["proposed_on"] == datetime.fromisoformat(item["proposed_on"])
        assert line["demand_origins"] == row["demand_origins"] == "bottom_up; top_down"
        assert line["affected_departments"] == row["affected_departments"] == UNIT
        assert (item["proposal_no"], line["proposal_no"], row["proposal_no"]) == (1, "1", 1)
        assert (item["kle"], line["kle"], row["kle"]) == (None, "", None)


async def test_who_sees_the_own_themes_alone_exports_no_others(themes: httpx.AsyncClient) -> None:
    own = {"Authorization": "Bearer somebody.employee", "Accept": Medium.CSV.value}
    everything, others, mine = await asyncio.gather(
        themes.get("/themes", headers=own),
        themes.get("/themes", params={"proposer_id": str(person("secretary"))}, headers=own),
        themes.get("/themes", params={"proposer_id": str(person("somebody"))}, headers=own),
    )
    assert (everything.status_code, others.status_code) == (403, 403)
    assert read_csv(mine.content) == []
