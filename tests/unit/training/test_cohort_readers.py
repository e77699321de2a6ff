"""Who reads what of the cohorts, and how a table of attendance is answered, over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.training.api import COMMANDS
from services.training.domain.cohort.state import COHORTS
from services.training.domain.known import OrgChart
from services.training.projections.attendance_and_exam import ATTENDANCE_AND_EXAM
from services.training.projections.cohort_overview import COHORT_OVERVIEW
from services.training.projections.enrolments import ENROLMENTS
from services.training.projections.training_costs import COST_BY_DEPARTMENT
from services.training.queries import attendance, cohorts
from shared.contracts.registry import CODEC
from shared.contracts.training import ExamPartRecorded, TrainingCostAllocated, TrainingDayAttended
from shared.contracts.vocabulary import ExamPart, ExamResult
from shared.dispatch.answers import Answer, Happened
from shared.kernel.commands import Context, decide
from shared.kernel.facts import Row
from shared.kernel.permissions import Actor
from shared.kernel.views import View
from shared.people import Person
from shared.testing import CHIEF, NOW, SECRETARIAT, TODAY, employee, folded, recorded, rule
from shared.testing.kit import NS3
from tests.unit.training.cohorts import (
    ALL_DAYS,
    CHART,
    COHORT,
    DEPARTMENT,
    OTHER_DEPARTMENT,
    PEOPLE,
    TEAM,
    enrolled,
    running,
)
from tests.unit.training.reading import asking, bearer, get, routes
from tests.unit.training.streams import stream

ANNA, BO = PEOPLE[0], PEOPLE[1]
WAITING = PEOPLE[15]
OPEN_COHORT, UNKNOWN_COHORT = UUID(int=98), UUID(int=99)
CALLERS = {
    "secretariat": SECRETARIAT,
    "director": employee("director", "municipal_director"),
    "anna": employee("co-driver 1"),
    "bo": employee("co-driver 2"),
    "annas manager": employee("annas manager"),
    "another manager": employee("another manager"),
    "finance": employee("finance", "finance_contact"),
    "another finance": employee("another finance", "finance_contact"),
    "lost finance": employee("lost finance", "finance_contact"),
    "chief": CHIEF,
    "reporter": Actor(person_id=UUID(int=7), roles=frozenset({"reporter"})),
    "integrator": Actor(person_id=UUID(int=8), roles=frozenset({"integrator"})),
}


def known(name: str, **fields: Any) -> Person:
    person_id = CALLERS[name].person_id
    assert person_id is not None
    return Person(person_id=person_id, **fields)


MANAGER = CALLERS["annas manager"].person_id
DIRECTORY = [
    known("anna", org_unit_id=DEPARTMENT, line_manager_id=MANAGER),
    known("bo", org_unit_id=DEPARTMENT),
    known("annas manager", org_unit_id=DEPARTMENT, management_level=4),
    known("another manager", org_unit_id=OTHER_DEPARTMENT, management_level=4),
    known("finance", org_unit_id=TEAM),
    known("another finance", org_unit_id=OTHER_DEPARTMENT),
]


def cost(who: UUID, department_id: UUID) -> TrainingCostAllocated:
    return TrainingCostAllocated(
        on=TODAY,
        person_id=who,
        department_id=department_id,
        total_ore=300,
        base_ore=200,
        secretariat_ore=100,
    )


FACTS = [
    *running(15),
    *ALL_DAYS,
    cost(ANNA, DEPARTMENT),
    cost(BO, OTHER_DEPARTMENT),
    TrainingDayAttended(on=TODAY, day=2, person_id=ANNA, present=True),
]
TOLD = [
    *stream(f"cohort-{COHORT}", *FACTS),
    *stream(f"cohort-{OPEN_COHORT}", *enrolled(16)),
    recorded(
        ExamPartRecorded(
            on=TODAY,
            cohort_id=COHORT,
            person_id=ANNA,
            part=ExamPart.ORAL,
            attempt=1,
            result=ExamResult.PASSED,
            held_on=TODAY,
            all_passed=False,
        ),
        f"exam-{COHORT}-{ANNA}",
    ),
]
VIEWS: tuple[View[Any], ...] = (
    COHORT_OVERVIEW,
    ENROLMENTS,
    ATTENDANCE_AND_EXAM,
    COST_BY_DEPARTMENT,
)
ROWS: dict[type[Row], Mapping[str, Row]] = {
    **{view.row: folded(view, TOLD) for view in VIEWS},
    Person: {str(each.person_id): each for each in DIRECTORY},
    OrgChart: {OrgChart.KEY: CHART},
}


class OneCohort:
    """Takes commands to the cohort; the kernel decides."""

    def __init__(self) -> None:
        self.facts: list[Any] = list(FACTS)
        self.sent: list[dict[str, Any]] = []

    async def send(self, command: Any, key: str, *, actor: Actor, **sent: Any) -> Answer:
        self.sent.append(sent)
        ctx = Context(now=NOW, today=TODAY, actor=actor, key=key, policy=NS3, new_id=uuid4)
        made = decide(command, COHORTS.replay(self.facts), len(self.facts), ctx)
        self.facts += made.events
        return Answer(
            key=key,
            stream=COHORTS.kind.stream(key),
            version=len(self.facts),
            events=tuple(Happened("", *CODEC.encode(each)) for each in made.events),
            warnings=made.envelope.warnings,
        )


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The routes of cohorts, on rows in memory."""
    return routes(
        cohorts.router,
        attendance.router,
        callers=CALLERS,
        rows=ROWS,
        dispatcher=OneCohort(),
        aggregates=(COHORTS,),
        commands=COMMANDS,
    )


