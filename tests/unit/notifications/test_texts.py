"""Every message has a text in both languages that names only what it is given."""

import pytest

from services.notifications.reactions.telling import REMINDED, TOLD
from services.notifications.texts import LANGUAGES, render, texts
from shared.contracts.vocabulary import ThemeOutcome

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
    assert "optaget i basis" in render("N24.closed", facts, "da").body
    assert "personaleleder" in render("N13.still_waits", facts, "da").body
    assert "line manager" in render("N13.still_waits", facts, "en").body


def test_a_language_we_do_not_speak_gets_danish() -> None:
    assert render("N15.started", {"title": "Campus"}, "de").subject.startswith("Netværket")


def test_a_fact_nobody_gave_does_not_stop_the_message() -> None:
    assert "nummer - i runden" in render("N4.prioritised", {"title": "x"}, "da").body


def test_braces_in_a_title_are_only_a_title() -> None:
    assert "{0.__class__}" in render("N15.started", {"title": "{0.__class__}"}, "da").subject


def test_a_line_about_what_nobody_gave_is_left_out() -> None:
    bare = render("N4.selected", {"title": "Campus"}, "da").body
    assert "Begrundelse" not in bare
    assert "start" not in bare
    full = {"title": "Campus", "reason": "Bedst egnet", "planned_start": "2013-09-02"}
    assert "Begrundelse: Bedst egnet\n" in render("N4.selected", full, "da").body
    assert "Planlagt start: 2.9.2013\n" in render("N4.selected", full, "da").body
    assert "Planned start: 2013-09-02\n" in render("N4.selected", full, "en").body


@pytest.mark.parametrize(("outcome", "dansk"), [(each.value, each.dansk) for each in ThemeOutcome])
def test_a_concluded_theme_is_told_with_its_outcome(outcome: str, dansk: str) -> None:
    facts = {"title": "Campus", "on": "2013-09-02", "outcome": outcome}
    assert f"sluttede den 2.9.2013: {dansk}." in render("N4.concluded", facts, "da").body
    assert outcome.replace("_", " ") in render("N4.concluded", facts, "en").body


@pytest.mark.parametrize("template", ["N15.imported_leader", "N15.imported"])
def test_an_imported_network_has_been_under_way_for_a_while(template: str) -> None:
    facts = {"title": "Campus", "on": "2013-09-02", "started_on": "2012-03-01"}
    danish = render(template, facts, "da").body
    assert "er lagt ind i Netværksstrukturen den 2.9.2013" in danish
    assert "i gang siden 1.3.2012" in danish
    assert "2012-03-01" in render(template, facts, "en").body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phase_is_named_as_the_plan_names_it(language: str) -> None:
    for template in ("N18.phase_soon", "N18.phase_started", "N18.phase_completed"):
        facts = {"title": "Campus", "phase": "1. intensive periode"}
        assert "\u201c1. intensive periode\u201d" in render(template, facts, language).body


def test_the_end_of_a_network_promises_nothing() -> None:
    facts = {"title": "Campus", "on": "2013-09-02", "result": "not_adopted"}
    assert render("N24.closed", facts, "da").body == (
        "Netværket Campus blev afsluttet den 2.9.2013. Resultat: ikke optaget i basis.\n"
    )
