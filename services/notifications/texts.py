"""What a message says, in the receiver's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from shared.contracts.vocabulary import MandateParty, NetworkResult, Term, ThemeOutcome

FILE = Path(__file__).with_name("texts.yaml")
LANGUAGES = ("da", "en")
_TERMS: Mapping[str, type[Term]] = {
    "item": MandateParty,
    "result": NetworkResult,
    "outcome": ThemeOutcome,
}
_DATES = {"on", "planned_start", "started_on"}


@dataclass(frozen=True)
class Message:
    """A message as it is read."""

    subject: str
    body: str


@cache
def texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Every template by number, then language, then subject and body."""
    read: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(
        FILE.read_text(encoding="utf-8")
    )
    return read


def render(template: str, facts: Mapping[str, str], language: str) -> Message:
    """Put the facts into a template's text; Danish where the language is not ours.

    A fact that the text names and nobody gave stands as a dash, so that a message always leaves;
    a line of the body that names such facts alone is left out.
    """
    text = texts()[template][language if language in LANGUAGES else "da"]
    said = _Said({name: _word(name, value, language) for name, value in facts.items()})
    lines = text["body"].splitlines(keepends=True)
    body = "".join(line for line in lines if _has_something_to_say(line, said))
    return Message(_fill(text["subject"], said), _fill(body, said))


class _Said(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "-"


def _has_something_to_say(line: str, said: Mapping[str, Any]) -> bool:
    named = [name for _, name, _, _ in Formatter().parse(line) if name]
    return not named or any(name in said for name in named)


def _fill(text: str, said: Mapping[str, Any]) -> str:
    return Formatter().vformat(text, (), said)


def _word(name: str, value: str, language: str) -> str:
    if name in _DATES:
        day = date.fromisoformat(value)
        return day.isoformat() if language == "en" else f"{day.day}.{day.month}.{day.year}"
    if name not in _TERMS:
        return value
    if language != "en" and value in list(_TERMS[name]):
        return _TERMS[name](value).dansk
    return value.replace("_", " ")
