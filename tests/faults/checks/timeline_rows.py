"""The phases and breaks of each network, as planned and as they went."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]

_PLANNING = ("NetworkPlanned", "NetworkImported", "NetworkStarted", "PhasePlanRevised")
_PLANNED = ("label", "planned_start", "estimated_weeks", "intensity", "estimated_hours")
_WENT: Json = {
    "started_on": None,
    "ended_on": None,
    "is_over": False,
    "actual_weeks": None,
    "actual_hours": None,
    "break_days": 0,
}


def network_timeline(heard: Heard) -> Rows:
    """Each phase of the plan as it is now, and each break that was taken."""
    rows: Rows = {}
    for network, facts in heard.streams("network"):
        if facts[0].name not in _PLANNING:
            continue
        plan = [each for each in facts if each.name in _PLANNING][-1].data["phases"]
        went = _went(facts)
        for place, phase in enumerate(plan, start=1):
            name = phase["phase"]
            planned = {each: phase.get(each) for each in _PLANNED}
            row = {"network_id": network, "part": "phase", "name": name, "place": place}
            rows[f"{network}/{name}"] = {**row, **planned, **went.get(name, _WENT)}
        for name, how in went.items():
            if name.startswith("break-"):
                row = {"network_id": network, "part": "break", "name": name.removeprefix("break-")}
                planned = dict.fromkeys(("place", *_PLANNED))
                rows[f"{network}/{name}"] = {**row, **planned, **how}
    return rows


def _went(facts: list[Told]) -> dict[str, Json]:
    """How each phase and break went that was begun, or was over when the network was imported."""
    over = facts[0].data.get("phases_completed", ())
    went = {phase: {**_WENT, "is_over": True} for phase in over}

    def end_all(on: str, *, of: str) -> None:
        for name, how in went.items():
            if name.startswith(of) and how["started_on"] and not how["is_over"]:
                how.update(ended_on=on, is_over=True)

    for fact in facts:
        data = fact.data
        match fact.name:
            case "PhaseStarted":
                went[data["phase"]] = {**_WENT, "started_on": data["on"]}
            case "TestPhaseStarted":
                went["test"] = {**_WENT, "started_on": data["on"]}
            case "ImplementationStarted":
                end_all(data["on"], of="test")
                went["implementation"] = {**_WENT, "started_on": data["on"]}
            case "PhaseCompleted":
                told = {name: data.get(name) for name in ("actual_weeks", "actual_hours")}
                told |= {"ended_on": data["on"], "break_days": data["break_days"]}
                went[data["phase"]].update(told, is_over=True)
            case "NetworkBreakStarted":
                went[f"break-{data['number']}"] = {**_WENT, "started_on": data["on"]}
            case "NetworkBreakEnded":
                ended = {"ended_on": data["on"], "is_over": True, "break_days": data["days"]}
                went[f"break-{data['number']}"].update(ended)
            case "NetworkClosed" | "NetworkCancelled":
                end_all(data["on"], of="")
            case _:
                pass
    return went


IN_NETWORKS = {"view_network_timeline": network_timeline}
