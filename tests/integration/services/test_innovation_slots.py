"""Innovation networks start within the cap, from however many processes, whoever is killed."""

import asyncio
from uuid import uuid4

import httpx

from tests.integration.services.networks import SLOTS, START, Networks
from tests.integration.services.town import Caller, Process

STARTS = 100
LATER = 60
AT_ONCE = 5
"""Requests that wait for one process, so that most of its twenty come when it is gone."""


async def start(who: Caller, at: Process, network_id: str, key: str = "") -> httpx.Response:
    """Ask for a network to start."""
    return await who.settle(at, "POST", f"/networks/{network_id}/start", START, key=key)


async def test_of_a_hundred_starts_in_three_processes_one_gets_the_last_slot(
    networks: Networks,
) -> None:
    planned = await networks.plan(STARTS)
    await networks.leave_free(1)

    answers = await asyncio.gather(
        *(
            start(networks.secretary, networks.apis[turn % 3], each)
            for turn, each in enumerate(planned)
        )
    )

    accepted = [each for each in answers if each.status_code == httpx.codes.OK]
    refused = [each for each in answers if each.status_code == httpx.codes.CONFLICT]
    assert (len(accepted), len(refused)) == (1, STARTS - 1), {each.text for each in answers}
    assert {each.json()["code"] for each in refused} == {"innovation_cap_reached"}
    assert {each.json()["rule"] for each in refused} == {"R73"}
    assert {each.json()["facts"]["cap"] for each in refused} == {SLOTS}
    holders = await networks.holders()
    assert holders == await networks.running()
    assert len(holders) == SLOTS
    assert accepted[0].json()["id"] in holders


async def test_a_process_that_is_killed_while_networks_start_leaks_no_slot(
    networks: Networks,
) -> None:
    planned = await networks.plan(LATER)
    await networks.leave_free(SLOTS)
    killed = await networks.town.start_all([("networks", "api")] * 2)
    apis = [networks.apis[0], *killed]
    keys = {each: str(uuid4()) for each in planned}
    first: dict[str, httpx.Response] = {}
    doors = [asyncio.Semaphore(AT_ONCE) for _ in apis]

    async def attempt(network_id: str, door: int) -> None:
        try:
            async with doors[door]:
                answer = await start(networks.secretary, apis[door], network_id, keys[network_id])
        except httpx.TransportError:
            return
        first[network_id] = answer
        accepted = sum(each.status_code == httpx.codes.OK for each in first.values())
        if accepted in (2, 5):  # while others are on their way
            await killed[0 if accepted == 2 else 1].child.kill()

    await asyncio.gather(*(attempt(each, turn % 3) for turn, each in enumerate(planned)))

    assert not any(each.lives for each in killed)
    assert len(first) < LATER  # some never got an answer
    assert await networks.holders() == await networks.running()

    # Whoever got no answer asks again elsewhere; whoever had been accepted gets the same.
    again = await asyncio.gather(
        *(start(networks.secretary, networks.apis[1], each, keys[each]) for each in planned)
    )
    for each, answer in zip(planned, again, strict=True):
        if each in first and first[each].status_code == httpx.codes.OK:
            assert answer.json() == first[each].json()
            assert answer.headers["Idempotency-Replayed"] == "true"
    started = {each.json()["id"] for each in again if each.status_code == httpx.codes.OK}
    assert len(started) == SLOTS
    assert await networks.holders() == await networks.running() == started


async def test_a_network_that_is_cancelled_or_closed_gives_its_slot_back(
    networks: Networks,
) -> None:
    one, other, third = await networks.plan(3)
    await networks.leave_free(1)
    first, second, _ = networks.apis
    assert (await start(networks.secretary, first, one)).status_code == httpx.codes.OK
    assert (await start(networks.secretary, second, other)).status_code == httpx.codes.CONFLICT

    await networks.cancel(one)
    assert (await start(networks.secretary, second, other)).status_code == httpx.codes.OK
    assert (await start(networks.secretary, first, third)).status_code == httpx.codes.CONFLICT

    close = {
        "result": "not_adopted",
        "override": {"rules": ["R213"], "reason": "Der blev intet at evaluere."},
    }
    await networks.do("POST", f"/networks/{other}/close", close, at=2)
    assert (await start(networks.secretary, first, third)).status_code == httpx.codes.OK
    assert await networks.holders() == await networks.running()
