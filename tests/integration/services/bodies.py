"""A body with every field for each command that has a route, and where it can be sent."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from services.networks.service import SERVICE as NETWORKS
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.themes.service import SERVICE as THEMES
from services.training.service import SERVICE as TRAINING
from shared.kernel.services import Route
from shared.policy.periods import local_day, month_of
from tests.integration.services.cohorts import BODIES as COHORT_BODIES
from tests.integration.services.town import Json

SERVICES = (THEMES, NETWORKS, TRAINING, NOTIFICATIONS)

_PLACE = re.compile(r"\{([a-z_]+)\}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
DAY = "2015-03-02"
MONTH = month_of(local_day(datetime.now(UTC)))
"""The present one, since a slot of the chief forum is planned for no other year."""
WHO = str(uuid4())
UNIT = str(uuid4())
FRAME: Json = {
    "on": DAY,
    "on_behalf_of": None,
    "override": {"rules": ["R999"], "reason": "Det er aftalt."},
}
_PROPOSAL: Json = {
    "template_version": 1,
    "title": "Ensomme ældre",
    "identified_need": "Flere er alene",
    "burning_platform": "Det stiger",
    "network_potential": "På tværs",
    "previous_attempts": "Besøgsvenner",
    "hypotheses": "Transport",
    "demand_origins": ["bottom_up"],
    "affected_departments": [UNIT],
    "professions": ["sygeplejerske"],
    "actor_groups": ["citizen"],
    "strategic_agenda_ref": "Velfærd på ny",
    "wished_type": "welfare",
    "inquiry_id": None,
    "case_reference": "2015-1",
    "kle": "27.00.00",
}
_NOT_REFINED = ("template_version", "inquiry_id")
_CALL: Json = {
    "title": "Hvad skal vi tage fat på?",
    "text": "Send jeres idéer",
    "opens_on": DAY,
    "closes_on": "2015-04-01",
    "half_year": "2015-H1",
}
BODIES: Mapping[str, Json] = {
    "SubmitInquiry": {
        "kind": "theme_idea",
        "channel": "forum_discussion",
        "title": "Ensomme ældre",
        "text": "Flere er alene",
        "need": "Selskab",
        "forum": "chiefs",
        "discussed_on": DAY,
        "idea_call_id": None,
        "wants_to_lead": True,
    },
    "AnswerInquiry": {"outcome": "answered", "answer": "Tak, vi ringer", "theme_id": None},
    "OpenIdeaCall": _CALL,
    "ChangeIdeaCall": _CALL,
    "CloseIdeaCall": {},
    "ProposeTheme": _PROPOSAL,
    "ProposeThemeAgain": _PROPOSAL,
    "AssessTheme": {
        "assessments": [
            {"criterion": "innovation", "verdict": "met", "rationale": "Nyt"},
            {"criterion": "current_and_wanted", "verdict": "partly", "rationale": "Ønsket"},
        ],
        "demand_top": True,
        "demand_bottom": True,
        "economic_potential": "Noget",
        "economic_amount_ore": 100,
    },
    "AlignThemeNetworkType": {
        "network_type": "welfare",
        "intended_difference": "Færre er alene",
        "aligned_by": [WHO],
    },
    "QualifyTheme": {"decided_by": [WHO], "strategic_agenda_ref": "Velfærd på ny"},
    "DecideTheme": {
        "decision": "selected",
        "decided_by": [WHO],
        "reason": "Ja",
        "half_year": "2015-H1",
        "planned_start": DAY,
        "for_network_id": WHO,
    },
    "RefineTheme": {
        **{name: value for name, value in _PROPOSAL.items() if name not in _NOT_REFINED},
        "change": "Skærpet med borgerne",
    },
    "WithdrawTheme": {"reason": "Vi har løst det selv"},
    "RecordLocalThemeDiscussion": {
        "org_unit_id": UNIT,
        "member_id": WHO,
        "step": "held",
        "assisted": True,
        "theme_ids": [WHO],
    },
    "CloseThemeRound": {},
    "ScheduleForumSlot": {
        "starts_at": f"{MONTH}-05T08:00:00+01:00",
        "minutes": 20,
        "attendees": [WHO],
    },
    "CancelForumSlot": {"reason": "Budgetseminar"},
    "AddForumAgendaItem": {
        "kind": "touchpoint_start",
        "subject": WHO,
        "title": "Et netværk er igangsat",
        "minutes": 5,
    },
    "TakeOffForumAgendaItem": {},
    "InviteForumObserver": {
        "person_id": WHO,
        "municipal_director_id": UNIT,
        "secretariat_lead_id": WHO,
        "reason": "Kender netværket",
    },
    "WithdrawForumObserver": {"reason": "Forvekslet med en anden"},
    "HoldForumSlot": {
        "attendees": [{"person_id": WHO, "right": "member"}],
        "treated": [WHO],
        "minutes_used": 15,
    },
    "OpenThemeRound": {"half_year": "2015-H2", "proposals_due": DAY, "discussion_on": DAY},
    "ChangeThemeRound": {"proposals_due": DAY, "discussion_on": DAY},
    "AddThemeToRound": {},
    "PrioritiseThemes": {"theme_ids": [WHO], "decided_by": [WHO]},
    "ImportNetwork": {
        "title": "Campus",
        "purpose": "Unge finder sammen",
        "network_type": "welfare",
        "started_on": DAY,
        "leader_id": WHO,
        "reference_leader_id": str(uuid4()),
        "co_driver_id": str(uuid4()),
        "base_anchor": UNIT,
        "phases_completed": ["intensive_1"],
        "planned_end": "2016-01-04",
    },
    "LinkNetworkTheme": {"theme_id": WHO},
    "AnswerReferenceLeadership": {"choice": "opt_in", "stake": "Mit ansvar"},
    "AssignReferenceLeader": {"person_id": WHO, "replaces": WHO, "reason": "Rokade"},
    "ReleaseReferenceLeader": {"reason": "Ikke i én afdeling"},
    "AssignNetworkLeader": {
        "person_id": WHO,
        "decided_by": [UNIT],
        "assessment_id": WHO,
        "line_manager_id": UNIT,
        "replaces": UNIT,
        "reason": "Rokade",
    },
    "AssignCoDriver": {
        "person_id": WHO,
        "theme_expertise": True,
        "complements": ["communicates"],
        "rationale": "Kender området",
        "assessment_id": WHO,
        "line_manager_id": UNIT,
    },
    "ReleaseCoDriver": {"reason": "Nyt arbejde"},
    "DraftMandateContract": {
        "sections": {"secretariat": {"content": "a", "role": "b", "responsibility": "c"}},
        "cause": "amendment",
    },
    "AgreeMandateContract": {"party": "secretariat", "version": 1},
    "RevisePhasePlan": {
        "planned_start": DAY,
        "phases": [
            {
                "phase": "intensive_1",
                "label": "Først",
                "planned_start": DAY,
                "estimated_weeks": 2.5,
                "estimated_hours": 30.0,
                "intensity": "low",
            }
        ],
        "reason": "Ferie",
    },
    "StartNetwork": {
        "purpose": "En vej",
        "base_anchor": UNIT,
        "political_vision_ref": "Vision",
        "knowledge_gap": "Hvordan",
        "goals": "Mål",
        "success_criteria": "Tegn",
        "actor_groups": ["citizen"],
        "decided_by": [WHO],
    },
    "StartPhase": {
        "idea_titles": ["Ét nummer"],
        "new_actors": [WHO],
        "receiving_units": [UNIT],
        "test_result": "Godt",
    },
    "CompletePhase": {"actual_weeks": 2.0, "actual_hours": 10.0, "learning": "Mødes ude"},
    "StartNetworkBreak": {"reason": "Ferie", "expected_end": "2015-04-01"},
    "EndNetworkBreak": {},
    "SecureTestFunding": {
        "source": "internal",
        "amount_ore": 100,
        "responsible_id": WHO,
        "reference": "Konto",
    },
    "RecordOutput": {
        "kind": "new_service",
        "title": "Ét nummer",
        "text": "Én indgang",
        "agenda_ref": "Velfærd",
        "bridges": [UNIT],
    },
    "AdvanceSolution": {
        "network_id": WHO,
        "step": "handed_over",
        "org_unit_id": UNIT,
        "how": "Møde",
    },
    "RecordEvaluation": {
        "moment": "interim",
        "template_version": 1,
        "went_well": "Ja",
        "went_badly": "Nej",
        "effects": "Lidt",
        "outcome_so_far": "some",
    },
    "AnnounceNetworkClosing": {"planned_close": "2015-12-01"},
    "CloseNetwork": {"result": "not_adopted", "lessons": "Begynd før", "receiving_units": [UNIT]},
    "CancelNetwork": {"reason": "Ikke nu"},
    **COHORT_BODIES,
}


@dataclass(frozen=True)
class Sending:
    """One way to send a command."""

    service: str
    line: Route

    @property
    def name(self) -> str:
        """The command's name."""
        return self.line.command.__name__

    @property
    def body(self) -> Json:
        """A body with all fields."""
        return {**FRAME, **BODIES[self.name]}

    @property
    def places(self) -> tuple[str, ...]:
        """The names of the path's parameters."""
        return tuple(_PLACE.findall(self.line.path))

    def path(self, ids: Mapping[str, str]) -> str:
        """The path with these ids in it."""
        return _PLACE.sub(lambda found: ids[found[1]], self.line.path)


def sendings() -> tuple[Sending, ...]:
    """Every command route of the four services."""
    return tuple(Sending(service.name, line) for service in SERVICES for line in service.commands)


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of everything in a body, containers included."""
    if at:
        yield at
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for name, each in inner:
        yield from leaves(each, (*at, name))


def days(body: Json) -> Iterator[tuple[Any, ...]]:
    """The places of the days in a body."""
    for at in leaves(body):
        value: Any = body
        for step in at:
            value = value[step]
        if isinstance(value, str) and _DAY.fullmatch(value):
            yield at


def with_at(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    """The same with something else at one place."""
    if not at:
        return new
    first, *rest = at
    if isinstance(value, dict):
        return {**value, first: with_at(value[first], tuple(rest), new)}
    return [
        with_at(each, tuple(rest), new) if number == first else each
        for number, each in enumerate(value)
    ]
