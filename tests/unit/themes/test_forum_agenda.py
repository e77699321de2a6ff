"""What puts itself on the chief forum's agenda: once, in the right month, until it is treated."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain, permutations, repeat
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from services.themes.domain.forum_slot.agenda import AddForumAgendaItem
from services.themes.domain.forum_slot.holding import Attending, HoldForumSlot
from services.themes.domain.forum_slot.known import (
    AgendaMatter,
    following,
    id_of_matter,
    touchpoints_of,
)
from services.themes.domain.forum_slot.scheduling import (
    CancelForumSlot,
    PassForumMonth,
    ScheduleForumSlot,
)
from services.themes.domain.forum_slot.state import SLOT
from services.themes.domain.theme_round.opening import ChangeThemeRound
from services.themes.projections.forum_calendar import FORUM_CALENDAR
from services.themes.projections.forum_known import AGENDA_MATTERS, SLOT_CALENDAR
from services.themes.reactions.agenda import ON_THE_AGENDA
from shared.contracts.networks import (
    Crew,
    CrewAtClosing,
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkStarted,
    Profile,
)
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumSlotCancelled,
    ForumSlotHeld,
    ForumTouchpointRecorded,
    ThemeRoundClosed,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import (
    AgendaKind,
    ForumRight,
    ForumSlotState,
    NetworkResult,
    NetworkType,
    Touchpoint,
)
from shared.kernel.commands import Command
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import Actor, system
from shared.kernel.views import View
from shared.policy.periods import last_day, local_day, months_after, start_of
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
MOVED = ANNOUNCED.model_copy(
    update={"planned_close": date(2014, 2, 15), "moved_from": ANNOUNCED.planned_close}
)
CLOSED = NetworkClosed(
    on=TODAY,
    title=STARTED.title,
    network_type=NetworkType.LEARNING,
    started_on=TODAY,
    result=NetworkResult.NOT_ADOPTED,
    crew=CrewAtClosing(),
    phases=(),
    break_days=0,
)
OPENED = ThemeRoundOpened(on=TODAY, half_year="2014-H1", discussion_on=date(2013, 11, 7))
LONG_AGO = date(2003, 9, 5)
HALF_YEAR, ROUND_STREAM = "2014-H1", "round-2014-H1"
ROUND_CLOSED = ThemeRoundClosed(
    on=TODAY,
    half_year="2014-H1",
    selected=(),
    declined=(),
    carried_over=(),
    departments_missing=(),
)
NEWS = AddForumAgendaItem(month="2013-09", kind=AgendaKind.OTHER, title="Nyt", minutes=5)
START, CLOSING = AgendaKind.TOUCHPOINT_START, AgendaKind.TOUCHPOINT_CLOSING


class TownHall:
    """Slots, what is known of them, and what follows: as in the service, with nothing but the wire.

    One that lags reacts only when told to, and its views have no more than what it reacted to.
    """

    def __init__(self, now: datetime = NOW, *, lags: bool = False) -> None:
        self.now = now
        self.lags = lags
        self.told: list[Recorded[Any]] = []
        self.seen: list[Recorded[Any]] = []
        self.waiting: list[Recorded[Any]] = []
        self.done: set[str] = set()

    def hear(self, stream: str, *events: Event) -> "TownHall":
        """Facts arrive, and all that follows from them happens, unless it lags."""
        for event in events:
            version = 1 + sum(1 for each in self.told if each.stream == stream)
            fact = recorded(event, stream, version, at=self.now)
            self.told.append(fact)
            self.waiting.append(fact)
            if not self.lags:
                self.catch_up()
        return self

    def catch_up(self, turns: Iterator[int] | None = None) -> "TownHall":
        """React to all that waits: each stream in its order, the streams in turns."""
        turns = turns or repeat(0)
        while self.waiting:
            streams = sorted({each.stream for each in self.waiting})
            stream = streams[next(turns) % len(streams)]
            fact = next(each for each in self.waiting if each.stream == stream)
            self.waiting.remove(fact)
            self.react(fact)
        return self

    def react(self, fact: Recorded[Any]) -> None:
        if fact not in self.seen:
            self.seen.append(fact)
        for send in reacting(ON_THE_AGENDA, fact, *self.rows(SLOT_CALENDAR, AGENDA_MATTERS)):
            command_id = f"{fact.id}/{send.key}/{send.command.model_dump_json()}"
            if command_id not in self.done:
                self.done.add(command_id)
                self.do(send.command, SYSTEM)

    def rows(self, *views: View[Any]) -> list[tuple[str, Any]]:
        """The rows as the service has them by now."""
        return [row for view in views for row in folded(view, self.seen).items()]

    def do(self, command: Command[Any, Any], by: Actor = SECRETARIAT) -> "TownHall":
        month = command.model_dump()["month"]
        world = given(*self.facts(month)).of(month).at(self.now)
        for aggregate, key in command.reads(month):
            stream = aggregate.kind.stream(key)
            world = world.besides(aggregate, key, *self.facts_of(stream))
        for key, row in self.rows(AGENDA_MATTERS):
            world = world.knowing(key, row)
        outcome = world.when(command, by=by)
        if outcome.decision is not None:
            decided: Sequence[Any] = outcome.decision.events
            self.hear(f"slot-{month}", *(self._new(fact) for fact in decided))
        return self

    def _new(self, fact: Any) -> Any:
        if not isinstance(fact, ForumAgendaItemAdded) or fact.item.item_id != new_id(1):
            return fact
        item = fact.item.model_copy(update={"item_id": UUID(int=1000 + len(self.told))})
        return fact.model_copy(update={"item": item})

    def facts(self, month: str) -> list[Any]:
        return self.facts_of(f"slot-{month}")

    def facts_of(self, stream: str) -> list[Any]:
        return [each.event for each in self.told if each.stream == stream]

    def announce(self, day: date) -> "TownHall":
        """The network announces its closing, or moves it."""
        told = [each.event for each in self.told if isinstance(each.event, NetworkClosingAnnounced)]
        before = told[-1].planned_close if told else None
        if before == day:
            return self
        return self.hear(
            STREAM, ANNOUNCED.model_copy(update={"planned_close": day, "moved_from": before})
        )

    def discuss(self, day: date | None) -> "TownHall":
        """The secretariat gives the round's discussion another day, or none."""
        world = given(*self.facts_of(ROUND_STREAM)).of(HALF_YEAR).at(self.now)
        decision = world.when(ChangeThemeRound(discussion_on=day)).decision
        assert decision is not None
        decided: Sequence[Any] = decision.events
        return self.hear(ROUND_STREAM, *decided)

    def pass_until(self, day: date) -> "TownHall":
        """Time goes by, and each month that is gone passes."""
        self.now = max(self.now, start_of(day))
        while passing := [
            each.month
            for each in folded(FORUM_CALENDAR, self.told).values()
            if each.passes_at and each.passes_at <= self.now
        ]:
            self.do(PassForumMonth(month=min(passing)), SYSTEM)
        return self

    def schedule(self, *days: date) -> "TownHall":
        for day in days:
            starts_at = datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC)
            self.do(ScheduleForumSlot(month=f"{day:%Y-%m}", starts_at=starts_at))
        return self

    def hold(self, month: str, *kinds: AgendaKind) -> "TownHall":
        """The slot is held on its day, or told of later; it treats the items of these kinds."""
        slot = SLOT.replay(self.facts(month))
        if slot.scheduled:
            self.now = max(self.now, slot.scheduled.starts_at)
        agenda = slot.agenda
        treated = frozenset(key for key, item in agenda.items() if item.kind in kinds)
        there = (Attending(person_id=person("anna"), right=ForumRight.MEMBER),)
        return self.do(HoldForumSlot(month=month, attendees=there, treated=treated))

    def cancel(self, month: str) -> "TownHall":
        return self.do(CancelForumSlot(month=month, reason="Ferie"))

    def months(self, kind: AgendaKind) -> list[str]:
        """The months that got an item of the kind, in the order they got it."""
        added = (each.event for each in self.told if isinstance(each.event, ForumAgendaItemAdded))
        return [each.month for each in added if each.item.kind is kind]

    def on_agendas(self, kind: AgendaKind) -> list[str]:
        """The months to come that have an item of the kind on their agendas."""
        today = local_day(self.now)
        slots = {month: SLOT.replay(self.facts(month)) for month in self.months(kind)}
        return [
            month
            for month, slot in sorted(slots.items())
            if not slot.is_over and last_day(month) >= today
            for item in slot.agenda.values()
            if item.kind is kind
        ]

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


