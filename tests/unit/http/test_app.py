"""What every service answers besides its tables."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest
import structlog

from shared.http.app import create_app
from shared.http.paths import Place
from shared.kernel.services import Service, post


def client_of(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_it_lives_whatever_it_needs_and_is_ready_when_all_parts_are(
    make_app: Callable[..., Any],
) -> None:
    ready = client_of(make_app())
    assert (await ready.get("/health/ready")).json()["ok"] is True

    parts = {"store": {"ok": True}, "relay": {"ok": False, "oldest_unpublished_s": 31.0}}
    waiting = client_of(make_app(parts=parts))
    answer = await waiting.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "parts": parts})
    assert (await waiting.get("/health/live")).status_code == 200


async def test_metrics_tell_routes_and_not_paths(client: httpx.AsyncClient, bearer: Any) -> None:
    await client.get("/gardens/00000000-0000-0000-0000-000000000001", headers=bearer())
    await client.get("/nowhere/at/all")
    await client.request("BREW", "/gardens")
    text = (await client.get("/metrics")).text

    assert 'method="GET",route="/gardens/{garden_id}",service="gardens",status="200"' in text
    assert 'route="unmatched",service="gardens",status="404"' in text
    assert "00000000-0000" not in text
    assert "BREW" not in text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "no_such_path"),
        ("GET", "/gardens/", 404, "no_such_path"),
        ("PATCH", "/gardens", 405, "method_not_allowed"),
        ("OPTIONS", "/gardens", 405, "method_not_allowed"),
        ("DELETE", "/gardens", 405, "method_not_allowed"),
        ("GET", "/problems/never_heard_of", 404, "unknown"),
        ("POST", "/gardens", 401, "not_signed_in"),
        ("GET", "/gardens", 401, "not_signed_in"),
    ],
)
async def test_the_routers_own_answers_are_problems_too(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["instance"] == path
    assert problem["correlation_id"] == answer.headers["x-correlation-id"]
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert ("allow" in answer.headers) == (status == 405)


async def test_a_method_that_is_not_allowed_is_told_all_that_are(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/gardens")
    assert answer.headers["allow"] == "GET, POST"
    assert answer.json()["facts"] == {"allowed": ["GET", "POST"]}


async def test_a_problems_type_can_be_fetched(client: httpx.AsyncClient, bearer: Any) -> None:
    planting = {"title": "x", "beds": 6}
    problem = (await client.post("/gardens", json=planting, headers=bearer())).json()
    explained = (await client.get(problem["type"])).json()

    assert explained["code"] == "too_many_beds"
    assert explained["da"]["title"] == problem["title"]
    assert explained["en"]["detail"] == "There may be 5 beds at most, not {beds}."


@pytest.mark.parametrize(
    ("how", "status", "code"), [("crash", 500, "unexpected"), ("away", 503, "unavailable")]
)
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_what_nobody_foresaw_is_logged_and_not_told(
    client: httpx.AsyncClient, bearer: Any, method: str, how: str, status: int, code: str
) -> None:
    said: Any = {"json": {"how": how}} if method == "POST" else {"params": {"how": how}}
    with structlog.testing.capture_logs() as logs:
        answer = await client.request(method, "/losses", **said, headers=bearer())

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "roof" not in answer.text
    [logged] = logs
    assert (logged["event"], logged["route"]) == ("request_failed", "/losses")


async def test_a_body_over_the_limit_is_413(client: httpx.AsyncClient, bearer: Any) -> None:
    body = json.dumps({"title": "x" * 300_000})
    headers = {**bearer(), "Content-Type": "application/json"}
    answer = await client.post("/gardens", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/json; charset=latin-1", "application/jsonx", "multipart/form-data"],
)  # fmt: skip
async def test_a_body_that_does_not_call_itself_json_is_415(
    client: httpx.AsyncClient, bearer: Any, content_type: str | None
) -> None:
    headers = bearer() | ({} if content_type is None else {"Content-Type": content_type})
    answer = await client.post("/gardens", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_not_json")


async def test_nothing_long_is_told_back(client: httpx.AsyncClient, bearer: Any) -> None:
    long = "x" * 5000
    answers = [
        await client.post(f"/{long}", json={}, headers=bearer()),
        await client.post("/gardens", json={long[:90]: {long[:90]: 1}}, headers=bearer()),
        await client.post("/gardens", json={}, headers={**bearer(), "If-Match": long}),
        await client.get("/gardens", params={"after": long}, headers=bearer()),
        await client.get("/gardens", params={"beds": long}, headers=bearer()),
    ]
    for answer in answers:
        assert answer.status_code in {400, 404, 422}
        assert "x" * 201 not in answer.text


def test_openapi_is_valid_and_true(make_app: Callable[..., Any]) -> None:
    document = make_app().openapi()
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    assert not [ref for ref in refs(document) if ref.rsplit("/", 1)[-1] not in schemas]

    adding = document["paths"]["/gardens/{id}/beds/{bed_id}"]["put"]
    assert adding["summary"] == "Add a bed to a garden"
    assert adding["description"] == "Add it once.\n\nMay: `its owner | secretariat`."
    assert adding["requestBody"]["required"] is False
    assert set(adding["responses"]) == {
        *("200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "503")
    }
    assert adding["security"] == [{"HTTPBearer": []}]
    parameters = {(each["in"], each["name"]): each["schema"] for each in adding["parameters"]}
    assert parameters["path", "bed_id"]["format"] == parameters["path", "id"]["format"] == "uuid"
    assert {name for place, name in parameters if place == "header"} == {
        *("Idempotency-Key", "If-Match", "X-Correlation-ID", "traceparent", "Accept-Language")
    }
    assert ("query", "after") in parameters

    planting = document["paths"]["/gardens"]["post"]
    assert {"200", "201"} < set(planting["responses"])
    assert "Location" in planting["responses"]["201"]["headers"]
    assert planting["requestBody"]["required"] is True
    listing = document["paths"]["/gardens"]["get"]
    assert "HTTPValidationError" not in json.dumps(document)
    assert list(listing["responses"]["422"]["content"]) == ["application/problem+json"]
    names = {each["name"] for each in listing["parameters"]}
    assert names == {"after", "sort", "cursor", "limit", "beds"}


def test_no_field_that_the_path_gives_is_in_a_bodys_schema(
    make_app: Callable[..., Any], trial: Service
) -> None:
    document = make_app().openapi()
    for line in trial.commands:
        operation = document["paths"][line.path][line.method.lower()]
        [content] = operation["requestBody"]["content"].values()
        schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
        filled = set(Place(line).filled)
        assert set(schema["properties"]) == set(line.command.model_fields) - filled
        assert schema["additionalProperties"] is False


def refs(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for each in node.values() for ref in refs(each)]
    return [ref for each in node for ref in refs(each)] if isinstance(node, list) else []


async def test_the_document_and_its_page_are_served(client: httpx.AsyncClient) -> None:
    assert (await client.get("/openapi.json")).json()["info"]["title"] == "netvaerk gardens"
    assert "swagger" in (await client.get("/docs")).text


def test_a_line_that_cannot_work_is_found_at_the_start(trial: Service) -> None:
    command = trial.commands[0].command
    with pytest.raises(ValueError, match="nothing takes colour"):
        Place(post("/gardens/{id}/{colour}", command))
    with pytest.raises(ValueError, match="the key names colour"):
        Place(post("/gardens", command, key="{colour}"))


def test_a_new_thing_is_beside_its_path_or_under_its_first_word(trial: Service) -> None:
    command = trial.commands[0].command
    assert Place(post("/gardens/import", command)).location("7", "/gardens/import") == "/gardens/7"
    assert Place(post("/a/{id}/b", command)).location("7", "/a/7/b") == "/a/7"
    two = post("/a/{x_id}/{y_id}/b", command, key="{x_id}-{y_id}")
    assert Place(two).location("7-8", "/a/7/8/b") == "/a/7/8"
    under = Place(post("/v1/a", command), "/v1")
    assert under.location("7", "/v1/v1/a") == "/v1/v1/7"


async def test_a_prefix_stands_before_the_tables_and_not_before_health(
    trial: Service, make_app: Callable[..., Any], verifier: Any, memory: Any, bearer: Any
) -> None:
    state = make_app().state.reads

    async def health() -> dict[str, Any]:
        return {}

    app = create_app(
        trial,
        dispatcher=memory,
        rows=state.rows,
        keys=verifier,
        clock=type("Still", (), {"now": staticmethod(state.now)})(),
        health=health,
        prefix="/have",
    )
    client = client_of(app)
    answer = await client.post("/have/gardens", json={"title": "x"}, headers=bearer())
    assert answer.headers["location"].startswith("/have/gardens/")
    assert (await client.get("/have/gardens", headers=bearer())).status_code == 200
    assert (await client.get("/health/ready")).status_code == 200