@pytest.fixture
def http(app: FastAPI) -> httpx.AsyncClient:
    """Asks them, with a cohort of its own."""
    app.state.dispatcher = OneCohort()
    return asking(app)


async def statuses(
    http: httpx.AsyncClient, path: str, callers: Sequence[str], **filters: Any
) -> dict[str, int]:
    return {by: (await get(http, path, by, **filters)).status_code for by in callers}


def all_of(callers: Sequence[str], status: int) -> dict[str, int]:
    return dict.fromkeys(callers, status)


RESULTS, ENROLMENTS_PATH = f"/cohorts/{COHORT}/results", f"/cohorts/{COHORT}/enrolments"
COSTS = "/reports/training-costs"


@rule("R172")
async def test_everybody_sees_the_cohorts_and_nobody_in_them(http: httpx.AsyncClient) -> None:
    assert await statuses(http, "/cohorts", list(CALLERS)) == all_of(list(CALLERS), 200)
    page = (await get(http, "/cohorts", "anna", state="open")).json()
    assert [(each["enrolled"], each["waiting"]) for each in page["items"]] == [(15, 1)]
    page = (await get(http, "/cohorts", "anna", state="running")).json()
    assert [(each["enrolled"], each["waiting"]) for each in page["items"]] == [(15, 0)]
    assert (await get(http, "/cohorts", "anna", state="planned")).json()["items"] == []
    one = (await get(http, f"/cohorts/{COHORT}", "anna")).json()["item"]
    assert one == page["items"][0]
    assert not {"enrolled_ids", "waiting_ids"} & set(one)
    assert (await get(http, f"/cohorts/{UNKNOWN_COHORT}", "anna")).status_code == 404


async def test_results_are_for_the_person_and_those_who_run_the_training(
    http: httpx.AsyncClient,
) -> None:
    everything = ["secretariat", "director"]
    others = [each for each in CALLERS if each not in everything]
    assert await statuses(http, RESULTS, everything) == all_of(everything, 200)
    assert await statuses(http, RESULTS, others) == all_of(others, 403)
    of_anna = dict.fromkeys(others, 403) | all_of([*everything, "anna"], 200)
    assert await statuses(http, RESULTS, list(CALLERS), person_id=ANNA) == of_anna
    (row,) = (await get(http, RESULTS, "anna", person_id=ANNA)).json()["items"]
    assert (row["oral"], row["written"]) == ("passed", None)


