"""Every service has the same rooms, and nothing in them is left lying."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts.registry import CODEC
from shared.kernel.commands import Command
from shared.kernel.permissions import SYSTEM
from shared.kernel.services import Service

ROOT = Path(__file__).parents[2]
SERVICES = ("themes", "networks", "training", "notifications")
ROOMS = {
    "__init__.py",
    "__main__.py",
    "api.py",
    "domain",
    "messages.yaml",
    "projections",
    "queries",
    "reactions",
    "service.py",
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager"}
LONGEST = 270

every_service = pytest.mark.parametrize("name", SERVICES)


def service(name: str) -> Service:
    found = importlib.import_module(f"services.{name}.service").SERVICE
    assert isinstance(found, Service)
    return found


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts)


@every_service
def test_a_service_has_the_rooms_of_every_other(name: str) -> None:
    here = {path.name for path in (ROOT / "services" / name).iterdir()}
    missing = {room for room in ROOMS if room not in here and f"{room}.py" not in here}
    assert missing == set()


@every_service
def test_a_service_says_first_what_it_owns_hears_and_tells(name: str) -> None:
    text = importlib.import_module(f"services.{name}").__doc__ or ""
    assert {"owns", "hears", "tells"} <= set(text.lower().replace(".", " ").split())


@every_service
def test_every_command_has_a_route_or_is_sent_by_the_system(name: str) -> None:
    routed = {route.command for route in service(name).commands}
    for command in commands_of(name):
        assert (command.may == SYSTEM) != (command in routed), command.__name__


@every_service
def test_every_aggregate_is_in_the_table_of_contents(name: str) -> None:
    listed = {aggregate.kind.name for aggregate in service(name).aggregates}
    assert {command.aggregate.kind.name for command in commands_of(name)} <= listed


def commands_of(name: str) -> Iterator[type[Command[Any, Any]]]:
    for path in modules(f"services/{name}/domain"):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for _, each in inspect.getmembers(module, inspect.isclass):
            own = each.__module__ == module.__name__ and "may" in vars(each)
            if own and issubclass(each, Command):
                yield each


@every_service
def test_every_answer_has_a_text_in_both_languages(name: str) -> None:
    texts = yaml.safe_load((ROOT / "services" / name / "messages.yaml").read_text("utf-8"))
    kernel = yaml.safe_load((ROOT / "shared/http/messages.yaml").read_text("utf-8"))
    codes = set(codes_in(f"services/{name}"))
    assert codes - set(texts) - set(kernel) == set(), "without a text"
    assert set(texts) - codes - set(codes_in("shared/people")) == set(), "a text nobody uses"
    for code, text in texts.items():
        for language in ("da", "en"):
            assert set(text[language]) == {"title", "detail"}, code


def codes_in(folder: str) -> Iterator[str]:
    """Find the first argument of every refusal, default and warning."""
    for path in modules(folder):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _answers(node.func):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def _answers(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in {"default", "warn"}
    return isinstance(function, ast.Name) and function.id in {
        "Conflict",
        "Forbidden",
        "Malformed",
        "NotYet",
        "Refused",
        "Stale",
        "Unknown",
        "Unsupported",
    }


@every_service
def test_no_service_makes_a_text_of_a_list(name: str) -> None:
    """A fact keeps its list, which programs read and `shared/http/messages.py` says in words."""
    joined = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules(f"services/{name}")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "join"
        if isinstance(node.value, ast.Constant) and "," in str(node.value.value)
    }
    assert joined == set()


@every_service
def test_every_view_is_named_once_and_asked_for(name: str) -> None:
    views = service(name).views
    assert len({view.name for view in views}) == len(views)
    text = "".join(path.read_text("utf-8") for path in modules(f"services/{name}"))
    for view in views:
        assert text.count(view.row.__name__) > 1, f"{view.row.__name__} is never read"


def test_every_fact_is_told_by_some_command() -> None:
    kinds = [kind for kind in CODEC.kinds.values() if kind.audience != "state"]
    told = {owner: set(made_in(f"services/{owner}/domain")) for owner in SERVICES}
    untold = {
        event.__name__
        for kind in kinds
        for event in kind.events
        if event.__name__ not in told[kind.owner]
    }
    assert untold == set()


def made_in(folder: str) -> Iterator[str]:
    """Name the classes of which something is made: called, or named by a table, a choice or a class."""
    for path in modules(folder):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name)):
                    yield name
                case ast.IfExp(body=ast.Name(id=name), orelse=ast.Name(id=other)):
                    yield from (name, other)
                case ast.Dict(values=values):
                    yield from (each.id for each in values if isinstance(each, ast.Name))
                case ast.Assign(targets=[ast.Name(id="fact")], value=ast.Name(id=name)):
                    yield name
                case _:
                    pass


def test_no_module_is_named_after_nothing() -> None:
    for path in modules("services", "shared", "deploy"):
        assert not FORBIDDEN_NAMES & {path.stem, path.parent.name}, path


def test_modules_stay_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules("services", "shared", "deploy")
        if (lines := lines_of_code(path)) > LONGEST
    }
    assert long == {}


def lines_of_code(path: Path) -> int:
    return sum(
        1
        for line in path.read_text("utf-8").splitlines()
        if line.strip() and line.strip()[0] != "#"
    )


def test_the_broker_is_known_where_kafka_is_told_and_read() -> None:
    knowing = {
        str(path.relative_to(ROOT))
        for path in modules("services", "shared")
        if "aiokafka" in imports_of(path)
    }
    assert knowing == {
        "shared/eventstore/producer.py",
        "shared/projections/consumer.py",
        "shared/projections/history.py",
    }


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_no_pure_room_reads_a_clock_or_rolls_dice() -> None:
    pure = [
        "shared/kernel",
        "shared/policy",
        "shared/contracts",
        "shared/people",
        *(f"services/{name}/domain" for name in SERVICES),
    ]
    for path in modules(*pure):
        text = path.read_text("utf-8")
        for word in ("datetime.now", "date.today", "uuid4(", "uuid7(", "random.", "import asyncio"):
            assert word not in text, f"{path}: {word}"
