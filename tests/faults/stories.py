"""What the writers do, over and over: a theme, a network from start to end, and who learns there.

Each story sends commands that change something every time, some of them at the same moment to the
same thing, and ends what it began, so that innovation slots are taken and given back.
"""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

from tests.faults.cohort_stories import a_cohort, an_innovator_cohort
from tests.faults.desk import Declined, Desk, Stopping, Story
from tests.faults.forum_stories import a_held_slot, a_slot
from tests.faults.idea_stories import an_idea, an_idea_call
from tests.faults.people_stories import a_leader, a_participant, a_rotation, a_unit
from tests.faults.theme_stories import a_changing_theme, a_round, a_theme, proposed, selected
from tests.integration.services.bodies import BODIES
from tests.integration.services.networks import BREAK, CHOICE, START, imported

_FAR = date(2031, 1, 1)


async def a_network(desk: Desk) -> None:
    """An innovation network is imported, changes its plans, and ends."""
    leader = str(desk.somebody().person)
    body = {**imported(title="Campus {key}"), "leader_id": leader}
    body["network_type"] = desk.rng.choice(["innovation", "innovation", "welfare"])
    told = await desk.do(desk.secretary, "POST", "/networks/import", body)
    path = f"/networks/{told['id']}"
    await _run(desk, path)
    await _end(desk, path)


async def a_start(desk: Desk) -> None:
    """A theme is selected, gets a network by itself, which starts within the cap and ends.

    One that learns meets the chief forum when it starts, and before it closes.
    """
    network_type = desk.rng.choice(["innovation", "innovation", "learning"])
    theme = await proposed(desk, desk.somebody(), wished_type=network_type)
    await selected(desk, theme, network_type)
    path = f"/networks/{await _network_of(desk, theme.rpartition('/')[2])}"
    chosen = {"decided_by": [str(desk.chief.person)]}
    leader = {**CHOICE, "person_id": str(desk.somebody().person), **chosen}
    await desk.do(desk.chief, "PUT", f"{path}/leader", leader)
    try:
        await desk.do(desk.secretary, "POST", f"{path}/start", START)
    except Declined:  # all slots are taken
        await desk.do(desk.secretary, "POST", f"{path}/cancel", {"reason": "Ingen plads."})
        raise
    await _run(desk, path)
    await _end(desk, path)


AT_ONCE: tuple[tuple[Story, int], ...] = (
    (a_theme, 3),
    (a_changing_theme, 1),
    (an_idea, 1),
    (an_idea_call, 1),
    (a_round, 2),
    (a_slot, 1),
    (a_held_slot, 1),
    (a_network, 4),
    (a_start, 3),
    (a_leader, 3),
    (a_participant, 1),
    (a_rotation, 1),
    (a_unit, 1),
    (a_cohort, 3),
    (an_innovator_cohort, 1),
)
"""How many of each go on beside each other."""


async def _network_of(desk: Desk, theme_id: str) -> str:
    """The network that is planned for a theme, as soon as there is one."""
    turn = 0
    while True:
        door = desk.doors["networks"][turn % len(desk.doors["networks"])]
        answer = await desk.client.get(desk.secretary, door, "/networks", theme_id=theme_id)
        if answer is not None and answer.status_code == 200 and answer.json()["items"]:
            return str(UUID(answer.json()["items"][0]["network_id"]))
        turn += 1
        try:
            async with asyncio.timeout(0.3):
                await desk.stopping.wait()
        except TimeoutError:
            continue
        raise Stopping


async def _run(desk: Desk, path: str) -> None:
    """A network that runs moves its end, and changes its co-driver."""
    for number in desk.several(5):
        day = _FAR + timedelta(days=40 * number + desk.rng.randrange(40))
        await desk.do(desk.secretary, "POST", f"{path}/closing", {"planned_close": day.isoformat()})
    if desk.by_chance(0.3):
        await _contract(desk, path)
    if desk.by_chance(0.3):
        await desk.do(desk.secretary, "POST", f"{path}/phases/intensive_1/start")
        override = {"rules": ["R146"], "reason": "Kontrakten er på vej."}
        done = {"actual_weeks": 2.5, "actual_hours": 30.0, "override": override}
        if desk.by_chance(0.5):
            await desk.do(desk.secretary, "POST", f"{path}/phases/intensive_1/complete", done)
    if desk.by_chance(0.3):
        await desk.do(desk.secretary, "POST", f"{path}/breaks", BREAK)
        await desk.do(desk.secretary, "POST", f"{path}/breaks/end")
    if desk.by_chance(0.3):
        joined = {
            **BODIES["AssignCoDriver"],
            "person_id": str(uuid4()),
            "line_manager_id": str(desk.somebody().person),
        }
        await desk.do(desk.secretary, "PUT", f"{path}/co-driver", joined)
        await desk.do(desk.secretary, "POST", f"{path}/co-driver/release", {"reason": "Rokade."})


async def _contract(desk: Desk, path: str) -> None:
    """The secretariat writes its part of the contract, once or twice, and agrees to it."""
    for version in desk.several(2):
        texts = {"content": "Arbejdet {key}", "role": "Sekretær", "responsibility": "Aftaler"}
        parties = ("network_leader", "secretariat")
        sections = {"sections": dict.fromkeys(parties, texts)}
        await desk.do(desk.secretary, "PUT", f"{path}/mandate-contract", sections)
        own = {"party": "secretariat", "version": version + 1}
        await desk.do(desk.secretary, "POST", f"{path}/mandate-contract/agreements", own)


async def _end(desk: Desk, path: str) -> None:
    if desk.by_chance(0.5):
        await desk.do(desk.secretary, "POST", f"{path}/cancel", {"reason": "Ikke nu."})
        return
    override = {"rules": ["R213"], "reason": "Der blev intet at evaluere."}
    closed = {"result": "not_adopted", "override": override}
    await desk.do(desk.secretary, "POST", f"{path}/close", closed)
