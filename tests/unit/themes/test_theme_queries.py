"""Themes, rounds and months are narrowed and put in order by what is shown of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from starlette.datastructures import URL
from starlette.responses import Response

from services.themes.domain.known import KnownRounds
from services.themes.projections.board import EarlierProposal, ThemeBoard
from services.themes.projections.forum_agenda import ForumAgenda
from services.themes.projections.forum_calendar import ForumCalendar
from services.themes.projections.local_discussions import LocalDiscussion
from services.themes.projections.rounds import RoundOverview
from services.themes.queries import forum_slots, reports, rounds, themes
from services.themes.queries.figures import DemandByType
from services.themes.queries.worked_out import in_order
from shared.contracts.vocabulary import (
    AgendaKind,
    ForumSlotState,
    ThemeDecision,
    ThemeState,
)
from shared.http.reading import Reader, Slice
from shared.kernel.facts import Row
from shared.kernel.permissions import Actor
from shared.kernel.refusals import Forbidden, Malformed
from shared.testing import SECRETARIAT, employee, person

NOW = datetime(2014, 3, 3, tzinfo=UTC)
TODAY = NOW.date()
H2, H1 = "2013-H2", "2014-H1"
ADA, BO = person("ada"), person("bo")
FIRST, SECOND, THIRD = (UUID(int=n) for n in range(1, 4))


class Rows:
    """Rows of every kind, narrowed as the store narrows them, in one portion."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows

    async def page(self, row: type[Row], filters: Mapping[str, Any], *_: Any) -> Any:
        found = [
            each
            for each in self.rows
            if isinstance(each, row)
            and all(_has(getattr(each, name), value) for name, value in filters.items())
        ]
        return SimpleNamespace(items=tuple(found), next=None)

    async def one(self, row: type[Row], _: str) -> Any:
        return next(((each, "theme-1@1") for each in self.rows if isinstance(each, row)), None)

    async def freshness(self) -> Any:
        return SimpleNamespace(as_of=NOW, lag_s=0.0)


def _has(held: Any, value: Any) -> bool:
    return value in held if isinstance(held, tuple) else bool(held == value)


def reader(*rows: Row, by: Actor = SECRETARIAT, answer: Response | None = None) -> Reader:
    reads: Any = SimpleNamespace(rows=Rows(*rows), now=lambda: NOW)
    request: Any = SimpleNamespace(url=URL("/themes?sort=rank"))
    return Reader(by, reads, request, answer or Response())


def listing(sort: str | None = None, cursor: str | None = None, limit: int = 50) -> Slice:
    return Slice(sort, cursor, limit)


DECLINED = EarlierProposal(
    proposal_no=1,
    proposer_id=ADA,
    title="Urban farming",
    proposed_on=date(2013, 9, 2),
    state=ThemeState.DECLINED,
    ended_on=date(2013, 12, 10),
    decision=ThemeDecision.DECLINED,
    decided_in=H2,
    reason="Ikke nu",
    outcome=None,
)


def theme(theme_id: UUID, **more: Any) -> ThemeBoard:
    placed = {"rounds": tuple(more.get("ranks", {})), "proposal_no": 1, "proposers": (ADA,)}
    return ThemeBoard.model_validate(
        {"theme_id": theme_id, "state": "qualified", "proposer_id": ADA, **placed, **more}
    )


MOVED_ON = theme(FIRST, rank=9, ranks={H2: 1, H1: 9}, proposal_nos={H2: 1, H1: 1})
STAYED = theme(SECOND, rank=2, ranks={H2: 2}, proposal_nos={H2: 1})
AGAIN = theme(
    THIRD,
    state=ThemeState.PROPOSED,
    ranks={H2: 3},
    proposal_nos={H2: 1},
    proposal_no=2,
    proposer_id=BO,
    proposers=(ADA, BO),
    earlier=(DECLINED,),
)
BOARD = (AGAIN, MOVED_ON, STAYED)


async def in_round(sort: str | None, **asked: Any) -> list[UUID]:
    page = await themes.themes(reader(*BOARD), listing(sort), rounds=H2, **asked)
    return [each.theme_id for each in page.items]


async def test_a_rounds_themes_are_put_in_order_by_their_rank_in_that_round() -> None:
    assert await in_round("rank") == [FIRST, SECOND, THIRD]
    assert await in_round("-rank") == [THIRD, SECOND, FIRST]


