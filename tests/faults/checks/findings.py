"""What a check finds: numbers by name, all of them zero when all is well, with a few examples."""

from collections import Counter
from dataclasses import dataclass, field

MEANINGS = {
    "acknowledged and lost": "answered 2xx, and no commit holds it at that position",
    "acknowledged otherwise": "the commit holds other facts than the answer told",
    "stored twice": "one key led to two commits",
    "answered otherwise": "a repeat got another answer than the first",
    "answered 500": "a mistake in the program",
    "store: hole": "a version of a stream is in no commit",
    "store: overlap": "a version of a stream is in two commits",
    "store: torn": "a commit's name, first, last and facts do not agree",
    "store: id twice": "one event id, or one command id, in two commits",
    "topic: untold": "stored, and still marked as not published",
    "topic: missing": "marked as published, and not on its topic",
    "topic: order": "a stream's first occurrences skip a version, or go back",
    "topic: fork": "one version of a stream under two event ids",
    "topic: content": "other content than was stored",
    "topic: stranger": "on a topic, and in no commit",
    "topic: unreadable": "no event at all",
    "people: state": "a directory's latest revision is not the topic's",
    "reader: behind": "a service has not folded all that a topic holds of a stream",
    "reader: parked": "a stream stands still that was not to",
    "reader: overlooked": "planted, and not parked where it had to be",
    "row: stamp": "a row's last fact is unknown, or was never folded",
    "row: changed": "differs from what the facts say",
    "row: missing": "the facts make it, and it is not there",
    "row: extra": "no fact makes it",
    "row: unseen": "a view, or a field of one, that nobody has worked out anew",
    "effect: doubled": "one cause led twice to the same fact",
    "effect: missing": "a reaction did nothing, and nothing says why",
    "slot: leaked": "held by a network that does not run",
    "slot: missing": "an innovation network runs without one",
    "place: too many": "given beyond the maximum of the cohort",
    "place: out of turn": "given past those who wait, or not to the first of them",
    "place: doubled": "given to who has one, or waits for one",
    "cost: doubled": "allocated twice to one participant",
    "cost: shares": "the two shares are not thirds of the total, or do not sum to it",
    "diploma: doubled": "awarded twice for one cohort",
    "diploma: undeserved": "awarded without both parts of the exam passed",
    "cohort: miscounted": "completed with other people or numbers than it has",
    "reminder: otherwise": "awaited though it has come, or not awaited though it has not",
    "delivery: doubled": "one fact, receiver and channel in two deliveries",
    "mail: lost": "recorded as sent, and never caught",
    "mail: stranger": "caught, and of no delivery",
    "mail: repeated": "caught twice though nothing died",
}
_MOST_EXAMPLES = 12


@dataclass
class Findings:
    """Counts by name (see MEANINGS) with their first examples, and counts that are only shown."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    shown: Counter[str] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.counts.total()

    def wrong(self, name: str, where: str) -> None:
        """Count something that must not be."""
        assert name in MEANINGS, name
        self.counts[name] += 1
        examples = self.examples.setdefault(name, [])
        if len(examples) < _MOST_EXAMPLES:
            examples.append(where)

    def show(self, name: str, number: int = 1) -> None:
        """Count something that is worth knowing, and harmless."""
        self.shown[name] += number

    def table(self) -> str:
        """Everything as plain text, the examples below what they are examples of."""
        lines = [f"{'shown':<34}{'number':>8}"]
        lines += [f"  {name:<32}{number:>8}" for name, number in sorted(self.shown.items())]
        lines.append(f"{'must be zero':<34}{'number':>8}")
        for name, meaning in MEANINGS.items():
            number = self.counts[name]
            lines.append(f"  {name:<32}{number:>8}" + (f"  {meaning}" if number else ""))
            lines += [f"      {each}" for each in self.examples.get(name, ())]
        return "\n".join(lines)
