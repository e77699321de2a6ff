"""The rows of networks, from what its facts mean (`shared/contracts/networks`, in words)."""

from collections import defaultdict

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard
from tests.faults.checks.theme_rows import half_year_of, person

Rows = dict[str, Json]

_ENDED = ("closed", "cancelled")


def network_as_it_is(facts: list[Told]) -> Json:
    """A network after all of its facts: its state, its crew and its place in the course."""
    begin = facts[0].data
    phases = [each["phase"] for each in begin["phases"]]
    now: Json = {
        "title": begin["title"],
        "network_type": begin["network_type"],
        "theme_id": begin.get("theme_id"),
        "state": "planned" if facts[0].name == "NetworkPlanned" else "running",
        "imported": facts[0].name == "NetworkImported",
        "half_year": begin.get("half_year") or half_year_of(begin["started_on"]),
        "started_on": begin.get("started_on"),
        "leader_id": begin.get("leader_id"),
        "co_driver_id": begin.get("co_driver_id"),
        "reference_leader_id": begin.get("reference_leader_id"),
        "phases": phases,
        "phases_completed": list(begin.get("phases_completed", ())),
        "current_phase": None,
        "contract_version": 0,
        "contract_agreed": False,
        "on_break_since": None,
        "ended_on": None,
        "result": None,
    }
    for fact in facts[1:]:
        now |= _change(now, fact.name, fact.data)
    return now


def _change(now: Json, name: str, data: Json) -> Json:
    match name:
        case "NetworkThemeLinked":
            return {"theme_id": data["theme_id"]}
        case "NetworkStarted":
            half_year = data["half_year"]
            return {"state": "running", "started_on": data["on"], "half_year": half_year}
        case "NetworkClosed":
            ended = {"state": "closed", "ended_on": data["on"], "current_phase": None}
            return {**ended, "result": data["result"]}
        case "NetworkCancelled":
            over = {"current_phase": None, "on_break_since": None}
            return {"state": "cancelled", "ended_on": data["on"], **over}
        case "NetworkLeaderAssigned" | "NetworkLeaderReplaced":
            return {"leader_id": data["person_id"], "contract_agreed": False}
        case "ReferenceLeaderAssigned" | "ReferenceLeaderReplaced":
            return {"reference_leader_id": data["person_id"], "contract_agreed": False}
        case "ReferenceLeaderReleased":
            return {"reference_leader_id": None}
        case "ReferenceLeaderOptOutRecorded" if data.get("was_assigned"):
            return {"reference_leader_id": None}
        case "CoDriverAssigned":
            return {"co_driver_id": data["person_id"]}
        case "CoDriverReleased":
            return {"co_driver_id": None}
        case "MandateContractDrafted" | "MandateContractAmended":
            return {"contract_version": data["contract_version"], "contract_agreed": False}
        case "MandateContractAgreed":
            return {"contract_agreed": True}
        case "PhasePlanRevised":
            return {"phases": [each["phase"] for each in data["phases"]]}
        case "PhaseStarted":
            return {"current_phase": data["phase"]}
        case "PhaseCompleted":
            left = None if now["current_phase"] == data["phase"] else now["current_phase"]
            done = [*now["phases_completed"], data["phase"]]
            return {"current_phase": left, "phases_completed": done}
        case "NetworkBreakStarted":
            return {"state": "on_break", "on_break_since": data["on"]}
        case "NetworkBreakEnded":
            return {"state": "running", "on_break_since": None}
        case "TestPhaseStarted":
            return {"state": "testing", "current_phase": "test"}
        case "ImplementationStarted":
            tested = ["test"] if now["current_phase"] == "test" else []
            done = [*now["phases_completed"], *tested]
            begun = {"state": "implementing", "current_phase": "implementation"}
            return {**begun, "phases_completed": done}
        case _:
            return {}


def network_overview(heard: Heard) -> Rows:
    """Each network as it is; what never began is none."""
    return {
        network: network_as_it_is(facts)
        for network, facts in heard.streams("network")
        if facts[0].name in ("NetworkPlanned", "NetworkImported")
    }


