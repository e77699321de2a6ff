"""The chief forum's monthly slot: its time, its agenda, its observers, and what was treated."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.themes.domain.forum_slot.agenda import (
    AddForumAgendaItem,
    AddRoundToAgenda,
    CarryForumAgendaItems,
)
from services.themes.domain.forum_slot.holding import Attending, HoldForumSlot
from services.themes.domain.forum_slot.known import AgendaMatter, id_of_matter
from services.themes.domain.forum_slot.observing import InviteForumObserver, WithdrawForumObserver
from services.themes.domain.forum_slot.scheduling import (
    CancelForumSlot,
    PassForumMonth,
    ScheduleForumSlot,
)
from services.themes.domain.forum_slot.state import SLOT
from services.themes.domain.forum_slot.taking_off import (
    TakeOffForumAgendaItem,
    TakeOffMovedClosing,
    TakeOffMovedRound,
    TakeOffSettledItems,
)
from services.themes.domain.theme_round import state as rounds
from shared.contracts.themes import (
    AgendaItem,
    Attendee,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumMonthPassed,
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ForumSlotCancelled,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import AgendaKind, Forum, ForumRight, Touchpoint
from shared.kernel.commands import Command, Override
from shared.kernel.events import Event
from shared.kernel.permissions import Actor, system
from shared.people import Person
from shared.policy.model import ForumPolicy
from shared.policy.periods import months_after
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person, rule
from shared.testing.kit import NS3, Given, Outcome

MONTH = "2013-09"
BEGINS = datetime(2013, 9, 2, 8, 0, tzinfo=UTC)
NETWORK, OTHER_NETWORK = UUID(int=1), UUID(int=2)
START, CLOSING, ROUND = UUID(int=11), UUID(int=12), UUID(int=13)
MEMBER = Person(person_id=person("anybody"), forums=frozenset({Forum.CHIEFS}))
ANNA, BO, GUEST, SECRETARY = person("anna"), person("bo"), person("guest"), person("secretary")
DIRECTOR = employee("director", "municipal_director")
LEAD = employee("lead", "secretariat_lead")
SYSTEM = system("put_start_on_agenda")

OTHERS = [
    employee("anyone"),
    employee("leader", "network_leader"),
    employee("reference", "reference_leader"),
    employee("participant", "participant"),
    employee("reporter", "reporter"),
]
"""Those who neither keep the slot nor sit in it, the leader of the network concerned among them."""

OPENED_ROUND = ThemeRoundOpened(on=TODAY, half_year="2013-H2", discussion_on=BEGINS.date())
OF_ROUND = AgendaItem(
    item_id=id_of_matter(AgendaKind.THEME_ROUND, "2013-H2"),
    kind=AgendaKind.THEME_ROUND,
    subject="2013-H2",
    title="Temarunden 2013-H2",
    minutes=10,
)
SCHEDULE = ScheduleForumSlot(
    month=MONTH, starts_at=BEGINS, attendees=frozenset({ANNA, BO, person("chief")})
)
SCHEDULED = ForumSlotScheduled(
    on=TODAY,
    month=MONTH,
    starts_at=BEGINS,
    minutes=20,
    attendees=tuple(sorted({ANNA, BO, person("chief")})),
)
ADD = AddForumAgendaItem(
    month=MONTH,
    kind=AgendaKind.TOUCHPOINT_START,
    subject=NETWORK,
    title="Projektledelse på tværs",
    minutes=5,
)
CANCEL = CancelForumSlot(month=MONTH, reason="Budgetseminar")
INVITE = InviteForumObserver(
    month=MONTH,
    person_id=GUEST,
    municipal_director_id=person("director"),
    secretariat_lead_id=person("lead"),
    reason="Kender netværket",
)
INVITED = ForumObserverInvited(
    on=TODAY,
    month=MONTH,
    person_id=GUEST,
    municipal_director_id=person("director"),
    secretariat_lead_id=person("lead"),
    reason_note=new_id(1),
)

WITHDRAW = WithdrawForumObserver(month=MONTH, person_id=GUEST, reason="Forvekslet")
WITHDRAWN = ForumObserverWithdrawn(on=TODAY, month=MONTH, person_id=GUEST, reason_note=new_id(1))


def added(item_id: UUID, kind: AgendaKind, subject: object, minutes: int = 5) -> Any:
    return ForumAgendaItemAdded(
        on=TODAY,
        month=MONTH,
        item=AgendaItem(
            item_id=item_id,
            kind=kind,
            subject=str(subject),
            title=f"Punkt {item_id.int}",
            minutes=minutes,
        ),
    )


STARTING = added(START, AgendaKind.TOUCHPOINT_START, NETWORK)
ENDING = added(CLOSING, AgendaKind.TOUCHPOINT_CLOSING, OTHER_NETWORK)
DISCUSSION = added(ROUND, AgendaKind.THEME_ROUND, "2013-H2", minutes=10)
AGENDA = (STARTING, ENDING, DISCUSSION)
HELD = ForumSlotHeld(
    on=TODAY,
    month=MONTH,
    attendees=(Attendee(person_id=ANNA, right=ForumRight.MEMBER),),
    treated=(START,),
    untreated=(ENDING.item, DISCUSSION.item),
    minutes_used=15,
)
CANCELLED = ForumSlotCancelled(
    on=TODAY, month=MONTH, reason="Budgetseminar", items=(), attendees=(), sequence=0
)


def told_by(outcome: Outcome) -> list[ForumAgendaItemAdded]:
    assert outcome.decision is not None
    return [each for each in outcome.decision.events if isinstance(each, ForumAgendaItemAdded)]


def slot(*facts: Event) -> Given:
    """A month's slot, and Anna, who sits in the chief forum."""
    return given(*facts).of(MONTH).knowing(ANNA, MEMBER)


