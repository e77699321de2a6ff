"""Whoever sends whatever to whichever command gets a problem document, and it leaves no trace."""

import json
import random
from collections.abc import AsyncIterator
from urllib.parse import quote
from uuid import uuid4

import pytest
import pytest_asyncio

from deploy.local import identity
from tests.integration.services.bodies import BODIES, days, leaves, sendings, with_at
from tests.integration.services.counters import (
    EVERY_ROLE,
    Counters,
    all_of,
    assert_problem,
    counters_of,
    unknown,
)
from tests.integration.services.networks import Networks, imported
from tests.integration.services.town import Caller

SENDINGS = sendings()
OF_EVERYBODY = {
    "SubmitInquiry",
    "ProposeTheme",
    "ProposeThemeAgain",
    "AnswerReferenceLeadership",
}
"""What every employee may send."""
BEGINS_ANYWHERE = {
    "RegisterLeaderInterest",
    "RecordPriorQualification",
    "SetPoolMembership",
    "SetLeaderAvailability",
    "AssessCompetences",
    "DeclineAssignment",
    "ChangeInnovatorCorps",
    "ScheduleForumSlot",
    "CancelForumSlot",
    "AddForumAgendaItem",
    "InviteForumObserver",
}
"""What begins the path of whoever is named, or the slot of whichever month."""
REFUSED_BY_NAME = {"CloseThemeRound"}
"""What says of a thing that never began that it did not, rather than that there is none."""
OF_ONE_PERSON = {"EvaluateRotation"}
"""What only the person may send whom the thing is about, who is nobody when there is none."""

NO_COMMAND = (
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"{} {}",
    b"\x00",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b"<a/>",
    b'{"on": NaN}',
    b'{"on": Infinity}',
    b'{"on": 1e999}',
    b'{"on": 123456789012345678901234567890}',
    b'{"on": "2015-03-02", "on": "2015-03-02"}',
    b'{"on": "\\ud800"}',
    b'{"on": "\\u0000"}',
    b'{"on": "\xed\xa0\x80"}',
    b'{"on": "0000-00-00"}',
    b'{"on": {"$gt": ""}}',
    b'{"$where": "1"}',
    b'{"a.b": 1}',
    b'{"": 1}',
    b'{"__proto__": {}}',
    b'{"nobody_knows": 1}',
    b'{"on_behalf_of": "me"}',
    b'{"override": {"rules": ["R1"]}}',
    b'{"override": {"rules": ["all"], "reason": "x"}}',
    b'{"on": ' + b"[" * 40 + b"]" * 40 + b"}",
    b'{"on": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    *(random.Random(seed).randbytes(200) for seed in range(10)),
)
NO_ID = (
    "x",
    "%00",
    "%ff",
    "%2e%2e",
    quote("' OR 1=1 --"),
    quote('{"$ne": 1}'),
    quote("ø" * 40),
    "a" * 4000,
    "0" * 32,
    "00000000-0000-0000-0000-00000000000g",
    "00000000-0000-0000-0000-000000000000%0a",
)
TOO_LARGE = b'{"reason": "' + b"x" * 300_000 + b'"}'


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def counters(networks: Networks) -> Counters:
    return await counters_of(networks)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def drives_another(counters: Counters, networks: Networks) -> Caller:
    """Somebody who co-drives a network that is none of the others' business."""
    caller = counters.town.caller("employee")
    body = {**imported(), "co_driver_id": str(caller.person)}
    await networks.do("POST", "/networks/import", body)
    return caller


@pytest_asyncio.fixture(autouse=True)
async def nothing_is_stored(counters: Counters, drives_another: Caller) -> AsyncIterator[None]:
    before = await counters.traces()
    assert before["networks/commits"] > 0
    yield
    assert await counters.traces() == before


def test_every_command_with_a_route_is_tried_here() -> None:
    assert {each.name for each in SENDINGS} == set(BODIES)
    for each in SENDINGS:
        fields = set(each.line.command.model_fields)
        assert fields - set(each.body) <= set(each.places), each.name


async def test_nobody_gets_in_without_a_good_token(counters: Counters) -> None:
    good = counters.caller.token
    elsewhere = counters.town.folder / "elsewhere"
    head, claims, _ = good.split(".")
    bad = [
        "",
        "Bearer",
        "Bearer x",
        f"Basic {good}",
        f"Bearer {good}x",
        f"Bearer {head}.{claims}.",
        f"Bearer eyJhbGciOiJub25lIn0.{claims}.",
        f"Bearer {'a' * 9000}",
        f"Bearer {identity.issue(elsewhere, uuid4(), EVERY_ROLE)}",
        f"Bearer {identity.issue(counters.town.folder, uuid4(), EVERY_ROLE, ttl_s=-120)}",
        "Bearer \xff\xfe",
    ]
    for answer in await all_of(
        counters.send(each, headers={"Authorization": said.encode("latin-1")})
        for each in SENDINGS
        for said in bad
    ):
        assert_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("roles", [(), ("participant",), ("system",), ("no such role", "")])
async def test_whoever_has_none_of_the_roles_is_turned_away(
    counters: Counters, roles: tuple[str, ...]
) -> None:
    nobody = counters.town.caller(*roles)
    for answer in await all_of(counters.send(each, who=nobody) for each in SENDINGS):
        assert_problem(answer, 403)
        assert answer.json()["code"] == "not_allowed"


