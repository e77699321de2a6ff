"""The rows about cohorts, from what the facts of training mean."""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard
from tests.faults.checks.times import danish_day, danish_midnight, instant

Rows = dict[str, Json]

_LIFE = {
    "CohortPlanned": "planned",
    "CohortOpened": "open",
    "CohortConfirmed": "confirmed",
    "CohortStarted": "running",
    "CohortCompleted": "completed",
    "CohortCancelled": "cancelled",
}
_TELLING_OF_THE_NEXT = ("CohortStarted", "TrainingDayScheduled")
PROGRAMMES = ("diploma", "innovator")


@dataclass
class Cohort:
    """A cohort after all of its facts; `last` has the latest fact of each name."""

    facts: list[Told]
    last: dict[str, Json] = field(default_factory=dict)
    state: str = "planned"
    enrolled: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    begins: dict[str, str] = field(default_factory=dict)
    """The training days by number -> the instant that each begins at."""

    def __post_init__(self) -> None:
        """Go through the facts."""
        for fact in self.facts:
            self.last[fact.name] = fact.data
            self.state = _LIFE.get(fact.name, self.state)
            person = fact.data.get("person_id")
            if fact.name in ("EnrolmentConfirmed", "EnrolmentWithdrawn"):
                for places in (self.enrolled, self.waiting):
                    if person in places:
                        places.remove(person)
            if fact.name == "EnrolmentConfirmed":
                self.enrolled.append(str(person))
            elif fact.name == "EnrolmentWaitlisted":
                self.waiting.append(str(person))
            elif fact.name == "TrainingDayScheduled":
                self.begins[str(fact.data["day"])] = fact.data["starts_at"]

    @property
    def plan(self) -> Json:
        """What was planned."""
        return self.last["CohortPlanned"]

    @property
    def days(self) -> dict[str, str]:
        """The training days by number -> the day on which each is held."""
        return {number: danish_day(at) for number, at in self.begins.items()}

    @property
    def next_due_on(self) -> str | None:
        """When the next cohort is due after this one, which moves with its first day."""
        told = [e.data.get("next_due_on") for e in self.facts if e.name in _TELLING_OF_THE_NEXT]
        due = [each for each in told if each]
        return due[-1] if due and self.state != "cancelled" else None

    @property
    def first_day(self) -> str | None:
        """The first training day of one that has begun and was not cancelled, where it is now."""
        if "CohortStarted" not in self.last or self.state == "cancelled":
            return None
        return self.days.get("1", str(self.of("CohortStarted", "first_day")))

    def of(self, name: str, what: str) -> object:
        """One field of the latest fact of a name; None before there is one."""
        return self.last.get(name, {}).get(what)


def cohorts(heard: Heard) -> dict[str, Cohort]:
    """Every cohort by its id."""
    return {cohort: Cohort(facts) for cohort, facts in heard.streams("cohort")}


def cohort_overview(heard: Heard) -> Rows:
    """Each cohort as it is, with the people in it."""
    rows = {}
    for key, now in cohorts(heard).items():
        plan, most, days = now.plan, now.plan.get("size_max"), now.days
        thought = now.of("CohortStarted", "first_day") or plan.get("first_day")
        ended = now.of("CohortCompleted", "on") or now.of("CohortCancelled", "on")
        rows[key] = {
            "cohort_id": key,
            **{name: plan.get(name) for name in ("programme", "title", "provider", "ects")},
            "state": now.state,
            "size_min": plan["size_min"],
            "size_max": most,
            "enrolled": len(now.enrolled),
            "waiting": len(now.waiting),
            "places_left": None if most is None else max(most - len(now.enrolled), 0),
            "enrol_by": now.of("CohortOpened", "enrol_by"),
            "opened_on": now.of("CohortOpened", "on"),
            "confirmed_on": now.of("CohortConfirmed", "on"),
            "started_on": now.of("CohortStarted", "on"),
            "ended_on": ended,
            "first_day": days.get("1", thought),
            "last_day": days.get(str(len(plan["days"]))),
            "days": len(plan["days"]),
            "days_scheduled": len(days),
            "diplomas": now.of("CohortCompleted", "diplomas"),
            "lapsed": now.of("CohortCompleted", "lapsed"),
            "next_due_on": now.next_due_on,
            "enrolled_ids": now.enrolled,
            "waiting_ids": now.waiting,
            "day_dates": days,
        }
    return rows


