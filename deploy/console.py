"""What the operator's commands share: which service is meant, and how trouble is told."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from deploy.operating import OUT_OF_REACH, NoStack
from deploy.services import SERVICES
from shared.kernel.refusals import Refused
from shared.projections.generations import Impossible

NAMES = tuple(service.name for service in SERVICES)
Name = Annotated[str, typer.Option("--service", help=f"One of {', '.join(NAMES)}.")]

# Where nobody looks at it in a terminal, a table keeps its words whole.
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 240)

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Wait for it; whatever is refused or out of reach is one line and exit code 1."""
    try:
        return asyncio.run(work)
    except (NoStack, Refused, Impossible) as problem:
        typer.echo(str(problem), err=True)
    except OUT_OF_REACH as problem:
        typer.echo(f"MongoDB or Kafka is out of reach: {type(problem).__name__}", err=True)
    raise typer.Exit(1)


def known(name: str) -> tuple[str, ...]:
    """The service of this name, or none named; raises BadParameter for another word."""
    if name and name not in NAMES:
        raise typer.BadParameter(f"there is no service {name}: {', '.join(NAMES)}")
    return (name,) if name else ()
