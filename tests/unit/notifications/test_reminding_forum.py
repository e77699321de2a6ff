"""The chief forum's deadlines speak up once at their moment, move with the slot, and else not."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from services.notifications.domain.reminder import RULES
from services.notifications.projections.forum import KNOWN_FORUM
from services.notifications.reactions.reminding import REMINDING
from services.notifications.reactions.telling import TELLING
from shared.contracts.networks import Crew, CrewAtClosing, NetworkCancelled, NetworkClosed
from shared.contracts.notifications import ReminderDue
from shared.contracts.themes import (
    AgendaItem,
    ForumAgendaItemAdded,
    ForumSlotCancelled,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import AgendaKind, NetworkResult, NetworkType, Touchpoint
from shared.kernel.events import Event
from shared.policy import Period, Policy
from shared.policy.periods import start_of
from shared.testing import TODAY, folded, new_id, reacting, recorded, rule
from shared.testing.kit import NS3
from tests.unit.notifications.reminder_board import Board

NETWORK, OTHER = UUID(int=1), UUID(int=2)
SEPTEMBER, OCTOBER, NOVEMBER = "2013-09", "2013-10", "2013-11"
CANCELLED_NETWORK = NetworkCancelled(
    on=TODAY,
    title="Projektledelse på tværs",
    network_type=NetworkType.LEARNING,
    was_started=True,
    half_year="2013-H2",
    crew=Crew(),
    reason_note=new_id(1),
)
CLOSED_NETWORK = NetworkClosed(
    on=TODAY,
    title=CANCELLED_NETWORK.title,
    network_type=NetworkType.LEARNING,
    started_on=TODAY,
    result=NetworkResult.NOT_ADOPTED,
    crew=CrewAtClosing(),
    phases=(),
    break_days=0,
)


def slot(month: str) -> str:
    return f"slot-{month}"


def at(day: date) -> ForumSlotScheduled:
    return ForumSlotScheduled(
        on=TODAY,
        month=f"{day:%Y-%m}",
        starts_at=datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC),
        minutes=20,
    )


def no_slot(month: str) -> ForumSlotCancelled:
    return ForumSlotCancelled(
        on=TODAY, month=month, reason="Ferie", items=(), attendees=(), sequence=0
    )


def held(month: str) -> ForumSlotHeld:
    return ForumSlotHeld(on=TODAY, month=month, attendees=(), treated=(), untreated=())


def on_agenda(
    month: str, kind: AgendaKind = AgendaKind.TOUCHPOINT_START, network: UUID = NETWORK
) -> ForumAgendaItemAdded:
    item = AgendaItem(item_id=new_id(1), kind=kind, subject=str(network), title="T", minutes=5)
    return ForumAgendaItemAdded(on=TODAY, month=month, item=item)


def treated(month: str, network: UUID = NETWORK) -> ForumTouchpointRecorded:
    return ForumTouchpointRecorded(
        on=TODAY, month=month, network_id=network, touchpoint=Touchpoint.START
    )


class ForumBoard(Board):
    """What is awaited of the slots; what speaks up is heard of too."""

    reactions = REMINDING
    known = (KNOWN_FORUM,)

    def say(self, key: str, due: Iterable[ReminderDue]) -> list[str]:
        spoken = []
        for each in due:
            spoken.append(f"{each.deadline} {each.subject.removeprefix('slot-')} {self.now.date()}")
            self.hear(f"reminder-{key}", each)
        return spoken

    def by(self, day: date) -> list[str]:
        """What has spoken up by the beginning of a day since it was last looked at."""
        return self.until(start_of(day))


def of(deadline: str, spoken: list[str]) -> list[str]:
    return [each for each in spoken if each.startswith(f"{deadline} ")]


def policy(**reminders: Period) -> Policy:
    return NS3.model_copy(update={"reminders": NS3.reminders.model_copy(update=reminders)})


# --- T5: a month without a slot ----------------------------------------------------------------


@rule("R203")
def test_a_month_without_a_slot_is_spoken_of_a_week_before_it_begins_and_so_are_the_next() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), at(date(2013, 9, 12)))
    assert of("T5", board.by(date(2013, 9, 23))) == []
    assert of("T5", board.by(date(2013, 12, 1))) == [
        "T5 2013-10 2013-09-24",
        "T5 2013-11 2013-10-25",
        "T5 2013-12 2013-11-24",
    ]


@pytest.mark.parametrize("settled", [at(date(2013, 10, 10)), no_slot(OCTOBER)])
def test_a_month_that_is_settled_is_not_spoken_of_and_the_one_after_it_is(settled: Event) -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), at(date(2013, 9, 12))).hear(slot(OCTOBER), settled)
    assert of("T5", board.by(date(2013, 11, 1))) == ["T5 2013-11 2013-10-25"]


def test_it_does_not_matter_in_which_order_months_are_settled() -> None:
    board = ForumBoard().hear(slot(OCTOBER), at(date(2013, 10, 10)))
    board.hear(slot(SEPTEMBER), at(date(2013, 9, 12)))
    assert of("T5", board.by(date(2013, 11, 1))) == ["T5 2013-11 2013-10-25"]


def test_something_to_treat_makes_a_slot_awaited() -> None:
    board = ForumBoard().hear(slot(NOVEMBER), on_agenda(NOVEMBER))
    assert of("T5", board.by(date(2013, 11, 1))) == ["T5 2013-11 2013-10-25"]


def test_a_long_standstill_ends_with_the_next_month_to_come() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), at(date(2013, 9, 12)))
    board.now = start_of(date(2013, 12, 5))
    assert of("T5", board.by(date(2014, 1, 1))) == [
        "T5 2013-10 2013-12-05",
        "T5 2014-01 2013-12-25",
    ]


def test_the_lead_of_a_month_is_policy() -> None:
    board = ForumBoard(policy(forum_slot_lead=Period(days=3)))
    board.hear(slot(SEPTEMBER), at(date(2013, 9, 12)))
    assert of("T5", board.by(date(2013, 10, 1))) == ["T5 2013-10 2013-09-28"]


# --- T6: the slot is soon ----------------------------------------------------------------------


def test_a_slot_is_spoken_of_the_day_before_and_moves_with_its_day() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), at(date(2013, 9, 12)))
    assert of("T6", board.by(date(2013, 9, 11))) == ["T6 2013-09 2013-09-11"]

    moved = ForumBoard().hear(slot(SEPTEMBER), at(date(2013, 9, 12)), at(date(2013, 9, 19)))
    assert of("T6", moved.by(date(2013, 9, 30))) == ["T6 2013-09 2013-09-18"]


@pytest.mark.parametrize("over", [held(SEPTEMBER), no_slot(SEPTEMBER)])
def test_a_slot_that_is_over_is_not_spoken_of(over: Event) -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), at(date(2013, 9, 12)), over)
    assert of("T6", board.by(date(2013, 9, 30))) == []


def test_the_lead_of_a_slot_is_policy() -> None:
    board = ForumBoard(policy(appointment_lead=Period(days=2)))
    board.hear(slot(SEPTEMBER), at(date(2013, 9, 12)))
    assert of("T6", board.by(date(2013, 9, 30))) == ["T6 2013-09 2013-09-10"]


# --- T7: a touchpoint that is not treated ------------------------------------------------------

WITH_START = (at(date(2013, 9, 12)), on_agenda(SEPTEMBER))
T7 = f"T7 network-{NETWORK}"


@rule("R86")
def test_a_touchpoint_that_was_not_treated_is_spoken_of_a_week_after_its_slot() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), *WITH_START)
    assert of("T7", board.by(date(2013, 9, 18))) == []
    assert of("T7", board.by(date(2014, 9, 1))) == [f"{T7} 2013-09-19"]


def test_it_moves_with_the_slot_and_waits_for_the_end_of_a_month_without_one() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), on_agenda(SEPTEMBER))
    assert list(of_t7(board).values()) == [date(2013, 10, 7)]
    board.hear(slot(SEPTEMBER), at(date(2013, 9, 12)), at(date(2013, 9, 19)))
    assert of("T7", board.by(date(2014, 9, 1))) == [f"{T7} 2013-09-26"]


def test_it_moves_on_with_the_item_from_month_to_month() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), *WITH_START, held(SEPTEMBER))
    board.hear(slot(OCTOBER), on_agenda(OCTOBER), at(date(2013, 10, 10)))
    assert of("T7", board.by(date(2014, 9, 1))) == [f"{T7} 2013-10-17"]


def test_a_touchpoint_that_was_treated_is_not_spoken_of_and_the_other_is() -> None:
    closing = on_agenda(SEPTEMBER, AgendaKind.TOUCHPOINT_CLOSING)
    board = ForumBoard().hear(slot(SEPTEMBER), *WITH_START, closing, treated(SEPTEMBER))
    assert [key.rsplit("-", 1)[1] for key in of_t7(board)] == ["closing"]


@pytest.mark.parametrize("ended", [CANCELLED_NETWORK, CLOSED_NETWORK])
def test_neither_touchpoint_of_a_network_that_has_ended_is_spoken_of(ended: Event) -> None:
    both = (*WITH_START, on_agenda(SEPTEMBER, AgendaKind.TOUCHPOINT_CLOSING))
    board = ForumBoard().hear(slot(SEPTEMBER), *both)
    assert len(of_t7(board)) == 2
    assert of_t7(board.hear(f"network-{NETWORK}", ended)) == {}
    assert of("T7", board.by(date(2014, 9, 1))) == []

    early = ForumBoard().hear(f"network-{NETWORK}", ended)
    assert of_t7(early.hear(slot(SEPTEMBER), *both)) == {}


@pytest.mark.parametrize("network_type", NetworkType)
def test_a_network_of_whichever_type_that_ends_takes_its_own_touchpoints_with_it(
    network_type: NetworkType,
) -> None:
    closed = CLOSED_NETWORK.model_copy(update={"network_type": network_type})
    board = ForumBoard().hear(slot(SEPTEMBER), *WITH_START).hear("network-other", closed)
    assert list(of_t7(board)) == [f"T7-network-{NETWORK}-start"]
    assert of_t7(board.hear(f"network-{NETWORK}", closed)) == {}


def test_two_months_that_both_treated_it_end_the_wait_once() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), *WITH_START).hear(slot(OCTOBER), on_agenda(OCTOBER))
    board.hear(slot(SEPTEMBER), treated(SEPTEMBER))
    once = {key: list(facts) for key, facts in board.reminders.items()}
    assert of_t7(board) == {}
    assert board.hear(slot(OCTOBER), treated(OCTOBER)).reminders == once


def test_what_is_over_is_not_kept() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), *WITH_START, treated(SEPTEMBER))
    (row,) = folded(KNOWN_FORUM, board.told).values()
    assert (row.agendas, row.treated) == ({}, (f"start/{NETWORK}",))
    board.hear(f"network-{NETWORK}", CLOSED_NETWORK)
    (row,) = folded(KNOWN_FORUM, board.told).values()
    assert (row.agendas, row.treated, row.ended) == ({}, (), (str(NETWORK),))


def test_nothing_else_on_the_agenda_is_awaited() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), on_agenda(SEPTEMBER, AgendaKind.OTHER))
    assert of_t7(board) == {}


def test_how_long_a_touchpoint_may_wait_is_policy() -> None:
    board = ForumBoard(policy(touchpoint_after=Period(days=2))).hear(slot(SEPTEMBER), *WITH_START)
    assert of("T7", board.by(date(2014, 9, 1))) == [f"{T7} 2013-09-14"]


def of_t7(board: ForumBoard) -> dict[str, date]:
    return {key: day for key, day in board.awaited.items() if key.startswith("T7")}


# --- all of them -------------------------------------------------------------------------------

STREAMS: dict[str, Sequence[Event]] = {
    slot(SEPTEMBER): (*WITH_START, on_agenda(SEPTEMBER, AgendaKind.TOUCHPOINT_CLOSING)),
    slot(OCTOBER): (
        on_agenda(OCTOBER),
        at(date(2013, 10, 10)),
        no_slot(OCTOBER),
        at(date(2013, 10, 17)),
        treated(OCTOBER),
        on_agenda(OCTOBER, network=OTHER),
        treated(OCTOBER, OTHER),
    ),
    slot(NOVEMBER): (no_slot(NOVEMBER), on_agenda(NOVEMBER, network=OTHER)),
    f"network-{OTHER}": (CLOSED_NETWORK,),
}
TURNS = [stream for stream, events in STREAMS.items() for _ in events]


def heard(order: Sequence[str]) -> ForumBoard:
    waiting = {stream: iter(events) for stream, events in STREAMS.items()}
    board = ForumBoard()
    for stream in order:
        board.hear(stream, next(waiting[stream]))
    return board


@drawn(st.permutations(TURNS))
@settings(max_examples=40, deadline=None)
def test_it_does_not_matter_which_stream_is_heard_first(order: Sequence[str]) -> None:
    woven, in_turn = heard(order), heard(TURNS)
    assert folded(KNOWN_FORUM, woven.told) == folded(KNOWN_FORUM, in_turn.told)
    assert woven.awaited == in_turn.awaited


def test_a_fact_that_is_told_again_changes_nothing() -> None:
    board = heard(TURNS)
    before = {key: list(facts) for key, facts in board.reminders.items()}
    for fact in {each.stream: each for each in board.told}.values():
        board.react(fact)
    assert board.reminders == before


@pytest.mark.parametrize("deadline", ["T5", "T6", "T7"])
def test_a_deadline_without_a_text_yet_tells_nobody(deadline: str) -> None:
    assert deadline in RULES
    due = ReminderDue(on=TODAY, deadline=deadline, subject=slot(OCTOBER), item="slot", number=1)
    assert reacting(TELLING, recorded(due, f"reminder-{deadline}-slot", 2)) == []


def test_time_alone_schedules_no_month_twice() -> None:
    board = ForumBoard().hear(slot(SEPTEMBER), at(date(2013, 9, 12)))
    spoken = of("T5", board.by(TODAY + timedelta(days=365)))
    assert len(set(spoken)) == len(spoken) == 12
