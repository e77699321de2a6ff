"""Units as they are handed in, and the tree that they make (R1, R2).

Which units there are, and how many, is the registry's to say. Only one thing is held: a parent is
there, and nobody is their own. Two who change the tree in the same instant are not held apart, so
whoever walks it must end by itself, as `Tree` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from services.training.domain.directory.cpr import holds_cpr
from services.training.domain.directory.rows import (
    Entry,
    ReadRow,
    each_once,
    read_row,
)
from services.training.domain.tables import TableRow, read_rows
from shared.contracts.units import OrgUnitListed
from shared.contracts.vocabulary import OrgUnitId, OrgUnitKind, Title
from shared.kernel.refusals import Malformed, Refused

COLUMNS = ("kind", "unit_id", "name", "parent_id")

UNIT_ID_MALFORMED = Malformed("unit_id_malformed", column="unit_id")
UNIT_TWICE = Malformed("unit_twice", column="unit_id")
MALFORMED = {
    "kind": Malformed("kind_malformed", column="kind"),
    "name": Malformed("name_malformed", column="name"),
    "parent_id": Malformed("parent_id_malformed", column="parent_id"),
}

_CPR = Malformed("cpr_not_taken", column="name")

Parents = Mapping[OrgUnitId, OrgUnitId | None]
"""Each unit -> the one it belongs to; None for one at the top."""


class UnitEntry(Entry):
    """A unit as the municipality's registry has it."""

    kind: OrgUnitKind
    name: Title
    parent_id: OrgUnitId | None = None

    def listed(self, on: date) -> OrgUnitListed:
        """The state that is listed and told."""
        return OrgUnitListed(on=on, **self.model_dump())


class Tree:
    """Who belongs to whom."""

    def __init__(self, parents: Parents) -> None:
        self.parents = parents
        self._children: dict[OrgUnitId | None, list[OrgUnitId]] = {}
        for unit, parent in parents.items():
            self._children.setdefault(parent, []).append(unit)

    def upwards(self, unit: OrgUnitId) -> Iterator[OrgUnitId]:
        """The unit, the one it belongs to, and so on; each once, should they make a circle."""
        passed: set[OrgUnitId] = set()
        at: OrgUnitId | None = unit
        while at is not None and at not in passed:
            yield at
            passed.add(at)
            at = self.parents.get(at)

    def below(self, unit: OrgUnitId | None) -> frozenset[OrgUnitId]:
        """All that belong to a unit, near or far; to None, all whose way up ends at the top."""
        found: set[OrgUnitId] = set()
        going = [unit]
        while going:
            children = [each for each in self._children.get(going.pop(), ()) if each not in found]
            found.update(children)
            going += children
        return frozenset(found)


def read_units(body: bytes) -> tuple[ReadRow[UnitEntry], ...]:
    """Read every row of a table of units; raises as `read_people` does."""
    return each_once([_read(row) for row in read_rows(body, COLUMNS)], UNIT_TWICE)


def tree_of(rows: Sequence[ReadRow[UnitEntry]], listed: Mapping[OrgUnitId, OrgUnitListed]) -> Tree:
    """The tree as it is once the right rows have been imported."""
    parents = {unit: each.parent_id for unit, each in listed.items()}
    parents |= {row.id: row.entry.parent_id for row in rows if row.id and row.entry}
    return Tree(parents)


def hold_tree(
    rows: Sequence[ReadRow[UnitEntry]], listed: Mapping[OrgUnitId, OrgUnitListed]
) -> tuple[ReadRow[UnitEntry], ...]:
    """Hold that every row finds its way up to the top, by other rows and by what is listed.

    And that no name holds a civil registration number, which no field can say alone.
    One that does not takes those below it along, so that what is left needs no second look.
    """
    rows = [row.wrong(_CPR) if row.entry and holds_cpr(row.entry.name) else row for row in rows]
    tree = tree_of(rows, listed)
    placed = tree.below(None)
    return tuple(
        row if row.entry is None or row.id in placed else row.wrong(_lost(row.entry, tree))
        for row in rows
    )


def _lost(entry: UnitEntry, tree: Tree) -> Malformed:
    if entry.parent_id in tree.parents:
        return Malformed("parent_not_placed", column="parent_id")
    return Malformed("parent_unknown", column="parent_id")


def check_unused(units: int, people: int) -> None:
    """Hold that a unit with units or people in it is not removed (R1, R2)."""
    if units or people:
        raise Refused("org_unit_in_use", "R2", units=units, people=people)


def _read(row: TableRow) -> ReadRow[UnitEntry]:
    if row.cells is None:
        return ReadRow(row.line, None, None, (Malformed("cells_wrong"),))
    said = dict(row.cells)
    unit_id = said.pop("unit_id", "")
    return read_row(row.line, (unit_id, UNIT_ID_MALFORMED), said, UnitEntry, MALFORMED)
