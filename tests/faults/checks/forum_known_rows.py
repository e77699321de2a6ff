"""What the services know of the chief forum's slots: what is on which agenda, and what is over."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import NAMESPACE_OID, uuid5

from tests.faults.checks.evidence import Json
from tests.faults.checks.forum_rows import Month
from tests.faults.checks.heard import Heard
from tests.faults.checks.times import danish_day

Rows = dict[str, Json]

TOUCHPOINTS = ("start", "closing")
"""In the order of a network's life."""
_ENDS = ("NetworkClosed", "NetworkCancelled")
_OF_FORUM = (
    "ForumSlotScheduled",
    "ForumSlotCancelled",
    "ForumAgendaItemAdded",
    "ForumAgendaItemTakenOff",
    "ForumTouchpointRecorded",
)


def months(heard: Heard) -> dict[str, Month]:
    """Each month's slot."""
    return {month: Month(facts) for month, facts in heard.streams("slot")}


def day_of_slot(slot: Month) -> str | None:
    """The day it was given last; None where it never had a time."""
    scheduled = slot.last("ForumSlotScheduled")
    return danish_day(scheduled["starts_at"]) if scheduled else None


def ended_networks(heard: Heard) -> set[str]:
    """The networks that were closed or cancelled."""
    return {network for network, fact in heard.facts("network") if fact.name in _ENDS}


def slot_calendar(heard: Heard) -> Rows:
    """When the slots are, and which of them are over."""
    slots = {month: slot for month, slot in months(heard).items() if slot.state != "agenda_only"}
    days = {month: day for month, slot in slots.items() if (day := day_of_slot(slot))}
    over = [month for month in sorted(slots) if slots[month].state != "scheduled"]
    return {"all": {"days": days, "over": over}} if slots else {}


def agenda_matter(heard: Heard) -> Rows:
    """What is to be treated: where it was on the agenda, where it was treated, and if it is over."""
    had: dict[str, set[str]] = defaultdict(set)
    treated: dict[str, set[str]] = defaultdict(set)
    for month, fact in heard.facts("slot"):
        if fact.name == "ForumAgendaItemAdded":
            had[fact.data["item"]["item_id"]].add(month)
        elif fact.name == "ForumSlotHeld":
            for item in fact.data["treated"]:
                treated[item].add(month)
    over = set(_over(heard))
    announced = {
        item_of("touchpoint_closing", network)
        for network, fact in heard.facts("network")
        if fact.name == "NetworkClosingAnnounced"
    }
    return {
        item: {
            "months": sorted(had[item]),
            "treated_in": sorted(treated[item]),
            "is_over": item in over,
            "is_announced": item in announced,
        }
        for item in {*had, *treated, *over, *announced}
    }


def _over(heard: Heard) -> Iterator[str]:
    """The items of the rounds that were closed, and of the networks that have ended."""
    for half_year, fact in heard.facts("round"):
        if fact.name == "ThemeRoundClosed":
            yield item_of("theme_round", half_year)
    for network in ended_networks(heard):
        yield from (item_of(f"touchpoint_{each}", network) for each in TOUCHPOINTS)


def item_of(kind: str, subject: str) -> str:
    """The one item of a touchpoint, or of a round."""
    return str(uuid5(NAMESPACE_OID, f"{kind}/{subject}"))


def touchpoints(heard: Heard) -> Rows:
    """What the chief forum has treated of each network."""
    treated: dict[str, set[str]] = defaultdict(set)
    for _, fact in heard.facts("slot"):
        if fact.name == "ForumTouchpointRecorded":
            treated[fact.data["network_id"]].add(fact.data["touchpoint"])
    return {
        network: {"treated": [each for each in TOUCHPOINTS if each in those]}
        for network, those in treated.items()
    }


def on_agendas(slots: dict[str, Month]) -> dict[str, list[str]]:
    """Each touchpoint (`start/<network>`) -> the months that have it on their agendas, in order."""
    found: dict[str, list[str]] = {}
    for month in sorted(slots):
        for added in slots[month].agenda.values():
            kind, _, touchpoint = added["item"]["kind"].partition("_")
            if kind == "touchpoint":
                found.setdefault(f"{touchpoint}/{added['item']['subject']}", []).append(month)
    return found


def known_forum(heard: Heard) -> Rows:
    """When the slots are, as far as something is awaited of them and their touchpoints."""
    slots, ended = months(heard), ended_networks(heard)
    treated = treated_touchpoints(heard)
    told = any(fact.name in _OF_FORUM for _, fact in heard.facts("slot"))
    if not told and not ended:
        return {}
    ongoing = {each for each in treated if each.partition("/")[2] not in ended}
    waiting = {
        touchpoint: on
        for touchpoint, on in on_agendas(slots).items()
        if touchpoint not in treated and touchpoint.partition("/")[2] not in ended
    }
    now = {
        "days": {key: day_of_slot(slot) for key, slot in slots.items() if to_be_held(slot)},
        "without": [key for key in sorted(slots) if is_cancelled(slots[key])],
        "agendas": waiting,
        "treated": sorted(ongoing),
        "ended": sorted(ended),
    }
    return {"all": now}


def to_be_held(slot: Month) -> bool:
    """Whether it has a time that was not taken from it, be it held or still to come."""
    return slot.state in ("scheduled", "held")


def is_cancelled(slot: Month) -> bool:
    """Whether it is not to be held, or was not."""
    return slot.state == "cancelled"


def treated_touchpoints(heard: Heard) -> set[str]:
    """The touchpoints that were treated, in whichever month."""
    return {
        f"{fact.data['touchpoint']}/{fact.data['network_id']}"
        for _, fact in heard.facts("slot")
        if fact.name == "ForumTouchpointRecorded"
    }


def forum_observer(heard: Heard) -> Rows:
    """Whoever is invited only to listen and speak, and to which slots."""
    invited: dict[str, set[str]] = defaultdict(set)
    for month, slot in months(heard).items():
        for person in slot.observers:
            invited[person].add(month)
    return {key: {"person_id": key, "months": sorted(of)} for key, of in invited.items()}


IN_THEMES = {
    "view_forum_observer": forum_observer,
    "view_slot_calendar": slot_calendar,
    "view_agenda_matter": agenda_matter,
}
IN_NETWORKS = {"view_touchpoints": touchpoints}
IN_NOTIFICATIONS = {"view_known_forum": known_forum}
