"""The rows of notifications: who was told, what is awaited, and how people are reached."""

from tests.faults.checks.evidence import Json
from tests.faults.checks.heard import Heard
from tests.faults.checks.network_rows import network_overview

Rows = dict[str, Json]

_FORUMS = ("directors", "chiefs", "leaders", "municipal_MED", "town_hall_MED")


def delivery_log(heard: Heard) -> Rows:
    """Every message, and what became of it."""
    rows: Rows = {}
    for delivery, fact in heard.facts("delivery"):
        row = rows.setdefault(delivery, {"state": "queued", "attempts": 0})
        data = fact.data
        if fact.name == "NotificationQueued":
            row |= {"template": data["template"], "channel": data["channel"]}
            row |= {"source_event": data["source_event"], "facts": data["facts"]}
            row["receiver"] = data.get("recipient_id") or "secretariat"
        else:
            failed = "failed" if data.get("final") else "queued"
            row["attempts"] = data["attempt"]
            row["state"] = "sent" if fact.name == "NotificationSent" else failed
    return rows


def deadline_board(heard: Heard) -> Rows:
    """What is awaited, what is overdue, and how often it has spoken up."""
    rows: Rows = {}
    for reminder, fact in heard.facts("reminder"):
        row = rows.setdefault(reminder, {"state": "cancelled", "times": 0})
        if fact.name == "ReminderScheduled":
            wanted = ("deadline", "subject", "item")
            row |= {"state": "scheduled", **{name: fact.data[name] for name in wanted}}
        elif fact.name == "ReminderDue":
            row |= {"state": "due", "times": fact.data["number"]}
        else:
            row["state"] = "cancelled"
    return rows


def network_crew(heard: Heard) -> Rows:
    """Who carries each network."""
    wanted = ("title", "network_type", "leader_id", "co_driver_id", "reference_leader_id")
    return {
        network: {name: now[name] for name in wanted}
        for network, now in network_overview(heard).items()
    }


def known_theme(heard: Heard) -> Rows:
    """Every theme's title and proposer, as last proposed."""
    return {
        theme: {"title": fact.data["title"], "proposer_id": fact.data["proposer_id"]}
        for theme, fact in heard.facts("theme")
        if fact.name == "ThemeProposed"
    }


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


def forum_members(heard: Heard) -> Rows:
    """Who sits in which forum, and the unit each comes from."""
    if not any(heard.streams("people")):
        return {}
    rows: Rows = {forum: {"units": {}} for forum in _FORUMS}
    for person_id, state in heard.people().items():
        for forum in state.get("forums", ()):
            rows[forum]["units"][person_id] = state.get("org_unit_id", "")
    return rows


IN_NOTIFICATIONS = {
    "view_delivery_log": delivery_log,
    "view_deadline_board": deadline_board,
    "view_network_crew": network_crew,
    "view_known_theme": known_theme,
    "view_address": address,
    "view_forum_members": forum_members,
}
