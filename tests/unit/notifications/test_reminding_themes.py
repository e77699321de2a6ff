"""Themes' deadlines speak up once at their moment, move with the plan, and else are silent."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from services.notifications.domain.reminder import RULES
from services.notifications.reactions.reminding.themes import OF_THEMES
from services.notifications.reactions.telling import TELLING
from shared.contracts.notifications import ReminderDue
from shared.contracts.themes import (
    IdeaAnswered,
    IdeaCallClosed,
    IdeaCallOpened,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryRegistered,
    ThemeConcluded,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import IdeaChannel, InquiryKind, NetworkType, ThemeOutcome
from shared.kernel.events import Event
from shared.policy import Policy
from shared.policy.periods import start_of
from shared.testing import NOW, TODAY, person, reacting, recorded, rule
from shared.testing.kit import NS3
from tests.unit.notifications.reminder_board import Board

FIRST, NETWORK = UUID(int=1), UUID(int=2)
IDEA, THEME, CALL = f"inquiry-{FIRST}", f"theme-{FIRST}", f"idea_call-{FIRST}"
ADA, NOTE = person("ada"), UUID(int=9)
MOMENT = timedelta(seconds=1)
A_DECADE_ON = start_of(date(2023, 1, 1))

SUBMITTED = IdeaSubmitted(
    on=TODAY, channel=IdeaChannel.INTRANET_FORM, title="Haver", person_id=ADA, text_note=NOTE
)
ASKED = InquiryRegistered(
    on=TODAY,
    kind=InquiryKind.INFORMATION,
    channel=IdeaChannel.INTRANET_FORM,
    title="Hvad er et netværk?",
    person_id=ADA,
    text_note=NOTE,
)
REPLIES: tuple[Event, ...] = (
    IdeaAnswered(on=TODAY, person_id=ADA, answer_note=NOTE),
    InquiryAnswered(on=TODAY, person_id=ADA, answer_note=NOTE),
    IdeaTurnedIntoTheme(on=TODAY, person_id=ADA, theme_id=FIRST),
    IdeaClosed(on=TODAY, person_id=ADA, reason_note=NOTE),
)
TOLD = {"title": "Haver", "proposer_id": ADA}
SELECTED = ThemeSelected(
    on=TODAY,
    **TOLD,
    identified_need="Grønne rum",
    network_type=NetworkType.LEARNING,
    type_aligned=True,
    decided_by=(person("chief"),),
)
TAKEN_UP = ThemeTakenUp(on=TODAY, network_id=NETWORK, **TOLD)
NOT_WAITING: tuple[Event, ...] = (
    TAKEN_UP,
    ThemeWithdrawn(on=TODAY, **TOLD, reason="Løst", was_selected=True),
    ThemeConcluded(on=TODAY, network_id=NETWORK, outcome=ThemeOutcome.CANCELLED, **TOLD),
)
LAST_DAY = date(2013, 10, 31)
OPENED = IdeaCallOpened(
    on=TODAY, title="Idéer?", text="Send dem", opens_on=TODAY, closes_on=LAST_DAY
)
CLOSED = IdeaCallClosed(on=TODAY, title="Idéer?")

TWO_WEEKS_ON = date(2013, 9, 16)
HALF_A_YEAR_ON = date(2014, 3, 2)
A_WEEK_BEFORE_IT_CLOSES = date(2013, 10, 24)


class ThemeBoard(Board):
    """What is awaited of ideas, themes and calls."""

    reactions = OF_THEMES


def just_before(day: date) -> datetime:
    return start_of(day) - MOMENT


def under(**changes: tuple[str, str]) -> Policy:
    """The policy with other values: section -> (name, value)."""
    values = NS3.model_dump()
    for section, (name, value) in changes.items():
        values[section][name] = value
    return Policy.model_validate(values)


# --- T1: an answer ----------------------------------------------------------------------------


@rule("R46")
@pytest.mark.parametrize("sent_in", [SUBMITTED, ASKED])
def test_whoever_sent_something_in_is_spoken_of_after_two_weeks_without_an_answer(
    sent_in: Event,
) -> None:
    board = ThemeBoard().hear(IDEA, sent_in)
    assert board.until(just_before(TWO_WEEKS_ON)) == []
    assert board.until(start_of(TWO_WEEKS_ON)) == ["T1 answer"]
    assert board.until(A_DECADE_ON) == []


@pytest.mark.parametrize("reply", REPLIES)
def test_who_has_an_answer_of_any_kind_is_not_spoken_of(reply: Event) -> None:
    board = ThemeBoard().hear(IDEA, SUBMITTED)
    board.until(just_before(TWO_WEEKS_ON))
    board.hear(IDEA, reply)
    assert board.until(A_DECADE_ON) == []


def test_an_idea_that_is_written_down_late_is_awaited_from_that_day() -> None:
    long_ago = SUBMITTED.model_copy(update={"on": date(2013, 6, 3)})
    assert ThemeBoard().hear(IDEA, long_ago).awaited == {f"T1-{IDEA}-answer": TWO_WEEKS_ON}


def test_how_long_an_answer_may_take_is_policy() -> None:
    board = ThemeBoard(under(reminders=("idea_answer_after", "P3D"))).hear(IDEA, SUBMITTED)
    assert board.awaited == {f"T1-{IDEA}-answer": date(2013, 9, 5)}


# --- T2: a network for a selected theme -------------------------------------------------------


@rule("R103")
def test_a_selected_theme_is_spoken_of_after_half_a_year_without_a_network() -> None:
    board = ThemeBoard().hear(THEME, SELECTED)
    assert board.until(just_before(HALF_A_YEAR_ON)) == []
    assert board.until(start_of(HALF_A_YEAR_ON)) == ["T2 network"]
    assert board.until(A_DECADE_ON) == []


@pytest.mark.parametrize("then", NOT_WAITING)
def test_a_theme_that_is_taken_up_withdrawn_or_over_is_not_spoken_of(then: Event) -> None:
    assert ThemeBoard().hear(THEME, SELECTED, then).until(A_DECADE_ON) == []


def test_a_theme_that_is_selected_anew_is_awaited_from_that_day() -> None:
    board = ThemeBoard().hear(THEME, SELECTED, NOT_WAITING[1])
    board.until(start_of(date(2014, 2, 3)))
    board.hear(THEME, SELECTED.model_copy(update={"on": date(2014, 2, 3)}))
    assert board.awaited == {f"T2-{THEME}-network": date(2014, 8, 3)}
    assert board.until(A_DECADE_ON) == ["T2 network"]


def test_how_long_a_selected_theme_may_wait_is_policy() -> None:
    board = ThemeBoard(under(themes=("start_within", "P2M"))).hear(THEME, SELECTED)
    assert board.awaited == {f"T2-{THEME}-network": date(2013, 11, 2)}


# --- T32: the last day of a call --------------------------------------------------------------


@rule("R37")
def test_the_last_day_of_a_call_is_spoken_of_a_week_before() -> None:
    board = ThemeBoard().hear(CALL, OPENED)
    assert board.until(just_before(A_WEEK_BEFORE_IT_CLOSES)) == []
    assert board.until(start_of(A_WEEK_BEFORE_IT_CLOSES)) == ["T32 closing"]
    assert board.until(A_DECADE_ON) == []


def test_it_moves_with_the_day() -> None:
    longer = OPENED.model_copy(update={"closes_on": LAST_DAY + timedelta(days=7)})
    board = ThemeBoard().hear(CALL, OPENED, longer)
    assert board.awaited == {f"T32-{CALL}-closing": LAST_DAY}


def test_a_call_that_was_closed_early_is_not_spoken_of() -> None:
    assert ThemeBoard().hear(CALL, OPENED, CLOSED).until(A_DECADE_ON) == []


def test_a_call_of_a_few_days_is_spoken_of_at_once() -> None:
    short = OPENED.model_copy(update={"closes_on": TODAY + timedelta(days=2)})
    assert ThemeBoard().hear(CALL, short).until(NOW) == ["T32 closing"]


def test_how_long_before_is_policy() -> None:
    board = ThemeBoard(under(reminders=("idea_call_lead", "P1D"))).hear(CALL, OPENED)
    assert board.awaited == {f"T32-{CALL}-closing": date(2013, 10, 30)}


# --- all of them ------------------------------------------------------------------------------

STREAMS: dict[str, Sequence[Event]] = {
    IDEA: (SUBMITTED, *REPLIES[:1]),
    f"inquiry-{NETWORK}": (ASKED,),
    THEME: (SELECTED, TAKEN_UP),
    f"theme-{NETWORK}": (SELECTED,),
    CALL: (OPENED, CLOSED),
}
TURNS = [stream for stream, events in STREAMS.items() for _ in events]


def heard(order: Sequence[str]) -> ThemeBoard:
    waiting = {stream: iter(events) for stream, events in STREAMS.items()}
    board = ThemeBoard()
    for stream in order:
        board.hear(stream, next(waiting[stream]))
    return board


@drawn(st.permutations(TURNS))
def test_it_does_not_matter_which_stream_is_heard_first(order: Sequence[str]) -> None:
    woven, in_turn = heard(order), heard(TURNS)
    assert woven.awaited == in_turn.awaited
    assert sorted(woven.until(A_DECADE_ON)) == sorted(in_turn.until(A_DECADE_ON))


def test_a_fact_that_is_told_again_changes_nothing() -> None:
    board = heard(TURNS)
    before = {key: list(facts) for key, facts in board.reminders.items()}
    last = {fact.stream: fact for fact in board.told}
    for fact in last.values():
        board.react(fact)
    assert board.reminders == before


@pytest.mark.parametrize("deadline", ["T1", "T2", "T32"])
def test_a_deadline_without_a_text_yet_tells_nobody(deadline: str) -> None:
    assert deadline in RULES
    due = ReminderDue(on=TODAY, deadline=deadline, subject=IDEA, item="answer", number=1)
    assert reacting(TELLING, recorded(due, f"reminder-{deadline}-{IDEA}-answer", 2)) == []
