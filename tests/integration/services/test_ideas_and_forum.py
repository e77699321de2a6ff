"""From an idea to a theme, and from a learning network to the chief forum, across the services."""

from datetime import date, datetime, time, timedelta
from typing import Any

from deploy.local import clock
from shared.contracts.vocabulary import AgendaKind
from shared.policy.periods import COPENHAGEN, first_day, month_of, months_after
from tests.integration.patience import until
from tests.integration.services.bodies import BODIES
from tests.integration.services.municipality import LONG_S, Municipality
from tests.integration.services.town import Json

IDEA = {"kind": "theme_idea", "channel": "intranet_form", "title": "Ensomme ældre"}
START, CLOSING = AgendaKind.TOUCHPOINT_START.value, AgendaKind.TOUCHPOINT_CLOSING.value


async def sent_in(here: Municipality) -> Json:
    """An employee sends in an idea; gives the receipt."""
    body = {**IDEA, "text": "Flere er alene"}
    return await here.do(here.proposer, "POST", "/inquiries", body)


async def awaits_answer(here: Municipality, inquiry_id: str, *told: str) -> None:
    """Wait until the reminder of an answer has told this, and hold that the board agrees."""
    subject = f"inquiry-{inquiry_id}"

    async def reached() -> bool:
        facts = await here.town.facts("notifications", f"reminder-T1-{subject}-answer")
        return [name for name, _ in facts] == list(told)

    await until(reached, LONG_S)
    state = {"ReminderScheduled": "scheduled", "ReminderCancelled": "cancelled"}[told[-1]]

    async def shown() -> bool:
        rows = await here.rows("/reminders", deadline="T1", subject=subject)
        return [each["state"] for each in rows] == [state]

    await until(shown, LONG_S)


async def waiting(here: Municipality, after: str) -> set[str]:
    """The ideas that the secretariat's inbox shows as waiting for an answer."""
    rows = await here.rows("/inquiries", waiting=True, after=after)
    return {each["inquiry_id"] for each in rows}


async def test_an_idea_has_a_receipt_and_is_awaited_an_answer_to(here: Municipality) -> None:
    receipt = await sent_in(here)
    idea, path = receipt["id"], f"/inquiries/{receipt['id']}"
    own = await here.proposer.get(here.processes["themes"], path, after=receipt["position"])
    assert (own.status_code, own.json()["item"]["waiting"]) == (200, True)
    stranger = await here.manager.get(here.processes["themes"], path)
    assert stranger.status_code == 403
    assert idea in await waiting(here, receipt["position"])
    await awaits_answer(here, idea, "ReminderScheduled")

    answer = {"outcome": "answered", "answer": "Tak, vi ringer"}
    answered = await here.do(here.secretary, "POST", f"{path}/answer", answer)
    assert idea not in await waiting(here, answered["position"])
    await awaits_answer(here, idea, "ReminderScheduled", "ReminderCancelled")


async def test_an_idea_that_is_described_in_the_template_becomes_a_theme(
    here: Municipality,
) -> None:
    receipt = await sent_in(here)
    body = {**BODIES["ProposeTheme"], "inquiry_id": receipt["id"]}
    theme = await here.do(here.proposer, "POST", "/themes", body)
    await awaits_answer(here, receipt["id"], "ReminderScheduled", "ReminderCancelled")
    (row,) = await here.rows("/inquiries", theme_id=theme["id"])
    assert (row["inquiry_id"], row["outcome"], row["waiting"]) == (
        receipt["id"],
        "became_theme",
        False,
    )
    assert (await here.row(f"/themes/{theme['id']}"))["inquiry_id"] == receipt["id"]


