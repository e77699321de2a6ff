"""The rows about leaders, from what the facts of training mean."""

from tests.faults.checks.evidence import Json
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]


def leader_pool(heard: Heard) -> Rows:
    """Whom one can ask to lead."""
    rows = {}
    for person_id, facts in heard.streams("leader"):
        wishes = [e.data["wish"] for e in facts if e.name == "LeaderInterestRegistered"]
        pool = [e for e in facts if e.name in ("LeaderAdmittedToPool", "LeaderLeftPool")][-1:]
        in_pool = bool(pool) and pool[0].name == "LeaderAdmittedToPool"
        rows[person_id] = {
            "wish": wishes[-1] if wishes else None,
            "in_pool": in_pool,
            "basis": pool[0].data["basis"] if in_pool else None,
            "qualified": any(e.name == "LeaderQualified" for e in facts),
            "networks_led": [e.data["network_id"] for e in facts if e.name == "LeadingCompleted"],
            "networks_co_driven": [
                e.data["network_id"] for e in facts if e.name == "CoDrivingCompleted"
            ],
        }
    return rows


def known_leader(heard: Heard) -> Rows:
    """What networks knows of a person who may lead."""
    rows = {}
    for person_id, facts in heard.streams("leader"):
        names = {e.name for e in facts} - {"LeaderInterestRegistered"}
        if not names:
            continue
        prior = [e.data["what"] for e in facts if e.name == "PriorQualificationRecorded"]
        pool = [e.name for e in facts if e.name in ("LeaderAdmittedToPool", "LeaderLeftPool")]
        drove = {"CoDrivingCompleted", "LeadingCompleted", "LeaderQualified"}
        rows[person_id] = {
            "is_qualified": "LeaderQualified" in names,
            "in_pool": pool[-1:] == ["LeaderAdmittedToPool"],
            "has_diploma": "LeaderQualified" in names or "diploma" in prior,
            "has_driven": bool(drove & names) or any(each != "diploma" for each in prior),
        }
    return rows


IN_NETWORKS = {"view_leader": known_leader}
IN_TRAINING = {"view_leader_pool": leader_pool}
