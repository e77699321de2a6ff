"""Reading: who may, what is waited for, and what a list says."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.testing.kit import person

THIRD = UUID(int=3)


async def test_a_list_says_how_fresh_it_is_and_where_it_goes_on(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    first = await client.get("/gardens", params={"limit": 3}, headers=bearer())

    assert [each["title"] for each in first.json()["items"]] == ["Have 1", "Have 2", "Have 3"]
    assert first.json()["as_of"] == "2013-09-02T08:00:00Z"
    assert first.json()["lag_s"] == 0.25
    assert first.headers["link"] == '</gardens?limit=3&cursor=3>; rel="next"'

    titles, answer = [], first
    while link := answer.links.get("next"):
        answer = await client.get(link["url"], headers=bearer())
        titles += [each["title"] for each in answer.json()["items"]]
    assert titles == ["Have 4", "Have 5", "Have 6", "Have 7"]
    assert answer.json()["next"] is None


async def test_a_filter_is_named_as_the_field(client: httpx.AsyncClient, bearer: Any) -> None:
    answer = await client.get("/gardens", params={"beds": 3}, headers=bearer())
    assert [each["garden_id"] for each in answer.json()["items"]] == [str(THIRD)]


async def test_one_row_has_the_version_of_its_thing(client: httpx.AsyncClient, bearer: Any) -> None:
    answer = await client.get(f"/gardens/{THIRD}", headers=bearer())
    assert answer.headers["etag"] == '"3"'
    assert answer.json()["position"] == f"garden-{THIRD}@3"
    assert answer.json()["item"] == {"garden_id": str(THIRD), "title": "Have 3", "beds": 3}

    missing = await client.get(f"/gardens/{UUID(int=9)}", headers=bearer())
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown")


async def test_a_read_waits_for_what_its_caller_has_seen(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    async def read(*positions: str) -> tuple[int, str]:
        answer = await client.get("/gardens", params={"after": list(positions)}, headers=bearer())
        return answer.status_code, answer.json().get("code", "")

    assert await read("garden-1@3", "garden-2@7") == (200, "")
    assert await read("garden-1@3", "garden-1@8") == (503, "not_yet_visible")
    assert await read("theme-1@1") == (422, "stream_not_followed")
    assert await read("garden 1") == (422, "position_malformed")


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"sort": "colour"}, "sort_unknown"),
        ({"limit": "501"}, "malformed"),
        ({"limit": "0"}, "malformed"),
        ({"limit": "many"}, "malformed"),
        ({"cursor": "x" * 2001}, "malformed"),
        ({"beds": "9" * 30}, "number_out_of_range"),
        ({"beds": "x"}, "malformed"),
    ],
)
async def test_a_query_that_does_not_fit_is_422(
    client: httpx.AsyncClient, bearer: Any, parameters: dict[str, str], code: str
) -> None:
    answer = await client.get("/gardens", params=parameters, headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_filter_that_the_list_does_not_know_is_refused_by_name(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    """Misspelt, it would leave every row in."""
    for accept in ("application/json", "text/csv", "application/x-ndjson"):
        headers = {**bearer(), "Accept": accept}
        answer = await client.get("/gardens", params={"bads": 3, "limit": 1}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "filter_unknown")
        known = ["after", "beds", "cursor", "limit", "sort"]
        assert answer.json()["facts"] == {"given": "bads", "known": known}
        assert "bads" in answer.json()["detail"]
        assert ", ".join(known) in answer.json()["detail"]


async def test_what_has_one_value_is_given_once(client: httpx.AsyncClient, bearer: Any) -> None:
    """One of the two would go unheard."""
    for twice in ("beds=1&beds=2", "sort=beds&sort=-beds", "limit=1&limit=1"):
        answer = await client.get(f"/gardens?{twice}", headers=bearer())
        assert (answer.status_code, answer.json()["code"]) == (422, "filter_twice")
        assert answer.json()["facts"] == {"given": twice.partition("=")[0]}
    positions = {"after": ["garden-1@3", "garden-2@7"]}
    assert (await client.get("/gardens", params=positions, headers=bearer())).status_code == 200


async def test_a_list_takes_all_that_it_knows(client: httpx.AsyncClient, bearer: Any) -> None:
    known = {"after": "garden-1@3", "beds": "3", "cursor": "0", "limit": "1", "sort": "-beds"}
    answer = await client.get("/gardens", params=known, headers=bearer())
    assert [each["beds"] for each in answer.json()["items"]] == [3]


async def test_a_path_that_is_no_id_is_unknown(client: httpx.AsyncClient, bearer: Any) -> None:
    answer = await client.get("/gardens/seven", headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


async def test_who_may_not_read_is_told_who_may(
    client: httpx.AsyncClient, bearer: Any, signed: Any
) -> None:
    nobody = {"Authorization": f"Bearer {signed(roles=['integrator'])}"}
    answer = await client.get("/gardens", headers=nobody)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert answer.json()["facts"] == {"who": "employee | reporter"}
    assert answer.json()["detail"] == "Det må kun medarbejdere eller rapporteringen."


async def test_a_person_is_told_of_themself_in_words(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = {**bearer("stranger"), "Accept-Language": "en"}
    answer = await client.get(f"/people/{person('gardener')}/gardens", headers=headers)
    assert answer.json()["detail"] == "Only the person themself or its neighbour may do this."


async def test_a_person_reads_what_is_their_own(client: httpx.AsyncClient, bearer: Any) -> None:
    path = f"/people/{person('gardener')}/gardens"
    assert (await client.get(path, headers=bearer("gardener"))).status_code == 200
    assert (await client.get(path, headers=bearer("stranger"))).status_code == 403
