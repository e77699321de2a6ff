"""What a message says, in the receiver's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from shared.contracts.vocabulary import MandateParty, NetworkResult, Term

FILE = Path(__file__).with_name("texts.yaml")
LANGUAGES = ("da", "en")
_TERMS: tuple[type[Term], ...] = (MandateParty, NetworkResult)


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

    A fact that the text names and nobody gave stands as a dash, so that a message always leaves.
    """
    text = texts()[template][language if language in LANGUAGES else "da"]
    said = _Said({name: _word(name, value, language) for name, value in facts.items()})
    return Message(_fill(text["subject"], said), _fill(text["body"], said))


class _Said(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "-"


def _fill(text: str, said: Mapping[str, Any]) -> str:
    return Formatter().vformat(text, (), said)


def _word(name: str, value: str, language: str) -> str:
    if name in {"on", "planned_start"}:
        day = date.fromisoformat(value)
        return day.isoformat() if language == "en" else f"{day.day}.{day.month}.{day.year}"
    if name in {"item", "result"} and language != "en":
        found = [term.dansk for terms in _TERMS for term in terms if term == value]
        if found:
            return found[0]
    return value.replace("_", " ") if name in {"item", "phase", "result"} else value
