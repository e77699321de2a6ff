"""Where themes come from, who finds them and what they ask for: the figures, by hand and by code."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest

import services.themes
from services.themes.projections.ideas import IDEA_INBOX, IdeaInbox
from services.themes.projections.local_discussions import LOCAL_DISCUSSIONS, LocalDiscussion
from services.themes.projections.proposals import THEME_PROPOSALS, ThemeProposals
from services.themes.queries import figures, reports
from services.themes.queries.figures import DemandByType, ThemeFinders, ThemeOriginStats
from shared.contracts.themes import (
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryRegistered,
    LocalThemeDiscussionRecorded,
    ThemeDeclined,
    ThemeDiscussionSupportRequested,
    ThemeNetworkTypeAligned,
    ThemeProposed,
    ThemeQualified,
    ThemeRefined,
    ThemeSelected,
)
from shared.contracts.vocabulary import DemandOrigin, IdeaChannel, InquiryKind, NetworkType
from shared.http.app import create_app
from shared.http.reading import Reader, Slice
from shared.kernel.events import Event, Recorded
from shared.kernel.facts import Row
from shared.kernel.permissions import Actor
from shared.kernel.refusals import Forbidden, Malformed
from shared.kernel.services import Service
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, employee, folded, person, recorded, rule

AUTUMN, SPRING = date(2013, 9, 2), date(2014, 2, 3)
H2, H1 = "2013-H2", "2014-H1"
ADA, BO, CARL = person("ada"), person("bo"), person("carl")
SCHOOLS, CARE = UUID(int=21), UUID(int=22)
UNITS: Mapping[UUID, UUID | None] = {ADA: SCHOOLS, BO: CARE}
GARDENS, LONELY, SHARING, CAMPUS = (UUID(int=each) for each in range(1, 5))
GARDEN_IDEA, LONELY_IDEA, LOST_IDEA, QUESTION = (UUID(int=each) for each in range(11, 15))
FORM, CONTACT = IdeaChannel.INTRANET_FORM, IdeaChannel.SECRETARIAT_CONTACT
TEMPLATE = IdeaChannel.THEME_TEMPLATE
LEARNING, WELFARE = NetworkType.LEARNING, NetworkType.WELFARE
UP, DOWN, IN = DemandOrigin.BOTTOM_UP, DemandOrigin.TOP_DOWN, DemandOrigin.OUTSIDE_IN
TOLD = {"title": "Et tema", "proposer_id": ADA}
BY = (person("chief"),)


def proposed(
    by: UUID, on: date, *origins: DemandOrigin, wished: NetworkType | None = None, **more: Any
) -> ThemeProposed:
    return ThemeProposed(
        on=on,
        proposer_id=by,
        proposal_no=1,
        template_version=1,
        title="Et tema",
        identified_need="Behov",
        burning_platform="Platform",
        network_potential="Potentiale",
        demand_origins=origins,
        wished_type=wished,
        **more,
    )


def idea(by: UUID, channel: IdeaChannel, on: date = AUTUMN) -> IdeaSubmitted:
    return IdeaSubmitted(on=on, channel=channel, title="Idé", person_id=by, text_note=UUID(int=99))


def aligned(to: NetworkType) -> ThemeNetworkTypeAligned:
    return ThemeNetworkTypeAligned(
        on=SPRING, network_type=to, intended_difference="Forskel", aligned_by=BY
    )


def selected(with_type: NetworkType) -> ThemeSelected:
    return ThemeSelected(
        on=SPRING,
        **TOLD,
        identified_need="Behov",
        network_type=with_type,
        type_aligned=True,
        half_year=H1,
        decided_by=BY,
    )


QUALIFIED = ThemeQualified(on=SPRING, **TOLD, criteria={}, decided_by=BY)
DECLINED = ThemeDeclined(on=SPRING, **TOLD, reason="Ikke nu", decided_by=BY)
REFINED = ThemeRefined(
    on=SPRING,
    title="Et tema",
    refined_by=ADA,
    by_role="proposer",
    change="Flere spørger",
    changed={"demand_origins": ["bottom_up", "outside_in"], "wished_type": "welfare"},
)

STREAMS: Mapping[str, tuple[Event, ...]] = {
    f"inquiry-{GARDEN_IDEA}": (idea(ADA, FORM),),
    f"inquiry-{LONELY_IDEA}": (
        idea(BO, CONTACT),
        IdeaTurnedIntoTheme(on=SPRING, person_id=BO, theme_id=LONELY),
    ),
    f"inquiry-{LOST_IDEA}": (idea(ADA, FORM),),
    f"inquiry-{QUESTION}": (
        InquiryRegistered(
            on=AUTUMN,
            kind=InquiryKind.INFORMATION,
            channel=FORM,
            title="Hvad er et netværk?",
            person_id=ADA,
            text_note=UUID(int=99),
        ),
    ),
    # From Ada's idea: qualified twice over, wished as learning, chosen as welfare the spring after.
    f"theme-{GARDENS}": (
        proposed(ADA, AUTUMN, UP, IN, wished=LEARNING, inquiry_id=GARDEN_IDEA),
        QUALIFIED,
        aligned(WELFARE),
        QUALIFIED,
        selected(WELFARE),
    ),
    # Bo's idea was linked by the secretariat; declined, and proposed again in the spring.
    f"theme-{LONELY}": (
        proposed(BO, AUTUMN, DOWN, wished=LEARNING),
        DECLINED,
        proposed(BO, SPRING, DOWN, wished=LEARNING),
        QUALIFIED,
    ),
    # Straight in the template, by somebody whom the directory does not know; refined later on.
    f"theme-{SHARING}": (proposed(CARL, SPRING), REFINED),
    f"theme-{CAMPUS}": (proposed(ADA, SPRING, DOWN),),
}
DISCUSSIONS = (
    ThemeDiscussionSupportRequested(on=AUTUMN, half_year=H2, org_unit_id=CARE, member_id=CARL),
    LocalThemeDiscussionRecorded(
        on=AUTUMN,
        half_year=H2,
        org_unit_id=SCHOOLS,
        member_id=ADA,
        assisted=False,
        theme_ids=(GARDENS,),
    ),
    LocalThemeDiscussionRecorded(
        on=AUTUMN,
        half_year=H2,
        org_unit_id=SCHOOLS,
        member_id=ADA,
        assisted=True,
        theme_ids=(GARDENS, LONELY, SHARING),
    ),
)


def in_turn() -> list[Recorded[Any]]:
    return [
        recorded(event, stream, version)
        for stream, events in {**STREAMS, f"round-{H2}": DISCUSSIONS}.items()
        for version, event in enumerate(events, start=1)
    ]


THEMES = tuple(folded(THEME_PROPOSALS, in_turn()).values())
INBOX = tuple(folded(IDEA_INBOX, in_turn()).values())
FOUND = tuple(folded(LOCAL_DISCUSSIONS, in_turn()).values())


def origin(*cell: Any, **counts: int) -> ThemeOriginStats:
    half_year, unit, channel = cell
    named = dict.fromkeys(ThemeOriginStats.model_fields, 0)
    row = {**named, "half_year": half_year, "org_unit_id": unit, "channel": channel, **counts}
    return ThemeOriginStats.model_validate(row)


ORIGINS = [
    origin(
        H2, SCHOOLS, FORM, ideas=2, proposals=1, bottom_up=1, outside_in=1, qualified=1, selected=1
    ),
    origin(H2, CARE, CONTACT, ideas=1, proposals=1, top_down=1),
    origin(H1, None, TEMPLATE, proposals=1, bottom_up=1, outside_in=1),
    origin(H1, SCHOOLS, TEMPLATE, proposals=1, top_down=1),
    origin(H1, CARE, CONTACT, proposals=1, top_down=1, qualified=1),
]
DEMAND = [
    DemandByType(half_year=H2, network_type=LEARNING, proposals=1, aligned=0, selected=0),
    DemandByType(half_year=H2, network_type=WELFARE, proposals=1, aligned=1, selected=1),
    DemandByType(half_year=H1, network_type=None, proposals=1, aligned=0, selected=0),
    DemandByType(half_year=H1, network_type=LEARNING, proposals=1, aligned=0, selected=0),
    DemandByType(half_year=H1, network_type=WELFARE, proposals=1, aligned=0, selected=0),
]
FINDERS = [
    ThemeFinders(
        half_year=H2, org_unit_id=SCHOOLS, member_id=ADA, themes=3, qualified=2, selected=1
    )
]


@rule("R35", "R45", "R65")
def test_where_themes_come_from_and_how_far_they_came_is_counted_by_half_year_unit_and_channel() -> (
    None
):
    assert figures.theme_origins(THEMES, INBOX, UNITS) == ORIGINS


@rule("R65")
def test_what_each_department_and_member_found_is_counted_round_by_round() -> None:
    assert figures.theme_finders(FOUND, THEMES) == FINDERS


def test_what_was_chosen_before_it_was_found_is_not_counted_of_the_find() -> None:
    long_ago = date(2012, 3, 1)
    chosen = selected(WELFARE).model_copy(update={"on": long_ago})
    facts = (proposed(ADA, long_ago), QUALIFIED, chosen, proposed(ADA, AUTUMN))
    told = [recorded(each, f"theme-{GARDENS}", n) for n, each in enumerate(facts, 1)]
    (row,) = figures.theme_finders(FOUND, tuple(folded(THEME_PROPOSALS, told).values()))
    assert (row.themes, row.qualified, row.selected) == (3, 0, 0)


def test_what_two_members_of_a_department_found_is_counted_for_each() -> None:
    other = DISCUSSIONS[1].model_copy(update={"member_id": BO, "theme_ids": (LONELY,)})
    facts = (*DISCUSSIONS, other)
    told = [recorded(each, f"round-{H2}", n) for n, each in enumerate(facts, 1)]
    counted = figures.theme_finders(folded(LOCAL_DISCUSSIONS, told).values(), THEMES)
    assert {each.member_id: each.themes for each in counted} == {ADA: 3, BO: 1}


@rule("R88")
def test_what_type_the_themes_ask_for_is_counted_by_half_year() -> None:
    assert figures.demand_by_type(THEMES) == DEMAND


def test_the_figures_do_not_depend_on_the_order_of_rows() -> None:
    assert figures.theme_origins(THEMES[::-1], INBOX[::-1], UNITS) == ORIGINS
    assert figures.theme_finders(FOUND[::-1], THEMES[::-1]) == FINDERS
    assert figures.demand_by_type(THEMES[::-1]) == DEMAND


def test_every_proposal_of_a_theme_keeps_what_came_of_it() -> None:
    (lonely,) = (each for each in THEMES if each.theme_id == LONELY)
    assert [each.half_year for each in lonely.proposals] == [H2, H1]
    assert [each.qualified for each in lonely.proposals] == [False, True]


def test_where_nothing_was_proposed_nothing_is_counted() -> None:
    assert figures.theme_origins((), (), {}) == []
    assert figures.demand_by_type(()) == []
    assert figures.theme_finders((), ()) == []


# --- the reports ------------------------------------------------------------------------------


class Rows:
    """The service's rows, in portions of two."""

    def __init__(self) -> None:
        self.lists: Mapping[type[Row], tuple[Row, ...]] = {
            ThemeProposals: THEMES,
            IdeaInbox: INBOX,
            LocalDiscussion: FOUND,
            Person: tuple(Person(person_id=who, org_unit_id=unit) for who, unit in UNITS.items()),
        }

    async def page(self, row: type[Row], wanted: Mapping[str, Any], *asked: Any) -> Any:
        first = int(asked[1] or 0)
        rows = [
            each
            for each in self.lists[row]
            if all(getattr(each, name) in values for name, values in wanted.items())
        ]
        after = first + 2
        return SimpleNamespace(
            items=rows[first:after], next=str(after) if after < len(rows) else None
        )

    async def freshness(self) -> Any:
        return SimpleNamespace(as_of=datetime(2014, 3, 1, tzinfo=UTC), lag_s=0.0)


