"""The rounds' deadlines speak up once at their moment, move, and else are silent (T3, T4)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.notifications.domain.reminder import (
    RULES,
    CancelReminder,
    ScheduleReminder,
)
from services.notifications.projections.rounds import OPENED_ROUNDS
from services.notifications.reactions.reminding.rounds import OF_ROUNDS
from services.notifications.reactions.telling import TELLING
from shared.contracts.notifications import ReminderDue
from shared.contracts.themes import (
    LocalThemeDiscussionRecorded,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundEvent,
    ThemeRoundOpened,
)
from shared.policy import Policy
from shared.policy.periods import start_of
from shared.testing import TODAY, folded, person, reacting, recorded, rule
from shared.testing.kit import NS3
from tests.unit.notifications.reminder_board import Board

H2, H1, LATER = "2013-H2", "2014-H1", "2014-H2"
CULTURE, CARE = UUID(int=1), UUID(int=2)
NEXT_YEAR = date(2014, 2, 3)
DISCUSSED = date(2013, 12, 10)
A_DECADE_ON = start_of(date(2023, 1, 1))
MOMENT = timedelta(seconds=1)

OPENED = ThemeRoundOpened(
    on=TODAY, half_year=H2, discussion_on=DISCUSSED, departments=(CULTURE, CARE)
)
NEXT = ThemeRoundOpened(on=NEXT_YEAR, half_year=H1)
HELD = LocalThemeDiscussionRecorded(
    on=TODAY, half_year=H2, org_unit_id=CULTURE, member_id=person("chief"), assisted=True
)
CLOSED = ThemeRoundClosed(
    on=TODAY,
    half_year=H2,
    selected=(),
    declined=(),
    carried_over=(),
    departments_missing=(CARE,),
)


class RoundBoard(Board):
    """What is awaited of the rounds."""

    reactions = OF_ROUNDS
    known = (OPENED_ROUNDS,)

    def hear_all(self, *rounds: ThemeRoundEvent) -> "RoundBoard":
        """Hear of rounds, each fact in its own stream."""
        for each in rounds:
            self.hear(f"round-{each.half_year}", each)
        return self


# --- T3: the next round -----------------------------------------------------------------------


@rule("R206")
def test_the_next_round_is_awaited_four_weeks_before_it_is_half_a_year_since_the_last() -> None:
    board = RoundBoard().hear_all(OPENED.model_copy(update={"departments": ()}))
    assert board.until(start_of(date(2014, 2, 2)) - MOMENT) == []
    assert board.until(start_of(date(2014, 2, 2))) == ["T3 next"]
    assert board.until(A_DECADE_ON) == []


@rule("R51")
def test_the_cadence_and_the_lead_are_policy() -> None:
    changed = NS3.model_dump()
    changed["themes"]["round_cadence"] = "P12M"
    changed["reminders"]["round_lead"] = "P1W"
    board = RoundBoard(Policy.model_validate(changed)).hear_all(
        OPENED.model_copy(update={"departments": ()})
    )
    assert board.until(start_of(date(2014, 8, 26)) - MOMENT) == []
    assert board.until(start_of(date(2014, 8, 26))) == ["T3 next"]


@pytest.mark.parametrize("turn", [(0, 1), (1, 0)])
def test_a_round_that_is_opened_is_awaited_no_longer_but_the_one_after_it_is(
    turn: tuple[int, int],
) -> None:
    rounds = (OPENED.model_copy(update={"departments": ()}), NEXT)
    board = RoundBoard()
    board.now = start_of(NEXT_YEAR)
    board.hear_all(*(rounds[each] for each in turn))
    assert list(board.awaited) == [f"T3-round-{H1}-next"]
    assert board.until(A_DECADE_ON) == ["T3 next"]


def test_a_half_year_that_was_skipped_is_awaited_no_longer() -> None:
    skipped = NEXT.model_copy(update={"half_year": LATER})
    board = RoundBoard().hear_all(OPENED.model_copy(update={"departments": ()}), skipped)
    assert list(board.awaited) == [f"T3-round-{LATER}-next"]


# --- T4: each department's discussion ---------------------------------------------------------


@rule("R50")
def test_a_department_without_a_discussion_is_reminded_two_weeks_before_the_chief_forum_s() -> None:
    board = RoundBoard().hear_all(OPENED, HELD)
    assert board.until(start_of(date(2013, 11, 26)) - MOMENT) == []
    assert board.until(start_of(date(2013, 11, 26))) == [f"T4 {CARE}"]
    assert board.until(start_of(date(2014, 1, 1))) == []


def test_the_lead_of_the_discussion_is_policy() -> None:
    changed = NS3.model_dump()
    changed["reminders"]["local_discussion_lead"] = "P1D"
    board = RoundBoard(Policy.model_validate(changed)).hear_all(OPENED, HELD)
    assert board.until(start_of(date(2013, 12, 9)) - MOMENT) == []
    assert board.until(start_of(date(2013, 12, 9))) == [f"T4 {CARE}"]


def test_a_round_without_a_date_awaits_no_discussion() -> None:
    board = RoundBoard().hear_all(OPENED.model_copy(update={"discussion_on": None}))
    assert list(board.awaited) == [f"T3-round-{H2}-next"]


def test_a_discussion_that_is_moved_moves_its_reminders() -> None:
    moved = ThemeRoundChanged(
        on=TODAY,
        half_year=H2,
        discussion_on=DISCUSSED + timedelta(days=7),
        departments_missing=(CARE,),
    )
    (send,) = reacting(OF_ROUNDS, recorded(moved, f"round-{H2}", 3))
    opening = recorded(OPENED, f"round-{H2}", 1)
    known = folded(OPENED_ROUNDS, [opening]).items()
    sent = {each.key: each.command for each in reacting(OF_ROUNDS, opening, *known)}
    before = sent[send.key]
    assert isinstance(before, ScheduleReminder)
    assert isinstance(send.command, ScheduleReminder)
    assert send.command.awaited - before.awaited == timedelta(days=7)
    without = moved.model_copy(update={"discussion_on": None})
    (send,) = reacting(OF_ROUNDS, recorded(without, f"round-{H2}", 3))
    assert isinstance(send.command, CancelReminder)


def test_a_round_that_is_closed_awaits_no_discussion() -> None:
    board = RoundBoard().hear_all(OPENED, HELD, CLOSED)
    assert list(board.awaited) == [f"T3-round-{H2}-next"]


def test_a_fact_that_is_told_again_changes_nothing() -> None:
    board = RoundBoard().hear_all(OPENED, HELD, CLOSED)
    before = {key: list(facts) for key, facts in board.reminders.items()}
    for fact in board.told[1:]:
        board.react(fact)
    assert board.reminders == before


@pytest.mark.parametrize("deadline", ["T3", "T4"])
def test_a_deadline_without_a_text_yet_tells_nobody(deadline: str) -> None:
    assert deadline in RULES
    due = ReminderDue(on=TODAY, deadline=deadline, subject=f"round-{H2}", item="next", number=1)
    assert reacting(TELLING, recorded(due, f"reminder-{deadline}-round-{H2}-next", 2)) == []
