"""The directory takes a table of people, keeps the last state of each, and forgets on request."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from deploy.local.servers import Servers
from services.training.domain.directory.people import COLUMNS
from services.training.queries.tables import MAX_TABLE_BYTES
from services.training.service import SERVICE
from shared.contracts.messages import decode_message
from shared.contracts.people import PERSON, PersonListed
from shared.contracts.registry import CODEC, STATES
from shared.contracts.units import OrgUnitListed
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database, connect, database_of, prepare
from shared.eventstore.directory import Directory, DirectoryOutbox
from shared.eventstore.republish import republish
from shared.eventstore.store import EventStore
from shared.http.app import create_app
from shared.kernel.permissions import Actor
from shared.kernel.refusals import NotSignedIn, NotYet
from shared.observability.logs import configure
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
REMARKS = [
    {
        "code": "org_unit_not_listed",
        "column": "org_unit_id",
        "message": "Rækken er taget med. Importér også enheden, eller ret UUID'et.",
    }
]
BO_AS_JSON = {"name": "Bo Bech", "email": "bo@example.org", "language": "en"}

UNIT_IMPORTS = "/org-units/imports"
WELFARE, GROWTH, THIRD = person("welfare"), person("growth"), person("third")
SCHOOLS, CARE, HEALTH, CHILDREN = (person(f"welfare {number}") for number in range(4))
ROADS, PARKS, CULTURE, WORK = (person(f"growth {number}") for number in range(4))
BASE = (
    f"directorate;{WELFARE};Velfærd;",
    f"directorate;{GROWTH};Vækst;",
    *(f"department;{each};Afdeling;{WELFARE}" for each in (SCHOOLS, CARE, HEALTH, CHILDREN)),
    *(f"department;{each};Afdeling;{GROWTH}" for each in (ROADS, PARKS, CULTURE, WORK)),
)

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


def units_table(*rows: str) -> bytes:
    return "\n".join(("kind;unit_id;name;parent_id", *rows, "")).encode()


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
    directory = Directory(database, CODEC, Still().now, PersonListed)
    units = Directory(database, CODEC, Still().now, OrgUnitListed)
    await directory.prepare()
    await units.prepare()
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
    app.state.units = units
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://training",
        headers={"Authorization": "Bearer secretariat"},
    ) as client:
        yield client
    await store.close()


async def hand_in(http: httpx.AsyncClient, body: bytes, **more: Any) -> httpx.Response:
    headers = {"Content-Type": "text/csv; charset=utf-8", **more.pop("headers", {})}
    to = more.pop("to", "/people/imports")
    return await http.post(to, content=body, headers=headers, **more)


async def everything(database: Database) -> list[Any]:
    """All that the directory has stored."""
    return [each for kind in STATES async for each in database[kind.name].find().sort("_id", 1)]


async def told(database: Database) -> dict[str, Any]:
    """What waits to be told, by the message's key; None is a tombstone."""
    outboxes = [DirectoryOutbox(database, CODEC, kind=kind) for kind in STATES]
    pages = [await each.untold("", set()) for each in outboxes]
    parcels = [parcel for page in pages for parcel in page.parcels]
    messages = [message for parcel in parcels for message in parcel.messages]
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
        "about": "person",
        "line": 2,
        "person_id": str(ANNA),
        "org_unit_id": None,
        "what": "added",
        "position": f"people-{ANNA}@1",
        "errors": [],
        "remarks": REMARKS,
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
    assert (problem["code"], problem["facts"]["wrong"], problem["facts"]["rows"]) == (
        "import_rows_wrong",
        1,
        3,
    )
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
        (table(ANNA_ROW), {"Content-Type": "text/plain"}, 415, "import_not_a_table"),
        (table(ANNA_ROW), {"Content-Type": "application/json"}, 400, "json_malformed"),
        (b'{"people": []}', {"Content-Type": "application/json"}, 422, "import_names_nothing"),
        (b"\xff\xfe" + table(ANNA_ROW), {}, 422, "import_not_utf8"),
        (b"", {}, 422, "import_header_wrong"),
        (b"a" * (MAX_TABLE_BYTES + 1), {}, 413, "file_too_large"),
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


