"""The demo begins in an empty folder, and loses nobody's data on the way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.clock import business_now
from deploy.local.demo.afresh import MARK, begin_afresh
from deploy.local.files import locked
from deploy.local.processes import DidNotStart
from deploy.local.stack import LOCK_FILE

FIRST = datetime(2013, 8, 1, 6, 0, tzinfo=UTC)
WORK = "somebody's.txt"


def used(folder: Path, *files: str) -> None:
    for name in (LOCK_FILE, *files):
        folder.mkdir(exist_ok=True)
        (folder / name).touch()


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def others(folder: Path) -> list[Path]:
    return [path for path in folder.parent.iterdir() if path != folder]


async def test_a_first_demo_begins_silently_on_the_first_day(tmp_path: Path) -> None:
    lines: list[str] = []
    await begin_afresh(tmp_path / "stack", FIRST, lines.append)
    assert lines == []
    assert business_now(tmp_path / "stack") - FIRST < timedelta(minutes=1)


async def test_a_former_demos_data_is_deleted_and_it_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    used(folder, MARK, WORK)
    lines: list[str] = []
    await begin_afresh(folder, FIRST, lines.append)
    assert files_in(folder) == {"clock.json", MARK}
    assert str(folder) in lines[0]


async def test_other_data_is_set_aside_and_it_is_said_where(tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    used(folder, WORK)
    lines: list[str] = []
    await begin_afresh(folder, FIRST, lines.append)
    (aside,) = others(folder)
    assert (aside / WORK).exists()
    assert str(aside) in lines[0]
    assert (folder / MARK).exists()


@pytest.mark.parametrize("files", [(WORK,), (WORK, MARK)])
async def test_nothing_is_touched_while_a_stack_runs_there(
    tmp_path: Path, files: tuple[str, ...]
) -> None:
    folder = tmp_path / "stack"
    used(folder, *files)
    async with locked(folder / LOCK_FILE, wait_s=0.0):
        with pytest.raises(DidNotStart, match="A stack runs in"):
            await begin_afresh(folder, FIRST, lambda _: None)
    assert (folder / WORK).exists()
