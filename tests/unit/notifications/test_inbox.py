"""One's own inbox is open to whoever is a person, and speaks the reader's language."""

import pytest

from services.notifications.projections import SECRETARIAT as MAILBOX
from services.notifications.projections import Address
from services.notifications.queries import inbox_of, language_for
from shared.kernel.permissions import Actor, system
from shared.kernel.refusals import Forbidden
from shared.testing import SECRETARIAT, employee, person

POLITICIAN = Actor(person_id=person("politician"))
ENGLISH = Address(name="Leder Fire", language="en")


def test_whoever_is_a_person_has_an_inbox() -> None:
    for actor in (POLITICIAN, employee("ada"), SECRETARIAT):
        assert inbox_of(actor, "own") == str(actor.person_id)


def test_who_is_no_person_has_no_inbox() -> None:
    for actor in (system("test"), Actor(name="integration", roles=frozenset({"integrator"}))):
        with pytest.raises(Forbidden, match="not_allowed"):
            inbox_of(actor, "own")


def test_the_secretariat_alone_reads_the_one_it_shares() -> None:
    assert inbox_of(SECRETARIAT, "secretariat") == MAILBOX
    for actor in (POLITICIAN, employee("ada", "chefforum")):
        with pytest.raises(Forbidden, match="not_allowed"):
            inbox_of(actor, "secretariat")


def test_a_message_speaks_the_readers_language_unless_another_is_asked_for() -> None:
    assert language_for(None, ENGLISH) == "en"
    assert language_for("da", ENGLISH) == "da"
    assert language_for("en-GB, da;q=0.5", Address(name="Leder To")) == "en"
    assert language_for(None, None) == "da"
