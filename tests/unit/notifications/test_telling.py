"""Each fact is told to those whom the catalogue names, once each and by every channel."""

from datetime import date
from uuid import UUID, uuid5

from services.notifications.domain.delivery import QueueNotification
from services.notifications.domain.known import KnownTheme, NetworkCrew
from services.notifications.reactions import REACTIONS
from services.notifications.reactions.telling import TELLING
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    MandateContractDrafted,
    NetworkBreakStarted,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkStarted,
    PhaseCompleted,
    PhaseStarted,
)
from shared.contracts.networks.parts import Crew, CrewAtClosing, Profile, Service
from shared.contracts.notifications import ReminderDue
from shared.contracts.people import PersonListed
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import (
    Channel,
    Forum,
    MandateParty,
    NetworkResult,
    NetworkType,
    ThemeOutcome,
)
from shared.kernel.events import Event
from shared.kernel.facts import Row
from shared.people import FORUM_MEMBERS, ForumMembers
from shared.testing import TODAY, folded, person, reacting, recorded

ID = uuid5(UUID(int=0), "network")
NETWORK = f"network-{ID}"
LEADER, CO_DRIVER, REFERENCE = person("leader"), person("co-driver"), person("reference leader")
BOSS, CHIEF, PROPOSER = person("boss"), person("chief"), person("proposer")
SECRETARIAT = None
UNIT = uuid5(UUID(int=0), "unit")

CREW = NetworkCrew(
    title="Urban farming",
    network_type=NetworkType.WELFARE,
    leader_id=LEADER,
    leader_line_manager_id=BOSS,
    co_driver_id=CO_DRIVER,
    reference_leader_id=REFERENCE,
    phases={"intensive_1": "1. periode", "intensive_2": "2. periode"},
    awaited={party: TODAY for party in MandateParty if party is not MandateParty.NETWORK_LEADER},
)
CHIEFS = ForumMembers(forum=Forum.CHIEFS, units={str(CHIEF): str(UNIT), str(BOSS): "elsewhere"})
THEME = KnownTheme(
    theme_id=ID, title="Urban farming", proposer_id=PROPOSER, affected_departments=(UNIT,)
)


SOMEBODY = person("somebody later")
LATER_CREW = NetworkCrew(
    title="Urban farming",
    network_type=NetworkType.WELFARE,
    leader_id=SOMEBODY,
    leader_line_manager_id=SOMEBODY,
    co_driver_id=SOMEBODY,
    reference_leader_id=SOMEBODY,
)
"""The view may know more than there was to know at the fact."""


IMPORTED = NetworkImported(
    on=TODAY,
    title="Urban farming",
    purpose="Grønt i byen",
    network_type=NetworkType.WELFARE,
    started_on=date(2012, 3, 1),
    leader_id=LEADER,
    co_driver_id=CO_DRIVER,
    phases=(),
)
STARTED = NetworkStarted(
    on=TODAY,
    theme_id=ID,
    title="Urban farming",
    network_type=NetworkType.WELFARE,
    half_year="2013-H2",
    purpose="Grønt i byen",
    crew=Crew(leader_id=LEADER, co_driver_id=CO_DRIVER),
    phases=(),
    profile=Profile(
        purpose="",
        intended_difference="",
        goals="",
        success_criteria="",
        coupling="",
        actor_groups=(),
        phases=(),
    ),
)
CLOSED = NetworkClosed(
    on=TODAY,
    title="Urban farming",
    network_type=NetworkType.WELFARE,
    started_on=TODAY,
    result=NetworkResult.NOT_ADOPTED,
    crew=CrewAtClosing(
        leader=Service(person_id=LEADER, since=TODAY, until=TODAY),
        reference_leader=Service(person_id=REFERENCE, since=TODAY, until=TODAY),
    ),
    phases=(),
    break_days=0,
)


def queued(
    event: Event, stream: str = NETWORK, crew: NetworkCrew = CREW
) -> list[QueueNotification]:
    known: tuple[tuple[str, Row], ...] = (
        (str(ID), crew),
        (str(ID), THEME),
        (Forum.CHIEFS.value, CHIEFS),
    )
    sends = reacting(TELLING, recorded(event, stream), *known)
    assert len({send.key for send in sends}) == len(sends)
    return [send.command for send in sends if isinstance(send.command, QueueNotification)]


def told(event: Event, stream: str = NETWORK, crew: NetworkCrew = CREW) -> dict[UUID | None, str]:
    commands = queued(event, stream, crew)
    by_channel = {
        channel: [each.recipient_id for each in commands if each.channel is channel]
        for channel in Channel
    }
    assert by_channel[Channel.INBOX] == by_channel[Channel.EMAIL]
    assert all(each.facts["title"] == "Urban farming" for each in commands)
    return {each.recipient_id: each.template for each in commands}


