"""Programs are started, kept running, and always ended."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from deploy.local.processes import Child, DidNotStart
from deploy.local.supervisor import Program, Supervisor, next_pause

FOREVER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


async def until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path, tell=lambda _: None)
    yield supervisor
    await supervisor.stop(within_s=0.2)


async def test_a_program_that_ends_is_started_again(supervisor: Supervisor) -> None:
    supervisor.keep(Program("brief", python("print('hello')")))
    await until(lambda: supervisor.starts("brief") >= 3)
    assert supervisor.child("brief").log.read_text().count("hello") >= 2


async def test_a_program_that_is_killed_is_started_again(supervisor: Supervisor) -> None:
    supervisor.keep(Program("lasting", python(FOREVER)))
    first = supervisor.child("lasting")
    await first.kill()
    await until(lambda: supervisor.child("lasting").pid != first.pid)
    assert supervisor.child("lasting").exit_code is None


def test_a_program_that_keeps_failing_is_started_ever_more_slowly() -> None:
    pauses = [0.2]
    for _ in range(6):
        pauses.append(next_pause(pauses[-1], up_s=0.1))
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert next_pause(5.0, up_s=10.0) == 0.2


async def test_stopping_ends_every_program_and_starts_none_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, tell=lambda _: None)
    supervisor.keep(Program("polite", python(FOREVER)))
    supervisor.keep(Program("stubborn", python(STUBBORN)))
    children = [supervisor.child(name) for name in ("polite", "stubborn")]
    await until(lambda: all("up" in child.log.read_text() for child in children))
    await supervisor.stop(within_s=0.3)
    assert [child.exit_code for child in children] == [-signal.SIGTERM, -signal.SIGKILL]


async def test_a_program_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent_code = (
        "import sys, time; from pathlib import Path; from deploy.local.processes import Child\n"
        f"child = Child('child', {python(FOREVER)!r}, log=Path({str(tmp_path / 'log')!r}))\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(  # noqa: ASYNC220 (starting it blocks nobody)
        [sys.executable, "-c", parent_code], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout
        child = int(await asyncio.to_thread(parent.stdout.readline))
        await until(lambda: "up" in (tmp_path / "log").read_text())
        assert is_alive(child)
        parent.kill()
    await until(lambda: not is_alive(child))


async def test_a_program_that_ends_before_it_is_ready_says_its_last_words(tmp_path: Path) -> None:
    child = Child("server", python("raise SystemExit('no such file')"), log=tmp_path / "log")

    async def never() -> bool:
        return False

    with pytest.raises(DidNotStart, match=r"server ended with code 1(.|\n)*no such file"):
        await child.until(never)


async def test_a_program_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    child = Child("server", python(FOREVER), log=tmp_path / "log")

    async def never() -> bool:
        return False

    try:
        with pytest.raises(DidNotStart, match="was not ready after"):
            await child.until(never, within_s=0.1)
    finally:
        await child.kill()
