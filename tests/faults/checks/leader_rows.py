"""The rows about leaders, from what the facts of training mean."""

from tests.faults.checks.evidence import Json
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]
CORPS = {"InnovatorJoinedCorps", "InnovatorLeftCorps"}
NOT_ABOUT_LEADING = CORPS | {"LeaderInterestRegistered"}


def leader_pool(heard: Heard) -> Rows:
    """Whom one can ask to lead."""
    rows = {}
    paths, files = dict(heard.streams("leader")), dict(heard.streams("leader_file"))
    declines = {
        person_id: [e for e in facts if e.name == "AssignmentDeclined"]
        for person_id, facts in files.items()
    }
    for person_id in paths.keys() | {each for each, some in declines.items() if some}:
        facts, declined = paths.get(person_id, []), declines.get(person_id, [])
        if not declined and {e.name for e in facts} <= CORPS:
            continue
        told = [e.data["available"] for e in facts if e.name == "AvailabilityChanged"]
        wishes = [e.data["wish"] for e in facts if e.name == "LeaderInterestRegistered"]
        pool = [e for e in facts if e.name in ("LeaderAdmittedToPool", "LeaderLeftPool")][-1:]
        in_pool = bool(pool) and pool[0].name == "LeaderAdmittedToPool"
        rows[person_id] = {
            "wish": wishes[-1] if wishes else None,
            "available": told[-1] if told else True,
            "declines": len(declined),
            "decline_reason": declined[-1].data["reason"] if declined else None,
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
        names = {e.name for e in facts} - NOT_ABOUT_LEADING
        if not names:
            continue
        prior = [e.data["what"] for e in facts if e.name == "PriorQualificationRecorded"]
        told = [e.data["available"] for e in facts if e.name == "AvailabilityChanged"]
        pool = [e.name for e in facts if e.name in ("LeaderAdmittedToPool", "LeaderLeftPool")]
        drove = {"CoDrivingCompleted", "LeadingCompleted", "LeaderQualified"}
        rows[person_id] = {
            "is_qualified": "LeaderQualified" in names,
            "in_pool": pool[-1:] == ["LeaderAdmittedToPool"],
            "has_diploma": bool({"LeaderQualified", "DiplomaAwarded"} & names)
            or "diploma" in prior,
            "available": told[-1] if told else True,
            "has_driven": bool(drove & names) or any(each != "diploma" for each in prior),
        }
    return rows


IN_NETWORKS = {"view_leader": known_leader}
IN_TRAINING = {"view_leader_pool": leader_pool}
