"""Rule coverage from what the tests saw: the kit notes every answer by rule row."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeVar

import pytest

What = Literal["accepted", "refused", "overridden", "override_refused", "warned", "shown"]


@dataclass(frozen=True, order=True)
class Sighting:
    """One kind of answer that a test run saw: what, of which command (or test), for which row."""

    what: What
    command: str
    rule: str = ""
    code: str = ""


SEEN: set[Sighting] = set()
T = TypeVar("T", bound=Callable[..., object])


def saw(what: What, command: str, rule: str = "", code: str = "") -> None:
    """Note an answer."""
    SEEN.add(Sighting(what, command, rule, code))


def rule(*rows: str) -> Callable[[T], T]:
    """Mark a test that shows configuration or a report (classes C and R); name few rows."""
    mark = pytest.mark.rule(*rows)

    def marked(test: T) -> T:
        return mark(test)  # type: ignore[no-any-return]

    return marked


def write_sightings(path: Path) -> None:
    """Keep what the run saw, for `netvaerk rules`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in sorted(SEEN)], indent=0))


def read_sightings(path: Path) -> set[Sighting]:
    """Read what the last run saw."""
    return {Sighting(**each) for each in json.loads(path.read_text())}
