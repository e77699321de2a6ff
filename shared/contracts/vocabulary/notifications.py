"""The words for telling people."""

from shared.contracts.vocabulary.term import Term


class Channel(Term):
    """How somebody is told."""

    INBOX = "inbox", "indbakke"
    EMAIL = "email", "e-mail"
