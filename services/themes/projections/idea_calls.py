"""The open calls for ideas, and how many they brought (R37)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.themes import IdeaCallClosed, IdeaCallEvent, IdeaCallOpened, IdeaSubmitted
from shared.contracts.vocabulary import HalfYear
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.policy.periods import start_of

Heard = IdeaCallEvent | IdeaSubmitted


class IdeaCalls(Row):
    """An open call, keyed by its id; its first and its last day are both in it.

    Until its opening has arrived, the texts and the days are missing.
    """

    idea_call_id: UUID
    title: str | None = None
    text: str | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    half_year: HalfYear | None = None
    """The round that the ideas are for."""
    closed: bool = False
    closed_on: date | None = None
    closes_at: datetime | None = None
    """When it closes by itself; None when it is closed."""
    ideas: int = 0
    """How many ideas it has brought."""


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    event = fact.event
    if isinstance(event, IdeaSubmitted):
        return (str(event.idea_call_id),) if event.idea_call_id else ()
    return (fact.key,)


def _fold(row: IdeaCalls | None, fact: Recorded[Heard], key: str) -> IdeaCalls:
    # The ideas come from streams of their own and fall into a field of their own.
    row = row or IdeaCalls(idea_call_id=UUID(key))
    event = fact.event
    changed: dict[str, Any]
    match event:
        case IdeaCallOpened():
            over = start_of(event.closes_on + timedelta(days=1)).astimezone(UTC)
            changed = event.model_dump(exclude={"on"}) | {"closes_at": over}
        case IdeaCallClosed():
            changed = {"closed": True, "closed_on": event.on, "closes_at": None}
        case IdeaSubmitted():
            changed = {"ideas": row.ideas + 1}
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


IDEA_CALLS = View.of(
    IdeaCalls,
    Heard,
    keys=_keys,
    fold=_fold,
    indexes=("closes_at", "closed", "half_year"),
)
