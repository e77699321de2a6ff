"""`netvaerk views` tells an operator what is so, does what it says, and exits accordingly."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.local.servers import Servers
from tests.integration.cards import SERVICE
from tests.integration.reading_world import World, eventually, running, world
from tests.integration.test_projector_faults import amounts_are
from tests.unit.projections.things import CODEC, counted, made, stream

SPADE = stream("spade", made("spade"), counted(1), counted(2))
RAKE = stream("rake", made("rake"), counted(3))


@pytest.fixture
async def here(
    servers: Servers, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        monkeypatch.setattr("deploy.operating.SERVICES", (SERVICE,))
        monkeypatch.setattr("deploy.operating.CODEC", CODEC)
        monkeypatch.setattr("deploy.console.NAMES", (SERVICE.name,))
        monkeypatch.setenv("NETVAERK_MONGO_URI", servers.mongo_uri)
        monkeypatch.setenv("NETVAERK_KAFKA_BOOTSTRAP", servers.kafka_bootstrap)
        monkeypatch.setenv("NETVAERK_PREFIX", made.prefix)
        monkeypatch.setenv("COLUMNS", "200")
        yield made


async def views(*words: str) -> Result:
    """What an operator's command says, and its exit code."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["views", *words])


async def one(verb: str) -> Result:
    return await views(verb, "--service", "testing", "thing_row")


async def test_an_operator_rebuilds_compares_swaps_and_drops(here: World) -> None:
    async with running(here.projector(views=SERVICE.views)):
        await here.tell([*SPADE, *RAKE])
        await eventually(lambda: amounts_are(here, spade=3, rake=3))
        await here.database["rows_thing_row"].update_one(
            {"_id": "rake"}, {"$set": {"amount": 9, "colour": "[bold]"}}
        )

        rebuilt = await one("rebuild")
        assert rebuilt.output.startswith("rows_thing_row_2: 5 facts of ")
        assert rebuilt.exit_code == 0
        again = await one("rebuild")
        assert again.exit_code == 1
        assert again.output == (
            "view_thing_row has been rebuilt: swap to rows_thing_row_2, or drop it\n"
        )

        compared = await one("compare")
        assert (compared.exit_code, compared.output) == (
            1,
            "1 of 2 rows differ\n  rake: amount, colour\n",
        )
        assert (await one("swap")).output == "rows_thing_row_2 serves\n"
        assert (await one("rollback")).output == "rows_thing_row serves\n"
        assert (await one("swap")).output == "rows_thing_row_2 serves\n"
        assert (await one("swap")).output == "rows_thing_row_2 serves already\n"

        listed = (await views("list")).output
        (row,) = [line for line in listed.splitlines() if "view_thing_row" in line]
        cells = [each.strip() for each in row.split("│")[1:-1]]
        assert cells[:4] == ["testing", "view_thing_row", "2", "rows_thing_row_2"]
        assert cells[5] == "rows_thing_row"
        assert "the first start" in listed

        assert (await one("drop")).output == "rows_thing_row is dropped\n"
        assert (await one("rebuild")).output.startswith("rows_thing_row_3: 5 facts of ")
        same = await one("compare")
        assert (same.exit_code, same.output) == (0, "2 rows, all the same\n")


async def test_an_operator_is_told_what_cannot_be(here: World) -> None:
    unknown = await views("swap", "--service", "testing", "nothing")
    assert unknown.exit_code == 1
    assert unknown.output.startswith("there is no view_nothing: view_awaited, ")
    elsewhere = await views("swap", "--service", "nowhere", "thing_row")
    assert elsewhere.exit_code == 2
