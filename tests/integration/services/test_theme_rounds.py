"""The same round or theme, changed by two people at once in two processes: one order, one answer."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from deploy.local.servers import Servers
from shared.contracts.vocabulary import Criterion
from tests.integration.services.bodies import BODIES
from tests.integration.services.town import Caller, Json, Process, Town, town

RACES = 4
"""How often each of them is run, at the same time."""
CREATED, OK, CONFLICT = httpx.codes.CREATED, httpx.codes.OK, httpx.codes.CONFLICT


@dataclass(frozen=True)
class Request:
    """What somebody sends, with a key of its own."""

    who: Caller
    method: str
    path: str
    body: Json = field(default_factory=dict)
    key: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True)
class Secretariat:
    """Two processes of themes on one database, and those who use them."""

    town: Town
    apis: tuple[Process, Process]
    secretary: Caller
    colleague: Caller
    chief: Caller
    proposer: Caller
    half_years: Iterator[str]

    async def do(self, who: Caller, method: str, path: str, body: Json | None = None) -> Json:
        """Somebody does something that is accepted; gives the answer."""
        answer = await who.settle(self.apis[0], method, path, body)
        assert answer.status_code in (OK, CREATED), answer.text
        told: Json = answer.json()
        return told

    async def at_once(self, *requests: Request) -> list[httpx.Response]:
        """Send to one process and the other at the same time, and again to each with the same key.

        Whoever was told yes is told the same again, by whichever process.
        """
        first = await asyncio.gather(
            *(self._send(each, self.apis[turn % 2]) for turn, each in enumerate(requests))
        )
        for request, answer in zip(requests, first, strict=True):
            if answer.is_success and answer.json()["events"]:
                for api in self.apis:
                    again = await self._send(request, api)
                    assert again.json() == answer.json()
                    assert again.headers["Idempotency-Replayed"] == "true"
        return first

    async def _send(self, each: Request, api: Process) -> httpx.Response:
        return await each.who.settle(api, each.method, each.path, each.body, key=each.key)

    async def theme(self, theme: str, after: str) -> Json:
        """A theme on the board as both processes show it, once they have come to a position."""
        row, same = [await self._get(each, f"/themes/{theme}", after=after) for each in self.apis]
        assert row["item"] == same["item"]
        found: Json = row["item"]
        return found

    async def round(self, half_year: str, after: str) -> Json:
        """A round's overview as both processes show it, once they have come to a position."""
        query = {"half_year": half_year, "after": after}
        rows, same = [await self._get(each, "/theme-rounds", **query) for each in self.apis]
        assert rows["items"] == same["items"]
        (found,) = rows["items"]
        row: Json = found
        return row

    async def _get(self, api: Process, path: str, **query: str) -> Json:
        answer = await self.secretary.get(api, path, **query)
        assert answer.status_code == OK, answer.text
        told: Json = answer.json()
        return told

    async def facts(self, stream: str) -> list[tuple[str, Json]]:
        """The facts of a stream."""
        return await self.town.facts("themes", stream)

    async def head(self, stream: str) -> str:
        """The position of a stream's last fact."""
        return f"{stream}@{len(await self.facts(stream))}"

    async def counted(self, stream: str) -> Counter[str]:
        """How often each fact was told in a stream."""
        return Counter(name for name, _ in await self.facts(stream))

    async def propose(self) -> str:
        """A theme is proposed, and on the board; gives its id."""
        body = {**BODIES["ProposeTheme"], "inquiry_id": None}
        answer = await self.do(self.proposer, "POST", "/themes", body)
        await self.theme(answer["id"], answer["position"])
        return str(answer["id"])

    async def qualify(self) -> str:
        """A theme is proposed, assessed, aligned and qualified; gives its id."""
        theme = await self.propose()
        by = [str(self.chief.person)]
        met = [{"criterion": each, "verdict": "met", "rationale": "Ja"} for each in Criterion]
        path = f"/themes/{theme}"
        assessed = {"assessments": met, "demand_top": True, "demand_bottom": True}
        await self.do(self.chief, "POST", f"{path}/assessments", assessed)
        aligned = {**BODIES["AlignThemeNetworkType"], "aligned_by": by}
        await self.do(self.chief, "POST", f"{path}/network-type", aligned)
        await self.do(self.chief, "POST", f"{path}/qualification", {"decided_by": by})
        return theme

    async def open_with(self, themes: Sequence[str] = ()) -> str:
        """The round of a half-year of its own is opened, with these themes; gives the half-year."""
        half_year = next(self.half_years)
        await self.do(self.secretary, "POST", "/theme-rounds", {"half_year": half_year})
        for each in themes:
            await self.do(self.secretary, "PUT", f"/theme-rounds/{half_year}/themes/{each}")
        return half_year

    def rank(self, half_year: str, themes: Sequence[str]) -> Request:
        """What the chief forum sends to put themes in order."""
        body = {"theme_ids": list(themes), "decided_by": [str(self.chief.person)]}
        return Request(self.chief, "PUT", f"/theme-rounds/{half_year}/ranking", body)

    def decide(self, theme: str, **how: Any) -> Request:
        """What the chief forum sends to select a theme, or as `how` says."""
        body = {"decision": "selected", "decided_by": [str(self.chief.person)], **how}
        return Request(self.chief, "POST", f"/themes/{theme}/decision", body)

    def close(self, half_year: str, who: Caller) -> Request:
        """What somebody sends to close a round."""
        return Request(who, "POST", f"/theme-rounds/{half_year}/close")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def here(
    servers: Servers, prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Secretariat]:
    folder = tmp_path_factory.mktemp("rounds")
    async with town(folder, servers, prefix) as place:
        one, other = await place.start_all([("themes", "both"), ("themes", "api")])
        yield Secretariat(
            place,
            (one, other),
            secretary=place.caller("employee", "secretariat"),
            colleague=place.caller("employee", "secretariat"),
            chief=place.caller("employee", "chefforum"),
            proposer=place.caller("employee"),
            half_years=(f"{2002 + n // 2}-H{n % 2 + 1}" for n in range(48)),
        )
    shutil.rmtree(folder)


