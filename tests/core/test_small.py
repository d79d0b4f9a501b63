"""Small counts: nobody works out from a total what fewer than five hidden rows hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.small import LEAST, may_tell


@pytest.mark.parametrize(
    ("hits", "whole", "told"),
    [
        (0, 0, True),  # nothing is hidden
        (0, 1, False),
        (0, 100, False),  # “none of them” tells of each
        (4, 100, False),
        (5, 100, True),
        (95, 100, True),
        (96, 100, False),  # the complement is small
        (100, 100, False),
        (5, 10, True),
        (5, 9, False),
    ],
)
def test_it_is_told(hits: int, whole: int, told: bool) -> None:
    assert may_tell(hits, whole) is told


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_who_takes_off_what_they_see_is_left_with_many_on_both_sides(
    seen_hits: int, seen_rest: int, hidden_hits: int, hidden_rest: int
) -> None:
    """Whatever is told, and whatever the reader can open of it."""
    if not may_tell(hidden_hits, hidden_hits + hidden_rest):
        return
    total, whole = seen_hits + hidden_hits, seen_hits + seen_rest + hidden_hits + hidden_rest
    left, left_of = total - seen_hits, whole - seen_hits - seen_rest
    assert left_of == 0 or (left >= LEAST and left_of - left >= LEAST)