async def test_a_learning_network_meets_the_chief_forum_at_its_start_and_before_it_closes(
    here: Municipality,
) -> None:
    today = clock.business_now(here.town.folder).astimezone(COPENHAGEN).date()
    this, following = month_of(today), months_after(month_of(today))
    await scheduled(here, today)
    selected = await here.select_a_theme("learning")
    network = (await here.network_of(selected["id"]))["network_id"]
    await here.start_network(network)
    path = f"/networks/{network}"
    announced = {"planned_close": (today + timedelta(days=1)).isoformat()}
    told = await here.do(here.leader, "POST", f"{path}/closing", announced)

    # Each is on the agenda of this month's slot, and once though all is told again.
    start = await on_agenda(here, this, START, network)
    closing = await on_agenda(here, this, CLOSING, network)
    before = await agenda_facts(here, network)
    assert len(before) == 2
    await here.tell_again("themes")
    await here.town.until_reacted("themes", told["position"])
    assert await agenda_facts(here, network) == before

    # The start is treated; the closing is not, and goes on to the next month.
    held = await hold(here, today, [start])
    assert await on_agenda(here, following, CLOSING, network) == closing
    early = await close(here, network, held["position"])
    assert (early["status"], early["code"], early["rule"]) == (409, "no_closing_touchpoint", "R86")

    day = first_day(following)
    clock.write_clock(here.town.folder, datetime.combine(day, time(12), COPENHAGEN))
    await scheduled(here, day)
    held = await hold(here, day, [closing])
    assert [name for _, name, _ in await agenda_facts(here, network)] == [
        *["ForumAgendaItemAdded"] * 2,
        "ForumTouchpointRecorded",
        "ForumAgendaItemAdded",
        "ForumTouchpointRecorded",
    ]
    closed = await close(here, network, held["position"])
    assert [each["type"] for each in closed["events"]] == ["NetworkClosed"]


async def scheduled(here: Municipality, day: date) -> None:
    """The slot of a day's month is that day, and the agenda is planned by it."""
    starts = datetime.combine(day, time(8), COPENHAGEN).isoformat()
    path = f"/forum-slots/{month_of(day)}"
    answer = await here.do(here.secretary, "PUT", path, {"starts_at": starts})
    await here.rows("/forum-slots", after=answer["position"])


async def on_agenda(here: Municipality, month: str, kind: str, network: str) -> str:
    """Wait until a touchpoint is on a month's agenda, there once; gives the item's id."""
    found: list[Json] = []

    async def there() -> bool:
        rows = await here.rows(f"/forum-slots/{month}/agenda", kind=kind)
        found[:] = [each for each in rows if each["subject"] == network]
        return bool(found)

    await until(there, LONG_S)
    ((item, title),) = ((each["item_id"], each["title"]) for each in found)
    assert title == BODIES["ProposeTheme"]["title"]
    return str(item)


async def agenda_facts(here: Municipality, network: str) -> list[tuple[str, str, Any]]:
    """What was told of a network's touchpoints on all agendas: the month, the fact, which one."""
    found = []
    for commit in await here.town.commits("themes"):
        for each in commit["events"]:
            item = each["data"].get("item", {})
            if network in (item.get("subject"), each["data"].get("network_id")):
                which = item.get("kind") or each["data"].get("touchpoint")
                found.append((each["data"].get("month", ""), each["type"], which))
    return [each for each in found if each[0]]


async def hold(here: Municipality, day: date, treated: list[str]) -> Json:
    """The slot of a day's month was held, and this was treated; gives the answer."""
    body = {
        "attendees": [{"person_id": str(here.chief.person), "right": "member"}],
        "treated": treated,
    }
    return await here.do(here.secretary, "POST", f"/forum-slots/{month_of(day)}/held", body)


async def close(here: Municipality, network: str, after: str) -> Json:
    """The secretariat closes a network once networks has heard of the slot; gives what was said."""
    override = {"rules": ["R213"], "reason": "Der blev intet at evaluere."}
    body = {"result": "not_adopted", "override": override}
    path = f"/networks/{network}/close?after={after}"
    answer = await here.secretary.send(here.processes["networks"], "POST", path, body)
    said: Json = answer.json()
    return said
