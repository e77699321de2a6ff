"""Rows that are copied with other values."""

import pytest
from pydantic import ValidationError

from shared.kernel.facts import Row


class Shelf(Row):
    """A row for these tests."""

    label: str
    things: tuple[str, ...] = ()
    depth_cm: int | None = None


SHELF = Shelf(label="top", things=("spade",))


def test_a_copy_has_the_other_values_and_leaves_the_row_as_it_was() -> None:
    deeper = SHELF.model_copy(update={"depth_cm": 40})
    assert deeper == Shelf(label="top", things=("spade",), depth_cm=40)
    assert deeper.model_dump() == {"label": "top", "things": ("spade",), "depth_cm": 40}
    assert Shelf(label="top", things=("spade",)) == SHELF
    assert SHELF.model_copy() == SHELF


def test_a_copy_is_as_frozen_as_the_row() -> None:
    copied = SHELF.model_copy(update={"label": "bottom"})
    with pytest.raises(ValidationError):
        copied.label = "middle"  # type: ignore[misc]
    assert hash(copied) == hash(Shelf(label="bottom", things=("spade",)))
