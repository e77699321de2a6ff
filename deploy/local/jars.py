"""Kafka's jars, each checked against a committed lock before it is run."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes import DidNotStart

KAFKA_VERSION = "4.3.0"
LOCK = Path(__file__).with_name("kafka.lock")


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The name of the file, in the cache as in the repository."""
        return f"{self.artifact}-{self.version}.jar"

    def check(self, path: Path) -> None:
        """Refuse a file that is not this jar."""
        found = digest(path)
        if found != self.sha256:
            raise DidNotStart(
                f"{path} is not the {self.artifact} {self.version} that {LOCK.name} names:\n"
                f"  expected sha256 {self.sha256}\n"
                f"  found    sha256 {found}\n"
                "Delete the file to have it fetched again; if it comes back the same, do not use it."
            )


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock(path: Path = LOCK) -> list[Jar]:
    """Read the jars that Kafka consists of, in the order of its class path."""
    jars = []
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            name, sha256 = line.split()
            group, artifact, version = name.split(":")
            jars.append(Jar(group, artifact, version, sha256))
    return jars


def fetched(jars: Sequence[Jar], folder: Path, tell: Callable[[str], None]) -> tuple[Path, ...]:
    """Give the checked files of the jars, downloading those that the folder has not got."""
    paths = tuple(folder / jar.file_name for jar in jars)
    missing = [jar for jar, path in zip(jars, paths, strict=True) if not path.exists()]
    if missing:
        from deploy.local.maven import download  # noqa: PLC0415 (takes 0.6 s, and only here)

        tell("Downloading Kafka, about 45 MB, once for this machine …")
        try:
            download(missing, folder, tell)
        except (OSError, RuntimeError) as error:
            raise DidNotStart(
                f"Kafka could not be downloaded from Maven Central: {error}"
            ) from error
    for jar, path in zip(jars, paths, strict=True):
        jar.check(path)
    return paths
