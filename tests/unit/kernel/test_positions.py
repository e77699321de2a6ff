"""A position is written one way, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.positions import Position
from shared.kernel.refusals import Malformed


@pytest.mark.parametrize("text", ["round-2013-H2@3", "innovation-slots@1", "policy@0"])
def test_a_position_reads_back_as_it_is_written(text: str) -> None:
    assert str(Position.parse(text)) == text


@pytest.mark.parametrize("text", ["", "theme-1", "theme-1@", "@1", "theme-1@-1", "theme-1@1e3"])
def test_anything_else_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        Position.parse(text)


@given(st.text(max_size=300))
def test_no_text_does_worse_than_malformed(text: str) -> None:
    try:
        position = Position.parse(text)
    except Malformed:
        return
    assert str(Position.parse(str(position))) == str(position)
