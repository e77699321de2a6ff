"""Cohorts to try things on, brought about through the API processes of training."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from shared.contracts.vocabulary import Competence
from tests.integration.services.town import Caller, Json, Process, Town

DAY = "2015-03-02"
WHO = str(uuid4())
PLACES = 15
"""As many as the policy has (R170)."""

BODIES: Mapping[str, Json] = {
    "RegisterLeaderInterest": {"wish": "lead", "themes": "Børn"},
    "RecordPriorQualification": {
        "on": "2012-06-01",
        "what": "diploma",
        "title": None,
        "evidence": "Set",
    },
    "SetLeaderAvailability": {"available": False, "available_from": DAY, "available_until": DAY},
    "AssessCompetences": {
        "assessment_id": WHO,
        "levels": dict.fromkeys(map(str, Competence), 3),
        "identifies_with_good_leader": True,
        "network_id": WHO,
        "moment": "before",
    },
    "DeclineAssignment": {
        "network_id": WHO,
        "role": "leader",
        "reason": "theme",
        "text": "Ikke mit felt",
    },
    "SetPoolMembership": {
        "in_pool": True,
        "basis": "experienced_gen1_2",
        "generation": 1,
        "reason": None,
    },
    "ChangeInnovatorCorps": {"member": False, "cohort_id": WHO, "reason": "Nyt arbejde"},
    "PointOutRotationCompetence": {
        "competence": "Serviceloven",
        "text": "Til sager på tværs",
        "decided_by": [WHO],
    },
    "ProposeRotation": {
        "person_id": WHO,
        "task": "method",
        "competence": "Serviceloven",
        "text": "En fælles metode",
        "wished_from": DAY,
        "wished_until": "2015-09-01",
    },
    "NominateRotation": {"answer": "nominated", "competence_id": WHO, "reason": None},
    "StartRotation": {"starts_on": DAY, "ends_on": "2015-09-01"},
    "EndRotation": {"deliverables": [{"title": "Håndbog", "url": "https://intra.example/h"}]},
    "EvaluateRotation": {"learned": "Meget", "wellbeing": 4, "motivation": 5},
    "PlanCohort": {
        "programme": "innovator",
        "title": "Innovatører",
        "provider": "Et University College",
        "ects": 5.0,
        "first_day": "2015-05-04",
        "days": ["Første dag", "Anden dag"],
    },
    "OpenCohort": {"enrol_by": "2015-04-01"},
    "RequestEnrolment": {"person_id": WHO, "department_id": WHO},
    "WithdrawEnrolment": {"reason": "Travlt"},
    "ConfirmCohort": {},
    "ScheduleTrainingDay": {
        "starts_at": "2015-05-04T08:00:00+02:00",
        "ends_at": "2015-05-04T15:00:00+02:00",
        "place": "Rådhuset",
    },
    "RecordTrainingAttendance": {"present": [WHO]},
    "RecordOneAttendance": {"present": True},
    "ChangeTrainingAttendance": {"presence": [{"person_id": WHO, "present": True}]},
    "StartCohort": {},
    "AllocateTrainingCost": {
        "cost_per_participant_ore": 1_000_001,
        "departments": [{"person_id": WHO, "department_id": WHO}],
    },
    "CorrectTrainingCost": {"cost_ore": 900_000, "department_id": WHO, "reason": "Rabat"},
    "CompleteCohort": {},
    "CancelCohort": {"reason": "For få"},
    "RecordExamPart": {"attempt": 1, "result": "passed", "held_on": DAY},
}
"""A body with every field for each command of training that has a route."""


@dataclass(frozen=True)
class Cohorts:
    """Two API processes of training on one database."""

    town: Town
    apis: tuple[Process, ...]
    secretary: Caller

    async def do(self, method: str, path: str, body: Json | None = None, *, at: int = 0) -> Json:
        """Do something as the secretariat that is accepted, and give the answer."""
        answer = await self.secretary.settle(self.apis[at], method, path, body)
        assert answer.status_code in (httpx.codes.OK, httpx.codes.CREATED), answer.text
        told: Json = answer.json()
        return told

    async def co_drivers(self, count: int) -> list[str]:
        """People who co-drove networks before the structure began, so that they may enrol."""
        people = [str(uuid4()) for _ in range(count)]
        what = {"on": "2012-06-01", "what": "co_driver", "evidence": "Set i arkivet"}
        for each in people:
            await self.do("POST", f"/leaders/{each}/prior-qualifications", what)
        return people

    async def open_with(self, people: Sequence[str]) -> str:
        """A cohort of the diploma that is open, and in which these have enrolled; gives its id."""
        planned = await self.do("POST", "/cohorts", {"programme": "diploma"})
        cohort = str(planned["id"])
        await self.do("POST", f"/cohorts/{cohort}/open", {"enrol_by": "2040-01-01"})
        for each in people:
            await self.do("POST", f"/cohorts/{cohort}/enrolments", {"person_id": each})
        return cohort

    async def at_once(self, requests: Sequence[tuple[str, Json]]) -> list[httpx.Response]:
        """Send commands at the same time, by turns to the one process and the other."""
        return await asyncio.gather(
            *(
                self.secretary.settle(self.apis[turn % len(self.apis)], "POST", path, body)
                for turn, (path, body) in enumerate(requests)
            )
        )

    async def facts(self, cohort: str) -> list[tuple[str, Any]]:
        """The facts of a cohort, as they are stored."""
        return await self.town.facts("training", f"cohort-{cohort}")
