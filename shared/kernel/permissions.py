"""Who may: small expressions over roles and relations, checked after the state is loaded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

Relations = Mapping[str, Collection[UUID]]
"""Who stands in which relation to a thing, e.g. its leader."""

IMPLIED_ROLES = {"secretariat_lead": frozenset({"secretariat"})}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with roles, or a part of the system (no person) with its name."""

    person_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    name: str = ""

    def has(self, role: str) -> bool:
        """Tell whether the actor has the role, by itself or through a wider one."""
        return role in self.roles or any(role in IMPLIED_ROLES.get(mine, ()) for mine in self.roles)

    def __str__(self) -> str:
        return f"person:{self.person_id}" if self.person_id else self.name


def system(name: str) -> Actor:
    """The actor behind a reaction or a deadline."""
    return Actor(name=f"system:{name}", roles=frozenset({"system"}))


class Asked(Protocol):
    """What a permission may look at in a command."""

    @property
    def on_behalf_of(self) -> UUID | None: ...


class May:
    """A permission: `capacity` gives in what capacity the actor may, or None."""

    def capacity(self, actor: Actor, command: Asked, relations: Relations) -> str | None:
        """Return the role or relation that allows it, or None when nothing does."""
        raise NotImplementedError

    def __or__(self, other: "May") -> "May":
        return _Either(self, other)


@dataclass(frozen=True, slots=True)
class _Either(May):
    left: May
    right: May

    def capacity(self, actor: Actor, command: Asked, relations: Relations) -> str | None:
        return self.left.capacity(actor, command, relations) or self.right.capacity(
            actor, command, relations
        )

    def __str__(self) -> str:
        return f"{self.left} | {self.right}"


@dataclass(frozen=True, slots=True)
class role(May):  # noqa: N801 - reads as a word: may = its("leader") | role("secretariat")
    """Whoever has the role."""

    name: str

    def capacity(self, actor: Actor, command: Asked, relations: Relations) -> str | None:
        return self.name if actor.has(self.name) else None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class its(May):  # noqa: N801
    """Whoever stands in the relation to the thing, e.g. its leader."""

    relation: str

    def capacity(self, actor: Actor, command: Asked, relations: Relations) -> str | None:
        holders = relations.get(self.relation, ())
        return self.relation if actor.person_id and actor.person_id in holders else None

    def __str__(self) -> str:
        return f"its {self.relation}"


@dataclass(frozen=True, slots=True)
class oneself(May):  # noqa: N801
    """Whoever has `as_role` and acts for nobody else; with `field`, is the person it names."""

    as_role: str = "employee"
    field: str | None = None

    def capacity(self, actor: Actor, command: Asked, relations: Relations) -> str | None:
        if not actor.person_id or not actor.has(self.as_role):
            return None
        subject = getattr(command, self.field) if self.field else actor.person_id
        acts_for = command.on_behalf_of or actor.person_id
        return "self" if subject == acts_for == actor.person_id else None

    def __str__(self) -> str:
        return f"oneself ({self.as_role})"


SYSTEM = role("system")
"""Reactions and deadlines alone; such a command has no route."""
