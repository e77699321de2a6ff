"""The glossary says the same as the vocabulary, and speaks of nothing that is not in the code."""

import re
from collections.abc import Iterator
from pathlib import Path

from shared.contracts import vocabulary
from shared.contracts.vocabulary import Term

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "glossary.md").read_text("utf-8")
CODE = "".join(
    path.read_text("utf-8")
    for folder in ("services", "shared")
    for path in (ROOT / folder).rglob("*.py")
)


def rows() -> Iterator[tuple[str, str]]:
    """The Danish term and the word in code of each row that has both."""
    for line in TEXT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0] not in {"Dansk", "---"}:
            yield cells[0], cells[1]


def test_a_word_of_the_vocabulary_has_its_danish_term() -> None:
    checked = 0
    for danish, code in rows():
        for name, member in re.findall(r"^`(\w+)\.([A-Z_]+)`", code):
            term = getattr(vocabulary, name)[member]
            assert isinstance(term, Term)
            assert danish == term.dansk, f"{name}.{member}"
            checked += 1
    assert checked > 40


def test_every_name_of_the_code_is_in_the_code() -> None:
    for _, code in rows():
        for name in re.findall(r"`([A-Za-z_]{3,})`", code):
            assert re.search(rf"\b{name}\b", CODE), name


def test_no_term_is_explained_twice_in_one_sense() -> None:
    codes = [code for _, code in rows()]
    assert len(set(codes)) == len(codes)
