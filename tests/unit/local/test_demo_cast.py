"""The demo's people and themes are such as the services take."""

from pydantic import ValidationError

from deploy.local.demo.cast import (
    CAST,
    CHIEF_FORUM,
    CO_DRIVER,
    NAMES,
    PROJECT_LEADER,
    directory_table,
    name_of,
    units_table,
)
from deploy.local.demo.portfolio import (
    FURTHER,
    LEARNING,
    RANKING,
    SELECTED,
    THEMES,
    VOLUNTEERING,
    WELFARE,
    Theme,
)
from deploy.local.demo.starting import CO_DRIVERS, LEADERS, REFERENCE_LEADERS
from deploy.local.demo.whole_network import BROUGHT, COURSE, PARTIES
from services.networks.domain.network.mandate import DraftMandateContract
from services.networks.domain.network.phase_plan import RevisePhasePlan
from services.themes.domain.theme.proposing import ProposeTheme
from services.themes.domain.theme.qualifying import AssessTheme
from services.training.domain.directory.people import read_people
from services.training.domain.directory.units import hold_tree, read_units
from shared.contracts.vocabulary import Criterion, MandateParty, NetworkType
from shared.policy import load_policies
from shared.policy.model import NS3


def test_every_row_of_the_directory_can_be_imported() -> None:
    rows = read_people(directory_table().encode())
    assert [row.id for row in rows] == [person.id for person in CAST]
    assert [row.errors for row in rows] == [()] * len(CAST)


def test_every_department_of_the_cast_can_be_imported_with_its_directorate() -> None:
    rows = hold_tree(read_units(units_table().encode()), {})
    assert [row.errors for row in rows] == [()] * len(rows)
    assert {person.unit for person in CAST} <= {row.id for row in rows}


def test_the_directory_says_what_the_cast_says() -> None:
    (row,) = read_people(directory_table([CO_DRIVER]).encode())
    assert row.entry is not None
    assert row.entry.name == CO_DRIVER.name
    assert CO_DRIVER.line_manager is not None
    assert row.entry.line_manager_id == CO_DRIVER.line_manager.id


def test_nobody_is_listed_twice_and_all_addresses_are_invented() -> None:
    assert len(NAMES) == len(CAST)
    assert len({person.email for person in CAST}) == len(CAST)
    assert all(person.email.endswith("@kommune.example") for person in CAST)
    assert all(person.email.isascii() for person in CAST)


def test_some_read_danish_and_some_english() -> None:
    assert {person.language for person in CAST} == {"da", "en"}


def test_every_line_manager_is_in_the_directory() -> None:
    managers = {person.line_manager for person in CAST if person.line_manager}
    assert managers <= set(CAST)


def test_a_name_stands_for_an_id_and_a_dash_for_nobody() -> None:
    assert name_of(str(CO_DRIVER.id)) == "Co-driver Et"
    assert name_of(None) == "-"
    assert name_of("somebody else") == "somebody else"


def test_every_proposal_and_assessment_is_well_formed() -> None:
    for theme in THEMES:
        assert ProposeTheme.model_validate(theme.proposal).title == theme.title
        assessed = AssessTheme.model_validate(theme.assessment)
        assert {each.criterion for each in assessed.assessments} == set(Criterion)


def test_the_portfolio_is_the_one_of_the_sources() -> None:
    assert {theme.network_type for theme in WELFARE} == {NetworkType.WELFARE}
    assert {theme.network_type for theme in LEARNING} == {NetworkType.LEARNING}
    assert [theme.title for theme in FURTHER] == ["Urban farming", "Deleøkonomi", "Frivillighed"]
    assert set(SELECTED) < set(RANKING) < set(THEMES)
    assert set(THEMES) - set(RANKING) == {VOLUNTEERING}


def test_every_network_gets_the_people_its_type_asks_for() -> None:
    def led_by_a_chief(theme: Theme) -> bool:
        return REFERENCE_LEADERS[theme] in CHIEF_FORUM

    assert set(LEADERS) == set(SELECTED)
    assert all(led_by_a_chief(theme) for theme in WELFARE)
    assert set(CO_DRIVERS) <= set(WELFARE)
    assert PROJECT_LEADER in LEADERS.values()


def test_the_plan_follows_the_phases_of_the_type() -> None:
    (policy,) = load_policies(NS3).sets
    phases = tuple(each.phase for each in policy.types[NetworkType.WELFARE].phases)
    plan = RevisePhasePlan.model_validate({"phases": [period.plan for period in COURSE]})
    assert tuple(each.phase for each in plan.phases) == phases


def test_the_course_goes_from_period_to_period_and_ends_in_the_half_year() -> None:
    days = [day for period in COURSE for day in (period.begins, period.ends)]
    assert days == sorted(days)
    assert len(set(days)) == len(days)


def test_every_party_brings_something_to_the_contract() -> None:
    assert set(BROUGHT) == set(PARTIES) == set(MandateParty)
    sections = {party: {"content": text} for party, text in BROUGHT.items()}
    try:
        DraftMandateContract.model_validate({"sections": sections})
    except ValidationError as problem:
        raise AssertionError from problem
