"""What is awaited at the end: each thing once, until it has come, and no longer.

Only what lies well ahead must be awaited; what is due soon may have spoken up already.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain

from tests.faults.checks.cohort_rows import Cohort
from tests.faults.checks.evidence import Evidence, Json, key_of, kind_of
from tests.faults.checks.findings import Findings
from tests.faults.checks.theme_reminders import awaited_of_themes
from tests.faults.checks.times import danish_day

_SOON = timedelta(days=60)
"""Longer than any reminder before a date, and shorter than the one after the last training day."""

Awaited = tuple[str, str | None]
"""A reminder's name, and the day that it is to be about; None when nothing may be awaited."""


def check_reminders(evidence: Evidence, findings: Findings) -> None:
    """Compare what is awaited with what the facts of training and themes say."""
    awaited = _awaited(evidence)
    today = max((each["at"].date() for each in evidence.all_commits()), default=date.max)
    of_themes = awaited_of_themes(evidence, today, _SOON)
    for reminder, day in chain(_expected(evidence, today), of_themes):
        findings.show("reminders expected, or not")
        if awaited.get(reminder) != day:
            where = f"reminder-{reminder}: about {awaited.get(reminder)} instead of {day}"
            findings.wrong("reminder: otherwise", where)


def _awaited(evidence: Evidence) -> dict[str, str]:
    """The reminders that are going to speak up -> the day that each is about."""
    found: dict[str, str] = {}
    for commit in evidence.all_commits("notifications"):
        for event in commit["events"] if kind_of(commit["stream"]) == "reminder" else ():
            found.pop(key_of(commit["stream"]), None)
            if event["type"] == "ReminderScheduled":
                found[key_of(commit["stream"])] = danish_day(event["data"]["awaited_on"])
    return found


def _expected(evidence: Evidence, today: date) -> Iterator[Awaited]:
    facts = {stream: evidence.facts(stream) for stream in evidence.told}
    passed = {
        (each.data["cohort_id"], f"{each.data['part']}/{each.data['person_id']}")
        for stream, told in facts.items()
        if kind_of(stream) == "exam"
        for each in told
        if each.data["result"] == "passed"
    }
    cohorts = {key: Cohort(told) for key, told in facts.items() if kind_of(key) == "cohort"}
    yield from _of_the_next(cohorts)
    for stream, told in facts.items():
        if stream in cohorts:
            yield from _of_cohort(stream, cohorts[stream], passed, today)
        elif kind_of(stream) == "rotation":
            begun = [e for e in told if e.name in _STAYS]
            if begun:
                ends_on = begun[-1].data.get("ends_on")
                if ends_on is None or date.fromisoformat(ends_on) > today + _SOON:
                    yield f"T26-{stream}-end", ends_on


def _of_the_next(cohorts: Mapping[str, Cohort]) -> Iterator[Awaited]:
    """After the diploma's cohort that began last the next one is awaited, and after no other."""
    begun = {
        stream: now
        for stream, now in cohorts.items()
        if _has_exam(now.plan) and "CohortStarted" in now.last
    }
    last = max(begun, key=lambda stream: (begun[stream].first_day or "", stream), default="")
    for stream, now in begun.items():
        yield f"T17-{stream}-next", now.next_due_on if stream == last else None


def _of_cohort(
    stream: str, now: Cohort, passed: set[tuple[str, str]], today: date
) -> Iterator[Awaited]:
    if now.state != "open":
        yield f"T23-{stream}-minimum", None
    cancelled = now.state == "cancelled"
    for number, day in now.days.items():
        if cancelled or date.fromisoformat(day) > today + _SOON:
            yield f"T18-{stream}-{number}", None if cancelled else day
    last_day = now.days.get(str(len(now.plan["days"])))
    for person in {e.data["person_id"] for e in now.facts if e.name == "EnrolmentConfirmed"}:
        for item in (f"{part}/{person}" for part in ("written", "oral")):
            if cancelled or person not in now.enrolled or (key_of(stream), item) in passed:
                yield f"T31-{stream}-{item}", None
            elif _has_exam(now.plan) and last_day and date.fromisoformat(last_day) > today - _SOON:
                yield f"T31-{stream}-{item}", last_day


def _has_exam(plan: Json) -> bool:
    return bool(plan["programme"] == "diploma")


_STAYS = ("RotationStarted", "RotationEnded", "RotationDeclined")
