"""The numbers are data: dated, complete, and never overlapping."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from shared.contracts.vocabulary import Competence, Criterion, HalfYear, MandateParty, NetworkType
from shared.policy import Day, Policies, Policy, half_year_of, load_policies
from shared.policy.model import NS3
from shared.policy.periods import (
    LAST_MONTH,
    Period,
    first_day,
    last_day,
    month_of,
    months_after,
)
from shared.testing import rule

DAY = date(2013, 8, 1)


def changed(**changes: object) -> dict[str, object]:
    (values,) = yaml.safe_load(NS3.read_text(encoding="utf-8"))["sets"]
    return {**values, **changes}


def write(folder: Path, *sets: dict[str, object]) -> Path:
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump({"sets": list(sets)}), encoding="utf-8")
    return path


def test_every_day_that_a_command_takes_has_a_half_year() -> None:
    days, half_years = TypeAdapter(Day), TypeAdapter(HalfYear)
    for day in (date(2000, 1, 1), DAY, date(2099, 12, 31)):
        half_years.validate_python(half_year_of(days.validate_python(day)))
    for day in (date.min, date(1999, 12, 31), date(2100, 1, 1), date.max):
        with pytest.raises(ValidationError):
            days.validate_python(day)


def test_months_follow_each_other_across_the_years() -> None:
    assert months_after("2013-12") == "2014-01"
    assert months_after("2013-09", 6) == "2014-03"
    assert months_after("2014-01", -1) == "2013-12"
    assert (first_day("2016-02"), last_day("2016-02")) == (date(2016, 2, 1), date(2016, 2, 29))
    assert month_of(date(2016, 2, 29)) == "2016-02"
    assert last_day(LAST_MONTH) == date(2099, 12, 31)


@rule("R64")
def test_the_file_speaks_of_the_seven_criteria_in_order() -> None:
    assert load_policies().on(DAY).themes.criteria == tuple(Criterion)
    assert len(Criterion) == 7


def test_the_file_speaks_of_the_fields_terms_in_order() -> None:
    policy = load_policies().on(DAY)
    assert policy.leaders.competences == tuple(Competence)
    assert len(Competence) == 10
    assert policy.mandate.parties == tuple(MandateParty)
    assert set(policy.types) == set(NetworkType)
    assert len(policy.training.days) == 5


@rule("R230")
def test_sets_that_overlap_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, changed(), changed(version="NS4", applies_from=date(2015, 1, 1)))
    with pytest.raises(ValueError, match="NS4 overlaps NS3"):
        load_policies(path)


@rule("R230")
def test_a_set_that_lacks_a_key_is_refused_and_named(tmp_path: Path) -> None:
    values = changed()
    del values["portfolio"]
    with pytest.raises(ValueError, match="portfolio"):
        load_policies(write(tmp_path, values))


def test_a_key_nobody_reads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="colour"):
        load_policies(write(tmp_path, changed(colour="blue")))


@rule("R230")
def test_each_day_has_the_set_in_force(tmp_path: Path) -> None:
    first = Policy.model_validate(changed(applies_to=date(2014, 12, 31)))
    second = Policy.model_validate(changed(version="NS4", applies_from=date(2015, 1, 1)))
    policies = Policies([second, first])
    assert policies.on(date(2014, 12, 31)).version == "NS3"
    assert policies.on(date(2015, 1, 1)).version == "NS4"
    assert policies.on(date(2012, 1, 1)).version == "NS3"


@pytest.mark.parametrize(
    ("text", "day", "after"),
    [
        ("P6M", date(2013, 8, 31), date(2014, 2, 28)),
        ("P1M", date(2012, 1, 31), date(2012, 2, 29)),
        ("P4W", date(2013, 9, 1), date(2013, 9, 29)),
        ("P14D", date(2013, 12, 25), date(2014, 1, 8)),
        ("P12M", date(2013, 8, 1), date(2014, 8, 1)),
    ],
)
def test_periods_follow_the_calendar(text: str, day: date, after: date) -> None:
    assert Period.parse(text).after(day) == after


def test_a_period_back_is_before() -> None:
    assert Period.parse("P4W").before(date(2013, 9, 29)) == date(2013, 9, 1)


@pytest.mark.parametrize("text", ["", "P", "6M", "P1Y", "PT20M", "P-1D"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.parse(text)


def test_half_years_turn_in_july() -> None:
    assert half_year_of(date(2013, 6, 30)) == "2013-H1"
    assert half_year_of(date(2013, 7, 1)) == "2013-H2"
