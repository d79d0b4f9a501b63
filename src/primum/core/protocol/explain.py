"""What would settle a Ruling, and what would lower it.

Two questions an officer asks of a Ruling that is still open or too high: which answers would settle
it at its best or at its worst, and which facts would have to change for the risk to be lower. Both
are the smallest sets of answers, found by a breadth-first search that branches only on the names of
one rule standing in the way: some name of that rule must move, so nothing is missed. Exact up to
three names; the number of nodes is bounded, and the answer says whether it was searched to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from primum.core.protocol.answers import Answers
from primum.core.protocol.classes import ValueClass, classes, comparisons, too_many
from primum.core.protocol.expression import holds, names_in, open_names
from primum.core.protocol.facts import FACTS, Facts
from primum.core.protocol.model import Protocol
from primum.core.protocol.values import Value
from primum.core.vocabulary import Level

MOST_NAMES: Final = 3
MOST_NODES: Final = 5_000
Chosen = tuple[tuple[str, ValueClass], ...]


@dataclass(frozen=True, slots=True)
class Now:
    """What is known at one node of the search, and what each rule then says, in their order."""

    known: Mapping[str, Value]
    said: Sequence[bool | None]


Branches = Callable[[Now], Iterable[str] | None]
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
    search = _Search(protocol, nodes, known)
    lowest, highest = search.interval()
    open_yet = lowest < highest
    return Explanation(
        settles_lowest=search.settle(lowest) if open_yet else None,
        settles_highest=search.settle(highest) if open_yet else None,
        lowers=search.lower(Level(highest - 1)) if highest > Level.LOW else None,
    )


class _Search:
    """One protocol's rules and value classes, and the search over them."""

    def __init__(self, protocol: Protocol, nodes: int, known: Mapping[str, Value]) -> None:
        self.protocol = protocol
        self.rules = protocol.rules
        self.nodes = nodes
        domains = dict(protocol.names)
        domains |= {name: fact.domain for name, fact in FACTS.items()}
        self.order = {name: at for at, name in enumerate(domains)}
        self.told = comparisons(rule.when.expression for rule in self.rules)
        self.classes = {name: classes(domains[name], each) for name, each in self.told.items()}
        self.coarse = {name for name, each in self.told.items() if too_many(each)}
        """Names of which not every class is tried."""
        self.names = [names_in(rule.when.expression) for rule in self.rules]
        self.changeable = frozenset(
            name for q in protocol.questions if q.changeable for name in q.names
        )
        said = [holds(rule.when.expression, known) for rule in self.rules]
        self.start = Now(known, said)
        self.narrower: dict[str, tuple[ValueClass, ...]] = {}

    def interval(self) -> tuple[Level, Level]:
        lowest = highest = Level.LOW
        for rule, outcome in zip(self.rules, self.start.said, strict=True):
            if outcome is not False:
                highest = max(highest, rule.level)
                lowest = max(lowest, rule.level) if outcome else lowest
        return lowest, highest

    def settle(self, target: Level) -> Found:
        """Answers to open names after which the Ruling is `target` and nothing else."""
        above = self._at(lambda level: level > target)
        there = self._at(lambda level: level == target)

        def branches(now: Now) -> Iterable[str] | None:
            for at in above:
                if now.said[at] is not False:
                    return open_names(self.rules[at].when.expression, now.known)
            if target is Level.LOW or any(now.said[at] for at in there):
                return None
            open_yet = (open_names(self.rules[at].when.expression, now.known) for at in there)
            return frozenset().union(*open_yet)

        return self._search(target, branches, refine=True)

    def lower(self, target: Level) -> Found:
        """Changes among changeable questions after which the Ruling is at most `target`."""
        above = self._at(lambda level: level > target)

        def branches(now: Now) -> Iterable[str] | None:
            for at in above:
                if now.said[at] is not False:
                    return self.names[at] & self.changeable
            return None

        return self._search(target, branches, refine=False)

    def _at(self, wanted: Callable[[Level], bool]) -> list[int]:
        return [at for at, rule in enumerate(self.rules) if wanted(rule.level)]

    def _now(self, chosen: Chosen) -> Now:
        """Only the rules that name what was chosen can have turned."""
        moved = {name for name, _ in chosen}
        if not moved:
            return self.start
        known = {**self.start.known, **{name: each.value for name, each in chosen}}
        return Now(
            known,
            [
                said if moved.isdisjoint(names) else holds(rule.when.expression, known)
                for rule, names, said in zip(self.rules, self.names, self.start.said, strict=True)
            ],
        )

    def _search(self, target: Level, branches: Branches, *, refine: bool) -> Found:
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
                names = branches(self._now(chosen))
                if names is None:
                    found.append(chosen)
                elif size < MOST_NAMES:
                    complete = complete and self.coarse.isdisjoint(names)
                    for grown in self._grown(chosen, names, seen, refine):
                        if len(following) > self.nodes:
                            # More than can still be looked at: do not even keep them.
                            complete = False
                            break
                        following.append(grown)
            edge = following
        return Found(target, self._tidy(found), complete, searched)

    def _grown(
        self,
        chosen: Chosen,
        names: Iterable[str],
        seen: set[frozenset[tuple[str, Value]]],
        refine: bool,
    ) -> Iterator[Chosen]:
        known = self.start.known
        taken = {name for name, _ in chosen}
        for name in sorted(set(names) - taken, key=self.order.__getitem__):
            for each in self._following(name) if refine else self.classes[name]:
                key = frozenset({*((n, c.value) for n, c in chosen), (name, each.value)})
                if known.get(name) != each.value and key not in seen:
                    seen.add(key)
                    yield (*chosen, (name, each))

    def _following(self, name: str) -> tuple[ValueClass, ...]:
        """The classes that may follow what is known: a range is made narrower, never left."""
        if name not in self.narrower:
            sure = [(c, holds(c, self.start.known)) for c in self.told[name]]
            self.narrower[name] = tuple(
                each
                for each in self.classes[name]
                if all(said in (None, holds(c, {name: each.value})) for c, said in sure)
            )
        return self.narrower[name]

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
