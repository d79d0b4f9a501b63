"""Everyone above a unit and everyone below it, on a day or over all time.

The walk goes up from the unit and down from the unit, never up and down again: the sister units
of a superior are not in its chain. It ends on any data, cycles and several parents included.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from primum.core.command.dates import HOLDS, Holding, Span
from primum.core.command.ties import Posting, Tie

DEPTH = 64
"""No force has sixty ranks of headquarters; a longer walk is a slip in the data."""

COMMAND_ROLES = frozenset({"commander", "acting commander"})


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in a chain. `generation` is -1 for a direct superior, 1 for a direct subordinate.

    `holding` is certain when some path to it is certain at every step; None when no day was asked.
    """

    id: str
    generation: int
    holding: Holding | None


@dataclass(frozen=True, slots=True)
class Edge:
    """A tie in a chain and whether it held on the day asked (None when none was asked)."""

    tie: Tie
    holding: Holding | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of one unit. `unknown` holds the ties it meets that no source settles for the day;
    `cut` says that the depth bound left something out."""

    unit: str
    on: date | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    unknown: tuple[Tie, ...]
    cut: bool

    @property
    def superiors(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.generation < 0)

    @property
    def subordinates(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.generation > 0)


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting and whether it held on the day asked."""

    posting: Posting
    holding: Holding | None


class Network:
    """Ties indexed by both ends, in the order given. Make it once to ask many times."""

    __slots__ = ("_above", "_below", "_ties")

    def __init__(self, ties: Iterable[Tie]) -> None:
        self._ties = tuple(ties)
        self._above: Mapping[str, list[int]] = defaultdict(list)
        self._below: Mapping[str, list[int]] = defaultdict(list)
        for position, tie in enumerate(self._ties):
            self._above[tie.subordinate].append(position)
            self._below[tie.superior].append(position)

    @property
    def ties(self) -> tuple[Tie, ...]:
        return self._ties

    def above(self, unit: str) -> Sequence[int]:
        """Positions of the ties to the unit's superiors."""
        return self._above.get(unit, ())

    def below(self, unit: str) -> Sequence[int]:
        """Positions of the ties to the unit's subordinates."""
        return self._below.get(unit, ())


def chain(
    ties: Iterable[Tie] | Network, unit: str, on: date | None = None, depth: int = DEPTH
) -> Chain:
    """All superiors and all subordinates of a unit, with the ties between.

    Without a day: every tie that anyone ever cited. With one: only ties that certainly or possibly
    held on it.
    """
    network = ties if isinstance(ties, Network) else Network(ties)
    held = _held_on(network.ties, on)
    up = _Walk(network.above, lambda tie: tie.superior, network.ties, held, depth)
    down = _Walk(network.below, lambda tie: tie.subordinate, network.ties, held, depth)
    up.run(unit)
    down.run(unit)
    used = up.used | down.used
    return Chain(
        unit=unit,
        on=on,
        nodes=_nodes(up, down, dated=on is not None),
        edges=tuple(Edge(network.ties[at], held(at)) for at in sorted(used)),
        unknown=tuple(network.ties[at] for at in sorted((up.unknown | down.unknown) - used)),
        cut=up.cut or down.cut,
    )


def commanders(
    postings: Iterable[Posting],
    unit: str,
    on: date | None = None,
    roles: frozenset[str] = COMMAND_ROLES,
) -> tuple[Posted, ...]:
    """Who was in command of a unit: certain first, then possible, then unknown for that day.

    Within each, the posting cited nearest to the day comes first: the first of the unknown ones is
    the last commander anyone wrote of. Without a day: everyone who ever was, latest first.
    """
    of_unit = (
        posting
        for posting in postings
        if posting.unit == unit and " ".join(posting.role.casefold().split()) in roles
    )
    if on is None:
        found = [Posted(posting, None) for posting in of_unit]
        return tuple(sorted(found, key=lambda each: -_last_seen(each.posting.span)))
    found = [
        Posted(posting, holding)
        for posting in of_unit
        if (holding := posting.span.held_on(on)) is not Holding.NO
    ]
    surest = (Holding.CERTAIN, Holding.POSSIBLE, Holding.UNKNOWN)
    found.sort(key=lambda each: _days_away(each.posting.span, on))
    return tuple(each for holding in surest for each in found if each.holding is holding)


def _held_on(ties: Sequence[Tie], on: date | None) -> Callable[[int], Holding | None]:
    if on is None:
        return lambda at: None
    return lambda at: ties[at].span.held_on(on)


@dataclass
class _Walk:
    """One breadth-first walk in one direction."""

    step: Callable[[str], Sequence[int]]
    end: Callable[[Tie], str]
    ties: Sequence[Tie]
    held: Callable[[int], Holding | None]
    depth: int

    def __post_init__(self) -> None:
        self.distance: dict[str, int] = {}
        self.certain: set[str] = set()
        self.used: set[int] = set()
        self.unknown: set[int] = set()
        self.cut = False

    def run(self, unit: str) -> None:
        self.distance = {unit: 0}
        queue = deque([unit])
        while queue:
            here = queue.popleft()
            for there in self._next(here):
                if there not in self.distance:
                    self.distance[there] = self.distance[here] + 1
                    queue.append(there)
        self._mark_certain(unit)

    def _next(self, here: str) -> Iterable[str]:
        far = self.distance[here] >= self.depth
        for at in self.step(here):
            holding = self.held(at)
            if holding is Holding.UNKNOWN:
                self.unknown.add(at)
            if holding is not None and holding not in HOLDS:
                continue
            if far:
                self.cut = True
                continue
            self.used.add(at)
            yield self.end(self.ties[at])

    def _mark_certain(self, unit: str) -> None:
        self.certain = {unit}
        queue = deque([unit])
        while queue:
            for at in self.step(queue.popleft()):
                there = self.end(self.ties[at])
                sure = at in self.used and self.held(at) is Holding.CERTAIN
                if sure and there not in self.certain:
                    self.certain.add(there)
                    queue.append(there)


def _nodes(up: _Walk, down: _Walk, *, dated: bool) -> tuple[Node, ...]:
    # In a cycle a unit is both above and below: the shorter way counts, the way up if equal.
    found = {unit: -steps for unit, steps in up.distance.items()}
    for unit, steps in down.distance.items():
        if unit not in found or steps < -found[unit]:
            found[unit] = steps
    certain = up.certain | down.certain
    return tuple(
        Node(
            unit,
            generation,
            (Holding.CERTAIN if unit in certain else Holding.POSSIBLE) if dated else None,
        )
        for unit, generation in sorted(found.items(), key=lambda item: (item[1], item[0]))
    )


def _last_seen(span: Span) -> int:
    seen = span.last or span.first
    return seen.latest.toordinal() if seen else 0


def _days_away(span: Span, on: date) -> int:
    """Days between the day and what was cited; undated postings come last."""
    start, end = span.first or span.last, span.last or span.first
    if start is None or end is None:
        return date.max.toordinal()
    return max((start.earliest - on).days, (on - end.latest).days, 0)
