"""The demo's stage: it tells what happens under the business date, and waits for what follows."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from deploy.local.demo.api import Api
from deploy.local.demo.cast import NURSE, SECRETARIAT
from deploy.local.demo.play import Play, WentThrough

URLS = dict.fromkeys(("themes", "networks", "training", "notifications"), "http://test")
WARNED = {"title": "Usædvanlig fordeling", "code": "mix_unusual", "rule": "R72"}
ACCEPTED = {"id": "1", "version": 1, "position": "theme-1@1", "events": [], "warnings": []}
PROBLEM = {"status": 409, "code": "on_break", "rule": "R95", "title": "Netværket er på break"}
SEPTEMBER = datetime(2013, 9, 9, 6, 0, tzinfo=UTC)


class Standing:
    """A clock that stands where it is set."""

    def __init__(self) -> None:
        self._now = SEPTEMBER

    def now(self) -> datetime:
        return self._now

    def set_clock(self, instant: datetime) -> None:
        self._now = instant


def stage(answer: Callable[[httpx.Request], httpx.Response], lines: list[str]) -> Play:
    api = Api(URLS, lambda *_: "token", transport=httpx.MockTransport(answer))
    return Play(api, Standing(), lines.append)


async def test_what_happens_is_told_under_the_business_date_with_its_remarks() -> None:
    lines: list[str] = []
    play = stage(lambda _: httpx.Response(200, json={**ACCEPTED, "warnings": [WARNED]}), lines)
    await play.post(NURSE, "starts a network", "/networks/1/start")
    assert lines == [
        "2013-09-09  Medarbejder Et starts a network",
        "            remark: Usædvanlig fordeling (mix_unusual, R72)",
    ]


async def test_a_refusal_is_told_with_its_danish_title() -> None:
    lines: list[str] = []
    refused = httpx.Response(409, json={**PROBLEM, "detail": "Genoptag det først.", "errors": []})
    play = stage(lambda _: refused, lines)
    await play.turned_away(NURSE, "start a period", "POST", "/networks/1/phases/test/start")
    assert lines[0].endswith("tries to start a period: 409 Netværket er på break (on_break, R95)")
    assert lines[1].strip() == "Genoptag det først."


async def test_what_should_have_been_refused_stops_the_demo() -> None:
    play = stage(lambda _: httpx.Response(200, json=ACCEPTED), [])
    with pytest.raises(WentThrough, match="rank the themes"):
        await play.turned_away(NURSE, "rank the themes", "PUT", "/theme-rounds/2013-H2/ranking")


async def test_moving_the_clock_waits_until_nothing_is_due_any_more() -> None:
    waiting: list[list[dict[str, Any]]] = [
        [{"due_at": "2013-09-12T22:00:00Z"}, {"due_at": "2013-10-01T22:00:00Z"}],
        [{"due_at": "2013-10-01T22:00:00Z"}],
    ]
    play = stage(lambda _: httpx.Response(200, json={"items": waiting.pop(0), "next": None}), [])
    await play.move_to(date(2013, 9, 16))
    assert waiting == []
    assert play.clock.now() == datetime(2013, 9, 16, 6, 0, tzinfo=UTC)


async def test_a_message_is_awaited_for_each_person_and_the_shared_mailbox() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["receiver"])
        return httpx.Response(200, json={"items": [{}], "next": None})

    await stage(answer, []).told("N24.closed", SECRETARIAT, None)
    assert asked == [str(SECRETARIAT.id), "secretariat"]
