"""The half-years' rounds (V6): when, which themes in which order, and what was left at the end."""

from datetime import date
from typing import assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.themes import (
    LocalThemeDiscussionRecorded,
    ThemeAddedToRound,
    ThemeDiscussionSupportRequested,
    ThemePrioritised,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundEvent,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import HalfYear, OrgUnitId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key


class RoundOverview(Row):
    """A round, keyed by its half-year."""

    half_year: HalfYear
    opened_on: date
    proposals_due: date | None = None
    discussion_on: date | None = None
    next_due_on: date | None = None
    """When the round after it is to be opened at the latest (R51)."""
    ranking: tuple[UUID, ...] = ()
    """The ranked themes, the most wanted first."""
    unranked: tuple[UUID, ...] = ()
    """The themes still without a rank, in the order they were added."""
    titles: dict[str, str] = Field(default_factory=dict)
    """Each theme's id -> the title it had when it was added."""
    ranks: dict[str, int] = Field(default_factory=dict)
    """Each ranked theme's id -> its rank, 1 being first."""
    themes: int = 0
    """How many themes are in the round."""
    departments: int = 0
    """How many departments are to discuss their themes (R50)."""
    departments_missing: tuple[OrgUnitId, ...] = ()
    """Those of them that have not."""
    closed_on: date | None = None
    selected: tuple[UUID, ...] = ()
    declined: tuple[UUID, ...] = ()
    carried_over: tuple[UUID, ...] = ()
    """What was undecided when the round closed, and went on to the next."""


def _fold(row: RoundOverview | None, fact: Recorded[ThemeRoundEvent], key: str) -> RoundOverview:
    match fact.event:
        case ThemeRoundOpened() as opened:
            return RoundOverview(
                half_year=opened.half_year,
                opened_on=opened.on,
                proposals_due=opened.proposals_due,
                discussion_on=opened.discussion_on,
                next_due_on=opened.next_due_on,
                departments=len(opened.departments),
                departments_missing=opened.departments,
            )
        case ThemeRoundChanged() as changed:
            dates = {
                "proposals_due": changed.proposals_due,
                "discussion_on": changed.discussion_on,
            }
            return _opened(row).model_copy(update=dates)
        case ThemeAddedToRound() as added:
            titles = {**_opened(row).titles, str(added.theme_id): added.title}
            # One that is proposed again has no rank yet.
            kept = {key: n for key, n in _opened(row).ranks.items() if key != str(added.theme_id)}
            return _counted(_opened(row), titles, kept)
        case ThemePrioritised() as ranked:
            ranks = {**_opened(row).ranks, str(ranked.theme_id): ranked.rank}
            return _counted(_opened(row), _opened(row).titles, ranks)
        case LocalThemeDiscussionRecorded() as held:
            awaited = _opened(row).departments_missing
            missing = tuple(each for each in awaited if each != held.org_unit_id)
            return _opened(row).model_copy(update={"departments_missing": missing})
        case ThemeDiscussionSupportRequested():
            return _opened(row)
        case ThemeRoundClosed() as closed:
            left = {"selected", "declined", "carried_over", "departments_missing"}
            told = {name: getattr(closed, name) for name in left}
            return _opened(row).model_copy(update={"closed_on": closed.on, **told})
        case other:
            assert_never(other)


def _counted(row: RoundOverview, titles: dict[str, str], ranks: dict[str, int]) -> RoundOverview:
    return row.model_copy(
        update={
            "titles": titles,
            "ranks": ranks,
            "ranking": tuple(UUID(each) for each in sorted(ranks, key=ranks.__getitem__)),
            "unranked": tuple(UUID(each) for each in titles if each not in ranks),
            "themes": len(titles),
        }
    )


def _opened(row: RoundOverview | None) -> RoundOverview:
    assert row is not None
    return row


ROUND_OVERVIEW = View.of(RoundOverview, ThemeRoundEvent, keys=stream_key, fold=_fold)
