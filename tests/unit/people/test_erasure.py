"""Each service tells once of each erasure how much it removed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.networks.domain.erasure import RecordNetworksErasure
from services.notifications.domain.erasure import RecordNotificationsErasure
from services.themes.domain.erasure import RecordThemesErasure
from services.training.domain.erasure import AskErasure, RecordTrainingErasure
from shared.contracts.erasure import ErasureAsked, PersonForgotten
from shared.kernel.permissions import system
from shared.people.erasure import RecordErasure
from shared.testing import SECRETARIAT, TODAY, given, person

ANNA = person("anna")
ERASER = system("erasure")
COUNTS = {"views": 2, "parked": 1, "notes": 3, "refused_reactions": 1, "mails": 4}
COMMANDS: list[Any] = [
    RecordThemesErasure,
    RecordNetworksErasure,
    RecordTrainingErasure,
    RecordNotificationsErasure,
]

every_service = pytest.mark.parametrize("record", COMMANDS)


def told(record: Any, **fields: int) -> PersonForgotten:
    """What is told first."""
    decision = given().of(ANNA).when(record(**fields), by=ERASER).decision
    assert decision is not None
    (fact,) = decision.events
    assert isinstance(fact, PersonForgotten)
    return fact


@every_service
def test_what_was_removed_is_told_as_numbers(record: Any) -> None:
    fact = told(record, revision=2, **COUNTS)

    assert (fact.person_id, fact.revision) == (ANNA, 2)
    assert fact.model_dump(include=set(RecordErasure.COUNTS)) == COUNTS


@every_service
def test_an_erasure_is_told_once_and_the_next_one_again(record: Any) -> None:
    first, again = told(record, revision=2), told(record, revision=4)
    erased = given(first).of(ANNA)

    erased.when(record(revision=2), by=ERASER).then_nothing()
    erased.when(record(revision=1), by=ERASER).then_nothing()
    erased.when(record(revision=4), by=ERASER).then(again)


@every_service
def test_nobody_but_the_system_tells_it(record: Any) -> None:
    given().of(ANNA).when(record(revision=2), by=SECRETARIAT).then_refused("not_allowed")


AT = datetime(2026, 1, 2, tzinfo=UTC)


def asking(revision: int) -> AskErasure:
    return AskErasure(revision=revision, asked_at=AT, was_listed=True)


def test_that_an_erasure_was_asked_for_is_told_once_and_the_next_one_again() -> None:
    first, again = (
        ErasureAsked(on=TODAY, person_id=ANNA, revision=each, asked_at=AT, was_listed=True)
        for each in (2, 3)
    )
    given().of(ANNA).when(asking(2), by=ERASER).then(first)
    given(first).of(ANNA).when(asking(2), by=ERASER).then_nothing()
    given(first).of(ANNA).when(asking(3), by=ERASER).then(again)


def test_nobody_but_the_system_tells_that_it_was_asked_for() -> None:
    given().of(ANNA).when(asking(2), by=SECRETARIAT).then_refused("not_allowed")