@pytest.mark.parametrize("lags", [False, True])
def test_a_closing_that_is_moved_stays_on_the_agenda_where_it_is(*, lags: bool) -> None:
    house = TownHall(lags=lags).hear(STREAM, ANNOUNCED, MOVED).catch_up()
    assert house.months(CLOSING) == ["2013-11"]
    assert reacting(ON_THE_AGENDA, recorded(MOVED, STREAM, 2)) == []


def closing_on(day: date, moved_from: date) -> NetworkClosingAnnounced:
    return ANNOUNCED.model_copy(update={"planned_close": day, "moved_from": moved_from})


EARLIER = closing_on(date(2013, 10, 1), ANNOUNCED.planned_close)


def test_a_closing_that_is_moved_before_the_month_that_has_it_comes_to_an_earlier_one() -> None:
    house = TownHall().schedule(date(2013, 9, 12), date(2013, 12, 5)).hear(STREAM, ANNOUNCED)
    assert house.on_agendas(CLOSING) == ["2013-12"]
    house.hear(STREAM, EARLIER)
    assert house.on_agendas(CLOSING) == ["2013-09"]

    house.hear(STREAM, closing_on(date(2014, 1, 15), date(2013, 10, 1)))
    house.hear(STREAM, closing_on(date(2013, 12, 20), date(2014, 1, 15)))
    assert house.on_agendas(CLOSING) == ["2013-09"]
    house.cancel("2013-09").cancel("2013-10").cancel("2013-11")
    assert house.on_agendas(CLOSING) == ["2013-12"]