def reader(actor: Actor = SECRETARIAT) -> Reader:
    reads: Any = SimpleNamespace(rows=Rows(), now=lambda: datetime(2014, 3, 1, tzinfo=UTC))
    return Reader(actor, reads, SimpleNamespace(), SimpleNamespace())  # type: ignore[arg-type]


def listing(sort: str | None = None, cursor: str | None = None, limit: int = 50) -> Slice:
    return Slice(sort, cursor, limit)


async def test_the_reports_are_made_of_all_rows() -> None:
    origins = await reports.theme_origins(reader=reader(), listing=listing())
    assert list(origins.items) == ORIGINS
    demand = await reports.demand_by_type(reader=reader(), listing=listing())
    assert list(demand.items) == DEMAND
    finders = await reports.theme_finders(reader=reader(), listing=listing())
    assert list(finders.items) == FINDERS


async def test_a_report_is_narrowed_to_what_is_asked_for() -> None:
    page = await reports.theme_origins(reader=reader(), listing=listing(), half_year=H1)
    assert list(page.items) == ORIGINS[2:]
    page = await reports.theme_origins(reader=reader(), listing=listing(), channel=FORM)
    assert list(page.items) == ORIGINS[:1]
    page = await reports.theme_origins(reader=reader(), listing=listing(), org_unit_id=CARE)
    assert list(page.items) == [ORIGINS[1], ORIGINS[4]]
    none = await reports.theme_finders(reader=reader(), listing=listing(), member_id=BO)
    assert none.items == ()


