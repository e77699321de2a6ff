"""A row counts when its kind of evidence was seen, and not before."""

import pytest

from deploy.rules import Rule, Strength, judge
from shared.testing.rules import Sighting

REFUSED = Sighting("refused", "Start", "R1", "too_many")
ACCEPTED = Sighting("accepted", "Start")
OVERRIDDEN = Sighting("overridden", "Start", "R1", "too_many")
WARNED = Sighting("warned", "Start", "R1", "unusual")
SHOWN = Sighting("shown", "test_a", "R1")
TURNED_AWAY = Sighting("refused", "Start", "", "not_allowed")


def missing(strength: Strength, *seen: Sighting) -> bool:
    rule = Rule(row="R1", strengths=(strength,), owner="x", says="y", commands=("Start",))
    (judged,) = judge([rule], seen)
    return not judged.held


@pytest.mark.parametrize(
    ("strength", "evidence"),
    [
        ("H", (REFUSED, ACCEPTED)),
        ("authz", (TURNED_AWAY, ACCEPTED)),
        ("design", (SHOWN,)),
        ("D", (REFUSED, OVERRIDDEN)),
        ("S", (WARNED,)),
        ("S", (SHOWN,)),
        ("C", (SHOWN,)),
        ("R", (SHOWN,)),
        ("I", ()),
    ],
)
def test_a_row_is_held_by_its_kind_of_evidence_and_by_nothing_less(
    strength: Strength, evidence: tuple[Sighting, ...]
) -> None:
    assert not missing(strength, *evidence)
    for left_out in evidence:
        assert missing(strength, *(each for each in evidence if each != left_out))


def test_a_refusal_counts_only_beside_an_acceptance_of_the_same_command() -> None:
    assert missing("H", REFUSED, Sighting("accepted", "Close"))


def test_a_row_of_two_strengths_needs_both() -> None:
    rule = Rule(row="R1", strengths=("H", "S"), owner="x", says="y")
    (judged,) = judge([rule], [REFUSED, ACCEPTED])
    assert judged.missing == ("S",)
