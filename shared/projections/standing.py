"""What operators do about the collections of views: look, compare, swap, roll back, drop."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.eventstore.database import Database
from shared.kernel.views import View
from shared.projections.comparison import Comparison, compare
from shared.projections.generations import Generations, Impossible, Serving
from shared.projections.tables import Tables

_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Standing:
    """A view as it stands: what serves, with how many rows, and what is folded beside it."""

    view: str
    rows: int
    serving: Serving


class Standings:
    """The views of one service, whether its projector runs or not. Raises Impossible."""

    def __init__(self, database: Database, views: Iterable[View[Any]]) -> None:
        self._tables = Tables(database, views)
        self._generations = Generations(self._tables)

    async def list(self) -> list[Standing]:
        """Every view, in order of name."""
        current = await self._generations.read()
        return [
            Standing(name, await self._count(each.serves), each)
            for name, each in sorted(current.views.items() if current else ())
        ]

    async def compare(self, view: str) -> Comparison:
        """What serves, with what is beside it."""
        name, serving = await self._one(view)
        return await compare(self._tables, serving.serves, _beside(name, serving))

    async def swap(self, view: str) -> str:
        """Have the newer collection serve; both stay folded. Gives its name."""
        name, serving = await self._one(view)
        return await self._serve(name, serving, serving.folds[-1])

    async def rollback(self, view: str) -> str:
        """Have the older collection serve again. Gives its name."""
        name, serving = await self._one(view)
        return await self._serve(name, serving, serving.folds[0])

    async def drop(self, view: str) -> str:
        """Fold what does not serve no longer, and drop it. Gives its name."""
        name, serving = await self._one(view)
        beside = _beside(name, serving)
        await self._tables.show(name, serving.serves)
        while not await self._generations.leave(name, serving):
            await asyncio.sleep(_LOOK_S)  # a reader may not have heard of the last swap
            _, now = await self._one(view)
            if now.serves != serving.serves or now.folds != serving.folds:
                raise Impossible(f"{name} was swapped or dropped by somebody else just now")
        await self._tables.database.drop_collection(beside)
        return beside

    async def _serve(self, name: str, serving: Serving, rows: str) -> str:
        _beside(name, serving)
        if rows == serving.serves:
            raise Impossible(f"{rows} serves already")
        if not await self._generations.serve(name, rows):
            raise Impossible(f"{rows} is no longer folded")
        await self._tables.show(name, rows)
        return rows

    async def _one(self, view: str) -> tuple[str, Serving]:
        current = await self._generations.read()
        name = known(view, self._tables)
        serving = current.views.get(name) if current else None
        if serving is None:
            raise Impossible(f"{name} has not been folded yet")
        return name, serving

    async def _count(self, rows: str) -> int:
        return await self._tables.asking(rows).estimated_document_count()


def known(view: str, tables: Tables) -> str:
    """The view of this name, with or without `view_`; raises Impossible."""
    name = view if view.startswith("view_") else f"view_{view}"
    if name not in tables.views:
        raise Impossible(f"there is no {name}: {', '.join(sorted(tables.views))}")
    return name


def _beside(name: str, serving: Serving) -> str:
    if serving.beside is None:
        raise Impossible(f"nothing is beside {serving.serves}: rebuild {name} first")
    return serving.beside
