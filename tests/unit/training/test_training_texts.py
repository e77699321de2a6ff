"""What training's texts tell a secretary: every word that may be written, and nothing that is not so."""

import pytest

from services.training.queries.tables import TEXTS
from shared.contracts.vocabulary import Forum, OrgUnitKind
from shared.contracts.vocabulary.term import Term


@pytest.mark.parametrize(
    ("code", "words"), [("forums_malformed", Forum), ("kind_malformed", OrgUnitKind)]
)
def test_a_wrong_word_is_told_all_right_ones_and_their_danish(code: str, words: type[Term]) -> None:
    danish, english = TEXTS.say(code, "da", {})[1], TEXTS.say(code, "en", {})[1]
    for each in words:
        assert each.value in danish
        assert each.value in english
    assert "(chefforum)" in danish or words is OrgUnitKind
    assert "en eller flere" in danish or words is OrgUnitKind


def test_that_a_cohort_is_not_open_is_told_to_whoever_enrols_and_whoever_confirms() -> None:
    said = TEXTS.say("cohort_not_open", "da", {})[1]
    assert "Et planlagt hold skal åbnes først" in said
    assert "tilmelder sig" not in said


def test_a_day_that_is_still_to_come_is_told_of_without_saying_that_anything_is_recorded() -> None:
    """The remark comes also when nothing changed."""
    for language in ("da", "en"):
        said = TEXTS.say("training_day_to_come", language, {"held_on": "2013-10-07"})[1]
        assert "2013" in said
        assert "registreret" not in said
        assert "recorded" not in said


def test_a_wrong_name_is_told_of_signs_too() -> None:
    assert "styretegn" in TEXTS.say("name_malformed", "da", {})[1]
    assert "control characters" in TEXTS.say("name_malformed", "en", {})[1]


def test_one_is_not_many() -> None:
    said = TEXTS.say("org_unit_in_use", "da", {"units": 1, "people": 0})[1]
    assert said == "Enheder under den: 1. Personer, der hører til: 0. Flyt dem først."