def test_a_closing_that_is_moved_earlier_leaves_the_month_that_it_went_on_to() -> None:
    house = TownHall().schedule(date(2013, 11, 7)).hear(STREAM, ANNOUNCED).cancel("2013-11")
    assert house.on_agendas(CLOSING) == ["2013-12"]
    house.hear(STREAM, EARLIER)
    assert house.on_agendas(CLOSING) == ["2013-09"]


@pytest.mark.parametrize("first", [0, 1])
def test_a_closing_that_is_moved_while_it_goes_on_from_a_cancelled_month_is_on_one_agenda(
    first: int,
) -> None:
    house = TownHall().schedule(date(2013, 11, 7)).hear(STREAM, ANNOUNCED)
    house.lags = True
    house.cancel("2013-11").hear(STREAM, EARLIER).catch_up(chain([first], repeat(0)))
    assert house.on_agendas(CLOSING) == ["2013-09"]


def test_a_closing_that_was_moved_from_a_cancelled_month_is_not_lost_when_it_comes_there_again() -> (
    None
):
    house = TownHall().schedule(date(2013, 11, 7)).hear(STREAM, ANNOUNCED).cancel("2013-11")
    house.hear(STREAM, EARLIER).cancel("2013-09").cancel("2013-10")
    assert house.on_agendas(CLOSING) == ["2013-12"]


def test_a_closing_that_is_moved_to_and_fro_before_it_is_heard_is_on_one_agenda() -> None:
    house = TownHall(lags=True)
    live(house, ["announce", "catch up", "announce", "announce", "announce"], [2, 1, 0, 2, 1])
    assert house.catch_up().on_agendas(CLOSING) == ["2013-11"]


