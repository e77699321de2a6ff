"""The rules of notifications that are a setting or a line in the log."""

from uuid import UUID

import pytest

from services.notifications.channels.mail import compose
from services.notifications.domain.delivery import QueueNotification, RecordDelivery, delivery_key
from services.notifications.domain.known import NetworkCrew
from services.notifications.projections import VIEWS, DeliveryLog
from services.notifications.reactions.telling import TELLING
from services.notifications.texts import render
from shared.contracts.networks import NetworkLeaderAssigned
from shared.contracts.vocabulary import Channel, NetworkType
from shared.kernel.permissions import system
from shared.runtime.settings import Settings
from shared.testing import TODAY, folded, given, person, reacting, recorded, rule

NETWORK, ADA = UUID(int=1), person("ada")
ENVIRONMENT = {"NETVAERK_JWKS": "/keys.json", "NETVAERK_ISSUER": "https://login.kommune.example"}
QUEUED = DeliveryLog(
    delivery="e1-secretariat-email", template="N15.started", facts={"title": "Campus"}
)
ASSIGNED = NetworkLeaderAssigned(
    on=TODAY,
    person_id=ADA,
    network_type=NetworkType.WELFARE,
    title="Campus",
    qualified=True,
    in_pool=True,
    decided_by=(person("chief"),),
)
CREW = NetworkCrew(title="Campus", network_type=NetworkType.WELFARE, leader_id=ADA)
FACT = recorded(ASSIGNED, f"network-{NETWORK}", 2)
BY_MAIL = QueueNotification(
    template="N11.leader",
    recipient_id=ADA,
    channel=Channel.EMAIL,
    source_event=FACT.id,
    facts={"title": "Campus", "on": TODAY.isoformat()},
)


@rule("R22")
@pytest.mark.parametrize("mailbox", ["netvaerk@kommune.example", "sekretariat@by.example"])
def test_mail_leaves_from_the_shared_mailbox_and_answers_come_back_to_it(mailbox: str) -> None:
    settings = Settings.from_environment(
        "notifications", {**ENVIRONMENT, "NETVAERK_MAIL_FROM": mailbox}
    )
    mail = compose(
        QUEUED,
        sender=settings.mail_from,
        to="leder@kommune.example",
        name="Leder",
        language="da",
        domain="kommune.example",
    )
    assert (mail["From"], mail["Reply-To"]) == (mailbox, mailbox)


@rule("R208")
def test_a_new_leader_is_told_once_by_each_channel_where_help_is() -> None:
    sends = reacting(TELLING, FACT, (str(NETWORK), CREW))
    to_leader = [
        send.command
        for send in sends
        if isinstance(send.command, QueueNotification) and send.command.recipient_id == ADA
    ]

    assert sorted(each.channel for each in to_leader) == sorted(Channel)
    assert {each.template for each in to_leader} == {"N11.leader"}
    for language in ("da", "en"):
        assert "hotspots" in render("N11.leader", to_leader[0].facts, language).body
    again = {send.key for send in reacting(TELLING, FACT, (str(NETWORK), CREW))}
    assert again == {send.key for send in sends}


@rule("R208")
def test_a_leader_who_cannot_be_reached_shows_as_a_failed_delivery() -> None:
    queued = given().when(BY_MAIL, by=system("notify")).decision
    assert queued is not None
    no_address = RecordDelivery(sent=False, detail="no_address", hopeless=True)
    failed = given(*queued.events).when(no_address, by=system("email")).decision
    assert failed is not None

    stream = f"delivery-{delivery_key(FACT.id, ADA, Channel.EMAIL)}"
    told = (*queued.events, *failed.events)
    view = next(view for view in VIEWS if view.row is DeliveryLog)
    facts = [recorded(fact, stream, version) for version, fact in enumerate(told, start=1)]
    (row,) = folded(view, facts).values()
    assert isinstance(row, DeliveryLog)
    assert (row.state, row.detail, row.send_at) == ("failed", "no_address", None)
    assert row.receiver == str(ADA)
