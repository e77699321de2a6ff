"""Whether a Docker engine on this machine answers."""

import os
import socket

_DEFAULT = "unix:///var/run/docker.sock"


def why_no_engine() -> str | None:
    """Say why no Docker engine can be used, or None where one answers."""
    address = os.environ.get("DOCKER_HOST") or _DEFAULT
    if not address.startswith("unix://"):
        # Another machine's containers would not be reached on this machine's loopback.
        return f"{address} is not the unix socket of an engine on this machine."
    try:
        with socket.socket(socket.AF_UNIX) as engine:
            engine.settimeout(2.0)
            engine.connect(address.removeprefix("unix://"))
            engine.sendall(b"GET /_ping HTTP/1.0\r\nHost: localhost\r\n\r\n")
            answer = engine.recv(1024).partition(b"\r\n")[0].decode(errors="replace")
    except OSError as error:
        return f"{address}: {error.strerror or error}"
    return None if " 200 " in f"{answer} " else f"{address} answered '{answer}'."
