"""The folder in which the demo begins anew, and what becomes of what was in it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from deploy.local.clock import write_clock
from deploy.local.files import InUse, locked, write_whole
from deploy.local.processes import DidNotStart
from deploy.local.stack import LOCK_FILE
from deploy.local.up import delete_data

MARK = "demo.txt"
_SAYS = "The data here is a demo's: the next demo deletes it and begins anew.\n"


async def begin_afresh(folder: Path, first: datetime, tell: Callable[[str], None]) -> None:
    """Leave an empty folder behind, whose clock begins at `first`.

    A former demo's data is deleted; any other data is set aside, since somebody may want it.
    Raises DidNotStart while a stack runs there.
    """
    if _has(folder, MARK):
        await delete_data(folder)
        tell(f"A former demo's data was here and is deleted: {folder}")
    elif _has(folder, "*"):
        aside = await _set_aside(folder)
        tell(f"Data that is no demo's was here: it is kept in {aside}")
    write_clock(folder, first)
    write_whole(folder / MARK, _SAYS)


def _has(folder: Path, pattern: str) -> bool:
    return any(folder.glob(pattern))


async def _set_aside(folder: Path) -> Path:
    aside = folder.with_name(f"{folder.name}-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}")
    try:
        async with locked(folder / LOCK_FILE, wait_s=0.0):
            _rename(folder, aside)
    except InUse:
        raise DidNotStart(f"A stack runs in {folder}; end it before the demo begins.") from None
    return aside


def _rename(folder: Path, name: Path) -> None:
    folder.rename(name)
