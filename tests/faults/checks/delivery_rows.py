"""The rows of notifications: who was told, what is awaited, and how people are reached."""

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard
from tests.faults.checks.network_rows import known_networks
from tests.faults.checks.network_state import network_as_it_is
from tests.faults.checks.people_rows import forum_members
from tests.faults.checks.theme_rows import last_proposal, template
from tests.faults.checks.times import instant

Rows = dict[str, Json]

_PLANNING = ("NetworkPlanned", "NetworkImported", "NetworkStarted", "PhasePlanRevised")
_APPOINTING = (
    "NetworkLeaderAssigned",
    "NetworkLeaderReplaced",
    "ReferenceLeaderAssigned",
    "ReferenceLeaderReplaced",
    "ReferenceLeaderReleased",
    "ReferenceLeaderOptOutRecorded",
)
_HELD = {
    "network_leader": "leader_id",
    "reference_leader": "reference_leader_id",
    "line_manager": "line_manager_id",
}
"""The parties of a contract that are people -> where the network has each."""


def delivery_log(heard: Heard) -> Rows:
    """Every message, and what became of it."""
    rows: Rows = {}
    for delivery, fact in heard.facts("delivery"):
        fresh: Json = {"delivery": delivery, "state": "queued", "attempts": 0, "detail": ""}
        row = rows.setdefault(delivery, fresh)
        data = fact.data
        if fact.name == "NotificationQueued":
            row |= {"template": data["template"], "channel": data["channel"]}
            row |= {"source_event": data["source_event"], "facts": data["facts"]}
            row["receiver"] = data.get("recipient_id") or "secretariat"
            row["told_at"] = row["send_at"] = instant(fact.value["time"])
        else:
            failed, again = "failed" if data.get("final") else "queued", data.get("retry_at")
            row["attempts"], row["detail"] = data["attempt"], data.get("detail", "")
            row["state"] = "sent" if fact.name == "NotificationSent" else failed
            row["send_at"] = instant(again) if again else None
    return rows


def deadline_board(heard: Heard) -> Rows:
    """What is awaited, what is overdue, and how often it has spoken up."""
    rows: Rows = {}
    for reminder, fact in heard.facts("reminder"):
        never = {"due_at": None, "last_due_at": None}
        fresh: Json = {"reminder": reminder, "state": "cancelled", "times": 0, **never}
        row = rows.setdefault(reminder, fresh | dict.fromkeys(("deadline", "subject", "item"), ""))
        if fact.name == "ReminderScheduled":
            wanted = ("deadline", "subject", "item")
            row |= {"state": "scheduled", **{name: fact.data[name] for name in wanted}}
            row["due_at"] = instant(fact.data["due_at"])
        elif fact.name == "ReminderDue":
            row |= {"state": "due", "times": fact.data["number"], "due_at": None}
            row["last_due_at"] = instant(fact.value["time"])
        else:
            row |= {"state": "cancelled", "due_at": None}
    return rows


def network_crew(heard: Heard) -> Rows:
    """Who carries each network, and what is awaited of it."""
    same = ("title", "network_type", "leader_id", "co_driver_id", "reference_leader_id")
    rows = {}
    for network, facts in known_networks(heard).items():
        now = network_as_it_is(facts)
        rows[network] = {
            **{name: now[name] for name in (*same, "co_driver_line_manager_id")},
            "leader_line_manager_id": now["line_manager_id"],
            **_course(facts),
            "awaited": _awaited(facts),
        }
    return rows


def _course(facts: list[Told]) -> Json:
    labels: dict[str, str] = {}
    begun: list[str] = list(facts[0].data.get("phases_completed", ()))
    for fact in facts:
        if fact.name in _PLANNING:
            plan = fact.data["phases"]
            labels = {e["phase"]: e.get("label") or labels.get(e["phase"], "") for e in plan}
        elif fact.name == "PhaseStarted":
            begun.append(fact.data["phase"])
        elif fact.name == "TestPhaseStarted":
            begun.append("test")
        elif fact.name == "ImplementationStarted":
            begun += ["test", "implementation"]
    return {"phases": labels, "begun": begun}


def _awaited(facts: list[Told]) -> dict[str, str]:
    """The parties that have not agreed to the contract as it is, each since when."""
    awaited: dict[str, str] = {}
    for number, fact in enumerate(facts):
        data = fact.data
        if fact.name in ("MandateContractDrafted", "MandateContractAmended"):
            awaited = dict.fromkeys(map(str, data["parties"]), str(data["on"]))
        elif fact.name == "MandateContractPartyAgreed":
            awaited.pop(data["party"], None)
        elif fact.name in _APPOINTING:
            before, after = network_as_it_is(facts[:number]), network_as_it_is(facts[: number + 1])
            came = [party for party, holder in _HELD.items() if before[holder] != after[holder]]
            for party in came:
                awaited.pop(party, None)
                if data.get("contract_version") is not None and after[_HELD[party]]:
                    awaited[party] = data["on"]
    return awaited


def known_theme(heard: Heard) -> Rows:
    """Every theme's title, proposer and departments, as last proposed and refined since."""
    rows = {}
    for theme, facts in heard.streams("theme"):
        if not (said := template(last_proposal(facts))):
            continue
        rows[theme] = {
            "theme_id": theme,
            "title": said["title"],
            "proposer_id": said["proposer_id"],
            "affected_departments": said.get("affected_departments", []),
        }
    return rows


def address(heard: Heard) -> Rows:
    """How everybody who is listed is reached."""
    return {
        person_id: {
            "name": state["name"],
            "email": state.get("email"),
            "language": state["language"],
        }
        for person_id, state in heard.people().items()
    }


IN_NOTIFICATIONS = {
    "view_delivery_log": delivery_log,
    "view_deadline_board": deadline_board,
    "view_network_crew": network_crew,
    "view_known_theme": known_theme,
    "view_address": address,
    "view_forum_members": forum_members,
}
