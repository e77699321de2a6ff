"""What the writers do with the chief forum's slots: of months ahead, and of the last ones."""

from datetime import UTC, date, datetime
from uuid import uuid4

from tests.faults.desk import Asked, Declined, Desk
from tests.faults.ledger import Json

_NEAREST, _FURTHEST = 4, 12
"""How many months ahead the slots are that are not held: further than what speaks up soon."""


async def a_slot(desk: Desk) -> None:
    """A slot ahead gets a time and items from several at once, moves, and may be cancelled."""
    month = _month(desk.rng.randint(_NEAREST, _FURTHEST))
    path = f"/forum-slots/{month}"
    if desk.by_chance(0.7):
        await desk.together([_scheduling(desk, month) for _ in desk.several(2)])
    items = await _add(desk, path)
    if desk.by_chance(0.4):
        off = f"{path}/agenda/{desk.rng.choice(items)}"
        await desk.together([Asked(desk.secretary, "DELETE", off)] * 2)
    if desk.by_chance(0.6):
        await _cancel(desk, path)
        if desk.by_chance(0.5):
            await desk.do(*_scheduling(desk, month))
            await _add(desk, path)


async def a_held_slot(desk: Desk) -> None:
    """The last or the present month's slot is held: what is left goes on, and more is told."""
    month = _month(desk.rng.choice([-1, 0]))
    path = f"/forum-slots/{month}"
    there = [{"person_id": str(desk.chief.person), "right": "member"}]
    there += [{"person_id": str(uuid4()), "right": "observer"} for _ in desk.several(2)]
    items: list[str] = []
    try:
        await desk.do(*_scheduling(desk, month, first=True))
        for each in there[1:]:
            invitation = _invitation(desk, each["person_id"])
            await desk.do(desk.secretary, "POST", f"{path}/observers", invitation)
            if desk.by_chance(0.4):
                await _withdraw(desk, f"{path}/observers", invitation)
        items = await _add(desk, path)
    except Declined:  # it was held before, and more can be told of it
        pass
    treated = items[: desk.rng.randrange(len(items) + 1)]
    held = {"attendees": there, "treated": treated, "minutes_used": desk.rng.randint(5, 40)}
    await desk.do(desk.secretary, "POST", f"{path}/held", held)
    for more in (treated, items):
        again = {**held, "attendees": there[:1], "treated": more}
        await desk.do(desk.secretary, "POST", f"{path}/held", again)


def _month(ahead: int) -> str:
    today = datetime.now(UTC).date()
    year, number = divmod(12 * today.year + today.month - 1 + ahead, 12)
    return f"{date(year, number + 1, 1):%Y-%m}"


def _scheduling(desk: Desk, month: str, *, first: bool = False) -> Asked:
    day = f"{month}-{1 if first else desk.rng.randint(1, 28):02}"
    said = {
        "starts_at": f"{day}T{desk.rng.randint(8, 15):02}:00:00+01:00",
        "minutes": desk.rng.randint(10, 60),
        "attendees": [str(desk.chief.person), str(desk.somebody().person)],
    }
    return Asked(desk.secretary, "PUT", f"/forum-slots/{month}", said)


async def _add(desk: Desk, path: str) -> list[str]:
    """Some items are put on the agenda at the same moment; gives their ids."""
    kinds = [desk.rng.choice(["touchpoint_start", "touchpoint_closing"]), "touchpoint_start"]
    added: list[Json] = [{"kind": each, "subject": str(uuid4())} for each in kinds]
    added.append({"kind": "other", "minutes": desk.rng.randint(1, 30)})
    told = await desk.together(
        [
            Asked(desk.secretary, "POST", f"{path}/agenda", {**each, "title": "Punkt {key}"})
            for each in added
        ]
    )
    return [each["events"][0]["data"]["item"]["item_id"] for each in told]


async def _cancel(desk: Desk, path: str) -> None:
    cancelling = Asked(desk.secretary, "DELETE", path, {"reason": "Budgetseminar {key}"})
    await desk.together([cancelling, cancelling])


async def _withdraw(desk: Desk, path: str, invitation: Json) -> None:
    """An invitation turns out to be a mistake, is told of twice, and may be made after all."""
    mistake = {"reason": "Forvekslet {key}"}
    withdrawing = Asked(desk.secretary, "DELETE", f"{path}/{invitation['person_id']}", mistake)
    await desk.together([withdrawing, withdrawing])
    if desk.by_chance(0.5):
        await desk.do(desk.secretary, "POST", path, invitation)


def _invitation(desk: Desk, guest: str) -> Json:
    return {
        "person_id": guest,
        "municipal_director_id": str(uuid4()),
        "secretariat_lead_id": str(desk.secretary.person),
        "reason": "Kender netværket",
    }
