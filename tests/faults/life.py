"""Some of everything that happens in a municipality, so that there are rows in every view."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from tests.faults.theme_life import life_of_themes
from tests.integration.services.bodies import BODIES
from tests.integration.services.cohorts import BODIES as OF_TRAINING
from tests.integration.services.municipality import UNIT, Municipality
from tests.integration.services.networks import imported
from tests.integration.services.town import Caller, Json

Places = dict[str, str]
"""A name for what was brought about -> the stream or the key it has."""

_DAYS = 5


async def some_life(here: Municipality) -> Places:
    """Networks begin and end, a cohort runs from its plan to a diploma, people come and go."""
    networks = await _networks(here)
    return {
        **networks,
        **await life_of_themes(here, networks["second"].removeprefix("theme-")),
        **await _cohorts(here),
        **await _learning(here),
        **await _rotation(here),
        **await _directory(here),
        "leader_person": f"people-{here.leader.person}",
        "manager_person": f"people-{here.manager.person}",
    }


async def _networks(here: Municipality) -> Places:
    """Two themes become networks, one of which ends; two more networks are imported."""
    first, second = (await here.select_a_theme())["id"], (await here.select_a_theme())["id"]
    network = (await here.network_of(first))["network_id"]
    await here.start_network(network)
    path = f"/networks/{network}"
    said = {"content": "Arbejdet", "role": "Sekretær", "responsibility": "Aftaler"}
    contract = {"sections": {"secretariat": said}}
    await here.do(here.secretary, "PUT", f"{path}/mandate-contract", contract)
    await here.do(here.secretary, "POST", f"{path}/evaluations", BODIES["RecordEvaluation"])
    await here.do(here.secretary, "POST", f"{path}/outputs", BODIES["RecordOutput"])
    await here.close_network(network)
    running = await here.do(here.secretary, "POST", "/networks/import", imported())
    innovating = {**imported(), "network_type": "innovation"}
    await here.do(here.secretary, "POST", "/networks/import", innovating)
    await here.do(here.leader, "POST", f"/leaders/{here.leader.person}/interests", {"wish": "lead"})
    return {
        "first": f"theme-{first}",
        "second": f"theme-{second}",
        "network": f"network-{network}",
        "network_id": network,
        "running": f"network-{running['id']}",
        "running_id": running["id"],
    }


async def _cohorts(here: Municipality) -> Places:
    """Of three participants one leaves and one passes; another cohort is only planned."""
    await here.do(here.secretary, "POST", "/cohorts", OF_TRAINING["PlanCohort"])
    people = [str(uuid4()) for _ in range(3)]
    drove = {"on": "2012-06-01", "what": "co_driver", "evidence": "Set"}
    for each in people:
        await here.do(here.secretary, "POST", f"/leaders/{each}/prior-qualifications", drove)
    cohort = (await here.do(here.secretary, "POST", "/cohorts", {"programme": "diploma"}))["id"]
    path = f"/cohorts/{cohort}"
    for day in range(1, _DAYS + 1):
        await here.do(here.secretary, "PUT", f"{path}/days/{day}", _held(_DAYS + 2 - day))
    await here.do(here.secretary, "POST", f"{path}/open", {"enrol_by": _day(-30)})
    asked: list[Json] = []
    for each in people:
        place = {"person_id": each, "department_id": UNIT}
        asked.append(await here.do(here.secretary, "POST", f"{path}/enrolments", place))
    passing, failing, leaving = people
    await here.do(here.secretary, "POST", f"{path}/enrolments/{leaving}/withdraw")
    small = {"override": {"rules": ["R170"], "reason": "Holdet er lille."}}
    await here.do(here.secretary, "POST", f"{path}/confirm", small)
    await here.do(here.secretary, "POST", f"{path}/start")
    await here.do(here.secretary, "PUT", f"{path}/days/1/attendance", {"present": [passing]})
    cost = {"cost_per_participant_ore": 1_000_001}
    await here.do(here.secretary, "POST", f"{path}/costs", cost)
    corrections: list[Json] = [{"cost_ore": 900_001}, {"department_id": str(uuid4())}]
    for changed in corrections:
        correction = {**changed, "reason": "Aftalt"}
        await here.do(here.secretary, "POST", f"{path}/costs/{failing}/correction", correction)
    for person, oral in ((passing, "passed"), (failing, "failed")):
        for part, result in (("written", "passed"), ("oral", oral)):
            said = {"attempt": 1, "result": result, "held_on": _day(1)}
            await here.do(here.secretary, "PUT", f"/exams/{cohort}/{person}/{part}", said)
    await here.do(here.secretary, "POST", f"{path}/complete")
    return {
        "cohort": f"cohort-{cohort}",
        "person": passing,
        "enrolled": f"cohort-{cohort}@{asked[0]['version'] - 1:09}",
        "participant": f"{cohort}-{passing}",
        "paying": f"{cohort}-{UNIT}",
    }


async def _learning(here: Municipality) -> Places:
    """Somebody looks at themself before and after a learning network, and declines another."""
    network = {**imported(), "network_type": "learning"}
    told = await here.do(here.secretary, "POST", "/networks/import", network)
    path = f"/leaders/{here.proposer.person}"
    for moment in ("before", "after", "before"):
        look = {"network_id": told["id"], "moment": moment, "assessment_id": str(uuid4())}
        said = {**OF_TRAINING["AssessCompetences"], **look}
        await here.do(here.proposer, "POST", f"{path}/assessments", said)
    await here.do(here.proposer, "POST", f"{path}/declines", OF_TRAINING["DeclineAssignment"])
    away = OF_TRAINING["SetLeaderAvailability"]
    await here.do(here.proposer, "PUT", f"{path}/availability", away)
    innovator = f"/innovators/{here.proposer.person}"
    await here.do(here.secretary, "PUT", innovator, {"member": True})
    return {"learning": f"network-{told['id']}"}


async def _rotation(here: Municipality) -> Places:
    """A rotation from the proposal to the evaluation, and one that runs."""
    wanted = OF_TRAINING["PointOutRotationCompetence"]
    by = {"decided_by": [str(here.chief.person)]}
    pointed_out = await here.do(here.chief, "POST", "/rotation-competences", {**wanted, **by})
    nominated = {"answer": "nominated", "competence_id": pointed_out["id"]}
    stay = {"starts_on": _day(0), "ends_on": _day(-200)}
    running = await _proposed(here, here.leader)
    await here.do(here.secretary, "POST", f"{running}/start", stay)
    path = await _proposed(here, here.co_driver)
    await here.do(here.chief, "POST", f"{path}/nomination", nominated)
    await here.do(here.secretary, "POST", f"{path}/start", stay)
    await here.do(here.secretary, "POST", f"{path}/end", OF_TRAINING["EndRotation"])
    await here.do(here.co_driver, "POST", f"{path}/evaluation", OF_TRAINING["EvaluateRotation"])
    return {"rotation": f"rotation-{path.rpartition('/')[2]}"}


async def _proposed(here: Municipality, who: Caller) -> str:
    proposal = {**OF_TRAINING["ProposeRotation"], "person_id": str(who.person)}
    return f"/rotations/{(await here.do(who, 'POST', '/rotations', proposal))['id']}"


async def _directory(here: Municipality) -> Places:
    """A unit stays, another goes; somebody in several forums stays, and somebody is erased."""
    stays, goes, erased = (str(uuid4()) for _ in range(3))
    for each in (stays, goes):
        unit = {"kind": "department", "name": "Afdeling"}
        await here.do(here.secretary, "PUT", f"/org-units/{each}", unit)
    listed = {"name": "Gæst", "org_unit_id": stays, "forums": ["leaders", "municipal_MED"]}
    for person in (erased, str(uuid4())):
        await here.do(here.secretary, "PUT", f"/people/{person}", listed)
    await here.do(here.secretary, "DELETE", f"/people/{erased}")
    return {"erased": f"people-{erased}", "unit": f"units-{stays}"}


def _day(ago: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=ago)).isoformat()


def _held(ago: int) -> Json:
    """A training day so many days ago."""
    day = date.fromisoformat(_day(ago))
    begins = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=7)).isoformat(),
        "place": "Rådhuset",
    }