async def test_a_rounds_themes_by_rank_say_where_they_go_on() -> None:
    begun, ended = Response(), Response()
    first = await themes.themes(reader(*BOARD, answer=begun), listing("rank", limit=2), rounds=H2)
    assert begun.headers["link"] == f'</themes?sort=rank&cursor={first.next}>; rel="next"'
    by_rank = listing("rank", first.next, 2)
    rest = await themes.themes(reader(*BOARD, answer=ended), by_rank, rounds=H2)
    assert [each.rank for each in (*first.items, *rest.items)] == [1, 2, 3]
    assert rest.next is None
    assert "link" not in ended.headers


@pytest.mark.parametrize("sort", [None, "rank"])
async def test_a_rounds_themes_are_narrowed_by_how_they_stand_in_that_round(
    sort: str | None,
) -> None:
    assert await in_round(sort, state=ThemeState.DECLINED) == [THIRD]
    assert await in_round(sort, state=ThemeState.PROPOSED) == []
    page = await themes.themes(reader(*BOARD), listing(), state=ThemeState.PROPOSED)
    assert [each.theme_id for each in page.items] == [THIRD]


async def test_whoever_proposed_a_theme_first_reads_what_somebody_proposed_again_since() -> None:
    ada, eva = employee("ada"), employee("eva")
    mine = await themes.themes(reader(*BOARD, by=ada), listing(), proposer_id=ADA)
    assert [each.theme_id for each in mine.items] == [THIRD, FIRST, SECOND]
    assert (await themes.theme(THIRD, reader(AGAIN, by=ada))).item == AGAIN
    with pytest.raises(Forbidden):
        await themes.themes(reader(*BOARD, by=eva), listing(), proposer_id=ADA)
    with pytest.raises(Forbidden):
        await themes.theme(THIRD, reader(AGAIN, by=eva))


async def test_rounds_are_narrowed_to_those_that_are_closed_or_overdue() -> None:
    past = TODAY - timedelta(days=1)
    over = RoundOverview(half_year=H2, opened_on=past, next_due_on=past, closed_on=past)
    latest = RoundOverview(half_year=H1, opened_on=past, next_due_on=past)
    rows = (over, latest, KnownRounds(opened=(H2, H1)))
    cases: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({}, [H2, H1]),
        ({"closed": True}, [H2]),
        ({"closed": False}, [H1]),
        ({"overdue": True}, [H1]),
        ({"overdue": False, "closed": False}, []),
    )
    for asked, found in cases:
        page = await rounds.theme_rounds(reader(*rows), listing(), **asked)
        assert [each.half_year for each in page.items] == found


async def test_discussions_are_narrowed_to_a_members() -> None:
    held = LocalDiscussion(half_year=H2, org_unit_id=FIRST, member_id=ADA)
    awaited = LocalDiscussion(half_year=H2, org_unit_id=SECOND)
    page = await rounds.local_discussions(H2, reader(held, awaited), listing(), member_id=ADA)
    assert page.items == (held,)


async def test_months_are_narrowed_to_those_without_a_slot_or_with_too_long_an_agenda() -> None:
    begun = ForumCalendar.model_construct(
        month="2014-03", first_day=date(2014, 3, 1), state=ForumSlotState.AGENDA_ONLY
    )
    full = begun.model_copy(update={"state": ForumSlotState.SCHEDULED, "over_full": True})
    found = await forum_slots.forum_slots(reader(begun, full), listing(), missing=True)
    assert [each.state for each in found.items] == [ForumSlotState.AGENDA_ONLY]
    found = await forum_slots.forum_slots(reader(begun, full), listing(), over_full=True)
    assert [each.state for each in found.items] == [ForumSlotState.SCHEDULED]


async def test_an_agenda_is_narrowed_to_what_was_taken_off() -> None:
    there = ForumAgenda(
        month="2014-03",
        item_id=FIRST,
        kind=AgendaKind.OTHER,
        title="Andet",
        minutes=5,
        added_on=TODAY,
    )
    gone = there.model_copy(update={"taken_off": True})
    page = await forum_slots.forum_agenda("2014-03", reader(there, gone), listing(), taken_off=True)
    assert [each.taken_off for each in page.items] == [True]


async def test_an_unknown_order_is_malformed_also_where_there_are_no_rows() -> None:
    with pytest.raises(Malformed):
        in_order(DemandByType, (), "colour")
    with pytest.raises(Malformed):
        await reports.demand_by_type(reader(), listing("colour"))
