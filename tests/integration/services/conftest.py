"""Service processes that several modules of this folder share."""

import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.servers import Servers, forget
from shared.policy.model import NS3
from tests.integration.services.municipality import Municipality, municipality
from tests.integration.services.networks import SLOTS, Networks, networks_in_process
from tests.integration.services.town import Town, town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def api_town(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """A town for API processes alone: what is stored there is told to nobody."""
    folder = tmp_path_factory.mktemp("town")
    prefix = f"t{secrets.token_hex(4)}-"
    async with town(folder, servers, prefix) as made:
        made.environment["NETVAERK_POLICY"] = str(_policy_with_slots(folder))
        yield made
    await forget(servers, prefix)
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def here(
    servers: Servers, prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Municipality]:
    """All four services, with people whom the directory knows, for one module."""
    folder = tmp_path_factory.mktemp("municipality")
    async with town(folder, servers, prefix) as place, municipality(place) as made:
        yield made
    shutil.rmtree(folder)


def _policy_with_slots(folder: Path) -> Path:
    usual = NS3.read_text("utf-8")
    changed = usual.replace("max_concurrent_innovation: 2", f"max_concurrent_innovation: {SLOTS}")
    assert changed != usual
    path = folder / "policy.yaml"
    path.write_text(changed, "utf-8")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def networks(api_town: Town) -> AsyncIterator[Networks]:
    """Three API processes of networks."""
    apis = await api_town.start_all([("networks", "api")] * 3)
    async with networks_in_process(api_town) as dispatcher:
        yield Networks(api_town, tuple(apis), dispatcher)
