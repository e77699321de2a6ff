"""The store by itself: streams without holes, and nothing in it twice."""

from collections import defaultdict

from tests.faults.checks.evidence import Evidence, Json
from tests.faults.checks.findings import Findings


def check_store(evidence: Evidence, findings: Findings) -> None:
    """Look at every stream of every service."""
    for service, streams in evidence.commits.items():
        for stream, commits in streams.items():
            version = 0
            for commit in commits:
                _check_commit(commit, findings)
                if commit["first"] > version + 1:
                    findings.wrong("store: hole", f"{service}: before {commit['_id']}")
                elif commit["first"] <= version:
                    findings.wrong("store: overlap", f"{service}: {commit['_id']}")
                version = max(version, commit["last"])
            findings.show("commits", len(commits))
            told = max((each.version for each in evidence.told.get(stream, ())), default=0)
            if told > version and stream not in evidence.planted:
                findings.wrong("store: hole", f"{service}: after {stream}@{version}")
        _check_ids(service, evidence, findings)


def _check_commit(commit: Json, findings: Findings) -> None:
    named = f"{commit['stream']}@{commit['first']:09}"
    last = commit["first"] + len(commit["events"]) - 1
    if commit["_id"] != named or commit["last"] != last or not commit["events"]:
        findings.wrong("store: torn", f"{commit['_id']} first {commit['first']} last {last}")


def _check_ids(service: str, evidence: Evidence, findings: Findings) -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for commit in evidence.all_commits(service):
        for event in commit["events"]:
            where[f"event {event['id']}"].append(commit["_id"])
        if "command_id" in commit:
            where[f"command {commit['command_id']}"].append(commit["_id"])
    for each, commits in where.items():
        if len(commits) > 1:
            findings.wrong("store: id twice", f"{service}: {each} in {', '.join(commits)}")
