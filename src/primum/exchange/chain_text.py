"""A chain as an indented outline: for terminals, screen readers and plain mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from primum.core.command import Chain, Edge, Open, Span, Tie
from primum.exchange.plain import visible


def outline(chain: Chain, names: Mapping[str, str]) -> str:
    """The chain from the unit outward, each unit told once and pointed back to after."""
    when = f"on {chain.on}" if chain.on else "at any time; not all of it held at one time"
    parts = [f"{_name(names, chain.unit)}, {when}", ""]
    parts += _part("Above it", chain, names, up=True)
    parts += _part("Below it", chain, names, up=False)
    if chain.unknown:
        parts.append(f"No source settles these for that day ({len(chain.unknown)}):")
        for tie in chain.unknown:
            ends = f"{_name(names, tie.superior)} → {_name(names, tie.subordinate)}"
            parts.append(f"  {ends}: {span_words(tie.span)}")
        parts.append("")
    if chain.cut:
        parts += ["The chain goes on; it was cut at the depth asked for.", ""]
    return "\n".join(parts[:-1]) + "\n"


def tie_words(edge: Edge) -> str:
    """A tie in words: how sure, what kind, when, in the publisher's confidence."""
    told = [str(edge.holding)] if edge.holding else []
    told += [word for word in (visible(edge.tie.kind).lower(),) if word]
    told.append(span_words(edge.tie.span))
    if edge.tie.confidence:
        told.append(f"confidence {visible(edge.tie.confidence).lower()}")
    return ", ".join(told)


def span_words(span: Span) -> str:
    """When a tie was seen: "first cited 2010-05, ended 2020-08-18"."""
    told = []
    if span.first:
        told.append(f"{'started' if span.first_is_start else 'first cited'} {span.first}")
    if span.last:
        told.append(f"{'ended' if span.open is Open.ENDED else 'last cited'} {span.last}")
    elif span.open is Open.ENDED:
        told.append("ended, no date")
    if not told:
        told.append("no dates")
    if span.open is Open.YES:
        told.append("taken to go on")
    return ", ".join(told)


def _part(title: str, chain: Chain, names: Mapping[str, str], *, up: bool) -> Iterator[str]:
    count = len(chain.superiors if up else chain.subordinates)
    if not count:
        yield f"{title}: none known"
        yield ""
        return
    yield f"{title} ({count}):"
    yield from _tree(chain, names, up=up)
    yield ""


def _tree(chain: Chain, names: Mapping[str, str], *, up: bool) -> Iterator[str]:
    step: dict[str, list[Edge]] = defaultdict(list)
    for edge in chain.edges:
        step[edge.tie.subordinate if up else edge.tie.superior].append(edge)
    told = {chain.unit}
    # A stack of its own: a chain may be deeper than Python's.
    work = [(1, edges) for edges in reversed(_grouped(step[chain.unit], up=up))]
    while work:
        depth, edges = work.pop()
        unit = _end(edges[0].tie, up=up)
        ties = "; ".join(tie_words(edge) for edge in edges)
        again = " (see above)" if unit in told else ""
        yield f"{'  ' * depth}{_name(names, unit)}{again}: {ties}"
        if unit not in told:
            told.add(unit)
            work += [(depth + 1, more) for more in reversed(_grouped(step[unit], up=up))]


def _grouped(edges: Sequence[Edge], *, up: bool) -> list[list[Edge]]:
    """Ties to the same unit belong on one line."""
    groups: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        groups[_end(edge.tie, up=up)].append(edge)
    return list(groups.values())


def _end(tie: Tie, *, up: bool) -> str:
    return tie.superior if up else tie.subordinate


def _name(names: Mapping[str, str], unit: str) -> str:
    return visible(names.get(unit, unit))