async def test_whoever_stands_in_no_relation_to_it_is_turned_away(
    counters: Counters, drives_another: Caller
) -> None:
    # One is just an employee; the other co-drives a network, but not this one.
    for who in (counters.town.caller("employee"), drives_another):
        for answer in await all_of(
            counters.send(each, who=who) for each in SENDINGS if each.name not in OF_EVERYBODY
        ):
            assert_problem(answer, 403)


async def test_nobody_answers_for_somebody_else(counters: Counters) -> None:
    employee = counters.town.caller("employee")
    for each in SENDINGS:
        if each.name in OF_EVERYBODY:
            body = counters.body(each) | {"on_behalf_of": str(uuid4())}
            assert_problem(await counters.send(each, body=body, who=employee), 403)


async def test_what_there_is_not_is_unknown(counters: Counters) -> None:
    for each in SENDINGS:
        if not each.places or each.name in BEGINS_ANYWHERE | OF_ONE_PERSON:
            continue
        ids = {**counters.ids(each), each.places[0]: unknown()}
        if each.places[0] == "half_year":
            ids["half_year"] = "2099-H1"
        if each.places[0] == "month":
            ids["month"] = "2099-12"
        status = 409 if each.name in REFUSED_BY_NAME else 404
        assert_problem(await counters.send(each, url=counters.url(each, ids)), status)


@pytest.mark.parametrize("no_id", NO_ID, ids=range(len(NO_ID)))
async def test_what_can_be_no_id_is_unknown(counters: Counters, no_id: str) -> None:
    for answer in await all_of(
        counters.send(each, url=counters.url(each, {**counters.ids(each), place: no_id}))
        for each in SENDINGS
        for place in each.places
        if place == "id" or place.endswith("_id")
    ):
        assert_problem(answer, 404)


@pytest.mark.parametrize("content", NO_COMMAND, ids=range(len(NO_COMMAND)))
async def test_what_is_no_command_is_malformed(counters: Counters, content: bytes) -> None:
    for answer in await all_of(counters.send(each, content=content) for each in SENDINGS):
        assert_problem(answer, 400, 422)


@pytest.mark.parametrize("sign", ["\ud800", "\udfff\ud800", "a\x00b"])
async def test_a_sign_that_cannot_be_stored_is_refused_wherever_it_stands(
    counters: Counters, sign: str
) -> None:
    bodies = [
        (each, with_at(counters.body(each), at, sign))
        for each in SENDINGS
        for at in leaves(counters.body(each))
    ]
    for answer in await all_of(
        counters.send(each, content=json.dumps(body).encode()) for each, body in bodies
    ):
        assert_problem(answer, 422)
        assert answer.json()["code"] == "text_not_storable"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2100-01-01", "9999-12-31"])
async def test_a_day_that_nobody_can_mean_is_refused_wherever_it_stands(
    counters: Counters, day: str
) -> None:
    bodies = [
        (each, with_at(counters.body(each), at, day))
        for each in SENDINGS
        for at in days(counters.body(each))
    ]
    assert len(bodies) > len(SENDINGS)
    for answer in await all_of(counters.send(each, body=body) for each, body in bodies):
        assert_problem(answer, 422)


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused(counters: Counters, *, chunked: bool) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for begin in range(0, len(TOO_LARGE), 10_000):
            yield TOO_LARGE[begin : begin + 10_000]

    for answer in await all_of(
        counters.send(each, content=parts() if chunked else TOO_LARGE) for each in SENDINGS
    ):
        assert_problem(answer, 413)


@pytest.mark.parametrize("kind", ["text/plain", "", "application/xml", "application/json; v=2"])
async def test_a_body_that_does_not_call_itself_json_is_refused(
    counters: Counters, kind: str
) -> None:
    for answer in await all_of(
        counters.send(each, headers={"Content-Type": kind}) for each in SENDINGS
    ):
        assert_problem(answer, 415)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        *(("Idempotency-Key", said) for said in ("", "a b", "x" * 201, '"', "ø")),
        *(("If-Match", said) for said in ("", "*", "1", 'W/"1"', '"1", "2"', '"-1"', '"²"')),
    ],
)
async def test_a_header_that_cannot_be_understood_is_refused(
    counters: Counters, header: str, said: str
) -> None:
    for answer in await all_of(
        counters.send(each, headers={header: said.encode("latin-1")}) for each in SENDINGS
    ):
        assert_problem(answer, 400)


@pytest.mark.parametrize("after", ["", "x", "network-1@", "@1", "network@99999999999", "no-such@1"])
async def test_a_position_that_is_none_is_refused(counters: Counters, after: str) -> None:
    for answer in await all_of(
        counters.send(each, url=f"{counters.url(each)}?after={quote(after)}") for each in SENDINGS
    ):
        assert_problem(answer, 422)


async def test_what_is_no_route_is_unknown_and_what_is_no_method_says_which_are(
    counters: Counters,
) -> None:
    for process in counters.processes.values():
        for path in (
            "/",
            "/networks/",
            "/commands",
            "/%2e%2e/x",
            "/networks//start",
            "/" + "x" * 99,
        ):
            answer = await counters.town.client.post(process.url + path)
            assert_problem(answer, 404)
    for each in SENDINGS:
        answer = await counters.town.client.patch(counters.url(each))
        assert_problem(answer, 405)
        assert each.line.method in answer.headers["Allow"]


async def test_notifications_takes_no_commands(counters: Counters) -> None:
    assert not [each for each in SENDINGS if each.service == "notifications"]
    document = (
        await counters.town.client.get(counters.processes["notifications"].url + "/openapi.json")
    ).json()
    methods = {method for path in document["paths"].values() for method in path}
    assert methods == {"get"}
