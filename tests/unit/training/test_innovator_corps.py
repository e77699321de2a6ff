"""The corps of innovators: joined by the enrolment, kept after it, and shown where it is idle."""

from collections.abc import Sequence
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
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    Crew,
    CrewAtClosing,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    Service,
)
from shared.contracts.training import (
    CohortCompleted,
    EnrolmentConfirmed,
    EnrolmentWithdrawn,
    InnovatorJoinedCorps,
    InnovatorLeftCorps,
    LeaderEvent,
)
from shared.contracts.vocabulary import EnrolmentPlace, NetworkResult, NetworkType, Programme
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


def stream(name: str, *events: Event) -> list[Recorded[Any]]:
    return [recorded(event, name, version) for version, event in enumerate(events, start=1)]


def of(who: UUID, *events: Event) -> list[Recorded[Any]]:
    return stream(f"leader-{who}", *events)


def network(network_id: UUID, *events: Event) -> list[Recorded[Any]]:
    return stream(f"network-{network_id}", *events)


def completed(cohort: UUID, programme: Programme, *people: UUID) -> list[Recorded[Any]]:
    ended = CohortCompleted(
        on=DAY[8], programme=programme, diplomas=0, lapsed=0, participants=people
    )
    return stream(f"cohort-{cohort}", ended)


def leads(who: UUID) -> NetworkLeaderAssigned:
    return NetworkLeaderAssigned(
        on=DAY[2],
        person_id=who,
        network_type=NetworkType.INNOVATION,
        title="Deleøkonomi",
        qualified=True,
        in_pool=True,
        decided_by=(person("chief"),),
    )


def replaces(who: UUID, instead_of: UUID) -> NetworkLeaderReplaced:
    return NetworkLeaderReplaced(
        **leads(who).model_dump(), replaced_id=instead_of, replaced_since=DAY[2]
    )


def co_drives(who: UUID) -> CoDriverAssigned:
    return CoDriverAssigned(
        on=DAY[3],
        person_id=who,
        leader_id=person("leader"),
        network_type=NetworkType.INNOVATION,
        title="Deleøkonomi",
        theme_expertise=True,
        rationale_note=new_id(1),
    )


def closed(leader: UUID | None, co_driver: UUID | None) -> NetworkClosed:
    def service(who: UUID | None) -> Service | None:
        return Service(person_id=who, since=DAY[2], until=DAY[9]) if who else None

    return NetworkClosed(
        on=DAY[9],
        title="Deleøkonomi",
        network_type=NetworkType.INNOVATION,
        started_on=DAY[1],
        result=NetworkResult.PARTLY,
        crew=CrewAtClosing(leader=service(leader), co_driver=service(co_driver)),
        phases=(),
        break_days=0,
    )


CANCELLED = NetworkCancelled(
    on=DAY[9],
    title="Deleøkonomi",
    network_type=NetworkType.INNOVATION,
    was_started=True,
    half_year="2013-H2",
    crew=Crew(leader_id=BO, co_driver_id=ANNA),
    reason_note=new_id(1),
)
IMPORTED = NetworkImported(
    on=DAY[3],
    title="Ældre og teknologi",
    purpose="Videreført",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 5, 1),
    leader_id=ANNA,
    co_driver_id=BO,
    phases=(),
)
RELEASED = CoDriverReleased(on=DAY[5], person_id=ANNA, since=DAY[3], until=DAY[5])


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
    assert not corps(*hers, *network(GARDENS, co_drives(ANNA))).unused
    assert corps(*hers, *network(GARDENS, co_drives(ANNA), RELEASED)).unused
    assert corps(*hers, *network(GARDENS, leads(ANNA), replaces(BO, ANNA))).unused
    assert corps(*hers, *network(GARDENS, leads(BO), co_drives(ANNA), CANCELLED)).unused
    assert corps(*hers, *network(SHARING, IMPORTED, closed(ANNA, BO))).unused
    busy = corps(
        *hers, *network(GARDENS, leads(BO), replaces(ANNA, BO)), *network(SHARING, IMPORTED)
    )
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
    outside = corps(*network(GARDENS, leads(ANNA)))
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
    network(GARDENS, leads(BO), co_drives(ANNA), RELEASED, replaces(ANNA, BO)),
    network(SHARING, IMPORTED, closed(ANNA, BO)),
)
TURNS = [number for number, facts in enumerate(STREAMS) for _ in facts]


@for_all(turns=st.permutations(TURNS))
def test_it_does_not_matter_which_stream_is_heard_first(turns: Sequence[int]) -> None:
    waiting = [iter(facts) for facts in STREAMS]
    woven = [next(waiting[number]) for number in turns]
    in_a_row = [fact for facts in STREAMS for fact in facts]
    assert folded(INNOVATOR_CORPS, woven) == folded(INNOVATOR_CORPS, in_a_row)
