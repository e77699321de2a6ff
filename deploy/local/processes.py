"""Child processes: started on a leash, logged to a file, ended by their own process group."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

_LEASH = str(Path(__file__).with_name("leash.py"))


class DidNotStart(Exception):
    """A part of the stack could not be started; the message says which and why."""


class Child:
    """A running program that never outlives the process that started it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Start the program; call this in the main thread, since the leash is the thread's."""
        log.parent.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.log = log
        self._log_start = log.stat().st_size if log.exists() else 0
        # -I -S: nothing but the standard library, so that the leash costs about 15 ms.
        leashed = [sys.executable, "-I", "-S", _LEASH, str(os.getpid()), *map(str, command)]
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 (our own command lines)
                leashed,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
            )

    @property
    def pid(self) -> int:
        """The process id, which is also that of its process group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, or None while the program runs."""
        return self._process.poll()

    async def exited(self) -> int:
        """Wait until the program has ended and give its exit code."""
        while (code := self.exit_code) is None:  # noqa: ASYNC110 (nothing of ours can tell)
            await asyncio.sleep(0.02)
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program and everything that it started."""
        if self.exit_code is None:
            os.killpg(self.pid, number)

    async def kill(self) -> None:
        """End the program at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        await self.exited()

    async def stop(self, *, within_s: float = 10.0) -> None:
        """Ask the program to end, and end it when it has not done so in time."""
        self.signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.exited(), within_s)
        except TimeoutError:
            await self.kill()

    async def until(
        self, ready: Callable[[], Awaitable[bool]], *, within_s: float = 60.0, every_s: float = 0.05
    ) -> None:
        """Wait for the program to be ready, or say why it is not."""
        deadline = time.monotonic() + within_s
        while not await ready():
            if self.exit_code is not None:
                raise DidNotStart(f"{self.name} ended with code {self.exit_code}.\n{self.said()}")
            if time.monotonic() >= deadline:
                raise DidNotStart(f"{self.name} was not ready after {within_s:g} s.\n{self.said()}")
            await asyncio.sleep(every_s)

    def said(self, lines: int = 15) -> str:
        """Give the last lines that the program wrote since it was started."""
        with self.log.open("rb") as file:
            file.seek(self._log_start)
            text = file.read().decode(errors="replace")
        return f"Its log {self.log} ends:\n" + "\n".join(text.splitlines()[-lines:])
