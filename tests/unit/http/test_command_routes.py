"""A command's way over HTTP: what goes in, what comes out, and what is turned away."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.http.routes import still_waiting

PLANTING = {"title": "Byhave", "plants": ["kale"]}


async def planted(client: httpx.AsyncClient, bearer: Any) -> str:
    answer = await client.post("/gardens", json=PLANTING, headers=bearer())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_new_thing_is_answered_with_its_place_version_and_facts(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    answer = await client.post("/gardens", json=PLANTING, headers=bearer())

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/gardens/{body['id']}"
    assert answer.headers["etag"] == '"1"'
    assert UUID(body["id"]).version == 7
    assert body["position"] == f"garden-{body['id']}@1"
    assert body["warnings"] == []
    [event] = body["events"]
    assert event["type"] == "GardenPlanted"
    assert event["data"]["title"] == "Byhave"
    assert event["data"]["plants"] == ["kale"]
    assert "note" not in event["data"]


async def test_a_further_fact_is_answered_200_and_a_repeat_with_no_facts(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    path = f"/gardens/{await planted(client, bearer)}/beds/{uuid4()}"

    first = await client.put(path, headers=bearer())
    again = await client.put(path, headers=bearer())

    assert [first.status_code, again.status_code] == [200, 200]
    assert "location" not in first.headers
    assert [each["type"] for each in first.json()["events"]] == ["BedAdded"]
    assert again.json()["events"] == []
    assert again.headers["etag"] == '"2"'


async def test_a_body_need_not_be_sent_where_nothing_is_needed(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    key = await planted(client, bearer)
    answer = await client.delete(f"/gardens/{key}", headers=bearer("secretary", "secretariat"))
    assert [each["type"] for each in answer.json()["events"]] == ["GardenClosed"]


async def test_a_natural_key_is_made_from_fields_or_taken_from_the_path(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    made = await client.post("/seasons", json={"half_year": "2013-H2"}, headers=bearer())
    put = await client.put("/seasons/2014-H1/garden", headers=bearer())

    assert made.json()["position"] == "garden-2013-H2@1"
    assert made.headers["location"] == "/seasons/2013-H2"
    assert put.json()["events"][0]["data"]["title"] == "2014-H1"
    assert put.headers["location"] == "/seasons/2014-H1/garden"


async def test_a_field_that_the_path_gives_is_not_sent_as_well(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    bed = str(uuid4())
    path = f"/gardens/{await planted(client, bearer)}/beds/{bed}"
    answer = await client.put(path, json={"bed_id": bed}, headers=bearer())

    assert answer.status_code == 422
    assert answer.json()["code"] == "malformed"
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/bed_id", "given_by_path")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/gardens/1/beds/2",
        "/gardens/%00/beds/00000000-0000-0000-0000-000000000000",
        "/gardens/00000000-0000-0000-0000-000000000000/beds/x",
        "/seasons/..%5Cetc/garden",
        "/seasons/2013-H3/garden",
        "/seasons/$where/garden",
    ],
)
async def test_a_path_that_names_nothing_is_unknown(
    client: httpx.AsyncClient, bearer: Any, path: str
) -> None:
    answer = await client.put(path, headers=bearer())
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown"


async def test_every_wrong_field_is_named_with_pointer_code_and_message(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    wrong = {"beds": -1, "plants": ["oak"], "a~b": 1}
    answer = await client.post("/gardens", json={**wrong}, headers=bearer())
    assert answer.json()["code"] == "field_name_not_allowed"

    del wrong["a~b"]
    answer = await client.post("/gardens", json={**wrong, "size": 1}, headers=bearer())

    assert answer.status_code == 422
    found = {each["pointer"]: (each["code"], each["message"]) for each in answer.json()["errors"]}
    assert found == {
        "/title": ("missing", "Feltet mangler."),
        "/beds": ("greater_than_equal", "Skal være mindst 0."),
        "/plants/0": ("enum", "Skal være en af: carrot, kale"),
        "/size": ("extra_forbidden", "Feltet findes ikke her."),
    }


async def test_a_rule_that_refuses_is_named_with_the_others_that_were_broken(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    answer = await client.post("/gardens", json={**PLANTING, "beds": 9, "km": 11}, headers=bearer())

    problem = answer.json()
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "/problems/too_many_beds"
    assert problem["detail"] == "Der må højst være 5 bede, ikke 9."
    assert (problem["rule"], problem["overridable"], problem["facts"]) == ("R1", True, {"beds": 9})
    assert [(each["code"], each["rule"]) for each in problem["errors"]] == [
        ("garden_far_away", "R2")
    ]


async def test_a_warning_blocks_nothing_and_is_told_in_the_callers_language(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    body = {"title": "Byhave"}
    danish = await client.post("/gardens", json=body, headers=bearer())
    english = {**bearer(), "Accept-Language": "en-GB, da;q=0.5"}

    assert danish.json()["warnings"] == [
        {
            "code": "no_plants",
            "rule": "R3",
            "title": "Ingen planter",
            "detail": "Skriv, hvad der skal gro i Byhave.",
        }
    ]
    answer = await client.post("/gardens", json=body, headers=english)
    assert answer.json()["warnings"][0]["title"] == "No plants"
    assert answer.headers["content-language"] == "en"


async def test_a_role_or_relation_that_is_wanting_is_403(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    key = await planted(client, bearer)

    closing = await client.delete(f"/gardens/{key}", headers=bearer("gardener"))
    stranger = await client.put(f"/gardens/{key}/beds/{uuid4()}", headers=bearer("stranger"))

    assert [closing.status_code, stranger.status_code] == [403, 403]
    assert closing.json()["code"] == "not_allowed"
    assert closing.json()["detail"] == "Det må kun sekretariatet."


async def test_what_has_not_begun_is_404(client: httpx.AsyncClient, bearer: Any) -> None:
    answer = await client.put(f"/gardens/{uuid4()}/beds/{uuid4()}", headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


@pytest.mark.parametrize("key", ['"a key"', "a-key"])
async def test_a_key_and_body_happen_once_and_get_the_first_answer(
    client: httpx.AsyncClient, bearer: Any, key: str
) -> None:
    headers = {**bearer(), "Idempotency-Key": key}
    first = await client.post("/gardens", json=PLANTING, headers=headers)
    again = await client.post(
        "/gardens", content=json.dumps(dict(reversed(PLANTING.items())), indent=1),
        headers={**headers, "Content-Type": "application/json; charset=utf-8"},
    )  # fmt: skip
    other = await client.post("/gardens", json={"title": "Byhave"}, headers=headers)

    assert again.content == first.content
    assert (again.status_code, again.headers["location"]) == (201, first.headers["location"])
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_key_is_the_persons_own_and_the_paths_own(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    mine = {**bearer("one"), "Idempotency-Key": "k"}
    first = await client.post("/gardens", json=PLANTING, headers=mine)
    theirs = await client.post("/gardens", json=PLANTING, headers={**mine, **bearer("two")})
    elsewhere = await client.post("/seasons", json={"half_year": "2013-H2"}, headers=mine)

    assert theirs.json()["id"] != first.json()["id"]
    assert elsewhere.json()["events"][0]["data"]["title"] == "2013-H2"


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 201, '"' + "x" * 201 + '"', '"open', "é"])
async def test_a_key_that_is_none_is_refused(
    client: httpx.AsyncClient, bearer: Any, key: str
) -> None:
    headers = {**bearer(), "Idempotency-Key": key.encode("latin-1")}
    answer = await client.post("/gardens", json=PLANTING, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


async def test_the_version_expected_has_to_be_the_present_one(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    path = f"/gardens/{await planted(client, bearer)}/beds/{uuid4()}"

    stale = await client.put(path, headers={**bearer(), "If-Match": '"7"'})
    present = await client.put(path, headers={**bearer(), "If-Match": '"1"'})

    assert (stale.status_code, stale.json()["code"]) == (412, "version_stale")
    assert present.status_code == 200


@pytest.mark.parametrize("tag", ['W/"1"', "1", "*", '"1", "2"', '"x"', '"9999999999"'])
async def test_a_tag_that_names_no_one_version_is_refused(
    client: httpx.AsyncClient, bearer: Any, tag: str
) -> None:
    answer = await client.post("/gardens", json=PLANTING, headers={**bearer(), "If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (400, "if_match_malformed")


async def test_a_command_waits_for_what_its_caller_has_seen(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    async def sent(*positions: str) -> tuple[int, str]:
        answer = await client.post(
            "/gardens", json=PLANTING, headers=bearer(), params={"after": list(positions)}
        )
        return answer.status_code, answer.json().get("code", "")

    assert await sent("garden-1@3", "garden-2@1") == (201, "")
    assert await sent("garden-1@3", "garden-2@9") == (503, "not_yet_visible")
    assert await sent("theme-1@3") == (422, "stream_not_followed")
    assert await sent("nowhere") == (422, "position_malformed")
    assert await sent(*["garden-1@1"] * 11) == (422, "too_many_positions")


async def test_what_has_not_arrived_says_when_to_try_again(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    answer = await client.post("/losses", json={"how": "later"}, headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (503, "evidence_missing")
    assert answer.headers["retry-after"] == "1"


async def test_what_follows_from_a_request_can_be_followed(
    client: httpx.AsyncClient, bearer: Any, memory: Any
) -> None:
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    own = {**bearer(), "X-Correlation-ID": "case-17", "traceparent": trace}
    answer = await client.post("/gardens", json=PLANTING, headers=own)
    assert answer.headers["x-correlation-id"] == "case-17"
    assert (memory.last["correlation_id"], memory.last["traceparent"]) == ("case-17", trace)
    assert memory.last["wanted"]

    unsafe = {**bearer(), "X-Correlation-ID": "a b", "traceparent": "nonsense"}
    answer = await client.post("/gardens", json=PLANTING, headers=unsafe)
    assert answer.headers["x-correlation-id"] == memory.last["correlation_id"] != "a b"
    assert memory.last["traceparent"] == ""


async def test_whoever_hung_up_waits_no_longer() -> None:
    async def nothing_more() -> Any:
        await asyncio.Event().wait()

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    assert await still_waiting(nothing_more)
    assert not await still_waiting(gone)
