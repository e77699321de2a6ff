"""Runs the whole stack on this machine until Ctrl-C: `python -m deploy.local.up`."""

import argparse
import asyncio
import logging
import shutil
import signal
import sys
from pathlib import Path

from deploy.local.description import DEFAULT_FOLDER
from deploy.local.files import InUse, locked
from deploy.local.processes import DidNotStart
from deploy.local.stack import LOCK_FILE, Stack


async def up(folder: Path) -> None:
    """Run the stack until this process is asked to end."""
    this = asyncio.current_task()
    if this is not None:  # Ctrl-C cancels the task anyway; let SIGTERM do the same
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    tell("Starting MongoDB, Kafka and the services …")
    async with Stack(folder, tell=tell) as stack:
        tell(greeting(stack))
        try:
            await asyncio.Event().wait()
        finally:
            tell("Ending the services, then Kafka and MongoDB …")


def greeting(stack: Stack) -> str:
    """Say what runs and where."""
    lines = ["", "Running:"]
    lines += [f"  {part.name:<22} {part.version:<9} {part.origin}" for part in stack.parts]
    if stack.urls:
        lines += ["", "Their documentation, which also sends requests:"]
        lines += [f"  {name:<22} {address}/docs" for name, address in stack.urls.items()]
    lines += ["", f"Data and logs: {stack.folder}", "Ctrl-C ends it all; the data stays.", ""]
    return "\n".join(lines)


async def delete_data(folder: Path) -> None:
    """Delete what a stack has left in this folder, and only that."""
    if not _holds(folder, "*"):
        return
    if not _holds(folder, LOCK_FILE):
        raise DidNotStart(
            f"{folder} is not a folder that a stack has used (it has no {LOCK_FILE}); "
            "nothing was deleted."
        )
    try:
        async with locked(folder / LOCK_FILE, wait_s=0.0):
            shutil.rmtree(folder)
    except InUse:
        raise DidNotStart(f"A stack runs in {folder}; end it before its data is deleted.") from None


def _holds(folder: Path, pattern: str) -> bool:
    return any(folder.glob(pattern))


def tell(line: str) -> None:
    """Say something at once."""
    print(line, flush=True)  # noqa: T201 (a program for a person)


async def _reset_and_up(folder: Path, *, reset: bool) -> None:
    if reset:
        await delete_data(folder)
    await up(folder)


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.up", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=DEFAULT_FOLDER, metavar="FOLDER", help="default: .local/stack"
    )
    parser.add_argument("--reset", action="store_true", help="begin with no data")
    arguments = parser.parse_args()
    # The client of Kafka reports every attempt on a broker that is still starting.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        asyncio.run(_reset_and_up(arguments.data, reset=arguments.reset))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    except DidNotStart as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
