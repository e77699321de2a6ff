"""A half-year's round of themes."""

from datetime import date
from uuid import UUID

from shared.contracts.vocabulary import HalfYear, OrgUnitId, PersonId
from shared.kernel.events import Event


class ThemeRoundOpened(Event):
    """The half-year's round is open (R51); when proposals are due and when they are discussed."""

    half_year: HalfYear
    proposals_due: date | None = None
    discussion_on: date | None = None
    departments: tuple[OrgUnitId, ...] = ()
    """Those of the chief forum's members, each of which is to discuss its themes (R50)."""
    next_due_on: date | None = None
    """When the round after it is to be opened at the latest (R51)."""


class ThemeRoundChanged(Event):
    """The dates of a round that is open were moved (R51)."""

    half_year: HalfYear
    proposals_due: date | None = None
    discussion_on: date | None = None
    discussion_moved_from: date | None = None
    """The day that the discussion was on; None where it had none or stays, and in older facts."""
    departments_missing: tuple[OrgUnitId, ...] = ()
    """The departments that are still to discuss their themes (R50)."""


class ThemeAddedToRound(Event):
    """A theme is up for discussion in a round (R51)."""

    half_year: HalfYear
    theme_id: UUID
    title: str
    proposal_no: int | None = None
    """Which of its proposals, told again for a later one; missing in older facts."""


class ThemePrioritised(Event):
    """The chief forum gave a theme its rank, 1 being first (R53)."""

    half_year: HalfYear
    theme_id: UUID
    rank: int
    decided_by: tuple[PersonId, ...]


class ThemeDiscussionSupportRequested(Event):
    """A member of the chief forum wishes the secretariat's help with the discussion (R50)."""

    half_year: HalfYear
    org_unit_id: OrgUnitId
    member_id: PersonId


class LocalThemeDiscussionRecorded(Event):
    """A department has held its theme discussion; told again when more came of it (R50)."""

    half_year: HalfYear
    org_unit_id: OrgUnitId
    member_id: PersonId
    """The member of the chief forum who held it."""
    assisted: bool
    """Whether the secretariat helped."""
    theme_ids: tuple[UUID, ...] = ()
    """The themes found there (R65)."""


class ThemeRoundClosed(Event):
    """The round is over; whatever is undecided goes on to the next (R51, R67)."""

    half_year: HalfYear
    selected: tuple[UUID, ...]
    declined: tuple[UUID, ...]
    carried_over: tuple[UUID, ...]
    departments_missing: tuple[OrgUnitId, ...]
    """Departments of chief forum members that have held no discussion."""


ThemeRoundEvent = (
    ThemeRoundOpened
    | ThemeRoundChanged
    | ThemeAddedToRound
    | ThemePrioritised
    | ThemeDiscussionSupportRequested
    | LocalThemeDiscussionRecorded
    | ThemeRoundClosed
)