@pytest.mark.parametrize("first", [0, 1])
def test_a_closing_that_is_moved_while_it_goes_on_to_an_earlier_month_is_on_one_agenda(
    first: int,
) -> None:
    house = TownHall().schedule(date(2013, 10, 10))
    house.announce(date(2013, 12, 20)).schedule(date(2013, 12, 5))
    assert house.on_agendas(CLOSING) == ["2013-10"]
    house.lags = True
    house.cancel("2013-10").announce(date(2013, 12, 10)).catch_up(chain([first], repeat(0)))
    assert len(house.on_agendas(CLOSING)) == 1


def test_a_closing_stays_where_it_is_if_the_month_it_is_to_move_to_does_not_get_it() -> None:
    house = TownHall().schedule(date(2013, 11, 7)).announce(date(2013, 12, 31)).cancel("2013-11")
    house.schedule(date(2013, 11, 14)).announce(date(2013, 11, 30))
    assert house.on_agendas(CLOSING) == ["2013-12"]


def test_a_closing_stays_in_the_month_that_it_comes_to_from_the_one_it_is_moved_to() -> None:
    house = TownHall().announce(date(2013, 10, 31)).announce(date(2013, 12, 31))
    house.lags = True
    house.announce(date(2013, 11, 30)).pass_until(date(2013, 12, 2))
    house.catch_up().pass_until(date(2013, 12, 2)).catch_up()
    assert len(house.on_agendas(CLOSING)) == 1


def test_a_closing_with_no_slot_before_it_stays_in_the_next() -> None:
    house = TownHall().schedule(date(2013, 10, 10)).hear(STREAM, ANNOUNCED).cancel("2013-09")
    house.hear(STREAM, closing_on(date(2013, 9, 20), ANNOUNCED.planned_close))
    assert house.on_agendas(CLOSING) == ["2013-10"]


def test_a_closing_that_is_moved_is_moved_once_however_often_it_is_told() -> None:
    house = TownHall().schedule(date(2013, 12, 5)).hear(STREAM, ANNOUNCED, EARLIER)
    before = len(house.told)
    for fact in house.told[:before]:
        house.done.clear()  # not even where the commands' ids are forgotten
        house.react(fact)
    assert len(house.told) == before
    assert house.on_agendas(CLOSING) == ["2013-09"]


def test_a_closing_that_was_treated_is_moved_nowhere() -> None:
    house = TownHall().schedule(date(2013, 9, 12), date(2013, 10, 10)).hear(STREAM, ANNOUNCED)
    house.hold("2013-10", CLOSING).hear(STREAM, EARLIER)
    assert house.months(CLOSING) == ["2013-10"]


def test_a_month_with_a_time_comes_before_one_that_may_never_get_it() -> None:
    house = TownHall().schedule(date(2013, 10, 10)).hear(STREAM, ANNOUNCED)
    assert house.months(CLOSING) == ["2013-10"]


def test_the_same_fact_handled_twice_is_on_the_agenda_once() -> None:
    house = TownHall().schedule(date(2013, 9, 12), date(2013, 11, 7))
    house.hear(STREAM, STARTED, ANNOUNCED)
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


def test_what_is_told_late_as_treated_is_taken_off_where_it_went_on_to() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).do(NEWS).hear(STREAM, STARTED)
    house.hear("round-2014-H1", OPENED.model_copy(update={"discussion_on": date(2013, 9, 12)}))
    house.hold("2013-09", START).cancel("2013-10")
    kinds = (START, AgendaKind.OTHER, AgendaKind.THEME_ROUND)
    assert [house.on_agendas(kind) for kind in kinds] == [[], ["2013-11"], ["2013-11"]]

    house.hold("2013-09", *kinds)
    assert [house.on_agendas(kind) for kind in kinds] == [[], [], []]
    house.schedule(date(2013, 11, 7)).hold("2013-11")
    (*_, held) = (each for each in house.facts("2013-11") if isinstance(each, ForumSlotHeld))
    assert (held.treated, held.untreated) == ((), ())


def test_what_was_treated_after_all_is_recorded_once() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).hear(STREAM, STARTED)
    house.hold("2013-09").hold("2013-09", START)
    house.schedule(date(2013, 10, 10)).hold("2013-10", START)
    assert house.months(START) == ["2013-09", "2013-10"]
    assert house.recorded_touchpoints() == [Touchpoint.START]