async def told_in_order(database: Database) -> list[tuple[str, Any]]:
    """What waits to be told of people, in its order: the position, and the name or None."""
    page = await DirectoryOutbox(database, CODEC, kind=PERSON).untold("", set())
    messages = [message for parcel in page.parcels for message in parcel.messages]
    facts = [
        decode_message(each.topic, each.key, each.value, each.headers, CODEC) for each in messages
    ]
    return [(each.position, getattr(each.event, "name", None)) for each in facts]


async def test_who_is_erased_leaves_a_tombstone_and_no_name(
    http: httpx.AsyncClient, database: Database
) -> None:
    await http.put(f"/people/{BO}", json=BO_AS_JSON)

    erased = await http.delete(f"/people/{BO}")

    assert erased.json()["erased_at"] == f"people-{BO}@2"
    assert erased.json()["position"] == f"erasure-{BO}@1"
    assert await told(database) == {f"people-{BO}": None}
    assert "Bech" not in str([each async for each in database["people"].find()])
    assert (await http.get(f"/people/{BO}")).status_code == 404


async def test_erasing_again_lays_a_new_tombstone_so_that_every_service_looks_again(
    http: httpx.AsyncClient, database: Database
) -> None:
    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    await http.delete(f"/people/{BO}")
    await database["people"].update_many({}, {"$unset": {"unpublished": ""}})

    again = await http.delete(f"/people/{BO}")

    assert again.json()["erased_at"] == f"people-{BO}@3"
    assert await told(database) == {f"people-{BO}": None}


async def test_who_never_was_listed_is_erased_as_well(
    http: httpx.AsyncClient, database: Database
) -> None:
    erased = await http.delete(f"/people/{ANNA}")

    assert (erased.status_code, erased.json()["erased_at"]) == (200, f"people-{ANNA}@1")
    assert await told(database) == {f"people-{ANNA}": None}
    commits = [each async for each in database["commits"].find()]
    asked = [event["data"] for each in commits for event in each["events"]]
    assert [(each["revision"], each["was_listed"]) for each in asked] == [(1, False)]


async def test_who_is_listed_anew_before_the_tombstone_was_told_has_both_told(
    http: httpx.AsyncClient, database: Database
) -> None:
    outbox = DirectoryOutbox(database, CODEC, kind=PERSON)
    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    await http.delete(f"/people/{BO}")
    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    on_its_way = await outbox.untold("", set())
    await http.put(f"/people/{BO}", json={**BO_AS_JSON, "name": "Bo Beck"})
    await outbox.mark([each.id for each in on_its_way.parcels])

    both = [(f"people-{BO}@2", None), (f"people-{BO}@4", "Bo Beck")]
    assert await told_in_order(database) == both
    await outbox.mark([f"{BO}@4"])
    assert await told_in_order(database) == []
    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    assert [position for position, _ in await told_in_order(database)] == [f"people-{BO}@5"]


async def test_whoever_was_changed_or_erased_since_they_were_read_is_not_written(
    http: httpx.AsyncClient, database: Database
) -> None:
    directory = Directory(database, CODEC, Still().now, PersonListed)
    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    read = (await directory.find([BO]))[BO]
    await http.delete(f"/people/{BO}")

    with pytest.raises(NotYet, match="changed_meanwhile"):
        await directory.put(BO, read.state, was=read.revision)
    with pytest.raises(NotYet, match="changed_meanwhile"):
        await directory.erase_as(BO, read.revision + 1)

    assert await told(database) == {f"people-{BO}": None}


