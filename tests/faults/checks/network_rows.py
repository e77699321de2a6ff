"""The rows of networks, from what its facts mean (`shared/contracts/networks`, in words)."""

from collections import defaultdict
from uuid import NAMESPACE_OID, uuid5

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.forum_known_rows import touchpoints
from tests.faults.checks.heard import Heard
from tests.faults.checks.network_state import (
    ENDED,
    network_as_it_is,
    next_step,
    overdue_after,
    touchpoints_to_treat,
)
from tests.faults.checks.people_rows import person
from tests.faults.checks.times import half_year_of

Rows = dict[str, Json]

_FLAGS = frozenset({"starts_out_of_range", "mix_unusual", "cap_exceeded"})


def known_networks(heard: Heard) -> dict[str, list[Told]]:
    """Each network with its facts; what never began is none."""
    return {
        network: facts
        for network, facts in heard.streams("network")
        if facts[0].name in ("NetworkPlanned", "NetworkImported")
    }


def network_overview(heard: Heard) -> Rows:
    """Each network as it is, with what it waits for; also one of which only a slot has told."""
    rows = {}
    known, treated = known_networks(heard), touchpoints(heard)
    for network in known.keys() | treated.keys():
        now = network_as_it_is(known.get(network, []))
        done = treated.get(network, {"treated": []})["treated"]
        follows = {
            "next_step": next_step(now),
            "overdue_after": overdue_after(now),
            "touchpoints_treated": done,
            "touchpoints_missing": [e for e in touchpoints_to_treat(now) if e not in done],
        }
        rows[network] = {"network_id": network, **now, **follows}
    return rows


def leader_crews(heard: Heard) -> Rows:
    """Of each leader the networks that are not over, and who couples them to the base."""
    leads: dict[str, Json] = defaultdict(dict)
    for network, now in network_overview(heard).items():
        if now["leader_id"] and now["state"] not in ENDED:
            leads[now["leader_id"]][network] = now["reference_leader_id"]
    return {
        leader: {"leader_id": leader, "reference_leaders": networks}
        for leader, networks in leads.items()
    }


def portfolio(heard: Heard) -> Rows:
    """How many networks of a half-year and a type were planned, started, and so on."""
    rows: Rows = {}
    counted = ("planned", "started", "imported", "running", "closed", "cancelled")
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
            remarks = _FLAGS & {each["code"] for each in fact.warnings}
            for of in (fact.data["network_type"], "all"):
                about = {"half_year": half_year, "network_type": None if of == "all" else of}
                fresh: Json = {**about, "flags": [], **dict.fromkeys(counted, 0)}
                row = rows.setdefault(f"{half_year}/{of}", fresh)
                row[what] += 1
                row["running"] += running
                row["flags"] = sorted(remarks.union(row["flags"]))
    return rows


def slots_in_use(heard: Heard) -> Rows:
    """Who holds an innovation slot, in the order in which they were taken."""
    rows: Rows = {}
    held: dict[str, bool] = {}
    for _, fact in heard.facts("innovation-slots"):
        network = fact.data["network_id"]
        held.pop(network, None)
        if fact.name == "InnovationSlotTaken":
            held[network] = fact.data.get("over_cap", False)
        over = [each for each, over_cap in held.items() if over_cap]
        rows["all"] = {"network_ids": list(held), "in_use": len(held), "over_cap": over}
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
    wanted = ("moment", "template_version", "went_well", "went_badly", "effects", "outcome_so_far")
    return {
        f"{network}/{fact.version}": {
            "network_id": network,
            "evaluated_on": fact.data["on"],
            **{name: fact.data[name] for name in wanted},
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
    steps = {f"{step}_on": None for step in reached.values()}
    for output, fact in heard.facts("output"):
        data = fact.data
        told = {name: data[name] for name in ("title", "network_id", "kind")}
        told |= {"agenda_ref": data.get("agenda_ref"), "bridges": data.get("bridges", [])}
        fresh = {"output_id": output, **told, "org_unit_id": None, "how": None, **steps}
        if fact.name == "OutputRecorded":
            rows[output] = {**fresh, "reached": None}
            continue
        if fact.name == "SolutionHandedOver":
            rows.pop(output, None)
        step = reached[fact.name]
        unit = {"org_unit_id": data["org_unit_id"], "how": data.get("how")}
        row = rows.setdefault(f"{output}/{data['org_unit_id']}", fresh)
        row |= {**unit, "reached": step, f"{step}_on": data["on"]}
    return rows


def known_theme(heard: Heard) -> Rows:
    """Themes that were selected once, whether they wait for a network, and which was given up."""
    rows = {}
    for theme, facts in heard.streams("theme"):
        telling = [each for each in facts if each.name in _OF_CHOSEN_THEMES]
        if not telling:
            continue
        planned: str | None = None
        given_up: dict[str, str] = {}
        for fact in telling:
            if fact.name == "ThemeSelected":
                planned = network_planned_by(fact)
            elif fact.name == "ThemeWithdrawn" and fact.data["was_selected"] and planned:
                given_up[fact.id] = planned
        rows[theme] = {
            "theme_id": theme,
            "title": telling[-1].data["title"],
            "is_selected": telling[-1].name == "ThemeSelected",
            "planned_id": planned,
            "given_up": given_up,
        }
    return rows


def network_planned_by(selection: Told) -> str | None:
    """The network that a selection asks for; None where it is for one that runs already."""
    if selection.data.get("for_network_id"):
        return None
    return selection.data.get("network_id") or str(uuid5(NAMESPACE_OID, selection.id))


_OF_CHOSEN_THEMES = ("ThemeSelected", "ThemeWithdrawn", "ThemeTakenUp", "ThemeConcluded")

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
