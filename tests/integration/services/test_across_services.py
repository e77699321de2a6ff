"""What one service tells the others act upon, each once, whatever is told again."""

import asyncio
import signal
from collections import Counter
from datetime import date, datetime, time, timedelta

from deploy.local import clock
from shared.policy.periods import COPENHAGEN
from tests.integration.patience import until
from tests.integration.services.municipality import LONG_S, Municipality

PHASES = ("intensive_1", "intensive_2", "intensive_3", "intensive_4", "test", "implementation")


async def test_a_selected_theme_gets_a_network_and_ends_with_it(here: Municipality) -> None:
    selected = await here.select_a_theme()
    network = await here.network_of(selected["id"])
    assert network["state"] == "planned"
    assert network["network_type"] == "welfare"
    assert network["title"] == "Ensomme ældre"
    network_id = network["network_id"]

    async def theme_is(state: str) -> None:
        async def reached() -> bool:
            return bool((await here.row(f"/themes/{selected['id']}"))["state"] == state)

        await until(reached, LONG_S)

    await here.start_network(network_id)
    await theme_is("in_network")
    await here.close_network(network_id)
    await theme_is("concluded")

    for person, runs in ((here.leader, "networks_led"), (here.co_driver, "networks_co_driven")):

        async def has_run(path: str = f"/leader-pool/{person.person}", runs: str = runs) -> bool:
            return network_id in (await here.row(path)).get(runs, ())

        await until(has_run, LONG_S)
        stream = f"leader-{person.person}"
        facts = await here.town.facts("training", stream)
        of_it = [name for name, fields in facts if fields.get("network_id") == network_id]
        assert len(of_it) == 1


async def test_everyone_concerned_is_told_once_though_all_is_told_again(
    here: Municipality,
) -> None:
    selected = await here.select_a_theme()
    network_id = (await here.network_of(selected["id"]))["network_id"]
    await here.start_network(network_id)
    await here.close_network(network_id)
    closed = await here.event_id("networks", f"network-{network_id}", "NetworkClosed")
    concerned = {str(here.leader.person), str(here.co_driver.person), "secretariat"}
    assert {each["receiver"] for each in await here.told_of(closed, 3)} == concerned
    chosen = await here.event_id("themes", f"theme-{selected['id']}", "ThemeSelected")
    concerned = {str(here.proposer.person), str(here.chief.person)}
    assert {each["receiver"] for each in await here.told_of(chosen, 2)} == concerned

    async def all_is_sent() -> bool:
        return not await here.rows("/deliveries", state="queued")

    await until(all_is_sent, LONG_S)
    before = await here.rows("/deliveries", sort="delivery")
    mails = sorted(each.message_id for each in here.town.mails())
    each_once = Counter((e["source_event"], e["receiver"], e["channel"]) for e in before)
    assert set(each_once.values()) == {1}
    # A process that is killed may send a mail again, as the same one.
    assert len(set(mails)) == sum(each["channel"] == "email" for each in before)

    await here.tell_again("notifications")

    await until(all_is_sent, LONG_S)
    assert await here.rows("/deliveries", sort="delivery") == before
    assert sorted(each.message_id for each in here.town.mails()) == mails


