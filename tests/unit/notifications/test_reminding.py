"""Facts set, move and cancel what is awaited."""

from datetime import date
from uuid import UUID, uuid5

from services.notifications.domain.known import NetworkCrew
from services.notifications.domain.reminder import CancelReminder, ScheduleReminder
from services.notifications.reactions.reminding import REMINDING
from shared.contracts.networks import (
    MandateContractAmended,
    MandateContractPartyAgreed,
    NetworkCancelled,
    PhasePlanRevised,
    PhaseStarted,
    PlannedPhase,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
)
from shared.contracts.networks.parts import Crew
from shared.contracts.vocabulary import ContractCause, MandateParty, NetworkType
from shared.kernel.events import Event
from shared.testing import TODAY, person, reacting, recorded

ID = uuid5(UUID(int=0), "network")
NETWORK = f"network-{ID}"
CREW = NetworkCrew(
    phases=("intensive_1", "test"), parties=(MandateParty.NETWORK_LEADER, MandateParty.SECRETARIAT)
)
FIRST = PlannedPhase(phase="intensive_1", planned_start=date(2013, 10, 1))
UNPLANNED = PlannedPhase(phase="test")


def sent(event: Event, crew: NetworkCrew = CREW) -> dict[str, str]:
    sends = reacting(REMINDING, recorded(event, NETWORK), (str(ID), crew))
    words: dict[type, str] = {ScheduleReminder: "await", CancelReminder: "cancel"}
    return {send.key.replace(NETWORK, "it"): words[type(send.command)] for send in sends}


def test_a_plan_awaits_each_phase_that_has_a_date() -> None:
    revised = PhasePlanRevised(on=TODAY, phases=(FIRST, UNPLANNED), removed=("intensive_4",))
    assert sent(revised) == {"T11-it-intensive_1": "await", "T11-it-intensive_4": "cancel"}


def test_a_phase_that_starts_is_no_longer_awaited() -> None:
    assert sent(PhaseStarted(on=TODAY, phase="intensive_1")) == {"T11-it-intensive_1": "cancel"}


def test_a_new_version_awaits_every_party() -> None:
    amended = MandateContractAmended(
        on=TODAY,
        contract_version=2,
        cause=ContractCause.AMENDMENT,
        parties=(MandateParty.NETWORK_LEADER, MandateParty.SECRETARIAT),
        sections={},
    )
    assert sent(amended) == {"T14-it-network_leader": "await", "T14-it-secretariat": "await"}


def test_a_party_that_agreed_is_no_longer_awaited() -> None:
    agreed = MandateContractPartyAgreed(
        on=TODAY, contract_version=1, party=MandateParty.SECRETARIAT, missing=()
    )
    assert sent(agreed) == {"T14-it-secretariat": "cancel"}


def test_who_takes_over_a_role_has_to_agree_only_where_the_contract_has_that_party() -> None:
    replaced = ReferenceLeaderReplaced(
        on=TODAY,
        person_id=person("new"),
        replaced_id=person("old"),
        is_director=False,
        in_chief_forum=True,
    )
    assigned = ReferenceLeaderAssigned(
        on=TODAY, person_id=person("new"), is_director=False, in_chief_forum=True
    )
    coupled = CREW.model_copy(update={"parties": tuple(MandateParty)})

    assert sent(replaced) == sent(assigned) == {}
    awaited = {"T14-it-reference_leader": "await"}
    assert sent(replaced, coupled) == sent(assigned, coupled) == awaited


def test_a_reference_leader_who_left_is_no_longer_awaited() -> None:
    released = ReferenceLeaderReleased(on=TODAY, person_id=person("old"), reason_note=ID)
    unwilling = ReferenceLeaderOptOutRecorded(on=TODAY, person_id=person("old"))
    withdrawn = unwilling.model_copy(update={"was_assigned": True})

    assert sent(released) == sent(withdrawn) == {"T14-it-reference_leader": "cancel"}
    assert sent(unwilling) == {}


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
    assert sent(cancelled) == {
        "T11-it-intensive_1": "cancel",
        "T11-it-test": "cancel",
        "T14-it-network_leader": "cancel",
        "T14-it-secretariat": "cancel",
    }
