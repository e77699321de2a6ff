"""Facts set, move and cancel what is awaited."""

from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from services.notifications.domain.known import NetworkCrew
from services.notifications.domain.reminder import CancelReminder, ScheduleReminder
from services.notifications.projections import VIEWS
from services.notifications.reactions.reminding import REMINDING
from shared.contracts.networks import (
    ImplementationStarted,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkCancelled,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    NetworkPlanned,
    PhasePlanRevised,
    PhaseStarted,
    PlannedPhase,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
    TestPhaseStarted,
)
from shared.contracts.networks.parts import Crew
from shared.contracts.vocabulary import ContractCause, MandateParty, NetworkType
from shared.kernel.events import Event
from shared.testing import TODAY, folded, person, reacting, recorded, rule

ID = uuid5(UUID(int=0), "network")
NETWORK = f"network-{ID}"
LATER = TODAY + timedelta(days=30)
LEADER, NEXT, BOSS, OTHER_BOSS = (person(each) for each in ("leader", "next", "boss", "other"))
REFERENCE, CHIEF = person("reference"), person("chief")
FIRST = PlannedPhase(phase="intensive_1", planned_start=date(2013, 10, 1))
UNPLANNED = PlannedPhase(phase="test")
IMPORTED = NetworkImported(
    on=TODAY,
    title="Urban farming",
    purpose="Grønt i byen",
    network_type=NetworkType.WELFARE,
    started_on=TODAY,
    leader_id=LEADER,
    leader_line_manager_id=BOSS,
    phases=(PlannedPhase(phase="intensive_1"), UNPLANNED),
)
PARTIES = (MandateParty.NETWORK_LEADER, MandateParty.LINE_MANAGER, MandateParty.SECRETARIAT)
DRAFTED = MandateContractDrafted(on=TODAY, contract_version=1, parties=PARTIES, sections={})
REPLACED = NetworkLeaderReplaced(
    on=LATER,
    person_id=NEXT,
    replaced_id=LEADER,
    replaced_since=TODAY,
    line_manager_id=OTHER_BOSS,
    network_type=NetworkType.WELFARE,
    title="Urban farming",
    qualified=True,
    in_pool=True,
    decided_by=(CHIEF,),
    contract_version=1,
)
SAME_BOSS = REPLACED.model_copy(update={"line_manager_id": BOSS})
NO_BOSS = REPLACED.model_copy(update={"line_manager_id": None})
REFERRING = ReferenceLeaderAssigned(
    on=LATER, person_id=REFERENCE, is_director=False, in_chief_forum=True, contract_version=1
)
RELEASED = ReferenceLeaderReleased(
    on=LATER, person_id=REFERENCE, reason_note=ID, contract_version=1
)


def agreed(party: MandateParty) -> MandateContractPartyAgreed:
    return MandateContractPartyAgreed(on=TODAY, contract_version=1, party=party, missing=())


def following(*events: Event) -> list[tuple[str, date | None]]:
    """What is sent at the last of the facts: what is awaited and since when, or no longer."""
    facts = [recorded(each, NETWORK, number) for number, each in enumerate(events, start=1)]
    crews = next(view for view in VIEWS if view.row is NetworkCrew)
    row = folded(crews, facts).get(str(ID))
    sent: list[tuple[str, date | None]] = []
    for send in reacting(REMINDING, facts[-1], *([(str(ID), row)] if row else [])):
        assert isinstance(send.command, ScheduleReminder | CancelReminder)
        awaited = send.command.awaited if isinstance(send.command, ScheduleReminder) else None
        sent.append((send.key.replace(NETWORK, "it"), awaited))
    assert len(dict(sent)) == len(sent)
    return sent


def awaited(*events: Event) -> dict[str, date]:
    """Every reminder that the facts leave scheduled, with the date it is reckoned from."""
    left: dict[str, date] = {}
    for number in range(1, len(events) + 1):
        for key, since in following(*events[:number]):
            if since is None:
                left.pop(key, None)
            else:
                left[key] = since
    return left


# --- T11: a phase -----------------------------------------------------------------------------


def revised(*phases: PlannedPhase, removed: tuple[str, ...] = ()) -> PhasePlanRevised:
    return PhasePlanRevised(on=TODAY, phases=phases, removed=removed)


def test_a_plan_awaits_each_phase_that_has_a_date() -> None:
    first = {"T11-it-intensive_1": date(2013, 10, 1)}
    assert awaited(IMPORTED, revised(FIRST, UNPLANNED)) == first


def test_a_phase_that_starts_or_leaves_the_plan_is_no_longer_awaited() -> None:
    started = PhaseStarted(on=TODAY, phase="intensive_1")
    assert awaited(IMPORTED, revised(FIRST), started) == {}
    assert awaited(IMPORTED, revised(FIRST), revised(UNPLANNED, removed=("intensive_1",))) == {}


def test_a_phase_that_loses_its_date_is_no_longer_awaited() -> None:
    undated = FIRST.model_copy(update={"planned_start": None})
    assert awaited(IMPORTED, revised(FIRST), revised(undated)) == {}


