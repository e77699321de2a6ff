"""The rule set as data: every number of the catalogue, checked when a process starts."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.policy.periods import Period

NS3 = Path(__file__).with_name("ns3.yaml")


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounds(_Values):
    """An inclusive range."""

    min: Annotated[int, Field(ge=0)]
    max: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _in_order(self) -> "Bounds":
        if self.min > self.max:
            raise ValueError("min is above max")
        return self

    def __contains__(self, number: int) -> bool:
        return self.min <= number <= self.max


class PhaseTemplate(_Values):
    """A period of a course: its key, its Danish label and the weeks it usually takes."""

    phase: str
    label: str
    weeks: float | None = None
    intensive: bool = True


class NetworkTypeProfile(_Values):
    """What a network type is for and how its course runs (R55, R70, R75, R90-R94)."""

    purpose: str
    intended_difference: str
    goals: str
    success_criteria: str
    coupling: str
    actor_groups: tuple[str, ...]
    phases: tuple[PhaseTemplate, ...]
    intensive_weeks_total: int | None = None
    estimate_min: Period | None = None
    estimate_max: Period | None = None
    reference_leader: Literal["director", "chefforum", "optional"]
    has_test: bool


class Portfolio(_Values):
    """How many start, and how many innovation networks may run at a time (R71-R73)."""

    starts_per_half_year: Bounds
    expected_mix: Mapping[str, Bounds]
    max_concurrent_innovation: Annotated[int, Field(ge=0)]


class ThemePolicy(_Values):
    """The template, the criteria and the round (R45, R48, R51, R64)."""

    template_version: int
    criteria: tuple[str, ...]
    require_all_criteria: bool
    demand_origins_min: int
    round_cadence: Period
    start_within: Period


class LeaderPolicy(_Values):
    """Who may lead (R111-R113)."""

    competences: tuple[str, ...]
    exempt_types: frozenset[str]


class MandatePolicy(_Values):
    """The parties of the mandate contract and when it must be agreed (R146, X17)."""

    parties: tuple[str, ...]
    required_before: Literal["start", "phase_1_completed", "never"]


class NetworkPolicy(_Values):
    """The course of a network (R30, R95, R98, R213, R215, R216)."""

    stalled_after: Period
    longest_break: Period
    output_latest_after_close: Period
    outcome_follow_up: tuple[Period, ...]
    evaluation_template_version: int


class TrainingPolicy(_Values):
    """Cohorts, days, exam and cost (R169-R181)."""

    programme_title: str
    cohort_size: Bounds
    cohort_cadence: Period
    enrolment_requires: Literal["co_driver", "nothing"]
    days: tuple[str, ...]
    exam_parts: tuple[str, ...]
    cost_split_base: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]
    structure_start: date


class Reminders(_Values):
    """How long before or after a date somebody is reminded, by deadline."""

    idea_answer_after: Period
    round_lead: Period
    local_discussion_lead: Period
    forum_slot_lead: Period
    appointment_lead: Period
    touchpoint_after: Period
    stalled_repeat: Period
    intensive_period_lead: Period
    phase_start_lead: Period
    startup_workshop_after: Period
    contract_party_after: Period
    reference_leader_lead: Period
    test_funding_lead: Period
    next_cohort_lead: Period
    training_day_lead: tuple[Period, ...]
    knowledge_commitment_after: Period
    survey_after: Period
    cohort_minimum_lead: Period
    portfolio_lead: Period
    rotation_end_lead: Period
    help_request_after: Period
    invitation_after: Period
    targets_lead: Period
    exam_part_after: Period
    idea_call_lead: Period


class Targets(_Values):
    """What the first year promises (R218-R221)."""

    window: Period
    new_service_proposals_min: int
    new_service_proposals_area: str | None
    improvement_groups: tuple[str, ...]


class ForumPolicy(_Values):
    """The chief forum's monthly slot (R203)."""

    slot_minutes: int
    touchpoint_minutes: int = 5
    """Own: what a touchpoint takes of the slot (R86)."""
    round_minutes: int = 10
    """Own: what the half-year's round takes of it (R206)."""


class Secretariat(_Values):
    """The team and the staff functions that help (R22, R188, R209)."""

    team: Mapping[str, int]
    hotspot_functions: tuple[str, ...]


class Policy(_Values):
    """One rule set: its version, the days it applies, and its values (R230)."""

    version: str
    applies_from: date
    applies_to: date | None = None
    portfolio: Portfolio
    types: Mapping[str, NetworkTypeProfile]
    themes: ThemePolicy
    forum: ForumPolicy
    leaders: LeaderPolicy
    mandate: MandatePolicy
    networks: NetworkPolicy
    training: TrainingPolicy
    reminders: Reminders
    targets: Targets
    secretariat: Secretariat

    def applies_on(self, day: date) -> bool:
        """Tell whether the set is in force on a day; both ends are included."""
        return self.applies_from <= day and (self.applies_to is None or day <= self.applies_to)


class Policies:
    """All rule sets by date, none overlapping another."""

    def __init__(self, sets: list[Policy]) -> None:
        self.sets = tuple(sorted(sets, key=lambda each: each.applies_from))
        for earlier, later in zip(self.sets, self.sets[1:], strict=False):
            if earlier.applies_to is None or later.applies_from <= earlier.applies_to:
                raise ValueError(f"policy {later.version} overlaps {earlier.version}")
        if not self.sets:
            raise ValueError("there is no policy set")

    def on(self, day: date) -> Policy:
        """The set in force on a day; before the first, the first."""
        applying = [each for each in self.sets if each.applies_on(day)]
        earlier = [each for each in self.sets if each.applies_from <= day]
        return (applying or earlier or [self.sets[0]])[-1]


def load_policies(path: Path = NS3) -> Policies:
    """Read the policy file; raises ValueError that names the file and what is wrong."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Policies([Policy.model_validate(each) for each in document["sets"]])
    except (KeyError, TypeError, ValidationError, yaml.YAMLError) as problem:
        raise ValueError(f"{path}: {problem}") from problem
