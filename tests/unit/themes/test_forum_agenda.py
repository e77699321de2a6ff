"""What puts itself on the chief forum's agenda: once, in the right month, until it is treated."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from services.themes.domain.forum_slot.agenda import AddForumAgendaItem
from services.themes.domain.forum_slot.holding import Attending, HoldForumSlot
from services.themes.domain.forum_slot.known import LearningNetwork, SlotCalendar
from services.themes.domain.forum_slot.scheduling import CancelForumSlot, ScheduleForumSlot
from services.themes.domain.forum_slot.state import SLOT
from services.themes.projections.forum_calendar import FORUM_CALENDAR
from services.themes.projections.forum_known import LEARNING_NETWORKS, SLOT_CALENDAR
from services.themes.reactions.agenda import ON_THE_AGENDA
from shared.contracts.networks import (
    Crew,
    NetworkCancelled,
    NetworkClosingAnnounced,
    NetworkStarted,
    Profile,
)
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumTouchpointRecorded,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import AgendaKind, ForumRight, NetworkType, Touchpoint
from shared.kernel.commands import Command
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import Actor, system
from shared.kernel.views import View
from shared.policy.periods import last_day, months_after, start_of
from shared.testing import (
    NOW,
    SECRETARIAT,
    TODAY,
    folded,
    given,
    new_id,
    person,
    reacting,
    recorded,
    rule,
)

NETWORK, OTHER = UUID(int=1), UUID(int=2)
STREAM, OTHER_STREAM = f"network-{NETWORK}", f"network-{OTHER}"
SYSTEM = system("agenda")
STARTED = NetworkStarted(
    on=TODAY,
    theme_id=UUID(int=3),
    title="Projektledelse på tværs",
    network_type=NetworkType.LEARNING,
    half_year="2013-H2",
    purpose="Ny viden",
    crew=Crew(),
    phases=(),
    profile=Profile(
        purpose="Ny viden",
        intended_difference="Viden i spil",
        goals="Viden på tværs",
        success_criteria="Den bruges",
        coupling="Chefforum",
        actor_groups=(),
        phases=(),
    ),
)
ANNOUNCED = NetworkClosingAnnounced(
    on=TODAY,
    planned_close=date(2013, 12, 15),
    title=STARTED.title,
    network_type=NetworkType.LEARNING,
)
CANCELLED = NetworkCancelled(
    on=TODAY,
    title=STARTED.title,
    network_type=NetworkType.LEARNING,
    was_started=True,
    half_year="2013-H2",
    crew=Crew(),
    reason_note=new_id(1),
)
OPENED = ThemeRoundOpened(on=TODAY, half_year="2014-H1", discussion_on=date(2013, 11, 7))
START, CLOSING = AgendaKind.TOUCHPOINT_START, AgendaKind.TOUCHPOINT_CLOSING


class TownHall:
    """Slots, what is known of them, and what follows: as in the service, with nothing but the wire."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.told: list[Recorded[Any]] = []
        self.done: set[str] = set()

    def hear(self, stream: str, *events: Event) -> "TownHall":
        """Facts arrive, and all that follows from them happens."""
        for event in events:
            version = 1 + sum(1 for each in self.told if each.stream == stream)
            fact = recorded(event, stream, version, at=self.now)
            self.told.append(fact)
            self.react(fact)
        return self

    def react(self, fact: Recorded[Any]) -> None:
        calendar = folded(SLOT_CALENDAR, self.told)
        networks = folded(LEARNING_NETWORKS, self.told)
        for send in reacting(ON_THE_AGENDA, fact, *calendar.items(), *networks.items()):
            command_id = f"{fact.id}/{send.key}/{send.command.model_dump_json()}"
            if command_id not in self.done:
                self.done.add(command_id)
                self.do(send.command, SYSTEM)

    def do(self, command: Command[Any, Any], by: Actor = SECRETARIAT) -> "TownHall":
        month = command.model_dump()["month"]
        outcome = given(*self.facts(month)).of(month).at(self.now).when(command, by=by)
        if outcome.decision is not None:
            decided: Sequence[Any] = outcome.decision.events
            self.hear(f"slot-{month}", *(self._new(fact) for fact in decided))
        return self

    def _new(self, fact: Any) -> Any:
        if not isinstance(fact, ForumAgendaItemAdded):
            return fact
        item = fact.item.model_copy(update={"item_id": UUID(int=1000 + len(self.told))})
        return fact.model_copy(update={"item": item})

    def facts(self, month: str) -> list[Any]:
        return [each.event for each in self.told if each.stream == f"slot-{month}"]

    def schedule(self, *days: date) -> "TownHall":
        for day in days:
            starts_at = datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC)
            self.do(ScheduleForumSlot(month=f"{day:%Y-%m}", starts_at=starts_at))
        return self

    def hold(self, month: str, *kinds: AgendaKind) -> "TownHall":
        """The slot is held, and treats the items of these kinds."""
        agenda = SLOT.replay(self.facts(month)).agenda
        treated = frozenset(key for key, item in agenda.items() if item.kind in kinds)
        there = (Attending(person_id=person("anna"), right=ForumRight.MEMBER),)
        return self.do(HoldForumSlot(month=month, attendees=there, treated=treated))

    def cancel(self, month: str) -> "TownHall":
        return self.do(CancelForumSlot(month=month, reason="Ferie"))

    def months(self, kind: AgendaKind) -> list[str]:
        """The months that got an item of the kind, in the order they got it."""
        added = (each.event for each in self.told if isinstance(each.event, ForumAgendaItemAdded))
        return [each.month for each in added if each.item.kind is kind]

    def recorded_touchpoints(self) -> list[Touchpoint]:
        facts = (each.event for each in self.told)
        return [each.touchpoint for each in facts if isinstance(each, ForumTouchpointRecorded)]


