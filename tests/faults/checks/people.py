"""The directories of people and units beside their compacted topics, and what was acknowledged."""

from tests.faults.checks.evidence import STATES, TOPICS, Evidence, Json, Told, kind_of, ledger_lines
from tests.faults.checks.findings import Findings

_ROUTES = ("/people", "/org-units")
"""What the paths of a directory's commands begin with."""


async def check_people(evidence: Evidence, findings: Findings) -> None:
    """Compare each latest state with the directory; earlier ones may be compacted away."""
    last = _latest(evidence, findings)
    listed: dict[str, Json] = {}
    for kind in sorted(STATES):
        async for each in evidence.databases["training"][kind].find():
            stream = f"{kind}-{each['_id']}"
            listed[stream] = each
            found = last.get(stream)
            place = f"{stream}@{each['revision']}"
            if found is None or (found.version, found.id) != (each["revision"], each["event_id"]):
                findings.wrong(
                    "people: state", f"{place}: told {found.place if found else 'never'}"
                )
            elif _without_order(found.data) != _without_order(each["state"] or {}):
                findings.wrong("people: state", f"{place}: told with other content")
    for stream in last.keys() - listed.keys() - evidence.planted:
        findings.wrong("people: state", f"{stream}: told and not listed")
    stored = {f"{commit['stream']}@{commit['last']}" for commit in evidence.all_commits()}
    for line in ledger_lines(evidence.run):
        if is_of_a_directory(line) and 200 <= line.get("status", 0) < 300:
            answer = line["answer"]
            # An erasure is a fact, and besides it a state that is gone.
            state = answer.get("erased_at") or answer.get("position", "@0")
            if "erased_at" in answer and answer["position"] not in stored:
                findings.wrong("acknowledged and lost", f"{line['path']}: {answer['position']}")
            stream, _, revision = state.rpartition("@")
            if int(revision) > listed.get(stream, {"revision": 0})["revision"]:
                findings.wrong("acknowledged and lost", f"{line['path']}: {stream}@{revision}")


def _without_order(state: Json) -> Json:
    """A state whose forums are in one order; they are a set, and stored as they come."""
    return {**state, "forums": sorted(state["forums"])} if "forums" in state else state


def is_of_a_directory(line: Json) -> bool:
    """Whether a line of the ledger is about a state, which is in no commit."""
    return str(line["path"]).startswith(_ROUTES)


def _latest(evidence: Evidence, findings: Findings) -> dict[str, Told]:
    last: dict[str, Told] = {}
    for stream, told in evidence.told.items():
        if kind_of(stream) not in STATES or stream in evidence.planted:
            continue
        last[stream] = told[-1]
        revisions = [each.version for each in told]
        findings.show("states told again", len(revisions) - len(set(revisions)))
        if told[-1].topic != TOPICS[kind_of(stream)]:
            findings.wrong("topic: stranger", told[-1].place)
        if told[-1].version != max(revisions):
            findings.wrong("people: state", f"{told[-1].place}: older than one before it")
    return last