async def test_of_those_who_list_or_erase_one_at_once_one_wins_each_revision(
    http: httpx.AsyncClient, database: Database
) -> None:
    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    sent = [http.delete(f"/people/{BO}") for _ in range(5)]
    sent += [http.put(f"/people/{BO}", json={**BO_AS_JSON, "name": f"Bo {n}"}) for n in range(5)]

    answers = await asyncio.gather(*sent)

    statuses = {each.status_code for each in answers}
    assert statuses <= {200, 201, 503}
    turned_away = [each for each in answers if each.status_code == 503]
    assert {each.json()["code"] for each in turned_away} <= {"changed_meanwhile"}
    stored = await database["people"].find_one({"_id": str(BO)})
    assert stored is not None
    assert stored["revision"] == 1 + len(answers) - len(turned_away)


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


async def test_two_directorates_of_four_departments_are_imported_and_a_third_needs_no_more(
    http: httpx.AsyncClient, database: Database
) -> None:
    first = await hand_in(http, units_table(*BASE), to="/org-units/imports")
    third = await hand_in(http, units_table(f"directorate;{THIRD};Udvikling;"), to=UNIT_IMPORTS)

    assert (first.status_code, first.json()["added"], third.json()["added"]) == (200, 10, 1)
    assert first.json()["rows"][2] == {
        "about": "org_unit",
        "line": 4,
        "person_id": None,
        "org_unit_id": str(SCHOOLS),
        "what": "added",
        "position": f"units-{SCHOOLS}@1",
        "errors": [],
        "remarks": [],
    }
    state = (await told(database))[f"units-{SCHOOLS}"]
    assert (state["kind"], state["parent_id"]) == ("department", str(WELFARE))


async def test_the_same_units_again_change_nothing(
    http: httpx.AsyncClient, database: Database
) -> None:
    await hand_in(http, units_table(*BASE), to=UNIT_IMPORTS)
    await database["units"].update_many({}, {"$unset": {"unpublished": ""}})
    assert (await hand_in(http, units_table(*BASE), to=UNIT_IMPORTS)).json()["unchanged"] == 10
    assert await told(database) == {}


async def test_a_unit_below_none_or_below_itself_is_turned_away(http: httpx.AsyncClient) -> None:
    nowhere = await hand_in(http, units_table(*BASE[2:]), to=UNIT_IMPORTS)
    facts = nowhere.json()["facts"]
    assert (nowhere.status_code, facts["wrong"], facts["rows"]) == (422, 8, 8)
    assert {each["code"] for each in nowhere.json()["errors"]} == {"parent_unknown"}

    await hand_in(http, units_table(*BASE), to=UNIT_IMPORTS)
    below = {"kind": "directorate", "name": "Velfærd", "parent_id": str(SCHOOLS)}
    circle = await http.put(f"/org-units/{WELFARE}", json=below)
    assert (circle.status_code, circle.json()["code"]) == (422, "parent_not_placed")


async def test_one_unit_is_put_and_put_again_and_removed_once_it_is_empty(
    http: httpx.AsyncClient, database: Database
) -> None:
    body = {"kind": "department", "name": "Skoler"}
    added = await http.put(f"/org-units/{UNIT}", json=body)
    again = await http.put(f"/org-units/{UNIT}", json=body)
    await http.put(f"/people/{BO}", json={**BO_AS_JSON, "org_unit_id": str(UNIT)})
    await http.put(f"/org-units/{SCHOOLS}", json={**body, "parent_id": str(UNIT)})
    in_use = await http.delete(f"/org-units/{UNIT}")

    assert (added.status_code, added.headers["Location"]) == (201, f"/org-units/{UNIT}")
    assert (again.status_code, again.json()["what"]) == (200, "unchanged")
    assert again.json()["position"] == f"units-{UNIT}@1"
    assert (in_use.status_code, in_use.json()["code"]) == (409, "org_unit_in_use")
    assert in_use.json()["facts"] == {"units": 1, "people": 1}

    await http.put(f"/people/{BO}", json=BO_AS_JSON)
    await http.put(f"/org-units/{SCHOOLS}", json=body)
    removed = await http.delete(f"/org-units/{UNIT}")
    assert removed.json()["position"] == f"units-{UNIT}@2"
    assert (await told(database))[f"units-{UNIT}"] is None
    assert (await http.delete(f"/org-units/{THIRD}")).status_code == 404


