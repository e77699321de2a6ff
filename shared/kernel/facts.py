"""Foreign facts: rows of the service's own views that a decision or a reaction looks up."""

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.kernel.refusals import NotYet

_set = object.__setattr__


class Row(BaseModel):
    """One flat row of a read model; its fields are a promise to reporting tools."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The row with other values, which are not looked at, as pydantic has it.

        Folding is mostly this. A row is frozen and has no extras and no private attributes, so
        the two share what they have in common, and it costs a third.
        """
        copied = type(self).__new__(type(self))
        _set(copied, "__dict__", {**self.__dict__, **(update or {})})
        _set(copied, "__pydantic_fields_set__", self.__pydantic_fields_set__)
        _set(copied, "__pydantic_extra__", None)
        _set(copied, "__pydantic_private__", None)
        return copied

    @classmethod
    def at(cls, key: object) -> "Ask":
        """Name the row with this key, to be looked up before a decision."""
        return (cls, str(key))


Ask = tuple[type[Row], str]
R = TypeVar("R", bound=Row)


class Facts:
    """The rows that were asked for, as they were when the decision was made.

    `rows` holds every ask, with None where nothing is known; looking at a row that was not asked
    for is a mistake in the program and raises KeyError.
    """

    def __init__(
        self, rows: Mapping[Ask, Row | None], positions: Mapping[Ask, str] | None = None
    ) -> None:
        self._rows = rows
        self._positions = positions or {}
        self.used: dict[str, str] = {}
        """What was looked at so far -> the position it was seen at, or `unknown`."""

    def find(self, row: type[R], key: object) -> R | None:
        """Return the row, or None when nothing is known under that key."""
        ask = row.at(key)
        found = self._rows[ask]
        self.used[f"{row.__name__}/{key}"] = self._positions.get(ask, "unknown")
        return found if isinstance(found, row) else None

    def get(self, row: type[R], key: object) -> R:
        """Return the row; raises NotYet (`evidence_missing`, try again) when it is unknown."""
        found = self.find(row, key)
        if found is None:
            raise NotYet("evidence_missing", what=row.__name__, key=str(key))
        return found