@pytest.mark.parametrize(
    ("began", "phase"),
    [
        (PhaseStarted(on=TODAY, phase="intensive_1"), "intensive_1"),
        (TestPhaseStarted(on=TODAY, receiving_units=(), crew=Crew(), funding_secured=True), "test"),
        (ImplementationStarted(on=TODAY, crew=Crew(), tested=False), "test"),
        (ImplementationStarted(on=TODAY, crew=Crew(), tested=True), "implementation"),
    ],
)
def test_a_phase_that_began_early_is_not_awaited_by_a_later_plan(began: Event, phase: str) -> None:
    ahead = PlannedPhase(phase=phase, planned_start=LATER)
    assert awaited(IMPORTED, revised(ahead)) == {f"T11-it-{phase}": LATER}
    assert awaited(IMPORTED, revised(ahead), began, revised(ahead)) == {}


def test_a_phase_that_was_over_at_the_import_is_not_awaited() -> None:
    imported = IMPORTED.model_copy(update={"phases_completed": ("intensive_1",)})
    assert awaited(imported, revised(FIRST)) == {}


# --- T14: a party of the contract -------------------------------------------------------------


def test_each_party_is_awaited_until_it_agrees() -> None:
    everyone = dict.fromkeys((f"T14-it-{party}" for party in PARTIES), TODAY)
    assert awaited(IMPORTED, DRAFTED) == everyone
    del everyone["T14-it-secretariat"]
    assert awaited(IMPORTED, DRAFTED, agreed(MandateParty.SECRETARIAT)) == everyone


def test_a_new_version_awaits_every_party_again() -> None:
    amended = MandateContractAmended(
        on=LATER,
        contract_version=2,
        cause=ContractCause.AMENDMENT,
        parties=PARTIES,
        sections={},
    )
    everyone = dict.fromkeys((f"T14-it-{party}" for party in PARTIES), LATER)
    assert awaited(IMPORTED, DRAFTED, agreed(MandateParty.SECRETARIAT), amended) == everyone


@rule("R146")
def test_a_new_leader_and_that_persons_line_manager_have_to_agree() -> None:
    all_agreed = tuple(agreed(party) for party in PARTIES)
    both = {"T14-it-network_leader": LATER, "T14-it-line_manager": LATER}
    assert awaited(IMPORTED, DRAFTED, *all_agreed, REPLACED) == both


@rule("R146")
def test_a_line_manager_who_stays_the_same_has_agreed_or_is_awaited_as_before() -> None:
    all_agreed = tuple(agreed(party) for party in PARTIES)
    assert awaited(IMPORTED, DRAFTED, *all_agreed, SAME_BOSS) == {"T14-it-network_leader": LATER}
    assert awaited(IMPORTED, DRAFTED, SAME_BOSS) == {
        "T14-it-network_leader": LATER,
        "T14-it-line_manager": TODAY,
        "T14-it-secretariat": TODAY,
    }


@rule("R146")
def test_a_leader_without_a_line_manager_leaves_none_to_be_awaited() -> None:
    left = {"T14-it-network_leader": LATER, "T14-it-secretariat": TODAY}
    assert awaited(IMPORTED, DRAFTED, NO_BOSS) == left


@rule("R146")
def test_a_role_that_is_filled_after_the_draft_is_awaited() -> None:
    secretariat_alone = DRAFTED.model_copy(update={"parties": (MandateParty.SECRETARIAT,)})
    planned = NetworkPlanned(
        on=TODAY,
        theme_id=ID,
        title="Urban farming",
        network_type=NetworkType.WELFARE,
        type_aligned=True,
        half_year="2013-H2",
        phases=(),
    )
    leading = NetworkLeaderAssigned(**(REPLACED.model_dump()))
    assert awaited(planned, secretariat_alone, leading, REFERRING) == {
        "T14-it-secretariat": TODAY,
        "T14-it-network_leader": LATER,
        "T14-it-line_manager": LATER,
        "T14-it-reference_leader": LATER,
    }


def test_a_role_that_is_filled_before_there_is_a_contract_is_not_awaited() -> None:
    early = REFERRING.model_copy(update={"contract_version": None})
    assert awaited(IMPORTED, early) == {}


def test_a_new_reference_leader_is_awaited_anew() -> None:
    next_one = ReferenceLeaderReplaced(
        **(REFERRING.model_dump() | {"person_id": NEXT, "replaced_id": REFERENCE})
    )
    has_agreed = agreed(MandateParty.REFERENCE_LEADER)
    assert "T14-it-reference_leader" not in awaited(IMPORTED, DRAFTED, REFERRING, has_agreed)
    anew = awaited(IMPORTED, DRAFTED, REFERRING, has_agreed, next_one)
    assert anew["T14-it-reference_leader"] == LATER


def test_a_reference_leader_who_left_is_no_longer_awaited() -> None:
    unwilling = ReferenceLeaderOptOutRecorded(on=LATER, person_id=person("somebody else"))
    withdrawn = ReferenceLeaderOptOutRecorded(
        on=LATER, person_id=REFERENCE, was_assigned=True, contract_version=1
    )
    coupled = (IMPORTED, DRAFTED, REFERRING)
    assert "T14-it-reference_leader" in awaited(*coupled, unwilling)
    for left in (RELEASED, withdrawn):
        assert awaited(*coupled, left) == awaited(IMPORTED, DRAFTED)


def test_nothing_is_awaited_of_a_network_that_came_to_nothing() -> None:
    cancelled = NetworkCancelled(
        on=TODAY,
        title="Urban farming",
        network_type=NetworkType.WELFARE,
        was_started=True,
        half_year="2013-H2",
        crew=Crew(),
        reason_note=ID,
    )
    assert len(awaited(IMPORTED, DRAFTED, revised(FIRST))) == 4
    assert awaited(IMPORTED, DRAFTED, revised(FIRST), cancelled) == {}
