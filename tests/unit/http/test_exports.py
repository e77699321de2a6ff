"""Lists in other forms: the same rows, all of them, by the same right, and nothing that reckons."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI, Request
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from shared.http import workbook
from shared.http.app import create_app
from shared.http.cells import cell, may_be_formula
from shared.http.lists import ListRoute
from shared.http.media import Medium, chosen
from shared.http.reading import Listing, Page, Reading, json_alone
from shared.http.refusals import NotAcceptable
from shared.http.tables import About, Table
from shared.http.workbook import write_workbook
from shared.kernel.facts import Row
from shared.kernel.permissions import role
from shared.kernel.refusals import NotYet
from shared.kernel.services import Service
from shared.testing.kit import NOW, person
from tests.unit.http.exported import (
    in_portions,
    opened,
    read_csv,
    read_ndjson,
    read_rows,
    read_xlsx,
    values,
)
from tests.unit.http.gardens import Overview, Shelf, Still

TABLES = (Medium.CSV, Medium.XLSX, Medium.NDJSON)
MANY = 1203
ABOUT = About("gardens", NOW, 0.25, "", {})

in_each_form = pytest.mark.parametrize("medium", TABLES, ids=lambda medium: medium.name)


def client_of(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
def full(make_app: Callable[..., Any]) -> httpx.AsyncClient:
    """A service with more gardens than one portion holds."""
    return client_of(make_app(rows=Shelf(MANY)))


# --- which form ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "medium"),
    [
        (None, Medium.JSON),
        ("", Medium.JSON),
        ("*/*", Medium.JSON),
        ("application/*", Medium.JSON),
        ("text/html, */*;q=0.8", Medium.JSON),
        ("text/csv", Medium.CSV),
        ("TEXT/CSV; charset=utf-8; q=0.5", Medium.CSV),
        ("text/*", Medium.CSV),
        ("text/csv;q=0.5, application/x-ndjson", Medium.NDJSON),
        ("text/csv, application/json", Medium.JSON),
        ("text/csv, application/json;q=0.9", Medium.CSV),
        ("text/csv, */*;q=0.1", Medium.CSV),
        ("application/json;q=0, */*", Medium.CSV),
        (f"{Medium.XLSX.value};q=0.8, text/csv;q=0.7", Medium.XLSX),
        ("application/*;q=0.2, application/x-ndjson;q=0.1, text/csv;q=0", Medium.JSON),
        (";;;,,,q=1", Medium.JSON),
    ],
)
def test_a_list_has_the_form_that_is_liked_best(accept: str | None, medium: Medium) -> None:
    assert chosen(accept) is medium


@pytest.mark.parametrize(
    "accept", ["text/html", "application/pdf, image/*", "*/*;q=0", "text/csv;q=0", "text/csv;q=x"]
)
def test_a_form_that_nobody_has_is_refused(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="not_acceptable"):
        chosen(accept)


async def test_a_form_that_nobody_has_is_a_406_problem(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    answer = await client.get("/gardens", headers={**bearer(), "Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "text/csv" in answer.json()["detail"]


# --- what is in it ------------------------------------------------------------------------------


@in_each_form
async def test_every_form_has_all_rows_whatever_the_limit(
    full: httpx.AsyncClient, bearer: Any, medium: Medium
) -> None:
    headers = {**bearer(), "Accept": medium.value}
    answer = await full.get("/gardens", params={"limit": 2}, headers=headers)

    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == medium.value
    rows = read_rows(medium, answer.content)
    assert values(rows, "title") == [f"Have {number}" for number in range(1, MANY + 1)]
    assert list(rows[0]) == ["garden_id", "title", "beds"]
    assert "link" not in answer.headers


@in_each_form
async def test_every_form_has_the_order_and_the_filters_of_the_list(
    full: httpx.AsyncClient, bearer: Any, medium: Medium
) -> None:
    headers = {**bearer(), "Accept": medium.value}
    falling = await full.get("/gardens", params={"sort": "-beds"}, headers=headers)
    wanted = [str(number) for number in range(MANY, 0, -1)]
    assert values(read_rows(medium, falling.content), "beds") == wanted
    assert (falling.headers["x-sort"], falling.headers["x-filters"]) == ("-beds", "")

    seventh = await full.get("/gardens", params={"beds": 7}, headers=headers)
    assert values(read_rows(medium, seventh.content), "title") == ["Have 7"]
    assert (seventh.headers["x-sort"], seventh.headers["x-filters"]) == ("", "beds=7")

    rest = await full.get("/gardens", params={"cursor": MANY - 2}, headers=headers)
    assert len(read_rows(medium, rest.content)) == 2

    none = await full.get("/gardens", params={"beds": 0}, headers=headers)
    assert none.status_code == 200
    assert read_rows(medium, none.content) == []


@in_each_form
async def test_a_file_says_what_it_is_and_how_fresh(
    client: httpx.AsyncClient, bearer: Any, medium: Medium
) -> None:
    answer = await client.get("/gardens", headers={**bearer(), "Accept": medium.value})
    page = (await client.get("/gardens", headers=bearer())).json()

    name = f"gardens-2013-09-02.{medium.ending}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["x-as-of"] == page["as_of"] == "2013-09-02T08:00:00Z"
    assert float(answer.headers["x-lag-s"]) == page["lag_s"] == 0.25


async def test_the_files_of_two_persons_have_different_names(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    names = set()
    for who in ("gardener", "neighbour"):
        headers = {**bearer(who), "Accept": "text/csv"}
        answer = await client.get(f"/people/{person(who)}/gardens", headers=headers)
        name = f"people-{person(who)}-gardens-2013-09-02.csv"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        names.add(name)
    assert len(names) == 2


async def test_a_workbook_says_on_its_second_sheet_what_it_holds(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = {**bearer(), "Accept": Medium.XLSX.value}
    answer = await client.get("/gardens", params={"sort": "-title", "beds": 3}, headers=headers)
    assert opened(answer.content).sheetnames == ["Rows", "About"]
    assert read_xlsx(answer.content)[1] == {
        "list": "gardens",
        "rows": 1,
        "as_of": datetime(2013, 9, 2, 10, 0),  # noqa: DTZ001 - a sheet knows no zones
        "lag_s": 0.25,
        "sort": "-title",
        "filter beds": "3",
        "time zone": "Europe/Copenhagen",
    }
    assert answer.headers["content-length"] == str(len(answer.content))


async def test_the_json_of_a_list_is_what_it_was(client: httpx.AsyncClient, bearer: Any) -> None:
    plain = await client.get("/gardens", params={"limit": 2}, headers=bearer())
    asked = {**bearer(), "Accept": "application/json"}
    assert (await client.get("/gardens", params={"limit": 2}, headers=asked)).json() == plain.json()
    assert plain.headers["content-type"] == "application/json"
    assert plain.headers["link"] == '</gardens?limit=2&cursor=2>; rel="next"'


# --- who may, and what is turned away -----------------------------------------------------------


@in_each_form
async def test_who_may_not_read_a_list_may_not_export_it(
    client: httpx.AsyncClient, bearer: Any, signed: Any, medium: Medium
) -> None:
    accept = {"Accept": medium.value}
    nobody = {"Authorization": f"Bearer {signed(roles=['integrator'])}"}
    refused = await client.get("/gardens", headers=nobody | accept)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (await client.get("/gardens", headers=accept)).status_code == 401

    path = f"/people/{UUID(int=1)}/gardens"
    refused = await client.get(path, headers={**bearer("stranger"), **accept})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


@in_each_form
@pytest.mark.parametrize(
    ("query", "code"),
    [({"sort": "colour"}, "sort_unknown"), ({"limit": 501}, "malformed"), ({"beds": "x"}, "malformed")],
)  # fmt: skip
async def test_a_query_that_does_not_fit_is_422_in_every_form(
    client: httpx.AsyncClient, bearer: Any, medium: Medium, query: dict[str, Any], code: str
) -> None:
    headers = {**bearer(), "Accept": medium.value}
    answer = await client.get("/gardens", params=query, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_workbook_has_a_bound_and_the_other_forms_have_none(
    full: httpx.AsyncClient, bearer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", MANY)
    headers = {**bearer(), "Accept": Medium.XLSX.value}
    assert (await full.get("/gardens", headers=headers)).status_code == 200

    monkeypatch.setattr(workbook, "MOST_ROWS", MANY - 1)
    answer = await full.get("/gardens", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_rows")
    assert answer.json()["facts"] == {"most": MANY - 1}
    headers["Accept"] = Medium.CSV.value
    assert len(read_csv((await full.get("/gardens", headers=headers)).content)) == MANY


async def test_an_export_that_cannot_go_on_is_broken_off(
    make_app: Callable[..., Any], bearer: Any
) -> None:
    class Ends(Shelf):
        async def page(self, *asked: Any) -> Any:
            if asked[3]:
                raise NotYet("store_unreachable")
            return await super().page(*asked)

    client = client_of(make_app(rows=Ends(MANY)))
    for medium in (Medium.CSV, Medium.NDJSON):
        broken_off = pytest.raises(RuntimeError, match="response already started")
        with structlog.testing.capture_logs(), broken_off:
            await client.get("/gardens", headers={**bearer(), "Accept": medium.value})
    # A workbook is whole before its first byte is sent.
    answer = await client.get("/gardens", headers={**bearer(), "Accept": Medium.XLSX.value})
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unreachable")


# --- lists that show less than their rows hold --------------------------------------------------


class Shown(Row):
    """A garden without its beds."""

    title: str


narrow = APIRouter(route_class=ListRoute)


@narrow.get("/shown")
async def shown(reader: Reading, listing: Listing) -> Page[Shown]:
    """Titles alone; each row holds more."""
    reader.allow(role("employee"))
    page = await reader.page(Overview, listing)
    items: Any = page.items
    return Page[Shown].model_construct(
        items=items, next=page.next, as_of=page.as_of, lag_s=page.lag_s
    )


@narrow.get("/names")
async def names(request: Request, reader: Reading, *, short: bool = False) -> list[str]:
    """A list without exports."""
    reader.allow(role("employee"))
    json_alone(request)
    return ["Åse" if short else "Åse Andersen"]


@pytest.fixture
def less(trial: Service, make_app: Callable[..., Any], memory: Any) -> httpx.AsyncClient:
    reads = make_app().state.reads

    async def health() -> dict[str, Any]:
        return {}

    app = create_app(
        trial,
        dispatcher=memory,
        rows=reads.rows,
        keys=reads.keys,
        clock=Still(),
        health=health,
        routers=(narrow,),
    )
    return client_of(app)


async def test_a_list_without_exports_refuses_other_forms_and_unknown_filters(
    less: httpx.AsyncClient, bearer: Any
) -> None:
    for accept in ("application/json", "*/*", "text/html, */*;q=0.1", ""):
        answer = await less.get("/names?short=true", headers={**bearer(), "Accept": accept})
        assert (answer.status_code, answer.json()) == (200, ["Åse"])
    refused = await less.get("/names", headers={**bearer(), "Accept": "text/csv"})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert refused.json()["facts"]["known"] == ["application/json"]
    refused = await less.get("/names?shrot=true", headers=bearer())
    assert (refused.status_code, refused.json()["code"]) == (422, "filter_unknown")
    assert refused.json()["facts"] == {"given": "shrot", "known": ["after", "short"]}


@in_each_form
async def test_no_form_shows_what_the_list_does_not(
    less: httpx.AsyncClient, bearer: Any, medium: Medium
) -> None:
    answer = await less.get("/shown", headers={**bearer(), "Accept": medium.value})
    assert read_rows(medium, answer.content)[0] == {"title": "Have 1"}


async def test_no_list_is_put_in_order_by_what_it_does_not_show(
    less: httpx.AsyncClient, bearer: Any
) -> None:
    """For the order would tell it, and so would the cursors."""
    assert (
        await less.get("/shown", params={"sort": "-title"}, headers=bearer())
    ).status_code == 200
    hidden = await less.get("/shown", params={"sort": "beds"}, headers=bearer())
    assert (hidden.status_code, hidden.json()["code"]) == (422, "sort_unknown")
    assert hidden.json()["facts"]["known"] == ["title"]


# --- one value in one cell ----------------------------------------------------------------------


class Crop(StrEnum):
    KALE = "kale"
    CARROT = "carrot"


class Visit(BaseModel):
    by: str
    on: date


class Harvest(Row):
    bed_id: UUID
    crop: Crop
    crops: frozenset[Crop]
    names: tuple[str, ...]
    weights: dict[Crop, float]
    visits: tuple[Visit, ...]
    cost_ore: int
    share: float
    done: bool
    picked_on: date | None
    told_at: datetime | None
    note: str | None = None


HARVEST = Harvest(
    bed_id=UUID(int=5),
    crop=Crop.KALE,
    crops=frozenset(Crop),
    names=("Åse", "Bo; Bi"),
    weights={Crop.KALE: 1.5, Crop.CARROT: 2.0},
    visits=(Visit(by="x", on=date(2013, 8, 1)), Visit(by="y", on=date(2013, 8, 2))),
    cost_ore=-12_345_678_901,
    share=0.25,
    done=True,
    picked_on=date(2013, 9, 1),
    told_at=datetime(2013, 1, 31, 23, 30, tzinfo=UTC),
)
FLAT = {
    "bed_id": "00000000-0000-0000-0000-000000000005",
    "crop": "kale",
    "crops": "carrot; kale",
    "names": "Åse; Bo; Bi",
    "weights": "carrot=2.0; kale=1.5",
    "visits": "(by=x; on=2013-08-01); (by=y; on=2013-08-02)",
}


async def all_of(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def workbook_of(table: Table, rows: Sequence[Row]) -> bytes:
    with await write_workbook(table, in_portions(rows), ABOUT) as file:
        file.seek(0)
        return file.read()


async def test_a_csv_is_what_danish_excel_opens() -> None:
    content = await all_of(Table(Harvest).csv(in_portions([HARVEST])))
    assert content.startswith(b"\xef\xbb\xbfbed_id;crop;")
    assert content.endswith(b"\r\n")
    assert read_csv(content) == [
        FLAT
        | {"cost_ore": "-12345678901", "share": "0,25", "done": "true", "note": ""}
        | {"picked_on": "2013-09-01", "told_at": "2013-01-31T23:30:00Z"}
    ]


async def test_a_workbook_has_numbers_days_and_local_times_as_such() -> None:
    [row] = read_xlsx(await workbook_of(Table(Harvest), [HARVEST]))[0]
    assert row == FLAT | {
        "cost_ore": -12_345_678_901,
        "share": 0.25,
        "done": True,
        "picked_on": datetime(2013, 9, 1),  # noqa: DTZ001 - a sheet knows no zones
        "told_at": datetime(2013, 2, 1, 0, 30),  # noqa: DTZ001
        "note": None,
    }
    assert isinstance(row["cost_ore"], int)


async def test_ndjson_has_the_rows_as_json_does() -> None:
    content = await all_of(Table(Harvest).ndjson(in_portions([HARVEST])))
    [row] = read_ndjson(content)
    row["crops"].sort()
    expected = HARVEST.model_dump(mode="json")
    assert row == {**expected, "crops": sorted(expected["crops"])}


async def test_what_a_sheet_cannot_hold_is_text_or_nothing() -> None:
    class Extreme(Row):
        large: int
        old: date
        older: datetime
        never: float
        long: str

    old = datetime(1813, 1, 1, tzinfo=UTC)
    extreme = Extreme(
        large=2**60, old=old.date(), older=old, never=float("nan"), long="\U0001f955" * 40_000
    )
    [row] = read_xlsx(await workbook_of(Table(Extreme), [extreme]))[0]
    assert row["large"] == str(2**60)
    assert (row["old"], row["older"]) == ("1813-01-01", "1813-01-01T00:00:00Z")
    assert row["never"] is None
    assert row["long"].endswith("🥕…")
    assert 32_000 < len(row["long"].encode("utf-16-le")) / 2 <= 32_767
    [line] = read_csv(await all_of(Table(Extreme).csv(in_portions([extreme]))))
    assert (line["large"], line["never"]) == (str(2**60), "")


@given(st.dictionaries(st.text(max_size=3), st.sets(st.integers() | st.text(max_size=3))))
def test_what_has_no_order_is_always_in_the_same(value: dict[str, set[Any]]) -> None:
    turned = {name: {*reversed([*value[name]])} for name in reversed(value)}
    assert cell(turned) == cell(value)


# --- nothing that reckons -----------------------------------------------------------------------

STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
texts = st.one_of(
    st.text(),
    st.builds(
        "{}{}{}".format,
        st.text(st.sampled_from(" \t\r\n\u00a0\u200b\ufeff\x00'\""), max_size=3),
        st.sampled_from(STARTS + "\t\r\n"),
        st.text(max_size=10) | st.sampled_from(["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("x")']),
    ),
    st.builds("<r>{}</r>".format, st.text(st.sampled_from("<>/rtfis=1+c \"'&;"), max_size=30)),
)
RAW = '<r></r></is></c><c r="B2"><f>1+1</f></c><c r="C2" t="inlineStr"><is><r></r>'


class Said(Row):
    text: str
    texts: tuple[str, ...]
    by_text: dict[str, str]


SAID = Table(Said)


@given(st.lists(texts, max_size=3).map(tuple))
@example(("=1+1",))
@example((" \t-2",))
@example(('=cmd;"x"\r\n=2',))
def test_no_text_in_a_csv_is_a_formula(said: tuple[str, ...]) -> None:
    rows = [Said(text=each, texts=said, by_text={each: each}) for each in said]
    content = asyncio.run(all_of(SAID.csv(in_portions(rows))))
    for row, line in zip(rows, read_csv(content), strict=True):
        assert line["text"].removeprefix("'") == row.text.removeprefix("'")
        for value in line.values():
            assert value.lstrip(" \n\t\r\x00\u00a0\u200b\ufeff")[:1] not in [*STARTS]
            assert value[:1] not in [*"\t\r\n"]


@settings(max_examples=60)
@given(st.lists(texts, max_size=6).map(tuple))
@example((RAW, "=1+1", "\r", "_x0041_", "\x00", "\ufffe", "{=1}", "https://kommune.example"))
def test_no_text_in_a_workbook_is_a_formula(said: tuple[str, ...]) -> None:
    rows = [Said(text=each, texts=said, by_text={each: each}) for each in said]
    content = asyncio.run(workbook_of(SAID, rows))
    read = read_xlsx(content)[0]
    for row, line in zip(rows, read, strict=True):
        shown = (line["text"] or "").removesuffix(" ")
        assert shown == row.text.removesuffix(" ")
    for each in opened(content)["Rows"].iter_rows(min_row=2):
        for place in each:
            assert place.data_type in {"s", "inlineStr", "n"}
            assert place.data_type != "n" or place.value is None
            if place.value and may_be_formula(str(place.value)):
                assert place.quotePrefix


def test_a_number_below_zero_is_no_formula() -> None:
    class Debt(Row):
        ore: int

    content = asyncio.run(all_of(Table(Debt).csv(in_portions([Debt(ore=-5)]))))
    assert content == b"\xef\xbb\xbfore\r\n-5\r\n"


# --- every list of every service ----------------------------------------------------------------


@pytest.mark.parametrize("service", ["themes", "networks", "training", "notifications"])
def test_every_list_tells_all_its_forms_and_takes_an_order_and_a_cursor(service: str) -> None:
    app = FastAPI()
    app.include_router(importlib.import_module(f"services.{service}.queries").router)
    document = app.openapi()
    lists = 0
    for path, operations in document["paths"].items():
        told = operations.get("get", {}).get("responses", {}).get("200", {})
        schema = told.get("content", {}).get("application/json", {}).get("schema", {})
        if not schema.get("$ref", "").rpartition("/")[2].startswith("Page_"):
            continue
        lists += 1
        assert set(told["content"]) == {medium.value for medium in Medium}, path
        assert {"X-As-Of", "X-Lag-S", "Content-Disposition"} <= set(told["headers"]), path
        assert "406" in operations["get"]["responses"], path
        names = {each["name"] for each in operations["get"]["parameters"]}
        assert {"sort", "cursor", "limit", "after"} <= names, path
    assert lists
