"""The checker and `netvaerk verify` find nothing in a whole system, and name all that is planted."""

import ast
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from deploy.local.servers import Servers
from deploy.services import SERVICES
from shared.contracts.registry import CODEC
from shared.eventstore.database import connect, database_of
from shared.projections.verify import verify
from tests.faults import plant
from tests.faults.checker import Findings, Planted, Run, check, check_settled
from tests.faults.checks.evidence import TOPICS
from tests.faults.checks.rows import LEFT_TO_VERIFY, RECOMPUTED
from tests.faults.desk import owner_of
from tests.faults.ledger import Ledger, Principal, Reply, Request
from tests.faults.life import some_life
from tests.integration.services.municipality import Municipality, municipality
from tests.integration.services.town import Caller, Json, town

HERE = Path(__file__).parent
NAMED = {service.name: service for service in SERVICES}
LISTED = UUID(int=7)
"""Whose key is planted on topics, where nobody has such a stream."""


@dataclass
class Recording(Municipality):
    """A municipality in which everything is asked twice under one key, and written down."""

    ledger: Ledger

    async def do(self, who: Caller, method: str, path: str, body: Json | None = None) -> Json:
        """Somebody does something that is accepted, and asks for the answer once more."""
        key = str(uuid4())
        principal = Principal(who.person, who.token)
        request = Request(owner_of(path), method, path, body or {}, principal, key)
        self.ledger.sent(request)
        told: list[Json] = []
        for again in (False, True):
            process = self.processes[request.service]
            answer = await who.send(process, method, path, body, key=key)
            assert answer.status_code in (200, 201), answer.text
            told.append(answer.json())
            replayed = "Idempotency-Replayed" in answer.headers
            reply = Reply(answer.status_code, told[-1], replayed=replayed)
            self.ledger.answered(request, reply, again=again)
        return told[0]


@dataclass
class Seen:
    """What the checker and `verify` say."""

    findings: Findings
    differences: set[str]

    @classmethod
    async def of(cls, run: Run) -> "Seen":
        """Let both look."""
        client = connect(run.mongo_uri)
        differences = set[str]()
        for name, service in NAMED.items():
            database = database_of(client, name, run.prefix)
            found = await verify(service, database, run.kafka_bootstrap, CODEC, run.prefix)
            differences |= {str(each) for each in found}
        client.close()
        return cls(await check(run), differences)


@dataclass
class Looked:
    """A finished system: what was seen of it, before and after all that was planted."""

    run: Run
    whole: Seen
    broken: Seen
    places: dict[str, str]
    """What stands in braces below -> the stream or key it is here."""

    def at(self, text: str) -> str:
        """Fill in the places."""
        return text.format_map(self.places)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def looked(
    servers: Servers, prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Looked]:
    folder = tmp_path_factory.mktemp("checked")
    bootstrap, uri = servers.kafka_bootstrap, servers.mongo_uri
    run = Run(folder / "ledger", uri, bootstrap, prefix, folder / "mails", deaths=False)
    ledger = Ledger(run.ledger, by="test")
    async with town(folder, servers, prefix) as place, municipality(place) as started:
        here = Recording(**vars(started), ledger=ledger)
        places = await some_life(here)
        settled = await check_settled(run, within_s=60.0)
        assert settled.ok, settled.table()
        for each in place.children:
            await each.stop()
        whole = await Seen.of(run)
        await _plant_everything(here, bootstrap, prefix, places)
        yield Looked(run, whole, await Seen.of(run), places)
    ledger.close()
    shutil.rmtree(folder)


