"""The rows about themes, from what their facts mean (`shared/contracts/themes`, in words)."""

from itertools import pairwise

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard
from tests.faults.checks.times import half_year_of

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
    "strategic_agenda_ref",
)
_LISTS = ("demand_origins", "affected_departments", "professions", "actor_groups")
_OWN = {"employee", "politician"}
"""The actors who are of the municipality itself."""
DECISIONS = {"ThemeSelected": "selected", "ThemeDeclined": "declined"}
"""What the chief forum chooses by -> what it has chosen."""


def proposals(facts: list[Told]) -> list[list[Told]]:
    """A theme's facts, each time it was proposed, with the proposal first."""
    begins = [number for number, each in enumerate(facts) if each.name == "ThemeProposed"]
    return [facts[a:b] for a, b in pairwise([*begins, len(facts)])]


def last_proposal(facts: list[Told]) -> list[Told]:
    """What was told since the theme was last proposed, that included; empty if it never was."""
    return next(reversed(proposals(facts)), [])


def template(since: list[Told]) -> Json:
    """What the template says at the end: as proposed, and as sharpened since."""
    said: Json = {}
    for fact in since:
        if fact.name == "ThemeProposed":
            said = dict(fact.data)
        elif fact.name == "ThemeRefined":
            said |= fact.data["changed"]
        elif fact.name == "ThemeQualified":
            said["strategic_agenda_ref"] = fact.data.get("strategic_agenda_ref")
    return said


def theme_board(heard: Heard) -> Rows:
    """A theme as it was last proposed, with what was said and decided since."""
    in_rounds: dict[str, dict[str, Json]] = {}
    for half_year, fact in heard.facts("round"):
        if fact.name == "ThemeAddedToRound":
            added = {"no": fact.data.get("proposal_no"), "rank": None}
            in_rounds.setdefault(fact.data["theme_id"], {})[half_year] = added
        elif fact.name == "ThemePrioritised":
            in_rounds[fact.data["theme_id"]][half_year]["rank"] = fact.data["rank"]
    themes = dict(heard.streams("theme"))
    return {
        theme: _theme(theme, themes.get(theme, []), in_rounds.get(theme, {}))
        for theme in themes.keys() | in_rounds.keys()
    }


def _theme(theme: str, facts: list[Told], in_rounds: dict[str, Json]) -> Json:
    *before, since = proposals(facts) or [[]]
    said = template(since)
    refined = [each.data for each in since if each.name == "ThemeRefined"]
    now = max((each for each in in_rounds if _counts(in_rounds[each], each, said)), default=None)
    row = {
        "theme_id": theme,
        **{name: said.get(name) for name in _TEXTS},
        **{name: said.get(name, []) for name in _LISTS},
        "proposal_no": said.get("proposal_no", 0),
        "proposed_on": said.get("on"),
        "proposers": sorted({e.data["proposer_id"] for e in facts if e.name == "ThemeProposed"}),
        **_evidence(said),
        "refined_on": refined[-1]["on"] if refined else None,
        "refinements": len(refined),
        "last_refinement": refined[-1]["change"] if refined else None,
        "earlier": [_former(each) for each in before],
        **_qualification(since),
        **_choice(since),
        **_outcome(since),
        "ranks": {each: place["rank"] for each, place in in_rounds.items()},
        "proposal_nos": {each: place["no"] for each, place in in_rounds.items()},
        "rounds": sorted(in_rounds),
        "latest_round": max(in_rounds, default=None),
        "in_round": now is not None,
        "rank": in_rounds[now]["rank"] if now else None,
    }
    return {**row, "state": _state(row) if since else None}


def _counts(place: Json, half_year: str, said: Json) -> bool:
    """Whether a round is one of the present proposal, and not of an earlier one."""
    if not said:
        return False
    if place["no"] is not None:
        return bool(place["no"] == said["proposal_no"])
    return bool(said["proposal_no"] == 1 or half_year >= half_year_of(said["on"]))