def test_the_leader_is_told_where_help_is_and_the_line_manager_of_the_draw() -> None:
    assigned = NetworkLeaderAssigned(
        on=TODAY,
        person_id=LEADER,
        line_manager_id=BOSS,
        network_type=NetworkType.WELFARE,
        title="Urban farming",
        qualified=True,
        in_pool=True,
        decided_by=(CHIEF,),
    )
    assert told(assigned) == {LEADER: "N11.leader", BOSS: "N11.line_manager"}


def test_all_around_a_co_driver_are_told() -> None:
    assigned = CoDriverAssigned(
        on=TODAY,
        person_id=CO_DRIVER,
        leader_id=LEADER,
        network_type=NetworkType.WELFARE,
        title="Urban farming",
        theme_expertise=True,
        rationale_note=ID,
    )
    assert set(told(assigned)) == {LEADER, CO_DRIVER, BOSS, SECRETARIAT}


def test_all_around_a_co_driver_who_left_are_told_though_the_crew_has_forgotten_them() -> None:
    other_boss = person("other boss")
    left = CoDriverReleased(
        on=TODAY, person_id=CO_DRIVER, line_manager_id=other_boss, since=TODAY, until=TODAY
    )
    alone = CREW.model_copy(update={"co_driver_id": None})
    everyone = {LEADER, CO_DRIVER, BOSS, other_boss, SECRETARIAT}
    assert told(left, crew=alone) == dict.fromkeys(everyone, "N12.released")


def test_a_contract_waits_for_those_who_have_not_agreed() -> None:
    drafted = MandateContractDrafted(
        on=TODAY, contract_version=1, parties=tuple(MandateParty), sections={}
    )
    assert set(told(drafted)) == {REFERENCE, BOSS, SECRETARIAT}


def test_only_the_waiting_party_is_reminded() -> None:
    def due(party: MandateParty) -> ReminderDue:
        return ReminderDue(on=TODAY, deadline="T14", subject=NETWORK, item=party, number=1)

    reminder = "reminder-1"
    assert told(due(MandateParty.LINE_MANAGER), reminder) == {BOSS: "N13.still_waits"}
    assert told(due(MandateParty.NETWORK_LEADER), reminder) == {}


def test_a_role_that_nobody_holds_is_not_the_secretariat() -> None:
    vacant = CREW.model_copy(update={"leader_line_manager_id": None})
    waits = ReminderDue(
        on=TODAY, deadline="T14", subject=NETWORK, item=MandateParty.LINE_MANAGER, number=1
    )
    assert told(waits, "reminder-1", vacant) == {}
    drafted = MandateContractDrafted(
        on=TODAY, contract_version=1, parties=(MandateParty.LINE_MANAGER,), sections={}
    )
    only_boss = vacant.model_copy(update={"awaited": {MandateParty.LINE_MANAGER: TODAY}})
    assert told(drafted, crew=only_boss) == {}


def test_a_fact_is_told_to_those_whom_it_names_whoever_came_later() -> None:
    crew = Crew(leader_id=LEADER, co_driver_id=CO_DRIVER, reference_leader_id=REFERENCE)
    assigned = NetworkLeaderAssigned(
        on=TODAY,
        person_id=LEADER,
        line_manager_id=BOSS,
        network_type=NetworkType.WELFARE,
        title="Urban farming",
        qualified=True,
        in_pool=True,
        decided_by=(CHIEF,),
    )
    driving = CoDriverAssigned(
        on=TODAY,
        person_id=CO_DRIVER,
        leader_id=LEADER,
        line_manager_id=BOSS,
        network_type=NetworkType.WELFARE,
        title="Urban farming",
        theme_expertise=True,
        rationale_note=ID,
    )
    completed = PhaseCompleted(
        on=TODAY,
        phase="intensive_1",
        started_on=TODAY,
        break_days=0,
        last_intensive=False,
        crew=crew,
    )
    assert set(told(assigned, crew=LATER_CREW)) == {LEADER, BOSS}
    assert set(told(driving, crew=LATER_CREW)) == {LEADER, CO_DRIVER, BOSS, SECRETARIAT}
    assert set(told(completed, crew=LATER_CREW)) == {LEADER, CO_DRIVER, REFERENCE}
    assert set(told(CLOSED, crew=LATER_CREW)) == {LEADER, REFERENCE, SECRETARIAT}
    assert set(told(IMPORTED, crew=LATER_CREW)) == {LEADER, CO_DRIVER, SECRETARIAT}
    assert set(told(STARTED, crew=LATER_CREW)) == {LEADER, CO_DRIVER, SECRETARIAT}