EXPORT: dict[str, Any] = {
    "org_units": [
        {"uuid": str(WELFARE), "name": "Velfærd", "org_unit_type": {"name": "Direktørområde"}},
        {"uuid": str(SCHOOLS), "name": "Skoler", "parent": {"uuid": str(WELFARE)}},
    ],
    "employees": [
        {
            "uuid": str(ANNA),
            "givenname": "Anna",
            "surname": "Andersen",
            "cpr_no": "0101801234",
            "engagements": [{"org_unit": {"uuid": str(SCHOOLS)}}],
            "addresses": [{"value": "anna@example.org", "address_type": {"scope": "EMAIL"}}],
        },
        {
            "uuid": str(BO),
            "name": "Bo Bech",
            "engagements": [{"org_unit": {"uuid": str(WELFARE)}}],
            "associations": [{"association_type": {"name": "Chefforum"}}],
        },
    ],
    "managers": [
        {
            "person": {"uuid": str(BO)},
            "org_unit": {"uuid": str(WELFARE)},
            "manager_level": {"name": "Niveau 3"},
        }
    ],
}


async def test_what_os2mo_exports_is_imported_with_a_report_for_each_unit_and_person(
    http: httpx.AsyncClient, database: Database
) -> None:
    first = await http.post("/people/imports", json=EXPORT)
    again = await http.post("/people/imports", json=EXPORT)

    assert first.status_code == 200
    assert [(row["about"], row["line"], row["what"]) for row in first.json()["rows"]] == [
        ("org_unit", 1, "added"),
        ("org_unit", 2, "added"),
        ("person", 1, "added"),
        ("person", 2, "added"),
    ]
    assert again.json()["unchanged"] == 4
    anna, bo = [(await http.get(f"/people/{each}")).json() for each in (ANNA, BO)]
    assert (anna["line_manager_id"], anna["org_unit_id"]) == (str(BO), str(SCHOOLS))
    assert (bo["management_level"], bo["forums"], bo["line_manager_id"]) == (3, ["chiefs"], None)
    assert "0101801234" not in str([await everything(database), first.text, again.text])


async def test_an_export_and_a_table_of_the_same_people_come_to_the_same(
    http: httpx.AsyncClient,
) -> None:
    await http.post("/people/imports", json=EXPORT)
    row = f"{ANNA},Anna Andersen,anna@example.org,da,{SCHOOLS},{BO},,"
    assert (await hand_in(http, table(row))).json()["unchanged"] == 1


async def test_a_wrong_export_leaves_nothing_behind_and_says_nothing_of_what_was_sent(
    http: httpx.AsyncClient, database: Database
) -> None:
    anna, bo = EXPORT["employees"]
    wrong = {**EXPORT, "employees": [{**anna, "surname": "010180-1234"}, bo]}
    turned_away = await http.post("/people/imports", json=wrong)

    assert (turned_away.status_code, turned_away.json()["code"]) == (422, "import_rows_wrong")
    assert turned_away.json()["errors"][0]["code"] == "cpr_not_taken"
    assert "010180-1234" not in turned_away.text
    assert await everything(database) == []

    partly = await http.post("/people/imports", json=wrong, params={"partial": "true"})
    assert (partly.json()["added"], partly.json()["wrong"]) == (3, 1)
    assert "010180-1234" not in partly.text + str(await everything(database))


