"""Texts, languages, and what is never told back."""

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from shared.contracts.vocabulary import NetworkType
from shared.http.headers import language
from shared.http.messages import Texts, plain
from shared.http.refusals import FieldError, pointer

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
    assert (len(name), len(values), len(values[0])) == (200, 50, 200)


def test_every_common_text_speaks_both_languages_and_differs() -> None:
    texts = yaml.safe_load((ROOT / "shared/http/messages.yaml").read_text("utf-8"))
    for code, text in texts.items():
        assert set(text) == {"da", "en"}, code
        assert text["da"] != text["en"], code


def test_a_pointer_is_escaped() -> None:
    assert pointer(("a/b", 0, "~")) == "/a~1b/0/~0"
