"""`netvaerk views`: rebuilt beside those that serve, compared, swapped and rolled back."""

import typer
from rich.table import Table

from deploy.console import Name, known, out, run
from deploy.operating import operating
from shared.projections.comparison import Comparison
from shared.projections.rebuild import Rebuilt
from shared.projections.standing import Standing

app = typer.Typer(help="Views rebuilt beside those that serve.", no_args_is_help=True)


@app.command("list")
def list_views(service: Name = "") -> None:
    """List the views: which collection serves, since when, and what is beside it."""
    run(_list(known(service)))


async def _list(names: tuple[str, ...]) -> None:
    table = Table("service", "view", "rows", "serves", "since", "beside", "lag events", "lag s")
    async with operating(*names) as services:
        for each in services:
            fresh = await each.rows.freshness()
            lag = (str(fresh.lag_events), f"{fresh.lag_s:.1f}")
            for standing in await each.standings.list():
                table.add_row(each.service.name, *_cells(standing), *lag)
    out.print(table)


@app.command()
def rebuild(service: Name, view: str) -> None:
    """Build a view anew from the topics; the old one serves meanwhile, and afterwards."""
    out.print(_told(run(_rebuild(known(service), view))), markup=False)


async def _rebuild(names: tuple[str, ...], view: str) -> Rebuilt:
    async with operating(*names) as (each,):
        return await each.rebuild(view)


@app.command()
def compare(service: Name, view: str) -> None:
    """Compare what serves with what is beside it; exit code 1 when rows differ."""
    found = run(_compare(known(service), view))
    out.print(_differences(found), markup=False)
    raise typer.Exit(1 if found.differing else 0)


async def _compare(names: tuple[str, ...], view: str) -> Comparison:
    async with operating(*names) as (each,):
        return await each.standings.compare(view)


@app.command()
def swap(service: Name, view: str) -> None:
    """Have the rebuilt view serve; the old one stays, and is kept up to date."""
    out.print(f"{run(_swap(known(service), view, back=False))} serves", markup=False)


@app.command()
def rollback(service: Name, view: str) -> None:
    """Have the old view serve again; the rebuilt one stays, and is kept up to date."""
    out.print(f"{run(_swap(known(service), view, back=True))} serves", markup=False)


async def _swap(names: tuple[str, ...], view: str, *, back: bool) -> str:
    async with operating(*names) as (each,):
        standings = each.standings
        return await (standings.rollback(view) if back else standings.swap(view))


@app.command()
def drop(service: Name, view: str) -> None:
    """Drop the one that does not serve."""
    out.print(f"{run(_drop(known(service), view))} is dropped", markup=False)


async def _drop(names: tuple[str, ...], view: str) -> str:
    async with operating(*names) as (each,):
        return await each.standings.drop(view)


def _cells(standing: Standing) -> tuple[str, ...]:
    serving = standing.serving
    since = serving.since.isoformat(timespec="seconds") if serving.since else "the first start"
    return standing.view, str(standing.rows), serving.serves, since, serving.beside or ""


def _told(done: Rebuilt) -> str:
    (rows,) = done.rows.values()
    return (
        f"{rows}: {done.facts} facts of {done.records} records in {done.took_s:.1f} s, while the "
        f"projector waited for {done.held_s * 1000:.0f} ms.\n"
        "It is kept up to date from now on, and does not serve yet: compare, swap, or drop it."
    )


def _differences(found: Comparison) -> str:
    if not found.differing:
        return f"{found.rows} rows, all the same"
    lines = [f"{found.differing} of {found.rows} rows differ"]
    lines += [f"  {key}: {how}" for key, how in found.examples.items()]
    if found.differing > len(found.examples):
        lines.append("  …")
    return "\n".join(lines)