def member(*who: UUID) -> tuple[Attending, ...]:
    return tuple(Attending(person_id=each, right=ForumRight.MEMBER) for each in who)


def listening(who: UUID) -> Attending:
    return Attending(person_id=who, right=ForumRight.OBSERVER)


def hold(*treated: UUID, attendees: tuple[Attending, ...] = member(ANNA)) -> HoldForumSlot:
    return HoldForumSlot(
        month=MONTH, attendees=attendees, treated=frozenset(treated), minutes_used=15
    )


# --- its time ---------------------------------------------------------------------------------


def test_the_secretariat_sets_twenty_minutes_aside_each_month() -> None:
    slot().when(SCHEDULE).then(SCHEDULED).then_warned()
    slot(SCHEDULED).when(SCHEDULE).then_nothing()


def test_a_slot_that_moves_tells_calendars_so() -> None:
    moved = SCHEDULE.model_copy(update={"starts_at": datetime(2013, 9, 19, 8, 0, tzinfo=UTC)})
    told = {"starts_at": moved.starts_at, "sequence": 1}

    slot(SCHEDULED).when(moved).then(SCHEDULED.model_copy(update=told))


@pytest.mark.parametrize("minutes", [10, 30])
def test_another_length_is_only_remarked_on(minutes: int) -> None:
    longer = SCHEDULE.model_copy(update={"minutes": minutes})

    told = SCHEDULED.model_copy(update={"minutes": minutes})
    slot().when(longer).then(told).then_warned("slot_not_20_minutes")


def test_how_long_a_slot_is_to_be_is_policy() -> None:
    half_an_hour = NS3.model_copy(update={"forum": ForumPolicy(slot_minutes=30)})
    world = slot().under(half_an_hour)

    world.when(SCHEDULE).then(SCHEDULED.model_copy(update={"minutes": 30})).then_warned()
    twenty = SCHEDULE.model_copy(update={"minutes": 20})
    world.when(twenty).then_warned("slot_not_20_minutes")


@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2013, 10, 1, 8, 0, tzinfo=UTC),
        datetime(2013, 9, 30, 22, 30, tzinfo=UTC),  # half past midnight in Denmark
        datetime(2013, 8, 31, 21, 30, tzinfo=UTC),
    ],
)
def test_a_slot_lies_in_its_month_as_the_clock_is_in_denmark(starts_at: datetime) -> None:
    with pytest.raises(ValidationError, match="in the month"):
        ScheduleForumSlot(month=MONTH, starts_at=starts_at)
    ScheduleForumSlot(month=MONTH, starts_at=datetime(2013, 8, 31, 22, 30, tzinfo=UTC))


@pytest.mark.parametrize("minutes", [0, -20])
def test_a_slot_takes_time(minutes: int) -> None:
    with pytest.raises(ValidationError):
        ScheduleForumSlot(month=MONTH, starts_at=BEGINS, minutes=minutes)


def test_a_slot_that_was_held_is_neither_moved_nor_cancelled() -> None:
    for command in (SCHEDULE, CANCEL):
        slot(SCHEDULED, HELD).when(command).then_refused("slot_already_held", "R203")


def test_what_was_on_the_agenda_of_a_cancelled_slot_goes_with_the_word() -> None:
    told = CANCELLED.model_copy(
        update={
            "items": (STARTING.item, ENDING.item),
            "attendees": SCHEDULED.attendees,
            "sequence": 1,
        }
    )
    slot(SCHEDULED, STARTING, ENDING).when(CANCEL).then(told)
    slot(SCHEDULED, STARTING, ENDING, told).when(CANCEL).then_nothing()


def test_a_month_may_be_without_a_slot_and_get_one_after_all() -> None:
    slot().when(CANCEL).then(CANCELLED)
    again = SCHEDULED.model_copy(update={"sequence": 1})
    slot(CANCELLED).when(SCHEDULE).then(again)
    gone = CANCELLED.model_copy(update={"items": (STARTING.item,)})
    later = CANCELLED.model_copy(update={"sequence": 2})
    slot(STARTING, gone, again).when(CANCEL).then(
        later.model_copy(update={"attendees": SCHEDULED.attendees})
    )