def test_two_months_that_treat_the_same_at_once_both_say_so_and_it_is_treated_once_for_all() -> (
    None
):
    house = TownHall(lags=True).schedule(date(2013, 9, 12), date(2013, 10, 10)).catch_up()
    house.hear(STREAM, STARTED).catch_up().hold("2013-09").catch_up()
    house.hold("2013-10", START).hold("2013-09", START)  # neither has heard of the other
    assert house.recorded_touchpoints() == [Touchpoint.START, Touchpoint.START]

    house.catch_up().pass_until(date(2014, 1, 1)).catch_up()
    rows = folded(FORUM_CALENDAR, house.told)
    assert [rows[month].starts_treated for month in ("2013-09", "2013-10")] == 2 * [(NETWORK,)]
    assert [row.starts_left for row in rows.values()] == len(rows) * [()]
    assert house.on_agendas(START) == []
    assert house.months(START) == ["2013-09", "2013-10"]


@pytest.mark.parametrize("ended", [CANCELLED, CLOSED])
def test_a_network_that_has_ended_is_on_no_agenda_any_more(ended: Event) -> None:
    house = TownHall().schedule(date(2013, 9, 12)).hear(STREAM, STARTED, ANNOUNCED)
    house.hear(OTHER_STREAM, STARTED).hear(STREAM, ended)
    assert house.on_agendas(START) == ["2013-09"]  # that of the other
    assert house.on_agendas(CLOSING) == []
    house.hold("2013-09")
    assert house.months(START) == ["2013-09", "2013-09", "2013-10"]


def test_whatever_type_a_network_has_that_ends_its_touchpoints_by_hand_are_taken_off() -> None:
    by_hand = AddForumAgendaItem(month="2013-10", kind=START, subject=NETWORK, title="Velfærd")
    for ended in (CLOSED, CANCELLED):
        house = TownHall().do(by_hand)
        assert house.on_agendas(START) == ["2013-10"]
        house.hear(STREAM, ended.model_copy(update={"network_type": NetworkType.WELFARE}))
        assert house.on_agendas(START) == []
        assert house.do(by_hand).on_agendas(START) == []


def test_a_closing_is_known_to_be_announced() -> None:
    rows = folded(AGENDA_MATTERS, [recorded(ANNOUNCED, STREAM)])
    assert rows == {str(id_of_matter(CLOSING, NETWORK)): AgendaMatter(is_announced=True)}


def test_an_item_that_went_on_does_not_come_back_to_a_month_that_was_cancelled() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).do(NEWS).hold("2013-09")
    house.cancel("2013-10").schedule(date(2013, 10, 20))
    there = (Attending(person_id=person("bo"), right=ForumRight.MEMBER),)
    house.do(HoldForumSlot(month="2013-09", attendees=there))
    assert house.on_agendas(AgendaKind.OTHER) == ["2013-11"]


def test_what_is_on_the_agenda_of_a_month_that_goes_by_is_on_the_next() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).do(NEWS).hear(STREAM, STARTED)
    house.pass_until(date(2013, 9, 30))
    assert house.on_agendas(START) == ["2013-09"]
    house.pass_until(date(2013, 12, 1))
    assert house.on_agendas(START) == house.on_agendas(AgendaKind.OTHER) == ["2013-12"]

    house.hold("2013-09", START)
    assert house.on_agendas(START) == []
    assert house.recorded_touchpoints() == [Touchpoint.START]


def test_a_month_that_goes_by_shows_that_it_is_missing_however_long_it_lasts() -> None:
    house = TownHall().schedule(date(2013, 9, 12)).pass_until(date(2014, 9, 1))
    rows = folded(FORUM_CALENDAR, house.told)
    assert sorted(rows) == [months_after("2013-09", number) for number in range(13)]
    assert {rows[month].starts_left for month in rows} == {()}


