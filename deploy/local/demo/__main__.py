"""The whole stack at work, then kept running until Ctrl-C: `python -m deploy.local.demo`."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from deploy.local.choice import KAFKA_BOOTSTRAP, MONGO_URI
from deploy.local.demo.afresh import begin_afresh
from deploy.local.demo.api import Api, NotInTime, TurnedAway
from deploy.local.demo.play import Play, WentThrough, morning
from deploy.local.demo.preparations import STRUCTURE_STARTS
from deploy.local.demo.report import show
from deploy.local.demo.story import play_half_year
from deploy.local.description import DEFAULT_FOLDER
from deploy.local.processes import DidNotStart
from deploy.local.stack import Stack
from deploy.local.up import greeting, tell


async def demo(folder: Path, *, exit_at_end: bool) -> int:
    """Start the stack, play the half-year, report, and stay; gives the exit code."""
    this = asyncio.current_task()
    if this is not None:  # as for `up`: SIGTERM ends it like Ctrl-C
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    _refuse_named_servers()
    began = time.monotonic()
    await begin_afresh(folder, morning(STRUCTURE_STARTS), tell)
    tell("Starting MongoDB, Kafka and the services …")
    async with Stack(folder, tell=tell) as stack:
        tell(greeting(stack))
        tell(f"Ready to drive after {time.monotonic() - began:.1f} s.")
        try:
            code = await _play(stack)
            if not exit_at_end:
                tell("\nThe stack runs on; Ctrl-C ends it, and `make up` finds it as it is then.")
                with suppress(asyncio.CancelledError):
                    await asyncio.Event().wait()
        finally:
            tell("Ending the services, then Kafka and MongoDB …")
    return code


def _refuse_named_servers() -> None:
    """Others' servers are not the demo's to begin anew with."""
    named = [name for name in (MONGO_URI, KAFKA_BOOTSTRAP) if os.environ.get(name)]
    if named:
        raise DidNotStart(f"The demo begins with servers of its own; unset {' and '.join(named)}.")


async def _play(stack: Stack) -> int:
    api = Api(stack.urls, stack.token)
    began = time.monotonic()
    try:
        left = await play_half_year(Play(api, stack, tell))
        tell(f"\nThe half-year took {time.monotonic() - began:.1f} s.")
        return await show(stack, api, left, tell)
    except (NotInTime, TurnedAway, WentThrough) as problem:
        tell(f"\nThe demo stops here. {problem}\nThe services' logs: {stack.folder / 'logs'}")
        return 1
    finally:
        await api.close()


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description=__doc__)
    parser.add_argument(
        "--exit", action="store_true", help="end after the report, with verify's exit code"
    )
    arguments = parser.parse_args()
    # The client of Kafka reports every attempt on a broker that is still starting.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        return asyncio.run(demo(DEFAULT_FOLDER, exit_at_end=arguments.exit))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    except DidNotStart as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