# --- its agenda -------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [SECRETARIAT, SYSTEM])
def test_an_item_is_added_once_also_before_the_slot_has_a_time(actor: Actor) -> None:
    item = AgendaItem(
        item_id=id_of_matter(AgendaKind.TOUCHPOINT_START, NETWORK),
        kind=AgendaKind.TOUCHPOINT_START,
        subject=str(NETWORK),
        title="Projektledelse på tværs",
        minutes=5,
    )
    told = ForumAgendaItemAdded(on=TODAY, month=MONTH, item=item, slot_minutes=20)

    slot().when(ADD, by=actor).then(told).then_warned()
    slot(told).when(ADD, by=actor).then_nothing()
    slot(STARTING).when(ADD, by=actor).then_nothing()


def test_the_start_and_the_closing_of_a_network_are_two_items() -> None:
    closing = ADD.model_copy(update={"kind": AgendaKind.TOUCHPOINT_CLOSING})

    outcome = slot(STARTING).when(closing)
    assert outcome.decision is not None
    assert len(outcome.decision.events) == 1


def test_an_item_without_a_subject_goes_by_its_title() -> None:
    news = AddForumAgendaItem(month=MONTH, kind=AgendaKind.OTHER, title="Nyt", minutes=5)
    more = news.model_copy(update={"title": "Eventuelt"})
    told = slot().when(news).decision
    assert told is not None

    slot(*told.events).when(news).then_nothing()
    outcome = slot(*told.events).when(more)
    assert outcome.decision is not None
    assert len(outcome.decision.events) == 1


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("touchpoint_start", None),
        ("touchpoint_closing", "2013-H2"),
        ("theme_round", None),
        ("theme_round", str(NETWORK)),
        ("other", "2013"),
    ],
)
def test_a_touchpoint_is_about_a_network_and_a_round_about_a_half_year(
    kind: str, subject: str | None
) -> None:
    body = {"month": MONTH, "kind": kind, "subject": subject, "title": "T", "minutes": 5}
    with pytest.raises(ValidationError):
        AddForumAgendaItem.model_validate(body)


def test_an_agenda_that_is_longer_than_the_slot_is_only_remarked_on() -> None:
    six = ADD.model_copy(update={"minutes": 6})
    slot(SCHEDULED, ENDING, DISCUSSION).when(six).then_warned("agenda_over_slot")
    slot(ENDING, DISCUSSION).when(six).then_warned("agenda_over_slot")
    slot(SCHEDULED, ENDING, DISCUSSION).when(ADD).then_warned()

    full = added(START, AgendaKind.TOUCHPOINT_START, NETWORK, minutes=6)
    slot(full, ENDING, DISCUSSION).when(SCHEDULE).then_warned("agenda_over_slot")


@pytest.mark.parametrize(
    ("over", "code"), [((SCHEDULED, HELD), "slot_already_held"), ((CANCELLED,), "slot_cancelled")]
)
def test_nobody_adds_to_a_slot_that_is_over_but_what_follows_from_facts_goes_on(
    over: tuple[Event, ...], code: str
) -> None:
    slot(*over).when(ADD).then_refused(code, "R203")
    slot(*over).when(INVITE, by=LEAD).then_refused(code, "R203")

    (told,) = told_by(slot(*over).when(ADD, by=SYSTEM).then_warned())
    assert told.late


def test_what_a_touchpoint_and_a_round_take_is_policy() -> None:
    shorter = ForumPolicy(slot_minutes=20, touchpoint_minutes=3, round_minutes=8)
    of_round = AddForumAgendaItem(
        month=MONTH, kind=AgendaKind.THEME_ROUND, subject="2013-H2", title="Temarunden"
    )
    of_network = ADD.model_copy(update={"minutes": None})
    for policy, minutes in ((NS3, [5, 10]), (NS3.model_copy(update={"forum": shorter}), [3, 8])):
        taken = []
        for command in (of_network, of_round):
            (told,) = told_by(slot().under(policy).when(command, by=SYSTEM))
            taken.append(told.item.minutes)
        assert taken == minutes
    with pytest.raises(ValidationError, match="how many minutes"):
        AddForumAgendaItem(month=MONTH, kind=AgendaKind.OTHER, title="Nyt")


def test_what_has_been_treated_is_put_on_no_agenda_again() -> None:
    matter = id_of_matter(AgendaKind.TOUCHPOINT_START, NETWORK)
    treated = slot().knowing(matter, AgendaMatter(treated_in=("2013-08",)))

    treated.when(ADD).then_refused("agenda_item_settled", "R86")
    treated.when(ADD, by=SYSTEM).then_nothing()