# --- a learning network's start and closing (R86, R205) ----------------------------------------


@rule("R205")
def test_the_start_of_a_learning_network_is_on_the_next_slot() -> None:
    house = TownHall().schedule(date(2013, 9, 12), date(2013, 10, 10)).hear(STREAM, STARTED)
    assert house.months(START) == ["2013-09"]
    (added,) = [e.event for e in house.told if isinstance(e.event, ForumAgendaItemAdded)]
    assert (added.item.subject, added.item.title) == (str(NETWORK), STARTED.title)


@pytest.mark.parametrize("network_type", [NetworkType.WELFARE, NetworkType.INNOVATION])
def test_no_other_network_meets_the_chief_forum_of_itself(network_type: NetworkType) -> None:
    house = TownHall()
    house.hear(STREAM, STARTED.model_copy(update={"network_type": network_type}))
    house.hear(STREAM, ANNOUNCED.model_copy(update={"network_type": network_type}))
    assert house.months(START) + house.months(CLOSING) == []


def test_a_slot_whose_day_has_passed_or_that_is_over_is_not_the_next_one() -> None:
    later = start_of(date(2013, 9, 20))
    passed = TownHall(later).schedule(date(2013, 9, 12)).hear(STREAM, STARTED)
    held = TownHall().schedule(date(2013, 9, 12)).hold("2013-09").hear(STREAM, STARTED)
    called_off = TownHall().cancel("2013-09").cancel("2013-10").hear(STREAM, STARTED)

    assert passed.months(START) == ["2013-10"]
    assert held.months(START) == ["2013-10"]
    assert called_off.months(START) == ["2013-11"]


def test_with_no_slot_in_sight_it_is_on_the_months_own_agenda() -> None:
    assert TownHall().hear(STREAM, STARTED).months(START) == ["2013-09"]


@pytest.mark.parametrize(
    ("slots", "month"),
    [
        ((date(2013, 11, 7), date(2013, 12, 5)), "2013-12"),
        ((date(2013, 11, 7), date(2013, 12, 15)), "2013-11"),
        ((date(2013, 11, 7), date(2013, 12, 19)), "2013-11"),
        ((), "2013-11"),
    ],
)
@rule("R205")
def test_the_closing_is_on_the_last_slot_before_it(slots: Sequence[date], month: str) -> None:
    house = TownHall().schedule(*slots).hear(STREAM, ANNOUNCED)
    assert house.months(CLOSING) == [month]


