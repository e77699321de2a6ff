"""The rows about the chief forum's slots: each month, and what is on its agenda."""

from dataclasses import dataclass

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard
from tests.faults.checks.times import beginning_of, danish_day, instant, next_month

Rows = dict[str, Json]

LAST_MONTH = "2099-12"
"""The month that has no next one."""
_STATES = {
    "ForumSlotScheduled": "scheduled",
    "ForumSlotHeld": "held",
    "ForumSlotCancelled": "cancelled",
}
_OF_OBSERVERS = ("ForumObserverInvited", "ForumObserverWithdrawn")
HAS_LEFT = {
    "ForumMonthPassed": "items",
    "ForumSlotHeld": "untreated",
    "ForumSlotCancelled": "items",
}
"""What says at the end of a month what is left of its agenda -> where it says so."""


@dataclass(frozen=True)
class Month:
    """A month's slot after all of its facts."""

    facts: list[Told]

    def all(self, *names: str) -> list[Json]:
        """What the facts of these names say, in order."""
        return [each.data for each in self.facts if each.name in names]

    def last(self, name: str) -> Json:
        """What the last fact of a name says; empty where there is none."""
        return next(reversed(self.all(name)), {})

    @property
    def state(self) -> str:
        """Where the slot is in its life."""
        told = [_STATES[each.name] for each in self.facts if each.name in _STATES]
        return told[-1] if told else "agenda_only"

    @property
    def anew(self) -> "Month":
        """Since a slot that was cancelled got a time after all, for its agenda begins anew then."""
        begins, cancelled = 0, False
        for number, each in enumerate(self.facts):
            if each.name == "ForumSlotScheduled" and cancelled:
                begins = number
            if each.name in _STATES:
                cancelled = each.name == "ForumSlotCancelled"
        return Month(self.facts[begins:])

    @property
    def has_ended(self) -> bool:
        """Whether what is on its agenda goes on, or went on, to another month."""
        return any(each.name in HAS_LEFT for each in self.anew.facts)

    @property
    def agenda(self) -> dict[str, Json]:
        """What was put on it, and not taken off, by the items' ids in the order they came."""
        agenda: dict[str, Json] = {}
        for each in self.facts:
            if each.name == "ForumAgendaItemAdded":
                agenda[each.data["item"]["item_id"]] = each.data
            elif each.name == "ForumAgendaItemTakenOff":
                agenda.pop(each.data["item"]["item_id"], None)
        return agenda

    @property
    def moved(self) -> set[str]:
        """The items that were moved from it, and have not come back since."""
        moved: set[str] = set()
        for each in self.facts:
            if each.name == "ForumAgendaItemAdded":
                moved.discard(each.data["item"]["item_id"])
            elif each.name == "ForumAgendaItemTakenOff" and each.data.get("moved"):
                moved.add(each.data["item"]["item_id"])
        return moved

    @property
    def observers(self) -> set[str]:
        """Those of whom an invitation was told last, and not that it was a mistake."""
        told = {e.data["person_id"]: e.name for e in self.facts if e.name in _OF_OBSERVERS}
        return {person for person, name in told.items() if name == "ForumObserverInvited"}

    @property
    def left(self) -> list[Json]:
        """The items that go on to the next month: told at its end, and what came too late."""
        left: list[Json] = []
        for each in self.facts:
            left = leaves(each) if each.name in HAS_LEFT else [*left, *leaves(each)]
        return left


def leaves(fact: Told) -> list[Json]:
    """The items that a fact says go on to the next month."""
    if fact.name == "ForumAgendaItemAdded":
        return [fact.data["item"]] if fact.data.get("late") else []
    return list(fact.data.get(HAS_LEFT.get(fact.name, ""), []))


def forum_calendar(heard: Heard) -> Rows:
    """Each month that somebody spoke of, and the one that follows it."""
    slots = {month: Month(facts) for month, facts in heard.streams("slot")}
    after = {follows(month, fact) for month, fact in heard.facts("slot") if month != LAST_MONTH}
    return {month: _calendar(month, slots.get(month, Month([]))) for month in {*slots, *after}}


