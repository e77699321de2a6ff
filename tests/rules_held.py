"""A whole run fails when a rule that the code claims to hold was not seen held."""

import pytest

from deploy.rules import MEANING, Judged, judge, load_rules
from shared.testing.plugin import is_whole
from shared.testing.rules import SEEN

WHOLE_SERVICES = frozenset({"themes", "training"})
"""Services that every row of theirs is asked of; of others, the rows in reach (`path`)."""


class RulesHeld:
    """Judges the rows when all tests have run, as `netvaerk rules` does."""

    def __init__(self) -> None:
        self._judged: list[Judged] = []

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hold what was seen against the rows."""
        if not SEEN or not is_whole(session.config):
            return
        asked = [each for each in load_rules() if each.path or each.owner in WHOLE_SERVICES]
        self._judged = list(judge(asked, SEEN))
        if session.exitstatus == pytest.ExitCode.OK and self._open:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the rows that are open, before the closing line."""
        for each in self._open:
            missing = "; ".join(MEANING[part] for part in each.missing)
            terminalreporter.write_line(f"{each.rule.row} is not held: {missing}", red=True)
        if self._judged:
            held = len(self._judged) - len(self._open)
            terminalreporter.write_line(f"rules: {held} of {len(self._judged)} rows held")

    @property
    def _open(self) -> list[Judged]:
        return [each for each in self._judged if not each.held]
