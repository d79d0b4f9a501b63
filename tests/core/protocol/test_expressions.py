"""What an expression says of values, known and unknown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from primum.core.protocol import Value, holds, names_in, open_names, parse
from primum.core.protocol.expression import Comparison, Op, Or
from tests.core.protocol.small import (
    EXPRESSIONS,
    NAMES,
    ON_A_LINE,
    completions,
    known_values,
    number,
)

DAY = date(2025, 6, 30)


def said(text: str, **known: Value) -> bool | None:
    return holds(parse(text, NAMES), known)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("armed == yes", "yes", True),
        ("armed == yes", "no", False),
        ("armed != yes", "no", True),
        ("armed != yes", "yes", False),
        ("access in [spoken, refused]", "refused", True),
        ("access in [spoken, refused]", "written", False),
        ("access not in [spoken, refused]", "written", True),
        ("women in heard", frozenset({"women", "elders"}), True),
        ("women in heard", frozenset({"elders"}), False),
        ("women not in heard", frozenset({"elders"}), True),
        ("since < 2025-06-30", DAY, False),
        ("since <= 2025-06-30", DAY, True),
        ("since == 2025-06-30", DAY, True),
        ("since != 2025-06-30", DAY, False),
        ("since > 2025-06-29", DAY, True),
        ("worth >= 50000", number(50_000), True),
        ("worth < 2.5", number(2), True),
        ("held > -1", number(0), True),
    ],
)
def test_a_known_value_settles_a_comparison(text: str, value: Value, expected: bool) -> None:
    assert expected is said(text, **{next(iter(names_in(parse(text, NAMES)))): value})


@pytest.mark.parametrize("text", ["armed == yes", "women in heard", "held > 2", "not (held > 2)"])
def test_an_unknown_value_settles_nothing(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        ("held > 2", 3, 9, True),
        ("held > 2", 0, 2, False),
        ("held > 2", 2, 3, None),
        ("held >= 2", 2, 9, True),
        ("held >= 2", 0, 1, False),
        ("held >= 2", 1, 2, None),
        ("held < 2", 0, 1, True),
        ("held < 2", 2, 9, False),
        ("held < 2", 1, 2, None),
        ("held <= 2", 0, 2, True),
        ("held <= 2", 3, 9, False),
        ("held <= 2", 2, 3, None),
        ("held == 2", 2, 2, True),
        ("held == 2", 3, 9, False),
        ("held == 2", 0, 1, False),
        ("held == 2", 1, 3, None),
        ("held != 2", 2, 2, False),
        ("held != 2", 3, 9, True),
        ("held != 2", 2, 3, None),
    ],
)
def test_a_range_settles_only_what_all_of_it_says(
    text: str, low: int, high: int, expected: bool | None
) -> None:
    assert expected is said(text, held=number(low, high))


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_and_and_or_are_kleenes(
    left: bool | None, right: bool | None, both: bool | None, either: bool | None
) -> None:
    known: dict[str, Value] = {}
    for name, outcome in (("armed", left), ("party.suspended_24_months", right)):
        if outcome is not None:
            known[name] = "yes" if outcome else "no"
    for a, b in (
        ("armed", "party.suspended_24_months"),
        ("party.suspended_24_months", "armed"),
    ):
        assert both is holds(parse(f"{a} == yes and {b} == yes", NAMES), known)
        assert either is holds(parse(f"{a} == yes or {b} == yes", NAMES), known)


def test_not_turns_an_answer_and_keeps_an_unknown() -> None:
    assert said("not armed == yes", armed="no") is True
    assert said("not armed == yes", armed="yes") is False
    assert said("not armed == yes") is None


def test_nothing_at_all_is_false() -> None:
    assert holds(Or(()), {}) is False


def test_a_value_of_another_kind_says_nothing() -> None:
    """An answer given to an older text of a question must not make weighing fall over."""
    assert said("held > 2", held="many") is None
    assert said("women in heard", heard="women") is None
    assert said("armed == yes", armed=number(1)) is None
    assert said("since < 2025-06-30", since=number(1)) is None
    assert holds(Comparison("held", Op.HAS, ("women",)), {"held": "women"}) is None


def test_open_names_leave_out_what_no_longer_matters() -> None:
    text = "(armed == yes and held > 2) or women in heard"
    assert open_names(parse(text, NAMES), {"armed": "no"}) == {"heard"}
    assert open_names(parse(text, NAMES), {"armed": "yes"}) == {"held", "heard"}
    assert open_names(parse(text, NAMES), {"heard": frozenset({"women"})}) == frozenset()
    assert open_names(parse("not (armed == yes)", NAMES), {}) == {"armed"}


def test_names_in_finds_every_name() -> None:
    text = "not (armed == yes and held > 2) or party.record == none"
    assert names_in(parse(text, NAMES)) == {"armed", "held", "party.record"}


@given(EXPRESSIONS, known_values())
def test_what_is_settled_is_settled_for_every_completion(
    text: str, known: dict[str, Value]
) -> None:
    """Kleene is sound: a certain answer holds however the rest turns out."""
    expression = parse(text, NAMES)
    outcome = holds(expression, known)
    names = names_in(expression)
    if outcome is not None:
        assert {holds(expression, full) for full in completions(known, names)} == {outcome}


@given(EXPRESSIONS, known_values())
def test_open_names_are_names_of_the_expression_not_yet_known(
    text: str, known: dict[str, Value]
) -> None:
    expression = parse(text, NAMES)
    names = open_names(expression, known)
    assert names <= names_in(expression)
    assert bool(names) is (holds(expression, known) is None)
    assert all(n not in known or n in ON_A_LINE for n in names)
