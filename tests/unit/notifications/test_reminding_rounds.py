"""The rounds' deadlines speak up once at their moment, move, and else are silent (T3, T4)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.domain.reminder import (
    RULES,
    CancelReminder,
    FireReminder,
    ScheduleReminder,
)
from services.notifications.projections.rounds import OPENED_ROUNDS
from services.notifications.reactions.reminding.rounds import OF_ROUNDS
from services.notifications.reactions.telling import TELLING
from shared.contracts.notifications import ReminderDue, ReminderEvent, ReminderScheduled
from shared.contracts.themes import (
    LocalThemeDiscussionRecorded,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundOpened,
)
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import system
from shared.policy import Policy
from shared.policy.periods import start_of
from shared.testing import NOW, TODAY, folded, given, person, reacting, recorded, rule
from shared.testing.kit import NS3

SYSTEM = system("test")
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


class Board:
    """What is awaited of the rounds, with a clock that moves."""

    def __init__(self, policy: Policy = NS3) -> None:
        self.policy = policy
        self.now = NOW
        self.told: list[Recorded[Any]] = []
        self.reminders: dict[str, list[Any]] = {}

    def hear(self, *events: Event) -> "Board":
        """Hear of facts, one after the other."""
        for event in events:
            stream = f"round-{event.half_year}"  # type: ignore[attr-defined]
            version = 1 + sum(each.stream == stream for each in self.told)
            self.told.append(recorded(event, stream, version))
            self.react(self.told[-1])
        return self

    def react(self, fact: Recorded[Any]) -> None:
        """Send what follows from a fact, which may be told again."""
        for send in reacting(OF_ROUNDS, fact, *folded(OPENED_ROUNDS, self.told).items()):
            self.send(send.key, send.command)

    def send(self, key: str, command: Any) -> Sequence[ReminderEvent]:
        """Let a reminder decide, now."""
        facts = self.reminders.get(key, [])
        outcome = given(*facts).of(key).under(self.policy).at(self.now).when(command, by=SYSTEM)
        assert outcome.decision is not None
        decided: Sequence[Any] = outcome.decision.events
        self.reminders[key] = [*facts, *decided]
        return decided

    def until(self, moment: datetime) -> list[str]:
        """What has spoken up by then since it was last looked at, in order."""
        spoken: list[str] = []
        while soon := self._next(moment):
            self.now = max(self.now, soon[0])
            fired = self.send(soon[1], FireReminder())
            due = (each for each in fired if isinstance(each, ReminderDue))
            spoken += [f"{each.deadline} {each.item}" for each in due]
        self.now = moment
        return spoken

    @property
    def awaited(self) -> list[str]:
        """The reminders that are to speak up."""
        return sorted(
            key
            for key, facts in self.reminders.items()
            if facts and isinstance(facts[-1], ReminderScheduled)
        )

    def _next(self, moment: datetime) -> tuple[datetime, str] | None:
        due = [(self.reminders[key][-1].due_at, key) for key in self.awaited]
        return min((each for each in due if each[0] <= moment), default=None)


# --- T3: the next round -----------------------------------------------------------------------


@rule("R206")
def test_the_next_round_is_awaited_four_weeks_before_it_is_half_a_year_since_the_last() -> None:
    board = Board().hear(OPENED.model_copy(update={"departments": ()}))
    assert board.until(start_of(date(2014, 2, 2)) - MOMENT) == []
    assert board.until(start_of(date(2014, 2, 2))) == ["T3 next"]
    assert board.until(A_DECADE_ON) == []


@rule("R51")
def test_the_cadence_and_the_lead_are_policy() -> None:
    changed = NS3.model_dump()
    changed["themes"]["round_cadence"] = "P12M"
    changed["reminders"]["round_lead"] = "P1W"
    board = Board(Policy.model_validate(changed)).hear(
        OPENED.model_copy(update={"departments": ()})
    )
    assert board.until(start_of(date(2014, 8, 26)) - MOMENT) == []
    assert board.until(start_of(date(2014, 8, 26))) == ["T3 next"]


@pytest.mark.parametrize("turn", [(0, 1), (1, 0)])
def test_a_round_that_is_opened_is_awaited_no_longer_but_the_one_after_it_is(
    turn: tuple[int, int],
) -> None:
    rounds = (OPENED.model_copy(update={"departments": ()}), NEXT)
    board = Board()
    board.now = start_of(NEXT_YEAR)
    board.hear(*(rounds[each] for each in turn))
    assert board.awaited == [f"T3-round-{H1}-next"]
    assert board.until(A_DECADE_ON) == ["T3 next"]


def test_a_half_year_that_was_skipped_is_awaited_no_longer() -> None:
    skipped = NEXT.model_copy(update={"half_year": LATER})
    board = Board().hear(OPENED.model_copy(update={"departments": ()}), skipped)
    assert board.awaited == [f"T3-round-{LATER}-next"]


# --- T4: each department's discussion ---------------------------------------------------------


@rule("R50")
def test_a_department_without_a_discussion_is_reminded_two_weeks_before_the_chief_forum_s() -> None:
    board = Board().hear(OPENED, HELD)
    assert board.until(start_of(date(2013, 11, 26)) - MOMENT) == []
    assert board.until(start_of(date(2013, 11, 26))) == [f"T4 {CARE}"]
    assert board.until(start_of(date(2014, 1, 1))) == []


def test_the_lead_of_the_discussion_is_policy() -> None:
    changed = NS3.model_dump()
    changed["reminders"]["local_discussion_lead"] = "P1D"
    board = Board(Policy.model_validate(changed)).hear(OPENED, HELD)
    assert board.until(start_of(date(2013, 12, 9)) - MOMENT) == []
    assert board.until(start_of(date(2013, 12, 9))) == [f"T4 {CARE}"]


def test_a_round_without_a_date_awaits_no_discussion() -> None:
    board = Board().hear(OPENED.model_copy(update={"discussion_on": None}))
    assert board.awaited == [f"T3-round-{H2}-next"]


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
    board = Board().hear(OPENED, HELD, CLOSED)
    assert board.awaited == [f"T3-round-{H2}-next"]


def test_a_fact_that_is_told_again_changes_nothing() -> None:
    board = Board().hear(OPENED, HELD, CLOSED)
    before = {key: list(facts) for key, facts in board.reminders.items()}
    for fact in board.told[1:]:
        board.react(fact)
    assert board.reminders == before


@pytest.mark.parametrize("deadline", ["T3", "T4"])
def test_a_deadline_without_a_text_yet_tells_nobody(deadline: str) -> None:
    assert deadline in RULES
    due = ReminderDue(on=TODAY, deadline=deadline, subject=f"round-{H2}", item="next", number=1)
    assert reacting(TELLING, recorded(due, f"reminder-{deadline}-round-{H2}-next", 2)) == []
