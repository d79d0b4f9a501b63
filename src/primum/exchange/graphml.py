"""A chain as GraphML in the form the Security Force Monitor publishes (yEd, Gephi, NetworkX)."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from primum.core.command import Chain, Edge, PartialDate, Precision, Span
from primum.exchange.plain import visible

_HEAD = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="d1" for="edge" attr.name="edge_label" attr.type="string" />
  <key id="d0" for="node" attr.name="node_label" attr.type="string" />
"""
_HOLDS_KEY = '  <key id="d2" for="edge" attr.name="holds" attr.type="string" />\n'


def write_graphml(chain: Chain, names: Mapping[str, str]) -> str:
    """The chain as one GraphML document. Edges run from superior to subordinate.

    With a day asked, each edge also says whether it certainly or possibly held.
    """
    parts = [_HEAD, _HOLDS_KEY if chain.on else "", '  <graph edgedefault="directed">\n']
    parts += (_node(node.id, names.get(node.id, node.id)) for node in chain.nodes)
    parts += (_edge(edge) for edge in chain.edges)
    parts.append("  </graph>\n</graphml>\n")
    return "".join(parts)


def edge_label(span: Span) -> str:
    """The publisher's words for a span: "2010-05- (N) to 2020-08-18 (E)"."""
    start = "None" if span.first_is_start is None else "Y" if span.first_is_start else "N"
    first, last = _published(span.first), _published(span.last)
    return f"{first} ({start}) to {last} ({span.open or 'None'})"


def _published(day: PartialDate | None) -> str:
    """Its outputs write a month as "2010-05-" and a year as "2017-"; its tables do so at times."""
    if day is None:
        return "None"
    return day.iso if day.precision is Precision.DAY else f"{day.iso}-"


def _node(key: str, name: str) -> str:
    return (
        f"    <node id={quoteattr(visible(key))}>\n"
        f'      <data key="d0">{escape(visible(name))}</data>\n'
        "    </node>\n"
    )


def _edge(edge: Edge) -> str:
    source, target = (quoteattr(visible(end)) for end in (edge.tie.superior, edge.tie.subordinate))
    holds = f'      <data key="d2">{edge.holding}</data>\n' if edge.holding else ""
    return (
        f"    <edge source={source} target={target}>\n"
        f'      <data key="d1">{escape(edge_label(edge.tie.span))}</data>\n{holds}'
        "    </edge>\n"
    )
