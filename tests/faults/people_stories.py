"""What the writers do with people: leaders, those who learn, who is in rotation, who is listed."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from tests.faults.desk import Asked, Desk
from tests.faults.ledger import Json, Principal
from tests.integration.services.cohorts import BODIES
from tests.integration.services.networks import imported


async def a_leader(desk: Desk) -> None:
    """Somebody would like to lead, is taken into the pool, and leaves it."""
    who = str(desk.somebody().person if desk.by_chance(0.2) else uuid4())
    to = f"/leaders/{who}"
    for _ in desk.several(5):
        wish = {"wish": desk.rng.choice(["lead", "co_drive"]), "themes": "Børn {key}"}
        await desk.do(desk.secretary, "POST", f"{to}/interests", wish)
    day = date(1960, 1, 1) + timedelta(days=desk.rng.randrange(18_000))
    diploma = {"on": day.isoformat(), "what": "diploma", "evidence": "Set."}
    await desk.do(desk.secretary, "POST", f"{to}/prior-qualifications", diploma)
    admitted = {
        "in_pool": True,
        "basis": "experienced_gen1_2",
        "generation": desk.rng.randint(1, 2),
    }
    await desk.do(desk.secretary, "PUT", f"/leader-pool/{who}", admitted)
    left = {"in_pool": False, "reason": "Nyt arbejde."}
    await desk.do(desk.secretary, "PUT", f"/leader-pool/{who}", left)
    await desk.do(desk.secretary, "PUT", f"/innovators/{who}", {"member": True})
    gone = {"member": False, "reason": "Nyt arbejde."}
    await desk.do(desk.secretary, "PUT", f"/innovators/{who}", gone)


async def a_participant(desk: Desk) -> None:
    """Some take part in a learning network and look at themselves before and after it."""
    leader = str(desk.somebody().person)
    network = {**imported(title="Læring {key}"), "network_type": "learning", "leader_id": leader}
    told = await desk.do(desk.secretary, "POST", "/networks/import", network)
    people = desk.rng.sample(desk.people, desk.rng.randint(2, 5))
    for moment in ("before", "after", desk.rng.choice(["before", "after"])):
        looks = [_assessed(desk, each, each, told["id"], moment) for each in people]
        await desk.together(looks)
        people = people[desk.rng.randrange(2) :]
    for person in people:
        await desk.do(*_assessed(desk, desk.secretary, person, told["id"], "after"))
        await _says_no(desk, person)
    path = f"/networks/{told['id']}/cancel"
    await desk.do(desk.secretary, "POST", path, {"reason": "Ikke nu."})


def _assessed(desk: Desk, who: Principal, of: Principal, network_id: str, moment: str) -> Asked:
    levels = {each: desk.rng.randint(1, 5) for each in BODIES["AssessCompetences"]["levels"]}
    said: Json = {
        "assessment_id": str(uuid4()),
        "levels": levels,
        "network_id": network_id,
        "moment": moment,
    }
    if who is of:
        said["identifies_with_good_leader"] = desk.by_chance(0.7)
    return Asked(who, "POST", f"/leaders/{of.person}/assessments", said)


async def _says_no(desk: Desk, person: Principal) -> None:
    """Somebody declines a network, and cannot be asked for a while."""
    path = f"/leaders/{person.person}"
    no = {**BODIES["DeclineAssignment"], "network_id": str(uuid4()), "text": "Ikke nu {key}"}
    await desk.do(person, "POST", f"{path}/declines", no)
    today = datetime.now(UTC).date()
    until = (today + timedelta(days=desk.rng.randint(1, 3000))).isoformat()
    away = {"available": False, "available_from": today.isoformat(), "available_until": until}
    await desk.do(person, "PUT", f"{path}/availability", away)


async def a_rotation(desk: Desk) -> None:
    """Somebody is proposed for a rotation, comes, and says how it was; or does not come."""
    by = {"decided_by": [str(desk.chief.person)]}
    wanted = {**BODIES["PointOutRotationCompetence"], **by, "text": "Til sager {key}"}
    competence = await desk.do(desk.chief, "POST", "/rotation-competences", wanted)
    who = desk.somebody()
    proposal = {**BODIES["ProposeRotation"], "person_id": str(who.person), "text": "Metode {key}"}
    told = await desk.do(who, "POST", "/rotations", proposal)
    path = f"/rotations/{told['id']}"
    nominated = {"answer": "nominated", "competence_id": competence["id"]}
    await desk.do(desk.chief, "POST", f"{path}/nomination", nominated)
    today = datetime.now(UTC).date()
    for number in desk.several(3):
        ends_on = today + timedelta(days=100 + 10 * number)
        stay = {"starts_on": today.isoformat(), "ends_on": ends_on.isoformat()}
        if number == 0 and desk.by_chance(0.3):
            stay["starts_on"] = ends_on.isoformat()
            await desk.do(desk.secretary, "POST", f"{path}/start", stay)
            no = {"answer": "declined", "reason": "Ikke nu {key}"}
            await desk.do(desk.secretary, "POST", f"{path}/nomination", no)
            return
        await desk.do(desk.secretary, "POST", f"{path}/start", stay)
    left = {"deliverables": [*BODIES["EndRotation"]["deliverables"], {"title": "Vane {key}"}]}
    await desk.do(desk.secretary, "POST", f"{path}/end", left)
    said = {**BODIES["EvaluateRotation"], "wellbeing": desk.rng.randint(1, 5)}
    await desk.do(who, "POST", f"{path}/evaluation", said)


async def a_unit(desk: Desk) -> None:
    """A department is listed with somebody in it, who is erased; then it is no more."""
    unit, person = str(uuid4()), str(uuid4())
    for _ in desk.several(2):
        listed = {"kind": "department", "name": "Afdeling {key}"}
        await desk.do(desk.secretary, "PUT", f"/org-units/{unit}", listed)
    forums = desk.rng.sample(["leaders", "municipal_MED"], desk.rng.randrange(3))
    known = {"name": "Gæst {key}", "org_unit_id": unit, "forums": forums}
    await desk.do(desk.secretary, "PUT", f"/people/{person}", known)
    wish = {"wish": "lead", "themes": "Børn {key}"}
    await desk.do(desk.secretary, "POST", f"/leaders/{person}/interests", wish)
    await desk.do(desk.secretary, "DELETE", f"/people/{person}")
    await desk.do(desk.secretary, "DELETE", f"/org-units/{unit}")
