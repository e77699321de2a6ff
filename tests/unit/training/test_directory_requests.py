"""The directory's routes as they are asked: by which query, in which form, and with which headers."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.training.queries import erasure, imports, org_units, people
from shared.testing import SECRETARIAT, person
from tests.unit.training.reading import asking, bearer, routes

ANNA = person("anna")
ONE, UNIT = f"/people/{ANNA}", f"/org-units/{person('a unit')}"
CSV = {"Content-Type": "text/csv"}
WRITING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("PUT", ONE, {"json": {"name": "Anna Andersen"}}),
    ("DELETE", ONE, {}),
    ("PUT", UNIT, {"json": {"kind": "team", "name": "Have"}}),
    ("DELETE", UNIT, {}),
    ("POST", "/org-units/imports", {"content": "kind,unit_id,name,parent_id", "headers": CSV}),
    ("POST", "/people/imports", {"json": {"org_units": [{"uuid": str(ANNA), "name": "Have"}]}}),
)
"""Everything that writes: method, path, and what is sent."""


class Empty:
    """A directory without anybody, which is never written to."""

    async def find(self, keys: Any) -> Mapping[Any, Any]:
        return {}

    async def page(self, wanted: Any = None) -> Mapping[Any, Any]:
        return {}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    modules = (people, org_units, imports, erasure)
    made = routes(*(each.router for each in modules), callers={"secretariat": SECRETARIAT})
    made.state.directory = made.state.units = Empty()
    return made


@pytest.fixture
def http(app: FastAPI) -> httpx.AsyncClient:
    return asking(app, **bearer("secretariat"))


async def test_a_misspelt_filter_does_not_show_everybody(http: httpx.AsyncClient) -> None:
    refused = await http.get("/people", params={"forums": "chiefs"})
    assert (refused.status_code, refused.json()["code"]) == (422, "filter_unknown")
    assert refused.json()["facts"]["given"] == "forums"
    assert {"forum", "limit", "line_manager_id"} < set(refused.json()["facts"]["known"])
    assert (await http.get("/people", params={"forum": "chiefs"})).status_code == 200


async def test_people_are_json_alone(http: httpx.AsyncClient) -> None:
    refused = await http.get("/people", headers={"Accept": "text/csv"})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    for accept in ("application/json", "*/*"):
        assert (await http.get("/people", headers={"Accept": accept})).status_code == 200


@pytest.mark.parametrize(("method", "path", "sent"), WRITING, ids=lambda each: str(each)[:40])
async def test_no_version_can_be_expected_of_what_has_none(
    http: httpx.AsyncClient, method: str, path: str, sent: dict[str, Any]
) -> None:
    headers = {**sent.get("headers", {}), "If-Match": '"1"'}
    refused = await http.request(method, path, **{**sent, "headers": headers})
    assert (refused.status_code, refused.json()["code"]) == (400, "header_not_supported")
    assert "If-Match" in refused.json()["detail"]


def test_every_route_that_writes_says_so(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    for path, method in (
        ("/people/{person_id}", "put"),
        ("/people/{person_id}", "delete"),
        ("/org-units/{org_unit_id}", "put"),
        ("/org-units/{org_unit_id}", "delete"),
        ("/people/imports", "post"),
        ("/org-units/imports", "post"),
    ):
        route = paths[path][method]
        assert "`If-Match`" in route["description"], path
        assert "400" in route["responses"], path
