"""Each fact is told to those whom the catalogue names, once each and by every channel."""

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
    NetworkLeaderAssigned,
)
from shared.contracts.notifications import ReminderDue
from shared.contracts.themes import ThemeTakenUp
from shared.contracts.vocabulary import Channel, Forum, MandateParty, NetworkType
from shared.kernel.events import Event
from shared.kernel.facts import Row
from shared.people import ForumMembers
from shared.testing import TODAY, person, reacting, recorded

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
    phases=("intensive_1", "intensive_2"),
    parties=tuple(MandateParty),
    agreed=(MandateParty.NETWORK_LEADER,),
)
CHIEFS = ForumMembers(forum=Forum.CHIEFS, units={str(CHIEF): str(UNIT), str(BOSS): "elsewhere"})
THEME = KnownTheme(
    theme_id=ID, title="Urban farming", proposer_id=PROPOSER, affected_departments=(UNIT,)
)


def told(event: Event, stream: str = NETWORK, crew: NetworkCrew = CREW) -> dict[UUID | None, str]:
    known: tuple[tuple[str, Row], ...] = (
        (str(ID), crew),
        (str(ID), THEME),
        (Forum.CHIEFS.value, CHIEFS),
    )
    sends = reacting(TELLING, recorded(event, stream), *known)
    assert len({send.key for send in sends}) == len(sends)
    commands = [send.command for send in sends if isinstance(send.command, QueueNotification)]
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


def test_a_break_is_told_to_those_on_the_course() -> None:
    started = NetworkBreakStarted(on=TODAY, number=1, reason_note=ID)
    assert set(told(started)) == {LEADER, CO_DRIVER, REFERENCE}


def test_a_theme_is_followed_by_its_proposer_and_the_local_chief() -> None:
    taken_up = ThemeTakenUp(on=TODAY, network_id=ID, title="Urban farming", proposer_id=PROPOSER)
    assert told(taken_up, f"theme-{ID}") == {PROPOSER: "N4.taken_up", CHIEF: "N4.taken_up"}


def test_nobody_is_told_twice_of_one_fact() -> None:
    both = CREW.model_copy(update={"co_driver_id": LEADER, "reference_leader_id": LEADER})
    started = NetworkBreakStarted(on=TODAY, number=1, reason_note=ID)
    assert set(told(started, crew=both)) == {LEADER}


def test_each_reaction_has_a_name_of_its_own() -> None:
    names = [reaction.name for reaction in REACTIONS]
    assert len(set(names)) == len(names)
