"""What every service that asks keeps of people: their place, and who sits in which forum."""

from tests.faults.checks.evidence import Json
from tests.faults.checks.heard import Heard

Rows = dict[str, Json]

_FORUMS = ("directors", "chiefs", "leaders", "municipal_MED", "town_hall_MED")


def person(heard: Heard) -> Rows:
    """What decisions know of a person."""
    return {
        person_id: {
            "person_id": person_id,
            "org_unit_id": state.get("org_unit_id"),
            "line_manager_id": state.get("line_manager_id"),
            "management_level": state.get("management_level"),
            "forums": sorted(state.get("forums", ())),
        }
        for person_id, state in heard.people().items()
    }


def forum_members(heard: Heard) -> Rows:
    """Who sits in which forum, and the unit each comes from."""
    if not any(heard.streams("people")):
        return {}
    rows: Rows = {forum: {"forum": forum, "units": {}} for forum in _FORUMS}
    for person_id, state in heard.people().items():
        for forum in state.get("forums", ()):
            rows[forum]["units"][person_id] = state.get("org_unit_id") or ""
    return rows
