"""Fetches Kafka's jars from Maven Central, in Python.

`python -m deploy.local.maven` resolves Kafka's dependencies anew and writes the lock, for a new
version of Kafka. Nothing else resolves: what the lock names is fetched by name.
"""

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.maven import Artifact, Dependency, MavenContext

from deploy.local.jars import KAFKA_VERSION, LOCK, Jar, digest

_KAFKA = ("org.apache.kafka", "kafka_2.13")
# Kafka brings log4j but nothing that joins it to slf4j 1.7; without this the broker is silent.
_LOGGING = ("org.apache.logging.log4j", "log4j-slf4j-impl")
_TIMEOUT_S = 60


def download(jars: Sequence[Jar], folder: Path, tell: Callable[[str], None]) -> None:
    """Fetch these jars into the folder, each only after it was found to be the right one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as draft,
        ThreadPoolExecutor(4) as pool,
    ):
        maven = MavenContext(repo_cache=Path(draft), local_repos=[], timeout=_TIMEOUT_S)

        def fetch(jar: Jar) -> str:
            found = _artifact(maven, jar.group, jar.artifact, jar.version).resolve()
            jar.check(found)
            found.replace(folder / jar.file_name)
            return jar.file_name

        for number, name in enumerate(pool.map(fetch, jars), start=1):
            tell(f"  {number} of {len(jars)}: {name}")


def write_lock() -> None:
    """Resolve what Kafka needs and write it into the lock."""
    with tempfile.TemporaryDirectory() as draft:
        maven = MavenContext(repo_cache=Path(draft), local_repos=[], timeout=_TIMEOUT_S)
        kafka = _artifact(maven, *_KAFKA, KAFKA_VERSION)
        itself, others = maven.resolver.resolve([Dependency(kafka)])
        artifacts = [found.artifact for found in [*itself, *others]]
        log4j = next(found for found in artifacts if found.artifactId == "log4j-core")
        artifacts.append(_artifact(maven, *_LOGGING, log4j.version))
        lines = [
            f"{found.groupId}:{found.artifactId}:{found.version} {digest(found.resolve())}"
            for found in artifacts
        ]
    header = "# Kafka's jars in the order of the class path: group:artifact:version sha256."
    LOCK.write_text("\n".join([header, *lines, ""]))


def _artifact(maven: MavenContext, group: str, name: str, version: str) -> Artifact:
    return maven.project(group, name).at_version(version).artifact()


if __name__ == "__main__":
    write_lock()
