"""What is wrong with a protocol that reads well: rules that say nothing, or say two things.

Every comparison is one name against constants, so the answers a rule can tell apart are finitely
many and each can be tried. A rule that names so much that this would take long is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from primum.core.protocol.classes import Case, cases, implied
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
        tried = cases(self.domains, self.needed(expression))
        if tried is None:
            return
        outcomes = {holds(expression, self.answerable(case)) for case in tried}
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
        if not names_in(light.when.expression) & names_in(grave.when.expression):
            return None
        case = implied(self.domains, light.when.expression, grave.when.expression)
        if case is None:
            return None
        witness = self.words(light.when.expression, case)
        if light.level < grave.level:
            return Flaw(
                f"rule {light.id}",
                f'rules "{light.id}" and "{grave.id}" contradict each other: where {witness}, one'
                f" says {light.level.word} and the other {grave.level.word}, and so wherever"
                f' "{light.id}" holds; narrow "{grave.id}" or remove "{light.id}"',
            )
        if implied(self.domains, grave.when.expression, light.when.expression) is None:
            return None
        says = f'rules "{light.id}" and "{grave.id}" hold in the same cases; make them one rule'
        return Flaw(f"rule {grave.id}", says)

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
            yield from names_in(condition.expression)

    def needed(self, expression: Expression) -> tuple[Expression, ...]:
        """The expression and, all the way down, when the questions it names are asked."""
        found: dict[Expression, None] = {expression: None}
        todo = list(names_in(expression))
        asked: set[str] = set()
        while todo:
            question = self.question(todo.pop())
            if question is None or question.id in asked or question.when is None:
                continue
            asked.add(question.id)
            found.setdefault(question.when.expression)
            todo += names_in(question.when.expression)
        return tuple(found)

    def question(self, name: str) -> Question | None:
        return self.protocol.by_id.get(self.protocol.question_of.get(name, ""))

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
