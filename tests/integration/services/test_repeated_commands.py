"""What was answered once is answered so again, and nothing is refused for what was seen before."""

import asyncio
import json
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.integration.patience import until
from tests.integration.services.networks import BREAK, Networks, imported

COPIES = 50


async def on_break(networks: Networks) -> str:
    """The id of a network that is on a break."""
    network_id = await networks.import_one()
    await networks.do("POST", f"/networks/{network_id}/breaks", BREAK)
    return network_id


async def ends(networks: Networks, network_id: str) -> int:
    """How often a break of the network was ended."""
    facts = await networks.town.facts("networks", f"network-{network_id}")
    return [name for name, _ in facts].count("NetworkBreakEnded")


async def lose_the_answer(networks: Networks, path: str, key: str, *, at_once: bool) -> None:
    """Send EndNetworkBreak and hang up: at once, or when it has happened; nothing is read."""
    address = urlsplit(networks.apis[0].url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {networks.secretary.token}",
        f"Idempotency-Key: {key}",
        "Content-Type: application/json",
        "Content-Length: 2",
        "",
        "{}",
    )
    writer.write("\r\n".join(lines).encode())
    await writer.drain()

    async def happened() -> bool:
        return await ends(networks, path.split("/")[2]) > 0

    if at_once:
        writer.close()
        await until(happened)
    else:
        await until(happened)
        writer.transport.abort()


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_lost_answer_is_given_again_whatever_has_happened_since(
    networks: Networks, *, at_once: bool
) -> None:
    network_id = await on_break(networks)
    path, key = f"/networks/{network_id}/breaks/end", str(uuid4())
    await lose_the_answer(networks, path, key, at_once=at_once)
    # The next break is under way when the end of the first one is asked for again.
    await networks.do("POST", f"/networks/{network_id}/breaks", BREAK)

    for api in (*networks.apis, networks.apis[0]):
        answer = await networks.secretary.send(api, "POST", path, key=key)
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.headers["Idempotency-Replayed"] == "true"
        assert answer.headers["ETag"] == '"3"'
        assert answer.json()["version"] == 3
        assert answer.json()["position"] == f"network-{network_id}@3"
        assert [each["type"] for each in answer.json()["events"]] == ["NetworkBreakEnded"]
    assert await ends(networks, network_id) == 1

    await networks.cancel(network_id)
    refused = await networks.secretary.send(networks.apis[1], "POST", path)
    assert (refused.status_code, refused.json()["code"]) == (409, "network_ended")
    answer = await networks.secretary.send(networks.apis[1], "POST", path, key=key)
    assert (answer.status_code, answer.json()["version"]) == (200, 3)


async def test_fifty_copies_at_once_in_two_processes_happen_once(networks: Networks) -> None:
    network_id = await on_break(networks)
    path, key = f"/networks/{network_id}/breaks/end", str(uuid4())

    answers = await asyncio.gather(
        *(
            networks.secretary.settle(networks.apis[turn % 2], "POST", path, key=key)
            for turn in range(COPIES)
        )
    )

    assert {each.status_code for each in answers} == {httpx.codes.OK}
    assert len({json.dumps(each.json(), sort_keys=True) for each in answers}) == 1
    assert answers[0].json()["version"] == 3
    assert sum("Idempotency-Replayed" not in each.headers for each in answers) == 1
    assert await ends(networks, network_id) == 1


async def test_fifty_copies_of_an_import_make_one_network(networks: Networks) -> None:
    title, key = str(uuid4()), str(uuid4())
    body = imported(title=title)

    answers = await asyncio.gather(
        *(
            networks.secretary.settle(each, "POST", "/networks/import", body, key=key)
            for each in (networks.apis * COPIES)[:COPIES]
        )
    )

    assert {each.status_code for each in answers} == {httpx.codes.CREATED}
    assert len({each.text for each in answers}) == 1
    assert len({each.headers["Location"] for each in answers}) == 1
    commits = await networks.town.commits("networks")
    made = [each["stream"] for each in commits if each["events"][0]["data"].get("title") == title]
    assert made == [f"network-{answers[0].json()['id']}"]


