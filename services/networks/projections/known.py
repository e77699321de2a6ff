"""Themes and starts as networks knows them when it decides."""

from typing import Any, assert_never
from uuid import UUID

from services.networks.domain.known import KnownTheme, Starts
from services.networks.domain.network.planning import planned_by
from shared.contracts.networks import NetworkStarted
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.kernel.events import Recorded
from shared.kernel.views import View, stream_key

ThemeHeard = ThemeSelected | ThemeWithdrawn | ThemeTakenUp | ThemeConcluded


def _theme(row: KnownTheme | None, fact: Recorded[ThemeHeard], key: str) -> KnownTheme:
    event = fact.event
    before = row or KnownTheme(theme_id=UUID(key), title=event.title, is_selected=False)
    changed: dict[str, Any] = {"title": event.title, "is_selected": False}
    match event:
        case ThemeSelected():
            changed["is_selected"] = True
            changed["planned_id"] = planned_by(event, fact.id)
        case ThemeWithdrawn():
            if event.was_selected and before.planned_id:
                changed["given_up"] = {**before.given_up, fact.id: before.planned_id}
        case ThemeTakenUp() | ThemeConcluded():
            pass
        case other:
            assert_never(other)
    return before.model_copy(update=changed)


def _starts(row: Starts | None, fact: Recorded[NetworkStarted], key: str) -> Starts:
    started = dict(row.started) if row else {}
    kind = f"{fact.event.half_year}/{fact.event.network_type}"
    started[kind] = started.get(kind, 0) + 1
    return Starts(started=dict(sorted(started.items())))


def the_one_row(_: Recorded[Any]) -> tuple[str]:
    """Name the row `all`, where a view has no other."""
    return ("all",)


KNOWN_THEMES = View.of(KnownTheme, ThemeHeard, keys=stream_key, fold=_theme)
STARTS = View.of(Starts, NetworkStarted, keys=the_one_row, fold=_starts)
