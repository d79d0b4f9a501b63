"""GraphML: the publisher's own expected output, and names that try to break out of it."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.command import Open, Span, Tie, chain, parse_date
from primum.exchange.graphml import edge_label, write_graphml
from primum.exchange.sfm import read
from tests.exchange.facts import CHAIN_EDGES, CHAIN_NODES, DEMO, REGIMENT

NAMESPACE = {"g": "http://graphml.graphdrawing.org/xmlns"}
Edges = set[tuple[str, str, str]]


def parse(document: str) -> tuple[dict[str, str], Edges]:
    """The nodes and the edges of a GraphML document, labels included."""
    root = ElementTree.fromstring(document.encode())
    keys = {key.get("attr.name"): key.get("id") for key in root.findall("g:key", NAMESPACE)}

    def label(element: ElementTree.Element, name: str) -> str:
        found = element.find(f"g:data[@key='{keys[name]}']", NAMESPACE)
        return (found.text or "") if found is not None else ""

    nodes = {
        each.get("id", ""): label(each, "node_label")
        for each in root.iterfind(".//g:node", NAMESPACE)
    }
    edges = {
        (each.get("source", ""), each.get("target", ""), label(each, "edge_label"))
        for each in root.iterfind(".//g:edge", NAMESPACE)
    }
    return nodes, edges


def test_it_is_what_the_publisher_expects() -> None:
    mali = read(DEMO / "sfm_mali_units")
    names = {unit.id: unit.name for unit in mali.units}

    nodes, edges = parse(write_graphml(chain(mali.ties, REGIMENT), names))

    assert nodes == CHAIN_NODES
    assert {(a[:8], b[:8]): label for a, b, label in edges} == CHAIN_EDGES


def test_on_a_day_each_edge_says_how_sure_it_is() -> None:
    when = Span(parse_date("2015-01-01"), parse_date("2015-02-01"), Open.YES)
    ties = [Tie("army", "brigade", when)]

    sure = write_graphml(chain(ties, "army", date(2015, 1, 15)), {})
    maybe = write_graphml(chain(ties, "army", date(2016, 1, 15)), {})

    assert '<data key="d2">certain</data>' in sure
    assert '<data key="d2">possible</data>' in maybe
    assert "d2" not in write_graphml(chain(ties, "army"), {})


@pytest.mark.parametrize(
    ("first", "last", "open", "start", "label"),
    [
        ("2010-05-", "2020-08-18", "E", False, "2010-05- (N) to 2020-08-18 (E)"),
        ("2010-05", "2017", "Y", False, "2010-05- (N) to 2017- (Y)"),
        ("2020-12-19", "", "N", False, "2020-12-19 (N) to None (N)"),
        ("2020-08-18", "2020-09-01", "Y", True, "2020-08-18 (Y) to 2020-09-01 (Y)"),
        ("", "", "", None, "None (None) to None (None)"),
    ],
)
def test_labels_are_in_the_publishers_form(
    first: str, last: str, open: str, start: bool | None, label: str
) -> None:
    span = Span(parse_date(first), parse_date(last), Open(open), start)

    assert edge_label(span) == label


def test_a_unit_without_a_name_shows_its_id() -> None:
    nodes, _ = parse(write_graphml(chain([Tie("a", "b")], "a"), {"a": "Army"}))

    assert nodes == {"a": "Army", "b": "b"}


def test_two_ties_between_two_units_are_two_edges() -> None:
    when = Span(parse_date("2010"), parse_date("2012"), Open.ENDED)

    _, edges = parse(write_graphml(chain([Tie("a", "b"), Tie("a", "b", when)], "a"), {}))

    assert len(edges) == 2


@pytest.mark.parametrize(
    "name", ['<script>&"quote"', "]]>", "tab\tline\nend", "\x00\x1b[31m\x0b", "\ufffe", "اسم"]
)
def test_no_name_can_break_the_document(name: str) -> None:
    key = f'a"{name}'

    nodes, _ = parse(write_graphml(chain([Tie(key, "b")], "b"), {"b": name}))

    assert len(nodes) == 2


@given(st.text(), st.text())
def test_any_text_makes_a_document_that_can_be_read(key: str, name: str) -> None:
    parse(write_graphml(chain([], key), {key: name}))
