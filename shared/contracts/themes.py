"""What themes tells: stored forever, so names and fields are a promise."""

from uuid import UUID

from shared.contracts.vocabulary import HalfYear, PersonId
from shared.kernel.events import Event, StreamKind


class ThemeRoundOpened(Event):
    """The half-year's round is open (R51)."""

    half_year: HalfYear


class ThemeAddedToRound(Event):
    """A theme is up for discussion in a round (R51)."""

    half_year: HalfYear
    theme_id: UUID
    title: str


class ThemePrioritised(Event):
    """The chief forum gave a theme its rank, 1 being first (R53)."""

    half_year: HalfYear
    theme_id: UUID
    rank: int
    decided_by: tuple[PersonId, ...]


ThemeRoundEvent = ThemeRoundOpened | ThemeAddedToRound | ThemePrioritised

THEME_ROUND = StreamKind.of("round", "themes", ThemeRoundEvent)

KINDS = (THEME_ROUND,)
