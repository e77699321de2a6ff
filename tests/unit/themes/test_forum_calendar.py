"""The calendar of the chief forum's slots: what is there, what is missing, and who reads it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from services.themes.projections.forum_agenda import FORUM_AGENDA
from services.themes.projections.forum_calendar import FORUM_CALENDAR
from services.themes.queries.forum_slots import as_seen
from services.themes.queries.themes import READERS
from shared.contracts.themes import (
    AgendaItem,
    Attendee,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumMonthPassed,
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ForumSlotCancelled,
    ForumSlotEvent,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import AgendaKind, ForumRight, ForumSlotState, Touchpoint
from shared.kernel.events import Recorded
from shared.kernel.permissions import Actor
from shared.kernel.views import View
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    new_id,
    person,
    recorded,
    rule,
)

MONTH = "2013-09"
BEGINS = datetime(2013, 9, 12, 8, 0, tzinfo=UTC)
NETWORK, OTHER = UUID(int=1), UUID(int=2)
ANNA, GUEST = person("anna"), person("guest")


def item(number: int, kind: AgendaKind, minutes: int = 5, subject: str | None = None) -> AgendaItem:
    return AgendaItem(
        item_id=UUID(int=number),
        kind=kind,
        subject=subject,
        title=f"Punkt {number}",
        minutes=minutes,
    )


STARTING = item(11, AgendaKind.TOUCHPOINT_START, subject=str(NETWORK))
DISCUSSION = item(12, AgendaKind.THEME_ROUND, minutes=18, subject="2013-H2")


def scheduled(month: str = MONTH, minutes: int = 20) -> ForumSlotScheduled:
    year, number = month.split("-")
    starts_at = BEGINS.replace(year=int(year), month=int(number))
    return ForumSlotScheduled(
        on=TODAY, month=month, starts_at=starts_at, minutes=minutes, attendees=(ANNA,)
    )


def added(what: AgendaItem, month: str = MONTH) -> ForumAgendaItemAdded:
    return ForumAgendaItemAdded(on=TODAY, month=month, item=what)


def cancelled(month: str = MONTH, *items: AgendaItem) -> ForumSlotCancelled:
    return ForumSlotCancelled(
        on=TODAY, month=month, reason="Ferie", items=items, attendees=(), sequence=1
    )


def passed(month: str, *items: AgendaItem) -> ForumMonthPassed:
    return ForumMonthPassed(on=TODAY, month=month, items=items)


INVITED = ForumObserverInvited(
    on=TODAY,
    month=MONTH,
    person_id=GUEST,
    municipal_director_id=person("director"),
    secretariat_lead_id=person("lead"),
    reason_note=new_id(1),
)
HELD = ForumSlotHeld(
    on=TODAY,
    month=MONTH,
    attendees=(
        Attendee(person_id=ANNA, right=ForumRight.MEMBER),
        Attendee(person_id=GUEST, right=ForumRight.OBSERVER),
    ),
    treated=(STARTING.item_id,),
    untreated=(DISCUSSION,),
    minutes_used=12,
)
TREATED = ForumTouchpointRecorded(
    on=TODAY, month=MONTH, network_id=NETWORK, touchpoint=Touchpoint.START
)


def of(month: str, *events: ForumSlotEvent) -> list[Recorded[Any]]:
    return [recorded(event, f"slot-{month}", number) for number, event in enumerate(events, 1)]


WHOLE = of(MONTH, added(STARTING), added(DISCUSSION), scheduled(), INVITED, HELD, TREATED)


def test_a_month_tells_its_slot_its_agenda_and_what_was_treated() -> None:
    row = folded(FORUM_CALENDAR, WHOLE)[MONTH]

    assert (row.state, row.starts_at, row.minutes) == (ForumSlotState.HELD, BEGINS, 20)
    assert (tuple(row.titles.values()), row.agenda_minutes) == (("Punkt 11", "Punkt 12"), 23)
    assert (row.asked, row.observers) == ((ANNA,), (GUEST,))
    assert (row.members_there, row.observers_there) == ((ANNA,), (GUEST,))
    assert (row.minutes_used, row.untreated) == (12, 1)
    assert (row.starts_treated, row.closings_treated) == ((NETWORK,), ())


def test_what_came_too_late_takes_no_time_from_the_agenda_when_it_is_moved() -> None:
    late = added(DISCUSSION).model_copy(update={"late": True})
    off = ForumAgendaItemTakenOff(on=TODAY, month=MONTH, item=DISCUSSION, moved=True, late=True)
    facts = of(MONTH, added(STARTING), cancelled(MONTH, STARTING), late, off)
    row = folded(FORUM_CALENDAR, facts)[MONTH]
    assert (tuple(row.titles.values()), row.agenda_minutes) == (("Punkt 11",), STARTING.minutes)


def test_an_observer_whose_invitation_was_withdrawn_is_shown_once_invited_again() -> None:
    withdrawn = ForumObserverWithdrawn(
        on=TODAY, month=MONTH, person_id=GUEST, reason_note=new_id(2)
    )
    for facts, shown in (
        ((INVITED, withdrawn), ()),
        ((INVITED, withdrawn, INVITED), (GUEST,)),
    ):
        assert folded(FORUM_CALENDAR, of(MONTH, *facts))[MONTH].observers == shown


def test_a_closing_that_was_treated_is_told_apart_from_a_start() -> None:
    closing = TREATED.model_copy(update={"touchpoint": Touchpoint.CLOSING})
    row = folded(FORUM_CALENDAR, [*WHOLE, *of(MONTH, closing)])[MONTH]
    assert (row.starts_treated, row.closings_treated) == ((NETWORK,), (NETWORK,))


def test_the_touchpoints_that_a_month_left_are_told_apart_and_begin_anew_with_the_slot() -> None:
    closing = item(13, AgendaKind.TOUCHPOINT_CLOSING, subject=str(OTHER))
    held = HELD.model_copy(update={"treated": (), "untreated": (STARTING, closing)})
    for left in (held, cancelled(MONTH, STARTING, closing), passed(MONTH, STARTING, closing)):
        row = folded(FORUM_CALENDAR, of(MONTH, added(STARTING), added(closing), left))[MONTH]
        assert (row.starts_left, row.closings_left) == ((NETWORK,), (OTHER,))

    late = added(closing).model_copy(update={"late": True})
    facts = (cancelled(MONTH, STARTING), late)
    row = folded(FORUM_CALENDAR, of(MONTH, *facts))[MONTH]
    assert (row.starts_left, row.closings_left) == ((NETWORK,), (OTHER,))
    again = folded(FORUM_CALENDAR, of(MONTH, *facts, scheduled()))[MONTH]
    assert (again.starts_left, again.closings_left) == ((), ())


@rule("R203")
def test_an_agenda_longer_than_the_slot_is_flagged() -> None:
    for usual, over_full in ((20, True), (30, False)):
        told = (
            added(each).model_copy(update={"slot_minutes": usual})
            for each in (STARTING, DISCUSSION)
        )
        row = folded(FORUM_CALENDAR, of(MONTH, *told))[MONTH]
        assert (row.minutes, row.over_full) == (None, over_full)
    for minutes, over_full in ((20, True), (23, False)):
        facts = of(MONTH, added(STARTING), added(DISCUSSION), scheduled(minutes=minutes))
        assert folded(FORUM_CALENDAR, facts)[MONTH].over_full == over_full


def test_what_came_too_late_takes_no_time_of_the_slot() -> None:
    late = added(DISCUSSION).model_copy(update={"late": True})
    row = folded(FORUM_CALENDAR, of(MONTH, scheduled(), added(STARTING), HELD, late))[MONTH]
    assert (row.agenda_minutes, row.over_full, row.untreated) == (5, False, 2)
    assert tuple(row.titles.values()) == ("Punkt 11", "Punkt 12")


def test_what_is_taken_off_is_on_the_agenda_no_more() -> None:
    off = ForumAgendaItemTakenOff(on=TODAY, month=MONTH, item=STARTING)
    facts = of(MONTH, added(STARTING), added(DISCUSSION), off)
    row = folded(FORUM_CALENDAR, facts)[MONTH]
    assert (tuple(row.titles.values()), row.agenda_minutes) == (("Punkt 12",), 18)
    assert folded(FORUM_AGENDA, facts)[f"{MONTH}/{STARTING.item_id}"].taken_off


@pytest.mark.parametrize(
    "left",
    [
        (scheduled(), HELD.model_copy(update={"treated": (), "untreated": (STARTING,)})),
        (cancelled(MONTH, STARTING),),
        (passed(MONTH, STARTING),),
    ],
)
@rule("R86")
def test_a_month_tells_whose_start_it_did_not_treat(left: tuple[ForumSlotEvent, ...]) -> None:
    row = folded(FORUM_CALENDAR, of(MONTH, added(STARTING), *left))[MONTH]
    assert (row.starts_left, row.passes_at) == ((NETWORK,), None)
    (item_,) = folded(FORUM_AGENDA, of(MONTH, added(STARTING), *left)).values()
    assert item_.carried_over
    treated = folded(FORUM_CALENDAR, WHOLE)[MONTH]
    assert treated.starts_left == ()


@rule("R203")
def test_a_month_that_has_begun_without_a_slot_is_missing() -> None:
    facts = [
        *of("2013-09", scheduled("2013-09")),
        *of("2013-10", passed("2013-10")),
        *of("2013-12", scheduled("2013-12")),
    ]
    rows = folded(FORUM_CALENDAR, facts)
    on_new_years_day = [
        month for month, row in sorted(rows.items()) if as_seen(row, date(2014, 1, 1)).missing
    ]
    assert on_new_years_day == ["2013-10", "2013-11", "2014-01"]
    assert not as_seen(rows["2013-10"], date(2013, 9, 30)).missing
    assert as_seen(rows["2013-10"], date(2013, 10, 1)).missing
    assert "2013-08" not in rows
    assert len(rows) == 5


def test_the_calendar_ends_where_days_do() -> None:
    assert list(folded(FORUM_CALENDAR, of("2099-12", cancelled("2099-12")))) == ["2099-12"]


def test_a_month_that_is_to_have_no_slot_is_not_missing() -> None:
    rows = folded(FORUM_CALENDAR, of("2014-07", cancelled("2014-07")))
    seen = as_seen(rows["2014-07"], date(2014, 8, 1))
    assert (seen.state, seen.missing, seen.reason) == (ForumSlotState.CANCELLED, False, "Ferie")


def test_a_cancelled_slot_that_gets_a_time_after_all_begins_with_an_empty_agenda() -> None:
    gone = of(MONTH, scheduled(), added(STARTING), cancelled(MONTH, STARTING))
    row = folded(FORUM_CALENDAR, gone)[MONTH]
    assert (tuple(row.titles.values()), row.untreated) == (("Punkt 11",), 1)

    again = folded(FORUM_CALENDAR, [*gone, *of(MONTH, scheduled())])[MONTH]
    assert (tuple(again.titles.values()), again.agenda_minutes, again.reason) == ((), 0, None)


def test_of_two_items_of_one_title_the_one_that_was_taken_off_is_gone() -> None:
    namesake = DISCUSSION.model_copy(update={"title": STARTING.title})
    off = ForumAgendaItemTakenOff(on=TODAY, month=MONTH, item=STARTING)
    facts = of(MONTH, added(namesake), added(STARTING), off)
    assert folded(FORUM_CALENDAR, facts)[MONTH].titles == {str(namesake.item_id): namesake.title}


def test_each_item_tells_whether_it_was_treated_or_went_on() -> None:
    rows = folded(FORUM_AGENDA, WHOLE)
    treated, left = rows[f"{MONTH}/{STARTING.item_id}"], rows[f"{MONTH}/{DISCUSSION.item_id}"]
    assert (treated.treated_on, treated.carried_over) == (TODAY, False)
    assert (left.treated_on, left.carried_over, left.subject) == (None, True, "2013-H2")

    more = HELD.model_copy(update={"treated": (STARTING.item_id, DISCUSSION.item_id)})
    after_all = folded(FORUM_AGENDA, [*WHOLE, *of(MONTH, more)])
    assert not after_all[f"{MONTH}/{DISCUSSION.item_id}"].carried_over

    facts = of(MONTH, added(STARTING), cancelled(MONTH, STARTING))
    (moved,) = folded(FORUM_AGENDA, facts).values()
    assert moved.carried_over


def test_an_item_that_came_too_late_went_on_at_once() -> None:
    late = added(STARTING).model_copy(update={"late": True})
    (row,) = folded(FORUM_AGENDA, of(MONTH, scheduled(), late)).values()
    assert row.carried_over


STREAMS = (
    WHOLE,
    of("2013-10", scheduled("2013-10"), added(STARTING, "2013-10")),
    of("2013-11", cancelled("2013-11"), scheduled("2013-11")),
    of("2014-02", added(DISCUSSION, "2014-02")),
)
TURNS = [place for place, facts in enumerate(STREAMS) for _ in facts]


@pytest.mark.parametrize("view", [FORUM_CALENDAR, FORUM_AGENDA], ids=lambda view: view.name)
@drawn(turns=st.permutations(TURNS))
@settings(max_examples=40, deadline=None)
def test_the_months_may_be_told_in_any_order(view: View[Any], turns: list[int]) -> None:
    waiting = [iter(facts) for facts in STREAMS]
    woven = folded(view, [next(waiting[place]) for place in turns])
    assert woven == folded(view, [fact for facts in STREAMS for fact in facts])


@pytest.mark.parametrize(
    "actor",
    [
        CHIEF,
        SECRETARIAT,
        employee("director", "municipal_director"),
        employee("reporter", "reporter"),
    ],
)
def test_those_who_keep_and_use_the_slot_read_the_calendar(actor: Actor) -> None:
    assert READERS.capacity(actor, SimpleNamespace(on_behalf_of=None), {})


@pytest.mark.parametrize("who", ["employee", "network_leader", "reference_leader", "participant"])
def test_nobody_else_reads_the_calendar(who: str) -> None:
    actor = employee("anyone", who)
    assert READERS.capacity(actor, SimpleNamespace(on_behalf_of=None), {}) is None