async def often(race: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a race several times at once, each with things of its own."""
    await asyncio.gather(*(race() for _ in range(RACES)))


def version(answer: httpx.Response) -> int:
    """The version of its stream that an answer speaks of."""
    return int(answer.json()["version"])


def assert_refused(answer: httpx.Response, code: str, rule: str, title: str, detail: str) -> None:
    """Hold that somebody was told clearly, in Danish, that another was first."""
    problem = answer.json()
    told = (answer.status_code, *(problem[each] for each in ("code", "rule", "title", "detail")))
    assert told == (CONFLICT, code, rule, title, detail)
    assert not problem["overridable"]


async def test_of_those_who_open_a_round_with_other_days_at_once_one_does(
    here: Secretariat,
) -> None:
    async def race() -> None:
        half_year = next(here.half_years)
        dues = [f"2030-0{month}-01" for month in range(1, 5)]
        bodies = [{"half_year": half_year, "proposals_due": each} for each in dues]
        both = (here.secretary, here.colleague)
        asked = [
            Request(both[n % 2], "POST", "/theme-rounds", each) for n, each in enumerate(bodies)
        ]
        answers = await here.at_once(*asked)

        opened = [each for each in answers if each.status_code == CREATED]
        assert len(opened) == 1, [each.text for each in answers]
        for each in answers:
            if each not in opened:
                assert_refused(
                    each,
                    "round_already_opened",
                    "R51",
                    "Temarunden er allerede åbnet",
                    f"Der er én temarunde pr. halvår, og {half_year} er åbnet med andre datoer.",
                )
        ((name, fields),) = await here.facts(f"round-{half_year}")
        assert (name, fields["proposals_due"]) == (
            "ThemeRoundOpened",
            dues[answers.index(opened[0])],
        )
        row = await here.round(half_year, opened[0].json()["position"])
        assert row["proposals_due"] == fields["proposals_due"]

    await often(race)


async def test_a_round_that_is_opened_twice_alike_is_opened_once(here: Secretariat) -> None:
    async def race() -> None:
        body = {"half_year": next(here.half_years), "proposals_due": "2030-01-01"}
        both = (here.secretary, here.colleague)
        answers = await here.at_once(*(Request(w, "POST", "/theme-rounds", body) for w in both))
        assert sorted(each.status_code for each in answers) == [OK, CREATED]
        assert await here.counted(f"round-{body['half_year']}") == {"ThemeRoundOpened": 1}

    await often(race)


async def test_of_those_who_put_different_themes_first_at_once_the_later_is_followed(
    here: Secretariat,
) -> None:
    async def race() -> None:
        themes = [await here.propose() for _ in range(3)]
        half_year = await here.open_with(themes)
        answers = await here.at_once(*(here.rank(half_year, [each]) for each in themes))
        assert {each.status_code for each in answers} == {OK}, [each.text for each in answers]
        in_turn = sorted(zip(answers, themes, strict=True), key=lambda each: version(each[0]))
        wanted = [theme for _, theme in reversed(in_turn)]
        # The first gets one rank; each later one moves all that were ranked before it.
        await assert_ranked(here, half_year, wanted, told=1 + 2 + 3)

    await often(race)


async def test_those_who_give_a_theme_the_same_place_at_once_agree(here: Secretariat) -> None:
    async def race() -> None:
        theme = await here.propose()
        half_year = await here.open_with([theme])
        answers = await here.at_once(*(here.rank(half_year, [theme]) for _ in range(3)))
        assert {each.status_code for each in answers} == {OK}, [each.text for each in answers]
        assert sorted(len(each.json()["events"]) for each in answers) == [0, 0, 1]
        await assert_ranked(here, half_year, [theme], told=1)

    await often(race)


async def test_of_two_whole_orders_at_once_the_later_holds_and_no_place_is_shared(
    here: Secretariat,
) -> None:
    async def race() -> None:
        themes = [await here.propose() for _ in range(3)]
        half_year = await here.open_with(themes)
        orders = [themes, themes[::-1]]
        answers = await here.at_once(*(here.rank(half_year, each) for each in orders))
        assert {each.status_code for each in answers} == {OK}, [each.text for each in answers]
        _, last = max(zip(answers, orders, strict=True), key=lambda each: version(each[0]))
        # The one in the middle stays where it is.
        await assert_ranked(here, half_year, last, told=3 + 2)

    await often(race)


async def assert_ranked(
    here: Secretariat, half_year: str, wanted: Sequence[str], *, told: int
) -> None:
    """Hold that stream, overview and board show this order, and how many ranks were told."""
    stream = f"round-{half_year}"
    ranks = [each for name, each in await here.facts(stream) if name == "ThemePrioritised"]
    assert len(ranks) == told
    places = {each["theme_id"]: each["rank"] for each in ranks}
    assert places == {theme: rank for rank, theme in enumerate(wanted, start=1)}
    after = await here.head(stream)
    row = await here.round(half_year, after)
    assert (row["ranking"], row["ranks"]) == (list(wanted), places)
    for theme, rank in places.items():
        board = await here.theme(theme, after)
        assert (board["rank"], board["latest_round"]) == (rank, half_year)


async def test_a_theme_that_is_selected_twice_alike_is_selected_once(here: Secretariat) -> None:
    async def race() -> None:
        theme = await here.qualify()
        answers = await here.at_once(*(here.decide(theme) for _ in range(4)))
        assert {each.status_code for each in answers} == {OK}, [each.text for each in answers]
        assert sum(bool(each.json()["events"]) for each in answers) == 1
        assert (await here.counted(f"theme-{theme}"))["ThemeSelected"] == 1
        row = await here.theme(theme, answers[0].json()["position"])
        assert (row["state"], row["decision"]) == ("selected", "selected")

    await often(race)


async def test_of_different_decisions_on_a_theme_at_once_one_holds(here: Secretariat) -> None:
    async def race() -> None:
        theme = await here.qualify()
        answers = await here.at_once(
            here.decide(theme, planned_start="2030-01-01"),
            here.decide(theme, planned_start="2030-02-01"),
            here.decide(theme, decision="declined", reason="Afdelingen kan selv"),
        )
        (won,) = (each for each in answers if each.status_code == OK)
        for each in answers:
            if each is not won:
                assert_refused(
                    each,
                    "theme_decided",
                    "R67",
                    "Temaet er afgjort",
                    "Chefforum har allerede valgt eller fravalgt temaet."
                    " Et fravalgt tema kan foreslås igen.",
                )
        counted = await here.counted(f"theme-{theme}")
        assert counted["ThemeSelected"] + counted["ThemeDeclined"] == 1
        (told,) = won.json()["events"]
        row = await here.theme(theme, won.json()["position"])
        assert {"ThemeSelected": "selected", "ThemeDeclined": "declined"}[told["type"]] == row[
            "state"
        ]
        assert row["planned_start"] == told["data"].get("planned_start")

    await often(race)


async def test_a_round_that_is_closed_by_two_at_once_is_closed_once(here: Secretariat) -> None:
    async def race() -> None:
        left, chosen = await here.propose(), await here.qualify()
        half_year = await here.open_with([left, chosen])
        selected = await here.at_once(here.decide(chosen, half_year=half_year))
        position = selected[0].json()["position"]
        await here.theme(chosen, position)  # so that the closing knows of it
        both = (here.secretary, here.colleague)
        answers = await here.at_once(*(here.close(half_year, each) for each in both))
        assert {each.status_code for each in answers} == {OK}, [each.text for each in answers]
        assert (await here.counted(f"round-{half_year}"))["ThemeRoundClosed"] == 1
        closed = max(answers, key=version).json()["position"]
        row = await here.round(half_year, closed)
        assert row["closed_on"] is not None
        assert (row["selected"], row["declined"]) == ([chosen], [])
        assert left in row["carried_over"]

    await often(race)


async def test_who_ranks_while_another_closes_is_in_time_or_is_told_that_it_is_closed(
    here: Secretariat,
) -> None:
    async def race() -> None:
        themes = [await here.propose() for _ in range(2)]
        half_year = await here.open_with(themes)
        closed, *ranked = await here.at_once(
            here.close(half_year, here.secretary), *(here.rank(half_year, [t]) for t in themes)
        )
        assert closed.status_code == OK, closed.text
        for each in ranked:
            if each.status_code == OK:
                assert version(each) < version(closed)
            else:
                assert_refused(
                    each,
                    "round_closed",
                    "R51",
                    "Temarunden er lukket",
                    f"Temarunden for {half_year} er lukket. Brug den næste runde.",
                )
        told = [name for name, _ in await here.facts(f"round-{half_year}")]
        assert told.count("ThemeRoundClosed") == 1
        assert told[-1] == "ThemeRoundClosed"
        row = await here.round(half_year, closed.json()["position"])
        in_time = [t for t, each in zip(themes, ranked, strict=True) if each.status_code == OK]
        assert set(row["ranking"]) == set(in_time)

    await often(race)


async def test_who_refines_while_another_withdraws_is_in_time_or_is_told_that_it_is_gone(
    here: Secretariat,
) -> None:
    async def race() -> None:
        theme = await here.propose()
        change = {"change": "Skærpet", "burning_platform": "Det haster mere"}
        withdrawn, refined = await here.at_once(
            Request(here.secretary, "POST", f"/themes/{theme}/withdraw", {"reason": "Løst selv"}),
            Request(here.proposer, "POST", f"/themes/{theme}/refinements", change),
        )
        assert withdrawn.status_code == OK, withdrawn.text
        told = [name for name, _ in await here.facts(f"theme-{theme}")]
        row = await here.theme(theme, withdrawn.json()["position"])
        assert row["state"] == "withdrawn"
        if refined.status_code == OK:
            assert told == ["ThemeProposed", "ThemeRefined", "ThemeWithdrawn"]
            assert row["burning_platform"] == change["burning_platform"]
        else:
            assert told == ["ThemeProposed", "ThemeWithdrawn"]
            assert_refused(
                refined,
                "theme_withdrawn",
                "R67",
                "Temaet er trukket tilbage",
                "Temaet er trukket tilbage og kan ikke ændres."
                " Foreslå det igen, hvis det skal drøftes på ny.",
            )

    await often(race)


async def test_what_two_rounds_leave_when_closed_at_once_comes_to_the_next_once(
    here: Secretariat,
) -> None:
    theme = await here.propose()
    rounds = [await here.open_with([theme]) for _ in range(2)]
    following = await here.open_with()
    closed = await here.at_once(*(here.close(each, here.secretary) for each in rounds))
    assert {each.status_code for each in closed} == {OK}, [each.text for each in closed]
    for each in closed:
        await here.town.until_reacted("themes", each.json()["position"])
    added = [fields["theme_id"] for _, fields in (await here.facts(f"round-{following}"))[1:]]
    assert added.count(theme) == 1
    row = await here.round(following, await here.head(f"round-{following}"))
    assert row["unranked"].count(theme) == 1