def _former(since: list[Told]) -> Json:
    """How an earlier proposal went."""
    said, choice, outcome = template(since), _choice(since), _outcome(since)
    ended = {**choice, **outcome}
    return {
        "proposal_no": said["proposal_no"],
        "proposer_id": said["proposer_id"],
        "title": said["title"],
        "proposed_on": said["on"],
        "state": _decided(ended),
        "ended_on": ended["concluded_on"] or ended["withdrawn_on"] or ended["decided_on"],
        "decision": ended["decision"],
        "decided_in": ended["decided_in"],
        "reason": ended["reason"],
        "outcome": ended["outcome"],
    }


def _evidence(said: Json) -> Json:
    """What the template itself shows: whether a theme cuts across, and who comes from outside."""
    departments, professions = said.get("affected_departments", []), said.get("professions", [])
    return {
        "cross_cutting_evidence": len(departments) > 1 or len(professions) > 1,
        "external_actors": bool(set(said.get("actor_groups", [])) - _OWN),
    }


def _qualification(since: list[Told]) -> Json:
    qualified = [each.data["on"] for each in since if each.name == "ThemeQualified"]
    assessed = {
        each.data["criterion"]: each.data for each in since if each.name == "ThemeCriterionAssessed"
    }
    wanted, new = assessed.get("current_and_wanted", {}), assessed.get("innovation", {})
    return {
        "criteria": {criterion: each["verdict"] for criterion, each in assessed.items()},
        "rationales": {criterion: each["rationale"] for criterion, each in assessed.items()},
        **{name: wanted.get(name) for name in ("demand_top", "demand_bottom")},
        **{name: new.get(name) for name in ("economic_potential", "economic_amount_ore")},
        "qualified_on": qualified[-1] if qualified else None,
    }


def _choice(since: list[Told]) -> Json:
    last = {each.name: each.data for each in since}
    typed = [e.data for e in since if e.name in ("ThemeNetworkTypeAligned", "ThemeSelected")]
    chosen = [each for each in since if each.name in DECISIONS]
    decision = chosen[-1].data if chosen else {}
    said_why = [e.data for e in since if e.name in DECISIONS or e.name == "ThemeWithdrawn"]
    return {
        "network_type": typed[-1]["network_type"] if typed else None,
        "intended_difference": last.get("ThemeNetworkTypeAligned", {}).get("intended_difference"),
        "planned_start": last.get("ThemeSelected", {}).get("planned_start"),
        "decision": DECISIONS[chosen[-1].name] if chosen else None,
        "decided_on": decision.get("on"),
        "decided_in": decision.get("half_year"),
        "reason": said_why[-1].get("reason") if said_why else None,
    }


def _outcome(since: list[Told]) -> Json:
    work = [each for each in since if each.name in ("ThemeTakenUp", "ThemeConcluded")]
    begun = [each.data["on"] for each in work if each.name == "ThemeTakenUp"]
    end = work[-1].data if work and work[-1].name == "ThemeConcluded" else {}
    back = [each for each in since if each.name in ("ThemeWithdrawn", "ThemeTakenUp")]
    withdrawn = back[-1].data if back and back[-1].name == "ThemeWithdrawn" else {}
    return {
        "network_id": work[-1].data["network_id"] if work else None,
        "taken_up_on": begun[-1] if begun else None,
        "outcome": end.get("outcome"),
        "concluded_on": end.get("on"),
        "withdrawn_on": withdrawn.get("on"),
    }


def _decided(row: Json) -> str | None:
    """How it ended, or what the chief forum decided; None while it is undecided."""
    steps = (
        (row["outcome"], "concluded"),
        (row["taken_up_on"], "in_network"),
        (row["withdrawn_on"], "withdrawn"),
        (row["decision"], row["decision"]),
    )
    return next((state for reached, state in steps if reached), None)


def _state(row: Json) -> str:
    steps = (
        (row["qualified_on"] and row["rank"] is not None, "prioritised"),
        (row["qualified_on"], "qualified"),
        (row["criteria"] or row["in_round"], "under_qualification"),
    )
    return _decided(row) or next((state for reached, state in steps if reached), "proposed")


IN_THEMES = {"view_theme_board": theme_board}
