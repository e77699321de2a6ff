"""Collections that a rebuild left behind when it died, dropped by whoever comes next."""

import asyncio
import re

from shared.projections.generations import Generation, Generations
from shared.projections.tables import Tables, rows_of

_LOOK_S = 0.05


async def drop_leftovers(tables: Tables) -> None:
    """Drop rows that are folded no longer, and names that show a view that is no more.

    Only builds before the last of their view: they can never be folded again (see
    `Generations.conclude`), so it does not matter who else is at it. While the projector is held,
    a reader may not have heard yet what serves.
    """
    for name in await tables.database.list_collection_names(filter={"name": _THEIRS}):
        current = await _current(tables)
        if current is not None and _is_left(name, current):
            await tables.database.drop_collection(name)


_THEIRS = {"$regex": "^(rows|view)_"}


async def _current(tables: Tables) -> Generation | None:
    generations = Generations(tables)
    current = await generations.read()
    while current is not None and current.held:
        await asyncio.sleep(_LOOK_S)
        current = await generations.read()
    return current


def _is_left(name: str, current: Generation) -> bool:
    if name.startswith("view_"):
        return name not in current.views
    if any(name in rows for rows in current.folds.values()):
        return False
    return any(
        (found := re.fullmatch(rf"{re.escape(rows_of(view))}(?:_(\d+))?", name))
        and int(found[1] or 1) < last
        for view, last in current.builds.items()
    )
