"""Which department has discussed its themes in which round (V6, R50)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.themes import (
    LocalThemeDiscussionRecorded,
    ThemeDiscussionSupportRequested,
    ThemeRoundChanged,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import HalfYear, OrgUnitId, PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

Heard = (
    ThemeRoundOpened
    | ThemeRoundChanged
    | ThemeDiscussionSupportRequested
    | LocalThemeDiscussionRecorded
)


class LocalDiscussion(Row):
    """A department in a round, keyed by `<half-year>/<unit>`."""

    half_year: HalfYear
    org_unit_id: OrgUnitId
    awaited: bool = False
    """Whether a member of the chief forum came from there when the round opened."""
    missing: bool = False
    """Whether it is awaited, and has discussed nothing yet."""
    discussion_due: date | None = None
    """When the chief forum discusses the round's themes."""
    support_requested_on: date | None = None
    discussed_on: date | None = None
    """When the department's discussion was first told of."""
    member_id: PersonId | None = None
    """The member of the chief forum who held it, or asked for help with it, last."""
    assisted: bool = False
    """Whether the secretariat helped, by what any member told."""
    theme_ids: tuple[UUID, ...] = ()
    """The themes found there (R65)."""
    found_by: dict[str, tuple[UUID, ...]] = Field(default_factory=dict)
    """Each member of the chief forum who told of it -> the themes that came of it."""
    themes: int = 0


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    event = fact.event
    return tuple(f"{event.half_year}/{each}" for each in _units(event))


def _units(event: Heard) -> Sequence[OrgUnitId]:
    match event:
        case ThemeRoundOpened():
            return event.departments
        case ThemeRoundChanged():
            return event.departments_missing
        case ThemeDiscussionSupportRequested() | LocalThemeDiscussionRecorded():
            return (event.org_unit_id,)
        case other:
            assert_never(other)


def _fold(row: LocalDiscussion | None, fact: Recorded[Heard], key: str) -> LocalDiscussion:
    event = fact.event
    half_year, unit = key.split("/")
    row = row or LocalDiscussion(half_year=half_year, org_unit_id=UUID(unit))
    changed: dict[str, Any]
    match event:
        case ThemeRoundOpened():
            changed = {"awaited": True, "missing": True, "discussion_due": event.discussion_on}
        case ThemeRoundChanged():
            changed = {"discussion_due": event.discussion_on}
        case ThemeDiscussionSupportRequested():
            since = row.support_requested_on or event.on
            changed = {"support_requested_on": since, "member_id": event.member_id}
        case LocalThemeDiscussionRecorded():
            found_by = {**row.found_by, str(event.member_id): event.theme_ids}
            theme_ids = tuple(sorted({each for found in found_by.values() for each in found}))
            changed = {
                "missing": False,
                "discussed_on": row.discussed_on or event.on,
                "member_id": event.member_id,
                "assisted": row.assisted or event.assisted,
                "theme_ids": theme_ids,
                "themes": len(theme_ids),
                "found_by": found_by,
            }
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


LOCAL_DISCUSSIONS = View.of(
    LocalDiscussion, Heard, keys=_keys, fold=_fold, indexes=("half_year", "org_unit_id", "missing")
)