async def test_whoever_names_a_position_of_another_service_waits_for_it(
    here: Municipality,
) -> None:
    api, worker = here.processes["networks"], here.processes["networks worker"]
    imported = await here.do(
        here.secretary,
        "POST",
        "/networks/import",
        {
            "title": "Campus",
            "purpose": "Unge finder sammen",
            "network_type": "welfare",
            "started_on": "2014-01-06",
            "leader_id": str(here.leader.person),
        },
    )
    worker.child.signal(signal.SIGSTOP)  # so that it hears nothing for now
    try:
        selected = await here.select_a_theme()
        after = selected["position"]
        link = f"/networks/{imported['id']}/theme"
        body = {"theme_id": selected["id"]}
        early = await here.secretary.send(api, "PUT", link, body)
        assert (early.status_code, early.json()["code"]) == (503, "evidence_missing")
        assert early.headers["Retry-After"] == "1"
        reading = asyncio.create_task(
            here.secretary.get(api, "/networks", after=after, theme_id=selected["id"])
        )
        linking = asyncio.create_task(
            here.secretary.send(api, "PUT", f"{link}?after={after}", body)
        )
        # Whoever names nothing is answered at once, and does not see it.
        assert await here.rows("/networks", theme_id=selected["id"]) == []
        assert not reading.done()
        assert not linking.done()
    finally:
        worker.child.signal(signal.SIGCONT)
    assert (await reading).status_code == 200, (await reading).text
    assert (await linking).status_code == 200, (await linking).text

    never = f"theme-{selected['id']}@99"
    late = await here.secretary.get(api, "/networks", after=never)
    assert (late.status_code, late.json()["code"]) == (503, "not_yet_visible")
    stranger = await here.secretary.get(here.processes["training"], "/leaders", after=after)
    assert (stranger.status_code, stranger.json()["code"]) == (422, "stream_not_followed")


async def test_a_reminder_fires_once_when_the_clock_is_moved(here: Municipality) -> None:
    selected = await here.select_a_theme()
    network_id = (await here.network_of(selected["id"]))["network_id"]
    await here.start_network(network_id)
    today = clock.business_now(here.town.folder).astimezone(COPENHAGEN).date()
    begins = today + timedelta(days=20)
    path, stream = f"/networks/{network_id}", f"network-{network_id}"
    plan = [{"phase": each} for each in PHASES]
    plan[0]["planned_start"] = begins.isoformat()
    await here.do(here.leader, "PUT", f"{path}/phase-plan", {"phases": plan})
    sections = {"secretariat": {"content": "a", "role": "b", "responsibility": "c"}}
    await here.do(here.leader, "PUT", f"{path}/mandate-contract", {"sections": sections})
    phase, party = f"T11-{stream}-intensive_1", f"T14-{stream}-secretariat"

    async def facts(reminder: str) -> list[str]:
        found = await here.town.facts("notifications", f"reminder-{reminder}")
        return [name for name, _ in found]

    async def until_facts(reminder: str, *names: str) -> None:
        async def there() -> bool:
            return await facts(reminder) == list(names)

        await until(there, LONG_S)

    await until_facts(phase, "ReminderScheduled")
    await until_facts(party, "ReminderScheduled")

    _move_to(here, today + timedelta(days=8))  # the contract was to be agreed to within a week
    await until_facts(party, "ReminderScheduled", "ReminderDue", "ReminderScheduled")
    # Killed and started again, it does not remember having fired, and does not fire again.
    await here.processes["notifications"].child.kill()
    here.processes["notifications"] = await here.town.start("notifications")
    assert await facts(phase) == ["ReminderScheduled"]

    _move_to(here, begins - timedelta(days=7))
    await until_facts(phase, "ReminderScheduled", "ReminderDue")
    assert await facts(party) == ["ReminderScheduled", "ReminderDue", "ReminderScheduled"]
    _move_to(here, begins)
    await until_facts(party, *["ReminderScheduled", "ReminderDue"] * 2, "ReminderScheduled")
    assert await facts(phase) == ["ReminderScheduled", "ReminderDue"]

    due = await here.event_id("notifications", f"reminder-{phase}", "ReminderDue")
    told = await here.told_of(due, 2)
    assert sorted((each["receiver"], each["channel"]) for each in told) == sorted(
        (str(each.person), channel)
        for each in (here.leader, here.co_driver)
        for channel in ("email", "inbox")
    )
    assert {each["template"] for each in told} == {"N18.phase_soon"}


def _move_to(here: Municipality, day: date) -> None:
    """Make it nine in the morning of a day."""
    clock.write_clock(here.town.folder, datetime.combine(day, time(9), COPENHAGEN))