def cohort_start(heard: Heard) -> Rows:
    """What has neither begun nor been cancelled, and when it is to begin."""
    rows = {}
    for key, now in cohorts(heard).items():
        if {"CohortStarted", "CohortCancelled"} & now.last.keys():
            continue
        confirmed, at = "CohortConfirmed" in now.last, now.begins.get("1")
        rows[key] = {
            "cohort_id": key,
            "is_confirmed": confirmed,
            "starts_at": instant(at) if at else None,
            "due_at": danish_midnight(at) if at and confirmed else None,
        }
    return rows


def latest_cohort(heard: Heard) -> Rows:
    """Of each programme the cohorts that began and were not cancelled."""
    known = cohorts(heard)
    touched = any("CohortCancelled" in now.last or "1" in now.begins for now in known.values())
    rows = _begun(known, touched=touched)
    return {programme: {"programme": programme, **row} for programme, row in rows.items()}


def _begun(known: dict[str, Cohort], *, touched: bool) -> Rows:
    """A row for each programme of a cohort that began, or for all when one was touched."""
    told = {now.plan["programme"] for now in known.values() if "CohortStarted" in now.last}
    return {
        programme: {
            "first_days": {
                key: now.first_day
                for key, now in known.items()
                if now.plan["programme"] == programme and now.first_day
            }
        }
        for programme in PROGRAMMES
        if touched or programme in told
    }


def cost_by_department(heard: Heard) -> Rows:
    """What each department's people cost after all corrections, person by person."""
    shares = ("base_ore", "secretariat_ore", "total_ore")
    paying: dict[tuple[str, str], dict[str, Json]] = defaultdict(dict)
    for key, facts in heard.streams("cohort"):
        costs = [e.data for e in facts if e.name in _COSTS]
        for person_id, cost in {each["person_id"]: each for each in costs}.items():
            paid = {name: cost[name] for name in shares}
            if cost["total_ore"]:
                paying[key, cost["department_id"]][person_id] = paid
    return {
        f"{cohort}-{department}": {
            "cohort_id": cohort,
            "department_id": department,
            "participants": len(by_person),
            **{name: sum(each[name] for each in by_person.values()) for name in shares},
            "by_person": by_person,
        }
        for (cohort, department), by_person in paying.items()
    }


def passed_exams(heard: Heard) -> Rows:
    """Of each cohort those who have its diploma."""
    passed: dict[str, set[str]] = defaultdict(set)
    for person, fact in heard.facts("leader"):
        if fact.name == "DiplomaAwarded":
            passed[fact.data["cohort_id"]].add(person)
    return {key: {"cohort_id": key, "person_ids": sorted(ids)} for key, ids in passed.items()}


def known_cohort(heard: Heard) -> Rows:
    """A cohort as notifications awaits things of it; exams may tell of it first."""
    passed: dict[str, set[str]] = defaultdict(set)
    for _, fact in heard.facts("exam"):
        parts = passed[fact.data["cohort_id"]]
        if fact.data["result"] == "passed":
            parts.add(f"{fact.data['part']}/{fact.data['person_id']}")
    unheard: Json = {
        "title": "",
        "programme": None,
        "state": "planned",
        "size_min": 0,
        "day_count": 0,
    }
    unheard |= {"thought_to_begin": None, "days": {}, "enrolled": []}
    rows: Rows = {key: {**unheard, "passed": sorted(parts)} for key, parts in passed.items()}
    for key, now in cohorts(heard).items():
        rows[key] = {
            "title": now.plan["title"],
            "programme": now.plan["programme"],
            "state": now.state,
            "size_min": now.plan["size_min"],
            "day_count": len(now.plan["days"]),
            "thought_to_begin": now.plan.get("first_day"),
            "days": now.days,
            "enrolled": sorted(now.enrolled),
            "passed": sorted(passed.get(key, ())),
        }
    return rows


def started_cohorts(heard: Heard) -> Rows:
    """The same for notifications, where the day of any cohort touches the rows of all."""
    known = cohorts(heard)
    touched = any("CohortCancelled" in now.last or now.begins for now in known.values())
    return _begun(known, touched=touched)


_COSTS = ("TrainingCostAllocated", "TrainingCostCorrected")

IN_TRAINING = {
    "view_cohort_overview": cohort_overview,
    "view_cohort_start": cohort_start,
    "view_latest_cohort": latest_cohort,
    "view_cost_by_department": cost_by_department,
    "view_passed_exams": passed_exams,
}
IN_NOTIFICATIONS = {
    "view_known_cohort": known_cohort,
    "view_started_cohorts": started_cohorts,
}
