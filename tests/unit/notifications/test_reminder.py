"""A reminder speaks up once at its date, moves with it, and is silent when the awaited has come."""

from datetime import date, timedelta

from services.notifications.domain.reminder import (
    CancelReminder,
    FireReminder,
    ScheduleReminder,
    reminder_key,
)
from services.notifications.projections import VIEWS, DeadlineBoard
from shared.contracts.notifications import ReminderCancelled, ReminderDue, ReminderScheduled
from shared.kernel.permissions import system
from shared.policy.periods import start_of
from shared.testing import NOW, SECRETARIAT, TODAY, folded, given, recorded, rule
from shared.testing.kit import NS3

SYSTEM = system("test")
NETWORK = "network-1"
STARTS = date(2013, 9, 20)
DUE = start_of(date(2013, 9, 13))
PHASE = ScheduleReminder(deadline="T11", subject=NETWORK, item="intensive_1", awaited=STARTS)
PARTY = ScheduleReminder(deadline="T14", subject=NETWORK, item="line_manager", awaited=TODAY)
FIRE = FireReminder()
CAME = CancelReminder(because="e1")


def scheduled(
    command: ScheduleReminder = PHASE, due: date = date(2013, 9, 13)
) -> ReminderScheduled:
    return ReminderScheduled(
        on=TODAY,
        deadline=command.deadline,
        subject=NETWORK,
        item=command.item,
        due_at=start_of(due),
        awaited_on=start_of(command.awaited),
    )


def due(number: int = 1, command: ScheduleReminder = PHASE, on: date = TODAY) -> ReminderDue:
    return ReminderDue(
        on=on, deadline=command.deadline, subject=NETWORK, item=command.item, number=number
    )


def test_a_phase_is_awaited_a_week_ahead() -> None:
    given().when(PHASE, by=SYSTEM).then(scheduled())
    given(scheduled()).when(PHASE, by=SYSTEM).then_nothing()


@rule("R99")
def test_the_lead_is_policy() -> None:
    sooner = NS3.model_dump()
    sooner["reminders"]["phase_start_lead"] = "P3D"
    changed = type(NS3).model_validate(sooner)
    given().under(changed).when(PHASE, by=SYSTEM).then(scheduled(due=date(2013, 9, 17)))


def test_it_moves_with_the_plan() -> None:
    later = PHASE.model_copy(update={"awaited": STARTS + timedelta(days=14)})
    given(scheduled()).when(later, by=SYSTEM).then(scheduled(later, date(2013, 9, 27)))


def test_a_plan_at_short_notice_is_due_at_once() -> None:
    tomorrow = PHASE.model_copy(update={"awaited": TODAY + timedelta(days=1)})
    outcome = given().when(tomorrow, by=SYSTEM)
    assert outcome.decision
    (fact,) = outcome.decision.events
    assert isinstance(fact, ReminderScheduled)
    assert fact.due_at == NOW


def test_what_is_past_when_first_heard_of_is_let_lie() -> None:
    past = PHASE.model_copy(update={"awaited": TODAY - timedelta(days=1)})
    given().when(past, by=SYSTEM).then_nothing()
    given(scheduled()).when(past, by=SYSTEM).then(ReminderCancelled(on=TODAY, because="past"))


def test_it_fires_once_and_not_before_it_is_due() -> None:
    given(scheduled()).when(FIRE, by=SYSTEM).then_nothing()
    given(scheduled()).at(DUE).when(FIRE, by=SYSTEM).then(due(on=date(2013, 9, 13)))
    given(scheduled(), due()).at(DUE).when(FIRE, by=SYSTEM).then_nothing()


def test_it_speaks_up_once_for_a_date_however_often_the_plan_is_told() -> None:
    spoken = given(scheduled(), due(on=date(2013, 9, 13))).at(DUE)
    spoken.when(PHASE, by=SYSTEM).then_nothing()
    later = PHASE.model_copy(update={"awaited": STARTS + timedelta(days=14)})
    moved = scheduled(later, date(2013, 9, 27)).model_copy(update={"on": date(2013, 9, 13)})
    spoken.when(later, by=SYSTEM).then(moved)


def test_it_is_silent_when_the_awaited_has_come() -> None:
    given(scheduled()).when(CAME, by=SYSTEM).then(ReminderCancelled(on=TODAY, because="e1"))
    given(scheduled(), ReminderCancelled(on=TODAY, because="e1")).at(DUE).when(
        FIRE, by=SYSTEM
    ).then_nothing()
    given().when(CAME, by=SYSTEM).then_nothing()


@rule("R146")
def test_a_party_is_asked_again_every_week_until_it_agrees() -> None:
    first = date(2013, 9, 9)
    waiting = scheduled(PARTY, first)
    given().when(PARTY, by=SYSTEM).then(waiting)
    again = waiting.model_copy(update={"on": first, "due_at": start_of(date(2013, 9, 16))})
    given(waiting).at(start_of(first)).when(FIRE, by=SYSTEM).then(due(1, PARTY, first), again)
    given(waiting, due(1, PARTY, first), again).at(start_of(date(2013, 9, 16))).when(
        FIRE, by=SYSTEM
    ).then(
        due(2, PARTY, date(2013, 9, 16)),
        again.model_copy(update={"on": date(2013, 9, 16), "due_at": start_of(date(2013, 9, 23))}),
    )


def test_a_party_that_was_asked_already_is_not_asked_sooner_when_it_is_scheduled_again() -> None:
    first = date(2013, 9, 9)
    again = scheduled(PARTY, date(2013, 9, 16))
    given(scheduled(PARTY, first), due(1, PARTY, first), again).at(start_of(first)).when(
        PARTY, by=SYSTEM
    ).then_nothing()


def test_an_old_contract_is_asked_for_at_the_next_turn_and_not_for_each_week_gone_by() -> None:
    old = PARTY.model_copy(update={"awaited": TODAY - timedelta(days=30)})
    given().when(old, by=SYSTEM).then(scheduled(old, date(2013, 9, 7)))


def test_nobody_but_the_system_sets_a_reminder() -> None:
    given().when(PHASE, by=SECRETARIAT).then_refused("not_allowed")


def test_the_board_shows_what_is_awaited_and_what_was_due() -> None:
    view = next(view for view in VIEWS if view.row is DeadlineBoard)
    stream = f"reminder-{reminder_key('T11', NETWORK, 'intensive_1')}"
    waiting = [recorded(scheduled(), stream, 1)]
    (row,) = folded(view, waiting).values()
    assert isinstance(row, DeadlineBoard)
    assert (row.state, row.due_at) == ("scheduled", DUE)
    (row,) = folded(view, [*waiting, recorded(due(), stream, 2)]).values()
    assert isinstance(row, DeadlineBoard)
    assert (row.state, row.due_at, row.times) == ("due", None, 1)
