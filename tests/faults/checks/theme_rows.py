"""The rows of themes, from what its facts mean (`shared/contracts/themes.py`, in words)."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]

_TEXTS = (
    "title",
    "proposer_id",
    "identified_need",
    "burning_platform",
    "network_potential",
    "previous_attempts",
    "hypotheses",
    "inquiry_id",
    "case_reference",
    "kle",
    "wished_type",
)
_LISTS = ("demand_origins", "affected_departments", "professions", "actor_groups")
_DECISIONS = {"ThemeSelected": "selected", "ThemeDeclined": "declined"}


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
    themes = dict(heard.streams("theme"))
    return {
        theme: _theme(theme, themes.get(theme, []), ranks.get(theme, {}))
        for theme in themes.keys() | ranks.keys()
    }


def _theme(theme: str, facts: list[Told], ranks: dict[str, int | None]) -> Json:
    proposals = [number for number, each in enumerate(facts) if each.name == "ThemeProposed"]
    since = facts[proposals[-1] :] if proposals else []
    proposed = since[0].data if since else {}
    latest = max(ranks, default=None)
    row = {
        "theme_id": theme,
        **{name: proposed.get(name) for name in _TEXTS},
        **{name: proposed.get(name, []) for name in _LISTS},
        "proposal_no": proposed.get("proposal_no", 0),
        "proposed_on": proposed.get("on"),
        **_qualification(since, proposed),
        **_choice(since),
        **_outcome(since),
        "ranks": ranks,
        "latest_round": latest,
        "rank": ranks[latest] if latest else None,
    }
    return {**row, "state": _state(row) if since else None}


def _qualification(since: list[Told], proposed: Json) -> Json:
    last = {each.name: each.data for each in since}
    assessed = {
        each.data["criterion"]: each.data for each in since if each.name == "ThemeCriterionAssessed"
    }
    wanted, new = assessed.get("current_and_wanted", {}), assessed.get("innovation", {})
    agenda = last.get("ThemeQualified", proposed).get("strategic_agenda_ref")
    return {
        "criteria": {criterion: each["verdict"] for criterion, each in assessed.items()},
        "rationales": {criterion: each["rationale"] for criterion, each in assessed.items()},
        **{name: wanted.get(name) for name in ("demand_top", "demand_bottom")},
        **{name: new.get(name) for name in ("economic_potential", "economic_amount_ore")},
        "strategic_agenda_ref": agenda,
        "qualified_on": last.get("ThemeQualified", {}).get("on"),
    }


def _choice(since: list[Told]) -> Json:
    last = {each.name: each.data for each in since}
    typed = [e.data for e in since if e.name in ("ThemeNetworkTypeAligned", "ThemeSelected")]
    chosen = [each for each in since if each.name in _DECISIONS]
    decision = chosen[-1].data if chosen else {}
    return {
        "network_type": typed[-1]["network_type"] if typed else None,
        "intended_difference": last.get("ThemeNetworkTypeAligned", {}).get("intended_difference"),
        "planned_start": last.get("ThemeSelected", {}).get("planned_start"),
        "decision": _DECISIONS[chosen[-1].name] if chosen else None,
        "decided_on": decision.get("on"),
        "decided_in": decision.get("half_year"),
        "reason": decision.get("reason"),
    }


def _outcome(since: list[Told]) -> Json:
    work = [each for each in since if each.name in ("ThemeTakenUp", "ThemeConcluded")]
    begun = [each.data["on"] for each in work if each.name == "ThemeTakenUp"]
    end = work[-1].data if work and work[-1].name == "ThemeConcluded" else {}
    return {
        "network_id": work[-1].data["network_id"] if work else None,
        "taken_up_on": begun[-1] if begun else None,
        "outcome": end.get("outcome"),
        "concluded_on": end.get("on"),
    }


def _state(row: Json) -> str:
    begins = half_year_of(row["proposed_on"]) if row["proposal_no"] > 1 else ""
    in_round = row["latest_round"] is not None and row["latest_round"] >= begins
    steps = (
        (row["outcome"], "concluded"),
        (row["taken_up_on"], "in_network"),
        (row["withdrawn_on"], "withdrawn"),
        (row["decision"], row["decision"]),
        (row["qualified_on"] and in_round and row["rank"] is not None, "prioritised"),
        (row["qualified_on"], "qualified"),
        (row["criteria"] or in_round, "under_qualification"),
    )
    return next((state for reached, state in steps if reached), "proposed")


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
            "proposals_due": facts[0].data.get("proposals_due"),
            "discussion_on": facts[0].data.get("discussion_on"),
            "titles": titles,
            "ranks": ranks,
            "ranking": sorted(ranks, key=ranks.__getitem__),
            "themes": len(titles),
            "unranked": [each for each in titles if each not in ranks],
        }
    return rows


def known_theme(heard: Heard) -> Rows:
    """Which themes are qualified; a new proposal begins anew."""
    rows = {}
    for theme, facts in heard.streams("theme"):
        telling = [e.name for e in facts if e.name in ("ThemeProposed", "ThemeQualified")]
        rows[theme] = {"theme_id": theme, "is_qualified": telling[-1] == "ThemeQualified"}
    return rows


def person(heard: Heard) -> Rows:
    """What decisions know of a person."""
    return {
        person_id: {
            "person_id": person_id,
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
