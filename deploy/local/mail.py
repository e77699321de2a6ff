"""A mail server that keeps every mail and passes none on: `python -m deploy.local.mail`."""

import argparse
import asyncio
import secrets
import signal
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.files import write_whole
from deploy.local.ports import LOOPBACK


@dataclass(frozen=True)
class Mail:
    """One mail that the stack has sent."""

    message_id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    body: str
    headers: tuple[tuple[str, str], ...]


def read_mails(folder: Path) -> list[Mail]:
    """Read the mails that have arrived, in the order of their arrival."""
    return [_read(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def _read(content: bytes) -> Mail:
    message: EmailMessage = message_from_bytes(content, EmailMessage, policy=policy.default)
    text = message.get_body(("plain", "html"))
    return Mail(
        message_id=str(message["Message-ID"] or ""),
        sender=str(message["From"] or ""),
        to=tuple(address for _, address in getaddresses(map(str, message.get_all("To", [])))),
        subject=str(message["Subject"] or ""),
        body=text.get_content() if text else "",
        headers=tuple((name, str(value)) for name, value in message.items()),
    )


class Catcher:
    """Takes every mail that is offered and writes it into a folder."""

    def __init__(self, folder: Path) -> None:
        """Choose the folder."""
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one mail; the sender hears of success only once it is in the folder."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}.eml"
        write_whole(self._folder / name, envelope.original_content or b"")
        return "250 Kept"


async def serve(folder: Path, port: int) -> None:
    """Take mails until this process is asked to end."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(
        lambda: SMTP(Catcher(folder), enable_SMTPUTF8=True, hostname="localhost", loop=loop),
        LOOPBACK,
        port,
    )
    async with server:
        await ended.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="deploy.local.mail", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the mails are kept")
    parser.add_argument("--port", type=int, required=True, help=f"the port on {LOOPBACK}")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.folder, arguments.port))


if __name__ == "__main__":
    main()
