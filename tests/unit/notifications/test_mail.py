"""A mail says what its template says, and its headers hold nothing but that."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.channels.mail import Unaddressable, compose
from services.notifications.projections import DeliveryLog

ROW = DeliveryLog(
    delivery="e1-secretariat-email", template="N15.started", facts={"title": "Campus"}
)
SENDER = "netvaerk@kommune.example"


def composed(
    row: DeliveryLog = ROW, to: str = "leder@kommune.example", name: str = "Leder"
) -> EmailMessage:
    mail = compose(row, sender=SENDER, to=to, name=name, language="da", domain="kommune.example")
    read = message_from_bytes(bytes(mail), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_mail_has_a_stable_id_and_says_what_happened() -> None:
    mail = composed()
    assert mail["Message-ID"] == "<e1-secretariat-email@kommune.example>"
    assert mail["Subject"] == "Netværket er startet: Campus"
    assert "Netværket Campus er startet" in mail.get_content()


@pytest.mark.parametrize("title", ["x\r\nBcc: a@b.example", "=?UTF-8?Q?=0A?=Bcc: a@b.example"])
def test_a_title_adds_no_header(title: str) -> None:
    mail = composed(ROW.model_copy(update={"facts": {"title": title}}))
    assert mail["Bcc"] is None
    assert [str(each) for each in mail["To"].addresses] == ["Leder <leder@kommune.example>"]


@pytest.mark.parametrize(
    "address", ["", "a@b.example, c@d.example", "a b@c.example", "a@b\r\nBcc: c@d.example", "<a@b>"]
)
def test_what_is_no_address_gets_no_mail(address: str) -> None:
    with pytest.raises(Unaddressable):
        composed(to=address)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_and_no_title_adds_a_receiver(name: str, title: str) -> None:
    surrogates_apart = title.encode("utf-8", "replace").decode()
    plain_name = name.encode("utf-8", "replace").decode()
    mail = composed(ROW.model_copy(update={"facts": {"title": surrogates_apart}}), name=plain_name)
    assert len(mail["To"].addresses) == 1
    assert set(mail.keys()) == {
        "To",
        "From",
        "Reply-To",
        "Subject",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
