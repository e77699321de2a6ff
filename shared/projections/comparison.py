"""Comparing two collections of a view's rows, as they were at one moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from shared.projections.documents import POSITION, SEEN
from shared.projections.tables import Document, Tables

_EXAMPLES = 10


@dataclass(slots=True)
class Comparison:
    """How many rows differ of how many, and which the first are, by key."""

    rows: int = 0
    differing: int = 0
    examples: dict[str, str] = field(default_factory=dict)
    """The key of a row -> `missing` or `extra` in the second collection, or its other fields."""

    def differs(self, key: str, how: str) -> None:
        """Count a row."""
        self.differing += 1
        if len(self.examples) < _EXAMPLES:
            self.examples[key] = how


async def compare(tables: Tables, one: str, other: str) -> Comparison:
    """Compare row by row; when a row was written, and after which fact, is not part of it.

    Both are folded in the same transactions, so at one moment they are equally far.
    """
    found = Comparison()
    async with await tables.database.client.start_session(snapshot=True) as session:
        left = _rows(tables, one, session)
        right = _rows(tables, other, session)
        mine, its = await anext(left, None), await anext(right, None)
        while mine is not None or its is not None:
            found.rows += 1
            if its is None or (mine is not None and mine["_id"] < its["_id"]):
                assert mine is not None
                found.differs(mine["_id"], "missing")
                mine = await anext(left, None)
            elif mine is None or its["_id"] < mine["_id"]:
                found.differs(its["_id"], "extra")
                its = await anext(right, None)
            else:
                if wrong := fields_that_differ(mine, its):
                    found.differs(mine["_id"], ", ".join(wrong))
                mine, its = await anext(left, None), await anext(right, None)
    return found


async def _rows(tables: Tables, name: str, session: Any) -> AsyncIterator[Document]:
    whole = tables.asking(name).find({}, {POSITION: False, SEEN: False}, session=session)
    async for each in whole.sort("_id", 1):
        yield each


def fields_that_differ(mine: Document, its: Document) -> list[str]:
    """Name the fields in which two documents differ, or that one of them lacks."""
    if mine == its:
        return []
    names = sorted(mine.keys() | its.keys())
    return [name for name in names if mine.get(name, ...) != its.get(name, ...)]