def test_an_imported_network_is_not_told_as_one_that_starts() -> None:
    assert told(IMPORTED) == {
        LEADER: "N15.imported_leader",
        CO_DRIVER: "N15.imported",
        SECRETARIAT: "N15.imported",
    }
    assert all(each.facts["started_on"] == "2012-03-01" for each in queued(IMPORTED))


def test_a_phase_is_told_by_its_name() -> None:
    due = ReminderDue(on=TODAY, deadline="T11", subject=NETWORK, item="intensive_2", number=1)
    started = PhaseStarted(on=TODAY, phase="intensive_1")
    assert {each.facts["phase"] for each in queued(started)} == {"1. periode"}
    assert {each.facts["phase"] for each in queued(due, "reminder-1")} == {"2. periode"}


def test_a_selected_theme_is_told_with_reason_and_start() -> None:
    selected = ThemeSelected(
        on=TODAY,
        title="Urban farming",
        proposer_id=PROPOSER,
        identified_need="Grønt",
        network_type=NetworkType.WELFARE,
        type_aligned=True,
        planned_start=date(2013, 9, 9),
        reason="Bedst egnet",
        decided_by=(CHIEF,),
    )
    for each in queued(selected, f"theme-{ID}"):
        assert (each.facts["reason"], each.facts["planned_start"]) == ("Bedst egnet", "2013-09-09")


def test_a_concluded_theme_is_told_with_its_outcome() -> None:
    concluded = ThemeConcluded(
        on=TODAY,
        network_id=ID,
        outcome=ThemeOutcome.PARTLY,
        title="Urban farming",
        proposer_id=PROPOSER,
    )
    assert {each.facts["outcome"] for each in queued(concluded, f"theme-{ID}")} == {"partly"}


def test_a_director_is_told_with_the_chief_forum_only_when_a_member_of_it() -> None:
    both, director = frozenset({Forum.CHIEFS, Forum.DIRECTORS}), frozenset({Forum.DIRECTORS})
    listed = [
        recorded(PersonListed(on=TODAY, name="En", forums=forums), f"people-{person_id}")
        for person_id, forums in ((CHIEF, both), (BOSS, director))
    ]
    chiefs = folded(FORUM_MEMBERS, listed)[Forum.CHIEFS]
    learning = CREW.model_copy(update={"network_type": NetworkType.LEARNING})
    rows: tuple[tuple[str, Row], ...] = ((str(ID), learning), (Forum.CHIEFS.value, chiefs))
    sends = reacting(TELLING, recorded(CLOSED, NETWORK), *rows)
    receivers = {
        send.command.recipient_id for send in sends if isinstance(send.command, QueueNotification)
    }
    assert CHIEF in receivers
    assert BOSS not in receivers


def test_a_break_is_told_to_those_on_the_course() -> None:
    started = NetworkBreakStarted(on=TODAY, number=1, reason_note=ID)
    assert set(told(started)) == {LEADER, CO_DRIVER, REFERENCE}


def test_a_theme_is_followed_by_its_proposer_and_the_local_chief() -> None:
    taken_up = ThemeTakenUp(on=TODAY, network_id=ID, title="Urban farming", proposer_id=PROPOSER)
    assert told(taken_up, f"theme-{ID}") == {PROPOSER: "N4.taken_up", CHIEF: "N4.taken_up"}


def test_a_theme_that_is_withdrawn_is_told_with_the_reason() -> None:
    withdrawn = ThemeWithdrawn(
        on=TODAY,
        title="Urban farming",
        proposer_id=PROPOSER,
        reason="Løst på anden vis",
        was_selected=False,
    )
    assert told(withdrawn, f"theme-{ID}") == {PROPOSER: "N4.withdrawn", CHIEF: "N4.withdrawn"}
    assert {each.facts["reason"] for each in queued(withdrawn, f"theme-{ID}")} == {
        "Løst på anden vis"
    }


def test_nobody_is_told_twice_of_one_fact() -> None:
    both = CREW.model_copy(update={"co_driver_id": LEADER, "reference_leader_id": LEADER})
    started = NetworkBreakStarted(on=TODAY, number=1, reason_note=ID)
    assert set(told(started, crew=both)) == {LEADER}


def test_each_reaction_has_a_name_of_its_own() -> None:
    names = [reaction.name for reaction in REACTIONS]
    assert len(set(names)) == len(names)
