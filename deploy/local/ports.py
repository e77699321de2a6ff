"""Ports on loopback: free ones, and ones that a data folder keeps across restarts."""

import json
import random
import socket
from pathlib import Path

from deploy.local.files import write_whole

LOOPBACK = "127.0.0.1"

# Below the range from which the kernel takes outgoing ports: there, a client that keeps
# trying to reach a stopped server can be given the server's own port, and then holds it.
_RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Choose a port on which nothing listens."""
    for _ in range(1000):
        port = random.choice(_RANGE)  # noqa: S311 (no secret)
        if is_free(port):
            return port
    raise RuntimeError(f"No free port between {_RANGE.start} and {_RANGE.stop} on {LOOPBACK}.")


def kept_port(folder: Path, name: str) -> int:
    """Give the port that this folder has used for the name before, or a new one if it is taken."""
    path = folder / "ports.json"
    known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    if name not in known or not is_free(known[name]):
        known[name] = free_port()
        write_whole(path, json.dumps(known))
    return known[name]


def accepts(port: int, host: str = LOOPBACK) -> bool:
    """Say whether something accepts connections on this port."""
    try:
        socket.create_connection((host, port), timeout=1.0).close()
    except OSError:
        return False
    return True