class Anybody:
    """Whatever the token, it is the secretariat's."""

    async def actor(self, token: str) -> Actor:
        return SECRETARIAT


async def healthy() -> Mapping[str, Any]:
    return {}


def asking() -> httpx.AsyncClient:
    """Asks the reports over HTTP, without a network between."""
    app = create_app(
        Service(
            name="themes",
            room=Path(services.themes.__file__).parent,
            aggregates=(),
            commands=(),
            views=(),
            queries=reports.router,
        ),
        dispatcher=SimpleNamespace(),
        rows=Rows(),  # type: ignore[arg-type]
        keys=Anybody(),
        clock=SimpleNamespace(now=lambda: datetime(2014, 3, 1, tzinfo=UTC)),
        health=healthy,
    )
    headers = {"Authorization": "Bearer anybody"}
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://themes", headers=headers)


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/reports/theme-origins", ORIGINS),
        ("/reports/theme-finders", FINDERS),
        ("/reports/demand-by-type", DEMAND),
    ],
)
async def test_a_report_says_where_it_goes_on_to_its_end(path: str, rows: Sequence[Row]) -> None:
    async with asking() as http:
        answer = await http.get(path, params={"limit": 1})
        read, links = answer.json()["items"], []
        while link := answer.links.get("next"):
            links.append(link["url"])
            answer = await http.get(link["url"])
            read += answer.json()["items"]
    assert links == [f"{path}?limit=1&cursor={place}" for place in range(1, len(rows))]
    assert answer.json()["next"] is None
    assert read == [each.model_dump(mode="json") for each in rows]


async def test_a_report_is_put_in_order_by_any_of_its_fields() -> None:
    by_ideas = await reports.theme_origins(reader=reader(), listing=listing("-ideas"))
    assert [each.ideas for each in by_ideas.items] == [2, 1, 0, 0, 0]
    by_unit = await reports.theme_origins(reader=reader(), listing=listing("org_unit_id"))
    assert [each.org_unit_id for each in by_unit.items] == [None, SCHOOLS, SCHOOLS, CARE, CARE]


@pytest.mark.parametrize("wrong", [listing(sort="colour"), listing(cursor="-1")])
async def test_an_order_or_a_cursor_that_there_is_not_is_malformed(wrong: Slice) -> None:
    with pytest.raises(Malformed):
        await reports.theme_origins(reader=reader(), listing=wrong)


async def test_the_reports_are_not_for_everybody() -> None:
    for report in (reports.theme_origins, reports.demand_by_type, reports.theme_finders):
        assert await report(reader=reader(CHIEF), listing=listing())
        with pytest.raises(Forbidden):
            await report(reader=reader(employee("anyone", "line_manager")), listing=listing())
