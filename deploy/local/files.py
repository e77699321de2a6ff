"""Files that several processes share: written at once or not at all, and locked while in use."""

import asyncio
import fcntl
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class InUse(Exception):
    """Another process holds the lock."""


def write_whole(path: Path, content: str | bytes, *, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old content or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    data = content.encode() if isinstance(content, str) else content
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@asynccontextmanager
async def locked(path: Path, *, wait_s: float) -> AsyncIterator[None]:
    """Hold the lock file, which the kernel frees when this process dies, or raise `InUse`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = asyncio.get_running_loop().time() + wait_s
    with path.open("a") as file:
        # Asked again and again rather than waited for, so that Ctrl-C still works.
        while not _try_lock(file.fileno()):
            if asyncio.get_running_loop().time() >= deadline:
                raise InUse(f"{path} is held by another process.")
            await asyncio.sleep(0.1)
        yield


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
