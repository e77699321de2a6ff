"""The corps of innovators: joined by the enrolment, kept after it, and shown where it is idle."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from services.training.domain.leader_path.corps import ChangeInnovatorCorps
from services.training.projections.innovator_corps import INNOVATOR_CORPS, InnovatorCorps
from services.training.projections.training_path import TRAINING_PATH
from services.training.reactions import REACTIONS
from shared.contracts.training import (
    CohortCompleted,
    EnrolmentConfirmed,
    EnrolmentWithdrawn,
    InnovatorJoinedCorps,
    InnovatorLeftCorps,
    LeaderEvent,
)
from shared.contracts.vocabulary import EnrolmentPlace, Programme
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import Actor, system
from shared.testing import (
    CHIEF,
    TODAY,
    employee,
    folded,
    given,
    new_id,
    person,
    reacting,
    recorded,
    rule,
)
from tests.unit.training.crews import (
    cancelled,
    closed,
    co_drives,
    imported,
    leads,
    network,
    released,
    takes_over,
)
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

ANNA, BO, HERSELF = person("anna"), person("bo"), employee("anna")
GARDENS, SHARING, COHORT, NEXT_COHORT = (UUID(int=number) for number in (1, 2, 3, 4))
DAY = [date(2013, 9, number) for number in range(1, 20)]
REACTION = system("EnrolmentConfirmed.join_corps")
JOIN = ChangeInnovatorCorps(person_id=ANNA, member=True, cohort_id=COHORT)
LEAVE = ChangeInnovatorCorps(person_id=ANNA, member=False)
JOINED = InnovatorJoinedCorps(on=TODAY, person_id=ANNA, cohort_id=COHORT)
NAMED = InnovatorJoinedCorps(on=TODAY, person_id=ANNA)
LEFT = InnovatorLeftCorps(on=TODAY, person_id=ANNA)
MUST_NOT = [
    HERSELF,
    employee("manager", "line_manager"),
    CHIEF,
    employee("leader"),
    Actor(name="reports", roles=frozenset({"reporter"})),
    Actor(name="other system", roles=frozenset({"integrator"})),
]


def confirmed(programme: Programme) -> EnrolmentConfirmed:
    return EnrolmentConfirmed(
        on=TODAY, person_id=ANNA, promoted=False, title="Innovatører 2013", programme=programme
    )


def withdrawn(was: EnrolmentPlace) -> EnrolmentWithdrawn:
    return EnrolmentWithdrawn(on=TODAY, person_id=ANNA, was=was)


# --- the command ---


def test_an_innovator_joins_by_a_cohort_once() -> None:
    given().of(ANNA).when(JOIN, by=REACTION).then(JOINED)
    given(JOINED).of(ANNA).when(JOIN, by=REACTION).then_nothing()


def test_the_secretariat_counts_somebody_in_without_a_cohort_and_a_cohort_may_follow() -> None:
    named = ChangeInnovatorCorps(person_id=ANNA, member=True)
    given().of(ANNA).when(named).then(NAMED)
    given(JOINED).of(ANNA).when(named).then(NAMED)
    given(JOINED, NAMED).of(ANNA).when(named).then_nothing()
    given(NAMED).of(ANNA).when(JOIN, by=REACTION).then(JOINED)


def test_an_innovator_leaves_and_why_is_kept_as_a_note() -> None:
    why = LEAVE.model_copy(update={"reason": "Nyt job"})
    given(JOINED).of(ANNA).when(LEAVE).then(LEFT)
    given(JOINED).of(ANNA).when(why).then(LEFT.model_copy(update={"reason_note": new_id(1)}))
    given(JOINED, LEFT).of(ANNA).when(LEAVE).then_nothing()
    given().of(ANNA).when(LEAVE).then_nothing()


def test_a_cohort_takes_back_only_what_it_gave() -> None:
    back = LEAVE.model_copy(update={"cohort_id": COHORT})
    left = LEFT.model_copy(update={"cohort_id": COHORT})
    given(JOINED).of(ANNA).when(back, by=REACTION).then(left)
    stays = left.model_copy(update={"remains": True})
    given(NAMED, JOINED).of(ANNA).when(back, by=REACTION).then(stays)
    given(NAMED, JOINED, stays).of(ANNA).when(back, by=REACTION).then_nothing()
    given(NAMED).of(ANNA).when(back, by=REACTION).then_nothing()
    given().of(ANNA).when(back, by=REACTION).then_nothing()


def test_leaving_one_of_two_cohorts_keeps_the_other_and_leaving_both_ends_it() -> None:
    back = LEAVE.model_copy(update={"cohort_id": COHORT})
    one = LEFT.model_copy(update={"cohort_id": COHORT, "remains": True})
    other = LEFT.model_copy(update={"cohort_id": NEXT_COHORT})
    joined = (JOINED, JOINED.model_copy(update={"cohort_id": NEXT_COHORT}))
    given(*joined).of(ANNA).when(back, by=REACTION).then(one)
    last = back.model_copy(update={"cohort_id": NEXT_COHORT})
    given(*joined, one).of(ANNA).when(last, by=REACTION).then(other)


@pytest.mark.parametrize("actor", MUST_NOT, ids=str)
def test_only_the_secretariat_changes_the_corps(actor: Actor) -> None:
    given().of(ANNA).when(JOIN, by=actor).then_refused("not_allowed")
    given(JOINED).of(ANNA).when(LEAVE, by=actor).then_refused("not_allowed")


def test_a_reason_is_for_leaving() -> None:
    with pytest.raises(ValidationError, match="reason"):
        ChangeInnovatorCorps(person_id=ANNA, member=True, reason="Dygtig")


# --- the reactions ---


@rule("R252")
def test_an_innovator_is_in_the_corps_from_the_enrolment_on() -> None:
    (send,) = reacting(REACTIONS, recorded(confirmed(Programme.INNOVATOR), f"cohort-{COHORT}"))
    given().of(send.key).when(send.command, by=REACTION).then(JOINED)


def test_the_diploma_programme_makes_no_innovators() -> None:
    assert reacting(REACTIONS, recorded(confirmed(Programme.DIPLOMA), f"cohort-{COHORT}")) == []


def test_who_gives_up_the_place_leaves_the_corps_and_who_waited_was_not_in_it() -> None:
    enrolled = recorded(withdrawn(EnrolmentPlace.ENROLLED), f"cohort-{COHORT}")
    waiting = recorded(withdrawn(EnrolmentPlace.WAITING), f"cohort-{COHORT}")
    (send,) = reacting(REACTIONS, enrolled)
    left = LEFT.model_copy(update={"cohort_id": COHORT})
    given(JOINED).of(send.key).when(send.command, by=REACTION).then(left)
    assert reacting(REACTIONS, waiting) == []


# --- the view ---


def of(who: UUID, *events: Event) -> Stream:
    return stream(f"leader-{who}", *events)


def completed(cohort: UUID, programme: Programme, *people: UUID) -> Stream:
    ended = CohortCompleted(
        on=DAY[8], programme=programme, diplomas=0, lapsed=0, participants=people
    )
    return stream(f"cohort-{cohort}", ended)


CANCELLED = cancelled(DAY[9], leader=BO, co_driver=ANNA)
CLOSED = closed(DAY[2], DAY[9], leader=ANNA, co_driver=BO)
IMPORTED = imported(DAY[3], date(2013, 5, 1), leader=ANNA, co_driver=BO)
RELEASED = released(ANNA, DAY[3], DAY[5])
ANNA_LEADS, BO_LEADS = leads(ANNA, DAY[2]), leads(BO, DAY[2])
ANNA_FOR_BO = takes_over(ANNA, DAY[2], from_=BO, since=DAY[2])
BO_FOR_ANNA = takes_over(BO, DAY[2], from_=ANNA, since=DAY[2])
ANNA_CO_DRIVES = co_drives(ANNA, DAY[3])


def corps(*facts: Recorded[Any]) -> InnovatorCorps:
    return folded(INNOVATOR_CORPS, facts)[str(ANNA)]


@rule("R185")
def test_an_innovator_is_in_training_until_the_cohort_of_their_programme_is_completed() -> None:
    in_training = corps(*of(ANNA, JOINED))
    assert (in_training.in_corps, in_training.in_training, in_training.unused) == (
        True,
        True,
        False,
    )

    other = completed(NEXT_COHORT, Programme.INNOVATOR, BO)
    diploma = completed(COHORT, Programme.DIPLOMA, ANNA)
    assert corps(*of(ANNA, JOINED), *other, *diploma).in_training

    after = corps(*of(ANNA, JOINED), *completed(COHORT, Programme.INNOVATOR, ANNA, BO))
    assert (after.in_corps, after.in_training, after.joined_on) == (True, False, TODAY)


@rule("R252")
def test_who_has_finished_and_works_in_no_network_is_unused() -> None:
    hers = (*of(ANNA, JOINED), *completed(COHORT, Programme.INNOVATOR, ANNA))
    assert corps(*hers).unused
    assert not corps(*hers, *network(GARDENS, ANNA_CO_DRIVES)).unused
    assert corps(*hers, *network(GARDENS, ANNA_CO_DRIVES, RELEASED)).unused
    assert corps(*hers, *network(GARDENS, ANNA_LEADS, BO_FOR_ANNA)).unused
    assert corps(*hers, *network(GARDENS, BO_LEADS, ANNA_CO_DRIVES, CANCELLED)).unused
    assert corps(*hers, *network(SHARING, IMPORTED, CLOSED)).unused
    busy = corps(*hers, *network(GARDENS, BO_LEADS, ANNA_FOR_BO), *network(SHARING, IMPORTED))
    assert (busy.networks, busy.unused) == ((GARDENS, SHARING), False)


@rule("R21")
def test_an_innovator_is_marked_by_what_they_can_and_needs_no_network_role() -> None:
    named = corps(*of(ANNA, NAMED))
    assert (named.in_corps, named.in_training, named.unused, named.networks) == (
        True,
        False,
        True,
        (),
    )
    outside = corps(*network(GARDENS, ANNA_LEADS))
    assert (outside.in_corps, outside.unused) == (False, False)


def test_who_left_the_corps_is_not_unused() -> None:
    gone = corps(*of(ANNA, JOINED, LEFT), *completed(COHORT, Programme.INNOVATOR, ANNA))
    assert (gone.in_corps, gone.unused, gone.left_on) == (False, False, TODAY)
    again = corps(*of(ANNA, JOINED, LEFT, NAMED))
    assert (again.in_corps, again.in_training, again.left_on) == (True, False, None)


def told_of(*changes: tuple[bool, UUID | None]) -> list[LeaderEvent]:
    """What is told when Anna joins and leaves in this order."""
    facts: list[LeaderEvent] = []
    for member, cohort in changes:
        command = ChangeInnovatorCorps(person_id=ANNA, member=member, cohort_id=cohort)
        decision = given(*facts).of(ANNA).when(command).decision
        assert decision is not None
        facts.extend(decision.events)  # type: ignore[arg-type]
    return facts


@rule("R252")
@for_all(
    changes=st.lists(st.tuples(st.booleans(), st.sampled_from([None, COHORT, NEXT_COHORT]))),
    ended=st.sets(st.sampled_from([COHORT, NEXT_COHORT])),
)
def test_whoever_is_in_several_cohorts_is_in_training_and_unused_by_what_is_left(
    changes: list[tuple[bool, UUID | None]], ended: set[UUID]
) -> None:
    grounds: set[UUID | None] = set()
    for member, cohort in changes:
        if member:
            grounds.add(cohort)
        elif cohort is None:
            grounds.clear()
        else:
            grounds.discard(cohort)
    facts = of(ANNA, *told_of(*changes))
    for each in ended:
        facts += completed(each, Programme.INNOVATOR, ANNA)
    row = folded(INNOVATOR_CORPS, facts).get(str(ANNA), InnovatorCorps(person_id=ANNA))
    assert row.in_corps == bool(grounds)
    assert set(row.cohorts) == grounds - {None}
    assert row.in_training == bool(grounds - {None} - ended)
    assert row.unused == (row.in_corps and not row.in_training)
    path = folded(TRAINING_PATH, of(ANNA, *told_of(*changes))).get(str(ANNA))
    assert (path is not None and path.innovator) == bool(grounds)


STREAMS = (
    of(ANNA, NAMED, JOINED, LEFT, JOINED),
    of(BO, JOINED.model_copy(update={"person_id": BO})),
    completed(COHORT, Programme.INNOVATOR, ANNA, BO),
    network(GARDENS, BO_LEADS, ANNA_CO_DRIVES, RELEASED, ANNA_FOR_BO),
    network(SHARING, IMPORTED, CLOSED),
)


@for_all(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_stream_is_heard_first(woven: Stream) -> None:
    assert folded(INNOVATOR_CORPS, woven) == folded(INNOVATOR_CORPS, in_a_row(STREAMS))