async def test_whom_a_row_names_and_nobody_knows_is_remarked_on(http: httpx.AsyncClient) -> None:
    await hand_in(http, units_table(*BASE), to=UNIT_IMPORTS)
    row = f"{ANNA},Anna Andersen,,,{SCHOOLS},{BO},,"

    alone, together = await hand_in(http, table(row)), await hand_in(http, table(row, BO_ROW))

    assert alone.json()["added"] == 1
    (of_anna,) = alone.json()["rows"]
    assert [each["code"] for each in of_anna["remarks"]] == ["line_manager_not_listed"]
    codes = [[each["code"] for each in row["remarks"]] for row in together.json()["rows"]]
    assert codes == [[], ["org_unit_not_listed"]]


async def test_what_os2mo_does_not_say_takes_nothing_away(http: httpx.AsyncClient) -> None:
    await http.post("/people/imports", json=EXPORT)
    before = (await http.get(f"/people/{ANNA}")).json()
    silent = {"addresses": None, "engagements": None, "associations": None}
    anna = {"uuid": str(ANNA), "current": {"name": "Anna Andersen", **silent}}

    again = await http.post("/people/imports", json={"employees": {"objects": [anna]}})

    assert again.json()["unchanged"] == 1
    assert (await http.get(f"/people/{ANNA}")).json() == before
    wrong = {**EXPORT, "managers": "x"}
    assert (await http.post("/people/imports", json=wrong)).json()["code"] == "export_malformed"


async def test_a_unit_whose_name_holds_a_civil_registration_number_is_turned_away(
    http: httpx.AsyncClient,
) -> None:
    put = await http.put(
        f"/org-units/{UNIT}", json={"kind": "department", "name": "Hos 010180 1234"}
    )
    row = f"department;{UNIT};Hos 010180.1234;"
    imported = await hand_in(http, units_table(row), to=UNIT_IMPORTS)

    assert put.json()["code"] == imported.json()["errors"][0]["code"] == "cpr_not_taken"


async def test_an_import_that_was_cut_off_is_finished_by_the_same_request(
    http: httpx.AsyncClient, database: Database
) -> None:
    await http.post("/people/imports", json=EXPORT)
    await database["people"].delete_one({"_id": str(ANNA)})

    again = (await http.post("/people/imports", json=EXPORT)).json()
    assert [row["what"] for row in again["rows"]] == [*["unchanged"] * 2, "added", "unchanged"]


async def test_people_and_units_are_told_again_on_request(
    http: httpx.AsyncClient, database: Database
) -> None:
    await http.post("/people/imports", json=EXPORT)
    for kind in STATES:
        await database[kind.name].update_many({}, {"$unset": {"unpublished": ""}})

    await republish(database)

    assert set(await told(database)) == {
        *(f"people-{each}" for each in (ANNA, BO)),
        *(f"units-{each}" for each in (WELFARE, SCHOOLS)),
    }


