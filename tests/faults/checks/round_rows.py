"""The rows about the half-years' rounds of themes, and the departments' discussions."""

from collections import defaultdict

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]


def round_overview(heard: Heard) -> Rows:
    """A half-year's round: its themes, with and without a rank, and what was left at its end."""
    return {key: _round(key, facts) for key, facts in heard.streams("round")}


def _round(half_year: str, facts: list[Told]) -> Json:
    last = {each.name: each.data for each in facts}
    opened, closed = last["ThemeRoundOpened"], last.get("ThemeRoundClosed", {})
    dates = last.get("ThemeRoundChanged", opened)
    titles: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for fact in facts:
        if fact.name == "ThemeAddedToRound":
            titles[fact.data["theme_id"]] = fact.data["title"]
            ranks.pop(fact.data["theme_id"], None)
        elif fact.name == "ThemePrioritised":
            ranks[fact.data["theme_id"]] = fact.data["rank"]
    departments = opened.get("departments", [])
    discussed = {e.data["org_unit_id"] for e in facts if e.name == "LocalThemeDiscussionRecorded"}
    return {
        "half_year": half_year,
        "opened_on": opened["on"],
        "proposals_due": dates.get("proposals_due"),
        "discussion_on": dates.get("discussion_on"),
        "next_due_on": opened.get("next_due_on"),
        "titles": titles,
        "ranks": ranks,
        "ranking": sorted(ranks, key=ranks.__getitem__),
        "themes": len(titles),
        "unranked": [each for each in titles if each not in ranks],
        "departments": len(departments),
        "departments_missing": [each for each in departments if each not in discussed],
        "closed_on": closed.get("on"),
        **{name: closed.get(name, []) for name in ("selected", "declined", "carried_over")},
    }


def local_discussion(heard: Heard) -> Rows:
    """Each department in a round: whether it is awaited, wished for help, and what it found."""
    rows: Rows = {}
    for half_year, facts in heard.streams("round"):
        about: dict[str, list[Told]] = defaultdict(list)
        for fact in facts:
            for unit in _departments(fact):
                about[unit].append(fact)
        for unit, told in about.items():
            rows[f"{half_year}/{unit}"] = _department(half_year, unit, told)
    return rows


def _departments(fact: Told) -> list[str]:
    """The departments that a fact of a round is about."""
    match fact.name:
        case "ThemeRoundOpened":
            units: list[str] = fact.data.get("departments", [])
            return units
        case "ThemeRoundChanged":
            missing: list[str] = fact.data.get("departments_missing", [])
            return missing
        case "ThemeDiscussionSupportRequested" | "LocalThemeDiscussionRecorded":
            return [fact.data["org_unit_id"]]
        case _:
            return []


def _department(half_year: str, unit: str, told: list[Told]) -> Json:
    dated = [e.data for e in told if e.name in ("ThemeRoundOpened", "ThemeRoundChanged")]
    wished = [e.data for e in told if e.name == "ThemeDiscussionSupportRequested"]
    held = [e.data for e in told if e.name == "LocalThemeDiscussionRecorded"]
    members = [each.data["member_id"] for each in told if "member_id" in each.data]
    found_by = {each["member_id"]: each.get("theme_ids", []) for each in held}
    themes = sorted({theme for found in found_by.values() for theme in found})
    awaited = any(each.name == "ThemeRoundOpened" for each in told)
    return {
        "half_year": half_year,
        "org_unit_id": unit,
        "awaited": awaited,
        "missing": awaited and not held,
        "discussion_due": dated[-1].get("discussion_on") if dated else None,
        "support_requested_on": wished[0]["on"] if wished else None,
        "discussed_on": held[0]["on"] if held else None,
        "member_id": members[-1] if members else None,
        "assisted": any(each["assisted"] for each in held),
        "theme_ids": themes,
        "found_by": found_by,
        "themes": len(themes),
    }


def known_rounds(heard: Heard) -> Rows:
    """Which rounds there have been, the proposals in each, and what those that closed left."""
    rounds = round_overview(heard)
    themes: dict[str, Json] = defaultdict(dict)
    for half_year, fact in heard.facts("round"):
        if fact.name == "ThemeAddedToRound":
            themes[half_year][fact.data["theme_id"]] = fact.data.get("proposal_no")
    over = {key: each for key, each in rounds.items() if each["closed_on"]}
    now = {
        "opened": sorted(rounds),
        "themes": themes,
        "carried_over": {key: each["carried_over"] for key, each in over.items()},
    }
    return {"all": now} if rounds else {}


def opened_rounds(heard: Heard) -> Rows:
    """When each round was opened."""
    opened_on = {key: each["opened_on"] for key, each in round_overview(heard).items()}
    return {"all": {"opened_on": opened_on}} if opened_on else {}


IN_THEMES = {
    "view_round_overview": round_overview,
    "view_local_discussion": local_discussion,
    "view_known_rounds": known_rounds,
}
IN_NOTIFICATIONS = {"view_opened_rounds": opened_rounds}
