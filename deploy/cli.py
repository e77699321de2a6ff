"""netvaerk: the operator's command line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid5

import typer
from rich.table import Table

from deploy import reactions, views
from deploy.console import Name, known, out, run
from deploy.local import clock as business_clock
from deploy.local import identity
from deploy.local.description import DEFAULT_FOLDER
from deploy.operating import operating, publish_policies
from deploy.rules import MEANING, judge, load_rules
from deploy.services import SERVICES
from deploy.verifying import differences, grave
from shared.eventstore.republish import republish as refill
from shared.http.auth import permissions_table
from shared.policy.periods import COPENHAGEN, Period
from shared.testing.plugin import SIGHTINGS
from shared.testing.rules import read_sightings

INVENTED = UUID("5a1d0000-0000-4000-8000-000000000000")

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
parked = typer.Typer(help="Streams that a view could not take.", no_args_is_help=True)
clock = typer.Typer(help="The business clock of the local stack.", no_args_is_help=True)
policy = typer.Typer(help="The dated rule sets.", no_args_is_help=True)
app.add_typer(parked, name="parked")
app.add_typer(reactions.app, name="reactions")
app.add_typer(views.app, name="views")
app.add_typer(clock, name="clock")
app.add_typer(policy, name="policy")


@app.command()
def token(
    role: Annotated[list[str], typer.Option(help="May be given several times.")],
    person: Annotated[str, typer.Option(help="A person's id, or any word for an invented one.")] = (
        "somebody"
    ),
) -> None:
    """Sign a token that the local stack accepts, for eight hours."""
    try:
        who = UUID(person)
    except ValueError:
        who = uuid5(INVENTED, person)
    roles = ["employee", *(each for each in role if each != "employee")]
    typer.echo(identity.issue(DEFAULT_FOLDER, who, roles))


@app.command()
def status() -> None:
    """Show lag, the oldest unpublished commit, parked streams and refused reactions."""
    run(_status())


async def _status() -> None:
    table = Table("service", "lag events", "lag s", "unpublished", "oldest s", "parked", "refused")
    async with operating() as services:
        for each in services:
            fresh = await each.rows.freshness()
            backlog = await each.backlog()
            table.add_row(
                each.service.name,
                str(fresh.lag_events),
                f"{fresh.lag_s:.1f}",
                str(backlog.commits),
                f"{backlog.oldest_s:.1f}",
                str(await each.parking.count()),
                str(await each.refused.count()),
            )
    out.print(table)


@app.command()
def verify(service: Name = "") -> None:
    """Compare store, topics and every view, and name the first difference of each kind."""
    found = run(differences(*known(service)))
    for each in found:
        out.print(str(each), markup=False)
    wrong = len(grave(found))
    out.print(f"verify: {wrong} differences" if wrong else "verify: ok")
    raise typer.Exit(1 if wrong else 0)


@app.command()
def republish(
    service: Name,
    *,
    anew: Annotated[
        bool, typer.Option(help="Delete the topics first, where they were not lost altogether.")
    ] = False,
) -> None:
    """Have the relay tell everything again from the store; readers drop what they have."""
    run(_republish(known(service), anew=anew))


async def _republish(names: tuple[str, ...], *, anew: bool) -> None:
    async with operating(*names) as services:
        for each in services:
            wish = await refill(each.database, anew=anew)
            out.print(f"{each.service.name}: the relay will tell everything again ({wish})")


@app.command()
def permissions() -> None:
    """Print who may send which command."""
    typer.echo(permissions_table(SERVICES))


@app.command()
def rules(
    service: Annotated[str, typer.Option(help="Only the rows of this service.")] = "",
    *,
    path: Annotated[bool, typer.Option(help="Only rows that today's commands touch.")] = False,
    missing: Annotated[bool, typer.Option(help="Only rows with something not shown.")] = False,
) -> None:
    """Print the matrix: each rule, and whether the last test run saw it held; 1 if a row is open."""
    if not SIGHTINGS.exists():
        typer.echo("No test run has been seen here; run make test first.", err=True)
        raise typer.Exit(1)
    asked = [
        rule
        for rule in load_rules()
        if (not service or rule.owner == service) and (not path or rule.path)
    ]
    judged = list(judge(asked, read_sightings(SIGHTINGS)))
    table = Table("row", "class", "owner", "held", "still to show", "rule")
    for each in judged:
        if missing and each.held:
            continue
        table.add_row(
            each.rule.row,
            "/".join(each.rule.strengths),
            each.rule.owner,
            "yes" if each.held else "no",
            "; ".join(MEANING[part] for part in each.missing),
            each.rule.says,
        )
    out.print(table)
    for name, rows in (("in reach", [e for e in judged if e.rule.path]), ("all", judged)):
        held = sum(each.held for each in rows)
        out.print(f"{name}: {held} of {len(rows)} rows held")
    if not all(each.held for each in judged):
        raise typer.Exit(1)


@parked.command("list")
def list_parked(service: Name = "") -> None:
    """List the streams that stand still, and why."""
    run(_list_parked(known(service)))


async def _list_parked(names: tuple[str, ...]) -> None:
    table = Table("service", "stream", "at", "why", "problem", "waiting", "since")
    async with operating(*names) as services:
        for each in services:
            for stream in await each.parking.list_parked():
                table.add_row(
                    each.service.name,
                    stream.stream,
                    str(stream.next_version),
                    stream.reason,
                    stream.error,
                    str(stream.waiting),
                    stream.since.isoformat(timespec="seconds"),
                )
    out.print(table)


@parked.command()
def retry(service: Name, stream: str) -> None:
    """Apply what waits in a parked stream, in order, until something cannot be."""
    run(_mend(service, stream))


@parked.command()
def skip(
    service: Name,
    stream: str,
    reason: Annotated[str, typer.Option(help="Kept with the skipped fact.")],
    by: Annotated[str, typer.Option(help="Who decides it.")],
) -> None:
    """Pass over what stops a stream, and apply the rest; it is written down who did and why."""
    run(_mend(service, stream, reason=reason, by=by))


async def _mend(service: str, stream: str, *, reason: str = "", by: str = "") -> None:
    async with operating(*known(service)) as (each,):
        if reason:
            left = await each.parking.skip(stream, reason=reason, by=by)
        else:
            left = await each.parking.retry(stream)
        again = await reactions.retried(each, waited_for=stream) if left is None else []
    if left is None:
        out.print(f"{stream} goes on")
        reactions.show(again)
        return
    out.print(f"{stream} still stands at version {left.next_version}: {left.reason} {left.error}")
    raise typer.Exit(1)


@clock.command("show")
def show_clock() -> None:
    """Tell the business time."""
    out.print(business_clock.business_now(DEFAULT_FOLDER).astimezone(COPENHAGEN).isoformat())


@clock.command("set")
def set_clock(to: Annotated[str, typer.Argument(help="2013-08-01, or with a time")]) -> None:
    """Make it this moment now; the clock runs on from there."""
    try:
        moment = datetime.fromisoformat(to)
    except ValueError:
        raise typer.BadParameter("a date such as 2013-08-01 or 2013-08-01T08:00") from None
    business_clock.write_clock(DEFAULT_FOLDER, _aware(moment))
    show_clock()


@clock.command("forward")
def forward_clock(period: Annotated[str, typer.Argument(help="P7D, P4W, P6M")]) -> None:
    """Move the business time on by a period."""
    now = business_clock.business_now(DEFAULT_FOLDER)
    try:
        day = Period.parse(period).after(now.date())
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    business_clock.write_clock(DEFAULT_FOLDER, now + timedelta(days=(day - now.date()).days))
    show_clock()


def _aware(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)).astimezone(UTC)


@policy.command("publish")
def publish_policy(
    file: Annotated[Path | None, typer.Option(help="The policy file; ours when absent.")] = None,
) -> None:
    """Tell everyone which rule sets apply when, so far as it is not told yet."""
    out.print(f"{run(publish_policies(file))} rule sets published")


if __name__ == "__main__":
    app(prog_name="netvaerk")
