"""The rows about what is sent in: ideas, tasks and questions, and the open calls for ideas."""

from collections import Counter
from datetime import timedelta

from tests.faults.checks.evidence import Json, Told
from tests.faults.checks.heard import Heard
from tests.faults.checks.times import beginning_of

Rows = dict[str, Json]

_SAID = ("text_note", "need_note", "forum", "discussed_on", "idea_call_id")
_ANSWERS = ("IdeaAnswered", "InquiryAnswered")


def idea_inbox(heard: Heard) -> Rows:
    """What somebody sent in, and what came of it."""
    return {key: _inquiry(key, facts) for key, facts in heard.streams("inquiry")}


def _inquiry(key: str, facts: list[Told]) -> Json:
    sent, *replies = facts
    themes = [e.data["theme_id"] for e in replies if e.name == "IdeaTurnedIntoTheme"]
    said = [e.data["answer_note"] for e in replies if e.name in _ANSWERS]
    refused = [each.data["reason_note"] for each in replies if each.name == "IdeaClosed"]
    outcomes = ((themes, "became_theme"), (refused, "closed"), (said, "answered"))
    return {
        "inquiry_id": key,
        "kind": sent.data.get("kind", "theme_idea"),
        "channel": sent.data["channel"],
        "title": sent.data["title"],
        "person_id": sent.data["person_id"],
        "received_on": sent.data["on"],
        "waiting": not replies,
        "waiting_since": None if replies else sent.data["on"],
        "outcome": next((outcome for reached, outcome in outcomes if reached), None),
        "first_answered_on": replies[0].data["on"] if replies else None,
        "answered_on": replies[-1].data["on"] if replies else None,
        "theme_id": themes[-1] if themes else None,
        **{name: sent.data.get(name) for name in _SAID},
        "answer_note": _last_note(replies),
        "wants_to_lead": sent.data.get("wants_to_lead", False),
    }


def _last_note(replies: list[Told]) -> str | None:
    notes = [e.data.get("answer_note") or e.data.get("reason_note") for e in replies]
    return next((each for each in reversed(notes) if each), None)


def idea_calls(heard: Heard) -> Rows:
    """Each open call with its days, and how many ideas answered it."""
    ideas = Counter(
        fact.data["idea_call_id"]
        for _, fact in heard.facts("inquiry")
        if fact.data.get("idea_call_id")
    )
    calls = dict(heard.streams("idea_call"))
    return {key: _call(key, calls.get(key, []), ideas[key]) for key in calls.keys() | ideas.keys()}


def _call(key: str, facts: list[Told], ideas: int) -> Json:
    last = {each.name: each.data for each in facts}
    opened, closed = last.get("IdeaCallOpened", {}), last.get("IdeaCallClosed")
    closes_at = None
    if opened and closed is None:
        closes_at = beginning_of(opened["closes_on"], later=timedelta(days=1))
    return {
        "idea_call_id": key,
        **{name: opened.get(name) for name in ("title", "text", "opens_on", "closes_on")},
        "half_year": opened.get("half_year"),
        "closed": closed is not None,
        "closed_on": closed["on"] if closed else None,
        "closes_at": closes_at,
        "ideas": ideas,
    }


IN_THEMES = {
    "view_idea_inbox": idea_inbox,
    "view_idea_calls": idea_calls,
}
