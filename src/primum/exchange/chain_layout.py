"""Where the units of a chain stand in a drawing: layers from top to bottom, wide ones in rows.

Lines run in the channels between rows and, where they must pass a row, in a gutter at the side,
so that no line crosses a box: fifty subordinates are ten rows and stay readable.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from primum.core.command import Chain, Edge
from primum.exchange.plain import visible

BOX, GAP = 184, 16
LINE, PADDING = 18, 10
CHANNEL, GUTTER, MARGIN = 52, 44, 12
LETTERS, LINES = 21, 3
LAYER = 60
"""Units drawn in one layer. The rest are counted in one box: a list serves better than a wall."""


@dataclass(frozen=True, slots=True)
class Box:
    """One unit, or (with no id) the `more` units of its layer that are not drawn."""

    id: str
    x: float
    y: float
    height: float
    lines: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """All ties between two units as one line: its points and the ties, in the order given."""

    points: tuple[tuple[float, float], ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]

    @property
    def left_out(self) -> int:
        return sum(box.more for box in self.boxes)


def lay_out(chain: Chain, names: Mapping[str, str], per_row: int = 5) -> Layout:
    """Boxes and lines of a chain. `per_row` is the widest row; phones want two or three."""
    near = _neighbours(chain)
    layers = _ordered(_layers(chain), names, near)
    rows, more = _rows(_visible(layers, near), max(per_row, 1))
    pairs = _pairs(chain.edges, {unit for row in rows for unit in row})
    grid = _Grid(rows, names, more, _room(rows, pairs))
    return Layout(
        grid.width,
        grid.height,
        tuple(grid.boxes.values()),
        tuple(Line(grid.route(*ends), tuple(edges)) for ends, edges in pairs.items()),
    )


def wrap(name: str) -> tuple[str, ...]:
    """The name in at most three lines of what a box holds; the rest is an ellipsis."""
    lines: list[str] = []
    for word in visible(name).split():
        rest = word
        while rest:
            room = LETTERS - _letters(lines[-1]) - 1 if lines else 0
            if lines and _letters(rest) <= room:
                lines[-1] += f" {rest}"
                break
            head = _head(rest)
            lines.append(head)
            rest = rest[len(head) :]
    if len(lines) > LINES:
        last = lines[LINES - 1]
        lines = [*lines[: LINES - 1], f"{last[: LETTERS - 1].rstrip()}…"]
    return tuple(lines)


def _letters(text: str) -> int:
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _head(word: str) -> str:
    """As much of a word as one line holds; at least one character."""
    used = 0
    for position, character in enumerate(word):
        used += _letters(character)
        if used > LETTERS and position:
            return word[:position]
    return word


def _neighbours(chain: Chain) -> Mapping[str, Sequence[str]]:
    near: dict[str, list[str]] = defaultdict(list)
    for edge in chain.edges:
        near[edge.tie.superior].append(edge.tie.subordinate)
        near[edge.tie.subordinate].append(edge.tie.superior)
    return near


def _layers(chain: Chain) -> dict[str, int]:
    """The longest way to each unit, so that lines run downward; in a circle, the shortest."""
    layer = {node.id: node.generation for node in chain.nodes}
    above = {node.id for node in chain.superiors} | {chain.unit}
    below = {node.id for node in chain.subordinates} | {chain.unit}
    ends = [(edge.tie.superior, edge.tie.subordinate) for edge in chain.edges]
    up = _longest(chain.unit, [(b, a) for a, b in ends if a in above and b in above])
    down = _longest(chain.unit, [(a, b) for a, b in ends if a in below and b in below])
    return layer | {unit: -far for unit, far in up.items()} | down


def _longest(start: str, steps: Iterable[tuple[str, str]]) -> dict[str, int]:
    onward: dict[str, list[str]] = defaultdict(list)
    waiting: dict[str, int] = defaultdict(int)
    for here, there in steps:
        onward[here].append(there)
        waiting[there] += 1
    far = {start: 0}
    ready = [start] if not waiting[start] else []
    done: dict[str, int] = {}
    while ready:
        here = ready.pop()
        done[here] = far[here]
        for there in onward[here]:
            far[there] = max(far.get(there, 0), far[here] + 1)
            waiting[there] -= 1
            if not waiting[there]:
                ready.append(there)
    return done


def _ordered(
    layer: Mapping[str, int], names: Mapping[str, str], near: Mapping[str, Sequence[str]]
) -> dict[int, list[str]]:
    """Units by layer, each beside the others of its superior (or subordinate), by name."""
    by_layer: dict[int, list[str]] = defaultdict(list)
    for unit, number in layer.items():
        by_layer[number].append(unit)
    place: dict[str, int] = {}
    for number in sorted(by_layer, key=lambda each: (abs(each), each)):
        by_layer[number].sort(
            key=lambda unit: (
                min((place[other] for other in near.get(unit, ()) if other in place), default=0),
                _natural(names.get(unit, unit)),
                unit,
            )
        )
        place |= {unit: at for at, unit in enumerate(by_layer[number])}
    return by_layer


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """ "2 Brigade" comes before "10 Brigade"."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", name.casefold())
    return tuple((int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts)


def _visible(
    layers: Mapping[int, Sequence[str]], near: Mapping[str, Sequence[str]]
) -> dict[int, tuple[list[str], int]]:
    """What is drawn of each layer, and how many are not: none without a line to a drawn unit."""
    drawn: set[str] = set()
    shown: dict[int, tuple[list[str], int]] = {}
    for number in sorted(layers, key=lambda each: (abs(each), each)):
        units = layers[number]
        tied = [unit for unit in units if number == 0 or drawn.intersection(near[unit])]
        kept = tied if len(tied) <= LAYER else tied[: LAYER - 1]
        drawn.update(kept)
        shown[number] = (kept, len(units) - len(kept))
    return shown


def _rows(
    shown: Mapping[int, tuple[list[str], int]], per_row: int
) -> tuple[list[list[str]], dict[int, int]]:
    """Rows from top to bottom, evenly filled, and after which row how many more there are."""
    rows: list[list[str]] = []
    more: dict[int, int] = {}
    for number in sorted(shown):
        units, hidden = shown[number]
        places = len(units) + (1 if hidden else 0)
        count = -(-places // per_row)
        size = -(-places // count) if count else 1
        rows += [units[at : at + size] for at in range(0, places, size)]
        if hidden:
            more[len(rows) - 1] = hidden
    return rows, more


def _pairs(edges: Iterable[Edge], drawn: set[str]) -> dict[tuple[str, str], list[Edge]]:
    pairs: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        ends = (edge.tie.superior, edge.tie.subordinate)
        if drawn.issuperset(ends):
            pairs[ends].append(edge)
    return pairs


@dataclass(frozen=True, slots=True)
class _Room:
    """Room that lines need beside the rows: they pass a row, enter the first or leave the last."""

    left: float
    top: float
    bottom: float


def _room(rows: Sequence[Sequence[str]], pairs: Iterable[tuple[str, str]]) -> _Room:
    at = {unit: number for number, row in enumerate(rows) for unit in row}
    around = [(at[above], at[below]) for above, below in pairs if at[below] != at[above] + 1]
    return _Room(
        left=GUTTER if around else 0,
        top=CHANNEL if any(below == 0 for _, below in around) else 0,
        bottom=CHANNEL / 2 if any(above == len(rows) - 1 for above, _ in around) else 0,
    )


class _Grid:
    """Rows given coordinates, and the ways between them."""

    def __init__(
        self,
        rows: Sequence[Sequence[str]],
        names: Mapping[str, str],
        more: Mapping[int, int],
        room: _Room,
    ) -> None:
        self.boxes: dict[str, Box] = {}
        self._row: dict[str, int] = {}
        self._lane: dict[str, int] = {}
        self._left = MARGIN + room.left
        widest = max(len(row) + (number in more) for number, row in enumerate(rows))
        self.width: float = self._left + widest * (BOX + GAP) - GAP + MARGIN
        y = MARGIN + room.top
        for number, row in enumerate(rows):
            y = self._place(number, row, names, more.get(number, 0), y)
        self.height = y - CHANNEL + MARGIN + room.bottom

    def _place(
        self, number: int, row: Sequence[str], names: Mapping[str, str], more: int, y: float
    ) -> float:
        words = [wrap(names.get(unit, unit)) for unit in row]
        height = max((len(lines) for lines in words), default=1) * LINE + 2 * PADDING
        across = (len(row) + (1 if more else 0)) * (BOX + GAP) - GAP
        x = self._left + (self.width - self._left - MARGIN - across) / 2
        for unit, lines in zip(row, words, strict=True):
            self.boxes[unit] = Box(unit, x, y, height, lines)
            self._row[unit] = number
            self._lane[unit] = len(self._lane)
            x += BOX + GAP
        if more:
            self.boxes[f"\0more {number}"] = Box("", x, y, height, (), more)
        return y + height + CHANNEL

    def route(self, superior: str, subordinate: str) -> tuple[tuple[float, float], ...]:
        """From the bottom of one box to the top of another, along channels and the gutter."""
        start, end = self.boxes[superior], self.boxes[subordinate]
        lane = self._lane[superior]
        x1, x2 = start.x + BOX / 2, end.x + BOX / 2
        below = start.y + start.height + 8 + 5 * (lane % 4)
        out = ((x1, start.y + start.height), (x1, below))
        if self._row[subordinate] == self._row[superior] + 1:
            return (*out, (x2, below), (x2, end.y))
        side = MARGIN + 6 * (lane % 6)
        above = end.y - 24
        return (*out, (side, below), (side, above), (x2, above), (x2, end.y))
