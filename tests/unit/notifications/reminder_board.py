"""The board of reminders as it comes about: facts come in, and time goes on."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from services.notifications.domain.reminder import FireReminder
from shared.contracts.notifications import ReminderDue, ReminderEvent, ReminderScheduled
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import system
from shared.kernel.reactions import Reaction
from shared.kernel.views import View
from shared.policy import Policy
from shared.policy.periods import local_day
from shared.testing import NOW, folded, given, reacting, recorded
from shared.testing.kit import NS3

SYSTEM = system("test")


class Board:
    """Everything as in the running service; nothing is left out but the wire."""

    reactions: ClassVar[Sequence[Reaction]]
    known: ClassVar[Sequence[View[Any]]] = ()
    """The views that the reactions look up."""

    def __init__(self, policy: Policy = NS3) -> None:
        self.policy = policy
        self.now = NOW
        self.told: list[Recorded[Any]] = []
        self.reminders: dict[str, list[ReminderEvent]] = {}

    def hear(self, stream: str, *events: Event) -> Self:
        """Hear of facts, one after the other."""
        for event in events:
            version = 1 + sum(each.stream == stream for each in self.told)
            self.told.append(recorded(event, stream, version, at=self.now))
            self.react(self.told[-1])
        return self

    def react(self, fact: Recorded[Any]) -> None:
        """Do what follows from a fact now; it may be told again."""
        rows = (row for view in self.known for row in folded(view, self.told).items())
        for send in reacting(self.reactions, fact, *rows):
            self.send(send.key, send.command)

    def send(self, key: str, command: Any) -> Sequence[ReminderEvent]:
        """Let a reminder decide, now."""
        facts = self.reminders.get(key, [])
        outcome = given(*facts).of(key).under(self.policy).at(self.now).when(command, by=SYSTEM)
        assert outcome.decision is not None
        decided: Sequence[Any] = outcome.decision.events
        if decided:
            self.reminders[key] = [*facts, *decided]
        return decided

    def until(self, moment: datetime) -> list[str]:
        """What has spoken up by then since it was last looked at, in order."""
        spoken: list[str] = []
        while soon := self._next(moment):
            self.now = max(self.now, soon[0])
            fired = self.send(soon[1], FireReminder())
            spoken += self.say(soon[1], (each for each in fired if isinstance(each, ReminderDue)))
        self.now = max(self.now, moment)
        return spoken

    def say(self, key: str, due: Iterable[ReminderDue]) -> list[str]:
        """What the tests look at of those that spoke up."""
        return [f"{each.deadline} {each.item}" for each in due]

    @property
    def awaited(self) -> dict[str, date]:
        """The reminders that are to speak up -> when, in Denmark."""
        last = {key: facts[-1] for key, facts in self.reminders.items()}
        return {
            key: local_day(fact.due_at)
            for key, fact in sorted(last.items())
            if isinstance(fact, ReminderScheduled)
        }

    def _next(self, moment: datetime) -> tuple[datetime, str] | None:
        last = ((key, facts[-1]) for key, facts in self.reminders.items())
        due = [(fact.due_at, key) for key, fact in last if isinstance(fact, ReminderScheduled)]
        return min((each for each in due if each[0] <= moment), default=None)