async def test_a_line_manager_sees_enrolment_and_diploma_and_nothing_of_the_exam(
    http: httpx.AsyncClient,
) -> None:
    allowed = ["secretariat", "director", "anna", "annas manager"]
    expected = all_of(list(CALLERS), 403) | all_of(allowed, 200)
    assert await statuses(http, ENROLMENTS_PATH, list(CALLERS), person_id=ANNA) == expected
    (row,) = (await get(http, ENROLMENTS_PATH, "annas manager", person_id=ANNA)).json()["items"]
    assert row["state"] == "enrolled"
    by_state = {
        state: len(
            (await get(http, ENROLMENTS_PATH, "annas manager", person_id=ANNA, state=state)).json()[
                "items"
            ]
        )
        for state in ("enrolled", "attending")
    }
    assert by_state == {"enrolled": 1, "attending": 0}
    assert "days_present" not in row
    (own,) = (await get(http, ENROLMENTS_PATH, "anna", person_id=ANNA)).json()["items"]
    assert own["state"] == "attending"
    assert not {name for name in row if "day_" in name or "oral" in name or "written" in name}
    assert (await get(http, ENROLMENTS_PATH, "annas manager")).status_code == 403
    assert (await get(http, RESULTS, "annas manager", person_id=ANNA)).status_code == 403


async def test_an_enrolment_shows_the_place_in_the_waiting_list(http: httpx.AsyncClient) -> None:
    path = f"/cohorts/{OPEN_COHORT}/enrolments"
    page = (await get(http, path, "secretariat", state="waiting")).json()
    assert [(each["person_id"], each["waiting_place"]) for each in page["items"]] == [
        (str(WAITING), 1)
    ]
    strange = await get(http, f"/cohorts/{UNKNOWN_COHORT}/enrolments", "secretariat")
    assert strange.status_code == 404


@rule("R173")
async def test_a_department_sees_what_it_pays_itself(http: httpx.AsyncClient) -> None:
    seen = {}
    for by in CALLERS:
        found = await get(http, COSTS, by)
        page = found.json().get("items", []) if found.status_code == 200 else None
        seen[by] = page and {(each["department_id"], each["total_ore"]) for each in page}
    own, other = (str(DEPARTMENT), 300), (str(OTHER_DEPARTMENT), 300)
    assert seen == dict.fromkeys(CALLERS) | {
        "secretariat": {own, other},
        "director": {own, other},
        "integrator": {own, other},
        "finance": {own},
        "annas manager": {own},
        "another finance": {other},
        "another manager": {other},
    }


async def test_a_department_does_not_see_what_another_pays(http: httpx.AsyncClient) -> None:
    for by in ("finance", "annas manager", "anna", "lost finance", "reporter", "chief"):
        answer = await get(http, COSTS, by, department_id=OTHER_DEPARTMENT)
        assert answer.status_code == 403, by
    mine = await get(http, COSTS, "finance", department_id=DEPARTMENT, cohort_id=COHORT)
    assert [each["base_ore"] for each in mine.json()["items"]] == [200]
    assert "by_person" not in mine.json()["items"][0]


async def test_a_list_is_exported_with_no_more_than_it_shows(http: httpx.AsyncClient) -> None:
    csv = {**bearer("finance"), "Accept": "text/csv"}
    costs = await http.get(COSTS, headers=csv)
    assert costs.headers["content-type"].startswith("text/csv")
    assert str(DEPARTMENT) in costs.text
    assert str(OTHER_DEPARTMENT) not in costs.text
    assert str(ANNA) not in (await http.get("/cohorts", headers=csv)).text
    refused = await http.get(RESULTS, headers=csv)
    assert refused.status_code == 403


async def hand_in(
    http: httpx.AsyncClient, *rows: str, by: str = "secretariat", day: int = 1, **more: Any
) -> httpx.Response:
    headers = {**bearer(by), "Content-Type": "text/csv"}
    return await http.post(
        f"/cohorts/{COHORT}/days/{day}/attendance/imports",
        content="\r\n".join(("person_id;present", *rows)),
        headers=headers | more.pop("headers", {}),
        params=more,
    )


@rule("R174")
async def test_a_table_of_attendance_is_answered_row_by_row(http: httpx.AsyncClient) -> None:
    rows = (f"{ANNA};ja", f"{BO};nej")
    report = (await hand_in(http, *rows)).json()
    assert (report["changed"], report["unchanged"], report["wrong"]) == (1, 1, 0)
    assert [(each["line"], each["what"]) for each in report["rows"]] == [
        (2, "changed"),
        (3, "unchanged"),
    ]
    assert report["position"] == f"cohort-{COHORT}@{len(FACTS) + 1}"
    again = (await hand_in(http, *rows)).json()
    assert (again["changed"], again["unchanged"]) == (0, 2)


