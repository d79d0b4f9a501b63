"""The kinds of value that rules can tell apart: all there are, and how each is shown."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.core.protocol import Domain, Kind, Range, holds, parse
from primum.core.protocol.classes import (
    MOST_OPTIONS,
    ValueClass,
    cases,
    classes,
    comparisons,
    implied,
)
from primum.core.protocol.expression import Comparison, Op
from tests.core.protocol.small import EXPRESSIONS, NAMES, completions, condition

NUMBER, DAY = Domain(Kind.NUMBER), Domain(Kind.DATE)
COUNT = Domain(Kind.NUMBER, counted=True)


def shown(domain: Domain, *told: tuple[str, object]) -> list[str]:
    """Each class as a person would read it, in the order of the line."""
    compared = [Comparison("x", Op(op), (constant,)) for op, constant in told]  # type: ignore[arg-type]
    return [words(each) for each in classes(domain, compared)]


def words(each: ValueClass) -> str:
    if each.above is each.below is None and each.options and not each.besides:
        return ",".join(each.options)
    low = "(" if each.above not in each.options else "["
    high = ")" if each.below not in each.options else "]"
    return f"{low}{each.above or ''}..{each.below or ''}{high}" + "".join(
        f" but {cut}" for cut in each.besides
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(">=", 2)], ["(..2)", "[2..)"]),
        ([("<=", 2)], ["(..2]", "(2..)"]),
        ([("==", 2)], ["(..) but 2", "2"]),
        ([("!=", 2), (">", 5)], ["(..5] but 2", "2", "(5..)"]),
        ([(">=", 2), ("<", 5)], ["(..2)", "[2..5)", "[5..)"]),
        ([(">=", 2), ("<=", 5)], ["(..2)", "[2..5]", "(5..)"]),
        ([("==", 2), ("==", 5)], ["(..) but 2 but 5", "2", "5"]),
    ],
)
def test_numbers_are_shown_as_stretches(
    told: list[tuple[str, object]], expected: list[str]
) -> None:
    assert shown(NUMBER, *((op, Decimal(str(cut))) for op, cut in told)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(">=", "0")], ["[0..)"]),
        ([(">", "0")], ["0", "(0..)"]),
        ([("<", "1")], ["(..1)", "[1..)"]),
        ([(">", "2"), ("<", "3")], ["(..2]", "[3..)"]),
        ([(">=", "2.5")], ["(..2.5)", "(2.5..)"]),
        ([("==", "2.5")], ["(..)"]),
        ([("==", "3"), ("==", "4")], ["(..) but 3 but 4", "3", "4"]),
        ([("<", "-3")], ["(-3..)"]),
    ],
)
def test_a_count_is_whole_and_never_fewer_than_none(
    told: list[tuple[str, str]], expected: list[str]
) -> None:
    assert shown(COUNT, *((op, Decimal(cut)) for op, cut in told)) == expected


def test_the_first_and_the_last_day_of_the_calendar_have_no_neighbour() -> None:
    """A rule may name them; nothing falls over the edge."""
    assert shown(DAY, ("<", date.min), (">", date.max)) == ["[0001-01-01..9999-12-31]"]
    assert shown(DAY, ("<=", date.min)) == ["0001-01-01", "(0001-01-01..)"]
    assert shown(DAY, ("<", date.max)) == ["(..9999-12-31)", "9999-12-31"]


def test_days_beside_each_other_have_none_between() -> None:
    first = date(2026, 3, 1)
    told = [("==", first), ("==", first + timedelta(1)), ("==", first + timedelta(2))]
    assert shown(DAY, *told) == [
        "(..) but 2026-03-01 but 2026-03-02 but 2026-03-03",
        *("2026-03-01", "2026-03-02", "2026-03-03"),
    ]


def test_options_that_no_rule_tells_apart_are_one() -> None:
    access = Domain(Kind.CHOICE, ("written", "spoken", "refused"))
    told = [Comparison("x", Op.ONE_OF, ("spoken", "refused"))]
    assert [each.options for each in classes(access, told)] == [("written",), ("spoken", "refused")]


OPS = st.sampled_from([Op.EQUAL, Op.UNEQUAL, Op.LESS, Op.AT_MOST, Op.MORE, Op.AT_LEAST])


@given(
    st.lists(st.tuples(OPS, st.integers(-2, 6)), min_size=1, max_size=5),
    st.booleans(),
    st.integers(-6, 18),
)
@settings(deadline=None)
def test_every_number_is_in_the_one_class_that_is_shown_to_hold_it(
    told: list[tuple[Op, int]], counted: bool, halves: int
) -> None:
    """What is shown is what is meant: a class holds exactly the numbers that its words say."""
    domain = COUNT if counted else NUMBER
    number = Decimal(halves) / 2
    if counted and (number < 0 or number != number.to_integral_value()):
        return
    compared = tuple(Comparison("x", op, (Decimal(cut),)) for op, cut in told)
    value = Range.exactly(number)
    signature = [holds(each, {"x": value}) for each in compared]
    for each in classes(domain, compared):
        alike = [holds(c, {"x": each.value}) for c in compared] == signature
        assert alike is said_of(each, number), each


def said_of(each: ValueClass, number: Decimal) -> bool:
    written = {Decimal(cut) for cut in each.options}
    if each.above is each.below is None and not each.besides:
        return number in written or not each.options
    if number in written:
        return True
    return (
        (each.above is None or number > Decimal(each.above))
        and (each.below is None or number < Decimal(each.below))
        and number not in {Decimal(cut) for cut in each.besides}
    )


def test_more_options_than_can_be_combined_are_not_tried() -> None:
    many = Domain(Kind.SEVERAL, tuple(f"o{i}" for i in range(MOST_OPTIONS + 1)))
    text = " or ".join(f"o{i} in x" for i in range(MOST_OPTIONS + 1))
    assert cases({"x": many}, [parse(text, {"x": many})]) is None
    fewer = parse(text.rpartition(" or ")[0], {"x": many})
    assert len(cases({"x": many}, [fewer]) or ()) == 2**MOST_OPTIONS


def test_cases_half_known_are_tried_when_asked_for() -> None:
    expressions = [condition("armed == yes and held >= 2").expression]
    tried = cases(NAMES, expressions, partly=True) or []
    assert len(tried) == 9
    assert {} in tried


@given(EXPRESSIONS, EXPRESSIONS)
@settings(max_examples=150, deadline=None)
def test_what_is_implied_holds_in_every_case(first: str, then: str) -> None:
    """Brute force: wherever the first holds, however the rest turns out, the other does."""
    one, other = condition(first).expression, condition(then).expression
    witness = implied(NAMES, one, other)
    names = {*comparisons([one]), *comparisons([other])}
    holding = [case for case in completions({}, sorted(names)) if holds(one, case)]
    if witness is not None:
        assert holding
        assert all(holds(other, case) for case in holding)
        assert holds(one, witness) and holds(other, witness)
    elif set(comparisons([other])) <= set(comparisons([one])):
        assert not holding or not all(holds(other, case) for case in holding)


def test_something_must_hold_for_anything_to_be_implied() -> None:
    never = condition("held > 2 and held < 1").expression
    assert implied(NAMES, never, condition("armed == yes").expression) is None


def test_as_early_is_more_than_in_the_same_cases() -> None:
    """Written out by cases, the same rule becomes certain only later."""
    plain = condition("armed == yes or held >= 2").expression
    text = "(armed == yes and held >= 2) or (armed == yes and held < 2) or held >= 2"
    apart = condition(text).expression
    assert implied(NAMES, plain, apart) is not None
    assert implied(NAMES, plain, apart, partly=True) is None
    assert implied(NAMES, apart, plain, partly=True) is not None
