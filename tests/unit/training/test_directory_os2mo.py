"""An export of OS2mo comes to the same rows as a table, and line managers follow from it."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.domain.directory.os2mo import Export, Registry, read_export
from services.training.domain.directory.people import PersonEntry
from services.training.domain.directory.rows import ReadRow
from services.training.domain.directory.units import UnitEntry
from shared.contracts.people import PersonListed
from shared.contracts.units import OrgUnitListed
from shared.contracts.vocabulary import Forum, OrgUnitKind
from shared.kernel.refusals import Malformed
from shared.testing import TODAY, person

TOWN, WELFARE, SCHOOLS = person("town"), person("welfare"), person("schools")
DIRECTOR, CHIEF, ANNA, BO = (person(name) for name in ("director", "chief", "anna", "bo"))
CPR = "0101801234"

UNITS: list[dict[str, Any]] = [
    {"uuid": str(TOWN), "name": "Kommunen", "parent": None, "user_key": "root"},
    {
        "uuid": str(WELFARE),
        "name": "Velfærd",
        "parent": {"uuid": str(TOWN), "name": "Kommunen"},
        "org_unit_type": {"user_key": "omr", "name": "Direktørområde"},
    },
    {
        "uuid": str(SCHOOLS),
        "name": "Skoler",
        "parent": {"uuid": str(WELFARE)},
        "org_unit_type": {"user_key": "department", "name": "Afd."},
        "validity": {"from": "2013-08-01", "to": None},
    },
]


def engaged(unit: object, **more: Any) -> dict[str, Any]:
    return {"org_unit": {"uuid": str(unit)}, "job_function": {"name": "Lærer"}, **more}


def mail(value: str) -> dict[str, Any]:
    return {"value": value, "address_type": {"scope": "EMAIL", "user_key": "mail"}}


def managing(who: object, unit: object, level: str = "") -> dict[str, Any]:
    said = {"manager_level": {"user_key": "x", "name": level}} if level else {}
    return {"person": who and {"uuid": str(who)}, "org_unit": {"uuid": str(unit)}, **said}


ANNA_THERE: dict[str, Any] = {
    "uuid": str(ANNA),
    "givenname": "Anna",
    "surname": "Andersen",
    "cpr_no": CPR,
    "user_key": CPR,
    "engagements": [engaged(SCHOOLS)],
    "addresses": [
        {"value": "+4512345678", "address_type": {"scope": "PHONE"}},
        mail("anna@example.org"),
    ],
    "associations": [
        {"association_type": {"name": "Lederforum"}, "org_unit": {"name": "Skoler"}},
        {"association_type": {"name": "Projekt"}, "org_unit": {"name": "Chefforum"}},
        {"association_type": {"name": "Projekt"}, "org_unit": {"name": "Skoler"}},
    ],
}
LEADING: list[dict[str, Any]] = [
    managing(DIRECTOR, TOWN, "Niveau 1"),
    managing(CHIEF, WELFARE, "Niveau 3"),
    managing(None, SCHOOLS, "Niveau 4"),
]
LISTED = PersonListed(
    on=TODAY,
    name="Anna",
    email="old@example.org",
    language="en",
    org_unit_id=WELFARE,
    line_manager_id=BO,
    management_level=5,
    forums=frozenset({Forum.CHIEFS}),
)


def read(
    employees: Any = (),
    *,
    units: Sequence[Any] = UNITS,
    people: dict[Any, PersonListed] | None = None,
    listed: dict[Any, OrgUnitListed] | None = None,
    **more: Any,
) -> Registry:
    body = {
        "org_units": list(units),
        "employees": list(employees) if isinstance(employees, tuple) else employees,
        **more,
    }
    return read_export(Export.of(body, TODAY), people or {}, listed or {})


def entries(rows: Sequence[ReadRow[Any]]) -> list[Any]:
    return [row.entry for row in rows]


def codes(rows: Sequence[ReadRow[Any]]) -> list[list[str]]:
    return [[each.code for each in row.errors] for row in rows]


def simply(who: object, unit: object) -> dict[str, Any]:
    return {"uuid": str(who), "name": "Nogen", "engagements": [engaged(unit)]}


def line_managers(*employees: dict[str, Any], managers: Sequence[Any] = LEADING) -> list[Any]:
    rows = read(employees, managers=managers).people
    return [row.entry and row.entry.line_manager_id for row in rows]


def test_units_keep_their_place_and_get_a_kind_of_ours() -> None:
    assert entries(read().units) == [
        UnitEntry(kind=OrgUnitKind.OTHER, name="Kommunen"),
        UnitEntry(kind=OrgUnitKind.DIRECTORATE, name="Velfærd", parent_id=TOWN),
        UnitEntry(kind=OrgUnitKind.DEPARTMENT, name="Skoler", parent_id=WELFARE),
    ]


def test_a_person_is_put_together_from_their_relations() -> None:
    (row,) = read([ANNA_THERE], managers=LEADING).people
    assert (row.line, row.id, row.errors) == (1, ANNA, ())
    assert row.entry == PersonEntry(
        name="Anna Andersen",
        email="anna@example.org",
        org_unit_id=SCHOOLS,
        line_manager_id=CHIEF,
        forums=frozenset({Forum.LEADERS, Forum.CHIEFS}),
    )


def test_what_graphql_answers_is_read_as_well() -> None:
    of_graphql = {
        "data": {
            "org_units": {"objects": [{"current": UNITS[0]}, {"current": None}]},
            "employees": {
                "objects": [
                    {
                        "current": {
                            "uuid": str(ANNA),
                            "given_name": "Anna",
                            "surname": "Andersen",
                            "cpr_number": CPR,
                            "engagements": [{"org_unit": [{"uuid": str(TOWN)}]}],
                            "manager_roles": [
                                {
                                    "org_unit_uuid": str(TOWN),
                                    "manager_level": {"name": "Niveau 2"},
                                }
                            ],
                        }
                    }
                ]
            },
        }
    }
    registry = read_export(Export.of(of_graphql, TODAY), {}, {})
    assert entries(registry.units) == [UnitEntry(kind=OrgUnitKind.OTHER, name="Kommunen")]
    assert entries(registry.people) == [
        PersonEntry(name="Anna Andersen", org_unit_id=TOWN, management_level=2)
    ]


def test_the_primary_engagement_says_the_unit() -> None:
    two = {"engagements": [engaged(TOWN), engaged(SCHOOLS, is_primary=True)]}
    (row,) = read([{**ANNA_THERE, **two}]).people
    assert row.entry is not None
    assert row.entry.org_unit_id == SCHOOLS


def test_the_line_manager_is_the_manager_of_the_unit_or_of_the_nearest_above() -> None:
    assert line_managers(
        simply(ANNA, SCHOOLS),  # whose post of manager is vacant
        simply(BO, WELFARE),
        simply(CHIEF, WELFARE),
        simply(DIRECTOR, TOWN),
    ) == [CHIEF, CHIEF, DIRECTOR, None]


def test_two_managers_of_a_unit_do_not_manage_each_other() -> None:
    both = [*LEADING, managing(BO, WELFARE, "Niveau 4")]
    employees = (simply(CHIEF, WELFARE), simply(BO, WELFARE), simply(ANNA, WELFARE))
    assert line_managers(*employees, managers=both) == [DIRECTOR, DIRECTOR, CHIEF]


def test_a_line_manager_who_is_said_is_not_derived() -> None:
    assert line_managers({**simply(ANNA, SCHOOLS), "line_manager": {"uuid": str(BO)}}) == [BO]


def test_who_manages_two_units_stands_at_the_higher_level() -> None:
    roles = [managing(CHIEF, SCHOOLS, "Niveau 4"), managing(CHIEF, WELFARE, "niveau3")]
    (row,) = read([simply(CHIEF, WELFARE)], managers=roles).people
    assert row.entry is not None
    assert row.entry.management_level == 3


def test_what_is_not_said_stays_as_it_is_listed() -> None:
    (row,) = read([{"uuid": str(ANNA), "name": "Anna B"}], people={ANNA: LISTED}).people
    assert row.entry is not None
    assert row.entry.is_listed_as(LISTED.model_copy(update={"name": "Anna B"}))


def test_what_is_said_to_be_nothing_is_taken_away() -> None:
    nothing: dict[str, Any] = {"engagements": [], "addresses": [], "associations": []}
    said = {"uuid": str(ANNA), "name": "Anna", **nothing}
    (row,) = read([said], people={ANNA: LISTED}, managers=[]).people
    assert row.entry == PersonEntry(name="Anna", language="en", line_manager_id=BO)


@pytest.mark.parametrize(
    "silent",
    [
        {"addresses": None},
        {"engagements": None},
        {"associations": None},
        {"managers": None, "manager_roles": None},
        {"addresses": [{"value": "anna@example.org"}]},
        {"addresses": [{"value": "+4512345678", "address_type": {"uuid": str(BO)}}]},
        {"engagements": [{"job_function": {"name": "Lærer"}}]},
        {"associations": [{"association_type": {"uuid": str(BO)}}]},
    ],
)
def test_null_and_what_does_not_say_what_it_is_take_nothing_away(silent: dict[str, Any]) -> None:
    said = {"uuid": str(ANNA), "name": "Anna", **silent}
    (row,) = read([said], people={ANNA: LISTED}, managers=None).people
    assert row.entry is not None
    assert row.entry.is_listed_as(LISTED)


def test_graphql_says_who_it_is_beside_what_they_are_now() -> None:
    anna = {"uuid": str(ANNA), "current": {"name": "Anna", "engagements": [engaged(TOWN)]}}
    town = {"uuid": str(TOWN), "current": {"name": "Kommunen"}}
    registry = read(units=[town], employees={"objects": [anna]})
    ids = [row.id for row in registry.units] + [row.id for row in registry.people]
    assert ids == [TOWN, ANNA]
    assert entries(registry.people) == [PersonEntry(name="Anna", org_unit_id=TOWN)]


def validity(name: str, since: str, until: str | None) -> dict[str, Any]:
    return {"name": name, "validity": {"from": f"{since}T00:00:00+02:00", "to": until}}


BEFORE = validity("Før", "2010-01-01", "2012-12-31T00:00:00+01:00")
NOW = validity("Nu", "2013-01-01", None)
AFTERWARDS = validity("Siden", "2099-01-01", None)


@pytest.mark.parametrize(
    ("validities", "name"),
    [
        ([BEFORE, NOW, AFTERWARDS], "Nu"),
        ([BEFORE], "Før"),
        ([{"name": "Uden dato"}], "Uden dato"),
    ],
)
def test_of_several_validities_the_one_of_today_is_read_or_else_the_last(
    validities: list[Any], name: str
) -> None:
    rows = read([{"uuid": str(ANNA), "validities": validities}]).people
    assert entries(rows) == [PersonEntry(name=name)]


def test_a_unit_whose_name_holds_a_civil_registration_number_is_wrong() -> None:
    rows = read(units=[{**UNITS[0], "name": "Hos 010180\N{EN DASH}1234"}]).units
    assert codes(rows) == [["cpr_not_taken"]]


def test_a_unit_below_one_that_is_listed_is_placed_and_keeps_what_is_not_said() -> None:
    known = OrgUnitListed(on=TODAY, kind=OrgUnitKind.DIRECTORATE, name="Velfærd")
    renamed = {"uuid": str(WELFARE), "name": "Velfærd og skole"}
    rows = read(units=[renamed, UNITS[2]], listed={WELFARE: known}).units
    assert codes(rows) == [[], []]
    assert rows[0].entry == UnitEntry(kind=OrgUnitKind.DIRECTORATE, name="Velfærd og skole")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uuid": "42"}, "uuid_malformed"),
        ({"uuid": None}, "uuid_malformed"),
        ({"givenname": "", "surname": None}, "name_malformed"),
        ({"name": {"first": "Anna"}}, "name_malformed"),
        ({"name": f"Anna {CPR}"}, "cpr_not_taken"),
        ({"addresses": [mail("anna")]}, "email_malformed"),
        ({"addresses": [mail(f"{CPR}@example.org")]}, "cpr_not_taken"),
        ({"engagements": [engaged("Skoler")]}, "org_unit_id_malformed"),
        ({"line_manager": {"uuid": str(ANNA)}}, "own_line_manager"),
        ({"line_manager": "Bo"}, "line_manager_id_malformed"),
        ({"managers": [managing(ANNA, SCHOOLS, "øverst")]}, "management_level_malformed"),
        *(
            ({relation: wrong}, "relation_malformed")
            for relation in ("addresses", "engagements", "associations")
            for wrong in ("x", 7, {"uuid": str(ANNA)}, ["x"])
        ),
    ],
)
def test_a_wrong_person_says_what_is_wrong(change: dict[str, Any], code: str) -> None:
    rows = read([{**ANNA_THERE, **change}]).people
    assert codes(rows) == [[code]]
    assert rows[0].entry is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uuid": 7}, "uuid_malformed"),
        ({"name": ""}, "name_malformed"),
        ({"parent": "Kommunen"}, "parent_id_malformed"),
        ({"parent": {"uuid": str(BO)}}, "parent_unknown"),
        ({"parent_uuid": str(SCHOOLS), "parent": str(SCHOOLS)}, "parent_not_placed"),
    ],
)
def test_a_wrong_unit_says_what_is_wrong(change: dict[str, Any], code: str) -> None:
    rows = read(units=[*UNITS[:2], {**UNITS[2], **change}]).units
    assert codes(rows) == [[], [], [code]]


def test_what_is_no_object_is_wrong_and_counted_in_its_place() -> None:
    registry = read([ANNA_THERE, "Bo"], units=[7])
    assert codes(registry.units) == [["row_not_an_object"]]
    assert [(row.line, *codes([row])[0]) for row in registry.people] == [
        (1,),
        (2, "row_not_an_object"),
    ]


def test_whoever_stands_in_an_export_twice_is_wrong_in_each_place() -> None:
    registry = read([ANNA_THERE, ANNA_THERE], units=[UNITS[0], UNITS[0]])
    assert codes(registry.people) == [["person_twice"]] * 2
    assert codes(registry.units) == [["unit_twice"]] * 2


def test_no_civil_registration_number_is_kept_or_said() -> None:
    registry = read([ANNA_THERE, {**ANNA_THERE, "uuid": CPR, "name": f"Anna {CPR}"}])
    errors = [each for row in registry.people for each in row.errors]
    assert CPR not in repr(registry)
    assert CPR not in "".join(f"{each.code}{each.facts}" for each in errors)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"org_units": None, "employees": []}])
def test_an_export_that_names_nothing_is_malformed(body: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="import_names_nothing"):
        Export.of(body, TODAY)


@pytest.mark.parametrize("name", ["org_units", "employees", "managers"])
@pytest.mark.parametrize("wrong", ["x", 7, {}, {"objects": "x"}])
def test_an_export_with_anything_but_lists_is_malformed(name: str, wrong: Any) -> None:
    with pytest.raises(Malformed, match="export_malformed"):
        Export.of({"employees": [ANNA_THERE], "org_units": UNITS, name: wrong}, TODAY)


def test_managers_that_are_no_objects_take_nobodys_line_manager() -> None:
    with pytest.raises(Malformed, match="export_malformed"):
        read([ANNA_THERE], managers=["x"])
    with pytest.raises(Malformed, match="relation_malformed"):
        read([{**ANNA_THERE, "manager_roles": "x"}])


def test_an_export_has_as_many_rows_as_a_table_at_most() -> None:
    with pytest.raises(Malformed, match="import_too_many_rows"):
        Export.of({"employees": [{}] * 5001}, TODAY)


words = st.sampled_from(
    [
        "uuid",
        "name",
        "current",
        "validities",
        "validity",
        "from",
        "objects",
        "org_unit",
        "parent",
        "managers",
        "manager_level",
        "engagements",
        "addresses",
        "address_type",
        "scope",
        "EMAIL",
        "value",
        "associations",
        "person",
        "org_unit_type",
        "line_manager",
        "is_primary",
    ]
)
scalars = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(str(ANNA)) | words
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@for_all(st.lists(anything, max_size=3), st.lists(anything, max_size=3), anything)
def test_any_json_is_an_export_or_malformed(units: Any, employees: Any, managers: Any) -> None:
    try:
        registry = read(employees, units=units, managers=managers)
    except Malformed:
        return
    rows: list[ReadRow[Any]] = [*registry.units, *registry.people]
    assert all((row.entry is None) == bool(row.errors) for row in rows)
