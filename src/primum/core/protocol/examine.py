"""What is wrong with a protocol that reads well: rules that say nothing, or say two things.

Every comparison is one name against constants, so the answers a rule can tell apart are finitely
many and each can be tried. A rule that names so much that this would take long is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

from primum.core.protocol.classes import MOST_OPTIONS, ValueClass, classes, comparisons
from primum.core.protocol.expression import And, Comparison, Expression, Not, Op, Or, holds
from primum.core.protocol.expression import names_in as names_of
from primum.core.protocol.facts import FACTS
from primum.core.protocol.model import Protocol, Question, Rule
from primum.core.protocol.values import UNREAD, Domain, Kind, Value

MOST_CASES: Final = 20_000
UPWARDS: Final = {"more": (Op.MORE, Op.AT_LEAST), "less": (Op.LESS, Op.AT_MOST)}
OTHER: Final = {"more": "less", "less": "more"}
Case = Mapping[str, Value]


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

    def sense(self, rule: Rule) -> Iterator[Flaw]:
        """Whether the rule can be true, and whether it can be anything else."""
        expression = rule.when.expression
        cases = self.cases(*self.needed(expression))
        if cases is None:
            return
        outcomes = {holds(expression, self.answerable(case)) for case in cases}
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

    def contradictions(self) -> Iterator[Flaw]:
        """Pairs where the narrower condition is the lighter one, or where both are the same."""
        rules = self.protocol.rules
        for at, first in enumerate(rules):
            for second in rules[at + 1 :]:
                light, grave = sorted((first, second), key=lambda rule: rule.level)
                flaw = self.contradiction(light, grave)
                if flaw is not None:
                    yield flaw

    def contradiction(self, light: Rule, grave: Rule) -> Flaw | None:
        if not names_of(light.when.expression) & names_of(grave.when.expression):
            return None
        witness = self.implied(light, grave)
        if witness is None:
            return None
        if light.level < grave.level:
            return Flaw(
                f"rule {light.id}",
                f'rules "{light.id}" and "{grave.id}" contradict each other: where {witness}, one'
                f" says {light.level.word} and the other {grave.level.word}, and so wherever"
                f' "{light.id}" holds; narrow "{grave.id}" or remove "{light.id}"',
            )
        if self.implied(grave, light) is None:
            return None
        says = f'rules "{light.id}" and "{grave.id}" hold in the same cases; make them one rule'
        return Flaw(f"rule {grave.id}", says)

    def implied(self, first: Rule, then: Rule) -> str | None:
        """Words for a case where both hold, if `then` holds wherever `first` does."""
        # Over the names of the first alone: what else the other waits for must not matter to it.
        own = names_of(first.when.expression)
        cases = self.cases(first.when.expression, then.when.expression, only=own)
        if cases is None:
            return None
        witness: str | None = None
        for case in cases:
            if holds(first.when.expression, case):
                if holds(then.when.expression, case) is not True:
                    return None
                witness = witness or self.words(first.when.expression, case)
        return witness

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
        protocol = self.protocol
        conditions = [rule.when for rule in protocol.rules]
        conditions += [q.when for q in protocol.questions if q.when is not None]
        conditions += [c.when for c in protocol.commitments if c.when is not None]
        conditions += [look.when for look in protocol.looks if look.when is not None]
        for condition in conditions:
            yield from names_of(condition.expression)

    def needed(self, expression: Expression) -> tuple[Expression, ...]:
        """The expression and, all the way down, when the questions it names are asked."""
        found: dict[Expression, None] = {expression: None}
        todo = list(names_of(expression))
        asked: set[str] = set()
        while todo:
            question = self.question(todo.pop())
            if question is None or question.id in asked or question.when is None:
                continue
            asked.add(question.id)
            found.setdefault(question.when.expression)
            todo += names_of(question.when.expression)
        return tuple(found)

    def question(self, name: str) -> Question | None:
        return self.protocol.by_id.get(self.protocol.question_of.get(name, ""))

    def cases(
        self, *expressions: Expression, only: frozenset[str] | None = None
    ) -> list[Case] | None:
        """Every case the expressions can tell apart; None when there are too many to try."""
        told = comparisons(expressions)
        choices: dict[str, tuple[ValueClass, ...]] = {}
        for name, compared in told.items():
            if only is not None and name not in only:
                continue
            if _options(compared) > MOST_OPTIONS:
                return None
            choices[name] = classes(self.domains[name], compared)
        if prod(len(each) for each in choices.values()) > MOST_CASES:
            return None
        return [
            dict(zip(choices, (each.value for each in values), strict=True))
            for values in product(*choices.values())
        ]

    def answerable(self, case: Case) -> Case:
        """The case without answers to questions that it leaves unasked."""
        known = dict(case)
        for question in self.protocol.questions:
            if question.when is not None and holds(question.when.expression, known) is False:
                for name in question.names:
                    known.pop(name, None)
        return known

    def words(self, expression: Expression, case: Case) -> str:
        """The case in words, by what the expression compares."""
        parts: dict[str, None] = {}
        for comparison, _ in _signed(expression, True):
            value = case[comparison.name]
            parts.setdefault(_told(comparison.name, value, self.domains[comparison.name]))
        return " and ".join(parts) or "anything is answered"


def _options(compared: Iterable[Comparison]) -> int:
    return len(
        {c for comparison in compared if comparison.op is Op.HAS for c in comparison.constants}
    )


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
