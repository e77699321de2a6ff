"""The file in which a running stack says where it is found, for commands beside it."""

import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from deploy.local.files import write_whole
from deploy.local.servers import Part

DESCRIPTION_FILE = "stack.json"
DEFAULT_FOLDER = Path(__file__).parents[2] / ".local" / "stack"


@dataclass(frozen=True)
class Description:
    """A running stack: its addresses, its parts, and the process that keeps it up."""

    folder: Path
    pid: int
    mongo_uri: str
    kafka_bootstrap: str
    prefix: str
    smtp: str
    urls: dict[str, str]
    parts: tuple[Part, ...]


_FILE = TypeAdapter(Description)


def write_description(description: Description) -> None:
    """Tell other commands about the stack."""
    content = _FILE.dump_json(description, indent=2) + b"\n"
    write_whole(description.folder / DESCRIPTION_FILE, content)


def running_stack(folder: Path) -> Description | None:
    """Give the stack that runs in this folder, if one does."""
    try:
        found = _FILE.validate_json((folder / DESCRIPTION_FILE).read_bytes())
        os.kill(found.pid, 0)
    except (FileNotFoundError, ProcessLookupError, ValidationError):
        return None
    return found
