"""The theme rounds, as far as the next one is awaited."""

from typing import Any

from services.notifications.domain.known import OpenedRounds
from shared.contracts.themes import ThemeRoundOpened
from shared.kernel.events import Recorded
from shared.kernel.views import View


def the_one_row(_: Recorded[Any]) -> tuple[str]:
    """Name the row `all`, where a view has no other."""
    return ("all",)


def _opened(row: OpenedRounds | None, fact: Recorded[ThemeRoundOpened], key: str) -> OpenedRounds:
    known = row.opened_on if row else {}
    opened_on = {**known, fact.event.half_year: fact.event.on}
    return OpenedRounds(opened_on=dict(sorted(opened_on.items())))


OPENED_ROUNDS = View.of(OpenedRounds, ThemeRoundOpened, keys=the_one_row, fold=_opened)
