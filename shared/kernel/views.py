"""Views: rows of a read model, and how each fact changes them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from shared.kernel.events import Event, Recorded
from shared.kernel.facts import Row

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class View(Generic[R]):
    """A read model: `keys` names the rows a fact touches, `fold` gives each its new value.

    `fold` gets the row, or None when there is none yet, and returns the new one, or None to
    remove it. Rows that fold several streams must not depend on how these are interleaved.
    `indexes` are the fields that queries filter or sort by.
    """

    row: type[R]
    hears: tuple[type[Event], ...]
    keys: Callable[[Recorded[Any]], Iterable[str]]
    fold: Callable[[R | None, Recorded[Any], str], R | None]
    indexes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        row: type[R],
        hears: Any,
        *,
        keys: Callable[[Recorded[Any]], Iterable[str]],
        fold: Callable[[R | None, Recorded[Any], str], R | None],
        indexes: tuple[str, ...] = (),
    ) -> "View[R]":
        """Declare a view by the union of the events it hears."""
        return cls(row, get_args(hears) or (hears,), keys, fold, indexes)

    @property
    def name(self) -> str:
        """The collection that reporting tools read: `NetworkOverview` -> view_network_overview."""
        return "view_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.row.__name__).lower()


def stream_key(fact: Recorded[Any]) -> tuple[str]:
    """One row for each stream, under the id of the thing."""
    return (fact.key,)
