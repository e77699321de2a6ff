"""Themes as the rounds know them."""

from typing import assert_never
from uuid import UUID

from services.themes.domain.known import KnownTheme
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeDeclined,
    ThemeProposed,
    ThemeQualified,
    ThemeSelected,
    ThemeTakenUp,
)
from shared.kernel.events import Recorded
from shared.kernel.views import View, stream_key

Heard = (
    ThemeProposed | ThemeQualified | ThemeSelected | ThemeDeclined | ThemeTakenUp | ThemeConcluded
)


def _fold(row: KnownTheme | None, fact: Recorded[Heard], key: str) -> KnownTheme:
    match fact.event:
        case ThemeProposed() as proposed:
            return KnownTheme(
                theme_id=UUID(key), title=proposed.title, is_open=True, is_qualified=False
            )
        case ThemeQualified():
            return _known(row).model_copy(update={"is_qualified": True})
        case ThemeSelected() | ThemeDeclined() | ThemeTakenUp() | ThemeConcluded():
            return _known(row).model_copy(update={"is_open": False})
        case other:
            assert_never(other)


def _known(row: KnownTheme | None) -> KnownTheme:
    assert row is not None
    return row


KNOWN_THEMES = View.of(KnownTheme, Heard, keys=stream_key, fold=_fold)
