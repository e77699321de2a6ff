"""Reactions and deadlines: what follows from a fact, or from a date, without anybody asking."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from shared.kernel.commands import Command
from shared.kernel.events import Event, Recorded
from shared.kernel.facts import Ask, Facts, Row

R = TypeVar("R", bound=Row)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Send:
    """A command on its way to the stream of its aggregate with this key."""

    key: str
    command: Command[Any, Any]


@dataclass(frozen=True)
class Reaction:
    """What follows from a fact: pure, from the fact and the rows it asks for to commands.

    With history `begin` the first deployment takes all facts from the beginning; with `new` only
    those recorded after it. The command's id is made from the fact's id, the reaction's name and
    the place in the list, so that a redelivered fact cannot act twice.
    """

    event: type[Event]
    react: Callable[[Recorded[Any], Facts], Iterable[Send]]
    history: Literal["begin", "new"]
    asks: Callable[[Recorded[Any]], Sequence[Ask]]

    @property
    def name(self) -> str:
        """The reaction's stable name, part of the id of what it sends."""
        return f"{self.event.__name__}.{self.react.__name__}"


def on(
    event: type[E],
    react: Callable[[Recorded[E], Facts], Iterable[Send]],
    *,
    history: Literal["begin", "new"] = "new",
    asks: Callable[[Recorded[E]], Sequence[Ask]] = lambda _: (),
) -> Reaction:
    """One line of the table of reactions."""
    return Reaction(event, react, history, asks)


@dataclass(frozen=True)
class Deadline(Generic[R]):
    """A date in a view that speaks up when it is passed.

    `due` names the row's field with the instant (None when nothing is awaited); `send` makes the
    command, whose id is made from the row and the instant, so that each fires once.
    """

    row: type[R]
    due: str
    send: Callable[[R, datetime], Send]
