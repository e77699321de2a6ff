"""Views that are not what they were: built anew when a worker starts, while the old ones serve.

One set of marks serves all views of a service. A view that is new, hears other facts, has other
fields or is folded otherwise would begin where the others are. So it is built from the topics
first; meanwhile the projector waits, and reads lag and say so.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from shared.eventstore.database import LATE
from shared.kernel.codec import Codec
from shared.projections.consumer import BROKEN
from shared.projections.generations import Generation, Generations, Impossible
from shared.projections.leftovers import drop_leftovers
from shared.projections.likeness import likenesses
from shared.projections.rebuild import rebuild
from shared.projections.tables import Tables

log = structlog.get_logger()

_AGAIN_S = 0.5
_AT_MOST_S = 30.0


async def bring_up_to_date(
    tables: Tables,
    bootstrap: str,
    codec: Codec,
    prefix: str,
    client: Mapping[str, Any],
    on_trouble: Callable[[str], None] = lambda _: None,
) -> None:
    """Return when the views are folded as `tables` has them, however long that takes.

    A view that cannot be built (see `rebuild`) is not put in the place of the one that serves: it
    is tried again, and said so, until the topics hold everything or another program is started.
    `on_trouble` is called with why.
    """
    pause_s = _AGAIN_S
    while True:
        try:
            current = await _begun(tables)
            changed, gone = _differences(tables, current)
            if not changed and not gone:
                return await _prepare(tables, current)
            log.warning("views_rebuilt", views=", ".join([*changed, *gone]))
            views = [tables.views[name] for name in changed]
            told = (tables, bootstrap, codec, prefix)
            await rebuild(views, *told, instead=True, gone=gone, client=client)
        except Impossible as why:
            on_trouble(str(why))
            log.error("views_not_rebuilt", why=str(why), again_in_s=pause_s)  # noqa: TRY400
            pause_s = min(2 * pause_s, _AT_MOST_S)
        except (*BROKEN, *LATE) as problem:
            log.warning("views_not_rebuilt_yet", why=type(problem).__name__, again_in_s=_AGAIN_S)
        else:
            continue
        await asyncio.sleep(pause_s)


async def _begun(tables: Tables) -> Generation:
    """What is stored; on the first start, what is to be."""
    generations = Generations(tables)
    while (current := await generations.read()) is None:
        await generations.begin(likenesses(tables.views.values()))
    return current


def _differences(tables: Tables, current: Generation) -> tuple[list[str], list[str]]:
    """The views to build, and those that are gone."""
    wanted = likenesses(tables.views.values())
    changed = [name for name, each in wanted.items() if current.likenesses.get(name) != each]
    return changed, [name for name in current.views if name not in wanted]


async def _prepare(tables: Tables, current: Generation) -> None:
    for name, each in current.views.items():
        for rows in each.folds:
            await tables.prepare_rows(tables.views[name], rows)
        await tables.show(name, each.serves)
    await drop_leftovers(tables)
