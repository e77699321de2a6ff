"""What every chapter of the story has at hand: the APIs, the business clock, and a voice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from deploy.local.demo.api import Answer, Api, Json, TurnedAway, until
from deploy.local.demo.cast import SECRETARIAT, Person
from shared.policy.periods import COPENHAGEN, local_day

_MORNING = time(8, 0)
_INDENT = " " * 12


class Clock(Protocol):
    """The business clock of the stack."""

    def now(self) -> datetime: ...
    def set_clock(self, instant: datetime) -> None: ...


class WentThrough(Exception):
    """What should have been turned away was accepted."""


def morning(day: date) -> datetime:
    """Eight o'clock in Denmark."""
    return datetime.combine(day, _MORNING, COPENHAGEN)


@dataclass(frozen=True)
class Play:
    """The stage."""

    api: Api
    clock: Clock
    tell: Callable[[str], None]

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.tell(f"\n{title}")

    def say(self, line: str) -> None:
        """Tell what happens, under the business date."""
        self.tell(f"{local_day(self.clock.now())}  {line}")

    def add(self, line: str) -> None:
        """Tell more of it."""
        self.tell(_INDENT + line)

    async def post(self, who: Person, line: str, path: str, body: Json | None = None) -> Answer:
        """Somebody does something, by POST."""
        return await self._do(who, line, "POST", path, body)

    async def put(self, who: Person, line: str, path: str, body: Json | None = None) -> Answer:
        """Somebody does something, by PUT."""
        return await self._do(who, line, "PUT", path, body)

    async def _do(
        self, who: Person, line: str, method: str, path: str, body: Json | None
    ) -> Answer:
        answer = await self.api.send(who, method, path, body)
        self.say(f"{who.name} {line}")
        for warned in answer.warnings:
            self.add(f"remark: {warned['title']} ({warned['code']}, {warned['rule']})")
        return answer

    async def turned_away(
        self, who: Person, line: str, method: str, path: str, body: Json | None = None
    ) -> None:
        """Somebody tries something that the rules do not allow, and is told so in Danish."""
        try:
            await self.api.send(who, method, path, body)
        except TurnedAway as problem:
            named = f"{problem.code}, {problem.rule}" if problem.rule else problem.code
            self.say(f"{who.name} tries to {line}: {problem.status} {problem.title} ({named})")
            self.add(problem.detail)
        else:
            raise WentThrough(f"{who.name} should not have been able to {line}")

    async def move_to(self, day: date) -> None:
        """Make it the morning of a day, and wait until what is due by then has fallen due."""
        self.clock.set_clock(morning(day))
        await until("the reminders that are due", self._nothing_is_due)

    async def _nothing_is_due(self) -> bool:
        waiting = await self.api.read_all(SECRETARIAT, "/reminders", state="scheduled")
        return all(datetime.fromisoformat(each["due_at"]) > self.clock.now() for each in waiting)

    async def hears(self, path: str, positions: Iterable[str]) -> None:
        """The service behind the path has heard what others told."""
        await self.api.wait_for(SECRETARIAT, path, positions)

    async def told(self, template: str, *people: Person | None, times: int = 1) -> None:
        """Each of the people (None: the secretariat's mailbox) has got the message, so often."""
        for person in people:
            receiver = str(person.id) if person else "secretariat"

            async def arrived(receiver: str = receiver) -> bool:
                found = await self.api.read_all(
                    SECRETARIAT,
                    "/deliveries",
                    template=template,
                    receiver=receiver,
                    state="sent",
                    channel="inbox",
                )
                return len(found) >= times

            await until(f"{template} to {person.name if person else receiver}", arrived)

    async def reminders_are(self, state: str, deadline: str, subject: str, *items: Any) -> None:
        """Each of these is awaited, or no longer awaited, as a reminder."""

        async def so() -> bool:
            found = await self.api.read_all(
                SECRETARIAT, "/reminders", deadline=deadline, subject=subject, state=state
            )
            return set(map(str, items)) <= {each["item"] for each in found}

        await until(f"{deadline} {state} for {', '.join(map(str, items))}", so)
