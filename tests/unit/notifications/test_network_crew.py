"""Notifications knows who carries a network now: those who leave are no longer told."""

from uuid import UUID

from services.notifications.domain.known import NetworkCrew
from services.notifications.projections import VIEWS
from shared.contracts.networks import (
    CoDriverReleased,
    NetworkImported,
    PhasePlanRevised,
    PlannedPhase,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
)
from shared.contracts.vocabulary import MandateParty, NetworkType
from shared.kernel.events import Event
from shared.testing import TODAY, folded, person, recorded

NETWORK = UUID(int=1)
ADA, BO, FREJA, GRO = (person(each) for each in ("ada", "bo", "freja", "gro"))
IMPORTED = NetworkImported(
    on=TODAY,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.LEARNING,
    started_on=TODAY,
    leader_id=ADA,
    co_driver_id=BO,
    reference_leader_id=FREJA,
    phases=(PlannedPhase(phase="intensive_1", label="1. periode"),),
)
CREWS = next(view for view in VIEWS if view.row is NetworkCrew)


def known(*events: Event) -> NetworkCrew:
    stream = f"network-{NETWORK}"
    facts = [recorded(event, stream, number) for number, event in enumerate(events, start=1)]
    row = folded(CREWS, facts)[str(NETWORK)]
    assert isinstance(row, NetworkCrew)
    return row


def crew(*events: Event) -> tuple[UUID | None, UUID | None, UUID | None]:
    row = known(*events)
    return row.leader_id, row.co_driver_id, row.reference_leader_id


def test_an_imported_network_has_the_crew_it_came_with() -> None:
    assert crew(IMPORTED) == (ADA, BO, FREJA)


def test_a_co_driver_who_left_is_not_told_any_more() -> None:
    left = CoDriverReleased(on=TODAY, person_id=BO, since=TODAY, until=TODAY)
    assert crew(IMPORTED, left) == (ADA, None, FREJA)


def test_a_reference_leader_who_left_is_not_told_any_more() -> None:
    released = ReferenceLeaderReleased(on=TODAY, person_id=FREJA, reason_note=UUID(int=2))
    withdrawn = ReferenceLeaderOptOutRecorded(on=TODAY, person_id=FREJA, was_assigned=True)
    assert crew(IMPORTED, released) == crew(IMPORTED, withdrawn) == (ADA, BO, None)


def test_who_was_only_willing_leaves_no_role() -> None:
    unwilling = ReferenceLeaderOptOutRecorded(on=TODAY, person_id=GRO)
    assert crew(IMPORTED, unwilling) == (ADA, BO, FREJA)


def test_a_phase_keeps_its_name_when_a_plan_gives_none() -> None:
    plan = (PlannedPhase(phase="intensive_1"), PlannedPhase(phase="extra_work"))
    row = known(IMPORTED, PhasePlanRevised(on=TODAY, phases=plan))
    assert row.label("intensive_1") == "1. periode"
    assert row.label("extra_work") == "extra work"


def test_nobody_speaks_for_the_secretariat_or_an_empty_role_in_person() -> None:
    row = known(IMPORTED)
    assert row.holder(MandateParty.NETWORK_LEADER) == ADA
    assert row.holder(MandateParty.LINE_MANAGER) is None
    assert row.holder(MandateParty.SECRETARIAT) is None
