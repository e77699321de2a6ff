"""Who leads and co-drives which network, as training knows it from the networks' facts."""

from collections import defaultdict
from dataclasses import dataclass

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]


@dataclass
class Stint:
    """A role that somebody holds, or held, in a network; `leader_id` as it was to the end of it."""

    network_id: str
    person_id: str
    role: str
    since: str
    leader_id: str
    until: str | None = None

    def over(self, on: str) -> None:
        """End it, if it has not ended."""
        self.until = self.until or on


def stints(heard: Heard) -> list[Stint]:
    """Every role in every network, within a network in the order they began."""
    return [each for key, facts in heard.streams("network") for each in _of(key, facts)]


def _of(network: str, facts: list[Told]) -> list[Stint]:
    found: list[Stint] = []
    holding: dict[str, Stint] = {}

    def begin(role: str, person: str | None, since: str, leader: str) -> None:
        if person:
            holding[role] = Stint(network, person, role, since, leader)
            found.append(holding[role])

    for fact in facts:
        data = fact.data
        match fact.name:
            case "NetworkImported":
                for role in ("leader", "co_driver"):
                    begin(role, data.get(f"{role}_id"), data["started_on"], data["leader_id"])
            case "NetworkLeaderAssigned":
                begin("leader", data["person_id"], data["on"], data["person_id"])
            case "NetworkLeaderReplaced":
                holding["leader"].over(data["on"])
                begin("leader", data["person_id"], data["on"], data["person_id"])
                if "co_driver" in holding:
                    holding["co_driver"].leader_id = data["person_id"]
            case "CoDriverAssigned":
                begin("co_driver", data["person_id"], data["on"], data["leader_id"])
            case "CoDriverReleased":
                holding.pop("co_driver").over(data["on"])
            case "NetworkClosed" | "NetworkCancelled":
                for each in holding.values():
                    each.over(data["on"])
            case _:
                pass
    return found


def network_roles(heard: Heard) -> Rows:
    """Of each person the roles they have and had, by network."""
    held: dict[str, list[Stint]] = defaultdict(list)
    for each in sorted(stints(heard), key=lambda stint: stint.network_id):
        held[each.person_id].append(each)
    told = ("network_id", "role", "since", "until", "leader_id")
    return {
        person: {
            "person_id": person,
            "held": [{name: getattr(each, name) for name in told} for each in those],
        }
        for person, those in held.items()
    }


def innovator_corps(heard: Heard) -> Rows:
    """The innovators, and with them everybody who was ever in a network's crew."""
    networks: dict[str, set[str]] = defaultdict(set)
    for each in stints(heard):
        networks[each.person_id] |= set() if each.until else {each.network_id}
    completed: dict[str, set[str]] = defaultdict(set)
    for cohort, fact in heard.facts("cohort"):
        if fact.name == "CohortCompleted" and fact.data["programme"] == "innovator":
            for person in fact.data.get("participants", ()):
                completed[person].add(cohort)
    moves = {
        person: [e for e in facts if e.name in ("InnovatorJoinedCorps", "InnovatorLeftCorps")]
        for person, facts in heard.streams("leader")
    }
    people = networks.keys() | completed.keys() | {each for each, some in moves.items() if some}
    return {
        person: _innovator(
            person, moves.get(person, []), completed[person], sorted(networks[person])
        )
        for person in people
    }


def corps_periods(moves: list[Told]) -> list[list[Told]]:
    """What a person joined by, each time in the corps; the last is empty after leaving."""
    periods: list[list[Told]] = [[]]
    for each in moves:
        if each.name == "InnovatorJoinedCorps":
            periods[-1].append(each)
        elif not each.data.get("remains", False):
            periods.append([])
    return periods


def _innovator(person: str, moves: list[Told], completed: set[str], networks: list[str]) -> Json:
    *before, now = corps_periods(moves)
    joined = now or next((each for each in reversed(before) if each), [])
    cohorts = _cohorts(moves)
    in_training = bool(cohorts - completed)
    return {
        "person_id": person,
        "in_corps": bool(now),
        "joined_on": joined[0].data["on"] if joined else None,
        "left_on": moves[-1].data["on"] if moves and not now else None,
        "cohorts": sorted(cohorts),
        "completed": sorted(completed),
        "in_training": in_training,
        "networks": networks,
        "unused": bool(now) and not in_training and not networks,
    }


def _cohorts(moves: list[Told]) -> set[str]:
    """The cohorts that a person is in the corps by."""
    cohorts: set[str] = set()
    for each in moves:
        cohort = each.data.get("cohort_id")
        if each.name == "InnovatorJoinedCorps":
            cohorts |= {cohort} if cohort else set()
        else:
            cohorts = cohorts - {cohort} if each.data.get("remains", False) else set()
    return cohorts


IN_TRAINING = {
    "view_network_roles": network_roles,
    "view_innovator_corps": innovator_corps,
}
