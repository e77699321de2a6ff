"""Units and people as OS2mo exports them: its objects with their relations, in one JSON object.

`org_units`, `employees` and `managers` are lists of OS2mo's objects, or what its GraphQL answers,
also inside `data`. Of each object only what the directory keeps is read; all else, a civil
registration number above all, is passed over. What an object does not say stays as it is listed:
OS2mo knows no language, and an export without managers no levels. Null says nothing, except of the
one unit above or the one line manager: there it says that there is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.training.domain.directory import people as persons
from services.training.domain.directory import units as org_units
from services.training.domain.directory.line_managers import LineManagers
from services.training.domain.directory.os2mo_objects import (
    Object,
    as_now,
    as_uuid,
    is_named,
    objects,
    reference,
    relations,
    says,
    scope,
    word,
)
from services.training.domain.directory.people import PersonEntry
from services.training.domain.directory.rows import ReadRow, each_once, read_row
from services.training.domain.directory.units import UnitEntry, hold_tree, tree_of
from services.training.domain.tables import MOST_ROWS
from shared.contracts.people import PersonListed
from shared.contracts.units import OrgUnitListed
from shared.contracts.vocabulary import Forum, OrgUnitId, OrgUnitKind, PersonId
from shared.kernel.refusals import Malformed

_UUID_MALFORMED = Malformed("uuid_malformed", column="uuid")


@dataclass(frozen=True)
class Registry:
    """What was handed in: units and people, each row with its place in its list, from 1."""

    units: tuple[ReadRow[UnitEntry], ...]
    people: tuple[ReadRow[PersonEntry], ...]


@dataclass(frozen=True)
class Export:
    """The objects of an export, by what they are."""

    units: Sequence[Object | None]
    employees: Sequence[Object | None]
    managers: Sequence[Object] | None
    """None where it does not say who manages."""

    @classmethod
    def of(cls, body: Object, today: date) -> "Export":
        """Find the objects as they are today.

        Raises Malformed: `export_malformed`, `import_names_nothing`, `import_too_many_rows`, and
        `relation_malformed` for an employee's posts as manager, which others' rows hang on.
        """
        data = body.get("data")
        body = as_now(data if isinstance(data, Mapping) else body, today)
        units, employees, managers = (
            objects(body, name, Malformed("export_malformed", field=name))
            for name in ("org_units", "employees", "managers")
        )
        if not units and not employees:
            raise Malformed("import_names_nothing")
        if len(units or ()) + len(employees or ()) > MOST_ROWS:
            raise Malformed("import_too_many_rows", most=MOST_ROWS)
        if managers is not None and None in managers:
            raise Malformed("export_malformed", field="managers")
        roles = [each for each in managers or () if each] + [
            {**role, "person": employee.get("uuid")}
            for employee in employees or ()
            if employee
            for role in _roles(employee)
        ]
        return cls(units or (), employees or (), roles if roles or managers is not None else None)

    @property
    def person_ids(self) -> set[PersonId]:
        """Whom it is about."""
        found = (as_uuid(each.get("uuid")) for each in self.employees if each)
        return {each for each in found if each}


def read_export(
    export: Export,
    people: Mapping[PersonId, PersonListed],
    units: Mapping[OrgUnitId, OrgUnitListed],
) -> Registry:
    """Read every object, given those of the people who are listed, and every listed unit."""
    read = [_unit(line, each, units) for line, each in enumerate(export.units, start=1)]
    unit_rows = hold_tree(each_once(read, Malformed("unit_twice", column="uuid")), units)
    managers = None
    if export.managers is not None:
        managers = LineManagers.of(export.managers, tree_of(unit_rows, units))
    rows = [
        _person(line, each, people, managers) for line, each in enumerate(export.employees, start=1)
    ]
    return Registry(unit_rows, each_once(rows, Malformed("person_twice", column="uuid")))


def _roles(employee: Object) -> list[Object]:
    return [
        role for name in ("managers", "manager_roles") for role in relations(employee, name) or ()
    ]


def _unit(
    line: int, thing: Object | None, listed: Mapping[OrgUnitId, OrgUnitListed]
) -> ReadRow[UnitEntry]:
    if thing is None:
        return _no_object(line)
    unit_id = as_uuid(thing.get("uuid"))
    known = listed.get(unit_id) if unit_id else None
    said: dict[str, Any] = {"kind": OrgUnitKind.OTHER}
    if known:
        said = known.model_dump(include=set(UnitEntry.model_fields))
    if "name" in thing:
        said["name"] = thing["name"]
    for name in ("org_unit_type", "unit_type"):
        if thing.get(name):
            said["kind"] = word(thing[name], OrgUnitKind) or OrgUnitKind.OTHER
    if says(thing, "parent"):
        said["parent_id"] = reference(thing, "parent")
    key = (thing.get("uuid"), _UUID_MALFORMED)
    return read_row(line, key, said, UnitEntry, org_units.MALFORMED)


def _person(
    line: int,
    thing: Object | None,
    listed: Mapping[PersonId, PersonListed],
    managers: LineManagers | None,
) -> ReadRow[PersonEntry]:
    if thing is None:
        return _no_object(line)
    person_id = as_uuid(thing.get("uuid"))
    known = listed.get(person_id) if person_id else None
    said = known.model_dump(include=set(PersonEntry.model_fields)) if known else {}
    key = (thing.get("uuid"), _UUID_MALFORMED)
    try:
        said |= _said_of(thing)
    except Malformed as wrong:
        return read_row(line, key, said, PersonEntry, {}).wrong(wrong)
    if managers and person_id:
        said |= _following(person_id, as_uuid(said.get("org_unit_id")), managers)
    if says(thing, "line_manager"):
        said["line_manager_id"] = reference(thing, "line_manager")
    return persons.hold_person(read_row(line, key, said, PersonEntry, persons.MALFORMED))


def _said_of(thing: Object) -> dict[str, Any]:
    said: dict[str, Any] = {}
    parts = (thing.get(each) for each in ("givenname", "given_name", "surname"))
    name = thing.get("name") or " ".join(each for each in parts if isinstance(each, str))
    if name:
        said["name"] = name
    addresses = relations(thing, "addresses")
    if addresses is not None:
        mails = [each.get("value") for each in addresses if scope(each) == "EMAIL"]
        if mails or all(map(scope, addresses)):
            said["email"] = next(iter(mails), None)
    posts = relations(thing, "engagements")
    if posts is not None:
        posts.sort(key=lambda each: each.get("is_primary") is not True)
        units = [unit for each in posts if (unit := reference(each, "org_unit")) is not None]
        if units or not posts:
            said["org_unit_id"] = next(iter(units), None)
    seats = relations(thing, "associations")
    if seats is not None:
        # A seat in a forum is called so by its type, or by the unit that stands for the forum.
        called = [[each.get("association_type"), each.get("org_unit")] for each in seats]
        if all(any(map(is_named, each)) for each in called):
            forums = (word(each, Forum) for names in called for each in names)
            said["forums"] = frozenset(forum for forum in forums if forum)
    return said


def _following(
    person_id: PersonId, unit_id: OrgUnitId | None, managers: LineManagers
) -> dict[str, Any]:
    """What follows from who manages which unit."""
    said: dict[str, Any] = {}
    if managers.levels.get(person_id, 0) is not None:
        said["management_level"] = managers.levels.get(person_id)  # none for who manages nobody
    if unit_id is not None:
        said["line_manager_id"] = managers.above(person_id, unit_id)
    return said


def _no_object(line: int) -> ReadRow[Any]:
    return ReadRow(line, None, None, (Malformed("row_not_an_object"),))