def test_the_secretariat_takes_an_item_off_and_it_does_not_come_back_of_itself() -> None:
    take_off = TakeOffForumAgendaItem(month=MONTH, item_id=START)
    told = ForumAgendaItemTakenOff(on=TODAY, month=MONTH, item=STARTING.item)
    again = CarryForumAgendaItems(month=MONTH, left="2013-08", items=(STARTING.item,))

    slot(STARTING, ENDING).when(take_off).then(told)
    slot(STARTING, ENDING, told).when(take_off).then_nothing()
    slot(STARTING, ENDING, told).when(again, by=SYSTEM).then_nothing()
    slot(SCHEDULED, STARTING, HELD).when(take_off).then_refused("slot_already_held", "R203")
    october = datetime(2013, 10, 1, 8, 0, tzinfo=UTC)
    slot(STARTING).at(october).when(take_off).then_refused("forum_month_passed", "R203")


def test_there_is_nothing_to_take_off_that_was_never_on_the_agenda() -> None:
    take_off = TakeOffForumAgendaItem(month=MONTH, item_id=START)
    for world in (slot(ENDING), slot()):  # the second is a month that nobody has spoken of
        refusal = world.when(take_off).then_refused("unknown").refusal
        assert refusal is not None
        assert (refusal.status, refusal.rule) == (404, "")


def test_a_round_whose_discussion_has_another_day_neither_comes_nor_stays() -> None:
    day, later = BEGINS.date(), date(2013, 11, 7)
    elsewhere = OPENED_ROUND.model_copy(update={"discussion_on": later})
    moved = ForumAgendaItemTakenOff(on=TODAY, month=MONTH, item=OF_ROUND, moved=True)
    add = AddRoundToAgenda(
        month=MONTH,
        kind=AgendaKind.THEME_ROUND,
        subject="2013-H2",
        title=OF_ROUND.title,
        discussion_on=day,
    )
    take_off = TakeOffMovedRound(month=MONTH, half_year="2013-H2", discussion_on=later)
    on_agenda = ForumAgendaItemAdded(on=TODAY, month=MONTH, item=OF_ROUND, slot_minutes=20)

    def world(opened: ThemeRoundOpened, *facts: Event) -> Given:
        return slot(*facts).besides(rounds.ROUND, "2013-H2", opened)

    world(OPENED_ROUND).when(add, by=SYSTEM).then(on_agenda)
    world(OPENED_ROUND, on_agenda).when(add, by=SYSTEM).then_nothing()
    world(elsewhere).when(add, by=SYSTEM).then_nothing()
    world(elsewhere, on_agenda).when(take_off, by=SYSTEM).then(moved)
    world(OPENED_ROUND, on_agenda).when(take_off, by=SYSTEM).then_nothing()
    world(elsewhere, on_agenda, moved).when(take_off, by=SYSTEM).then_nothing()
    world(OPENED_ROUND, on_agenda, moved).when(add, by=SYSTEM).then(on_agenda)
    october = datetime(2013, 10, 1, 8, 0, tzinfo=UTC)
    world(elsewhere, on_agenda).at(october).when(take_off, by=SYSTEM).then_nothing()


@pytest.mark.parametrize("actor", [CHIEF, DIRECTOR, SYSTEM, *OTHERS])
def test_nobody_else_takes_an_item_off(actor: Actor) -> None:
    take_off = TakeOffForumAgendaItem(month=MONTH, item_id=START)
    slot(STARTING).when(take_off, by=actor).then_refused("not_allowed")


@pytest.mark.parametrize(
    "command",
    [
        CarryForumAgendaItems(month=MONTH, left="2013-08", items=(STARTING.item,)),
        TakeOffSettledItems(month=MONTH, items=frozenset({START})),
        TakeOffMovedRound(month=MONTH, half_year="2013-H2"),
        TakeOffMovedClosing(month=MONTH, network_id=NETWORK, to="2013-08"),
        PassForumMonth(month=MONTH),
    ],
)
@pytest.mark.parametrize("actor", [SECRETARIAT, CHIEF, DIRECTOR, *OTHERS])
def test_what_follows_of_itself_is_asked_for_by_nobody(
    actor: Actor, command: Command[Any, Any]
) -> None:
    slot(STARTING).when(command, by=actor).then_refused("not_allowed")


def test_a_month_that_goes_by_lets_its_items_go_on_and_can_still_be_told_of() -> None:
    october = datetime(2013, 10, 1, 8, 0, tzinfo=UTC)
    passing = PassForumMonth(month=MONTH)
    passed = ForumMonthPassed(on=date(2013, 10, 1), month=MONTH, items=(STARTING.item,))

    slot(SCHEDULED, STARTING).at(october).when(passing, by=SYSTEM).then(passed)
    slot(SCHEDULED, STARTING, passed).at(october).when(passing, by=SYSTEM).then_nothing()
    for over in ((SCHEDULED, HELD), (CANCELLED,)):
        slot(*over).at(october).when(passing, by=SYSTEM).then_nothing()
    outcome = slot(SCHEDULED, STARTING, passed).at(october).when(hold(START))
    outcome.then_warned()


def test_what_comes_to_a_month_that_has_gone_by_goes_on_at_once() -> None:
    october = datetime(2013, 10, 1, 8, 0, tzinfo=UTC)
    (told,) = told_by(slot().at(october).when(ADD))
    assert told.late


