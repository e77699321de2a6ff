"""Texts, languages, and what is never told back."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from shared.contracts.vocabulary import NetworkType
from shared.http.headers import language
from shared.http.messages import Texts, plain
from shared.http.problems import Problems
from shared.http.refusals import FieldError, pointer
from shared.http.who import WORDS, who_in_words
from shared.kernel.refusals import Malformed

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        (None, "da"),
        ("", "da"),
        ("da", "da"),
        ("en", "en"),
        ("EN-us,en;q=0.9", "en"),
        ("da, en", "da"),
        ("da;q=0.7, en;q=0.8", "en"),
        ("en;q=0.7, da;q=0.8", "da"),
        ("en;q=0", "da"),
        ("en;q=high", "da"),
        ("sv, *;q=0.5", "da"),
        ("fr, en;q=0.4", "en"),
        (";;;,,,q=1", "da"),
    ],
)
def test_danish_is_spoken_unless_english_is_preferred(header: str | None, spoken: str) -> None:
    headers = {} if header is None else {b"accept-language": header}
    assert language(headers) == spoken


def test_a_text_names_the_facts_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "messages.yaml"
    both = {"title": "T", "detail": "{kind} {who} {missing} {} {a.b} {who.__class__}"}
    file.write_text(yaml.safe_dump({"a_code": {"da": both, "en": both}}))
    texts = Texts([file])
    facts = {"kind": NetworkType.WELFARE, "who": [UUID(int=1), "{kind}"]}

    danish = texts.say("a_code", "da", facts)[1]
    assert danish.startswith(f"velfærdsnetværk {UUID(int=1)}, {{kind}} … {{}}")
    assert texts.say("a_code", "en", facts)[1].startswith("welfare ")
    assert "class" in danish.split()[-1]


def test_days_are_written_as_people_write_them_and_told_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "messages.yaml"
    both = {"title": "T", "detail": "{day} / {told} / {several} / {instant} / {odd}"}
    file.write_text(yaml.safe_dump({"a_code": {"da": both, "en": both}}))
    facts = {
        "day": date(2013, 9, 2),
        "told": "2015-03-01",
        "several": ["2013-12-31", "x"],
        "instant": "2013-09-02 08:00",
        "odd": "2013-02-30",
    }
    assert [Texts([file]).say("a_code", language, facts)[1] for language in ("da", "en")] == [
        "2. september 2013 / 1. marts 2015 / 31. december 2013, x / 2013-09-02 08:00 / 2013-02-30",
        "2 September 2013 / 1 March 2015 / 31 December 2013, x / 2013-09-02 08:00 / 2013-02-30",
    ]
    assert plain(facts)["day"] == "2013-09-02"


def test_a_services_text_replaces_the_common_one(tmp_path: Path) -> None:
    file = tmp_path / "messages.yaml"
    both = {"title": "Ingen have", "detail": ""}
    file.write_text(yaml.safe_dump({"unknown": {"da": both, "en": both}}))
    assert Texts([file]).say("unknown", "da", {}) == ("Ingen have", "")


def test_a_file_that_lacks_a_language_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "messages.yaml"
    file.write_text(yaml.safe_dump({"a_code": {"da": {"title": "T", "detail": ""}}}))
    with pytest.raises(ValueError, match="en"):
        Texts([file])


def test_a_code_without_a_text_is_still_told() -> None:
    assert Texts([]).say("never_heard_of", "da", {}) == ("never heard of", "")
    assert Texts([]).say_field(FieldError("/a", "odd", message="Odd."), "da") == "Odd."


def test_facts_become_json_of_bounded_length() -> None:
    assert plain({"a": NetworkType.WELFARE, "b": (UUID(int=1), 2, None), "c": Decimal("1.5")}) == {
        "a": "welfare",
        "b": [str(UUID(int=1)), 2, None],
        "c": "1.5",
    }
    long = plain({"x" * 999: ["y" * 999] * 999})
    [(name, values)] = long.items()
    assert (len(name), len(values), len(values[0])) == (200, 100, 200)


def test_every_common_text_speaks_both_languages_and_differs() -> None:
    texts = yaml.safe_load((ROOT / "shared/http/messages.yaml").read_text("utf-8"))
    for code, text in texts.items():
        assert set(text) == {"da", "en"}, code
        assert text["da"] != text["en"], code


def test_who_may_is_one_sentence_in_which_nobody_stands_twice() -> None:
    said = "secretariat | its leader | oneself (employee) | oneself (participant)"
    danish = who_in_words(said, "da")
    assert danish == "sekretariatet, netværkets leder eller personen selv"
    english = "the secretariat, the network's leader or the person themself"
    assert who_in_words(said, "en") == english
    assert who_in_words("secretariat", "da") == "sekretariatet"


def test_every_role_relation_and_awaited_row_has_a_word_in_both_languages() -> None:
    parts = set()
    for source in sources("services", "shared"):
        parts |= set(re.findall(r'\brole\("(\w+)"\)', source))
        parts |= {f"its {each}" for each in re.findall(r'\bits\("(\w+)"\)', source)}
        parts |= {f"oneself ({each})" for each in re.findall(r'\boneself\("(\w+)"', source)}
        parts |= {each for who in re.findall(r'who="([^"]+)"', source) for each in who.split(" | ")}
        parts |= set(re.findall(r"ctx\.facts\.get\((\w+),", source))  # what may not have arrived
    assert {"secretariat", "its leader", "self", "KnownTheme"} < parts
    assert parts - set(WORDS) == set()
    assert all(set(words) == {"da", "en"} for words in WORDS.values())


def test_every_pattern_of_a_field_is_said_in_words() -> None:
    """Nobody is shown a regular expression."""
    patterns = {
        ast.literal_eval(each)
        for source in sources("services", "shared/contracts", "shared/kernel")
        for each in re.findall(r'pattern=(r"(?:[^"\\]|\\.)*")', source)
    }
    fields = yaml.safe_load((ROOT / "shared/http/field_messages.yaml").read_text("utf-8"))
    assert len(patterns) > 3
    assert {each for each in patterns if each not in fields} == set()
    error = FieldError("/a", "string_pattern_mismatch", {"pattern": r"^20\d\d-H[12]$"})
    assert Texts([]).say_field(error, "da") == "Skal være et halvår, som 2013-H2."
    unknown = FieldError("/a", "string_pattern_mismatch", {"pattern": "^never$"})
    assert "^" not in Texts([]).say_field(unknown, "da")


def sources(*folders: str) -> Iterator[str]:
    for folder in folders:
        yield from (each.read_text("utf-8") for each in (ROOT / folder).rglob("*.py"))


def test_a_wrong_row_is_told_with_its_line() -> None:
    refusal = Malformed("malformed")
    refusal.others = (Malformed("unknown", line=7), Malformed("unknown"))
    answer = Problems(Texts([])).answer(refusal, {"path": "/a", "headers": []})
    first, second = json.loads(bytes(answer.body))["errors"]
    assert first["message"] == f"Linje 7: {second['message']}"


def test_a_pointer_is_escaped() -> None:
    assert pointer(("a/b", 0, "~")) == "/a~1b/0/~0"
