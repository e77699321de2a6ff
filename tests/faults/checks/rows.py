"""The rows beside the facts: what must be in them, worked out anew by other code than theirs."""

from collections.abc import Callable, Mapping

from tests.faults.checks import (
    cohort_rows,
    competence_rows,
    contract_rows,
    crew_rows,
    delivery_rows,
    directory_rows,
    forum_known_rows,
    forum_rows,
    idea_rows,
    leader_rows,
    network_rows,
    participant_rows,
    path_rows,
    people_rows,
    rotation_rows,
    round_rows,
    theme_known_rows,
    theme_rows,
    timeline_rows,
)
from tests.faults.checks.evidence import Evidence, Json
from tests.faults.checks.findings import Findings
from tests.faults.checks.heard import Heard

Expected = Mapping[str, Json]
"""Key -> the fields that are looked at."""
Recompute = Callable[[Heard], Expected]

RECOMPUTED: Mapping[str, Mapping[str, Recompute]] = {
    "themes": {
        **theme_rows.IN_THEMES,
        **theme_known_rows.IN_THEMES,
        **round_rows.IN_THEMES,
        **idea_rows.IN_THEMES,
        **forum_rows.IN_THEMES,
        **forum_known_rows.IN_THEMES,
        "view_person": people_rows.person,
        "view_forum_members": people_rows.forum_members,
    },
    "networks": {
        **network_rows.IN_NETWORKS,
        **timeline_rows.IN_NETWORKS,
        **contract_rows.IN_NETWORKS,
        **leader_rows.IN_NETWORKS,
        **forum_known_rows.IN_NETWORKS,
    },
    "training": {
        **leader_rows.IN_TRAINING,
        **path_rows.IN_TRAINING,
        **competence_rows.IN_TRAINING,
        **crew_rows.IN_TRAINING,
        **rotation_rows.IN_TRAINING,
        **cohort_rows.IN_TRAINING,
        **participant_rows.IN_TRAINING,
        **directory_rows.IN_TRAINING,
        "view_person": people_rows.person,
    },
    "notifications": {
        **delivery_rows.IN_NOTIFICATIONS,
        **cohort_rows.IN_NOTIFICATIONS,
        **round_rows.IN_NOTIFICATIONS,
        **forum_known_rows.IN_NOTIFICATIONS,
    },
}
"""Each service's views, with every field of their rows."""
LEFT_TO_VERIFY: Mapping[str, str] = {}
"""`<service> <view>` -> why nobody here works it out anew, so that `netvaerk verify` alone does."""
_KEPT_BY_ALL = frozenset({"_id", "_at", "_seen"})


async def check_rows(evidence: Evidence, findings: Findings) -> None:
    """Look at every view of every service."""
    for service, database in evidence.databases.items():
        progress = {each["_id"]: each async for each in database["progress"].find()}
        skipped = {
            (note["stream"], note["skipped"]["version"])
            async for note in database["parked_log"].find({"skipped.why": "poison"})
        }
        heard = Heard(service, evidence, progress, skipped)
        heard.check_progress(findings)
        names = {n for n in await database.list_collection_names() if n.startswith("view_")}
        for name in sorted(names):
            rows = {str(each["_id"]): each async for each in database[name].find()}
            findings.show("rows", len(rows))
            _check_stamps(name, rows, heard, findings)
            if recompute := RECOMPUTED[service].get(name):
                findings.show("views recomputed")
                findings.show("views with rows", bool(rows))
                _compare(name, rows, recompute(heard), heard, findings)
            elif f"{service} {name}" not in LEFT_TO_VERIFY:
                findings.wrong("row: unseen", f"{service}: {name}")
        for name in RECOMPUTED[service].keys() - names:
            if progress:
                findings.wrong("row: missing", f"{service}: there is no {name}")


def _check_stamps(name: str, rows: Mapping[str, Json], heard: Heard, findings: Findings) -> None:
    for key, row in rows.items():
        if not heard.knows(row.get("_at", "")):
            at = f"{heard.service}: {name} {key} at {row.get('_at', 'no position')}"
            findings.wrong("row: stamp", at)


def _compare(
    name: str, rows: Mapping[str, Json], expected: Expected, heard: Heard, findings: Findings
) -> None:
    for key, fields in expected.items():
        place = f"{heard.service}: {name} {key}"
        if key not in rows:
            findings.wrong("row: missing", place)
        elif wrong := sorted(n for n, value in fields.items() if rows[key].get(n, ...) != value):
            findings.wrong("row: changed", f"{place} ({', '.join(wrong)})")
        elif unseen := sorted(rows[key].keys() - fields.keys() - _KEPT_BY_ALL):
            findings.wrong("row: unseen", f"{place} ({', '.join(unseen)})")
    for key in rows.keys() - expected.keys():
        findings.wrong("row: extra", f"{heard.service}: {name} {key}")