@pytest.mark.parametrize("ahead", [-120, -2, 13, 120])
def test_a_month_that_is_long_gone_or_far_ahead_is_planned_by_nobody(ahead: int) -> None:
    for command, by in planning(months_after(MONTH, ahead)):
        world = given().of(command.month)
        refused = world.when(command, by=by).then_refused("forum_month_out_of_reach", "R203")
        assert refused.refusal is not None
        assert refused.refusal.facts["first"] == "2013-08"
        assert refused.refusal.facts["last"] == "2014-09"


@pytest.mark.parametrize("ahead", [-1, 0, 12])
def test_a_month_from_the_last_to_twelve_ahead_is_planned(ahead: int) -> None:
    for command, by in planning(months_after(MONTH, ahead)):
        decision = given().of(command.month).when(command, by=by).decision
        assert decision is not None
        assert len(decision.events) == 1


def test_what_follows_of_itself_comes_to_any_month_and_a_slot_that_has_a_time_is_cancelled() -> (
    None
):
    for ahead in (-120, 120):
        add = ADD.model_copy(update={"month": months_after(MONTH, ahead)})
        (told,) = told_by(given().of(add.month).when(add, by=SYSTEM))
        assert told.late == (ahead < 0)
    (scheduled, _), (cancel, _), *_ = planning("2003-09")
    before = SCHEDULED.model_copy(
        update={"month": "2003-09", "starts_at": scheduled.starts_at, "sequence": 0}
    )
    decision = given(before).of("2003-09").when(cancel).decision
    assert decision is not None
    assert len(decision.events) == 1


def planning(month: str) -> tuple[tuple[Any, Actor], ...]:
    """What somebody plans of a month, and who."""
    starts_at = datetime.fromisoformat(f"{month}-12T08:00:00+00:00")
    return (
        (ScheduleForumSlot(month=month, starts_at=starts_at), SECRETARIAT),
        (CANCEL.model_copy(update={"month": month}), SECRETARIAT),
        (ADD.model_copy(update={"month": month}), SECRETARIAT),
        (INVITE.model_copy(update={"month": month}), LEAD),
    )


def test_the_closing_of_a_network_that_has_announced_none_is_remarked_on() -> None:
    closing = ADD.model_copy(update={"kind": AgendaKind.TOUCHPOINT_CLOSING})
    item = id_of_matter(AgendaKind.TOUCHPOINT_CLOSING, NETWORK)
    slot().when(closing).then_warned("closing_not_announced")
    slot().when(closing, by=SYSTEM).then_warned()
    slot().when(ADD).then_warned()
    announced = AgendaMatter(is_announced=True)
    slot().knowing(item, announced).when(closing).then_warned()


def test_a_closing_that_is_moved_is_taken_off_and_may_come_back() -> None:
    closing = id_of_matter(AgendaKind.TOUCHPOINT_CLOSING, NETWORK)
    told = added(closing, AgendaKind.TOUCHPOINT_CLOSING, NETWORK)
    off = ForumAgendaItemTakenOff(on=TODAY, month=MONTH, item=told.item, moved=True)
    take_off = TakeOffMovedClosing(month=MONTH, network_id=NETWORK, to="2013-10")
    there = told.model_copy(update={"month": "2013-10"})

    slot(STARTING, told).besides(SLOT, "2013-10", there).when(take_off, by=SYSTEM).then(off)
    slot(STARTING, told, off).besides(SLOT, "2013-10", there).when(
        take_off, by=SYSTEM
    ).then_nothing()
    slot(SCHEDULED, told, HELD).besides(SLOT, "2013-10", there).when(
        take_off, by=SYSTEM
    ).then_nothing()
    slot(told, CANCELLED).besides(SLOT, "2013-10", there).when(take_off, by=SYSTEM).then(off)
    too_late = told.model_copy(update={"late": True})
    slot(CANCELLED, too_late).besides(SLOT, "2013-10", there).when(take_off, by=SYSTEM).then(
        off.model_copy(update={"late": True})
    )
    again = CarryForumAgendaItems(month=MONTH, left="2013-08", items=(told.item,))
    assert told_by(slot(told, off).when(again, by=SYSTEM))
    before = slot().besides(SLOT, "2013-08", told, off)
    before.when(again, by=SYSTEM).then_nothing()
    assert told_by(slot().besides(SLOT, "2013-08", told, off, told).when(again, by=SYSTEM))


# --- its observers ----------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [DIRECTOR, LEAD])
def test_director_or_head_of_secretariat_invites_and_both_are_named(actor: Actor) -> None:
    slot(SCHEDULED).when(INVITE, by=actor).then(INVITED)
    slot(SCHEDULED, INVITED).when(INVITE, by=actor).then_nothing()
    for missing in ("municipal_director_id", "secretariat_lead_id"):
        alone = INVITE.model_copy(update={missing: None})
        slot(SCHEDULED).when(alone, by=actor).then_refused("both_must_be_named", "R202")
    same = INVITE.model_copy(update={"secretariat_lead_id": INVITE.municipal_director_id})
    slot(SCHEDULED).when(same, by=actor).then_refused("both_must_be_named", "R202")