async def _plant_everything(
    here: Recording, bootstrap: str, prefix: str, places: dict[str, str]
) -> None:
    themes, people = f"{prefix}netvaerk.themes", f"{prefix}netvaerk.people"

    def without_one(record: plant.Record) -> plant.Record | None:
        if record.is_fact(places["first"], 2):
            return None
        if record.is_fact(places["second"], 1):
            assert record.value is not None
            forged = record.value.replace(b"Flere er alene", b"Ingen er alene")
            assert forged != record.value
            return replace(record, value=forged)
        return record

    def without_the_leader(record: plant.Record) -> plant.Record | None:
        if record.key.decode() == places["leader_person"]:
            return None
        if record.key.decode() == places["manager_person"]:
            assert record.value is not None
            return replace(record, value=record.value.replace(b"manager@", b"other@"))
        return record

    await plant.recreate(bootstrap, themes, without_one)
    await plant.duplicate(bootstrap, themes, places["first"], 1)
    await plant.fork(bootstrap, themes, places["second"], 3)
    await plant.recreate(bootstrap, people, without_the_leader)
    networks, training = here.town.database("networks"), here.town.database("training")
    await plant.drop_commit(networks, places["network"], 2)
    await plant.change_commit(networks, places["running"], 1, title="Et andet navn")
    await plant.change_row(networks, "view_network_overview", places["network_id"], state="planned")
    await plant.drop_row(networks, "view_portfolio_by_half_year", "2014-H1/all")
    await plant.add_row(networks, "view_leader_crews", str(LISTED), reference_leaders={})
    await plant.double_commit(training, places["cohort"], int(places["enrolled"][-9:]))
    await plant.change_row(training, "view_cost_by_department", places["paying"], total_ore=1)
    await plant.drop_row(training, "view_enrolments", places["participant"])
    about = here.town.database("themes")
    await plant.change_row(about, "view_forum_calendar", places["month"], state="cancelled")
    await plant.change_row(about, "view_round_overview", places["half_year"], ranking=[])
    await plant.drop_row(about, "view_forum_agenda", places["item"])


async def test_in_a_whole_system_neither_finds_anything(looked: Looked) -> None:
    assert looked.whole.findings.ok, looked.whole.findings.table()
    assert looked.whole.differences == set()


async def test_the_checker_has_looked_at_something_of_every_kind(looked: Looked) -> None:
    shown = looked.whole.findings.shown
    assert shown["commands acknowledged"] == shown["repeats answered"] > 10
    assert shown["facts told"] >= shown["commits"] > 20
    assert shown["views recomputed"] == sum(len(each.views) for each in SERVICES)
    assert shown["views with rows"] == shown["views recomputed"]
    assert shown["places given, or waited for"] >= 3
    assert shown["diplomas awarded"] == 1
    assert shown["costs"] > 3
    assert shown["reminders expected, or not"] > 3
    assert shown["facts that follow from facts"] > 10
    assert shown["reactions expected"] > 3
    assert shown["mails caught"] > 3


