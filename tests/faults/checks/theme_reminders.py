"""What is awaited of ideas, themes, rounds, calls and the chief forum's slots at the end."""

from collections.abc import Iterator
from datetime import date, timedelta

from tests.faults.checks.evidence import Evidence
from tests.faults.checks.forum_known_rows import (
    day_of_slot,
    ended_networks,
    is_cancelled,
    months,
    on_agendas,
    to_be_held,
    treated_touchpoints,
)
from tests.faults.checks.heard import Heard, all_told
from tests.faults.checks.round_rows import local_discussion, round_overview
from tests.faults.checks.times import danish_day, half_a_year_after, last_day_of, next_month

Awaited = tuple[str, str | None]
"""A reminder's name, and the day that it is to be about; None when nothing may be awaited."""

_LATELY = timedelta(days=7)
"""Shorter than the time that an idea may wait for its answer."""
_OF_CHOICE = ("ThemeSelected", "ThemeTakenUp", "ThemeWithdrawn", "ThemeConcluded")


def awaited_of_themes(evidence: Evidence, today: date, ahead: timedelta) -> Iterator[Awaited]:
    """Say what must be awaited, if it lies so far ahead, and what may not be at all."""
    heard = all_told("themes", evidence)
    for awaited in (_themes, _calls, _rounds, _discussions, _slots, _held, _touchpoints):
        for reminder, day in awaited(heard):
            if day is None or date.fromisoformat(day) > today + ahead:
                yield reminder, day
    for reminder, day in _ideas(heard):
        if day is None or date.fromisoformat(day) > today - _LATELY:
            yield reminder, day


def _ideas(heard: Heard) -> Iterator[Awaited]:
    """T1: whatever was sent in and has no answer, since it was taken in."""
    for key, facts in heard.streams("inquiry"):
        waits = len(facts) == 1
        yield f"T1-inquiry-{key}-answer", danish_day(facts[0].value["time"]) if waits else None


def _themes(heard: Heard) -> Iterator[Awaited]:
    """T2: a selected theme waits for its network, which is to start within half a year."""
    for key, facts in heard.streams("theme"):
        told = [each for each in facts if each.name in _OF_CHOICE]
        if told:
            waits = told[-1].name == "ThemeSelected"
            day = half_a_year_after(told[-1].data["on"]) if waits else None
            yield f"T2-theme-{key}-network", day


def _rounds(heard: Heard) -> Iterator[Awaited]:
    """T3: after the latest half-year's round the next one, half a year later; after no other."""
    rounds = round_overview(heard)
    for key, row in rounds.items():
        day = half_a_year_after(row["opened_on"]) if key == max(rounds) else None
        yield f"T3-round-{key}-next", day


def _discussions(heard: Heard) -> Iterator[Awaited]:
    """T4: each department's own discussion, until it was held or the round is over."""
    rounds = round_overview(heard)
    for row in local_discussion(heard).values():
        if row["awaited"]:
            waits = row["missing"] and rounds[row["half_year"]]["closed_on"] is None
            reminder = f"T4-round-{row['half_year']}-{row['org_unit_id']}"
            yield reminder, row["discussion_due"] if waits else None


def _slots(heard: Heard) -> Iterator[Awaited]:
    """T5: the slot of a month with something to treat, and of the one after each spoken for."""
    slots = months(heard)
    spoken_for = {key for key, each in slots.items() if to_be_held(each) or is_cancelled(each)}
    wanted = {key for key, each in slots.items() if each.all("ForumAgendaItemAdded")}
    for month in spoken_for | wanted | {next_month(each) for each in spoken_for}:
        yield f"T5-slot-{month}-slot", None if month in spoken_for else f"{month}-01"


def _held(heard: Heard) -> Iterator[Awaited]:
    """T6: the day of each slot that is still to be held."""
    for month, slot in months(heard).items():
        if slot.state != "agenda_only":
            day = day_of_slot(slot) if slot.state == "scheduled" else None
            yield f"T6-slot-{month}-slot", day


def _touchpoints(heard: Heard) -> Iterator[Awaited]:
    """T7: each touchpoint on the last agenda that has it, until it was treated or is over."""
    slots, treated, ended = (
        months(heard),
        treated_touchpoints(heard),
        ended_networks(heard),
    )
    for touchpoint, on in on_agendas(slots).items():
        name, _, network = touchpoint.partition("/")
        slot = slots[on[-1]]
        day = day_of_slot(slot) if to_be_held(slot) else last_day_of(on[-1])
        over = touchpoint in treated or network in ended
        yield f"T7-network-{network}-{name}", None if over else day


def _calls(heard: Heard) -> Iterator[Awaited]:
    """T32: the last day of each call that is open."""
    for key, facts in heard.streams("idea_call"):
        opened = [each.data for each in facts if each.name == "IdeaCallOpened"]
        is_over = any(each.name == "IdeaCallClosed" for each in facts)
        yield f"T32-idea_call-{key}-closing", None if is_over else opened[-1]["closes_on"]
