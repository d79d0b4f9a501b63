"""What would settle a Ruling, and what would lower it.

Two questions an officer asks of a Ruling that is still open or too high: which answers would settle
it at its best or at its worst, and which facts would have to change for the risk to be lower. Both
are the smallest sets of answers, found by a breadth-first search that branches only on the names of
one rule standing in the way: some name of that rule must move, so nothing is missed. Exact up to
three names; the number of nodes is bounded, and the answer says whether it was searched to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from primum.core.protocol.answers import Answers
from primum.core.protocol.classes import ValueClass, classes, comparisons
from primum.core.protocol.expression import holds, names_in, open_names
from primum.core.protocol.facts import FACTS, Facts
from primum.core.protocol.model import Protocol, Rule
from primum.core.protocol.values import Value
from primum.core.vocabulary import Level

MOST_NAMES: Final = 3
MOST_NODES: Final = 5_000
Chosen = tuple[tuple[str, ValueClass], ...]
Branches = Callable[[Mapping[str, Value]], Iterable[str] | None]
"""The names one of which must move, or None when the target is reached."""


@dataclass(frozen=True, slots=True)
class Found:
    """The smallest sets of answers with one effect; every set's names are in the protocol's order.

    `complete` says that every set of up to `up_to` names was looked at.
    """

    target: Level
    sets: tuple[Chosen, ...]
    complete: bool
    searched: int
    up_to: int = MOST_NAMES


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would settle the Ruling at its lowest and highest level, and what would lower it."""

    settles_lowest: Found | None
    settles_highest: Found | None
    lowers: Found | None
    """None when the level is low already."""


def explain(
    protocol: Protocol, answers: Answers, facts: Facts | None = None, nodes: int = MOST_NODES
) -> Explanation:
    """Search all three. Pure and bounded; a settled Ruling has nothing left to settle."""
    known = {**(facts or {}), **answers.names}
    search = _Search(protocol, nodes)
    lowest, highest = search.interval(known)
    open_yet = lowest < highest
    return Explanation(
        settles_lowest=search.settle(known, lowest) if open_yet else None,
        settles_highest=search.settle(known, highest) if open_yet else None,
        lowers=search.lower(known, Level(highest - 1)) if highest > Level.LOW else None,
    )


class _Search:
    """One protocol's rules and value classes, and the search over them."""

    def __init__(self, protocol: Protocol, nodes: int) -> None:
        self.protocol = protocol
        self.nodes = nodes
        domains = dict(protocol.names)
        domains |= {name: fact.domain for name, fact in FACTS.items()}
        self.order = {name: at for at, name in enumerate(domains)}
        self.told = comparisons(rule.when.expression for rule in protocol.rules)
        self.classes = {name: classes(domains[name], each) for name, each in self.told.items()}
        self.names = {rule.id: names_in(rule.when.expression) for rule in protocol.rules}
        self.changeable = frozenset(
            name for q in protocol.questions if q.changeable for name in q.names
        )

    def interval(self, known: Mapping[str, Value]) -> tuple[Level, Level]:
        lowest = highest = Level.LOW
        for rule in self.protocol.rules:
            outcome = holds(rule.when.expression, known)
            if outcome is not False:
                highest = max(highest, rule.level)
                lowest = max(lowest, rule.level) if outcome else lowest
        return lowest, highest

    def settle(self, known: Mapping[str, Value], target: Level) -> Found:
        """Answers to open names after which the Ruling is `target` and nothing else."""

        def branches(now: Mapping[str, Value]) -> Iterable[str] | None:
            rules = self.protocol.rules
            above = next(
                (r for r in rules if r.level > target and self._is(r, now) is not False), None
            )
            if above is not None:
                return open_names(above.when.expression, now)
            reached = [r for r in rules if r.level == target]
            if target is Level.LOW or any(self._is(r, now) for r in reached):
                return None
            return frozenset().union(*(open_names(r.when.expression, now) for r in reached))

        return self._search(known, target, branches, refine=True)

    def lower(self, known: Mapping[str, Value], target: Level) -> Found:
        """Changes among changeable questions after which the Ruling is at most `target`."""

        def branches(now: Mapping[str, Value]) -> Iterable[str] | None:
            for rule in self.protocol.rules:
                if rule.level > target and self._is(rule, now) is not False:
                    return self.names[rule.id] & self.changeable
            return None

        return self._search(known, target, branches, refine=False)

    def _is(self, rule: Rule, known: Mapping[str, Value]) -> bool | None:
        return holds(rule.when.expression, known)

    def _search(
        self, known: Mapping[str, Value], target: Level, branches: Branches, *, refine: bool
    ) -> Found:
        found: list[Chosen] = []
        edge: list[Chosen] = [()]
        seen: set[frozenset[tuple[str, Value]]] = {frozenset()}
        searched, complete = 0, True
        for size in range(MOST_NAMES + 1):
            following: list[Chosen] = []
            for chosen in edge:
                if _covered(chosen, found):
                    continue
                searched += 1
                if searched > self.nodes:
                    return Found(target, self._tidy(found), False, self.nodes)
                names = branches({**known, **{name: each.value for name, each in chosen}})
                if names is None:
                    found.append(chosen)
                elif size < MOST_NAMES:
                    following += self._grown(chosen, names, known, seen, refine)
            edge = following
        return Found(target, self._tidy(found), complete, searched)

    def _grown(
        self,
        chosen: Chosen,
        names: Iterable[str],
        known: Mapping[str, Value],
        seen: set[frozenset[tuple[str, Value]]],
        refine: bool,
    ) -> Iterator[Chosen]:
        taken = {name for name, _ in chosen}
        for name in sorted(set(names) - taken, key=self.order.__getitem__):
            for each in self.classes[name]:
                if refine and not self._agrees(name, each, known):
                    continue
                key = frozenset({*((n, c.value) for n, c in chosen), (name, each.value)})
                if known.get(name) != each.value and key not in seen:
                    seen.add(key)
                    yield (*chosen, (name, each))

    def _agrees(self, name: str, each: ValueClass, known: Mapping[str, Value]) -> bool:
        """Whether an answer may follow what is known: a range is made narrower, never left."""
        return all(
            (sure := holds(c, known)) is None or sure is holds(c, {name: each.value})
            for c in self.told[name]
        )

    def _tidy(self, found: list[Chosen]) -> tuple[Chosen, ...]:
        ordered = (tuple(sorted(each, key=lambda pair: self.order[pair[0]])) for each in found)
        return tuple(
            sorted(
                ordered,
                key=lambda each: (len(each), [(self.order[n], str(c.value)) for n, c in each]),
            )
        )


def _covered(chosen: Chosen, found: Iterable[Chosen]) -> bool:
    """Whether a set already found is part of this one: then this one is not smallest."""
    pairs = {(name, each.value) for name, each in chosen}
    return any({(n, c.value) for n, c in each} <= pairs for each in found)
