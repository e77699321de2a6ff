"""A cohort's last place and its waiting list, asked for from two processes at once (A8)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from tests.integration.services.cohorts import PLACES, Cohorts
from tests.integration.services.town import Town

TIMES = 100
RIVALS = 4
"""Who ask for the last place at the same time."""
LEAVING = 2
"""Who then give their place up at the same time."""
_AT_A_TIME = 8


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cohorts(api_town: Town) -> AsyncIterator[Cohorts]:
    """Two API processes of training."""
    apis = await api_town.start_all([("training", "api")] * 2)
    yield Cohorts(api_town, tuple(apis), api_town.caller("secretariat"))
    for each in apis:
        await each.child.stop()


class Places:
    """Who has a place and who waits, followed fact by fact."""

    def __init__(self, facts: list[tuple[str, Any]]) -> None:
        self.have: list[str] = []
        self.wait: list[str] = []
        for name, fields in facts:
            person = fields.get("person_id")
            match name:
                case "EnrolmentConfirmed" if fields["promoted"]:
                    assert person == self.wait.pop(0), "promoted out of turn"
                    self.have.append(person)
                case "EnrolmentConfirmed":
                    assert not self.wait, "given past those who wait"
                    self.have.append(person)
                case "EnrolmentWaitlisted":
                    assert len(self.have) == PLACES, "waiting for a free place"
                    self.wait.append(person)
                    assert fields["place"] == len(self.wait)
                case "EnrolmentWithdrawn":
                    (self.have if fields["was"] == "enrolled" else self.wait).remove(person)
                case _:
                    pass
            assert len(self.have) <= PLACES
            assert len({*self.have, *self.wait}) == len(self.have) + len(self.wait)


async def test_the_last_place_is_given_once_and_those_who_wait_move_up_in_order(
    cohorts: Cohorts,
) -> None:
    people = await cohorts.co_drivers(PLACES - 1 + RIVALS)
    early, rivals = people[: PLACES - 1], people[PLACES - 1 :]
    turns = asyncio.Semaphore(_AT_A_TIME)

    async def once() -> None:
        async with turns:
            await race(cohorts, early, rivals)

    await asyncio.gather(*(once() for _ in range(TIMES)))


async def race(cohorts: Cohorts, early: list[str], rivals: list[str]) -> None:
    """One cohort: several ask for the last place, and then several leave."""
    cohort = await cohorts.open_with(early)
    path = f"/cohorts/{cohort}/enrolments"
    asked = await cohorts.at_once([(path, {"person_id": each}) for each in rivals])
    assert {each.status_code for each in asked} == {httpx.codes.OK}, [each.text for each in asked]
    got = [[event["type"] for event in each.json()["events"]][-1] for each in asked]
    assert sorted(got) == ["EnrolmentConfirmed", *["EnrolmentWaitlisted"] * (RIVALS - 1)]
    before = Places(await cohorts.facts(cohort))
    assert (len(before.have), len(before.wait)) == (PLACES, RIVALS - 1)

    leaving = [f"{path}/{each}/withdraw" for each in early[:LEAVING]]
    left = await cohorts.at_once([(each, {}) for each in leaving])
    assert {each.status_code for each in left} == {httpx.codes.OK}, [each.text for each in left]
    after = Places(await cohorts.facts(cohort))
    assert after.have[-LEAVING:] == before.wait[:LEAVING]
    assert (len(after.have), len(after.wait)) == (PLACES, RIVALS - 1 - LEAVING)
