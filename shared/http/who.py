"""Who may do something, or what is missing, in words: as people call what facts name."""

from pathlib import Path

import yaml
from pydantic import TypeAdapter

from shared.http.headers import Language

_FILE = Path(__file__).with_name("who.yaml")
WORDS = TypeAdapter(dict[str, dict[Language, str]]).validate_python(
    yaml.safe_load(_FILE.read_text("utf-8"))
)
"""Each part of a permission as its `str` has it, and each row by its name -> as people call it."""


def who_in_words(who: str, language: Language) -> str:
    """Write a permission such as `secretariat | its leader` as a part of a sentence."""
    parts = [WORDS[each][language] if each in WORDS else each for each in who.split(" | ")]
    # A person may be themself in several roles.
    *others, last = dict.fromkeys(parts)
    either = " or " if language == "en" else " eller "
    return either.join(filter(None, (", ".join(others), last)))
