"""A civil registration number is found however it is written, and other numbers are left alone."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.domain.directory.cpr import holds_cpr


@pytest.mark.parametrize(
    "text",
    [
        "Anna 0101801234",
        "Anna 010180-1234",
        "Anna 010180 1234",
        "Anna 010180 - 1234",
        "Anna 010180\N{EN DASH}1234",
        "Anna 010180\N{NON-BREAKING HYPHEN}1234",
        "Anna 010180\N{ZERO WIDTH SPACE}1234",
        "Anna 010180_1234",
        "Anna 01.01.80.1234",
        "Anna 01 01 80 12 34",
        "0 1 0 1 8 0 1 2 3 4",
        "Anna 610180-1234",
        "\N{FULLWIDTH DIGIT ZERO}10180-1234",
        "Skole 3 010180-1234 hus 5",
        "(010180-1234)",
    ],
)
def test_it_is_found_with_whatever_stands_between_its_digits(text: str) -> None:
    assert holds_cpr(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anna Andersen",
        "Afdeling 3, 2. sal",
        "Hus 12345678",
        "+45 12 34 56 78",
        "0045 12 34 56 78",
        "1234567890123",
        "01018012345",
        "3201801234",
        "0113801234",
        "Skoler 2013-2014",
        "010180 og 1234",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_cpr(text)


@for_all(
    st.integers(1, 31),
    st.sampled_from((0, 60)),
    st.integers(1, 12),
    st.integers(0, 99),
    st.integers(0, 9999),
    st.lists(st.sampled_from(("", " ", "-", "\N{EN DASH}", ".", " - ")), min_size=9, max_size=9),
)
def test_every_such_number_is_found_in_every_spelling(
    day: int, more: int, month: int, year: int, rest: int, between: list[str]
) -> None:
    digits = f"{day + more:02}{month:02}{year:02}{rest:04}"
    spelt = "".join(digit + gap for digit, gap in zip(digits, [*between, ""], strict=True))
    assert holds_cpr(f"Anna {spelt} Andersen")
