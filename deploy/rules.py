"""The rule matrix: each row of the rules, and whether the last test run saw it held."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from shared.testing.rules import Sighting

CATALOGUE = Path(__file__).parents[1] / "docs" / "rules.yaml"

Strength = Literal["H", "authz", "design", "D", "S", "C", "R", "I"]

MEANING: dict[Strength, str] = {
    "H": "refused, and accepted in a neighbouring case",
    "authz": "refused to another role, and accepted of the right one",
    "design": "shown by what is absent",
    "D": "refused, and set aside with a reason",
    "S": "accepted with the warning, or shown in its view",
    "C": "a changed value changes behaviour",
    "R": "the figure is right on a worked example",
    "I": "nothing to show",
}


class Rule(BaseModel):
    """A row: what it says, how strong it is, who owns it, and whether it is in reach today."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: str
    strengths: tuple[Strength, ...]
    owner: str
    says: str
    path: bool = False
    """Whether the commands there are today touch the row."""
    commands: tuple[str, ...] = ()
    """For a rule about who may: the commands it is about."""


@dataclass(frozen=True)
class Judged:
    """A row and the parts of it that no test has shown."""

    rule: Rule
    missing: tuple[Strength, ...]

    @property
    def held(self) -> bool:
        """Whether everything about the row was seen."""
        return not self.missing


def load_rules(path: Path = CATALOGUE) -> tuple[Rule, ...]:
    """Read the catalogue of rules."""
    return tuple(Rule.model_validate(each) for each in yaml.safe_load(path.read_text("utf-8")))


def judge(rules: Collection[Rule], seen: Collection[Sighting]) -> Iterator[Judged]:
    """Hold every row against what was seen."""
    accepted = {each.command for each in seen if each.what == "accepted"}
    for rule in rules:
        of_row = [each for each in seen if each.rule == rule.row]
        whats = {each.what for each in of_row}
        refused = {each.command for each in of_row if each.what == "refused"}
        turned_away = {each.command for each in seen if each.code == "not_allowed"}
        shown: dict[Strength, bool] = {
            "H": bool(refused & accepted) or "shown" in whats,
            "authz": (bool(rule.commands) and set(rule.commands) <= turned_away & accepted)
            or bool(refused & accepted),
            "design": "shown" in whats,
            "D": {"refused", "overridden"} <= whats,
            "S": bool(whats & {"warned", "shown"}),
            "C": "shown" in whats,
            "R": "shown" in whats,
            "I": True,
        }
        yield Judged(rule, tuple(each for each in rule.strengths if not shown[each]))