CROWD = (
    f"{UUID(int=1)},Åse Ås,aase@example.org,,{SCHOOLS},{BO},,",
    f"{UUID(int=2)},Ærlig Ærø,aerlig@example.org,,{WELFARE},{BO},4,leaders",
    f"{UUID(int=3)},Øjvind Ø,oe@example.org,,{CARE},,3,chiefs|leaders",
    f"{UUID(int=4)},Zara Zar,zara@example.net,,{ROADS},{ANNA},4,",
    f"{UUID(int=5)},anders And,,,,,,",
)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"sort": "-person_id"}, [5, 4, 3, 2, 1]),
        ({"sort": "name"}, [5, 4, 2, 3, 1]),
        ({"sort": "-name"}, [1, 3, 2, 4, 5]),
        ({"org_unit_id": str(SCHOOLS)}, [1]),
        ({"org_unit_id": str(WELFARE)}, [1, 2, 3]),
        ({"org_unit_id": str(THIRD)}, []),
        ({"forum": "leaders"}, [2, 3]),
        ({"management_level": "4"}, [2, 4]),
        ({"management_level": "4", "org_unit_id": str(WELFARE)}, [2]),
        ({"line_manager_id": str(BO)}, [1, 2]),
        ({"text": "ærø"}, [2]),
        ({"text": "EXAMPLE.NET"}, [4]),
        ({"text": ".*"}, []),
        ({"text": "example", "forum": "chiefs"}, [3]),
    ],
)
async def test_people_are_found_by_what_is_known_of_them(
    http: httpx.AsyncClient, params: dict[str, str], found: list[int]
) -> None:
    await hand_in(http, units_table(*BASE), to=UNIT_IMPORTS)
    await hand_in(http, table(*CROWD))

    seen: list[int] = []
    path: str | None = "/people"
    asked: dict[str, str] | None = {**params, "limit": "2"}
    while path is not None:
        answer = await http.get(path, params=asked)
        assert answer.status_code == 200
        seen += [UUID(each["person_id"]).int for each in answer.json()["items"]]
        path, asked = answer.links.get("next", {}).get("url"), None
    assert seen == found


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"sort": "email"}, "malformed"),
        ({"forum": "kings"}, "malformed"),
        ({"text": "\x00"}, "malformed"),
        ({"text": ""}, "malformed"),
        ({"limit": "501"}, "malformed"),
        ({"management_level": "10"}, "malformed"),
        ({"cursor": "x"}, "cursor_malformed"),
    ],
)
async def test_a_question_that_makes_no_sense_is_turned_away(
    http: httpx.AsyncClient, params: dict[str, str], code: str
) -> None:
    answer = await http.get("/people", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_who_looked_at_whom_is_logged_without_a_name(http: httpx.AsyncClient) -> None:
    await hand_in(http, table(ANNA_ROW, BO_ROW))
    with capture_logs() as logs:
        await http.get("/people", params={"text": "Anna", "sort": "name"})
        await http.get(f"/people/{BO}")
        await http.put(f"/people/{BO}", json=BO_AS_JSON)

    noted = [each for each in logs if each["event"] in {"people_read", "person_put"}]
    assert [(each["actor"], each.get("people", each.get("person_id"))) for each in noted] == [
        (str(SECRETARIAT), str(ANNA)),
        (str(SECRETARIAT), str(BO)),
        (str(SECRETARIAT), str(BO)),
    ]
    assert noted[0]["filters"] == "text"
    assert "Anna" not in str(logs)
    assert "Bech" not in str(logs)


async def test_the_log_of_a_running_service_holds_everybody_who_was_looked_at(
    http: httpx.AsyncClient,
) -> None:
    everyone = [str(UUID(int=number)) for number in range(1, 51)]
    await hand_in(http, table(*(f"{each},Somebody,,,,,," for each in everyone)))
    root = logging.getLogger()
    before, written = (root.handlers[:], root.level), io.StringIO()
    configure("training", to=written)
    try:
        await http.get("/people")
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = before

    lines = [json.loads(each) for each in written.getvalue().splitlines()]
    read = [each["people"] for each in lines if each["event"] == "people_read"]
    assert " ".join(read).split() == everyone
    assert {each["actor"] for each in lines if "actor" in each} == {str(SECRETARIAT)}


@pytest.mark.parametrize("caller", ["director", "manager", "reporter"])
async def test_only_the_secretariat_keeps_the_units_and_imports_an_export(
    http: httpx.AsyncClient, caller: str
) -> None:
    http.headers["Authorization"] = f"Bearer {caller}"
    answers = [
        await http.post("/people/imports", json=EXPORT),
        await hand_in(http, units_table(*BASE), to=UNIT_IMPORTS),
        await http.put(f"/org-units/{UNIT}", json={"kind": "team", "name": "Team"}),
        await http.delete(f"/org-units/{UNIT}"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (403, "not_allowed")
    }


@pytest.mark.parametrize(
    ("caller", "status"),
    [("secretariat", 200), ("director", 200), ("reporter", 200), ("manager", 403)],
)
async def test_units_are_read_by_those_who_read_reports(
    http: httpx.AsyncClient, caller: str, status: int
) -> None:
    http.headers["Authorization"] = f"Bearer {caller}"
    assert (await http.get("/org-units")).status_code == status
