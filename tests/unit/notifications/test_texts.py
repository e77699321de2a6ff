"""Every message has a text in both languages that names only what it is given."""

import pytest

from services.notifications.reactions.telling import REMINDED, TOLD
from services.notifications.texts import LANGUAGES, render, texts

TEMPLATES = sorted(
    {line.template for lines in (*TOLD.values(), *REMINDED.values()) for line in lines}
)


def test_each_line_of_the_table_has_a_text_and_each_text_a_line() -> None:
    assert sorted(texts()) == TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_a_subject_of_one_line_and_a_body(template: str, language: str) -> None:
    message = render(template, {"title": "Campus"}, language)
    assert "Campus" in message.subject
    assert "\n" not in message.subject
    assert message.body.endswith("\n")


def test_dates_and_terms_are_written_the_readers_way() -> None:
    facts = {"title": "Campus", "on": "2013-09-02", "result": "adopted", "item": "line_manager"}
    assert "2.9.2013" in render("N24.closed", facts, "da").body
    assert "2013-09-02" in render("N24.closed", facts, "en").body
    assert "personaleleder" in render("N13.still_waits", facts, "da").body
    assert "line manager" in render("N13.still_waits", facts, "en").body


def test_a_language_we_do_not_speak_gets_danish() -> None:
    assert render("N15.started", {"title": "Campus"}, "de").subject.startswith("Netværket")


def test_a_fact_nobody_gave_does_not_stop_the_message() -> None:
    assert "nummer - i runden" in render("N4.prioritised", {"title": "x"}, "da").body


def test_braces_in_a_title_are_only_a_title() -> None:
    assert "{0.__class__}" in render("N15.started", {"title": "{0.__class__}"}, "da").subject
