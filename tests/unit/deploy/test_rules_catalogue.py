"""The catalogue of rules is whole, and the code speaks of no rule and no strength but its own."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.rules import MEANING, load_rules
from shared.kernel.commands import Command

ROOT = Path(__file__).parents[3]
RULES = {rule.row: rule for rule in load_rules()}
OWNERS = {"themes", "networks", "training", "notifications", "shared", "all", "none"}
ROW = re.compile(r"\bR\d{1,3}\b")


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py"))


def commands() -> set[str]:
    names: set[str] = set()
    for path in modules("services"):
        if "domain" in path.parts:
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            classes = inspect.getmembers(module, inspect.isclass)
            names |= {name for name, each in classes if issubclass(each, Command)}
    return names


def cited(*ways: str) -> Iterator[tuple[Path, str]]:
    """Find the rows that answers in the domains rest on, where they stand as plain words."""
    for path in modules("services"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) > 1 and _name(node.func) in ways:
                for each in ast.walk(node.args[1]):
                    if isinstance(each, ast.Constant) and ROW.fullmatch(str(each.value)):
                        yield path.relative_to(ROOT), str(each.value)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_there_are_252_rows_in_order_each_once() -> None:
    assert list(RULES) == [f"R{number}" for number in range(1, 253)]
    assert len(load_rules()) == 252


def test_every_row_says_in_a_sentence_what_it_is_and_who_owns_it() -> None:
    for rule in RULES.values():
        assert rule.owner in OWNERS, rule.row
        assert rule.says[0].isupper(), rule.row
        assert rule.says.endswith("."), rule.row
        assert rule.strengths, rule.row
        assert len(set(rule.strengths)) == len(rule.strengths), rule.row
        assert set(rule.strengths) <= set(MEANING), rule.row


def test_every_row_the_code_names_is_in_the_catalogue() -> None:
    for path in modules("services", "shared"):
        assert set(ROW.findall(path.read_text("utf-8"))) <= set(RULES), path


def test_every_row_that_an_answer_rests_on_is_on_the_path() -> None:
    for path, row in cited("Refused", "Malformed", "Forbidden", "default", "warn"):
        assert RULES[row].path, f"{path}: {row}"


def test_only_a_default_rule_can_be_set_aside() -> None:
    found = list(cited("default"))
    assert len(found) > 10
    for path, row in found:
        assert "D" in RULES[row].strengths, f"{path}: {row}"


def test_the_commands_that_a_row_is_about_exist() -> None:
    known = commands()
    assert len(known) > 30
    for rule in RULES.values():
        assert set(rule.commands) <= known, rule.row


@pytest.mark.parametrize("row", [row for row, rule in RULES.items() if "authz" in rule.strengths])
def test_a_row_about_who_may_names_its_commands_once_they_exist(row: str) -> None:
    assert bool(RULES[row].commands) == RULES[row].path


def test_only_rows_about_who_may_name_commands() -> None:
    assert {
        row for row, rule in RULES.items() if rule.commands and "authz" not in rule.strengths
    } == set()
