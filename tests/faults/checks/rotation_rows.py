"""The rows about rotations and what they are wished for, from what the facts of training mean."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]

_STATES = {
    "RotationProposed": "proposed",
    "RotationNominated": "nominated",
    "RotationDeclined": "declined",
    "RotationStarted": "running",
    "RotationEnded": "ended",
}


def rotation_overview(heard: Heard) -> Rows:
    """Each rotation."""
    return {key: _rotation(key, facts) for key, facts in heard.streams("rotation")}


def _rotation(key: str, facts: list[Told]) -> Json:
    told = {each.name: each.data for each in facts}
    proposal, nomination = told["RotationProposed"], told.get("RotationNominated", {})
    stay, ending = told.get("RotationStarted", {}), told.get("RotationEnded", {})
    if "RotationDeclined" in told:
        stay = {}
    deliverables = ending.get("deliverables", ())
    wanted = ("person_id", "org_unit_id", "task", "competence", "wished_from", "wished_until")
    return {
        "rotation_id": key,
        **{name: proposal.get(name) for name in wanted},
        "state": _STATES[facts[-1].name],
        "competence_id": nomination.get("competence_id"),
        "pointed_out": nomination.get("pointed_out", False),
        "starts_on": stay.get("starts_on"),
        "ends_on": ending.get("ended_on") or stay.get("ends_on"),
        "deliverables": [each["title"] for each in deliverables],
        "links": [each["url"] for each in deliverables if each.get("url")],
    }


def rotation_evaluations(heard: Heard) -> Rows:
    """What each said of their own rotation."""
    wanted = ("person_id", "wellbeing", "motivation", "learned_note")
    return {
        key: {
            "rotation_id": key,
            "evaluated_on": fact.data["on"],
            **{name: fact.data[name] for name in wanted},
        }
        for key, fact in heard.facts("rotation_evaluation")
    }


def rotation_competences(heard: Heard) -> Rows:
    """What the chief forum has pointed out."""
    wanted = ("competence", "text", "decided_by")
    return {
        key: {
            "competence_id": key,
            "pointed_out_on": fact.data["on"],
            **{name: fact.data[name] for name in wanted},
        }
        for key, fact in heard.facts("rotation_competence")
    }


IN_TRAINING = {
    "view_rotation_overview": rotation_overview,
    "view_rotation_evaluations": rotation_evaluations,
    "view_rotation_competences": rotation_competences,
}
