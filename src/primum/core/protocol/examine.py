"""What is wrong with a protocol that reads well: rules that say nothing, or say two things.

Every comparison is one name against constants, so the answers a rule can tell apart are finitely
many and each can be tried. A rule that names so much that this would take long is passed over; a
protocol that has so many rules is told so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from primum.core.protocol.answers import unasked
from primum.core.protocol.classes import Case, cases, comparisons, witness
from primum.core.protocol.expression import (
    And,
    Comparison,
    Expression,
    Not,
    Op,
    Or,
    holds,
    names_in,
)
from primum.core.protocol.facts import FACTS
from primum.core.protocol.model import Protocol, Question, Rule
from primum.core.protocol.values import UNREAD, Domain, Kind, Value

UPWARDS: Final = {"more": (Op.MORE, Op.AT_LEAST), "less": (Op.LESS, Op.AT_MOST)}
MOST_TRIED: Final = 100_000_000
"""Comparisons made with cases tried: half a minute. A policy of 128 rules made a tenth of it."""
FOR_NOTHING: Final = 5_000
"""What it takes to find that there are too many cases."""
OTHER: Final = {"more": "less", "less": "more"}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a rule or question."""

    at: str
    """A question's id, or `rule` and a rule's id."""
    says: str


def examine(protocol: Protocol) -> tuple[Flaw, ...]:
    """Every flaw, in the order of the protocol; none is a mistake of form."""
    seen = _Seen(protocol)
    return (
        *(flaw for rule in protocol.rules for flaw in seen.sense(rule)),
        *seen.contradictions(),
        *seen.given_up(),
        *(flaw for rule in protocol.rules for flaw in seen.direction(rule)),
        *seen.unused(),
    )


