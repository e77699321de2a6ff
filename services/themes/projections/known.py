"""Themes as the rounds know them."""

from typing import assert_never
from uuid import UUID

from services.themes.domain.known import KnownTheme
from shared.contracts.themes import ThemeProposed, ThemeQualified
from shared.kernel.events import Recorded
from shared.kernel.views import View, stream_key

Heard = ThemeProposed | ThemeQualified


def _fold(row: KnownTheme | None, fact: Recorded[Heard], key: str) -> KnownTheme:
    match fact.event:
        case ThemeProposed():
            return KnownTheme(theme_id=UUID(key), is_qualified=False)
        case ThemeQualified():
            return KnownTheme(theme_id=UUID(key), is_qualified=True)
        case other:
            assert_never(other)


KNOWN_THEMES = View.of(KnownTheme, Heard, keys=stream_key, fold=_fold)
