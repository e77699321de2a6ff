"""Views that are not what they were: folded again from the beginning of the topics.

One set of marks serves all views of a service. A view that is new, hears other facts or has other
fields would otherwise begin empty, today. The topics keep everything, so all are folded again;
while that lasts, reads lag and say so.
"""

import json
from hashlib import sha256
from typing import Any

import structlog

from shared.kernel.views import View
from shared.projections.marks import PROJECTOR
from shared.projections.tables import OFFSETS, PARKED, PROGRESS, Tables

log = structlog.get_logger()

_STATE = "projected_views"


async def begin_again_if_outdated(tables: Tables) -> None:
    """Empty the views and forget how far they came, when they are no longer those stored."""
    wanted = {name: _likeness(view) for name, view in tables.views.items()}
    states = tables.asking(_STATE)
    stored = await states.find_one({"_id": PROJECTOR})
    if stored is not None and stored["views"] == wanted:
        return
    if stored is not None:
        changed = sorted(
            name
            for name in {*wanted, *stored["views"]}
            if stored["views"].get(name) != wanted.get(name)
        )
        log.warning("views_folded_again", views=", ".join(changed))
        # The marks go first: a worker that still runs loses its next batch to their absence.
        await tables.asking(OFFSETS).delete_many({"reader": PROJECTOR})
        await tables.asking(PROGRESS).delete_many({})
        await tables.asking(PARKED).delete_many({})
        for name in {*wanted, *stored["views"]}:
            await tables.asking(name).delete_many({})
    await states.replace_one({"_id": PROJECTOR}, {"views": wanted}, upsert=True)


def _likeness(view: View[Any]) -> str:
    """What makes a view another one: the facts it hears and the fields of its rows."""
    hears = sorted(event.__name__ for event in view.hears)
    likeness = json.dumps([hears, view.row.model_json_schema()], sort_keys=True)
    return sha256(likeness.encode()).hexdigest()[:16]
