"""The directory takes a table of people, keeps the last state of each, and forgets on request."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.local.servers import Servers
from services.training.domain.directory import COLUMNS
from services.training.people import MAX_TABLE_BYTES
from services.training.service import SERVICE
from shared.contracts.registry import CODEC
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database, connect, database_of, prepare
from shared.eventstore.directory import Directory, PeopleOutbox
from shared.eventstore.store import EventStore
from shared.http.app import create_app
from shared.kernel.permissions import Actor
from shared.kernel.refusals import NotSignedIn
from shared.policy import load_policies
from shared.projections.rows import Rows
from shared.runtime.clock import Clock
from shared.testing import SECRETARIAT, employee, person

NOW = datetime(2013, 9, 2, 8, 0, tzinfo=UTC)
ANNA, BO, UNIT = person("anna"), person("bo"), person("unit")
HEADER = ",".join(COLUMNS)
ANNA_ROW = f"{ANNA},Anna Andersen,anna@example.org,da,{UNIT},{BO},,chiefs|leaders"
BO_ROW = f"{BO},Bo Bech,bo@example.org,en,{UNIT},,4,"
WRONG_ROW = "42,,nobody,da,,,,"
BO_AS_JSON = {"name": "Bo Bech", "email": "bo@example.org", "language": "en"}

CALLERS = {
    "secretariat": SECRETARIAT,
    "director": employee("director", "municipal_director"),
    "manager": employee("manager", "line_manager"),
    "reporter": Actor(person_id=person("reporter"), roles=frozenset({"reporter"})),
}


class ByName:
    """Tokens are the names of the callers above."""

    async def actor(self, token: str) -> Actor:
        if token not in CALLERS:
            raise NotSignedIn("token_invalid")
        return CALLERS[token]


class Still(Clock):
    """A business clock that stands still."""

    def now(self) -> datetime:
        return NOW


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


@pytest.fixture
async def database(servers: Servers, prefix: str) -> AsyncIterator[Database]:
    """The database of training, empty."""
    client = connect(servers.mongo_uri)
    made = database_of(client, "training", prefix)
    await client.drop_database(made.name)
    await prepare(made)
    yield made
    client.close()


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The secretariat at the service's own application."""
    directory = Directory(database, CODEC, Still().now)
    await directory.prepare()
    rows = Rows("training", database, SERVICE.views, CODEC)
    store = EventStore(database, CODEC)

    async def health() -> dict[str, dict[str, Any]]:
        return {}

    app = create_app(
        SERVICE,
        dispatcher=Dispatcher(SERVICE, store, rows, load_policies(), Still().now),
        rows=rows,
        keys=ByName(),
        clock=Still(),
        health=health,
    )
    app.state.directory = directory
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://training",
        headers={"Authorization": "Bearer secretariat"},
    ) as client:
        yield client
    await store.close()


async def hand_in(http: httpx.AsyncClient, body: bytes, **more: Any) -> httpx.Response:
    headers = {"Content-Type": "text/csv; charset=utf-8", **more.pop("headers", {})}
    return await http.post("/people/imports", content=body, headers=headers, **more)


async def told(database: Database) -> dict[str, Any]:
    """What waits to be told, by the message's key; None is a tombstone."""
    page = await PeopleOutbox(database, CODEC).untold("", set())
    messages = [message for parcel in page.parcels for message in parcel.messages]
    return {each.key.decode(): each.value and json.loads(each.value)["data"] for each in messages}


async def test_a_table_is_imported_and_every_row_accounted_for(
    http: httpx.AsyncClient, database: Database
) -> None:
    answer = await hand_in(http, table(ANNA_ROW, BO_ROW))

    assert answer.status_code == 200
    report = answer.json()
    assert {name: report[name] for name in ("added", "changed", "unchanged", "wrong")} == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "wrong": 0,
    }
    assert report["rows"][0] == {
        "line": 2,
        "person_id": str(ANNA),
        "what": "added",
        "position": f"people-{ANNA}@1",
        "errors": [],
    }
    state = (await told(database))[f"people-{ANNA}"]
    assert (state["on"], state["name"], state["line_manager_id"]) == (
        "2013-09-02",
        "Anna Andersen",
        str(BO),
    )
    assert sorted(state["forums"]) == ["chiefs", "leaders"]


async def test_the_same_table_again_changes_nothing(
    http: httpx.AsyncClient, database: Database
) -> None:
    await hand_in(http, table(ANNA_ROW, BO_ROW))
    await database["people"].update_many({}, {"$unset": {"unpublished": ""}})

    again = await hand_in(http, table(ANNA_ROW, BO_ROW.replace("Bech", "Beck")))

    rows = again.json()["rows"]
    assert [(row["what"], row["position"]) for row in rows] == [
        ("unchanged", None),
        ("changed", f"people-{BO}@2"),
    ]
    assert list(await told(database)) == [f"people-{BO}"]


async def test_with_a_wrong_row_nothing_is_imported_and_the_problem_says_why(
    http: httpx.AsyncClient,
) -> None:
    answer = await hand_in(http, table(ANNA_ROW, WRONG_ROW, BO_ROW))

    assert answer.status_code == 422
    problem = answer.json()
    assert (problem["code"], problem["facts"]) == ("import_rows_wrong", {"wrong": 1, "rows": 3})
    assert [(each["code"], each["facts"]["line"]) for each in problem["errors"]] == [
        ("person_id_malformed", 3),
        ("name_malformed", 3),
        ("email_malformed", 3),
    ]
    assert (await http.get("/people")).json() == {"items": [], "next": None}


