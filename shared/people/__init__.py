"""What every service knows of people: unit, level, forums and line manager, without names."""

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.people import PersonErased, PersonListed, PersonState
from shared.contracts.vocabulary import Forum, OrgUnitId, PersonId
from shared.kernel.commands import Context
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Row
from shared.kernel.permissions import May, role
from shared.kernel.refusals import Refused
from shared.kernel.views import View, stream_key


class Person(Row):
    """A person as decisions need them, keyed by the person's id."""

    person_id: PersonId
    org_unit_id: OrgUnitId | None = None
    line_manager_id: PersonId | None = None
    management_level: int | None = None
    forums: frozenset[Forum] = frozenset()

    @property
    def in_chief_forum(self) -> bool:
        """Whether the person sits in the chief forum; a director counts (R148, X9)."""
        return Forum.CHIEFS in self.forums or self.is_director

    @property
    def is_director(self) -> bool:
        """Whether the person is at director level (R78)."""
        return Forum.DIRECTORS in self.forums


def _fold_person(row: Person | None, fact: Recorded[PersonState], key: str) -> Person | None:
    match fact.event:
        case PersonListed() as listed:
            return Person(
                person_id=UUID(key),
                org_unit_id=listed.org_unit_id,
                line_manager_id=listed.line_manager_id,
                management_level=listed.management_level,
                forums=listed.forums,
            )
        case PersonErased():
            return None
        case other:
            assert_never(other)


class ForumMembers(Row):
    """Who sits in a forum and in which unit, keyed by the forum."""

    forum: Forum
    units: dict[str, str] = Field(default_factory=dict)
    """The members' ids -> the unit they come from ("" when unknown)."""

    @property
    def members(self) -> tuple[UUID, ...]:
        """The members' ids, in a steady order."""
        return tuple(UUID(each) for each in sorted(self.units))

    @property
    def departments(self) -> tuple[OrgUnitId, ...]:
        """The units that the members come from, each once, in a steady order."""
        return tuple(UUID(each) for each in sorted({*self.units.values()} - {""}))


def _fold_members(row: ForumMembers | None, fact: Recorded[PersonState], key: str) -> ForumMembers:
    row = row or ForumMembers(forum=Forum(key))
    units = {member: unit for member, unit in row.units.items() if member != fact.key}
    event = fact.event
    if isinstance(event, PersonListed) and row.forum in event.forums:
        units[fact.key] = str(event.org_unit_id or "")
    return row.model_copy(update={"units": units})


def _all_forums(_: Recorded[Any]) -> tuple[str, ...]:
    # A person who leaves a forum is told as a state without it, so every forum has to look.
    return tuple(Forum)


PEOPLE = View.of(Person, PersonState, keys=stream_key, fold=_fold_person)
FORUM_MEMBERS = View.of(ForumMembers, PersonState, keys=_all_forums, fold=_fold_members)


CHOOSING = role("chefforum") | role("secretariat")
"""The chief forum chooses, and the secretariat records it (P5, P6, P13, P15, P55)."""

Deciders = Annotated[frozenset[PersonId], Field(min_length=1, max_length=100)]
"""Those who decided or agreed; at least one."""


def deciders(decided_by: Iterable[PersonId]) -> Sequence[Ask]:
    """Ask for the people who are said to have decided."""
    return tuple(Person.at(each) for each in decided_by)


def check_deciders(ctx: Context, decided_by: Collection[PersonId]) -> None:
    """Hold that the chief forum decided, and not the secretariat itself (R53, R200, R201).

    Membership comes from the directory: who is known there as no member is refused by default, who
    is not known only warned of.
    """
    recording = ctx.actor.person_id if ctx.actor.has("secretariat") else None
    for each in decided_by:
        if each == recording:
            raise Refused("observer_cannot_decide", "R201", person_id=str(each))
        check_member(ctx, each, decided_by)


def check_member(ctx: Context, person_id: PersonId, among: Collection[PersonId]) -> None:
    """Hold by default that somebody who is named with others sits in the chief forum (R200)."""
    person = ctx.facts.find(Person, person_id)
    ctx.warn("not_in_chief_forum", "R200", when=person is None, person_id=str(person_id))
    ctx.default(
        "decider_not_in_chief_forum",
        "R200",
        broken=person is not None and not person.in_chief_forum,
        by=may_set_aside(ctx, among),
        person_id=str(person_id),
    )


def is_known_member(ctx: Context, person_id: PersonId) -> bool:
    """Whether the directory knows somebody as a member; the command must have asked for them."""
    person = ctx.facts.find(Person, person_id)
    return person is not None and person.in_chief_forum


def check_known_decider(ctx: Context, decided_by: Collection[PersonId]) -> None:
    """Hold that the secretariat records nothing of which no known member is said to be (R200)."""
    ctx.default(
        "no_known_decider",
        "R200",
        broken=ctx.capacity == "secretariat" and not _names_member(ctx, decided_by),
        by=role("chefforum"),
    )


def may_set_aside(ctx: Context, decided_by: Iterable[PersonId]) -> May:
    """The chief forum; and the secretariat where it names a known member who decided (P53).

    The command must have asked for the deciders.
    """
    return CHOOSING if _names_member(ctx, decided_by) else role("chefforum")


def _names_member(ctx: Context, decided_by: Iterable[PersonId]) -> bool:
    return any(is_known_member(ctx, each) for each in decided_by)