def leader_crews(heard: Heard) -> Rows:
    """Of each leader the networks that are not over, and who couples them to the base."""
    leads: dict[str, Json] = defaultdict(dict)
    for network, now in network_overview(heard).items():
        if now["leader_id"] and now["state"] not in _ENDED:
            leads[now["leader_id"]][network] = now["reference_leader_id"]
    return {leader: {"reference_leaders": networks} for leader, networks in leads.items()}


def portfolio(heard: Heard) -> Rows:
    """How many networks of a half-year and a type were planned, started, and so on."""
    counts: dict[str, Json] = defaultdict(
        lambda: dict.fromkeys(
            ("planned", "started", "imported", "running", "closed", "cancelled"), 0
        )
    )
    moves = {
        "NetworkPlanned": ("planned", 0),
        "NetworkImported": ("imported", 1),
        "NetworkStarted": ("started", 1),
        "NetworkClosed": ("closed", -1),
        "NetworkCancelled": ("cancelled", -1),
    }
    for _, fact in heard.facts("network"):
        if fact.name in moves:
            what, running = moves[fact.name]
            if fact.name == "NetworkCancelled" and not fact.data["was_started"]:
                running = 0
            half_year = fact.data.get("half_year") or half_year_of(fact.data["started_on"])
            for key in (f"{half_year}/{fact.data['network_type']}", f"{half_year}/all"):
                counts[key][what] += 1
                counts[key]["running"] += running
    return counts


def slots_in_use(heard: Heard) -> Rows:
    """Who holds an innovation slot, in the order in which they were taken."""
    rows: Rows = {}
    held: list[str] = []
    for _, fact in heard.facts("innovation-slots"):
        network = fact.data["network_id"]
        held = [each for each in held if each != network]
        held += [network] if fact.name == "InnovationSlotTaken" else []
        rows["all"] = {"network_ids": held, "in_use": len(held)}
    return rows


def starts(heard: Heard) -> Rows:
    """How many networks started, by half-year and type."""
    started: dict[str, int] = defaultdict(int)
    for _, fact in heard.facts("network"):
        if fact.name == "NetworkStarted":
            started[f"{fact.data['half_year']}/{fact.data['network_type']}"] += 1
    return {"all": {"started": started}} if started else {}


def evaluations(heard: Heard) -> Rows:
    """Every evaluation, as it was told."""
    return {
        f"{network}/{fact.version}": {
            "network_id": network,
            "evaluated_on": fact.data["on"],
            "moment": fact.data["moment"],
            "went_well": fact.data["went_well"],
        }
        for network, fact in heard.facts("results")
    }


def solution_flow(heard: Heard) -> Rows:
    """How far each unit is with each solution; a row without a unit until one has taken it over."""
    rows: Rows = {}
    reached = {
        "SolutionHandedOver": "handed_over",
        "SolutionAdopted": "adopted",
        "ScalingPlanned": "scaling_planned",
    }
    for output, fact in heard.facts("output"):
        told = {"title": fact.data["title"], "network_id": fact.data["network_id"]}
        if fact.name == "OutputRecorded":
            rows[output] = {**told, "reached": None}
        else:
            rows.pop(output, None)
            key = f"{output}/{fact.data['org_unit_id']}"
            rows[key] = {**told, "reached": reached[fact.name]}
    return rows


def known_theme(heard: Heard) -> Rows:
    """Themes that were selected once, and whether they wait for a network."""
    rows = {}
    for theme, fact in heard.facts("theme"):
        if fact.name in ("ThemeSelected", "ThemeTakenUp", "ThemeConcluded"):
            is_selected = fact.name == "ThemeSelected"
            rows[theme] = {"title": fact.data["title"], "is_selected": is_selected}
    return rows


IN_NETWORKS = {
    "view_network_overview": network_overview,
    "view_leader_crews": leader_crews,
    "view_portfolio_by_half_year": portfolio,
    "view_innovation_slots_in_use": slots_in_use,
    "view_starts": starts,
    "view_evaluations": evaluations,
    "view_solution_flow": solution_flow,
    "view_known_theme": known_theme,
    "view_person": person,
}
