"""The rows about leaders, from what the facts of training mean."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]
CORPS = {"InnovatorJoinedCorps", "InnovatorLeftCorps"}
NOT_ABOUT_LEADING = CORPS | {"LeaderInterestRegistered"}


def leader_pool(heard: Heard) -> Rows:
    """Whom one can ask to lead."""
    rows = {}
    for person_id, facts in heard.streams("leader"):
        if {e.name for e in facts} <= CORPS:
            continue
        last = {each.name: each.data for each in facts}
        pool = [e for e in facts if e.name in ("LeaderAdmittedToPool", "LeaderLeftPool")][-1:]
        in_pool = bool(pool) and pool[0].name == "LeaderAdmittedToPool"
        diplomas = [e.data["awarded_on"] for e in facts if e.name == "DiplomaAwarded"]
        diplomas += [e["on"] for e in _prior(facts) if e["what"] == "diploma"]
        rows[person_id] = {
            "person_id": person_id,
            "in_pool": in_pool,
            "basis": pool[0].data["basis"] if in_pool else None,
            "generation": pool[0].data.get("generation") if in_pool else None,
            "admitted_on": last.get("LeaderAdmittedToPool", {}).get("on"),
            "left_on": pool[0].data["on"] if pool and not in_pool else None,
            "qualified": "LeaderQualified" in last,
            "qualified_on": last.get("LeaderQualified", {}).get("on"),
            "diploma_on": min(diplomas, default=None),
            "networks_led": _networks(facts, "LeadingCompleted"),
            "networks_co_driven": _networks(facts, "CoDrivingCompleted"),
            "prior_experience": [each["what"] for each in _prior(facts)],
            "wish": last.get("LeaderInterestRegistered", {}).get("wish"),
            **_availability(last),
        }
    return rows


def declines(heard: Heard) -> Rows:
    """How often each said no, and when last."""
    rows = {}
    for person_id, facts in heard.streams("leader_file"):
        declined = [each.data["on"] for each in facts if each.name == "AssignmentDeclined"]
        if declined:
            rows[person_id] = {
                "person_id": person_id,
                "declines": len(declined),
                "declined_on": declined[-1],
            }
    return rows


def _prior(facts: list[Told]) -> list[Json]:
    return [each.data for each in facts if each.name == "PriorQualificationRecorded"]


def _networks(facts: list[Told], name: str) -> list[str]:
    return [each.data["network_id"] for each in facts if each.name == name]


def _availability(last: dict[str, Json]) -> Json:
    told = last.get("AvailabilityChanged", {})
    period = {name: told.get(name) for name in ("available_from", "available_until")}
    return {"available": told.get("available", True), **period}


def known_leader(heard: Heard) -> Rows:
    """What networks knows of a person who may lead."""
    rows = {}
    for person_id, facts in heard.streams("leader"):
        last = {each.name: each.data for each in facts}
        names = last.keys() - NOT_ABOUT_LEADING
        if not names:
            continue
        prior = [each["what"] for each in _prior(facts)]
        pool = [e.name for e in facts if e.name in ("LeaderAdmittedToPool", "LeaderLeftPool")]
        drove = {"CoDrivingCompleted", "LeadingCompleted", "LeaderQualified"}
        rows[person_id] = {
            "person_id": person_id,
            "is_qualified": "LeaderQualified" in names,
            "in_pool": pool[-1:] == ["LeaderAdmittedToPool"],
            "has_diploma": bool({"LeaderQualified", "DiplomaAwarded"} & names)
            or "diploma" in prior,
            **_availability(last),
            "has_driven": bool(drove & names) or any(each != "diploma" for each in prior),
        }
    return rows


def declined_assignment(heard: Heard) -> Rows:
    """What each said no to, role by role."""
    wanted = ("person_id", "network_id", "role", "reason")
    return {
        f"{person_id}/{fact.data['network_id']}/{fact.data['role']}": {
            **{name: fact.data[name] for name in wanted},
            "declined_on": fact.data["on"],
            "text_note": fact.data.get("text_note"),
        }
        for person_id, fact in heard.facts("leader_file")
        if fact.name == "AssignmentDeclined"
    }


IN_NETWORKS = {"view_leader": known_leader}
IN_TRAINING = {
    "view_leader_pool": leader_pool,
    "view_declined_assignment": declined_assignment,
    "view_declines": declines,
}
