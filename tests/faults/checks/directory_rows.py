"""The rows about units, and the receipts of erasures."""

from tests.faults.checks.evidence import Json
from tests.faults.checks.heard import Heard
from tests.faults.checks.times import instant

Rows = dict[str, Json]

_SERVICES = ("training", "themes", "networks", "notifications")
_COUNTS = ("views", "parked", "notes", "refused_reactions", "mails")


def org_unit(heard: Heard) -> Rows:
    """Every unit that is listed."""
    return {
        unit: {
            "org_unit_id": unit,
            "kind": state["kind"],
            "name": state["name"],
            "parent_id": state.get("parent_id"),
        }
        for unit, state in heard.states("units").items()
    }


def org_chart(heard: Heard) -> Rows:
    """The whole organisation in one row, once there was any unit."""
    if not any(heard.streams("units")):
        return {}
    units = heard.states("units").items()
    return {
        "all": {
            "units": {
                unit: {"kind": state["kind"], "parent_id": state.get("parent_id")}
                for unit, state in units
            }
        }
    }


def erasure_receipt(heard: Heard) -> Rows:
    """Of everybody who was erased, what each service was asked and has answered."""
    rows: Rows = {}

    def row(person: str, service: str) -> Json:
        nothing = {"asked": 0, "asked_on": None, "asked_at": None, "was_listed": False}
        nothing |= {"answered": 0, "answered_at": None, **dict.fromkeys(_COUNTS, 0)}
        fresh = {"person_id": person, "service": service, **nothing}
        return rows.setdefault(f"{person}/{service}", fresh)

    for person, fact in heard.facts("erasure"):
        for service in _SERVICES:
            asked = {"asked": fact.data["revision"], "asked_on": fact.data["on"]}
            asked |= {"was_listed": fact.data["was_listed"]}
            row(person, service).update(asked, asked_at=instant(fact.data["asked_at"]))
    for service in _SERVICES:
        for person, fact in heard.facts(f"erasure_in_{service}"):
            answered = {"answered": fact.data["revision"]}
            answered |= {name: fact.data.get(name, 0) for name in _COUNTS}
            row(person, service).update(answered, answered_at=instant(fact.value["time"]))
    return rows


IN_TRAINING = {
    "view_org_unit": org_unit,
    "view_org_chart": org_chart,
    "view_erasure_receipt": erasure_receipt,
}
