"""The rows about those who take part in a cohort: their enrolment, and how it went."""

from collections import defaultdict
from collections.abc import Iterable

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]
Pair = tuple[str, str]
"""A cohort and a person."""

_ENROLLING = frozenset(
    {
        "EnrolmentRequested",
        "EnrolmentConfirmed",
        "EnrolmentWaitlisted",
        "EnrolmentWithdrawn",
        "EnrolmentLapsed",
        "TrainingDayAttended",
    }
)


def _diplomas(heard: Heard) -> dict[Pair, str]:
    return {
        (fact.data["cohort_id"], person): fact.data["awarded_on"]
        for person, fact in heard.facts("leader")
        if fact.name == "DiplomaAwarded"
    }


def _by_participant(heard: Heard) -> dict[Pair, list[Told]]:
    """What each cohort tells of each person, in order."""
    found: dict[Pair, list[Told]] = defaultdict(list)
    for cohort, fact in heard.facts("cohort"):
        for person in _concerned(fact):
            found[cohort, person].append(fact)
    return found


def _concerned(fact: Told) -> Iterable[str]:
    if fact.name == "CohortStarted":
        return [str(each) for each in fact.data["participants"]]
    return [str(fact.data["person_id"])] if "person_id" in fact.data else []


def enrolments(heard: Heard) -> Rows:
    """Who is enrolled in which cohort, since they asked for a place the last time."""
    diplomas, told = _diplomas(heard), _by_participant(heard)
    enrolling = {
        pair: facts for pair, facts in told.items() if {e.name for e in facts} & _ENROLLING
    }
    return {
        f"{pair[0]}-{pair[1]}": _enrolment(pair, enrolling.get(pair, []), diplomas.get(pair))
        for pair in enrolling.keys() | diplomas.keys()
    }


def _enrolment(pair: Pair, facts: list[Told], diploma_on: str | None) -> Json:
    asked = [number for number, each in enumerate(facts) if each.name == "EnrolmentRequested"]
    since = {each.name: each for each in facts[asked[-1] if asked else 0 :]}
    told = {name: each.data for name, each in since.items()}
    waits = {"EnrolmentConfirmed", "EnrolmentWithdrawn"}.isdisjoint(told)
    row = {
        "cohort_id": pair[0],
        "person_id": pair[1],
        "days_present": _attendance(facts)["days_present"],
        "department_id": told.get("EnrolmentRequested", {}).get("department_id"),
        "requested_on": told.get("EnrolmentRequested", {}).get("on"),
        "queue_number": since["EnrolmentWaitlisted"].version
        if waits and "EnrolmentWaitlisted" in since
        else None,
        "enrolled_on": told.get("EnrolmentConfirmed", {}).get("on"),
        "promoted": told.get("EnrolmentConfirmed", {}).get("promoted", False),
        "started_on": told.get("CohortStarted", {}).get("first_day"),
        "withdrawn_on": told.get("EnrolmentWithdrawn", {}).get("on"),
        "lapsed_on": told.get("EnrolmentLapsed", {}).get("on"),
        "diploma_on": diploma_on,
    }
    steps = (
        ("diploma_on", "diploma"),
        ("withdrawn_on", "withdrawn"),
        ("lapsed_on", "no_diploma"),
        ("days_present", "attending"),
        ("enrolled_on", "enrolled"),
    )
    return {**row, "state": next((state for field, state in steps if row[field]), "waiting")}


def attendance_and_exam(heard: Heard) -> Rows:
    """Who was there on which day, and how far each has come with the exam."""
    diplomas, told = _diplomas(heard), _by_participant(heard)
    shown = {"EnrolmentConfirmed", "EnrolmentWithdrawn", "EnrolmentLapsed", "TrainingDayAttended"}
    parts: dict[Pair, list[Told]] = defaultdict(list)
    for _, fact in heard.facts("exam"):
        parts[fact.data["cohort_id"], fact.data["person_id"]].append(fact)
    taking_part = {pair for pair, facts in told.items() if {e.name for e in facts} & shown}
    return {
        f"{pair[0]}-{pair[1]}": {
            "cohort_id": pair[0],
            "person_id": pair[1],
            **_attendance(told.get(pair, [])),
            **_exam(parts.get(pair, [])),
            "diploma_on": diplomas.get(pair),
        }
        for pair in taking_part | parts.keys() | diplomas.keys()
    }


def _attendance(facts: list[Told]) -> Json:
    places = [e.name for e in facts if e.name in ("EnrolmentConfirmed", "EnrolmentWithdrawn")]
    days = {e.data["day"]: e.data["present"] for e in facts if e.name == "TrainingDayAttended"}
    lapsed = [e.data["on"] for e in facts if e.name == "EnrolmentLapsed"]
    return {
        "has_place": places[-1:] == ["EnrolmentConfirmed"],
        **{f"day_{number}": days.get(number, False) for number in range(1, 6)},
        "days_present": sum(days.values()),
        "lapsed_on": lapsed[-1] if lapsed else None,
    }


def _exam(facts: list[Told]) -> Json:
    row: Json = {}
    for part in ("written", "oral"):
        told = [each.data for each in facts if each.data["part"] == part]
        row |= {
            part: told[-1]["result"] if told else None,
            f"{part}_attempts": len(told),
            f"{part}_on": told[-1]["held_on"] if told else None,
        }
    remarks = [each["code"] for fact in facts for each in fact.warnings]
    return {
        **row,
        "all_passed": any(each.data["all_passed"] for each in facts),
        "no_network_role_at_exam": "no_network_role_at_exam" in remarks,
    }


IN_TRAINING = {
    "view_enrolments": enrolments,
    "view_attendance_and_exam": attendance_and_exam,
}
