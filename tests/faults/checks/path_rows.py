"""How far each person is on the way to network leader, from what the facts mean."""

from collections import defaultdict

from tests.faults.checks.cohort_rows import cohorts
from tests.faults.checks.crew_rows import corps_periods, stints
from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]
_ON_PATH = {
    "PriorQualificationRecorded",
    "CoDrivingCompleted",
    "LeadingCompleted",
    "DiplomaAwarded",
    "LeaderAdmittedToPool",
    "LeaderLeftPool",
}
_RUNS = ("CoDrivingCompleted", "LeadingCompleted")


def training_path(heard: Heard) -> Rows:
    """Each person's way, with the networks they co-drive now."""
    co_driven: dict[str, dict[str, str]] = defaultdict(dict)
    first: dict[str, str] = {}
    for each in stints(heard):
        if each.role == "co_driver":
            first[each.person_id] = min(first.get(each.person_id, each.since), each.since)
            if each.until is None:
                co_driven[each.person_id][each.network_id] = each.since
    paths = {
        person: facts
        for person, facts in heard.streams("leader")
        if {e.name for e in facts} - {"AvailabilityChanged"}
    }
    return {
        person: _staged(
            {
                "person_id": person,
                "co_driving": co_driven[person],
                "co_driver_first_on": first.get(person),
                **_path(paths.get(person, [])),
            }
        )
        for person in paths.keys() | first.keys()
    }


def co_driver_pipeline(heard: Heard) -> Rows:
    """Who is between co-driving and the pool, and what each lacks."""
    co_driven: dict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    for each in stints(heard):
        if each.role == "co_driver":
            first[each.person_id] = min(first.get(each.person_id, each.since), each.since)
            co_driven[each.person_id] |= set() if each.until else {each.network_id}
    in_cohorts, told = _places(heard)
    paths = {
        person: facts
        for person, facts in heard.streams("leader")
        if {e.name for e in facts} & _ON_PATH
    }
    rows = {}
    for person in paths.keys() | first.keys() | told:
        path, facts = _path(paths.get(person, [])), paths.get(person, [])
        prior = [e.data.get("what") for e in facts if e.name == "PriorQualificationRecorded"]
        did = "co_driver" in prior or any(e.name == "CoDrivingCompleted" for e in facts)
        places = in_cohorts[person]
        rows[person] = {
            "person_id": person,
            "co_driver": did or person in first,
            "co_driving": sorted(co_driven[person]),
            "co_driver_first_on": first.get(person),
            **{name: path[name] for name in ("runs", "diploma_on", "in_pool")},
            "cohorts": places,
            "enrolled": "enrolled" in places.values(),
            "waiting": "waiting" in places.values(),
            "lacks_run": not path["runs"],
            "lacks_diploma": path["diploma_on"] is None,
        }
    return rows


def _places(heard: Heard) -> tuple[dict[str, dict[str, str]], set[str]]:
    """The diploma's cohorts that each person is in now, and everybody who ever asked for one."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    asked: set[str] = set()
    for key, now in cohorts(heard).items():
        if now.plan["programme"] != "diploma":
            continue
        asked |= {e.data["person_id"] for e in now.facts if e.name == "EnrolmentRequested"}
        if now.state != "completed":
            for place, people in (("enrolled", now.enrolled), ("waiting", now.waiting)):
                for person in people:
                    places[person][key] = place
    return places, asked


def _path(facts: list[Told]) -> Json:
    last = {each.name: each.data for each in facts}
    prior = [e.data for e in facts if e.name == "PriorQualificationRecorded"]
    diplomas = [each["on"] for each in prior if each["what"] == "diploma"]
    diplomas += [e.data["awarded_on"] for e in facts if e.name == "DiplomaAwarded"]
    runs = [each["on"] for each in prior if each["what"] != "diploma"]
    runs += [e.data["until"] for e in facts if e.name in _RUNS]
    pool = [e.name for e in facts if e.name in ("LeaderAdmittedToPool", "LeaderLeftPool")]
    corps = [e for e in facts if e.name in ("InnovatorJoinedCorps", "InnovatorLeftCorps")]
    joined = corps_periods(corps)[-1]
    return {
        "wish": last.get("LeaderInterestRegistered", {}).get("wish"),
        "interest_on": last.get("LeaderInterestRegistered", {}).get("on"),
        "runs": len(runs),
        "first_run_on": min(runs, default=None),
        "diploma_on": min(diplomas, default=None),
        "qualified_on": last.get("LeaderQualified", {}).get("on"),
        "in_pool": pool[-1:] == ["LeaderAdmittedToPool"],
        "pool_on": last.get("LeaderAdmittedToPool", {}).get("on"),
        "innovator": bool(joined),
        "innovator_on": joined[0].data["on"] if joined else None,
    }


def _staged(row: Json) -> Json:
    steps = (
        ("in_pool", "in_pool"),
        ("qualified_on", "qualified"),
        ("diploma_on", "diploma_only"),
        ("runs", "driven_only"),
        ("co_driving", "co_driving"),
    )
    return {**row, "stage": next((stage for field, stage in steps if row[field]), "candidate")}


IN_TRAINING = {
    "view_training_path": training_path,
    "view_co_driver_pipeline": co_driver_pipeline,
}
