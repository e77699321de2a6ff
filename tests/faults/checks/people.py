"""The directory of people beside its compacted topic, and what was acknowledged of it."""

from tests.faults.checks.evidence import PEOPLE, Evidence, Json, Told, kind_of, ledger_lines
from tests.faults.checks.findings import Findings


async def check_people(evidence: Evidence, findings: Findings) -> None:
    """Compare each person's latest state with the directory; earlier ones may be compacted away."""
    last = _latest(evidence, findings)
    listed: dict[str, Json] = {}
    async for person in evidence.databases["training"]["people"].find():
        stream = f"people-{person['_id']}"
        listed[stream] = person
        found = last.get(stream)
        place = f"{stream}@{person['revision']}"
        if found is None or (found.version, found.id) != (person["revision"], person["event_id"]):
            findings.wrong("people: state", f"{place}: told {found.place if found else 'never'}")
        elif found.data != (person["state"] or {}):
            findings.wrong("people: state", f"{place}: told with other content")
    for stream in last.keys() - listed.keys() - evidence.planted:
        findings.wrong("people: state", f"{stream}: told and not listed")
    for line in ledger_lines(evidence.run):
        if line["path"].startswith("/people") and 200 <= line.get("status", 0) < 300:
            stream, _, revision = line["answer"].get("position", "@0").rpartition("@")
            if int(revision) > listed.get(stream, {"revision": 0})["revision"]:
                findings.wrong("acknowledged and lost", f"{line['path']}: {stream}@{revision}")


def _latest(evidence: Evidence, findings: Findings) -> dict[str, Told]:
    last: dict[str, Told] = {}
    for stream, told in evidence.told.items():
        if kind_of(stream) != "people" or stream in evidence.planted:
            continue
        last[stream] = told[-1]
        revisions = [each.version for each in told]
        findings.show("states told again", len(revisions) - len(set(revisions)))
        if told[-1].topic != PEOPLE:
            findings.wrong("topic: stranger", told[-1].place)
        if told[-1].version != max(revisions):
            findings.wrong("people: state", f"{told[-1].place}: older than one before it")
    return last