def follows(month: str, fact: Told) -> str:
    """The month after another; the present one, where the fact came over a year too late."""
    present = danish_day(fact.value["time"])[:7]
    a_year_ago = f"{int(present[:4]) - 1}{present[4:]}"
    return present if month < a_year_ago else next_month(month)


def _calendar(month: str, slot: Month) -> Json:
    scheduled, held = slot.last("ForumSlotScheduled"), slot.last("ForumSlotHeld")
    there = [(each["right"], each["person_id"]) for each in held.get("attendees", [])]
    now = slot.anew
    timely = [each for each in now.agenda.values() if not each.get("late")]
    usual = [e["slot_minutes"] for e in slot.all("ForumAgendaItemAdded") if not e.get("late")]
    takes = sum(each["item"]["minutes"] for each in timely)
    minutes, usual_minutes = scheduled.get("minutes"), usual[-1] if usual else None
    numbered = slot.all("ForumSlotScheduled", "ForumSlotCancelled")
    cancelled = slot.last("ForumSlotCancelled") if slot.state == "cancelled" else {}
    return {
        "month": month,
        "first_day": f"{month}-01",
        "state": slot.state,
        "starts_at": instant(scheduled["starts_at"]) if scheduled else None,
        "minutes": minutes,
        "sequence": numbered[-1].get("sequence", 0) if numbered else 0,
        "asked": scheduled.get("attendees", []),
        "observers": sorted(slot.observers),
        "members_there": [person for right, person in there if right == "member"],
        "observers_there": [person for right, person in there if right == "observer"],
        "minutes_used": held.get("minutes_used"),
        "reason": cancelled.get("reason"),
        "titles": {key: each["item"]["title"] for key, each in now.agenda.items()},
        "agenda_minutes": takes,
        "over_full": takes > (minutes or usual_minutes or takes),
        "usual_minutes": usual_minutes,
        "untreated": len(now.left),
        "starts_left": _networks(now.left, "start"),
        "closings_left": _networks(now.left, "closing"),
        "starts_treated": _treated(slot, "start"),
        "closings_treated": _treated(slot, "closing"),
        "passes_at": None if slot.has_ended else beginning_of(f"{next_month(month)}-01"),
    }


def _networks(items: list[Json], touchpoint: str) -> list[str]:
    return sorted({e["subject"] for e in items if e["kind"] == f"touchpoint_{touchpoint}"})


def _treated(slot: Month, touchpoint: str) -> list[str]:
    told = slot.all("ForumTouchpointRecorded")
    return sorted({each["network_id"] for each in told if each["touchpoint"] == touchpoint})


def forum_agenda(heard: Heard) -> Rows:
    """Each item of each month's agenda, and what became of it there."""
    rows: Rows = {}
    for month, facts in heard.streams("slot"):
        about: dict[str, list[Told]] = {}
        for fact in facts:
            for item in _items(fact):
                about.setdefault(item, []).append(fact)
        rows |= {f"{month}/{item}": _item(month, item, told) for item, told in about.items()}
    return rows


def _items(fact: Told) -> list[str]:
    """The items that a fact of a slot is about."""
    if fact.name in ("ForumAgendaItemAdded", "ForumAgendaItemTakenOff"):
        return [fact.data["item"]["item_id"]]
    if fact.name not in HAS_LEFT:
        return []
    left = [each["item_id"] for each in leaves(fact)]
    return [*fact.data.get("treated", []), *left]


def _item(month: str, item: str, told: list[Told]) -> Json:
    added = max(n for n, each in enumerate(told) if each.name == "ForumAgendaItemAdded")
    first, *later = told[added:]
    ends = [each for each in later if each.name in HAS_LEFT]
    treated = [each.data["on"] for each in ends if item in each.data.get("treated", [])]
    late = first.data.get("late", False)
    wanted = ("kind", "subject", "title", "minutes")
    return {
        "month": month,
        "item_id": item,
        **{name: first.data["item"].get(name) for name in wanted},
        "added_on": first.data["on"],
        "treated_on": treated[0] if treated else None,
        "carried_over": not treated and bool(ends or late),
        "taken_off": any(each.name == "ForumAgendaItemTakenOff" for each in later),
    }


IN_THEMES = {
    "view_forum_calendar": forum_calendar,
    "view_forum_agenda": forum_agenda,
}
