"""What tests share: the real servers, started once for a run, and names and folders of their own."""

import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from deploy.local.servers import Servers, forget, running
from shared.testing.plugin import (  # pytest finds its hooks by their names
    pytest_collection_modifyitems,
    pytest_runtest_logreport,
    pytest_sessionfinish,
    pytest_testnodedown,
)
from tests.rules_held import RulesHeld

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_runtest_logreport",
    "pytest_sessionfinish",
    "pytest_testnodedown",
]


def pytest_configure(config: pytest.Config) -> None:
    """Have a whole run fail where a rule in reach is not held."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(RulesHeld())


# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Servers]:
    """MongoDB and Kafka for a process of the run; where one cannot start, it fails and says why."""
    folder = tmp_path_factory.mktemp("servers")
    async with running(folder, small=True) as started:
        yield started
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def prefix(servers: Servers) -> AsyncIterator[str]:
    """What the names of this module's databases and topics begin with; dropped when it is done."""
    chosen = f"t{secrets.token_hex(4)}-"
    yield chosen
    await forget(servers, chosen)


@pytest.fixture
def data_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for the data of a test's own servers, some hundred MB, deleted when it is done."""
    yield tmp_path
    shutil.rmtree(tmp_path)
