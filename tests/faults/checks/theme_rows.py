"""The rows of themes, from what its facts mean (`shared/contracts/themes.py`, in words)."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]


def half_year_of(day: str) -> str:
    """The half-year of a date: 2013-07-01 is in 2013-H2."""
    return f"{day[:4]}-H{1 if int(day[5:7]) <= 6 else 2}"


def theme_board(heard: Heard) -> Rows:
    """A theme as it was last proposed, with what was said and decided since."""
    ranks: dict[str, dict[str, int | None]] = {}
    for half_year, fact in heard.facts("round"):
        if fact.name == "ThemeAddedToRound":
            ranks.setdefault(fact.data["theme_id"], {}).setdefault(half_year, None)
        elif fact.name == "ThemePrioritised":
            ranks.setdefault(fact.data["theme_id"], {})[half_year] = fact.data["rank"]
    rows = {theme: {"state": None, "title": None, **_placed(ranks[theme])} for theme in ranks}
    for theme, facts in heard.streams("theme"):
        rows[theme] = _theme(facts, ranks.get(theme, {}))
    return rows


def _placed(ranks: dict[str, int | None]) -> Json:
    latest = max(ranks, default=None)
    return {"ranks": ranks, "latest_round": latest, "rank": ranks[latest] if latest else None}


def _theme(facts: list[Told], ranks: dict[str, int | None]) -> Json:
    proposals = [number for number, each in enumerate(facts) if each.name == "ThemeProposed"]
    since = facts[proposals[-1] :]
    proposed = since[0].data
    last = {each.name: each.data for each in since}
    chosen = [each for each in since if each.name in ("ThemeSelected", "ThemeDeclined")][-1:]
    taken = [each for each in since if each.name in ("ThemeTakenUp", "ThemeConcluded")][-1:]
    decision = {"ThemeSelected": "selected", "ThemeDeclined": "declined"}
    concluded = bool(taken) and taken[0].name == "ThemeConcluded"
    assessed = [each.data for each in since if each.name == "ThemeCriterionAssessed"]
    row = {
        "title": proposed["title"],
        "proposer_id": proposed["proposer_id"],
        "proposal_no": proposed["proposal_no"],
        "proposed_on": proposed["on"],
        "identified_need": proposed["identified_need"],
        "criteria": {each["criterion"]: each["verdict"] for each in assessed},
        "qualified_on": last.get("ThemeQualified", {}).get("on"),
        "decision": decision[chosen[0].name] if chosen else None,
        "decided_on": chosen[0].data["on"] if chosen else None,
        "network_id": taken[0].data["network_id"] if taken else None,
        "outcome": taken[0].data["outcome"] if concluded else None,
        **_placed(ranks),
    }
    begins = half_year_of(proposed["on"]) if proposed["proposal_no"] > 1 else ""
    in_round = row["latest_round"] is not None and row["latest_round"] >= begins
    steps = (
        (concluded, "concluded"),
        (bool(taken), "in_network"),
        ("ThemeWithdrawn" in last, "withdrawn"),
        (bool(chosen), row["decision"]),
        ("ThemeQualified" in last and in_round and row["rank"] is not None, "prioritised"),
        ("ThemeQualified" in last, "qualified"),
        (bool(assessed) or in_round, "under_qualification"),
    )
    return {**row, "state": next((state for reached, state in steps if reached), "proposed")}


def round_overview(heard: Heard) -> Rows:
    """A half-year's round: its themes, with and without a rank."""
    rows = {}
    for half_year, facts in heard.streams("round"):
        added = [each.data for each in facts if each.name == "ThemeAddedToRound"]
        ranked = [each.data for each in facts if each.name == "ThemePrioritised"]
        titles = {each["theme_id"]: each["title"] for each in added}
        ranks = {each["theme_id"]: each["rank"] for each in ranked}
        rows[half_year] = {
            "half_year": half_year,
            "opened_on": facts[0].data["on"],
            "titles": titles,
            "ranks": ranks,
            "themes": len(titles),
            "unranked": [each for each in titles if each not in ranks],
        }
    return rows


def known_theme(heard: Heard) -> Rows:
    """Which themes are qualified; a new proposal begins anew."""
    rows = {}
    for theme, facts in heard.streams("theme"):
        telling = [e.name for e in facts if e.name in ("ThemeProposed", "ThemeQualified")]
        rows[theme] = {"is_qualified": telling[-1] == "ThemeQualified"}
    return rows


def person(heard: Heard) -> Rows:
    """What decisions know of a person."""
    return {
        person_id: {
            "org_unit_id": state.get("org_unit_id"),
            "line_manager_id": state.get("line_manager_id"),
            "management_level": state.get("management_level"),
            "forums": sorted(state.get("forums", ())),
        }
        for person_id, state in heard.people().items()
    }


IN_THEMES = {
    "view_theme_board": theme_board,
    "view_round_overview": round_overview,
    "view_known_theme": known_theme,
    "view_person": person,
}
