"""Who may lead, and whom each leader is coupled by, are read from others' facts and our own."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from services.networks.domain.known import Leader, LeaderCrews
from services.networks.projections.leaders import LEADER_CREWS, LEADERS
from shared.contracts.networks import (
    Crew,
    CrewAtClosing,
    NetworkCancelled,
    NetworkClosed,
    NetworkEvent,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
    Service,
)
from shared.contracts.training import (
    AvailabilityChanged,
    CoDrivingCompleted,
    DiplomaAwarded,
    LeaderAdmittedToPool,
    LeaderEvent,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    LeaderWish,
    NetworkResult,
    NetworkType,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.events import Event, Recorded
from shared.testing import TODAY, folded, new_id, person, recorded

ADA, BO, FREJA, GRO = (person(each) for each in ("ada", "bo", "freja", "gro"))
CAMPUS, FOOD, PARK = (UUID(int=number) for number in (1, 2, 3))
EARLIER = date(2013, 2, 1)


def led(by: UUID, coupled_by: UUID | None = None) -> NetworkLeaderAssigned:
    return NetworkLeaderAssigned(
        on=TODAY,
        person_id=by,
        network_type=NetworkType.WELFARE,
        title="Mad til borgerne",
        qualified=True,
        in_pool=True,
        decided_by=(person("chief"),),
        reference_leader_id=coupled_by,
    )


def replaced(by: UUID, instead_of: UUID, coupled_by: UUID | None) -> NetworkLeaderReplaced:
    return NetworkLeaderReplaced(
        **led(by, coupled_by).model_dump(), replaced_id=instead_of, replaced_since=EARLIER
    )


def coupled(by: UUID, leader_id: UUID | None) -> ReferenceLeaderAssigned:
    return ReferenceLeaderAssigned(
        on=TODAY, person_id=by, leader_id=leader_id, is_director=False, in_chief_forum=True
    )


IMPORTED = NetworkImported(
    on=TODAY,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.INNOVATION,
    started_on=EARLIER,
    leader_id=ADA,
    reference_leader_id=FREJA,
    phases=(),
)
ANOTHER = ReferenceLeaderReplaced(
    on=TODAY,
    person_id=GRO,
    replaced_id=FREJA,
    leader_id=ADA,
    is_director=True,
    in_chief_forum=True,
)
RELEASED = ReferenceLeaderReleased(on=TODAY, person_id=GRO, leader_id=ADA, reason_note=new_id(1))
WITHDRAWN = ReferenceLeaderOptOutRecorded(on=TODAY, person_id=GRO, was_assigned=True, leader_id=ADA)
CLOSED = NetworkClosed(
    on=TODAY,
    title="Campus",
    network_type=NetworkType.INNOVATION,
    started_on=EARLIER,
    result=NetworkResult.ADOPTED,
    crew=CrewAtClosing(leader=Service(person_id=ADA, since=EARLIER, until=TODAY)),
    phases=(),
    break_days=0,
)
CANCELLED = NetworkCancelled(
    on=TODAY,
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    was_started=False,
    half_year="2013-H2",
    crew=Crew(leader_id=BO),
    reason_note=new_id(1),
)


def stream(kind: str, key: UUID, *events: Event) -> list[Recorded[Any]]:
    named = f"{kind}-{key}"
    return [recorded(event, named, version) for version, event in enumerate(events, start=1)]


def crews(network: UUID, *events: NetworkEvent) -> dict[str, LeaderCrews]:
    return folded(LEADER_CREWS, stream("network", network, *events))


def leader(*events: LeaderEvent) -> Leader | None:
    return folded(LEADERS, stream("leader", ADA, *events)).get(str(ADA))


def prior(what: PriorExperience) -> PriorQualificationRecorded:
    return PriorQualificationRecorded(on=EARLIER, person_id=ADA, what=what, evidence_note=new_id(1))


def run(event: type[CoDrivingCompleted | LeadingCompleted]) -> LeaderEvent:
    return event(
        on=TODAY,
        person_id=ADA,
        network_id=CAMPUS,
        network_type=NetworkType.WELFARE,
        since=EARLIER,
        until=TODAY,
    )


ADMITTED = LeaderAdmittedToPool(
    on=TODAY, person_id=ADA, basis=PoolBasis.EXPERIENCED, generation=1, qualified=False
)


def test_an_interest_alone_says_nothing_of_qualification() -> None:
    assert leader(LeaderInterestRegistered(on=TODAY, person_id=ADA, wish=LeaderWish.LEAD)) is None


def test_what_a_person_brings_from_before_counts() -> None:
    assert leader(prior(PriorExperience.DIPLOMA)) == Leader(person_id=ADA, has_diploma=True)
    for driven in (PriorExperience.LEADER, PriorExperience.CO_DRIVER):
        assert leader(prior(driven)) == Leader(person_id=ADA, has_driven=True)


def test_leading_and_co_driving_to_the_end_both_count() -> None:
    for event in (CoDrivingCompleted, LeadingCompleted):
        assert leader(run(event)) == Leader(person_id=ADA, has_driven=True)


def test_a_leader_is_qualified_when_training_says_so_and_never_by_the_pool() -> None:
    qualified = LeaderQualified(on=TODAY, person_id=ADA, diploma_on=TODAY, runs=())
    known = leader(qualified)
    assert known == Leader(person_id=ADA, has_diploma=True, has_driven=True, is_qualified=True)
    assert leader(ADMITTED) == Leader(person_id=ADA, in_pool=True)


def test_a_diploma_from_a_cohort_counts_as_one_from_before() -> None:
    awarded = DiplomaAwarded(on=TODAY, person_id=ADA, cohort_id=new_id(1), awarded_on=TODAY)
    assert leader(awarded) == leader(prior(PriorExperience.DIPLOMA))


def test_what_a_person_tells_last_of_being_available_is_known() -> None:
    away = AvailabilityChanged(
        on=TODAY, person_id=ADA, available=False, available_from=EARLIER, available_until=TODAY
    )
    back = AvailabilityChanged(on=TODAY, person_id=ADA, available=True)
    known = Leader(person_id=ADA, available=False, available_from=EARLIER, available_until=TODAY)
    assert leader(away) == known
    assert leader(away, back) == Leader(person_id=ADA)


def test_whoever_leaves_the_pool_is_no_longer_in_it() -> None:
    left = LeaderLeftPool(on=TODAY, person_id=ADA)
    assert leader(ADMITTED, left) == Leader(person_id=ADA)


def test_an_imported_network_has_its_leader_and_reference_leader() -> None:
    assert crews(CAMPUS, IMPORTED) == {
        str(ADA): LeaderCrews(leader_id=ADA, reference_leaders={str(CAMPUS): FREJA})
    }


def test_the_reference_leader_may_come_before_or_after_the_leader() -> None:
    both = {str(ADA): LeaderCrews(leader_id=ADA, reference_leaders={str(FOOD): FREJA})}
    assert crews(FOOD, coupled(FREJA, None), led(ADA, FREJA)) == both
    assert crews(FOOD, led(ADA), coupled(FREJA, ADA)) == both


def test_a_replaced_reference_leader_makes_room_for_the_next() -> None:
    assert crews(CAMPUS, IMPORTED, ANOTHER) == {
        str(ADA): LeaderCrews(leader_id=ADA, reference_leaders={str(CAMPUS): GRO})
    }


def test_a_network_without_a_reference_leader_is_still_led() -> None:
    alone = {str(ADA): LeaderCrews(leader_id=ADA, reference_leaders={str(CAMPUS): None})}
    assert crews(CAMPUS, IMPORTED, ANOTHER, RELEASED) == alone
    assert crews(CAMPUS, IMPORTED, ANOTHER, WITHDRAWN) == alone


def test_a_replaced_leader_leads_no_longer() -> None:
    assert crews(CAMPUS, IMPORTED, replaced(BO, ADA, FREJA)) == {
        str(BO): LeaderCrews(leader_id=BO, reference_leaders={str(CAMPUS): FREJA})
    }


def test_a_network_that_has_ended_has_no_leader_any_more() -> None:
    assert crews(CAMPUS, IMPORTED, CLOSED) == {}
    assert crews(FOOD, led(BO), CANCELLED) == {}


def test_another_reference_leader_is_one_of_another_network() -> None:
    row = LeaderCrews(
        leader_id=ADA, reference_leaders={str(CAMPUS): FREJA, str(FOOD): GRO, str(PARK): None}
    )
    assert row.has_another(FREJA, than_in=str(CAMPUS))
    assert not row.has_another(GRO, than_in=str(CAMPUS))
    assert not row.has_another(None, than_in=str(CAMPUS))


STREAMS = (
    stream("network", CAMPUS, IMPORTED, ANOTHER, replaced(BO, ADA, GRO), coupled(FREJA, BO)),
    stream("network", FOOD, coupled(GRO, None), led(BO, GRO), CANCELLED),
    stream("network", PARK, led(ADA), coupled(FREJA, ADA), replaced(BO, ADA, FREJA)),
)


@drawn(st.permutations([number for number, facts in enumerate(STREAMS) for _ in facts]))
def test_the_order_of_networks_among_each_other_changes_no_row(order: Sequence[int]) -> None:
    waiting = [iter(facts) for facts in STREAMS]
    mixed = [next(waiting[number]) for number in order]
    in_turn = [fact for facts in STREAMS for fact in facts]

    assert folded(LEADER_CREWS, mixed) == folded(LEADER_CREWS, in_turn)
