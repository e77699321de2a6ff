"""What binds a cohort, whoever asked for it at once: places, costs and diplomas."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.checks.evidence import Evidence, Json, key_of, kind_of
from tests.faults.checks.findings import Findings

_PARTS = {"written", "oral"}
_THIRDS = 3


def check_cohorts(evidence: Evidence, findings: Findings) -> None:
    """Look at every cohort, fact by fact as they are stored."""
    for stream, commits in evidence.commits["training"].items():
        if kind_of(stream) == "cohort" and stream not in evidence.planted:
            events = [event for commit in commits for event in commit["events"]]
            _check_places(stream, events, findings)
            _check_costs(stream, events, findings)


def _check_places(stream: str, events: list[Json], findings: Findings) -> None:
    have: list[str] = []
    wait: list[str] = []
    most: int | None = None
    for event in events:
        data, name = event["data"], event["type"]
        person = data.get("person_id")
        where = f"{stream}: {name} of {person} ({event['id']})"
        if name == "CohortPlanned":
            most = data.get("size_max")
        elif name in ("EnrolmentConfirmed", "EnrolmentWaitlisted"):
            findings.show("places given, or waited for")
            if person in have or (person in wait and name == "EnrolmentWaitlisted"):
                findings.wrong("place: doubled", where)
            if name == "EnrolmentWaitlisted":
                if most is None or len(have) < most or data["place"] != len(wait) + 1:
                    findings.wrong("place: out of turn", where)
                wait.append(person)
                continue
            if (wait[:1] != [person]) if data["promoted"] else bool(wait):
                findings.wrong("place: out of turn", where)
            wait = [each for each in wait if each != person]
            have.append(person)
            if most is not None and len(have) > most:
                findings.wrong("place: too many", where)
        elif name == "EnrolmentWithdrawn":
            had = have if data["was"] == "enrolled" else wait
            if person not in had:
                findings.wrong("place: doubled", where)
            have, wait = ([e for e in each if e != person] for each in (have, wait))
        elif name in ("CohortConfirmed", "CohortStarted", "CohortCompleted"):
            _check_count(where, data, have, events, findings)


def _check_count(
    where: str, data: Json, have: list[str], events: list[Json], findings: Findings
) -> None:
    """Those whom a cohort names when it moves on are those who have a place."""
    lapsed = sum(event["type"] == "EnrolmentLapsed" for event in events)
    told = data.get("diplomas", 0) + data.get("lapsed", 0)
    passed_or_not = told in (0, len(have)) and data.get("lapsed", lapsed) == lapsed
    if data["participants"] != have or not passed_or_not:
        findings.wrong("cohort: miscounted", where)


def _check_costs(stream: str, events: list[Json], findings: Findings) -> None:
    allocated = Counter[str]()
    for event in events:
        data = event["data"]
        if event["type"] not in ("TrainingCostAllocated", "TrainingCostCorrected"):
            continue
        findings.show("costs")
        where = f"{stream}: {event['type']} of {data['person_id']} ({event['id']})"
        if event["type"] == "TrainingCostAllocated":
            allocated[data["person_id"]] += 1
            if allocated[data["person_id"]] > 1:
                findings.wrong("cost: doubled", where)
        total, base = data["total_ore"], data["base_ore"]
        if base + data["secretariat_ore"] != total or base != 2 * total // _THIRDS:
            findings.wrong("cost: shares", where)


def check_diplomas(evidence: Evidence, findings: Findings) -> None:
    """A diploma follows once from both parts of an exam, and from nothing else."""
    passed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, event in _facts(evidence, "exam", "ExamPartRecorded"):
        data = event["data"]
        if data["result"] == "passed":
            passed[data["cohort_id"], data["person_id"]].add(data["part"])
    awarded = Counter(
        (event["data"]["cohort_id"], person)
        for person, event in _facts(evidence, "leader", "DiplomaAwarded")
    )
    deserved = {pair for pair, parts in passed.items() if parts == _PARTS}
    findings.show("diplomas awarded", awarded.total())
    for (cohort, person), times in awarded.items():
        where = f"leader-{person} of cohort-{cohort}"
        if times > 1:
            findings.wrong("diploma: doubled", f"{where}, {times} times")
        if (cohort, person) not in deserved:
            findings.wrong("diploma: undeserved", where)
    for cohort, person in deserved - awarded.keys():
        findings.wrong("effect: missing", f"no diploma of leader-{person} of cohort-{cohort}")


def _facts(evidence: Evidence, kind: str, name: str) -> Iterator[tuple[str, Json]]:
    for stream, commits in evidence.commits["training"].items():
        if kind_of(stream) == kind and stream not in evidence.planted:
            for event in (event for commit in commits for event in commit["events"]):
                if event["type"] == name:
                    yield key_of(stream), event
