"""The hooks that keep what a test run saw of the rules; tests/conftest.py imports them."""

from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from shared.testing.rules import SEEN, Sighting, saw, write_sightings

WHOLE = frozenset({"tests", "tests/unit"})
SIGHTINGS = Path(".local") / "rules-seen.json"


@pytest.hookimpl
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a marked test when it has passed."""
    if report.when == "call" and report.passed:
        rows = dict(report.user_properties).get("rules", ())
        for row in rows if isinstance(rows, list) else ():
            saw("shown", report.nodeid, row)


@pytest.hookimpl
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand each test's rule rows on to its report."""
    for item in items:
        rows = [row for mark in item.iter_markers("rule") for row in mark.args]
        if rows:
            item.user_properties.append(("rules", rows))


@pytest.hookimpl
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down what a whole run saw; a run of a few tests would say too little."""
    config = session.config
    if hasattr(config, "workeroutput"):  # one of several processes: the first one collects
        config.workeroutput["seen"] = [astuple(each) for each in SEEN]
    elif SEEN and is_whole(config):
        write_sightings(config.rootpath / SIGHTINGS)


def is_whole(config: pytest.Config) -> bool:
    """Whether all of the tests run that rules are shown in."""
    asked = {Path(each).as_posix().rstrip("/") for each in config.args}
    return bool(asked & WHOLE) and not config.option.keyword and not config.option.markexpr


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect what another process saw, where the tests run in several (pytest-xdist)."""
    SEEN.update(Sighting(*each) for each in getattr(node, "workeroutput", {}).get("seen", ()))