async def test_the_right_rows_are_imported_when_that_is_asked_for(http: httpx.AsyncClient) -> None:
    english = {"Accept-Language": "en"}
    answer = await hand_in(
        http, table(ANNA_ROW, WRONG_ROW), params={"partial": "true"}, headers=english
    )

    assert answer.status_code == 200
    right, wrong = answer.json()["rows"]
    assert (right["what"], wrong["what"], wrong["position"]) == ("added", "wrong", None)
    assert wrong["errors"][0] == {
        "code": "person_id_malformed",
        "column": "person_id",
        "message": "Give the person's UUID.",
    }
    assert [each["person_id"] for each in (await http.get("/people")).json()["items"]] == [
        str(ANNA)
    ]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (table(ANNA_ROW), {"Content-Type": "application/json"}, 415, "import_not_a_table"),
        (b"\xff\xfe" + table(ANNA_ROW), {}, 422, "import_not_utf8"),
        (b"", {}, 422, "import_header_wrong"),
        (b"a" * (MAX_TABLE_BYTES + 1), {}, 413, "body_too_large"),
    ],
)
async def test_what_is_no_table_is_turned_away(
    http: httpx.AsyncClient, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await hand_in(http, body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_one_person_is_put_and_read_and_put_again(http: httpx.AsyncClient) -> None:
    added = await http.put(f"/people/{BO}", json=BO_AS_JSON)
    again = await http.put(f"/people/{BO}", json=BO_AS_JSON)
    changed = await http.put(f"/people/{BO}", json={**BO_AS_JSON, "forums": ["directors"]})

    assert (added.status_code, added.headers["Location"]) == (201, f"/people/{BO}")
    assert (again.status_code, again.json()["what"]) == (200, "unchanged")
    assert again.json()["position"] == added.json()["position"] == f"people-{BO}@1"
    assert changed.json() == {
        "person_id": str(BO),
        "what": "changed",
        "position": f"people-{BO}@2",
    }
    item = (await http.get(f"/people/{BO}")).json()
    assert (item["name"], item["forums"], item["position"]) == (
        "Bo Bech",
        ["directors"],
        f"people-{BO}@2",
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name": ""}', "malformed"),
        (b'{"name": "Bo", "cpr": "x"}', "malformed"),
        (b'{"name": "Bo", "name": "Bo"}', "json_key_twice"),
        (b'{"name": "Bo\\u0000"}', "text_not_storable"),
        (b'{"name": "Bo", "line_manager_id": "%b"}' % str(BO).encode(), "own_line_manager"),
        (b"Bo", "json_malformed"),
    ],
)
async def test_a_person_who_is_wrong_is_turned_away(
    http: httpx.AsyncClient, body: bytes, code: str
) -> None:
    answer = await http.put(
        f"/people/{BO}", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
    assert (await http.get(f"/people/{BO}")).status_code == 404


async def test_who_is_erased_leaves_a_tombstone_and_no_name(
    http: httpx.AsyncClient, database: Database
) -> None:
    await http.put(f"/people/{BO}", json=BO_AS_JSON)

    erased = await http.delete(f"/people/{BO}")
    again = await http.delete(f"/people/{BO}")

    assert erased.json() == again.json()
    assert erased.json()["position"] == f"people-{BO}@2"
    assert await told(database) == {f"people-{BO}": None}
    assert "Bech" not in str([each async for each in database["people"].find()])
    assert (await http.get(f"/people/{BO}")).status_code == 404
    assert (await http.delete(f"/people/{ANNA}")).status_code == 404


async def test_who_comes_back_is_added_with_the_next_revision(http: httpx.AsyncClient) -> None:
    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    await http.delete(f"/people/{BO}")

    back = (await hand_in(http, table(BO_ROW))).json()["rows"][0]

    assert (back["what"], back["position"]) == ("added", f"people-{BO}@3")


async def test_people_are_read_page_by_page(http: httpx.AsyncClient) -> None:
    everyone = [UUID(int=number) for number in range(1, 6)]
    await hand_in(http, table(*(f"{each},Somebody,,,,,," for each in everyone)))

    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await http.get("/people", params=params)).json()
        seen += [each["person_id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == [str(each) for each in everyone]


@pytest.mark.parametrize("caller", ["director", "manager", "reporter"])
async def test_only_the_secretariat_keeps_and_reads_the_directory(
    http: httpx.AsyncClient, caller: str
) -> None:
    http.headers["Authorization"] = f"Bearer {caller}"
    answers = [
        await hand_in(http, table(ANNA_ROW)),
        await http.put(f"/people/{BO}", json=BO_AS_JSON),
        await http.delete(f"/people/{BO}"),
        await http.get("/people"),
        await http.get(f"/people/{BO}"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (403, "not_allowed")
    }


async def test_nobody_gets_in_without_a_token(http: httpx.AsyncClient) -> None:
    del http.headers["Authorization"]
    assert (await hand_in(http, table(ANNA_ROW))).status_code == 401


async def test_a_full_table_is_imported_in_one_request(http: httpx.AsyncClient) -> None:
    rows = [
        f"{UUID(int=number)},Somebody,a{number}@example.org,,{UNIT},,," for number in range(5000)
    ]

    assert (await hand_in(http, table(*rows))).json()["added"] == len(rows)
    assert (await hand_in(http, table(*rows))).json()["unchanged"] == len(rows)