@pytest.mark.parametrize(
    ("found", "where", "difference"),
    [
        pytest.param(
            "store: hole",
            "networks: before {network}@000000003",
            "networks: hole in commits: before {network}@000000003",
            id="a commit that is gone",
        ),
        pytest.param(
            "topic: missing",
            "{first}@2",
            "themes: hole in netvaerk.themes: before {first}@3",
            id="a record that is missing",
        ),
        pytest.param(
            "topic: fork",
            "{second}@3",
            "themes: fork in netvaerk.themes: {second}@3",
            id="another fact in a fact's place",
        ),
        pytest.param(
            "store: overlap",
            "training: {enrolled}-again",
            "training: fork in commits: {enrolled}",
            id="a commit beside a commit",
        ),
        pytest.param(
            "topic: content",
            "{running}@1",
            "networks: tampered in commits: {running}@1",
            id="a stored fact that was changed",
        ),
        pytest.param(
            "topic: content",
            "{second}@1",
            "themes: tampered in commits: {second}@1",
            id="a told fact that was changed",
        ),
        pytest.param(
            "people: state",
            "{leader_person}@1",
            "training: not_told in netvaerk.people: {leader_person}@1",
            id="a person who was never told",
        ),
        pytest.param(
            "people: state",
            "{manager_person}@1",
            "training: tampered in people: {manager_person}@1",
            id="a person who was told otherwise",
        ),
        pytest.param(
            "row: changed",
            "networks: view_network_overview {network_id} (state)",
            "networks: changed_row in view_network_overview: {network_id} (state)",
            id="a changed row",
        ),
        pytest.param(
            "row: missing",
            "networks: view_portfolio_by_half_year 2014-H1/all",
            "networks: missing_row in view_portfolio_by_half_year: 2014-H1/all",
            id="a missing row",
        ),
        pytest.param(
            "row: extra",
            f"networks: view_leader_crews {LISTED}",
            f"networks: extra_row in view_leader_crews: {LISTED}",
            id="a row too many",
        ),
        pytest.param(
            "place: doubled",
            "{cohort}: EnrolmentConfirmed of {person}",
            "training: fork in commits: {enrolled}",
            id="a place that was given twice",
        ),
        pytest.param(
            "row: changed",
            "training: view_cost_by_department {paying} (total_ore)",
            "training: changed_row in view_cost_by_department: {paying} (total_ore)",
            id="a department that pays something else",
        ),
        pytest.param(
            "row: missing",
            "training: view_enrolments {participant}",
            "training: missing_row in view_enrolments: {participant}",
            id="an enrolment that is not shown",
        ),
        pytest.param(
            "row: changed",
            "themes: view_forum_calendar {month} (state)",
            "themes: changed_row in view_forum_calendar: {month} (state)",
            id="a slot of the chief forum that was held",
        ),
        pytest.param(
            "row: changed",
            "themes: view_round_overview {half_year} (ranking)",
            "themes: changed_row in view_round_overview: {half_year} (ranking)",
            id="a round that is ranked otherwise",
        ),
        pytest.param(
            "row: missing",
            "themes: view_forum_agenda {item}",
            "themes: missing_row in view_forum_agenda: {item}",
            id="an item that is on no agenda",
        ),
    ],
)
async def test_both_name_what_was_planted(
    looked: Looked, found: str, where: str, difference: str
) -> None:
    examples = looked.broken.findings.examples.get(found, [])
    assert any(each.startswith(looked.at(where)) for each in examples), examples
    assert looked.at(difference) in looked.broken.differences


async def test_what_is_told_twice_is_named_and_harmless(looked: Looked) -> None:
    before, after = looked.whole.findings.shown, looked.broken.findings.shown
    assert after["told again"] == before["told again"] + 1
    place = looked.at("{first}@1")
    harmless = f"themes: duplicate in netvaerk.themes: {place} (harmless: readers drop it)"
    assert harmless in looked.broken.differences


async def test_an_acknowledged_command_whose_commit_is_gone_is_lost(looked: Looked) -> None:
    lost = looked.broken.findings.examples["acknowledged and lost"]
    assert any(each.endswith(looked.at("{network}@2")) for each in lost), lost


async def test_what_was_planted_and_is_not_parked_is_named(looked: Looked) -> None:
    stream = looked.places["second"]
    planted = (Planted(stream, "fork", parked_by=frozenset({"themes"})),)
    findings = await check(replace(looked.run, planted=planted))
    overlooked = findings.examples["reader: overlooked"]
    assert overlooked == [f"themes: fork in {stream}"]
    assert not any(stream in each for each in findings.examples.get("topic: fork", ()))


def test_every_view_is_worked_out_anew_or_said_to_be_left_to_verify() -> None:
    of_services = {f"{service.name} {view.name}" for service in SERVICES for view in service.views}
    anew = {f"{service} {name}" for service, views in RECOMPUTED.items() for name in views}
    assert anew | LEFT_TO_VERIFY.keys() == of_services
    assert anew.isdisjoint(LEFT_TO_VERIFY)
    assert all(LEFT_TO_VERIFY.values())


def test_what_is_told_where_is_what_the_checker_reads() -> None:
    assert dict(TOPICS) == {name: kind.topic for name, kind in CODEC.kinds.items()}


def test_the_checker_shares_no_code_with_the_services() -> None:
    imported_names: set[str] = set()
    for path in (HERE / "checker.py", *sorted((HERE / "checks").glob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            imported_names |= set(_imported(node))
    assert {name.partition(".")[0] for name in imported_names}.isdisjoint(
        {"services", "shared", "deploy", "motor"}
    )


def _imported(node: Any) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
