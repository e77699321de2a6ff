"""What has to follow in themes: an idea is turned, a theme is carried over, an item moves on."""

from collections.abc import Iterator

from tests.faults.checks.evidence import Evidence
from tests.faults.checks.forum_known_rows import agenda_matter, item_of, months
from tests.faults.checks.forum_rows import HAS_LEFT, LAST_MONTH, Month, follows, leaves
from tests.faults.checks.heard import Heard, all_told
from tests.faults.checks.round_rows import round_overview
from tests.faults.checks.theme_known_rows import known_theme

Expected = tuple[bool, str, str]
"""Whether it is there, the fact that it follows from, and what is missing if it is not."""

_UNDECIDED = ("proposed", "qualified")


def theme_effects(evidence: Evidence) -> list[Expected]:
    """Say what follows from ideas that are described, rounds that close, and months that end."""
    heard = all_told("themes", evidence)
    return [*_turned(heard), *_carried_over(heard), *_moved_on(heard), *_discussed(heard)]


def _turned(heard: Heard) -> Iterator[Expected]:
    turned = {
        (idea, fact.data["theme_id"])
        for idea, fact in heard.facts("inquiry")
        if fact.name == "IdeaTurnedIntoTheme"
    }
    for theme, fact in heard.facts("theme"):
        if fact.name == "ThemeProposed" and (idea := fact.data.get("inquiry_id")):
            yield (idea, theme) in turned, fact.id, f"inquiry-{idea} is not theme-{theme}"


def _carried_over(heard: Heard) -> Iterator[Expected]:
    """What was left is in a later round, if one is open and the theme is undecided still."""
    rounds, themes = round_overview(heard), known_theme(heard)
    open_ones = [key for key, row in rounds.items() if row["closed_on"] is None]
    for half_year, fact in heard.facts("round"):
        if fact.name == "ThemeRoundClosed" and half_year < max(open_ones, default=""):
            later = [row["titles"] for key, row in rounds.items() if key > half_year]
            for theme in fact.data["carried_over"]:
                there = any(theme in titles for titles in later)
                over = themes[theme]["proposals"][-1]["standing"] not in _UNDECIDED
                what = f"theme-{theme} was not carried over from round-{half_year}"
                yield there or over, fact.id, what


def _moved_on(heard: Heard) -> Iterator[Expected]:
    """What a month has left is on the agenda of the one that follows, unless it is settled."""
    matters, slots = agenda_matter(heard), months(heard)
    for month, fact in heard.facts("slot"):
        for item in leaves(fact) if month != LAST_MONTH else ():
            matter = matters[item["item_id"]]
            there = follows(month, fact) in matter["months"]
            settled = matter["is_over"] or bool(matter["treated_in"])
            # What was moved meanwhile waits in the month it was moved to, a round ahead for sure.
            ahead = item["kind"] == "theme_round" and max(matter["months"]) > month
            moved = ahead or item["item_id"] in slots[month].moved
            what = f"item {item['item_id']} has not moved on from slot-{month}"
            yield there or settled or moved, fact.id, what


def _discussed(heard: Heard) -> Iterator[Expected]:
    """An open round is on the agenda of the month of its day, and on no other to come."""
    slots, rounds, matters = months(heard), round_overview(heard), agenda_matter(heard)
    for half_year, facts in heard.streams("round"):
        row, matter = rounds[half_year], matters.get(item_of("theme_round", half_year), {})
        settled = row["closed_on"] or matter.get("treated_in")
        month = row["discussion_on"][:7] if row["discussion_on"] and not settled else None
        if month in slots and any(each.name in HAS_LEFT for each in slots[month].facts):
            continue  # it has gone on from there, maybe before the slot got another time
        to_come = [key for key, slot in slots.items() if not slot.has_ended]
        on = [each for each in to_come if _treats(slots[each], half_year)]
        what = f"round-{half_year} of {month} is on the agendas of {on}"
        yield on == ([month] if month else []), facts[-1].id, what


def _treats(slot: Month, half_year: str) -> bool:
    items = (each["item"] for each in slot.anew.agenda.values())
    return any(each["kind"] == "theme_round" and each["subject"] == half_year for each in items)