def test_an_item_of_a_month_long_gone_goes_on_from_the_present_month() -> None:
    house = TownHall().do(NEWS.model_copy(update={"month": f"{LONG_AGO:%Y-%m}"}), SYSTEM)
    house.pass_until(date(2013, 9, 2))
    assert house.months(AgendaKind.OTHER) == ["2003-09", "2013-09"]
    assert sorted(folded(FORUM_CALENDAR, house.told)) == ["2003-09", "2013-09", "2013-10"]


def test_a_round_whose_discussion_is_over_waits_in_the_present_month_until_it_is_moved() -> None:
    house = TownHall().hear(ROUND_STREAM, OPENED.model_copy(update={"discussion_on": LONG_AGO}))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-09"]
    house.discuss(date(2013, 11, 7))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-11"]


@pytest.mark.parametrize(
    ("month", "next_one"),
    [
        ("2013-09", "2013-10"),
        ("2012-09", "2012-10"),
        ("2012-08", "2013-09"),
        ("2098-01", "2098-02"),
    ],
)
def test_what_goes_on_comes_to_the_month_after_or_to_the_present_one(
    month: str, next_one: str
) -> None:
    assert following(month, TODAY) == next_one


def test_a_command_to_each_month_is_the_same_whatever_the_rows_say() -> None:
    house = TownHall().do(NEWS).hear(STREAM, STARTED).cancel("2013-09")
    (cancelled,) = (each for each in house.told if isinstance(each.event, ForumSlotCancelled))
    ended = AgendaMatter(is_over=True)
    settled = tuple((str(each), ended) for each in touchpoints_of(NETWORK))
    assert reacting(ON_THE_AGENDA, cancelled) == reacting(ON_THE_AGENDA, cancelled, *settled)


def test_nothing_is_carried_beyond_the_last_month_there_is() -> None:
    news = AddForumAgendaItem(month="2099-12", kind=AgendaKind.OTHER, title="Nyt", minutes=5)
    assert TownHall(start_of(date(2099, 12, 1))).do(news).cancel("2099-12").months(
        AgendaKind.OTHER
    ) == ["2099-12"]


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
    assert tuple(row.titles.values()) == ("Temarunden 2014-H1",)

    undated = OPENED.model_copy(update={"discussion_on": None})
    assert TownHall().hear("round-2014-H1", undated).months(AgendaKind.THEME_ROUND) == []


@rule("R206")
def test_a_round_whose_discussion_is_moved_is_on_that_months_agenda_and_on_no_other() -> None:
    house = TownHall().hear(ROUND_STREAM, OPENED).discuss(date(2014, 1, 9))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2014-01"]
    rows = folded(FORUM_CALENDAR, house.told)
    assert (tuple(rows["2013-11"].titles.values()), rows["2013-11"].agenda_minutes) == ((), 0)
    assert tuple(rows["2014-01"].titles.values()) == ("Temarunden 2014-H1",)

    within = TownHall().hear(ROUND_STREAM, OPENED).discuss(date(2013, 11, 21))
    assert within.months(AgendaKind.THEME_ROUND) == ["2013-11"]
    assert within.on_agendas(AgendaKind.THEME_ROUND) == ["2013-11"]


def test_a_discussion_that_loses_its_day_or_gets_one_at_last_is_put_where_it_belongs() -> None:
    house = TownHall().hear(ROUND_STREAM, OPENED).discuss(None)
    assert house.on_agendas(AgendaKind.THEME_ROUND) == []
    house.discuss(date(2013, 12, 5))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-12"]
    house.discuss(date(2013, 11, 7))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-11"]


def test_a_discussion_that_went_on_from_a_cancelled_slot_moves_from_there() -> None:
    house = TownHall().hear(ROUND_STREAM, OPENED).cancel("2013-11")
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-12"]
    house.discuss(date(2014, 1, 9))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2014-01"]


