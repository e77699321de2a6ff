"""Kafka's jars are the ones that the lock names."""

from pathlib import Path

import pytest

from deploy.local.jars import KAFKA_VERSION, Jar, digest, fetched, read_lock
from deploy.local.processes import DidNotStart


def a_jar(folder: Path, content: bytes) -> Jar:
    path = folder / "broker-1.0.jar"
    path.write_bytes(content)
    return Jar("org.example", "broker", "1.0", digest(path))


def test_a_jar_that_is_as_locked_is_given(tmp_path: Path) -> None:
    jar = a_jar(tmp_path, b"as released")
    assert fetched([jar], tmp_path, print) == (tmp_path / "broker-1.0.jar",)


def test_a_jar_that_was_tampered_with_is_refused_by_name_and_sum(tmp_path: Path) -> None:
    jar = a_jar(tmp_path, b"as released")
    (tmp_path / jar.file_name).write_bytes(b"something else")
    with pytest.raises(DidNotStart, match=r"broker-1\.0\.jar is not the broker 1\.0") as refusal:
        fetched([jar], tmp_path, print)
    assert jar.sha256 in str(refusal.value)
    assert digest(tmp_path / jar.file_name) in str(refusal.value)


def test_a_download_that_is_not_as_locked_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deploy.local import maven  # noqa: PLC0415 (slow, and for this test only)

    class Found:
        def resolve(self) -> Path:
            path = tmp_path / "download"
            path.write_bytes(b"something else")
            return path

    monkeypatch.setattr(maven, "_artifact", lambda *_: Found())
    jar = Jar("org.example", "broker", "1.0", "0" * 64)
    with pytest.raises(DidNotStart, match=r"broker 1\.0"):
        fetched([jar], tmp_path / "jars", lambda _: None)
    assert not (tmp_path / "jars" / jar.file_name).exists()


def test_the_lock_names_the_broker_and_everything_it_needs() -> None:
    jars = read_lock()
    assert jars[0].file_name == f"kafka_2.13-{KAFKA_VERSION}.jar"
    assert len({jar.file_name for jar in jars}) == len(jars) == 46
    assert {len(jar.sha256) for jar in jars} == {64}
