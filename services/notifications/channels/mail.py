"""A mail as it is written: both languages' rules, and headers that nobody can slip anything into."""

import re
from email.errors import MessageError
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage

from services.notifications.projections import DeliveryLog
from services.notifications.texts import render

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")


class Unaddressable(Exception):
    """The address cannot stand in a mail; the message says why."""


def compose(
    row: DeliveryLog, *, sender: str, to: str, name: str, language: str, domain: str
) -> EmailMessage:
    """Write the mail of a delivery; raises Unaddressable when the address is none.

    The Message-ID is made of the delivery, so that a mail sent again after a crash is known as
    the same.
    """
    message = render(row.template, row.facts, language)
    mail = EmailMessage()
    try:
        mail["To"] = Mailbox(display_name=_plain(name), addr_spec=to)
        mail["From"] = Mailbox(addr_spec=sender)
    except (ValueError, IndexError, MessageError) as problem:
        raise Unaddressable(type(problem).__name__) from problem
    mail["Reply-To"] = sender
    mail["Subject"] = _plain(message.subject)
    mail["Message-ID"] = f"<{row.delivery}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    mail["Content-Language"] = language
    return mail


def _plain(text: str) -> str:
    """Take out what a header could be broken with: control signs and encoded words."""
    return _UNSAFE.sub(" ", text)
