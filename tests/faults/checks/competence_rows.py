"""The rows about competences: what was said of each person, and how people develop."""

from tests.faults.checks.evidence import Json
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]

_COMPETENCES = (
    "brings_others_in",
    "engages_and_motivates",
    "creates_safe_space",
    "curious_dialogue",
    "courage_to_experiment",
    "strategic_awareness",
    "pursues_effect",
    "communicates",
    "explorative",
    "self_developing",
)
_FEWEST = 3


def assessment(heard: Heard) -> Rows:
    """Every assessment, by the file that it is in."""
    rows = {}
    for person, fact in heard.facts("leader_file"):
        if fact.name in ("CompetenceAssessed", "CompetenceSelfAssessed"):
            data, assessor = fact.data, fact.data.get("assessor_id", person)
            rows[f"{person}/{data['assessment_id']}"] = {
                "assessment_id": data["assessment_id"],
                "person_id": person,
                "assessor_id": assessor,
                "own": assessor == person,
                "assessed_on": data["on"],
                "levels": data["levels"],
                "identifies_with_good_leader": data.get("identifies_with_good_leader"),
                "network_id": data.get("network_id"),
                "moment": data.get("moment"),
            }
    return rows


def competence_development(heard: Heard) -> Rows:
    """How people were before and after a network, counting what each said last of both."""
    said: dict[str, dict[str, dict[str, Json]]] = {}
    for person, fact in heard.facts("leader_file"):
        data = fact.data
        if fact.name == "CompetenceSelfAssessed" and data.get("moment"):
            of = said.setdefault(data["network_id"], {}).setdefault(person, {})
            of[data["moment"]] = data["levels"]
    learning = {
        key: fact.data
        for key, fact in heard.facts("network")
        if fact.name in ("NetworkStarted", "NetworkImported")
        and fact.data["network_type"] == "learning"
    }
    both = {
        network: [each for each in people.values() if len(each) == len(("before", "after"))]
        for network, people in said.items()
    }
    return {
        f"{network}/{competence}": {
            "network_id": network,
            "competence": competence,
            "title": learning.get(network, {}).get("title"),
            "network_type": learning.get(network, {}).get("network_type"),
            **_figures(
                [
                    (each["before"][competence], each["after"][competence])
                    for each in both.get(network, ())
                ]
            ),
        }
        for network in learning.keys() | {each for each, people in both.items() if people}
        for competence in _COMPETENCES
    }


def _figures(pairs: list[tuple[int, int]]) -> Json:
    totals = {
        "before_total": sum(before for before, _ in pairs),
        "after_total": sum(after for _, after in pairs),
        "improved": sum(after > before for before, after in pairs),
    }
    shown = ("before", "after", "improved_share")
    averages = [round(each / max(len(pairs), 1), 3) for each in totals.values()]
    told = averages if len(pairs) >= _FEWEST else [None] * len(shown)
    return {"n": len(pairs), **totals, **dict(zip(shown, told, strict=True))}


IN_TRAINING = {
    "view_assessment": assessment,
    "view_competence_development": competence_development,
}
