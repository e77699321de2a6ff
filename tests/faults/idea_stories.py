"""What the writers send in: ideas that are answered or become themes, and calls for them."""

from datetime import UTC, datetime, timedelta

from tests.faults.desk import Asked, Desk
from tests.faults.ledger import Json, Principal
from tests.faults.theme_stories import proposed

_IDEA: Json = {
    "kind": "theme_idea",
    "channel": "intranet_form",
    "title": "Ensomme ældre {key}",
    "text": "Flere er alene",
    "need": "Selskab",
}
_QUESTION: Json = {**_IDEA, "kind": "information", "need": None}


async def an_idea(desk: Desk) -> None:
    """Somebody sends something in: it is answered by two at once, becomes a theme, or is closed."""
    who = desk.somebody()
    is_idea = desk.by_chance(0.8)
    wish = {"wants_to_lead": desk.by_chance(0.5)} if is_idea else {}
    told = await desk.do(who, "POST", "/inquiries", {**(_IDEA if is_idea else _QUESTION), **wish})
    answers = [_answer(desk, told["id"], "answered") for _ in desk.several(2)]
    if is_idea and desk.by_chance(0.6):
        for _ in desk.several(2):
            await proposed(desk, who, inquiry_id=told["id"])
        await desk.together(answers)
    elif desk.by_chance(0.7):
        await desk.together(answers)
        if desk.by_chance(0.5):
            await desk.do(*_answer(desk, told["id"], "closed"))


async def an_idea_call(desk: Desk) -> None:
    """Everybody is asked for ideas, and some answer; it closes by itself, by hand, or stays open."""
    today = datetime.now(UTC).date()
    for_itself = desk.by_chance(0.2)
    last = today - timedelta(days=2) if for_itself else today + timedelta(days=_days(desk))
    said = {"title": "Hvad nu? {key}", "text": "Send jeres idéer", "half_year": "2015-H1"}
    opens_on = (today - timedelta(days=10)).isoformat()
    call = {**said, "opens_on": opens_on, "closes_on": last.isoformat()}
    told = await desk.do(desk.secretary, "POST", "/idea-calls", call)
    answering = {**_IDEA, "channel": "open_call", "idea_call_id": told["id"]}
    senders: list[Principal] = [desk.somebody() for _ in desk.several(4)]
    await desk.together([Asked(who, "POST", "/inquiries", answering) for who in senders])
    if for_itself:
        return
    path = f"/idea-calls/{told['id']}"
    for _ in desk.several(2):
        moved = (today + timedelta(days=_days(desk))).isoformat()
        await desk.do(desk.secretary, "PUT", path, {**call, "closes_on": moved})
    if desk.by_chance(0.7):
        closing = Asked(desk.secretary, "POST", f"{path}/close")
        await desk.together([closing, closing])


def _answer(desk: Desk, inquiry: str, outcome: str) -> Asked:
    said = {"outcome": outcome, "answer": "Tak, vi ringer"}
    return Asked(desk.secretary, "POST", f"/inquiries/{inquiry}/answer", said)


def _days(desk: Desk) -> int:
    return desk.rng.randint(100, 1000)
