"""A network after all of its facts, for those who work its rows out anew."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.times import half_year_of

ENDED = ("closed", "cancelled")


def network_as_it_is(facts: list[Told]) -> Json:
    """A network after all of its facts: its state, its crew and its place in the course.

    Without any it is as those know it who have only heard of it from others.
    """
    begin = facts[0].data if facts else {}
    imported = bool(facts) and facts[0].name == "NetworkImported"
    started_on = begin.get("started_on")
    begun = "running" if imported else "planned"
    now: Json = {
        "title": begin.get("title"),
        "network_type": begin.get("network_type"),
        "theme_id": begin.get("theme_id"),
        "type_aligned": begin.get("type_aligned", True),
        "state": begun if facts else None,
        "imported": imported,
        "half_year": begin.get("half_year") or (half_year_of(started_on) if started_on else None),
        "planned_start": begin.get("planned_start"),
        "started_on": started_on,
        "estimated_end": begin.get("planned_end"),
        "planned_close": None,
        "purpose": begin.get("purpose"),
        "base_anchor": begin.get("base_anchor"),
        "political_vision_ref": None,
        "leader_id": begin.get("leader_id"),
        "line_manager_id": begin.get("leader_line_manager_id"),
        "co_driver_id": begin.get("co_driver_id"),
        "co_driver_line_manager_id": None,
        "reference_leader_id": begin.get("reference_leader_id"),
        "opted_in": [],
        "phases": _phases(begin),
        "phases_completed": list(begin.get("phases_completed", ())),
        "current_phase": None,
        "contract_version": 0,
        "contract_agreed": False,
        "test_funding_secured": False,
        "receiving_units": [],
        "on_break_since": None,
        "ended_on": None,
        "result": None,
    }
    for fact in facts[1:]:
        now |= _change(now, fact.name, fact.data)
    return now


def _phases(data: Json) -> list[str]:
    return [each["phase"] for each in data.get("phases", ())]


def _change(now: Json, name: str, data: Json) -> Json:
    match name:
        case "NetworkThemeLinked":
            return {"theme_id": data["theme_id"]}
        case "NetworkStarted":
            told = ("half_year", "estimated_end", "purpose", "base_anchor", "political_vision_ref")
            begun = {each: data.get(each) for each in told}
            return {"state": "running", "started_on": data["on"], **begun}
        case "NetworkClosingAnnounced":
            return {"planned_close": data["planned_close"]}
        case "NetworkClosed":
            ended = {"state": "closed", "ended_on": data["on"], "current_phase": None}
            units = data.get("receiving_units", [])
            return {**ended, "result": data["result"], "receiving_units": units}
        case "NetworkCancelled":
            over = {"current_phase": None, "on_break_since": None}
            return {"state": "cancelled", "ended_on": data["on"], **over}
        case "NetworkBreakStarted":
            return {"state": "on_break", "on_break_since": data["on"]}
        case "NetworkBreakEnded":
            return {"state": "running", "on_break_since": None}
        case _:
            return _crew(now, name, data) | _contract(name, data) | _course(now, name, data)


def _crew(now: Json, name: str, data: Json) -> Json:
    person = data.get("person_id")
    match name:
        case "NetworkLeaderAssigned" | "NetworkLeaderReplaced":
            manager = {"line_manager_id": data.get("line_manager_id")}
            return {"leader_id": person, "contract_agreed": False, **manager}
        case "ReferenceLeaderAssigned" | "ReferenceLeaderReplaced":
            return {"reference_leader_id": person, "contract_agreed": False}
        case "ReferenceLeaderReleased":
            return {"reference_leader_id": None}
        case "ReferenceLeaderOptedIn":
            return {"opted_in": sorted({*now["opted_in"], str(person)})}
        case "ReferenceLeaderOptOutRecorded":
            left = {"reference_leader_id": None} if data.get("was_assigned") else {}
            return {"opted_in": [each for each in now["opted_in"] if each != person], **left}
        case "CoDriverAssigned":
            manager = {"co_driver_line_manager_id": data.get("line_manager_id")}
            return {"co_driver_id": person, **manager}
        case "CoDriverReleased":
            return {"co_driver_id": None, "co_driver_line_manager_id": None}
        case _:
            return {}


def _contract(name: str, data: Json) -> Json:
    match name:
        case "MandateContractDrafted" | "MandateContractAmended":
            return {"contract_version": data["contract_version"], "contract_agreed": False}
        case "MandateContractAgreed":
            return {"contract_agreed": True}
        case _:
            return {}


def _course(now: Json, name: str, data: Json) -> Json:
    match name:
        case "PhasePlanRevised":
            start = data.get("planned_start") or now["planned_start"]
            revised = {"phases": _phases(data), "estimated_end": data.get("estimated_end")}
            return {**revised, "planned_start": start}
        case "PhaseStarted":
            return {"current_phase": data["phase"]}
        case "PhaseCompleted":
            left = None if now["current_phase"] == data["phase"] else now["current_phase"]
            done = [*now["phases_completed"], data["phase"]]
            return {"current_phase": left, "phases_completed": done}
        case "TestFundingSecured":
            return {"test_funding_secured": True}
        case "TestPhaseStarted":
            units = {"receiving_units": data["receiving_units"]}
            return {"state": "testing", "current_phase": "test", **units}
        case "ImplementationStarted":
            tested = ["test"] if now["current_phase"] == "test" else []
            done = [*now["phases_completed"], *tested]
            begun = {"state": "implementing", "current_phase": "implementation"}
            units = {"receiving_units": data.get("receiving_units", [])}
            return {**begun, "phases_completed": done, **units}
        case _:
            return {}


def touchpoints_to_treat(now: Json) -> list[str]:
    """What the chief forum has to treat of a network by now, so long as it goes on."""
    if now["network_type"] != "learning" or now["state"] in ENDED:
        return []
    started = ["start"] if now["started_on"] and not now["imported"] else []
    return [*started, *(["closing"] if now["planned_close"] else [])]


def next_step(now: Json) -> str:
    """What a network waits for."""
    if now["state"] == "planned":
        if not now["reference_leader_id"] and now["network_type"] != "learning":
            return "assign_reference_leader"
        return "start" if now["leader_id"] else "assign_leader"
    after = {"on_break": "end_break", "testing": "start_implementation", "implementing": "close"}
    if now["state"] != "running":
        return after.get(now["state"], "nothing")
    done = now["phases_completed"]
    if not done and not now["contract_agreed"]:
        return "agree_contract" if now["contract_version"] else "draft_contract"
    if now["current_phase"]:
        return "complete_phase"
    if set(now["phases"]) - {*done, "test", "implementation"}:
        return "start_phase"
    return "start_test" if "test" in now["phases"] and "test" not in done else "close"


def overdue_after(now: Json) -> str | None:
    """The day after which a network is late; None where nothing is."""
    late = now["network_type"] == "learning" or now["state"] in ("running", "on_break")
    under_way = now["started_on"] and now["state"] not in ENDED
    end: str | None = now["estimated_end"] if late and under_way else None
    return end