def test_a_closing_that_no_slot_comes_before_is_on_the_next() -> None:
    soon = ANNOUNCED.model_copy(update={"planned_close": date(2013, 9, 10)})
    past = ANNOUNCED.model_copy(update={"planned_close": date(2013, 8, 10)})
    for announced in (soon, past):
        house = TownHall().schedule(date(2013, 9, 12)).hear(STREAM, announced)
        assert house.months(CLOSING) == ["2013-09"]


def test_a_closing_that_is_moved_stays_on_the_agenda_where_it_is() -> None:
    moved = ANNOUNCED.model_copy(update={"planned_close": date(2014, 3, 1)})
    assert TownHall().hear(STREAM, ANNOUNCED, moved).months(CLOSING) == ["2013-11"]


def test_the_same_fact_handled_twice_is_on_the_agenda_once() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).hear(STREAM, STARTED, ANNOUNCED)
    house.hold("2013-09").schedule(date(2013, 10, 10))
    before = len(house.told)
    for fact in house.told:
        house.react(fact)
        house.done.clear()  # not even where the commands' ids are forgotten
        house.react(fact)
    assert len(house.told) == before
    assert house.months(START) == ["2013-09", "2013-10"]
    assert house.months(CLOSING) == ["2013-11"]


def test_the_same_command_sent_twice_is_on_the_agenda_once() -> None:
    (send,) = reacting(ON_THE_AGENDA, recorded(STARTED, STREAM))
    assert isinstance(send.command, AddForumAgendaItem)
    house = TownHall().do(send.command, SYSTEM).do(send.command, SYSTEM)
    assert house.months(START) == ["2013-09"]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_whatever_order_facts_come_each_touchpoint_is_treated_once(
    order: Sequence[int],
) -> None:
    house = TownHall()
    steps = (
        lambda: house.hear(STREAM, STARTED),
        lambda: house.hear(STREAM, ANNOUNCED),
        lambda: house.schedule(date(2013, 9, 12)),
        lambda: house.cancel("2013-10"),
    )
    for step in order:
        steps[step]()
    for month in ("2013-09", "2013-11", "2013-12", "2014-01"):
        house.schedule(date.fromisoformat(f"{month}-12"))
        house.hold(month, START, CLOSING)
    assert sorted(house.recorded_touchpoints()) == [Touchpoint.CLOSING, Touchpoint.START]


# --- what is not treated goes on ---------------------------------------------------------------


def test_what_was_not_treated_is_on_the_next_months_agenda() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).hear(STREAM, STARTED)
    house.hold("2013-09").schedule(date(2013, 10, 10)).hold("2013-10", START)
    assert house.months(START) == ["2013-09", "2013-10"]
    assert house.recorded_touchpoints() == [Touchpoint.START]


def test_what_was_on_a_cancelled_slot_finds_the_first_month_that_takes_it() -> None:
    house = TownHall().hear(STREAM, STARTED).cancel("2013-10").cancel("2013-11")
    house.cancel("2013-09")
    assert house.months(START) == ["2013-09", "2013-10", "2013-11", "2013-12"]
    assert [each.late for each in house.facts("2013-10") if hasattr(each, "late")] == [True]
    assert [each.late for each in house.facts("2013-12") if hasattr(each, "late")] == [False]


def test_what_was_treated_after_all_goes_on_no_further() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).hear(STREAM, STARTED)
    house.hold("2013-09").hold("2013-09", START)
    house.schedule(date(2013, 10, 10)).hold("2013-10")
    assert house.months(START) == ["2013-09", "2013-10"]
    assert house.recorded_touchpoints() == [Touchpoint.START]


def test_a_network_that_was_cancelled_is_carried_no_further() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).hear(STREAM, STARTED, CANCELLED)
    house.hold("2013-09")
    assert house.months(START) == ["2013-09"]


