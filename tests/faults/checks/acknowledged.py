"""What was acknowledged, beside what is stored: nothing lost, nothing twice, no other answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from tests.faults.checks.evidence import Evidence, Json, ledger_lines
from tests.faults.checks.findings import Findings
from tests.faults.checks.people import is_of_a_directory

_MAY_COME_AGAIN = frozenset({401, 408, 429, 502, 503, 504})
"""Answers that say nothing of the command itself."""
_TOKEN = re.compile(r"[0-9A-Za-z_-]{8,}")


@dataclass
class _Command:
    """One key: what was sent, and every answer in the order in which they came."""

    sent: Json
    answers: list[Json] = field(default_factory=list)

    @property
    def id(self) -> str:
        """What the store knows it by: the principal's and the route's own."""
        actor = f"person:{self.sent['principal']}"
        parts = (actor, self.sent["method"], self.sent["path"], self.sent["key"])
        return sha256("\n".join(parts).encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.sent['method']} {self.sent['path']} (key {self.sent['key']})"


def check_ledger(evidence: Evidence, findings: Findings) -> None:
    """Compare every acknowledged answer with the commit it tells of."""
    commands: dict[str, _Command] = {}
    for line in ledger_lines(evidence.run):
        command = commands.setdefault(line["key"], _Command(line))
        if "status" in line:
            command.answers.append(line)
    commits = {
        commit["command_id"]: commit for commit in evidence.all_commits() if "command_id" in commit
    }
    for command in commands.values():
        if is_of_a_directory(command.sent):
            findings.show("states written")
            continue
        _check_command(command, commits.get(command.id), findings)
    _check_marked(evidence, commands, commits, findings)


def _check_command(command: _Command, commit: Json | None, findings: Findings) -> None:
    findings.show("commands sent")
    for each in command.answers:
        if each["status"] == 500:
            findings.wrong("answered 500", str(command))
    accepted = [each for each in command.answers if _tells(each)]
    if not accepted:
        findings.show("stored, not acknowledged" if commit else "sent, not stored")
        refused = [each for each in command.answers if _refuses(each)]
        if commit and refused:
            # Its first answer was lost, and the repeat was not given it.
            findings.wrong("answered otherwise", f"{command}: {refused[0]['status']}")
        return
    findings.show("commands acknowledged")
    first = accepted[0]
    if commit is None or f"{commit['stream']}@{commit['last']}" != first["answer"]["position"]:
        findings.wrong("acknowledged and lost", f"{command}: {first['answer']['position']}")
    elif [{"type": e["type"], "data": e["data"]} for e in commit["events"]] != first["answer"][
        "events"
    ]:
        findings.wrong("acknowledged otherwise", f"{command}: {commit['_id']}")
    after = command.answers[command.answers.index(first) + 1 :]
    for each in after:
        if each["status"] in _MAY_COME_AGAIN or each["status"] >= 500:
            continue
        findings.show("repeats answered")
        if not _tells(each) or _said(each) != _said(first):
            was = f"{each['status']} {each['answer'].get('position', each['answer'].get('code'))}"
            findings.wrong("answered otherwise", f"{command}: {was}")
        elif not each.get("replayed", True):
            findings.wrong("answered otherwise", f"{command}: not called a repeat")


def _tells(line: Json) -> bool:
    """Whether the answer tells of facts; one that tells of none may be another the next time."""
    return 200 <= line["status"] < 300 and bool(line["answer"].get("events"))


def _refuses(line: Json) -> bool:
    """Whether the answer is a refusal for good, and not for want of a server or of luck."""
    may_come_again = line["status"] in _MAY_COME_AGAIN or line["answer"].get("code") == "conflict"
    return 400 <= line["status"] < 500 and not may_come_again


def _said(line: Json) -> Json:
    """The answer without the wording of its warnings, which the language decides."""
    answer: Json = dict(line["answer"])
    warnings = answer.pop("warnings", ())
    return {**answer, "warned": [(each["code"], each["rule"]) for each in warnings]}


def _check_marked(
    evidence: Evidence,
    commands: Mapping[str, _Command],
    commits: Mapping[str, Json],
    findings: Findings,
) -> None:
    """Look for a second commit with the facts of one key, where bodies name their key."""
    for commit in evidence.all_commits():
        texts = {text for event in commit["events"] for text in _texts(event["data"])}
        marks = {token for text in texts for token in _TOKEN.findall(text)} & commands.keys()
        for mark in marks:
            own = commits.get(commands[mark].id)
            if (
                own is not None
                and own["_id"] != commit["_id"]
                and "command_id" in commit
                and own["envelope"].get("command") == commit["envelope"].get("command")
            ):
                findings.wrong("stored twice", f"{commands[mark]}: {own['_id']}, {commit['_id']}")


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]
