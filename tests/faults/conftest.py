"""One rig for the short form of every fault."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.rig import Rig, rig


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A system of its own at work, under load."""
    folder = tmp_path_factory.mktemp("faults")
    async with rig(folder, rate_per_s=15.0, patience_s=240.0) as made:
        yield made
    shutil.rmtree(folder)
