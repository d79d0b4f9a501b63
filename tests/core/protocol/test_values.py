"""Values from what was typed or sent, and back; facts against their table."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.protocol import (
    CELLS,
    FACTS,
    Kind,
    People,
    Range,
    Value,
    ValueRefused,
    read_facts,
    read_value,
)
from primum.core.protocol.values import LONGEST_TEXT, plain_value
from tests.core.protocol.small import DOMAINS, NAMES, VALUES, number

PLACE, PARTY = "01234567-89ab-cdef-0123-456789abcdef", "fedcba98-7654-3210-fedc-ba9876543210"
LINKS = ("https://example.org/a", "FILE-7")
NO_PLACE = "is not the key of a place in the register"
NO_COUNT = "is not a count by sex and age; write {girls: 2, men: 14}"
NEVER = "there are never fewer than 0"
REVERSED = "min is more than max; exchange them"
ONE_LINE = "a piece of evidence is one line of up to 500 characters"
MANY_LINKS = "name 20 pieces of evidence at most"
NO_PAGE = '"{}" is not an address that a page may open'


def people(**cells: Range) -> People:
    return People(tuple((cell, cells[cell]) for cell in CELLS if cell in cells))


SOME_HURT = people(girls=number(0, 2), men=number(3))


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("armed", "yes", "yes"),
        ("armed", True, "yes"),
        ("armed", False, "no"),
        ("access", "spoken", "spoken"),
        ("heard", ["women", "elders"], frozenset({"women", "elders"})),
        ("heard", {"women"}, frozenset({"women"})),
        ("held", 3, number(3)),
        ("held", "3", number(3)),
        ("held", "-2.5", Range.exactly(Decimal("-2.5"))),
        ("held", 2.5, Range.exactly(Decimal("2.5"))),
        ("held", {"min": 2, "max": "5"}, number(2, 5)),
        ("worth", "1200.50", Range.exactly(Decimal("1200.5"))),
        ("worth", {"amount": 1200, "currency": "USD"}, number(1200)),
        ("worth", {"min": 1, "max": 2}, number(1, 2)),
        ("since", "2026-01-31", date(2026, 1, 31)),
        ("since", date(2026, 1, 31), date(2026, 1, 31)),
        ("aim", "  protect people ", "protect people"),
        ("where", PLACE.upper(), PLACE),
        ("partners", PLACE, frozenset({PLACE})),
        ("partners", [PLACE, PARTY, PLACE], frozenset({PLACE, PARTY})),
        ("hurt", {"girls": 2, "men": "14"}, people(girls=number(2), men=number(14))),
        ("hurt", {"men": 3, "girls": {"min": 0, "max": 2}, "boys": "", "women": None}, SOME_HURT),
        ("papers", "FILE-7", ("FILE-7",)),
        ("papers", [" https://example.org/a ", "FILE-7", "FILE-7"], LINKS),
        ("papers", "HTTPS://EXAMPLE.ORG/A", ("HTTPS://EXAMPLE.ORG/A",)),
        ("papers", "Note: see page 3", ("Note: see page 3",)),
    ],
)
def test_it_takes(name: str, raw: object, expected: Value) -> None:
    assert expected == read_value(DOMAINS[name], raw)


@pytest.mark.parametrize(
    ("name", "raw", "code", "says"),
    [
        ("armed", "maybe", "not_an_option", '"maybe" is not one of: yes, no'),
        ("armed", 1, "not_an_option", "1 is not one of: yes, no"),
        ("access", True, "not_an_option", "True is not one of: written, spoken, refused"),
        ("access", ["written"], "not_an_option", "this is not one of: written, spoken, refused"),
        (
            "access",
            "writen",
            "not_an_option",
            '"writen" is not one of: written, spoken, refused; did you mean "written"?',
        ),
        ("heard", "women", "not_a_list", '"women" is not a list; write [women]'),
        ("heard", 3, "not_a_list", "3 is not a list; write [3]"),
        ("heard", [], "nothing_chosen", "nothing is chosen; choose one or say why unknown"),
        ("heard", ["women"] * 2, "chosen_twice", "an option is chosen twice; name each once"),
        (
            "heard",
            ["men"],
            "not_an_option",
            '"men" is not one of: nobody, women, elders; did you mean "women"?',
        ),
        ("held", "many", "not_a_number", '"many" is not a plain number such as 12 or 2.5'),
        ("held", "1,000", "not_a_number", '"1,000" is not a plain number such as 12 or 2.5'),
        ("held", True, "not_a_number", "True is not a plain number such as 12 or 2.5"),
        ("held", None, "not_a_number", "this is not a plain number such as 12 or 2.5"),
        ("held", float("nan"), "not_a_number", "nan is not a plain number such as 12 or 2.5"),
        ("held", 10**15, "not_a_number", "this is not a plain number such as 12 or 2.5"),
        ("held", Decimal("1e9"), "not_a_number", "1E+9 is not a plain number such as 12 or 2.5"),
        ("held", "٣", "not_a_number", '"٣" is not a plain number such as 12 or 2.5'),
        ("held", {"min": 1}, "not_a_range", "a range has two keys, min and max"),
        ("held", {"min": 3, "max": 1}, "range_reversed", "min is more than max; exchange them"),
        ("worth", {"amount": 1, "currency": "EUR"}, "other_currency", "give the amount in USD"),
        ("since", "31.1.2026", "not_a_date", '"31.1.2026" is not a date such as 2026-01-31'),
        ("since", "2026-02-30", "not_a_date", '"2026-02-30" is not a date such as 2026-01-31'),
        (
            "since",
            datetime(2026, 1, 1, tzinfo=UTC),
            "not_a_date",
            "this is not a date such as 2026-01-31",
        ),
        ("aim", "   ", "no_words", "no words are written"),
        ("aim", 3, "no_words", "no words are written"),
        ("where", "Kodwel", "not_a_key", f'"Kodwel" {NO_PLACE}'),
        ("where", [PLACE], "not_a_key", f"this {NO_PLACE}"),
        (
            "where",
            PLACE + "0",
            "not_a_key",
            f'"{PLACE}0" is not the key of a place in the register',
        ),
        ("partners", {"a": 1}, "not_a_list", "this is not a list of parties"),
        ("partners", 3, "not_a_list", "3 is not a list of parties"),
        ("partners", [], "nothing_chosen", "nothing is chosen; choose one or say why unknown"),
        ("partners", [PLACE, 7], "not_a_key", "7 is not the key of a party in the register"),
        ("partners", [PLACE] * 51, "too_many", "name 50 parties at most"),
        (
            "hurt",
            14,
            "not_a_count",
            f"14 {NO_COUNT}",
        ),
        (
            "hurt",
            [2],
            "not_a_count",
            "this is not a count by sex and age; write {girls: 2, men: 14}",
        ),
        (
            "hurt",
            {"girl": 2},
            "not_a_count",
            '"girl" is not counted apart; did you mean "girls"?',
        ),
        ("hurt", {7: 2}, "not_a_count", '"7" is not counted apart'),
        (
            "hurt",
            {"girls": None, "men": ""},
            "nothing_counted",
            "nobody is counted; write 0 where there is nobody",
        ),
        ("hurt", {}, "nothing_counted", "nobody is counted; write 0 where there is nobody"),
        ("hurt", {"girls": -1}, "less_than_none", NEVER),
        (
            "hurt",
            {"girls": {"min": -1, "max": 3}},
            "less_than_none",
            "there are never fewer than 0",
        ),
        (
            "hurt",
            {"girls": 1.5},
            "not_whole",
            "a count is a whole number; write a range if not sure",
        ),
        ("hurt", {"girls": {"min": 3, "max": 1}}, "range_reversed", REVERSED),
        (
            "hurt",
            {"girls": "some"},
            "not_a_number",
            '"some" is not a plain number such as 12 or 2.5',
        ),
        ("papers", 7, "not_a_list", "7 is not a list of links"),
        ("papers", [], "no_link", "no evidence is named"),
        ("papers", ["a"] * 3 + [str(i) for i in range(20)], "too_many", MANY_LINKS),
        ("papers", ["a", 7], "not_a_link", ONE_LINE),
        ("papers", "   ", "not_a_link", ONE_LINE),
        ("papers", "a\nb", "not_a_link", ONE_LINE),
        ("papers", "a\u202eb", "not_a_link", ONE_LINE),
        ("papers", "a" * 501, "not_a_link", ONE_LINE),
        ("papers", "javascript:alert(1)", "not_a_link", NO_PAGE.format("javascript:alert(1)")),
        ("papers", "DATA:text/html,x", "not_a_link", NO_PAGE.format("DATA:text/html,x")),
        ("papers", "JavaScript: x", "not_a_link", NO_PAGE.format("JavaScript: x")),
        ("papers", "file:///etc/passwd", "not_a_link", NO_PAGE.format("file:///etc/passwd")),
        (
            "aim",
            "a" * (LONGEST_TEXT + 1),
            "too_long",
            "the text is longer than 20,000 characters",
        ),
    ],
)
def test_it_refuses_with_a_code_and_a_sentence(
    name: str, raw: object, code: str, says: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_value(DOMAINS[name], raw)
    assert (code, says) == (refused.value.code, refused.value.says)


def test_a_number_too_long_to_print_is_refused() -> None:
    """Python itself refuses to print an integer of more than 4,300 digits."""
    with pytest.raises(ValueRefused, match="this is not a plain number"):
        read_value(DOMAINS["held"], 10**5000)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(DOMAINS)), ANYTHING)
def test_nothing_brings_anything_but_a_value_or_a_refusal(name: str, raw: object) -> None:
    try:
        value = read_value(DOMAINS[name], raw)
    except ValueRefused:
        return
    assert value == read_value(DOMAINS[name], plain_value(DOMAINS[name], value))


@given(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name]))
    )
)
def test_a_value_survives_json(pair: tuple[str, Value]) -> None:
    name, value = pair
    stored = json.loads(json.dumps(plain_value(NAMES[name], value)))
    assert value == read_value(NAMES[name], stored)


def test_numbers_print_one_way() -> None:
    """2, 2.0 and 2.00 are one number; a digest must not tell them apart."""
    held = DOMAINS["held"]
    assert {2} == {plain_value(held, read_value(held, raw)) for raw in (2, "2.0", "2.00", 2.0)}
    assert plain_value(held, read_value(held, "2.50")) == "2.5"
    assert plain_value(held, Range(Decimal(1), Decimal("2.50"))) == {"min": 1, "max": "2.5"}


def test_options_print_in_the_order_of_the_question() -> None:
    assert plain_value(DOMAINS["heard"], frozenset({"elders", "women"})) == ["women", "elders"]


def test_facts_are_taken_and_none_is_unknown() -> None:
    facts = read_facts({"party.record": "some", "party.breaches_12_months": None})
    assert dict(facts) == {"party.record": "some"}


def test_cells_print_in_the_order_of_the_form_whatever_the_order_they_came_in() -> None:
    read = read_value(DOMAINS["hurt"], {"men": 3, "girls": {"min": 0, "max": 2}})
    assert list(plain_value(DOMAINS["hurt"], read).items()) == [  # type: ignore[attr-defined]
        ("girls", {"min": 0, "max": 2}),
        ("men", 3),
    ]


@given(st.dictionaries(st.sampled_from(CELLS), st.integers(0, 10**9), min_size=1))
def test_people_survive_json(cells: dict[str, int]) -> None:
    read = read_value(DOMAINS["hurt"], cells)
    assert read == read_value(
        DOMAINS["hurt"], json.loads(json.dumps(plain_value(DOMAINS["hurt"], read)))
    )


@pytest.mark.parametrize("raw", [-1, "0.5", {"min": -1, "max": 2}])
def test_a_fact_that_counts_is_whole_and_never_fewer_than_none(raw: object) -> None:
    with pytest.raises(ValueError, match=r"a whole number|never fewer than 0"):
        read_facts({"party.breaches_12_months": raw})


def test_a_fact_may_be_a_range() -> None:
    facts = read_facts({"party.harm_reports_24_months": {"min": 1, "max": 4}})
    assert number(1, 4) == facts["party.harm_reports_24_months"]


def test_every_wrong_fact_is_named() -> None:
    with pytest.raises(ValueError, match="is not a registered fact") as error:
        read_facts({"party.recrd": "some", "party.breaches_12_months": "two"})
    assert str(error.value).splitlines() == [
        '"party.recrd" is not a registered fact; did you mean "party.record"?',
        'party.breaches_12_months: "two" is not a plain number such as 12 or 2.5',
    ]


def test_every_fact_says_what_it_means_and_can_be_compared() -> None:
    for name, fact in FACTS.items():
        assert name == fact.name
        assert "." in name, "a dot keeps facts and questions apart"
        assert fact.meaning
        assert fact.domain.kind is not Kind.TEXT