@pytest.mark.parametrize("actor", [DIRECTOR, LEAD])
def test_who_records_an_invitation_is_the_one_named_in_that_role(actor: Actor) -> None:
    named = {"municipal_director_id": person("lead"), "secretariat_lead_id": person("director")}
    swapped = INVITE.model_copy(update=named)
    slot().when(swapped, by=actor).then_refused("recorder_not_named", "R202")

    strangers = {"municipal_director_id": person("x"), "secretariat_lead_id": person("y")}
    others = INVITE.model_copy(update=strangers)
    slot().when(others, by=actor).then_refused("recorder_not_named", "R202")


def test_the_director_is_no_observer_and_why_somebody_is_invited_is_a_note() -> None:
    invited = INVITE.model_copy(update={"person_id": person("director")})
    slot().when(invited, by=DIRECTOR).then_refused("director_is_no_observer", "R202")

    decision = slot().when(INVITE, by=LEAD).decision
    assert decision is not None
    assert [(each.text, each.about) for each in decision.notes] == [("Kender netværket", GUEST)]


def test_a_director_who_is_not_known_as_one_and_a_member_who_is_invited_are_remarked_on() -> None:
    director = Person(person_id=person("director"), forums=frozenset({Forum.DIRECTORS}))
    student = Person(person_id=person("director"))
    world = slot().knowing(GUEST, Person(person_id=GUEST))

    world.when(INVITE, by=LEAD).then_warned("director_not_known")
    world.knowing(person("director"), student).when(INVITE, by=LEAD).then_warned(
        "director_not_known"
    )
    world.knowing(person("director"), director).when(INVITE, by=LEAD).then_warned()
    world.when(INVITE, by=DIRECTOR).then_warned()
    slot().knowing(GUEST, MEMBER).when(INVITE, by=DIRECTOR).then_warned("observer_is_member")


@pytest.mark.parametrize("actor", [SECRETARIAT, CHIEF, SYSTEM, *OTHERS])
def test_nobody_else_invites_an_observer(actor: Actor) -> None:
    slot(SCHEDULED).when(INVITE, by=actor).then_refused("not_allowed")


@rule("R202")
@pytest.mark.parametrize("actor", [DIRECTOR, LEAD])
def test_an_invitation_by_mistake_is_withdrawn_once_and_may_be_made_again(actor: Actor) -> None:
    slot(SCHEDULED, INVITED).when(WITHDRAW, by=actor).then(WITHDRAWN)
    slot(SCHEDULED, INVITED, WITHDRAWN).when(WITHDRAW, by=actor).then_nothing()
    slot(SCHEDULED, INVITED, WITHDRAWN).when(INVITE, by=actor).then(INVITED)
    slot(SCHEDULED, INVITED, WITHDRAWN, INVITED).when(WITHDRAW, by=actor).then(WITHDRAWN)


def test_only_who_was_invited_is_withdrawn_and_why_is_a_note() -> None:
    slot(SCHEDULED).when(WITHDRAW, by=LEAD).then_refused("unknown")
    slot().when(WITHDRAW, by=LEAD).then_refused("unknown")

    decision = slot(INVITED).when(WITHDRAW, by=LEAD).decision
    assert decision is not None
    assert [(each.text, each.about) for each in decision.notes] == [("Forvekslet", GUEST)]


def test_an_invitation_is_withdrawn_from_a_cancelled_slot_and_not_from_one_that_was_held() -> None:
    slot(SCHEDULED, INVITED, HELD).when(WITHDRAW, by=LEAD).then_refused("slot_already_held", "R203")
    cancelled = CANCELLED.model_copy(update={"sequence": 1})
    slot(SCHEDULED, INVITED, cancelled).when(WITHDRAW, by=LEAD).then(WITHDRAWN)


def test_whose_invitation_was_withdrawn_does_not_only_listen() -> None:
    held = slot(SCHEDULED, INVITED, WITHDRAWN)
    held.when(hold(attendees=(*member(ANNA), listening(GUEST)))).then_warned("observer_not_invited")
    counted = held.when(hold(attendees=member(ANNA, GUEST)))
    assert counted.refusal is None


@pytest.mark.parametrize("actor", [SECRETARIAT, CHIEF, SYSTEM, *OTHERS])
def test_nobody_else_withdraws_an_invitation(actor: Actor) -> None:
    slot(SCHEDULED, INVITED).when(WITHDRAW, by=actor).then_refused("not_allowed")


# --- held -------------------------------------------------------------------------------------


