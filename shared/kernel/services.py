"""A service's table of contents, which everything that runs it is built from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.kernel.commands import Aggregate, Command
from shared.kernel.permissions import May, role
from shared.kernel.reactions import Deadline, Reaction
from shared.kernel.views import View


@dataclass(frozen=True)
class Route:
    """A command's place in HTTP.

    `path` may have parameters; each fills the command's field of the same name, if it has one.
    `key` makes the key of the stream from path parameters and fields, e.g. `{half_year}`; by
    default it is the path's first parameter, and a new UUID where there is none or `key` is "".
    """

    method: str
    path: str
    command: type[Command[Any, Any]]
    key: str | None = None


def post(path: str, command: type[Command[Any, Any]], *, key: str | None = None) -> Route:
    """A moment, or a new thing."""
    return Route("POST", path, command, key)


def put(path: str, command: type[Command[Any, Any]], *, key: str | None = None) -> Route:
    """A thing that is set, whatever it was."""
    return Route("PUT", path, command, key)


def delete(path: str, command: type[Command[Any, Any]], *, key: str | None = None) -> Route:
    """A thing that ends."""
    return Route("DELETE", path, command, key)


@dataclass(frozen=True)
class Service:
    """What a service consists of: `room` is its folder, with `messages.yaml` in it.

    `queries` adds the routes that read (a FastAPI router); `workers` are further loops that the
    worker runs, such as a channel that sends e-mail; `notes_for` may read notes, as may whom a note
    is about.
    """

    name: str
    room: Path
    aggregates: tuple[Aggregate[Any, Any], ...]
    commands: tuple[Route, ...]
    views: tuple[View[Any], ...]
    reactions: tuple[Reaction, ...] = ()
    deadlines: tuple[Deadline[Any], ...] = ()
    queries: Any = None
    workers: Mapping[str, Callable[[Any], Any]] | None = None
    notes_for: May = role("secretariat")
