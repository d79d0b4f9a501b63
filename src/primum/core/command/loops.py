"""Units that stand above themselves: a slip in the data, or two arrangements of different years."""

from __future__ import annotations

from collections.abc import Iterable

from primum.core.command.chain import Network
from primum.core.command.ties import Tie


def loops(ties: Iterable[Tie] | Network) -> tuple[tuple[str, ...], ...]:
    """Every group of units that can each be reached from every other, in a stable order.

    Tarjan's algorithm with a stack of its own: forces are shallow, hostile files are not.
    """
    network = ties if isinstance(ties, Network) else Network(ties)
    search = _Search(network)
    for tie in network.ties:
        if tie.superior not in search.index:
            search.visit(tie.superior)
    return tuple(sorted(search.found))


class _Search:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.index: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.stack: list[str] = []
        self.on_stack: set[str] = set()
        self.found: list[tuple[str, ...]] = []

    def visit(self, root: str) -> None:
        work = [(root, iter(self._enter(root)))]
        while work:
            unit, rest = work[-1]
            for below in rest:
                if below not in self.index:
                    work.append((below, iter(self._enter(below))))
                    break
                if below in self.on_stack:
                    self.low[unit] = min(self.low[unit], self.index[below])
            else:
                work.pop()
                self._leave(unit)
                if work:
                    above = work[-1][0]
                    self.low[above] = min(self.low[above], self.low[unit])

    def _enter(self, unit: str) -> list[str]:
        self.index[unit] = self.low[unit] = len(self.index)
        self.stack.append(unit)
        self.on_stack.add(unit)
        return [self.network.ties[at].subordinate for at in self.network.below(unit)]

    def _leave(self, unit: str) -> None:
        if self.low[unit] != self.index[unit]:
            return
        group: list[str] = []
        while not group or group[-1] != unit:
            group.append(self.stack.pop())
            self.on_stack.discard(group[-1])
        if len(group) > 1 or unit in self._under(unit):
            self.found.append(tuple(sorted(group)))

    def _under(self, unit: str) -> set[str]:
        return {self.network.ties[at].subordinate for at in self.network.below(unit)}
