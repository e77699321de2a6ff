"""Whatever is asked of a month's slot in whatever order: it is decided, nothing new, or refused."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.themes.domain.forum_slot.agenda import AddForumAgendaItem
from services.themes.domain.forum_slot.holding import Attending, HoldForumSlot
from services.themes.domain.forum_slot.observing import InviteForumObserver, WithdrawForumObserver
from services.themes.domain.forum_slot.scheduling import CancelForumSlot, ScheduleForumSlot
from services.themes.domain.forum_slot.state import SLOT
from services.themes.projections.forum_agenda import FORUM_AGENDA
from services.themes.projections.forum_calendar import FORUM_CALENDAR
from shared.contracts.registry import CODEC
from shared.contracts.themes import (
    ForumAgendaItemAdded,
    ForumSlotCancelled,
    ForumSlotEvent,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.vocabulary import AgendaKind, ForumRight
from shared.kernel.permissions import Actor, system
from shared.testing import CHIEF, SECRETARIAT, employee, folded, given, person, recorded
from shared.testing.kit import Given

MONTH = "2013-09"
END = datetime(2013, 9, 30, 20, 0, tzinfo=UTC)
"""Late enough for any slot of the month to have been held."""
LEAD = employee("lead", "secretariat_lead")
SYSTEM = system("carry_items_over")
NETWORKS = st.sampled_from([UUID(int=1), UUID(int=2)])
PEOPLE = st.sampled_from([person("anna"), person("bo"), person("secretary")])
KINDS = st.sampled_from([AgendaKind.TOUCHPOINT_START, AgendaKind.TOUCHPOINT_CLOSING])


class OneSlot(RuleBasedStateMachine):
    """Any command at any time, by those who may and some who may not."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[ForumSlotEvent] = []

    def send(self, command: Any, by: Actor = SECRETARIAT) -> None:
        decision = self.world().when(command, by=by).decision
        if decision is None or not decision.events:
            return
        decided: list[Any] = list(decision.events)
        self.facts += decided
        self.world().when(command, by=by).then_nothing()

    def world(self) -> Given:
        return given(*self.facts).of(MONTH).at(END)

    def of(self, *kinds: type[Any]) -> Iterable[Any]:
        return (fact for fact in self.facts if isinstance(fact, kinds))

    @rule(day=st.integers(1, 30), minutes=st.sampled_from([None, 10, 20]))
    def schedule(self, day: int, minutes: int | None) -> None:
        starts_at = datetime(2013, 9, day, 8, 0, tzinfo=UTC)
        self.send(ScheduleForumSlot(month=MONTH, starts_at=starts_at, minutes=minutes))

    @rule(chance=st.integers(0, 3))
    def cancel(self, chance: int) -> None:
        if chance == 0:
            self.send(CancelForumSlot(month=MONTH, reason="Ferie"))

    @rule(kind=KINDS, network=NETWORKS, by=st.sampled_from([SECRETARIAT, SYSTEM]))
    def add(self, kind: AgendaKind, network: UUID, by: Actor) -> None:
        item = AddForumAgendaItem(month=MONTH, kind=kind, subject=network, title="T", minutes=5)
        self.send(item, by)

    @rule(who=PEOPLE)
    def invite(self, who: UUID) -> None:
        named = {
            "municipal_director_id": person("director"),
            "secretariat_lead_id": person("lead"),
        }
        self.send(InviteForumObserver(month=MONTH, person_id=who, reason="Ja", **named), LEAD)

    @rule(who=PEOPLE)
    def withdraw(self, who: UUID) -> None:
        self.send(WithdrawForumObserver(month=MONTH, person_id=who, reason="Nej"), LEAD)

    @rule(
        there=st.dictionaries(PEOPLE, st.sampled_from(ForumRight), min_size=1),
        most=st.integers(0, 4),
        by=st.sampled_from([SECRETARIAT, CHIEF]),
    )
    def hold(self, there: dict[UUID, ForumRight], most: int, by: Actor) -> None:
        attendees = tuple(Attending(person_id=who, right=right) for who, right in there.items())
        treated = frozenset(list(SLOT.replay(self.facts).agenda)[:most])
        self.send(HoldForumSlot(month=MONTH, attendees=attendees, treated=treated), by)

    @invariant()
    def what_was_stored_gives_the_same_state(self) -> None:
        stored: list[Any] = [CODEC.decode(*CODEC.encode(fact)) for fact in self.facts]
        assert SLOT.replay(stored) == SLOT.replay(self.facts)

    @invariant()
    def each_touchpoint_is_on_the_agenda_once_and_treated_once(self) -> None:
        agenda = [(each.kind, each.subject) for each in SLOT.replay(self.facts).agenda.values()]
        assert len(set(agenda)) == len(agenda)
        recorded_ = [
            (each.network_id, each.touchpoint) for each in self.of(ForumTouchpointRecorded)
        ]
        assert len(set(recorded_)) == len(recorded_)

    @invariant()
    def nothing_on_the_agenda_is_lost(self) -> None:
        on_it: set[UUID] = set()
        cancelled = False
        for fact in self.facts:
            match fact:
                case ForumAgendaItemAdded():
                    on_it.add(fact.item.item_id)
                case ForumSlotHeld():
                    left = {each.item_id for each in fact.untreated}
                    late = {
                        each.item.item_id for each in self.of(ForumAgendaItemAdded) if each.late
                    }
                    assert on_it <= {*fact.treated} | left | late
                case ForumSlotCancelled():
                    late = {
                        each.item.item_id for each in self.of(ForumAgendaItemAdded) if each.late
                    }
                    assert on_it <= {each.item_id for each in fact.items} | late
                    cancelled = True
                case ForumSlotScheduled() if cancelled:
                    on_it, cancelled = set(), False
                case _:
                    pass

    @invariant()
    def a_slot_is_held_when_it_has_a_time_and_not_called_off_after_that(self) -> None:
        kinds: list[type[Any]] = [type(fact) for fact in self.facts]
        if ForumSlotHeld in kinds:
            first = kinds.index(ForumSlotHeld)
            assert ForumSlotScheduled in kinds[:first]
            assert ForumSlotScheduled not in kinds[first:]
            assert ForumSlotCancelled not in kinds[first:]

    @invariant()
    def calendars_see_each_change_as_newer(self) -> None:
        told = [each.sequence for each in self.of(ForumSlotScheduled, ForumSlotCancelled)]
        assert told == list(range(len(told)))

    @invariant()
    def the_views_say_what_the_slot_is(self) -> None:
        facts = [recorded(fact, f"slot-{MONTH}", at) for at, fact in enumerate(self.facts, 1)]
        slot = SLOT.replay(self.facts)
        if facts:
            row = folded(FORUM_CALENDAR, facts)[MONTH]
            assert (row.state, row.observers) == (slot.life, tuple(sorted(slot.observers)))
            late = {each.item.item_id for each in self.of(ForumAgendaItemAdded) if each.late}
            in_time = (each for key, each in slot.agenda.items() if key not in late)
            assert row.agenda_minutes == sum(each.minutes for each in in_time)
        shown = folded(FORUM_AGENDA, facts).values()
        assert {each.item_id for each in shown if each.treated_on} == slot.treated


TestOneSlot = OneSlot.TestCase
TestOneSlot.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
