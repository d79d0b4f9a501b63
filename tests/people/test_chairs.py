"""To whom the work of an empty chair falls: the tree by itself, whatever it looks like."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.core.authority import PASSES_UP
from primum.people.chairs import TOP, Chairs, chairs
from tests.builders import post
from tests.cast import NAMES, NOW, viewer

DUTIES = (
    *("decides_leadership", "decides_high", "leadership", "staffs_posts", "assesses", "advises"),
    *("requests", "widest_seal", "audits"),
)
KEYS = tuple(UUID(int=number) for number in range(1, 8))
PEOPLE = tuple(UUID(int=number) for number in range(101, 106))

trees = st.builds(
    Chairs,
    # Any tree at all, loops among them: a mission folder is written by people.
    above=st.fixed_dictionaries({key: st.sampled_from((None, *KEYS)) for key in KEYS}),
    seated=st.dictionaries(
        st.sampled_from(KEYS), st.frozensets(st.sampled_from(PEOPLE), min_size=1, max_size=2)
    ),
    duties=st.fixed_dictionaries(
        {key: st.frozensets(st.sampled_from(DUTIES), max_size=3) for key in KEYS}
    ),
)
absent = st.frozensets(st.sampled_from(PEOPLE), max_size=3)


def ancestors(seats: Chairs, key: UUID) -> list[UUID]:
    """The supervisors' posts of a post, nearest first; a loop is walked once."""
    found: list[UUID] = []
    here = seats.above[key]
    while here is not None and here not in (*found, key):
        found.append(here)
        here = seats.above[here]
    return found


@settings(derandomize=True, database=None)
@given(trees, absent)
def test_work_falls_on_somebody(seats: Chairs, away: frozenset[UUID]) -> None:
    """Whoever it falls to sits there and may do it; while someone leads or staffs, there is one."""
    tops = [key for key in KEYS if set(TOP) & seats.duties[key]]
    for key in KEYS:
        found = seats.falls_to(key, away)
        if found is None:
            assert not any(seats.seated.get(top, frozenset()) - away for top in tops)
            assert not any(
                seats.seated.get(above, frozenset()) - away
                for above in (key, *ancestors(seats, key))
            )
        else:
            assert seats.seated[found] - away
            assert found in (key, *ancestors(seats, key), *tops)


@settings(derandomize=True, database=None)
@given(trees, absent)
def test_it_falls_on_one_post(seats: Chairs, away: frozenset[UUID]) -> None:
    """No work lands on two desks, and a seated post keeps its own."""
    for key in KEYS:
        landing = [other for other in KEYS if key in seats.falling_on(other, away)]
        if seats.seated.get(key, frozenset()) - away:
            assert landing == []
        else:
            assert len(landing) <= 1


@settings(derandomize=True, database=None)
@given(trees, absent)
def test_duties_pass_up_and_deciding_never_sideways(seats: Chairs, away: frozenset[UUID]) -> None:
    """What comes to a post is work of those below it; to decide comes from below alone."""
    for key in KEYS:
        passed = seats.passed_on(key, away)
        assert passed <= PASSES_UP
        below = [other for other in KEYS if key in ancestors(seats, other)]
        deciding = {duty for duty in passed if duty.startswith("decides_")}
        assert all(any(duty in seats.duties[other] for other in below) for duty in deciding)


@pytest.mark.django_db
def test_the_clock_has_no_chair() -> None:
    """Nobody ever sits in it, and what it does falls to nobody: only the clock lapses."""
    seats = chairs(NOW)
    clock = post("clock")
    assert clock not in seats.above
    assert seats.falls_to(clock) is None
    assert not any("clock" in viewer(name).duties for name in NAMES)
