"""The texts of every refusal and warning, in Danish and English, from files of messages."""

import re
from calendar import month_name
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.http.headers import Language
from shared.http.refusals import FieldError
from shared.http.who import who_in_words

ECHOED = 200
"""Characters of anything a caller sent that are ever told back."""
_LISTED = 100
"""Things of a list that are told; each is told whole, but for what is longer than `ECHOED`."""

_HERE = Path(__file__).parent
_FACT = re.compile(r"\{([a-z_]+)\}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "da": (
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": tuple(month_name)[1:],
}


class Text(BaseModel):
    """A title in a few words, and a sentence that says what to do; it may name {facts}."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    detail: str


class InBoth(BaseModel):
    """The same in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    da: Text
    en: Text


_TEXTS = TypeAdapter(dict[str, InBoth])
_FIELD_TEXTS = TypeAdapter(dict[str, dict[Language, str]])


class Texts:
    """What is said for a code; a later file's text replaces an earlier one's."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._texts: dict[str, InBoth] = {}
        for file in (_HERE / "messages.yaml", *files):
            self._texts |= _TEXTS.validate_python(yaml.safe_load(file.read_text("utf-8")) or {})
        fields = yaml.safe_load((_HERE / "field_messages.yaml").read_text("utf-8"))
        self._fields = _FIELD_TEXTS.validate_python(fields)

    def say(self, code: str, language: Language, facts: Mapping[str, Any]) -> tuple[str, str]:
        """Give the title and the detail with the facts in it."""
        both = self._texts.get(code)
        if both is None:
            return code.replace("_", " "), ""
        text = both.en if language == "en" else both.da
        return text.title, _filled(text.detail, language, facts)

    def say_field(self, error: FieldError, language: Language) -> str:
        """Say what is wrong with a field."""
        text = self._fields.get(error.given.get("pattern", "")) or self._fields.get(error.code)
        return _filled(text[language], language, error.given) if text else error.message[:ECHOED]

    def explain(self, code: str) -> InBoth | None:
        """Both texts of a code, with the facts' places left open."""
        return self._texts.get(code)


def plain(value: Any) -> Any:
    """Turn a fact into what JSON can hold, with nothing longer than what may be told back."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)[:ECHOED]
        case Mapping():
            return {str(name)[:ECHOED]: plain(each) for name, each in list(value.items())[:_LISTED]}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in list(value)[:_LISTED]]
        case _:
            return str(value)[:ECHOED]


def _filled(text: str, language: Language, facts: Mapping[str, Any]) -> str:
    return _FACT.sub(lambda found: _said(found[1], language, facts), text)


def _said(name: str, language: Language, facts: Mapping[str, Any]) -> str:
    value = facts.get(name, "…")
    # The fact keeps the form of the permission, or the name of the row, which programs can read.
    has_words = name in {"who", "what"} and isinstance(value, str)
    return who_in_words(value, language) if has_words else _worded(value, language)


def _worded(value: Any, language: Language) -> str:
    dansk = getattr(value, "dansk", "")
    if dansk and language == "da":
        return str(dansk)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_worded(each, language) for each in list(value)[:_LISTED])
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_in_words(value, language)
    if isinstance(value, str) and _DAY.fullmatch(value):
        # Facts hold days as JSON does, and so does the problem document.
        with suppress(ValueError):
            return day_in_words(date.fromisoformat(value), language)
    return str(value if isinstance(value, UUID) else plain(value))[:ECHOED]


def day_in_words(day: date, language: Language) -> str:
    """Write a day as people do: `2. september 2013`, `2 September 2013`."""
    stop = "." if language == "da" else ""
    return f"{day.day}{stop} {_MONTHS[language][day.month - 1]} {day.year}"