def test_a_discussion_moved_to_a_cancelled_slot_goes_on_from_there() -> None:
    house = TownHall().hear(ROUND_STREAM, OPENED).discuss(date(2013, 12, 5)).cancel("2013-10")
    house.discuss(date(2013, 10, 10))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-11"]

    back = TownHall().hear(ROUND_STREAM, OPENED).cancel("2013-10").discuss(date(2013, 10, 10))
    assert back.on_agendas(AgendaKind.THEME_ROUND) == ["2013-11"]
    over = TownHall().hear(ROUND_STREAM, OPENED).pass_until(date(2013, 11, 7))
    assert over.discuss(TODAY).on_agendas(AgendaKind.THEME_ROUND) == ["2013-11"]


def test_a_discussion_moved_before_its_slot_is_heard_to_be_cancelled_goes_on_to_no_month() -> None:
    house = TownHall(lags=True).hear(ROUND_STREAM, OPENED).catch_up()
    house.cancel("2013-11").discuss(date(2014, 1, 9)).catch_up()
    assert house.months(AgendaKind.THEME_ROUND) == ["2013-11", "2014-01"]
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2014-01"]


def test_a_discussion_moved_before_it_is_heard_to_have_gone_on_leaves_the_month_it_went_on_to() -> (
    None
):
    house = TownHall(lags=True).hear(ROUND_STREAM, OPENED).catch_up().cancel("2013-11")
    house.react(house.waiting.pop(0))  # so that it is on December's agenda, which nobody has heard
    house.discuss(date(2014, 1, 9)).catch_up(repeat(0))
    assert house.months(AgendaKind.THEME_ROUND) == ["2013-11", "2013-12", "2014-01"]
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2014-01"]


@pytest.mark.parametrize("first", [0, 1])
def test_a_discussion_moved_earlier_while_it_goes_on_from_a_cancelled_slot_is_on_one_agenda(
    first: int,
) -> None:
    house = TownHall().schedule(date(2013, 11, 7)).hear(ROUND_STREAM, OPENED)
    house.lags = True
    house.cancel("2013-11").discuss(date(2013, 10, 7)).catch_up(chain([first], repeat(0)))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-10"]

    house.cancel("2013-10").catch_up()
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2013-12"]


def test_a_round_that_is_moved_is_moved_once_however_often_it_is_told() -> None:
    house = TownHall().hear(ROUND_STREAM, OPENED)
    house.discuss(date(2014, 1, 9)).discuss(date(2013, 12, 5)).discuss(date(2014, 1, 16))
    before = len(house.told)
    for fact in house.told[:before]:
        house.done.clear()  # not even where the commands' ids are forgotten
        house.react(fact)
    assert len(house.told) == before
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2014-01"]


def test_a_round_moved_again_and_again_before_it_is_heard_leaves_the_month_it_was_opened_for() -> (
    None
):
    house = TownHall(lags=True).hear(ROUND_STREAM, OPENED).catch_up()
    house.discuss(date(2013, 12, 20)).discuss(date(2013, 12, 24)).discuss(date(2013, 9, 28))
    assert house.catch_up().on_agendas(AgendaKind.THEME_ROUND) == ["2013-09"]


