"""What each reader sees of leaders, co-drivers and rotations, over HTTP."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.training.projections.co_drivers import CO_DRIVER_PIPELINE
from services.training.projections.competence_development import COMPETENCE_DEVELOPMENT
from services.training.projections.declined_assignments import DECLINED_ASSIGNMENTS, DECLINES
from services.training.projections.innovator_corps import INNOVATOR_CORPS
from services.training.projections.leader_pool import LEADER_POOL
from services.training.projections.rotations import ROTATION_EVALUATIONS, ROTATION_OVERVIEW
from services.training.projections.training_path import TRAINING_PATH
from services.training.queries import competences, leaders, rotations
from shared.contracts.training import (
    KINDS,
    AssignmentDeclined,
    AvailabilityChanged,
    DiplomaAwarded,
    RotationEnded,
    RotationEvaluated,
    RotationProposed,
    RotationStarted,
)
from shared.contracts.vocabulary import DeclineReason, DrivingRole, RotationTask
from shared.kernel.events import Event
from shared.kernel.permissions import Actor
from shared.kernel.views import View
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    new_id,
    person,
    rule,
)
from tests.unit.training.crews import co_drives
from tests.unit.training.reading import asking, get, routes
from tests.unit.training.streams import stream

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ANNA, BO, DEA = person("anna"), person("bo"), person("dea")
GARDENS, PAST, AHEAD = (UUID(int=number) for number in range(1, 4))
CALLERS = {
    "secretariat": SECRETARIAT,
    "director": employee("director", "municipal_director"),
    "chief": CHIEF,
    "anna": employee("anna"),
    "bo": employee("bo"),
    "reporter": Actor(person_id=UUID(int=7), roles=frozenset({"reporter"})),
    "integrator": Actor(person_id=UUID(int=8), roles=frozenset({"integrator"})),
}
CHOOSING = {"secretariat", "director", "chief"}


def away(who: UUID, until: date) -> AvailabilityChanged:
    return AvailabilityChanged(on=TODAY, person_id=who, available=False, available_until=until)


def rotation(starts_on: date) -> tuple[Event, ...]:
    proposed = RotationProposed(
        on=TODAY, person_id=ANNA, task=RotationTask.THEME, competence="Tegne", text="Møder"
    )
    begun = RotationStarted(
        on=TODAY, person_id=ANNA, task=RotationTask.THEME, starts_on=starts_on, ends_on=starts_on
    )
    return proposed, begun


TOLD: tuple[tuple[str, tuple[Event, ...]], ...] = (
    (f"leader-{ANNA}", (away(ANNA, YESTERDAY),)),
    (f"leader-{BO}", (away(BO, TODAY),)),
    (
        f"leader-{DEA}",
        (DiplomaAwarded(on=TODAY, person_id=DEA, cohort_id=GARDENS, awarded_on=TODAY),),
    ),
    (
        f"leader_file-{ANNA}",
        (
            AssignmentDeclined(
                on=TODAY,
                person_id=ANNA,
                network_id=GARDENS,
                role=DrivingRole.LEADER,
                reason=DeclineReason.MOTIVATION,
            ),
        ),
    ),
    (
        f"network-{GARDENS}",
        (co_drives(ANNA, TODAY, BO),),
    ),
    (
        f"rotation-{PAST}",
        (
            *rotation(YESTERDAY),
            RotationEnded(
                on=TODAY,
                person_id=ANNA,
                task=RotationTask.THEME,
                started_on=YESTERDAY,
                ended_on=TODAY,
                deliverables=(),
            ),
        ),
    ),
    (
        f"rotation_evaluation-{PAST}",
        (
            RotationEvaluated(
                on=TODAY, person_id=ANNA, learned_note=new_id(2), wellbeing=4, motivation=4
            ),
        ),
    ),
    (f"rotation-{AHEAD}", rotation(TOMORROW)),
)
FACTS = [fact for name, events in TOLD for fact in stream(name, *events)]
VIEWS: tuple[View[Any], ...] = (
    LEADER_POOL,
    DECLINED_ASSIGNMENTS,
    DECLINES,
    CO_DRIVER_PIPELINE,
    COMPETENCE_DEVELOPMENT,
    ROTATION_OVERVIEW,
    ROTATION_EVALUATIONS,
)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The routes of leaders, competences and rotations, on rows in memory."""
    return routes(
        leaders.router,
        competences.router,
        rotations.router,
        callers=CALLERS,
        rows={view.row: folded(view, FACTS) for view in VIEWS},
    )


@pytest.fixture
def http(app: FastAPI) -> httpx.AsyncClient:
    return asking(app)


async def readers(http: httpx.AsyncClient, path: str, **filters: Any) -> set[str]:
    found = {by: (await get(http, path, by, **filters)).status_code for by in CALLERS}
    assert set(found.values()) <= {200, 403}
    return {by for by, status in found.items() if status == 200}


