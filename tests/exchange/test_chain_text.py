"""The outline of a chain."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.command import Edge, Holding, Open, Span, Tie, chain, parse_date
from primum.exchange.chain_text import outline, span_words, tie_words
from primum.exchange.sfm import read
from tests.exchange.facts import CHAIN_NODES, DEMO, REGIMENT

DAY = date(2015, 6, 1)


def test_it_works() -> None:
    mali = read(DEMO / "sfm_mali_units")

    lines = outline(chain(mali.ties, REGIMENT), {unit.id: unit.name for unit in mali.units})

    told = [line.strip().split(":")[0] for line in lines.splitlines() if line.startswith("  ")]
    assert set(told) == set(CHAIN_NODES.values()) - {CHAIN_NODES[REGIMENT]}
    assert "at any time; not all of it held at one time" in lines


def test_indents_follow_the_chain() -> None:
    ties = [Tie("ministry", "army"), Tie("army", "brigade"), Tie("brigade", "battalion")]

    assert outline(chain(ties, "brigade"), {"army": "The Army"}).splitlines() == [
        "brigade, at any time; not all of it held at one time",
        "",
        "Above it (2):",
        "  The Army: no dates",
        "    ministry: no dates",
        "",
        "Below it (1):",
        "  battalion: no dates",
    ]


def test_a_unit_met_again_is_pointed_back_to() -> None:
    ties = [Tie("b", "a"), Tie("c", "a"), Tie("d", "b"), Tie("d", "c"), Tie("e", "d")]

    lines = outline(chain(ties, "a"), {})

    assert lines.count("    d: no dates") == 1
    assert lines.count("    d (see above): no dates") == 1
    assert lines.count("e: no dates") == 1


def test_two_ties_to_one_unit_are_one_line() -> None:
    when = Span(parse_date("2010"), parse_date("2012"), Open.ENDED, True)

    lines = outline(chain([Tie("b", "a"), Tie("b", "a", when)], "a"), {})

    assert "  b: no dates; started 2010, ended 2012\n" in lines


def test_nobody_is_told_as_nobody_known() -> None:
    assert "Above it: none known" in outline(chain([], "a"), {})
    assert "Below it: none known" in outline(chain([], "a"), {})


def test_what_no_source_settles_is_told() -> None:
    when = Span(parse_date("2016-01-01"), None, Open.NO, False)

    lines = outline(chain([Tie("b", "a", when)], "a", DAY), {})

    assert "No source settles these for that day (1):\n  b → a: first cited 2016-01-01" in lines


def test_a_cut_chain_says_so() -> None:
    ties = [Tie("b", "a"), Tie("c", "b")]

    assert "it was cut at the depth asked for" in outline(chain(ties, "a", depth=1), {})


def test_a_very_deep_chain_needs_no_recursion() -> None:
    ties = [Tie(str(number), str(number + 1)) for number in range(3_000)]

    assert outline(chain(ties, "0", depth=5_000), {}).count("\n") > 3_000


def test_names_cannot_break_a_line() -> None:
    lines = outline(chain([Tie("b", "a")], "a"), {"a": "x\ny", "b": "\x1b[31mred\u202e"})

    assert lines.startswith("x y, at any time") and "  [31mred: no dates" in lines


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(), "no dates"),
        (Span(open=Open.YES), "no dates, taken to go on"),
        (Span(open=Open.ENDED), "ended, no date"),
        (Span(parse_date("2010-05-"), None, Open.NO, False), "first cited 2010-05"),
        (
            Span(parse_date("2010-05-"), parse_date("2018"), Open.YES, True),
            "started 2010-05, last cited 2018, taken to go on",
        ),
        (
            Span(parse_date("2010-05-"), parse_date("2018-01-01"), Open.ENDED, None),
            "first cited 2010-05, ended 2018-01-01",
        ),
        (Span(None, parse_date("2018"), Open.NO), "last cited 2018"),
        (Span(parse_date("2018"), None, Open.ENDED), "first cited 2018, ended, no date"),
    ],
)
def test_spans_in_words(span: Span, words: str) -> None:
    assert span_words(span) == words


def test_a_tie_in_words() -> None:
    tie = Tie("a", "b", kind="Administrative", confidence="Low")

    assert tie_words(Edge(tie, Holding.POSSIBLE)) == (
        "possible, administrative, no dates, confidence low"
    )
    assert tie_words(Edge(Tie("a", "b"), None)) == "no dates"


units = st.sampled_from("abcdef")


@given(st.lists(st.builds(Tie, units, units), max_size=15), units)
def test_every_unit_of_a_chain_is_told_once(ties: list[Tie], unit: str) -> None:
    found = chain(ties, unit)

    lines = outline(found, {}).splitlines()

    above = {line.strip() for line in lines if line.startswith("  ")}
    assert {node.id for node in found.nodes} - {unit} <= {line[0] for line in above}
