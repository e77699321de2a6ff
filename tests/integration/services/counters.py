"""The counters of all four services, with a thing of each kind behind them, for whatever is sent."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.integration.services.bodies import BODIES, MONTH, SERVICES, Sending
from tests.integration.services.networks import Networks
from tests.integration.services.town import Caller, Json, Process, Town

ROUND = "2015-H1"
EVERY_ROLE = ("employee", "secretariat", "chefforum", "municipal_director", "reporter")
_AT_A_TIME = 16


@dataclass(frozen=True)
class Counters:
    """An API process of each service, and the ids of what lies behind it."""

    town: Town
    processes: Mapping[str, Process]
    caller: Caller
    theme_id: str
    network_id: str
    output_id: str
    cohort_id: str
    rotation_id: str
    inquiry_id: str
    idea_call_id: str
    item_id: str

    def ids(self, sending: Sending) -> Mapping[str, str]:
        """Ids for a path, each of something that there is."""
        by_begin = {
            "/themes": self.theme_id,
            "/networks": self.network_id,
            "/outputs": self.output_id,
            "/rotations": self.rotation_id,
            "/inquiries": self.inquiry_id,
            "/idea-calls": self.idea_call_id,
        }
        begin = "/" + sending.line.path.split("/")[1]
        return {
            "id": by_begin.get(begin, ""),
            "cohort_id": self.cohort_id,
            "day": "1",
            "part": "oral",
            "network_id": self.network_id,
            "theme_id": self.theme_id,
            "half_year": ROUND,
            "month": MONTH,
            "item_id": self.item_id,
            "phase": "intensive_1",
            "person_id": str(self.caller.person),
        }

    def body(self, sending: Sending) -> Json:
        """A body that speaks of what there is."""
        body = sending.body
        if "network_id" in body:
            body["network_id"] = self.network_id
        return body

    def url(self, sending: Sending, ids: Mapping[str, str] | None = None) -> str:
        """Where to send it."""
        return self.processes[sending.service].url + sending.path(ids or self.ids(sending))

    async def send(
        self,
        sending: Sending,
        *,
        content: Any = None,
        body: Json | None = None,
        who: Caller | None = None,
        url: str = "",
        headers: Mapping[str, str | bytes] | None = None,
    ) -> httpx.Response:
        """Send something to a command's route, by default as somebody with every role."""
        by = f"Bearer {(who or self.caller).token}"
        usual = {"Authorization": by, "Content-Type": "application/json"}
        sent: dict[str, Any] = {"json": self.body(sending) if body is None else body}
        return await self.town.client.request(
            sending.line.method,
            url or self.url(sending),
            headers={**usual, **(headers or {})},  # type: ignore[arg-type]
            **({"content": content} if content is not None else sent),
        )

    async def traces(self) -> Mapping[str, int]:
        """How much is stored in all services."""
        return {
            f"{service.name}/{name}": await self.town.database(service.name)[name].count_documents(
                {}
            )
            for service in SERVICES
            for name in ("commits", "notes", "people", "units")
        }


async def counters_of(networks: Networks) -> Counters:
    """Start what is missing, and make a thing of each kind."""
    town = networks.town
    others = ("themes", "training", "notifications")
    started = await town.start_all([(name, "api") for name in others])
    processes = {"networks": networks.apis[0], **dict(zip(others, started, strict=True))}
    caller = town.caller(*EVERY_ROLE)
    proposal = BODIES["ProposeTheme"]
    theme = await caller.settle(processes["themes"], "POST", "/themes", proposal)
    round_ = {"half_year": ROUND}
    opened = await caller.settle(processes["themes"], "POST", "/theme-rounds", round_)
    network_id = await networks.import_one()
    recorded = await caller.settle(
        processes["networks"], "POST", f"/networks/{network_id}/outputs", BODIES["RecordOutput"]
    )
    training = processes["training"]
    cohort = await caller.settle(training, "POST", "/cohorts", BODIES["PlanCohort"])
    own = {**BODIES["ProposeRotation"], "person_id": str(caller.person)}
    rotation = await caller.settle(training, "POST", "/rotations", own)
    themes = processes["themes"]
    idea = await caller.settle(themes, "POST", "/inquiries", BODIES["SubmitInquiry"])
    call = await caller.settle(themes, "POST", "/idea-calls", BODIES["OpenIdeaCall"])
    agenda = f"/forum-slots/{MONTH}/agenda"
    item = await caller.settle(themes, "POST", agenda, BODIES["AddForumAgendaItem"])
    for each in (theme, opened, recorded, cohort, rotation, idea, call, item):
        assert each.status_code == httpx.codes.CREATED, each.text
    made = [str(each.json()["id"]) for each in (recorded, cohort, rotation, idea, call)]
    made.append(item.json()["events"][0]["data"]["item"]["item_id"])
    return Counters(town, processes, caller, theme.json()["id"], network_id, *made)


def assert_problem(answer: httpx.Response, *statuses: int) -> None:
    """Hold that an answer is a problem document of the caller's making."""
    said = f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:300]}"
    assert 400 <= answer.status_code < 500, said
    assert answer.headers["Content-Type"] == "application/problem+json", said
    problem = answer.json()
    assert problem["status"] == answer.status_code, said
    assert problem["type"] == f"/problems/{problem['code']}", said
    assert problem["title"], said
    assert problem["title"] != problem["code"].replace("_", " "), said
    assert not statuses or answer.status_code in statuses, said


async def all_of(requests: Iterable[Any]) -> list[httpx.Response]:
    """Make requests, some at a time."""
    turns = asyncio.Semaphore(_AT_A_TIME)

    async def take_turn(request: Any) -> httpx.Response:
        async with turns:
            answer: httpx.Response = await request
            return answer

    return await asyncio.gather(*(take_turn(each) for each in requests))


def unknown() -> str:
    """The id of nothing."""
    return str(uuid4())
