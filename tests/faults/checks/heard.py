"""What a service has heard: the facts up to where its progress says that it has folded them."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from tests.faults.checks.evidence import HEARS, TOPICS, Evidence, Json, Told, key_of, kind_of
from tests.faults.checks.findings import Findings


class Heard:
    """The facts that a service's rows are made of."""

    def __init__(
        self,
        service: str,
        evidence: Evidence,
        progress: Mapping[str, Json],
        skipped: AbstractSet[tuple[str, int]] = frozenset(),
    ) -> None:
        """Of `skipped` versions an operator has said that they are to be in no row."""
        self.service = service
        self.progress = progress
        self._skipped = skipped
        self._evidence = evidence
        self._kinds: dict[str, list[str]] = {}
        for stream in evidence.told:
            if TOPICS.get(kind_of(stream)) in HEARS[service]:
                self._kinds.setdefault(kind_of(stream), []).append(stream)

    def streams(self, kind: str) -> Iterator[tuple[str, list[Told]]]:
        """Each thing's id with its facts, in order."""
        for stream in self._kinds.get(kind, ()):
            reached = self.progress.get(stream, {"version": 0})["version"]
            facts = [
                each
                for each in self._evidence.facts(stream)
                if each.version <= reached and (stream, each.version) not in self._skipped
            ]
            if facts:
                yield key_of(stream), facts

    def facts(self, kind: str) -> Iterator[tuple[str, Told]]:
        """Every fact of a kind of stream, with the thing's id."""
        for key, facts in self.streams(kind):
            for fact in facts:
                yield key, fact

    def states(self, kind: str) -> dict[str, Json]:
        """Everything of a kind that is listed now, by its id."""
        latest = {key: facts[-1] for key, facts in self.streams(kind)}
        return {key: told.data for key, told in latest.items() if told.data}

    def people(self) -> dict[str, Json]:
        """Everybody who is listed, by their id."""
        return self.states("people")

    def check_progress(self, findings: Findings) -> None:
        """Every stream has been folded to its end, or stands parked because of what was planted."""
        for streams in self._kinds.values():
            for stream in streams:
                last = self._evidence.facts(stream)[-1].version
                reached = self.progress.get(stream, {"version": 0})["version"]
                if reached != last and stream not in self._evidence.planted:
                    at = f"{self.service}: {stream} at {reached} of {last}"
                    findings.wrong("reader: behind", at)
        parked = {stream for stream, each in self.progress.items() if "parked" in each}
        expected = {
            each.stream: each.what
            for each in self._evidence.run.planted
            if self.service in each.parked_by
        }
        for stream in parked - expected.keys():
            each = self.progress[stream]
            at = f"{stream}@{each['version']}: {each['parked']}"
            findings.wrong("reader: parked", f"{self.service}: {at}")
        findings.show("parked as planted", len(parked & expected.keys()))
        for stream in expected.keys() - parked:
            findings.wrong("reader: overlooked", f"{self.service}: {expected[stream]} in {stream}")

    def knows(self, position: str) -> bool:
        """Whether a row can have this as its last fact."""
        stream, _, version = position.rpartition("@")
        reached = self.progress.get(stream, {"version": 0})["version"]
        return version.isdigit() and 0 < int(version) <= reached


def all_told(service: str, evidence: Evidence) -> Heard:
    """All that a service is told, but for what was planted, however far it has come with it."""
    streams = evidence.told.keys() - evidence.planted
    return Heard(
        service, evidence, {each: {"version": evidence.facts(each)[-1].version} for each in streams}
    )