@rule("R125")
async def test_who_can_be_asked_is_worked_out_by_today(http: httpx.AsyncClient) -> None:
    async def asked(available: bool) -> set[str]:  # noqa: FBT001
        page = (await get(http, "/leader-pool", "chief", available=available)).json()
        assert {each["available_today"] for each in page["items"]} == {available}
        return {each["person_id"] for each in page["items"]}

    assert await asked(available=True) == {str(ANNA), str(DEA)}
    assert await asked(available=False) == {str(BO)}


async def test_pages_of_what_is_worked_out_leave_nobody_out(http: httpx.AsyncClient) -> None:
    seen, cursor = [], None
    while True:
        following: dict[str, str] = {"cursor": cursor} if cursor else {}
        answer = await get(http, "/leader-pool", "chief", available=True, limit=1, **following)
        page = answer.json()
        seen += [each["person_id"] for each in page["items"]]
        cursor = page["next"]
        assert (cursor is None) == ("link" not in answer.headers)
        if cursor is None:
            break
        assert page["items"]
    assert seen == [str(ANNA), str(DEA)]


@rule("R125")
async def test_systems_learn_nothing_of_who_said_no(http: httpx.AsyncClient) -> None:
    assert await readers(http, "/leader-pool") == CHOOSING | {"integrator"}
    for by in CHOOSING | {"integrator"}:
        row = (await get(http, f"/leader-pool/{ANNA}", by)).json()["item"]
        listed = (await get(http, "/leader-pool", by)).json()["items"]
        assert row == next(each for each in listed if each["person_id"] == str(ANNA))
        told = (None, None) if by == "integrator" else (1, TODAY.isoformat())
        assert (row["declines"], row["declined_on"]) == told
        assert "decline_reason" not in row
        never = {each["declines"] for each in listed if each["person_id"] != str(ANNA)}
        assert never == ({None} if by == "integrator" else {0})
        assert (await get(http, "/leader-pool", by, sort="-declines")).status_code == 422


def test_what_systems_and_reporters_read_is_folded_from_public_facts_alone() -> None:
    # So neither a row nor its position tells that there is more.
    internal = {each for kind in KINDS if kind.audience != "public" for each in kind.events}
    assert AssignmentDeclined in internal
    for view in (LEADER_POOL, TRAINING_PATH, INNOVATOR_CORPS, ROTATION_OVERVIEW):
        assert not internal & set(view.hears), view.name


@rule("R125")
async def test_why_somebody_said_no_is_for_them_the_secretariat_and_the_director(
    http: httpx.AsyncClient,
) -> None:
    path = f"/leaders/{ANNA}/declines"
    assert await readers(http, path) == {"secretariat", "director", "anna"}
    (row,) = (await get(http, path, "anna")).json()["items"]
    assert (row["network_id"], row["role"], row["reason"], row["declined_on"]) == (
        str(GARDENS),
        "leader",
        "motivation",
        TODAY.isoformat(),
    )


@rule("R142")
async def test_co_drivers_on_the_way_are_listed_for_those_who_read_enrolments(
    http: httpx.AsyncClient,
) -> None:
    assert await readers(http, "/co-drivers") == {"secretariat", "director"}
    (row,) = (await get(http, "/co-drivers", "secretariat", lacks_diploma=True)).json()["items"]
    assert (row["person_id"], row["co_driving"]) == (str(ANNA), [str(GARDENS)])
    assert (await get(http, "/co-drivers", "director", lacks_diploma=False)).json()["items"] == []


async def test_a_report_that_names_nobody_is_read_by_reporters_too(
    http: httpx.AsyncClient,
) -> None:
    allowed = {"secretariat", "director", "reporter"}
    assert await readers(http, "/reports/competence-development") == allowed


async def test_a_stay_that_is_still_to_come_says_so(http: httpx.AsyncClient) -> None:
    async def running(**filters: Any) -> list[tuple[str, bool]]:
        page = (await get(http, "/rotations", "reporter", state="running", **filters)).json()
        return [(each["rotation_id"], each["begins_later"]) for each in page["items"]]

    assert await running() == await running(begins_later=True) == [(str(AHEAD), True)]
    assert await running(begins_later=False) == []
    over = (await get(http, f"/rotations/{PAST}", "anna")).json()["item"]
    assert over["begins_later"] is False


@rule("R196")
async def test_that_somebody_evaluated_is_not_told_to_reports_and_systems(
    http: httpx.AsyncClient,
) -> None:
    for by, told in (
        ("secretariat", TODAY.isoformat()),
        ("director", TODAY.isoformat()),
        ("anna", TODAY.isoformat()),
        ("reporter", None),
        ("integrator", None),
    ):
        one = (await get(http, f"/rotations/{PAST}", by)).json()["item"]
        listed = await get(http, "/rotations", by, person_id=ANNA, state="ended")
        assert [one] == listed.json()["items"]
        assert one["evaluated_on"] == told
        in_order = await get(http, "/rotations", by, person_id=ANNA, sort="evaluated_on")
        assert in_order.status_code == 422
    assert await readers(http, "/rotation-evaluations") == {"secretariat", "director"}
    assert (await get(http, f"/rotations/{PAST}", "bo")).status_code == 403