class _Seen:
    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.domains: dict[str, Domain] = dict(protocol.names)
        self.domains |= {name: fact.domain for name, fact in FACTS.items()}
        self.worse = {name: fact.worse for name, fact in FACTS.items()}
        self.worse |= {name: q.worse for q in protocol.questions for name in q.names}
        self.names = {rule.id: names_in(rule.when.expression) for rule in protocol.rules}
        self.met = {
            rule: frozenset(c.id for c in protocol.commitments if rule in c.meets)
            for rule in self.names
        }
        self.left = MOST_TRIED
        self.stopped: Rule | None = None
        """The rule at which there was no time left."""

    def sense(self, rule: Rule) -> Iterator[Flaw]:
        """Whether the rule can be true, and whether it can be anything else."""
        expression = rule.when.expression
        gates = self.gates(expression)
        whens = (gate.when.expression for gate in gates if gate.when is not None)
        tried = self.tried(rule, (expression, *whens))
        if tried is None:
            return
        said = {holds(expression, _answerable(case, gates)): case for case in reversed(tried)}
        outcomes = set(said)
        if True not in outcomes:
            yield Flaw(
                f"rule {rule.id}",
                f'rule "{rule.id}" can never be true: no answers to the questions that are asked'
                " together make it so; correct it or remove it",
            )
        elif outcomes == {True}:
            yield Flaw(
                f"rule {rule.id}",
                f'rule "{rule.id}" is true whatever is answered, so every case is {rule.level.word}'
                " or graver; correct it or remove it",
            )
        elif None in outcomes:
            yield self.never_settled(rule, said[None], gates)

    def never_settled(self, rule: Rule, case: Case, gates: tuple[Question, ...]) -> Flaw:
        """A rule that waits for an answer where the question is not asked waits for ever."""
        beside = unasked(gates, case)
        gate = next(each for each in gates if each.id in beside and each.when is not None)
        where = self.words(gate.when.expression, case) if gate.when else ""
        when = gate.when.source if gate.when else ""
        return Flaw(
            f"rule {rule.id}",
            f'rule "{rule.id}" can never be settled where {where}: "{gate.id}" is not asked there;'
            f" say in the rule when it counts: ({' '.join(when.split())}) and ...",
        )

    def contradictions(self) -> Iterator[Flaw]:
        """Pairs where the narrower condition is the lighter one, or where both are the same."""
        for first, second in combinations(self.protocol.rules, 2):
            if not self.names[first.id].isdisjoint(self.names[second.id]):
                light, grave = sorted((first, second), key=lambda rule: rule.level)
                both = light.when.expression, grave.when.expression
                found = witness(self.tried(light, both, self.names[light.id]) or (), *both)
                flaw = None if found is None else self.contradiction(light, grave, found)
                if flaw is not None:
                    yield flaw

    def contradiction(self, light: Rule, grave: Rule, case: Case) -> Flaw | None:
        """What is wrong with a lighter rule that holds, as in `case`, only where a graver does."""
        if light.level < grave.level:
            if self.adds(light, grave):
                return None
            return Flaw(
                f"rule {light.id}",
                f'rules "{light.id}" and "{grave.id}" contradict each other: where'
                f" {self.words(light.when.expression, case)}, one says {light.level.word} and the"
                f' other {grave.level.word}, and so wherever "{light.id}" holds; narrow'
                f' "{grave.id}" or remove "{light.id}"',
            )
        back = grave.when.expression, light.when.expression
        tried = self.tried(grave, back, self.names[grave.id])
        if light.audience != grave.audience or witness(tried or (), *back) is None:
            return None
        says = f'rules "{light.id}" and "{grave.id}" hold in the same cases; make them one rule'
        return Flaw(f"rule {grave.id}", says)

    def tried(
        self, rule: Rule, expressions: tuple[Expression, ...], only: Collection[str] | None = None
    ) -> list[Case] | None:
        """Every case, while there is time to try them."""
        if self.left < 0:
            self.stopped = self.stopped or rule
            return None
        found = cases(self.domains, expressions, only)
        told = sum(map(len, comparisons(expressions).values()))
        self.left -= FOR_NOTHING if found is None else (len(found) + told) * told
        return found

    def given_up(self) -> Iterator[Flaw]:
        if self.stopped is not None:
            says = "there are too many rules to try and compare all of them; make fewer"
            yield Flaw(f"rule {self.stopped.id}", says)

    def adds(self, light: Rule, grave: Rule) -> bool:
        """Whether the lighter rule does what the graver one, which holds too, does not.

        It may stop, or ask to know more first, or remain when a commitment meets the graver one.
        """
        stops = self.protocol.stops
        stops_more = light.id in stops and grave.id not in stops
        asks_more = light.asks_first and not grave.asks_first
        return stops_more or asks_more or not self.met[grave.id] <= self.met[light.id]

    def direction(self, rule: Rule) -> Iterator[Flaw]:
        """A number said to be worse the higher it is must never make a case lighter by rising."""
        for comparison, positive in _signed(rule.when.expression, True):
            worse = self.worse.get(comparison.name, "")
            if worse and comparison.op not in UPWARDS[worse if positive else OTHER[worse]]:
                yield Flaw(
                    f"rule {rule.id}",
                    f'"{comparison.name}" is said to be worse when it is {worse}, but rule'
                    f' "{rule.id}" can turn lighter by it; compare it the other way round',
                )

    def unused(self) -> Iterator[Flaw]:
        """Questions before the decision that nothing depends on and nobody is said to read."""
        used = set(self.used())
        for question in self.protocol.questions:
            if question.id and self.idle(question) and not used & set(question.names):
                yield Flaw(
                    question.id,
                    f'"{question.id}" is used by no rule, condition or commitment; remove it, or'
                    " name the duties that read the answer: read_by: [...]",
                )

    def idle(self, question: Question) -> bool:
        return question.section.before and not question.read_by and question.kind not in UNREAD

    def used(self) -> Iterator[str]:
        yield from self.protocol.weighed
        for question in self.protocol.questions:
            if question.when is not None:
                yield from names_in(question.when.expression)

    def gates(self, expression: Expression) -> tuple[Question, ...]:
        """The questions it names that are not always asked, all the way up, in their order."""
        found: set[str] = set()
        todo = list(names_in(expression))
        while todo:
            question = self.protocol.by_id.get(self.protocol.question_of.get(todo.pop(), ""))
            if question is not None and question.id not in found and question.when is not None:
                found.add(question.id)
                todo += names_in(question.when.expression)
        return tuple(question for question in self.protocol.gated if question.id in found)

    def words(self, expression: Expression, case: Case) -> str:
        """The case in words, by what the expression compares."""
        parts: dict[str, None] = {}
        for comparison, _ in _signed(expression, True):
            value = case[comparison.name]
            parts.setdefault(_told(comparison.name, value, self.domains[comparison.name]))
        return " and ".join(parts) or "anything is answered"


def _answerable(case: Case, gates: tuple[Question, ...]) -> Case:
    """The case without answers to questions that it leaves unasked."""
    beside = unasked(gates, case)
    silent = {name for gate in gates if gate.id in beside for name in gate.names}
    return {name: value for name, value in case.items() if name not in silent}


def _told(name: str, value: Value, domain: Domain) -> str:
    if isinstance(value, frozenset):
        return f"{name} holds {', '.join(option for option in domain.options if option in value)}"
    if domain.kind in (Kind.NUMBER, Kind.MONEY):
        return f"{name} is {getattr(value, 'low', value)}"
    return f"{name} is {value}"


def _signed(expression: Expression, positive: bool) -> Iterator[tuple[Comparison, bool]]:
    """Every comparison, and whether it counts as it stands or turned round by a not."""
    match expression:
        case Comparison():
            yield expression, positive
        case Not(part):
            yield from _signed(part, not positive)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _signed(part, positive)