async def test_with_a_wrong_row_nothing_is_recorded_unless_it_is_asked_for(
    http: httpx.AsyncClient,
) -> None:
    rows = (f"{ANNA};ja", f"{WAITING};ja", f"{BO};måske")
    refused = await hand_in(http, *rows)
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["code"] == "import_rows_wrong"
    assert {"not_a_participant", "present_malformed"} <= {
        each["code"] for each in problem["errors"]
    }

    partly = (await hand_in(http, *rows, partial=True)).json()
    assert (partly["changed"], partly["unchanged"], partly["wrong"]) == (1, 0, 2)
    assert [each["what"] for each in partly["rows"]] == ["changed", "wrong", "wrong"]
    assert partly["rows"][2]["errors"][0]["column"] == "present"
    assert partly["rows"][2]["errors"][0]["message"] == "Skriv ja eller nej."
    english = await hand_in(http, *rows, partial=True, headers={"Accept-Language": "en"})
    assert english.json()["rows"][2]["errors"][0]["message"] == "Write yes or no."
    assert english.json()["changed"] == 0


async def test_a_table_with_a_key_is_the_same_command_when_it_is_sent_again(
    app: Any, http: httpx.AsyncClient
) -> None:
    headers = {"Idempotency-Key": "uge-36", "If-Match": '"7"'}
    for rows in ([f"{ANNA};ja"], [f"{ANNA};ja"], [f"{BO};ja"]):
        await hand_in(http, *rows, headers=headers)
    first, again, other = app.state.dispatcher.sent
    assert (first["command_id"], first["fingerprint"]) == (
        again["command_id"],
        again["fingerprint"],
    )
    assert first["command_id"] == other["command_id"] != ""
    assert first["fingerprint"] != other["fingerprint"]
    assert first["if_match"] == 7
    await hand_in(http, f"{ANNA};ja")
    assert app.state.dispatcher.sent[-1]["command_id"] == ""


@pytest.mark.parametrize("day", [0, 6])
async def test_a_table_for_a_day_that_is_not_is_refused(http: httpx.AsyncClient, day: int) -> None:
    refused = await hand_in(http, f"{ANNA};ja", day=day)
    assert (refused.status_code, refused.json()["code"]) == (409, "training_day_unknown")


async def test_a_wrong_row_is_told_with_its_line_and_how_many_are_told(
    http: httpx.AsyncClient,
) -> None:
    rows = (f"{ANNA};ja", *(f"{WAITING};ja" for _ in range(300)))
    problem = (await hand_in(http, *rows)).json()
    assert problem["facts"] == {"wrong": 300, "rows": 301, "errors": 600, "told": 500}
    assert "500 af 600 fejl" in problem["detail"]
    assert len(problem["errors"]) == 500
    assert problem["errors"][0]["message"].startswith("Linje 3: Ikke deltager")


@pytest.mark.parametrize("charset", ["iso-8859-1", '"windows-1252"', "UTF-16"])
async def test_a_table_in_another_coding_than_utf8_is_refused(
    http: httpx.AsyncClient, charset: str
) -> None:
    headers = {"Content-Type": f"text/csv; header=present; charset={charset}"}
    refused = await hand_in(http, f"{ANNA};ja", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (415, "charset_not_utf8")
    assert charset.strip('"') in refused.json()["detail"]
    headers = {"Content-Type": 'text/csv; charset="UTF-8"'}
    assert (await hand_in(http, f"{ANNA};ja", headers=headers)).status_code == 200
    packed = await hand_in(http, f"{ANNA};ja", headers={"Content-Encoding": "gzip"})
    assert (packed.status_code, packed.json()["code"]) == (415, "content_encoding_unknown")


async def test_what_is_in_a_cohort_that_is_not_is_unknown(http: httpx.AsyncClient) -> None:
    for what in ("results", "enrolments"):
        path = f"/cohorts/{ANNA}/{what}"
        assert (await get(http, path, "secretariat")).status_code == 404, what
        assert (await get(http, path, "chief")).status_code == 403, what


async def test_only_the_secretariat_hands_in_attendance(http: httpx.AsyncClient) -> None:
    for by in ("anna", "director", "chief", "reporter", "finance"):
        assert (await hand_in(http, f"{ANNA};ja", by=by)).status_code == 403
    not_csv = {"Content-Type": "application/json"}
    refused = await hand_in(http, f"{ANNA};ja", headers=not_csv)
    assert (refused.status_code, refused.json()["code"]) == (415, "attendance_not_a_table")
    assert "OS2mo" not in refused.text
