"""Units are reference data: how many there are, and under whom, is the registry's to say."""

import random
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.domain.directory.rows import ReadRow, what_becomes_of
from services.training.domain.directory.units import (
    COLUMNS,
    Tree,
    UnitEntry,
    check_unused,
    hold_tree,
    read_units,
    tree_of,
)
from services.training.projections.org_units import ORG_UNITS, OrgUnit
from shared.contracts.units import UNIT, OrgUnitListed, OrgUnitRemoved
from shared.contracts.vocabulary import OrgUnitId, OrgUnitKind
from shared.kernel.refusals import Malformed, Refused
from shared.testing import TODAY, folded, person, recorded, rule

HEADER = ";".join(COLUMNS)
WELFARE, GROWTH, THIRD = person("welfare"), person("growth"), person("third")
SCHOOLS, CARE, HEALTH, CHILDREN = (person(f"welfare {number}") for number in range(4))
ROADS, PARKS, CULTURE, WORK = (person(f"growth {number}") for number in range(4))
OF_WELFARE = (SCHOOLS, CARE, HEALTH, CHILDREN)
OF_GROWTH = (ROADS, PARKS, CULTURE, WORK)
BASE = (
    f"directorate;{WELFARE};Velfærd;",
    f"directorate;{GROWTH};Vækst;",
    *(f"department;{each};Afdeling;{WELFARE}" for each in OF_WELFARE),
    *(f"department;{each};Afdeling;{GROWTH}" for each in OF_GROWTH),
)
LISTED = OrgUnitListed(on=TODAY, kind=OrgUnitKind.DEPARTMENT, name="Afdeling", parent_id=WELFARE)


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def read(*rows: str) -> tuple[ReadRow[UnitEntry], ...]:
    return hold_tree(read_units(table(*rows)), {})


def listed(rows: Sequence[ReadRow[UnitEntry]]) -> dict[OrgUnitId, OrgUnitListed]:
    return {row.id: row.entry.listed(TODAY) for row in rows if row.id and row.entry}


def codes(rows: Sequence[ReadRow[UnitEntry]]) -> list[list[str]]:
    return [[each.code for each in row.errors] for row in rows]


@rule("R1")
def test_there_are_as_many_directorates_as_the_registry_says() -> None:
    two = listed(read(*BASE))
    third = read_units(table(f"directorate;{THIRD};Udvikling;"))

    assert [unit for unit, each in two.items() if each.kind == "directorate"] == [WELFARE, GROWTH]
    assert [what_becomes_of(row, two) for row in hold_tree(third, two)] == ["added"]
    assert Tree({**tree_of((), two).parents, THIRD: None}).below(THIRD) == frozenset()


@rule("R2")
def test_each_department_belongs_to_the_directorate_that_the_registry_says() -> None:
    base = listed(read(*BASE))
    assert tree_of((), base).below(WELFARE) == set(OF_WELFARE)
    assert tree_of((), base).below(GROWTH) == set(OF_GROWTH)
    assert tree_of((), base).below(None) == set(base)

    moved = hold_tree(read_units(table(f"department;{PARKS};Afdeling;{WELFARE}")), base)
    assert [what_becomes_of(row, base) for row in moved] == ["changed"]
    assert tree_of(moved, base).below(WELFARE) == {*OF_WELFARE, PARKS}


def test_a_unit_may_come_before_the_one_that_it_belongs_to() -> None:
    assert codes(read(*reversed(BASE))) == [[]] * len(BASE)


