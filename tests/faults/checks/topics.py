"""The topics beside the store: every fact told, in order, unchanged, and nothing else."""

import json
from datetime import UTC
from typing import Any

from tests.faults.checks.evidence import STATES, TOPICS, Evidence, Json, Told, kind_of
from tests.faults.checks.findings import Findings

_ATTRIBUTES = {
    "command": "command",
    "actor": "actor",
    "on_behalf_of": "onbehalfof",
    "policy_version": "policyversion",
    "correlation_id": "correlationid",
    "causation_id": "causationid",
}
_NESTED = ("overrides", "warnings", "evidence")


def check_topics(evidence: Evidence, findings: Findings) -> None:
    """Look at every record, then at every fact that is to be one."""
    for name, why in evidence.unreadable.items():
        if name not in evidence.planted:
            findings.wrong("topic: unreadable", why)
    for stream, told in evidence.told.items():
        if stream not in evidence.planted and kind_of(stream) not in STATES:
            _check_stream(told, findings)
    for service, streams in evidence.commits.items():
        for stream, commits in streams.items():
            if stream not in evidence.planted:
                told_by_version = {each.version: each for each in evidence.facts(stream)}
                _check_commits(service, commits, told_by_version, findings)
    known = {stream for streams in evidence.commits.values() for stream in streams}
    for stream, told in evidence.told.items():
        if stream not in known | evidence.planted and kind_of(stream) not in STATES:
            findings.wrong("topic: stranger", told[0].place)


def _check_stream(told: list[Told], findings: Findings) -> None:
    """Look at one stream's records: first occurrences in order, repeats the same."""
    first: dict[int, Told] = {}
    for each in told:
        if each.topic != TOPICS.get(kind_of(each.stream)) or each.partition != told[0].partition:
            findings.wrong("topic: stranger", f"{each.place}: not where its stream is")
        known = first.get(each.version)
        if known is None:
            if each.version != len(first) + 1:
                findings.wrong("topic: order", each.place)
            first[each.version] = each
        elif known.id != each.id:
            findings.wrong("topic: fork", each.place)
        elif known.digest != each.digest:
            findings.wrong("topic: content", each.place)
        else:
            findings.show("told again")
    findings.show("facts told", len(first))


def _check_commits(
    service: str, commits: list[Json], told: dict[int, Told], findings: Findings
) -> None:
    stored = set[int]()
    for commit in commits:
        waits = "unpublished" in commit
        if waits:
            findings.wrong("topic: untold", f"{service}: {commit['_id']}")
        for version, event in enumerate(commit["events"], start=commit["first"]):
            stored.add(version)
            found = told.get(version)
            if found is None:
                if not waits:
                    findings.wrong("topic: missing", f"{commit['stream']}@{version}")
            elif found.id != event["id"]:
                findings.wrong("topic: fork", f"{found.place}: stored as {event['id']}")
            elif wrong := _differing(service, commit, event, found.value):
                findings.wrong("topic: content", f"{found.place}: {', '.join(wrong)}")
    for version, each in told.items():
        if version not in stored:
            findings.wrong("topic: stranger", each.place)


def _differing(service: str, commit: Json, event: Json, value: Json) -> list[str]:
    """The attributes that are not what was stored."""
    envelope = commit["envelope"]
    expected: dict[str, Any] = {
        "source": f"/netvaerk/{service}",
        "type": f"dk.netvaerk.{service}.{event['type']}.v{event['v']}",
        "subject": commit["stream"],
        "time": commit["at"].astimezone(UTC).isoformat().removesuffix("+00:00") + "Z",
        "businessdate": event["data"]["on"],
        "data": event["data"],
        "actor": "system",
    }
    for name, attribute in _ATTRIBUTES.items():
        if envelope.get(name):
            expected[attribute] = envelope[name]
    wrong = [name for name, stored in expected.items() if value.get(name) != stored]
    wrong += [
        name
        for name in _NESTED
        if json.loads(value.get(name, "null")) != (envelope.get(name) or None)
    ]
    return wrong
