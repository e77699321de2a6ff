"""What follows from facts: each reaction once, slots held by those who run, mails sent once."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from uuid import NAMESPACE_OID, uuid5

from tests.faults.checks.evidence import Evidence, Json, key_of
from tests.faults.checks.findings import Findings
from tests.faults.checks.theme_effects import theme_effects


def _events(evidence: Evidence, service: str, name: str) -> Iterator[tuple[str, Json]]:
    """Every stored fact with this name: the thing's id, and the event with its id and data."""
    for commit in evidence.all_commits(service):
        for event in commit["events"] if commit["stream"] not in evidence.planted else ():
            if event["type"] == name:
                yield key_of(commit["stream"]), event


def check_doubled(evidence: Evidence, findings: Findings) -> None:
    """One cause leads to the same fact in the same stream once."""
    seen: dict[tuple[str, ...], str] = {}
    for commit in evidence.all_commits():
        cause = commit["envelope"].get("causation_id")
        for event in commit["events"] if cause else ():
            fact = (commit["stream"], event["type"], json.dumps(event["data"], sort_keys=True))
            findings.show("facts that follow from facts")
            if (cause, *fact) in seen:
                where = f"{seen[cause, *fact]} and {commit['_id']} of {cause}"
                findings.wrong("effect: doubled", where)
            seen[cause, *fact] = commit["_id"]


async def check_missing(evidence: Evidence, findings: Findings) -> None:
    """What has to follow has followed, or was refused and written down."""
    refused = set[str]()
    for database in evidence.databases.values():
        async for note in database["refused_reactions"].find():
            refused.add(str(note.get("event_id")))
            findings.show(f"refused: {note.get('code')}")
    begun = {key for key, _ in _events(evidence, "networks", "NetworkPlanned")}
    taken = {
        (theme, event["data"]["network_id"])
        for theme, event in _events(evidence, "themes", "ThemeTakenUp")
    }
    runs = {
        (role, person, event["data"]["network_id"])
        for role, name in (("leader", "LeadingCompleted"), ("co_driver", "CoDrivingCompleted"))
        for person, event in _events(evidence, "training", name)
    }
    joined = {
        (person, event["data"].get("cohort_id"))
        for person, event in _events(evidence, "training", "InnovatorJoinedCorps")
    }
    expected: list[tuple[bool, str, str]] = []
    for theme, event in _events(evidence, "themes", "ThemeSelected"):
        if not event["data"].get("for_network_id"):
            network = event["data"].get("network_id") or str(uuid5(NAMESPACE_OID, event["id"]))
            what = f"no network planned for theme-{theme}"
            expected.append((network in begun, event["id"], what))
    for network, event in _events(evidence, "networks", "NetworkStarted"):
        taken_up = (event["data"]["theme_id"], network) in taken
        expected.append((taken_up, event["id"], f"no theme taken up by network-{network}"))
    for network, event in _events(evidence, "networks", "NetworkClosed"):
        for role in ("leader", "co_driver"):
            if served := event["data"]["crew"].get(role):
                recorded = (role, served["person_id"], network) in runs
                expected.append((recorded, event["id"], f"no run of network-{network}'s {role}"))
    for cohort, event in _events(evidence, "training", "EnrolmentConfirmed"):
        if event["data"]["programme"] == "innovator":
            person = event["data"]["person_id"]
            what = f"leader-{person} is not in the corps by cohort-{cohort}"
            expected.append(((person, cohort) in joined, event["id"], what))
    expected += theme_effects(evidence)
    expected += await _erasures(evidence)
    findings.show("reactions expected", len(expected))
    for is_there, event_id, what in expected:
        if not is_there and event_id not in refused:
            findings.wrong("effect: missing", f"{what} (event {event_id})")


async def _erasures(evidence: Evidence) -> list[tuple[bool, str, str]]:
    """Every service tells that it has erased whom the directory has."""
    told = {
        (service, person, event["data"]["revision"])
        for service in evidence.databases
        for person, event in _events(evidence, service, f"PersonForgottenBy{service.title()}")
    }
    erased = evidence.databases["training"]["people"].find({"state": None})
    return [
        ((service, each["_id"], each["revision"]) in told, each["event_id"], what)
        async for each in erased
        for service in evidence.databases
        for what in (f"{service} has not erased people-{each['_id']}@{each['revision']}",)
    ]


def check_slots(evidence: Evidence, findings: Findings) -> None:
    """Exactly the innovation networks that run hold a slot, each one."""
    held = Counter[str]()
    for _, event in _events(evidence, "networks", "InnovationSlotTaken"):
        held[event["data"]["network_id"]] += 1
    for _, event in _events(evidence, "networks", "InnovationSlotFreed"):
        held[event["data"]["network_id"]] -= 1
    runs: set[str] = set()
    for name in ("NetworkStarted", "NetworkImported"):
        for network, event in _events(evidence, "networks", name):
            if event["data"]["network_type"] == "innovation":
                runs.add(network)
    for name in ("NetworkClosed", "NetworkCancelled"):
        runs -= {network for network, _ in _events(evidence, "networks", name)}
    findings.show("innovation slots held", sum(held.values()))
    for network, slots in held.items():
        if slots != (network in runs):
            findings.wrong("slot: leaked", f"network-{network} holds {slots}")
    for network in runs - held.keys():
        findings.wrong("slot: missing", f"network-{network}")


def check_mails(evidence: Evidence, findings: Findings) -> None:
    """Nobody is told twice of a fact by one channel; a mail goes once, unless something died."""
    deliveries: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_mail = set[str]()
    for delivery, event in _events(evidence, "notifications", "NotificationQueued"):
        data = event["data"]
        receiver = data.get("recipient_id") or "secretariat"
        deliveries[data["source_event"], receiver, data["channel"]].append(delivery)
        if data["channel"] == "email":
            by_mail.add(delivery)
    findings.show("deliveries", len(deliveries))
    for told, streams in deliveries.items():
        if len(streams) > 1:
            findings.wrong("delivery: doubled", f"{' '.join(told)}: {', '.join(streams)}")
    if not evidence.run.mails.is_dir():
        return
    caught = Counter(_caught(evidence))
    findings.show("mails caught", caught.total())
    findings.show("mails caught again", caught.total() - len(caught))
    sent = {key for key, _ in _events(evidence, "notifications", "NotificationSent")} & by_mail
    for delivery in sent - caught.keys():
        findings.wrong("mail: lost", f"delivery-{delivery}")
    for delivery, times in caught.items():
        if delivery not in by_mail:
            findings.wrong("mail: stranger", delivery)
        elif times > 1 and not evidence.run.deaths:
            findings.wrong("mail: repeated", f"delivery-{delivery}, {times} times")


def _caught(evidence: Evidence) -> Iterator[str]:
    """The delivery that each caught mail is of, by its Message-ID."""
    for path in sorted(evidence.run.mails.glob("*.eml")):
        with path.open("rb") as file:
            written = str(BytesHeaderParser().parse(file)["Message-ID"])
        yield "".join(written.split()).removeprefix("<").rpartition("@")[0]
