"""`netvaerk reactions`: what followed from a fact or a date, and was refused or failed."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.table import Table

from deploy.console import Name, known, out, run
from deploy.operating import Operated, operating
from shared.reactions.refused import RefusedReaction

_WAITED = ("stream_parked", "gap")

app = typer.Typer(help="What was refused to reactions and deadlines.", no_args_is_help=True)


@app.command("list")
def list_refused(service: Name = "") -> None:
    """List what was refused, and why; the oldest first."""
    run(_list(known(service)))


async def _list(names: tuple[str, ...]) -> None:
    table = Table("service", "id", "after", "command", "to", "why", "at")
    async with operating(*names) as services:
        for each in services:
            for note in await each.refused.listed():
                table.add_row(
                    each.service.name,
                    note.id,
                    note.position,
                    note.command,
                    note.stream,
                    note.code,
                    note.at.isoformat(timespec="seconds"),
                )
    out.print(table)


@app.command()
def retry(
    service: Name,
    refused_id: Annotated[str, typer.Argument(help="As listed; everything when absent.")] = "",
) -> None:
    """React once more; what was done already is not done again.

    A fact that was held back because the one before it is missing is then taken without it.
    """
    again = run(_retry(known(service), refused_id))
    show(again)
    raise typer.Exit(1 if again else 0)


async def _retry(names: tuple[str, ...], refused_id: str) -> list[RefusedReaction]:
    async with operating(*names) as (each,):
        if refused_id:
            return await each.refused.retry(refused_id)
        return await retried(each)


async def retried(each: Operated, *, waited_for: str = "") -> list[RefusedReaction]:
    """Try everything again, or what waited for a parked stream; what is refused again."""
    again: dict[str, RefusedReaction] = {}
    for note in await each.refused.listed():
        waited = note.code in _WAITED and note.position.startswith(f"{waited_for}@")
        if waited or not waited_for:
            again |= {left.id: left for left in await each.refused.retry_if_there(note.id)}
    return list(again.values())


def show(again: Iterable[RefusedReaction]) -> None:
    """Say what was refused again."""
    for note in again:
        out.print(f"{note.reaction} after {note.position}: {note.code}", markup=False)