@drawn(
    months=st.lists(st.integers(0, 6), min_size=1, max_size=8),
    turns=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    heard=st.integers(0, 8),
    lags=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_however_often_a_round_is_moved_it_is_on_the_agenda_of_its_last_day(
    months: list[int], turns: list[int], heard: int, *, lags: bool
) -> None:
    house = TownHall(lags=lags).hear(ROUND_STREAM, OPENED)
    for number, ahead in enumerate(months):
        if number == heard:
            house.catch_up()
        house.discuss(last_day(months_after("2013-09", ahead)))
    house.catch_up(chain(turns, repeat(0)))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == [months_after("2013-09", months[-1])]
    before = len(house.told)
    for fact in house.told[:before]:
        house.done.clear()
        house.react(fact)
    assert len(house.told) == before


def test_a_round_leaves_an_earlier_agenda_too_that_has_it_by_hand_when_its_day_is_moved() -> None:
    by_hand = AddForumAgendaItem(
        month="2013-10", kind=AgendaKind.THEME_ROUND, subject=HALF_YEAR, title="Temarunden"
    )
    house = TownHall().hear(ROUND_STREAM, OPENED).do(by_hand).discuss(date(2014, 1, 9))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2014-01"]


def test_a_round_is_carried_until_it_is_closed() -> None:
    house = TownHall().hear("round-2014-H1", OPENED)
    house.cancel("2013-11").pass_until(date(2014, 8, 1))
    assert house.on_agendas(AgendaKind.THEME_ROUND) == ["2014-08"]
    house.hear("round-2014-H1", ROUND_CLOSED)
    assert house.on_agendas(AgendaKind.THEME_ROUND) == []


# --- the rows ----------------------------------------------------------------------------------

STEPS = st.lists(
    st.sampled_from(
        [
            "start",
            "announce",
            "end",
            "schedule",
            "hold",
            "treat",
            "cancel",
            "pass",
            "catch up",
        ]
    ),
    max_size=12,
)
NUMBERS = st.lists(st.integers(0, 3), min_size=12, max_size=12)


def live(house: TownHall, steps: list[str], months: list[int]) -> None:
    """Whatever happens, month by month.

    But a closing is heard of before time goes on, and all that waits before a slot that was
    cancelled gets a time after all; and no closing is moved where one did. Otherwise an item may
    still come to two agendas, or to none.
    """
    has_again = False
    for step, ahead in zip(steps, months, strict=False):
        month = months_after("2013-09", ahead)
        announced = sum(isinstance(each.event, NetworkClosingAnnounced) for each in house.told)
        waits = any(isinstance(each.event, NetworkClosingAnnounced) for each in house.waiting)
        cancelled = SLOT.replay(house.facts(month)).life is ForumSlotState.CANCELLED
        again = step == "schedule" and cancelled
        if (again and announced > 1) or (step == "announce" and announced and has_again):
            continue
        if again or (waits and step in {"hold", "treat", "pass"}):
            house.catch_up()
        has_again = has_again or again
        match step:
            case "start":
                house.hear(STREAM, STARTED)
            case "announce":
                house.announce(last_day(months_after(month)))
            case "end":
                house.hear(STREAM, CLOSED if ahead % 2 else CANCELLED)
            case "schedule":
                house.schedule(last_day(month))
            case "hold" | "treat":
                house.hold(month, *([START, CLOSING] if step == "treat" else []))
            case "cancel":
                house.cancel(month)
            case "pass":
                house.pass_until(last_day(month))
            case _:
                house.catch_up()


@drawn(steps=STEPS, months=NUMBERS, turns=NUMBERS, lags=st.booleans(), data=st.data())
@settings(max_examples=120, deadline=None)
def test_whatever_happens_an_open_touchpoint_is_on_one_agenda_and_a_settled_one_on_none(
    steps: list[str], months: list[int], turns: list[int], *, lags: bool, data: st.DataObject
) -> None:
    house = TownHall(lags=lags)
    live(house, steps, months)
    house.catch_up(chain(turns, repeat(0))).pass_until(local_day(house.now))
    house.catch_up().pass_until(local_day(house.now)).catch_up()

    matters = folded(AGENDA_MATTERS, house.told)
    for kind, touchpoint in ((START, Touchpoint.START), (CLOSING, Touchpoint.CLOSING)):
        matter = matters.get(str(id_of_matter(kind, NETWORK)), AgendaMatter())
        assert bool(matter.treated_in) == (touchpoint in house.recorded_touchpoints())
        waits = bool(matter.months) and not matter.is_settled
        assert len(house.on_agendas(kind)) == waits

    streams = sorted({each.stream for each in house.told})
    in_turns = [each.stream for each in house.told]
    rest = {name: iter([e for e in house.told if e.stream == name]) for name in streams}
    woven = [next(rest[name]) for name in data.draw(st.permutations(in_turns))]
    views: tuple[View[Any], ...] = (SLOT_CALENDAR, AGENDA_MATTERS, FORUM_CALENDAR)
    for view in views:
        assert folded(view, woven) == folded(view, house.told)