def test_nothing_is_carried_beyond_the_last_month_there_is() -> None:
    news = AddForumAgendaItem(month="2099-12", kind=AgendaKind.OTHER, title="Nyt", minutes=5)
    assert TownHall().do(news).cancel("2099-12").months(AgendaKind.OTHER) == ["2099-12"]


def test_anything_else_is_carried_until_it_is_treated() -> None:
    news = AddForumAgendaItem(month="2013-09", kind=AgendaKind.OTHER, title="Nyt", minutes=5)
    house = TownHall().schedule(date(2013, 9, 12), date(2013, 10, 10)).do(news)
    house.hold("2013-09").hold("2013-10", AgendaKind.OTHER)
    assert house.months(AgendaKind.OTHER) == ["2013-09", "2013-10"]


# --- the half-year's round (R206) --------------------------------------------------------------


@rule("R206")
def test_the_half_years_round_is_on_the_agenda_of_the_month_it_is_discussed_in() -> None:
    house = TownHall().hear("round-2014-H1", OPENED)
    assert house.months(AgendaKind.THEME_ROUND) == ["2013-11"]
    row = folded(FORUM_CALENDAR, house.told)["2013-11"]
    assert row.titles == ("Temarunden 2014-H1",)

    undated = OPENED.model_copy(update={"discussion_on": None})
    assert TownHall().hear("round-2014-H1", undated).months(AgendaKind.THEME_ROUND) == []


def test_a_round_is_carried_until_its_half_year_is_over() -> None:
    house = TownHall().hear("round-2013-H2", OPENED.model_copy(update={"half_year": "2013-H2"}))
    house.cancel("2013-11").cancel("2013-12").cancel("2014-01")
    assert house.months(AgendaKind.THEME_ROUND) == ["2013-11", "2013-12"]


# --- the rows ----------------------------------------------------------------------------------

STEPS = st.lists(
    st.sampled_from(["start", "announce", "cancel network", "schedule", "hold", "treat", "cancel"]),
    max_size=12,
)


@drawn(steps=STEPS, months=st.lists(st.integers(0, 3), min_size=12, max_size=12), data=st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_happens_an_open_touchpoint_is_on_some_agenda_and_the_rows_know(
    steps: list[str], months: list[int], data: st.DataObject
) -> None:
    house = TownHall()
    for step, ahead in zip(steps, months, strict=False):
        month = months_after("2013-09", ahead)
        match step:
            case "start":
                house.hear(STREAM, STARTED)
            case "announce":
                house.hear(STREAM, ANNOUNCED)
            case "cancel network":
                house.hear(STREAM, CANCELLED)
            case "schedule":
                house.schedule(last_day(month))
            case "hold" | "treat":
                house.hold(month, *([START, CLOSING] if step == "treat" else []))
            case _:
                house.cancel(month)
    calendar = folded(SLOT_CALENDAR, house.told).get("all", SlotCalendar())
    network = folded(LEARNING_NETWORKS, house.told).get(str(NETWORK), LearningNetwork())
    assert network.treated == tuple(
        each for each in Touchpoint if each in house.recorded_touchpoints()
    )
    for kind, touchpoint in ((START, Touchpoint.START), (CLOSING, Touchpoint.CLOSING)):
        agendas = {each: SLOT.replay(house.facts(each)).agenda for each in house.months(kind)}
        open_months = {
            month
            for month, agenda in agendas.items()
            if month not in calendar.over and kind in {item.kind for item in agenda.values()}
        }
        if touchpoint in network.on_agenda and not network.is_settled(touchpoint):
            assert len(open_months) == 1

    streams = sorted({each.stream for each in house.told})
    turns = [each.stream for each in house.told]
    waiting = {name: iter([e for e in house.told if e.stream == name]) for name in streams}
    woven = [next(waiting[name]) for name in data.draw(st.permutations(turns))]
    views: tuple[View[Any], ...] = (SLOT_CALENDAR, LEARNING_NETWORKS, FORUM_CALENDAR)
    for view in views:
        assert folded(view, woven) == folded(view, house.told)