def test_a_treated_touchpoint_is_recorded_and_what_is_left_remarked_on() -> None:
    slot(SCHEDULED, *AGENDA).when(hold(START)).then(
        HELD,
        ForumTouchpointRecorded(
            on=TODAY, month=MONTH, network_id=NETWORK, touchpoint=Touchpoint.START
        ),
    ).then_warned("items_not_treated")
    slot(SCHEDULED, *AGENDA, HELD).when(hold(START)).then_nothing()


def test_what_is_left_is_named_whole_and_without_two_full_stops() -> None:
    left = added(CLOSING, AgendaKind.TOUCHPOINT_CLOSING, OTHER_NETWORK)
    left = left.model_copy(update={"item": left.item.model_copy(update={"title": "Afslutning."})})
    decided = slot(SCHEDULED, STARTING, left).when(hold(START)).decision
    assert decided is not None
    [remark] = decided.envelope.warnings
    assert remark.facts["titles"] == ("Afslutning",)


def test_more_that_was_treated_is_told_again_with_what_is_new() -> None:
    told = HELD.model_copy(update={"treated": (START, CLOSING, ROUND), "untreated": ()})

    slot(SCHEDULED, *AGENDA, HELD).when(hold(CLOSING, ROUND)).then(
        told,
        ForumTouchpointRecorded(
            on=TODAY, month=MONTH, network_id=OTHER_NETWORK, touchpoint=Touchpoint.CLOSING
        ),
    ).then_warned()


def test_what_was_treated_was_on_the_agenda_and_stays_treated() -> None:
    slot(SCHEDULED, STARTING).when(hold(CLOSING)).then_refused("unknown")
    outcome = slot(SCHEDULED, *AGENDA, HELD).when(hold(attendees=member(ANNA, BO)))
    assert outcome.decision is not None
    (told,) = outcome.decision.events
    assert isinstance(told, ForumSlotHeld)
    assert told.treated == (START,)


def test_only_a_slot_with_a_time_that_is_not_cancelled_is_held() -> None:
    slot(STARTING).when(hold()).then_refused("slot_not_scheduled", "R203")
    cancelled = CANCELLED.model_copy(update={"sequence": 1})
    slot(SCHEDULED, cancelled).when(hold()).then_refused("slot_cancelled", "R203")
    slot().when(hold()).then_refused("unknown")


def test_who_only_listens_is_no_member() -> None:
    held = slot(SCHEDULED, INVITED)
    secretary = (*member(ANNA), listening(SECRETARY))

    held.when(hold(attendees=member(ANNA, GUEST))).then_refused(
        "observer_recorded_as_member", "R201"
    )
    held.when(hold(attendees=member(SECRETARY))).then_refused("observer_recorded_as_member", "R201")
    held.when(hold(attendees=(*member(ANNA), listening(GUEST)))).then_warned()
    held.when(hold(attendees=secretary)).then_warned("observer_not_invited")


def test_a_slot_is_held_on_its_day_and_not_before() -> None:
    later = SCHEDULED.model_copy(update={"starts_at": datetime(2013, 9, 12, 8, 0, tzinfo=UTC)})
    world = slot(later, STARTING)
    for actor in (SECRETARIAT, CHIEF):
        world.when(hold(START), by=actor).then_refused("slot_not_yet_held", "R203")
    on_its_day = world.at(datetime(2013, 9, 12, 6, 0, tzinfo=UTC))
    on_its_day.when(hold(START)).then_warned()


def test_the_secretariat_tells_anew_who_was_there_and_a_chief_does_not() -> None:
    right = member(BO)
    told = HELD.model_copy(
        update={"attendees": tuple(Attendee(**each.model_dump()) for each in right)}
    )
    world = slot(SCHEDULED, *AGENDA, HELD).knowing(BO, MEMBER)

    without_time = hold(attendees=right).model_copy(update={"minutes_used": None})
    world.when(without_time).then(told)
    world.when(hold(START, attendees=right), by=CHIEF).then_nothing()


def test_a_member_is_somebody_whom_the_directory_does_not_know_as_none() -> None:
    world = slot(SCHEDULED).knowing(BO, Person(person_id=BO))
    world.when(hold(attendees=member(ANNA))).then_warned()
    world.when(hold(attendees=member(ANNA, GUEST))).then_warned("not_in_chief_forum")
    both = hold(attendees=member(ANNA, BO))
    world.when(both).then_refused("decider_not_in_chief_forum", "R200")

    aside = Override(rules=frozenset({"R200"}), reason="Konstitueret")
    overriding = both.model_copy(update={"override": aside})
    told = world.when(overriding).then_overrode("R200").decision
    assert told is not None
    again = slot(SCHEDULED, *told.events).knowing(BO, Person(person_id=BO))
    again.when(both).then_nothing()
    alone = overriding.model_copy(update={"attendees": member(BO)})
    world.when(alone).then_refused("override_not_allowed", "R200")


def test_a_member_who_was_invited_all_the_same_is_a_member() -> None:
    invited = slot(SCHEDULED, INVITED)
    invited.knowing(GUEST, MEMBER).when(hold(attendees=member(GUEST))).then_warned()
    stranger = invited.knowing(GUEST, Person(person_id=GUEST))
    refused = stranger.when(hold(attendees=member(GUEST)))
    refused.then_refused("observer_recorded_as_member", "R201")


