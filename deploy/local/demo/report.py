"""What came of it: from the read models, the mailbox, Kafka and `verify`."""

from collections.abc import Callable
from functools import partial

from deploy.local.demo.api import Api, Json, until
from deploy.local.demo.cast import CO_DRIVER, SECRETARIAT
from deploy.local.demo.mailbox import inbox_table, mails_by_template, mails_table, whole
from deploy.local.demo.overviews import (
    cohorts_table,
    contract_table,
    costs_table,
    course_table,
    networks_table,
    paths_table,
    portfolio_table,
    reminders_table,
    results_table,
    solutions_table,
    themes_table,
)
from deploy.local.demo.story import Told
from deploy.local.demo.topics import told_on_kafka
from deploy.local.stack import Stack
from deploy.services import SERVICES
from deploy.verifying import differences, grave
from shared.projections.verify import Difference

Tell = Callable[[str], None]
AsTable = Callable[[list[Json]], str]
SHOWN_WHOLE = "N13.still_waits"


async def show(stack: Stack, api: Api, left: Told, tell: Tell) -> int:
    """Tell it all; gives verify's exit code."""
    await until("all mails to be sent", lambda: _all_sent(api))
    await show_read_models(api, left, tell)
    await show_messages(stack, api, tell)
    await told_on_kafka(stack.servers.kafka_bootstrap, tell)
    return await verified(tell)


async def show_read_models(api: Api, left: Told, tell: Tell) -> None:
    """Read what every reporting tool could read, and one network and cohort from inside."""
    networks = await api.read_all(SECRETARIAT, "/networks")
    titles = {row["network_id"]: row["title"] for row in networks}
    titles[left.cohort] = "the cohort"
    inside = f"/networks/{left.network}"
    results = f"/cohorts/{left.cohort}/results"
    sections: tuple[tuple[str, str, AsTable], ...] = (
        ("Themes (temaer)", "/themes", themes_table),
        ("Networks (netværk)", "/networks", networks_table),
        (f"The course of “{titles[left.network]}” (faser)", f"{inside}/timeline", course_table),
        ("Its mandate contract (mandatkontrakt)", f"{inside}/mandate-contract", contract_table),
        ("Its solution in the base (overdragelse)", f"{inside}/outputs", solutions_table),
        ("Portfolio by half-year (portefølje)", "/portfolio", portfolio_table),
        ("Cohorts (hold)", "/cohorts", cohorts_table),
        ("Its days, its exam and its diplomas (eksamen)", results, results_table),
        ("What it costs, in øre (udgift)", "/reports/training-costs", costs_table),
        ("On the way to network leader", "/leaders", partial(paths_table, titles=titles)),
        (
            "Reminders that fell due (påmindelser)",
            "/reminders",
            partial(reminders_table, titles=titles),
        ),
    )
    for heading, path, as_table in sections:
        tell(f"\n{heading}\n{as_table(await api.read_all(SECRETARIAT, path))}")


async def show_messages(stack: Stack, api: Api, tell: Tell) -> None:
    """Open one inbox, count the mails in the catcher, and show one whole."""
    tell(f"\nThe inbox of {CO_DRIVER.name}")
    tell(inbox_table(await api.read_all(CO_DRIVER, "/inbox")))
    deliveries = await api.read_all(SECRETARIAT, "/deliveries", channel="email")
    mails = mails_by_template(stack.mails(), deliveries)
    tell(f"\nMails that arrived\n{mails_table(mails)}")
    for mail in mails.get(SHOWN_WHOLE, ())[:1]:
        tell(f"\nOne of them whole\n{whole(mail)}")


async def verified(tell: Tell) -> int:
    """Compare store, topics and views of each service; gives the exit code."""
    tell("\nStore, topics and views compared (netvaerk verify)")
    found: list[Difference] = []
    for service in SERVICES:
        here = await differences(service.name)
        wrong = len(grave(here))
        tell(f"  {service.name:<14} {f'{wrong} differences' if wrong else 'the same'}")
        found += here
    for each in found[:20]:
        tell(f"  {each}")
    wrong = len(grave(found))
    tell(f"verify: {wrong} differences" if wrong else "verify: ok")
    return 1 if wrong else 0


async def _all_sent(api: Api) -> bool:
    waiting = await api.read(SECRETARIAT, "/deliveries", state="queued", limit=1)
    return not waiting["items"]