async def test_a_key_belongs_to_its_body_its_sender_and_its_path(networks: Networks) -> None:
    network_id = await on_break(networks)
    path, key = f"/networks/{network_id}/breaks/end", str(uuid4())
    first = await networks.secretary.send(networks.apis[0], "POST", path, key=key)
    assert first.status_code == httpx.codes.OK

    for api in networks.apis:
        other = await networks.secretary.send(api, "POST", path, {"on": "2015-01-05"}, key=key)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    await networks.do("POST", f"/networks/{network_id}/breaks", BREAK)
    colleague = networks.town.caller("secretariat")
    theirs = await colleague.send(networks.apis[1], "POST", path, key=key)
    assert (theirs.status_code, theirs.json()["version"]) == (200, 5)
    assert "Idempotency-Replayed" not in theirs.headers

    elsewhere = f"/networks/{await on_break(networks)}/breaks/end"
    answer = await networks.secretary.send(networks.apis[1], "POST", elsewhere, key=key)
    assert (answer.status_code, answer.json()["version"]) == (200, 3)
    assert "Idempotency-Replayed" not in answer.headers


async def test_a_refusal_is_no_first_answer(networks: Networks) -> None:
    network_id = await networks.import_one()
    path, key = f"/networks/{network_id}/breaks/end", str(uuid4())
    refused = await networks.secretary.send(networks.apis[0], "POST", path, key=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_on_break")

    await networks.do("POST", f"/networks/{network_id}/breaks", BREAK, at=1)
    answer = await networks.secretary.send(networks.apis[0], "POST", path, key=key)
    assert (answer.status_code, answer.json()["version"]) == (200, 3)


async def test_what_one_process_writes_another_sees_before_it_refuses(networks: Networks) -> None:
    here, there, _ = networks.apis
    send = networks.secretary.send
    path = f"/networks/{await networks.import_one()}/breaks"
    for month in range(1, 6):
        # Both have the network in their caches, and each time what the other wrote is news.
        day = {"on": f"2015-0{month}-05"}
        early = await send(there, "POST", f"{path}/end")
        assert (early.status_code, early.json()["code"]) == (409, "not_on_break")
        assert (await send(here, "POST", path, BREAK | day)).status_code == httpx.codes.OK
        again = await send(there, "POST", path, BREAK)
        assert (again.status_code, again.json()["code"]) == (409, "already_on_break")
        assert (await send(there, "POST", f"{path}/end", day)).status_code == httpx.codes.OK
        late = await send(here, "POST", f"{path}/end", {"on": "2015-12-24"})
        assert (late.status_code, late.json()["code"]) == (409, "not_on_break")


async def test_a_thing_and_a_relation_that_came_about_elsewhere_count_at_once(
    networks: Networks,
) -> None:
    here, there, _ = networks.apis
    network_id = await networks.import_one()
    path = f"/networks/{network_id}/breaks"
    stranger = networks.town.caller("employee")
    assert (await stranger.send(there, "POST", path, BREAK)).status_code == httpx.codes.FORBIDDEN

    co_driver = {
        "person_id": str(stranger.person),
        "theme_expertise": True,
        "rationale": "Kender området.",
        "assessment_id": str(uuid4()),
    }
    to = f"/networks/{network_id}/co-driver"
    answer = await networks.secretary.send(here, "PUT", to, co_driver)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert (await stranger.send(there, "POST", path, BREAK)).status_code == httpx.codes.OK


async def test_an_expected_version_is_held_against_what_all_processes_wrote(
    networks: Networks,
) -> None:
    here, there, _ = networks.apis
    path = f"/networks/{await networks.import_one()}/breaks"
    send = networks.secretary.send
    begun = await send(there, "POST", path, BREAK, headers={"If-Match": '"1"'})
    assert begun.status_code == httpx.codes.OK
    # Here version 1 is in the cache, and 2 is what there is.
    stale = await send(here, "POST", f"{path}/end", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_stale")
    ended = await send(here, "POST", f"{path}/end", headers={"If-Match": '"2"'})
    assert ended.status_code == httpx.codes.OK
    ahead = await send(there, "POST", path, BREAK, headers={"If-Match": '"4"'})
    assert (ahead.status_code, ahead.json()["facts"]["version"]) == (412, 3)


async def test_of_those_who_change_the_same_thing_at_once_nobody_is_lost(
    networks: Networks,
) -> None:
    network_id = await networks.import_one()
    path = f"/networks/{network_id}/closing"
    days = [f"2030-01-{day:02}" for day in range(1, 31)]

    answers = await asyncio.gather(
        *(
            networks.secretary.settle(networks.apis[turn % 3], "POST", path, {"planned_close": day})
            for turn, day in enumerate(days)
        )
    )

    assert {each.status_code for each in answers} == {httpx.codes.OK}
    assert sorted(each.json()["version"] for each in answers) == list(range(2, 32))
    facts = await networks.town.facts("networks", f"network-{network_id}")
    assert sorted(fields["planned_close"] for _, fields in facts[1:]) == days