def test_a_chief_who_tells_more_only_adds_touchpoints() -> None:
    adding = HoldForumSlot(
        month=MONTH, attendees=member(BO), treated=frozenset({CLOSING}), minutes_used=99
    )
    slot(SCHEDULED, *AGENDA, HELD).when(adding, by=CHIEF).then(
        HELD.model_copy(update={"treated": (START, CLOSING), "untreated": (DISCUSSION.item,)}),
        ForumTouchpointRecorded(
            on=TODAY, month=MONTH, network_id=OTHER_NETWORK, touchpoint=Touchpoint.CLOSING
        ),
    )


def test_a_touchpoint_that_another_month_treated_is_not_recorded_again() -> None:
    elsewhere = AgendaMatter(months=("2013-08", MONTH), treated_in=("2013-08",))
    decision = slot(SCHEDULED, *AGENDA).knowing(START, elsewhere).when(hold(START)).decision
    assert decision is not None
    assert [type(each) for each in decision.events] == [ForumSlotHeld]


@rule("R204")
def test_not_all_of_the_chief_forum_have_to_be_there() -> None:
    assert len(SCHEDULED.attendees) == 3
    world = slot(SCHEDULED)
    for each in SCHEDULED.attendees:
        world = world.knowing(each, MEMBER)
    for there in (member(ANNA), member(ANNA, BO), member(*SCHEDULED.attendees)):
        world.when(hold(attendees=there)).then_warned()


def test_a_person_is_there_once() -> None:
    with pytest.raises(ValidationError):
        hold(attendees=(*member(ANNA), listening(ANNA)))
    with pytest.raises(ValidationError):
        hold(attendees=())


def test_the_chief_forum_itself_records_touchpoints_and_nothing_else() -> None:
    world = slot(SCHEDULED, *AGENDA, HELD)

    world.when(hold(START, CLOSING), by=CHIEF).then_warned("items_not_treated")
    for treated in ((), (ROUND,), (START, ROUND)):
        world.when(hold(*treated), by=CHIEF).then_refused("not_allowed")
    world.when(hold(START), by=CHIEF).then_nothing()


def test_no_chief_is_the_first_to_say_that_a_slot_was_held() -> None:
    outcome = slot(SCHEDULED, *AGENDA).when(hold(START), by=CHIEF).then_refused("not_allowed")
    assert outcome.refusal is not None
    assert outcome.refusal.facts["who"] == "secretariat"


@pytest.mark.parametrize("actor", [CHIEF, DIRECTOR, *OTHERS])
@pytest.mark.parametrize("command", [SCHEDULE, CANCEL, ADD])
def test_only_the_secretariat_keeps_the_slot(actor: Actor, command: Command[Any, Any]) -> None:
    slot(SCHEDULED).when(command, by=actor).then_refused("not_allowed")


@pytest.mark.parametrize("actor", [DIRECTOR, *OTHERS])
def test_who_keeps_no_slot_and_is_no_chief_records_no_touchpoint(actor: Actor) -> None:
    slot(SCHEDULED, *AGENDA).when(hold(START), by=actor).then_refused("not_allowed")


@pytest.mark.parametrize("command", [SCHEDULE, CANCEL, INVITE])
def test_the_system_only_fills_the_agenda(command: Command[Any, Any]) -> None:
    slot().when(command, by=SYSTEM).then_refused("not_allowed")


# --- two at once ------------------------------------------------------------------------------


def test_of_two_who_schedule_at_once_the_second_moves_what_the_first_set() -> None:
    other = SCHEDULE.model_copy(update={"starts_at": datetime(2013, 9, 19, 8, 0, tzinfo=UTC)})
    first = slot().when(SCHEDULE).decision
    assert first is not None

    second = slot(*first.events).when(other)
    second.then(SCHEDULED.model_copy(update={"starts_at": other.starts_at, "sequence": 1}))
    slot(*first.events).when(SCHEDULE).then_nothing()


def test_of_two_who_hold_at_once_each_touchpoint_is_recorded_once() -> None:
    first = slot(SCHEDULED, *AGENDA).when(hold(START)).decision
    assert first is not None
    second = slot(SCHEDULED, *AGENDA, *first.events).when(hold(START, CLOSING)).decision
    assert second is not None

    facts = (*first.events, *second.events)
    touchpoints = [each.touchpoint for each in facts if isinstance(each, ForumTouchpointRecorded)]
    assert touchpoints == [Touchpoint.START, Touchpoint.CLOSING]


def test_who_cancels_while_another_holds_is_refused() -> None:
    first = slot(SCHEDULED, *AGENDA).when(hold(START)).decision
    assert first is not None
    slot(SCHEDULED, *AGENDA, *first.events).when(CANCEL).then_refused("slot_already_held", "R203")