def test_a_row_is_new_or_a_change_or_nothing_new() -> None:
    (row,) = read_units(table(f"department;{SCHOOLS};Afdeling;{WELFARE}"))
    assert what_becomes_of(row, {}) == "added"
    assert what_becomes_of(row, {SCHOOLS: LISTED}) == "unchanged"
    renamed = LISTED.model_copy(update={"name": "Skoler"})
    assert what_becomes_of(row, {SCHOOLS: renamed}) == "changed"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("department;42;Skoler;", "unit_id_malformed"),
        (f"department;{SCHOOLS};;", "name_malformed"),
        (f"ministry;{SCHOOLS};Skoler;", "kind_malformed"),
        (f";{SCHOOLS};Skoler;", "kind_malformed"),
        (f"department;{SCHOOLS};Skoler;Velfærd", "parent_id_malformed"),
        (f"department;{SCHOOLS};Skoler;{WELFARE}", "parent_unknown"),
        (f"department;{SCHOOLS};Skoler;{SCHOOLS}", "parent_not_placed"),
        (f"department;{SCHOOLS};Skoler", "cells_wrong"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(row: str, code: str) -> None:
    rows = read(row)
    assert codes(rows) == [[code]]
    assert what_becomes_of(rows[0], {}) == "wrong"


def test_units_that_belong_to_each_other_in_a_circle_are_all_wrong_with_those_below() -> None:
    rows = read(
        f"directorate;{WELFARE};Velfærd;{CARE}",
        f"department;{SCHOOLS};Skoler;{WELFARE}",
        f"department;{CARE};Pleje;{SCHOOLS}",
        f"team;{HEALTH};Sundhed;{CARE}",
        f"directorate;{GROWTH};Vækst;",
    )
    assert codes(rows) == [["parent_not_placed"]] * 4 + [[]]


def test_a_listed_unit_cannot_be_moved_below_itself() -> None:
    base = listed(read(*BASE))
    rows = hold_tree(read_units(table(f"directorate;{WELFARE};Velfærd;{SCHOOLS}")), base)
    assert codes(rows) == [["parent_not_placed"]]
    assert what_becomes_of(rows[0], base) == "wrong"


def test_a_unit_whose_parent_is_a_wrong_row_is_wrong_too() -> None:
    rows = read(f"ministry;{WELFARE};Velfærd;", f"department;{SCHOOLS};Skoler;{WELFARE}")
    assert codes(rows) == [["kind_malformed"], ["parent_unknown"]]


def test_a_unit_in_several_rows_is_wrong_in_each() -> None:
    rows = read(BASE[0], BASE[1], BASE[0])
    assert codes(rows) == [["unit_twice"], [], ["unit_twice"]]


def test_a_table_of_people_is_no_table_of_units() -> None:
    with pytest.raises(Malformed, match="import_header_wrong"):
        read_units(table(header="person_id,name"))


@pytest.mark.parametrize(("units", "people"), [(1, 0), (0, 1), (4, 70)])
def test_a_unit_with_units_or_people_in_it_is_not_removed(units: int, people: int) -> None:
    with pytest.raises(Refused) as refusal:
        check_unused(units, people)
    assert (refusal.value.code, refusal.value.rule) == ("org_unit_in_use", "R2")
    assert refusal.value.facts == {"units": units, "people": people}


def test_a_unit_that_nobody_belongs_to_can_be_removed() -> None:
    check_unused(0, 0)


IDS = [UUID(int=number) for number in range(1, 7)]
anywhere = st.none() | st.sampled_from(IDS)


@for_all(st.dictionaries(st.sampled_from(IDS), anywhere), st.lists(st.tuples(*[anywhere] * 2)))
def test_whatever_is_handed_in_what_is_right_of_it_makes_a_tree(
    before: dict[UUID, UUID | None], moves: list[tuple[UUID | None, UUID | None]]
) -> None:
    rooted = Tree(before).below(None)
    known = {
        unit: LISTED.model_copy(update={"parent_id": parent})
        for unit, parent in before.items()
        if unit in rooted
    }
    rows = [
        ReadRow(line, unit, UnitEntry(kind=OrgUnitKind.OTHER, name="X", parent_id=parent))
        for line, (unit, parent) in enumerate(dict(moves).items())
        if unit
    ]
    held = hold_tree(rows, known)

    tree = tree_of(held, known)
    assert tree.below(None) == set(tree.parents)
    assert hold_tree(held, known) == held
    for unit in tree.parents:
        assert unit not in tree.below(unit)
        assert all(unit in tree.below(above) for above in [*tree.upwards(unit)][1:])


@for_all(st.dictionaries(st.sampled_from(IDS), anywhere), st.sampled_from(IDS))
def test_whoever_walks_units_in_a_circle_comes_to_an_end(
    parents: dict[UUID, UUID | None], unit: UUID
) -> None:
    tree = Tree(parents)
    assert next(tree.upwards(unit)) == unit
    assert len([*tree.upwards(unit)]) <= len(IDS)
    assert tree.below(unit) <= set(parents)


def test_the_view_shows_a_unit_as_it_was_last_told() -> None:
    stream = UNIT.stream(str(SCHOOLS))
    moved = LISTED.model_copy(update={"parent_id": GROWTH})
    rows = folded(ORG_UNITS, [recorded(LISTED, stream), recorded(moved, stream, 2)])
    assert rows == {
        str(SCHOOLS): OrgUnit(
            org_unit_id=SCHOOLS, kind=OrgUnitKind.DEPARTMENT, name="Afdeling", parent_id=GROWTH
        )
    }


def test_the_view_shows_no_unit_that_was_removed() -> None:
    stream = UNIT.stream(str(SCHOOLS))
    gone = recorded(OrgUnitRemoved(on=TODAY), stream, 2)
    assert folded(ORG_UNITS, [recorded(LISTED, stream), gone]) == {}


@for_all(st.lists(st.sampled_from([*OF_WELFARE]), max_size=12), st.randoms())
def test_it_does_not_matter_which_unit_is_heard_of_first(
    units: list[UUID], shuffle: random.Random
) -> None:
    told = []
    for unit in OF_WELFARE:
        for version in range(1, units.count(unit) + 1):
            state = LISTED.model_copy(update={"name": f"{version}"})
            told.append(recorded(state, UNIT.stream(str(unit)), version))
    mixed = sorted(told, key=lambda fact: (fact.version, shuffle.random()))
    assert folded(ORG_UNITS, mixed) == folded(ORG_UNITS, told)
