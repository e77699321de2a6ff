"""What themes keeps of themes and networks to decide and to count by."""

from collections import defaultdict

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard
from tests.faults.checks.network_rows import known_networks
from tests.faults.checks.network_state import network_as_it_is
from tests.faults.checks.theme_rows import DECISIONS, proposals, template
from tests.faults.checks.times import half_year_of

Rows = dict[str, Json]

_STANDINGS = {
    "ThemeProposed": "proposed",
    "ThemeQualified": "qualified",
    **DECISIONS,
    "ThemeWithdrawn": "withdrawn",
    "ThemeTakenUp": "in_network",
    "ThemeConcluded": "concluded",
}
"""The facts that move a theme in its life -> where it is then."""
_OF_CREWS = (
    "NetworkImported",
    "NetworkLeaderAssigned",
    "NetworkLeaderReplaced",
    "CoDriverAssigned",
    "CoDriverReleased",
    "ReferenceLeaderAssigned",
    "ReferenceLeaderReplaced",
    "ReferenceLeaderReleased",
    "ReferenceLeaderOptOutRecorded",
)


def known_theme(heard: Heard) -> Rows:
    """Each time that a theme was proposed, where that came to, and which round has which of them."""
    in_rounds: dict[str, dict[str, int | None]] = defaultdict(dict)
    for half_year, fact in heard.facts("round"):
        if fact.name == "ThemeAddedToRound":
            in_rounds[fact.data["theme_id"]][half_year] = fact.data.get("proposal_no")
    themes = dict(heard.streams("theme"))
    return {
        theme: {
            "theme_id": theme,
            "proposals": [_standing(each) for each in proposals(themes.get(theme, []))],
            "rounds": in_rounds[theme],
        }
        for theme in {*themes, *in_rounds}
    }


def _standing(since: list[Told]) -> Json:
    decided = [each.data for each in since if each.name in DECISIONS]
    return {
        "standing": [_STANDINGS[each.name] for each in since if each.name in _STANDINGS][-1],
        "is_qualified": any(each.name == "ThemeQualified" for each in since),
        "decided_in": decided[-1].get("half_year") if decided else None,
    }


def theme_proposals(heard: Heard) -> Rows:
    """Each time that a theme was proposed, and how far it came."""
    return {
        theme: {"theme_id": theme, "proposals": [_counted(each) for each in proposals(facts)]}
        for theme, facts in heard.streams("theme")
    }


def _counted(since: list[Told]) -> Json:
    said, last = template(since), {each.name: each.data for each in since}
    selected = last.get("ThemeSelected", {})
    return {
        "half_year": half_year_of(said["on"]),
        "proposed_on": said["on"],
        "proposer_id": said["proposer_id"],
        "inquiry_id": said.get("inquiry_id"),
        "demand_origins": said.get("demand_origins", []),
        "wished_type": said.get("wished_type"),
        "aligned_type": last.get("ThemeNetworkTypeAligned", {}).get("network_type"),
        "qualified": "ThemeQualified" in last,
        "selected_type": selected.get("network_type"),
        "selected_on": selected.get("on"),
    }


def network_crew(heard: Heard) -> Rows:
    """Who works on a theme in its network."""
    rows = {}
    for network, facts in known_networks(heard).items():
        if any(each.name in _OF_CREWS for each in facts):
            now = network_as_it_is(facts)
            roles = ("leader_id", "co_driver_id", "reference_leader_id")
            rows[network] = {role: now[role] for role in roles}
    return rows


IN_THEMES = {
    "view_known_theme": known_theme,
    "view_theme_proposals": theme_proposals,
    "view_network_crew": network_crew,
}
