"""The chain of a unit: what is in it, on which day, and that the walk always ends."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.command import (
    Chain,
    Holding,
    Network,
    Open,
    Posting,
    Span,
    Tie,
    chain,
    commanders,
    loops,
    parse_date,
)

DAY = date(2015, 6, 1)
CERTAIN, POSSIBLE, UNKNOWN = Holding.CERTAIN, Holding.POSSIBLE, Holding.UNKNOWN


def tie(superior: str, subordinate: str, when: str = "") -> Tie:
    """`when` is one of the words for how a tie stood on DAY; blank for undated."""
    return Tie(superior, subordinate, SPANS[when])


SPANS = {
    "": Span(),
    "certain": Span(parse_date("2015-01-01"), parse_date("2015-12-31"), Open.NO),
    "possible": Span(parse_date("2014-01-01"), parse_date("2015-01-01"), Open.YES),
    "unknown": Span(parse_date("2014-01-01"), parse_date("2015-01-01"), Open.NO),
    "no": Span(parse_date("2014-01-01"), parse_date("2015-01-01"), Open.ENDED),
}


def generations(found: Chain) -> dict[str, int]:
    return {node.id: node.generation for node in found.nodes}


def pairs(found: Chain) -> set[tuple[str, str]]:
    return {(edge.tie.superior, edge.tie.subordinate) for edge in found.edges}


def test_it_works() -> None:
    ties = [tie("ministry", "army"), tie("army", "brigade"), tie("brigade", "battalion")]

    found = chain(ties, "brigade")

    assert generations(found) == {"ministry": -2, "army": -1, "brigade": 0, "battalion": 1}
    assert [node.id for node in found.superiors] == ["ministry", "army"]
    assert [node.id for node in found.subordinates] == ["battalion"]
    assert not found.cut and not found.unknown and found.on is None


def test_sisters_and_cousins_are_not_in_it() -> None:
    ties = [tie("army", "one"), tie("army", "two"), tie("two", "platoon"), tie("x", "platoon")]

    assert set(generations(chain(ties, "one"))) == {"army", "one"}


def test_several_parents_are_all_in_it() -> None:
    ties = [
        tie("president", "ministry"),
        tie("committee", "ministry"),
        tie("ministry", "army"),
        tie("president", "army"),
    ]

    found = chain(ties, "army")

    assert generations(found) == {"president": -1, "committee": -2, "ministry": -1, "army": 0}
    assert len(found.edges) == 4


def test_two_ties_between_the_same_units_are_two_edges() -> None:
    ties = [tie("army", "brigade", "no"), tie("army", "brigade", "certain")]

    assert len(chain(ties, "brigade").edges) == 2
    assert [edge.holding for edge in chain(ties, "brigade", DAY).edges] == [CERTAIN]


def test_a_unit_nobody_mentions_is_a_chain_of_one() -> None:
    found = chain([tie("army", "brigade")], "elsewhere", DAY)

    assert generations(found) == {"elsewhere": 0}
    assert found.edges == () and found.nodes[0].holding is CERTAIN


def test_on_a_day_only_ties_that_may_have_held() -> None:
    ties = [
        tie("a", "unit", "certain"),
        tie("b", "unit", "possible"),
        tie("c", "unit", "unknown"),
        tie("d", "unit", "no"),
    ]

    found = chain(ties, "unit", DAY)

    assert {(edge.tie.superior, edge.holding) for edge in found.edges} == {
        ("a", CERTAIN),
        ("b", POSSIBLE),
    }
    assert [each.superior for each in found.unknown] == ["c"]


def test_one_possible_step_makes_all_above_it_possible() -> None:
    ties = [
        tie("army", "brigade", "certain"),
        tie("brigade", "battalion", "possible"),
        tie("battalion", "company", "certain"),
    ]

    held = {node.id: node.holding for node in chain(ties, "company", DAY).nodes}

    assert held == {
        "company": CERTAIN,
        "battalion": CERTAIN,
        "brigade": POSSIBLE,
        "army": POSSIBLE,
    }


def test_a_longer_certain_way_beats_a_shorter_possible_one() -> None:
    ties = [
        tie("army", "company", "possible"),
        tie("army", "brigade", "certain"),
        tie("brigade", "company", "certain"),
    ]

    held = {node.id: node.holding for node in chain(ties, "company", DAY).nodes}

    assert held["army"] is CERTAIN


def test_without_a_day_nothing_is_said_of_holding() -> None:
    found = chain([tie("army", "brigade", "certain")], "brigade")

    assert {node.holding for node in found.nodes} == {None}
    assert {edge.holding for edge in found.edges} == {None}


@pytest.mark.parametrize(
    "ties",
    [
        [tie("a", "a")],
        [tie("a", "b"), tie("b", "a")],
        [tie("a", "b"), tie("b", "c"), tie("c", "a"), tie("c", "d")],
    ],
)
def test_it_ends_on_circles(ties: list[Tie]) -> None:
    found = chain(ties, "a")

    assert len(found.edges) == len(ties)
    assert [node.id for node in found.nodes if node.generation == 0] == ["a"]


def test_in_a_circle_the_shorter_way_gives_the_generation() -> None:
    ties = [tie("a", "b"), tie("b", "c"), tie("c", "d"), tie("d", "a")]

    assert generations(chain(ties, "a")) == {"a": 0, "d": -1, "c": -2, "b": 1}


def test_the_bound_is_kept_and_told() -> None:
    ties = [tie(str(n), str(n + 1)) for n in range(10)]

    found = chain(ties, "5", depth=2)

    assert set(generations(found)) == {"3", "4", "5", "6", "7"}
    assert found.cut
    assert not chain(ties, "5", depth=5).cut


def test_an_unknown_tie_below_the_bound_is_still_told() -> None:
    ties = [tie("top", "unit", "certain"), tie("beyond", "top", "unknown")]

    found = chain(ties, "unit", DAY, depth=1)

    assert len(found.unknown) == 1 and not found.cut


def test_a_very_long_line_needs_no_recursion() -> None:
    ties = [tie(str(n), str(n + 1)) for n in range(50_000)]

    assert len(chain(ties, "0", depth=100_000).nodes) == 50_001


def test_edges_come_in_the_order_given() -> None:
    ties = [tie("c", "unit"), tie("a", "unit"), tie("b", "unit")]

    assert [edge.tie.superior for edge in chain(ties, "unit").edges] == ["c", "a", "b"]


# Against a slow reference.

units = st.sampled_from("abcdefgh")
kinds = st.sampled_from(["certain", "possible", "unknown", "no"])
graphs = st.lists(st.builds(tie, units, units, kinds), max_size=20)


def reach(ties: list[Tie], unit: str, *, up: bool) -> set[str]:
    """Everything above (or below) a unit, by adding until nothing changes."""
    found = {unit}
    while True:
        more = set()
        for each in ties:
            near, far = (
                (each.subordinate, each.superior) if up else (each.superior, each.subordinate)
            )
            if near in found and far not in found:
                more.add(far)
        if not more:
            return found
        found |= more


@given(graphs, units, st.sampled_from([None, DAY]))
def test_an_edge_is_in_the_chain_when_it_can_be_reached(
    ties: list[Tie], unit: str, on: date | None
) -> None:
    held = [each for each in ties if on is None or each.span.held_on(on) in {CERTAIN, POSSIBLE}]
    above, below = reach(held, unit, up=True), reach(held, unit, up=False)

    found = chain(ties, unit, on)

    assert {node.id for node in found.nodes} == above | below
    expected = [each for each in held if each.subordinate in above or each.superior in below]
    assert [edge.tie for edge in found.edges] == expected


@given(graphs, units)
def test_a_node_is_certain_when_certain_ties_lead_to_it(ties: list[Tie], unit: str) -> None:
    sure = [each for each in ties if each.span.held_on(DAY) is CERTAIN]
    certain = reach(sure, unit, up=True) | reach(sure, unit, up=False)

    nodes = chain(ties, unit, DAY).nodes

    assert {node.id for node in nodes if node.holding is CERTAIN} == certain


@given(graphs, units)
def test_above_and_below_mirror_each_other(ties: list[Tie], unit: str) -> None:
    """If a stands above b, then b stands below a."""
    for node in chain(ties, unit).superiors:
        other = chain(ties, node.id)
        assert unit in {each.id for each in other.nodes}


@given(graphs, units, st.integers(0, 8))
def test_a_larger_bound_never_loses_anything(ties: list[Tie], unit: str, depth: int) -> None:
    near, far = chain(ties, unit, depth=depth), chain(ties, unit, depth=depth + 1)

    assert {node.id for node in near.nodes} <= {node.id for node in far.nodes}
    assert pairs(near) <= pairs(far)
    if not near.cut:
        assert near.nodes == far.nodes


@given(graphs, units)
def test_a_network_made_once_gives_the_same_chain(ties: list[Tie], unit: str) -> None:
    assert chain(Network(ties), unit, DAY) == chain(ties, unit, DAY)


# Circles.


def test_circles_are_found() -> None:
    ties = [tie("a", "b"), tie("b", "a"), tie("b", "c"), tie("d", "d")]

    assert loops(ties) == (("a", "b"), ("d",))


def test_a_tree_has_none() -> None:
    assert loops([tie("a", "b"), tie("a", "c"), tie("b", "d"), tie("c", "d")]) == ()


def test_a_circle_of_ten_thousand_is_found() -> None:
    ties = [tie(str(n), str((n + 1) % 10_000)) for n in range(10_000)]

    assert [len(group) for group in loops(ties)] == [10_000]


@given(graphs)
def test_units_share_a_circle_when_each_reaches_the_other(ties: list[Tie]) -> None:
    expected = set()
    for unit in {each.superior for each in ties} | {each.subordinate for each in ties}:
        group = reach(ties, unit, up=True) & reach(ties, unit, up=False)
        own = any(each.superior == each.subordinate == unit for each in ties)
        if len(group) > 1 or own:
            expected.add(tuple(sorted(group)))

    assert set(loops(ties)) == expected


# Commanders.


def posting(person: str, first: str, last: str, open: str, role: str = "Commander") -> Posting:
    when = Span(parse_date(first), parse_date(last), Open(open), True)
    return Posting(id=person, person=person, unit="unit", role=role, span=when)


def test_who_was_in_command_on_a_day() -> None:
    postings = [
        posting("long ago", "2010-01-01", "2011-01-01", "N"),
        posting("last known", "2014-01-01", "2015-05-01", "N"),
        posting("ended", "2012-01-01", "2013-01-01", "E"),
        posting("maybe", "2015-06", "2015-06", "N"),
        posting("then", "2015-05-02", "2015-07-01", "E"),
        posting("clerk", "2015-01-01", "2015-12-31", "E", role="Spokesman"),
    ]

    found = commanders(postings, "unit", DAY)

    assert [(each.posting.person, each.holding) for each in found] == [
        ("then", CERTAIN),
        ("maybe", POSSIBLE),
        ("last known", UNKNOWN),
        ("long ago", UNKNOWN),
    ]


def test_without_a_day_everyone_who_ever_was_latest_first() -> None:
    postings = [
        posting("undated", "", "", ""),
        posting("first", "2010-01-01", "2011-01-01", "E"),
        posting("second", "2012", "", ""),
    ]

    found = commanders(postings, "unit")

    assert [(each.posting.person, each.holding) for each in found] == [
        ("second", None),
        ("first", None),
        ("undated", None),
    ]


def test_an_undated_commander_comes_after_a_dated_one() -> None:
    postings = [posting("undated", "", "", ""), posting("dated", "2010-01-01", "", "")]

    assert [each.posting.person for each in commanders(postings, "unit", DAY)] == [
        "dated",
        "undated",
    ]


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        ("Commander", True),
        (" COMMANDER ", True),
        ("Acting Commander", True),
        ("Deputy Commander", False),
        ("Operations Commander", False),
        ("", False),
    ],
)
def test_only_commanders_command(role: str, counts: bool) -> None:
    postings = [posting("someone", "2015-01-01", "2015-12-31", "E", role=role)]

    assert bool(commanders(postings, "unit", DAY)) is counts


def test_other_roles_may_be_asked_for() -> None:
    postings = [posting("deputy", "2015-01-01", "2015-12-31", "E", role="Deputy Commander")]

    assert commanders(postings, "unit", DAY, roles=frozenset({"deputy commander"}))
    assert not commanders(postings, "another unit", DAY)


def test_on_the_day_of_a_hand_over_both_stand() -> None:
    postings = [
        posting("before", "2014-01-01", "2015-06-01", "E"),
        posting("after", "2015-06-01", "2016-01-01", "E"),
    ]

    found = commanders(postings, "unit", DAY)

    assert {each.posting.person for each in found if each.holding is CERTAIN} == {
        "before",
        "after",
    }
