"""What `verify` finds: differences, each the first of its kind in a place."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "hole",
    "duplicate",
    "fork",
    "tampered",
    "not_told",
    "not_folded",
    "undecodable",
    "parked",
    "missing_row",
    "changed_row",
    "extra_row",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first of its kind in a place; `harmless` when readers are made to live with it."""

    service: str
    kind: Kind
    place: str
    where: str
    harmless: bool = False

    def __str__(self) -> str:
        note = " (harmless: readers drop it)" if self.harmless else ""
        return f"{self.service}: {self.kind} in {self.place}: {self.where}{note}"


@dataclass
class Report:
    """What one look has found.

    `late` is what relay or projector have not come to: each is kept, since it is a difference only
    while every look finds it again.
    """

    service: str
    found: dict[tuple[Kind, str], Difference] = field(default_factory=dict)
    late: dict[tuple[Kind, str], dict[str, None]] = field(default_factory=dict)

    def add(self, kind: Kind, place: str, where: str, *, harmless: bool = False) -> None:
        """Note a difference, unless its place has one of the kind."""
        difference = Difference(self.service, kind, place, where, harmless)
        self.found.setdefault((kind, place), difference)

    def add_late(self, kind: Literal["not_told", "not_folded"], place: str, where: str) -> None:
        """Note what may have come by the next look."""
        self.late.setdefault((kind, place), {})[where] = None

    def drop_what_came(self, before: "Report") -> None:
        """Forget what is late, but was not yet in the look before."""
        for key, places in self.late.items():
            known = before.late.get(key, {})
            self.late[key] = {where: None for where in places if where in known}

    def is_settled(self, before: "Report | None") -> bool:
        """Whether another look would tell no more, after the one before this."""
        if any(self.late.values()):
            return False
        known = all(each.harmless or each.kind == "parked" for each in self.found.values())
        return known or (before is not None and before.found == self.found)

    def differences(self) -> list[Difference]:
        """Everything that was found: the first of each kind in each place."""
        late = [
            Difference(self.service, kind, place, where)
            for (kind, place), places in self.late.items()
            for where in list(places)[:1]
        ]
        return [*self.found.values(), *late]
