"""The demo speaks HTTP as a careful client does: once, patiently, and with the right token."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.local.demo import api as api_module
from deploy.local.demo.api import Api, NotInTime, TurnedAway, until
from deploy.local.demo.cast import CHIEF_OF_HEALTH, NURSE, SECRETARIAT

URLS = dict.fromkeys(("themes", "networks", "training", "notifications"), "http://test")
ACCEPTED = {"id": "1", "version": 1, "position": "theme-1@1", "events": [], "warnings": []}
PROBLEM = {
    "status": 403,
    "code": "not_allowed",
    "rule": "",
    "title": "Ikke tilladt",
    "detail": "Det må kun: chefforum.",
    "errors": [],
}

Answering = Callable[[httpx.Request], httpx.Response]


def token(person_id: UUID, roles: Sequence[str]) -> str:
    return f"{person_id}:{','.join(roles)}"


def speaking(answer: Answering) -> Api:
    return Api(URLS, token, transport=httpx.MockTransport(answer))


async def test_a_command_carries_its_senders_token_and_a_key_of_its_own() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json=ACCEPTED)

    api = speaking(answer)
    await api.send(CHIEF_OF_HEALTH, "POST", "/themes")
    await api.send(CHIEF_OF_HEALTH, "POST", "/themes")
    assert seen[0].headers["Authorization"] == f"Bearer {CHIEF_OF_HEALTH.id}:employee,chefforum"
    first, second = (request.headers["Idempotency-Key"] for request in seen)
    assert first != second


async def test_what_is_not_there_yet_is_asked_again_with_the_same_key() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Idempotency-Key"])
        if len(seen) == 1:
            raise httpx.ConnectError("refused")
        return httpx.Response(503 if len(seen) == 2 else 200, json=ACCEPTED)

    answered = await speaking(answer).send(NURSE, "POST", "/themes")
    assert answered.position == "theme-1@1"
    assert len(seen) == 3
    assert len(set(seen)) == 1


async def test_a_problem_document_is_raised_as_it_is() -> None:
    api = speaking(lambda _: httpx.Response(403, json=PROBLEM))
    with pytest.raises(TurnedAway, match="Ikke tilladt") as raised:
        await api.send(NURSE, "PUT", "/theme-rounds/2013-H2/ranking")
    assert (raised.value.status, raised.value.code) == (403, "not_allowed")


async def test_a_list_is_read_to_its_end() -> None:
    pages: dict[str | None, dict[str, Any]] = {
        None: {"items": [{"n": 1}], "next": "more"},
        "more": {"items": [{"n": 2}], "next": None},
    }

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=pages[request.url.params.get("cursor")])

    rows = await speaking(answer).read_all(SECRETARIAT, "/themes")
    assert rows == [{"n": 1}, {"n": 2}]


async def test_more_positions_than_one_request_takes_are_waited_for_in_turn() -> None:
    seen: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(len(request.url.params.get_list("after")))
        return httpx.Response(200, json={"items": [], "next": None})

    await speaking(answer).wait_for(SECRETARIAT, "/themes", [f"people-{n}@1" for n in range(23)])
    assert seen == [10, 10, 3]


async def test_what_does_not_come_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_module, "WITHIN_S", 0.1)

    async def never() -> None:
        return None

    with pytest.raises(NotInTime, match="the planned networks"):
        await until("the planned networks", never)
