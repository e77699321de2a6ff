"""A receipt has a line for each service, whoever answers first."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.projections.erasure_receipts import (
    ERASURE_RECEIPTS,
    SERVICES,
    ErasureReceipt,
    receipt_key,
)
from shared.contracts.erasure import (
    ErasureAsked,
    PersonForgottenByNetworks,
    PersonForgottenByNotifications,
    PersonForgottenByThemes,
    PersonForgottenByTraining,
)
from shared.contracts.registry import CODEC
from shared.kernel.events import Recorded
from shared.testing import folded, person, recorded

ANNA = person("anna")
DAY = date(2013, 9, 2)
AT, LATER = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)


def asked(revision: int, version: int, at: datetime, *, was_listed: bool) -> Recorded[Any]:
    told = ErasureAsked(
        on=DAY, person_id=ANNA, revision=revision, asked_at=at, was_listed=was_listed
    )
    return recorded(told, f"erasure-{ANNA}", version)


ERASED = asked(2, 1, AT, was_listed=True)
ERASED_AGAIN = asked(5, 2, LATER, was_listed=False)


def answer(event: Any, revision: int = 2, version: int = 1, **counts: int) -> Recorded[Any]:
    told = event(on=DAY, person_id=ANNA, revision=revision, **counts)
    return recorded(told, CODEC.kind_of(event).stream(str(ANNA)), version)


ANSWERS = {
    "themes": [answer(PersonForgottenByThemes, views=1)],
    "networks": [answer(PersonForgottenByNetworks, notes=3)],
    "training": [
        answer(PersonForgottenByTraining, notes=2),
        answer(PersonForgottenByTraining, revision=5, version=2, notes=1),
    ],
    "notifications": [answer(PersonForgottenByNotifications, mails=4)],
}


def line(rows: dict[str, ErasureReceipt], service: str) -> ErasureReceipt:
    return rows[receipt_key(ANNA, service)]


def test_an_erasure_is_awaited_from_every_service_that_knows_of_people() -> None:
    rows = folded(ERASURE_RECEIPTS, [ERASED])

    assert set(rows) == {receipt_key(ANNA, service) for service in SERVICES}
    assert {(row.asked, row.asked_on, row.answered) for row in rows.values()} == {(2, DAY, 0)}
    owners = {kind.owner for kind in CODEC.kinds.values()}
    assert set(SERVICES) == owners


def test_a_line_has_what_its_service_removed() -> None:
    rows = folded(ERASURE_RECEIPTS, [ERASED, *(each[0] for each in ANSWERS.values())])

    assert (line(rows, "networks").answered, line(rows, "networks").notes) == (2, 3)
    assert (line(rows, "notifications").mails, line(rows, "themes").views) == (4, 1)


def test_who_is_erased_again_is_awaited_again() -> None:
    rows = folded(ERASURE_RECEIPTS, [ERASED, *ANSWERS["themes"], ERASED_AGAIN])

    themes = line(rows, "themes")
    assert (themes.asked, themes.answered) == (5, 2)
    assert (themes.asked_at, themes.was_listed) == (LATER, False)


@for_all(st.permutations([[ERASED, ERASED_AGAIN], *ANSWERS.values()]), st.randoms())
def test_the_receipt_does_not_depend_on_who_answers_first(
    streams: list[list[Recorded[Any]]], random: Any
) -> None:
    left = [list(each) for each in streams]
    facts = []
    while left := [each for each in left if each]:
        facts.append(random.choice(left).pop(0))

    in_order = [ERASED, ERASED_AGAIN, *(each for many in ANSWERS.values() for each in many)]
    assert folded(ERASURE_RECEIPTS, facts) == folded(ERASURE_RECEIPTS, in_order)
