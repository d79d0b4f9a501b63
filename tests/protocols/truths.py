"""Answers made from a protocol itself: one that makes a rule true, and whole random ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, product
from random import Random

from primum.core.protocol import (
    FACTS,
    Answers,
    Domain,
    Expression,
    Facts,
    Kind,
    Protocol,
    Range,
    Rule,
    Value,
    asked,
    holds,
)
from primum.core.protocol.classes import classes
from primum.core.protocol.expression import And, Comparison, Not, Or

Literal = tuple[Comparison, bool]


def witness(protocol: Protocol, rule: Rule) -> tuple[Answers, Facts] | None:
    """Answers to questions that are asked together, and facts, under which the rule is true."""
    domains = {**protocol.names, **{name: fact.domain for name, fact in FACTS.items()}}
    for literals in _ways(rule.when.expression, True):
        known = _known(literals, domains)
        if known is None or holds(rule.when.expression, known) is not True:
            continue
        answers = Answers({name: value for name, value in known.items() if name not in FACTS})
        put = {question.id for question in asked(protocol, answers)}
        if set(answers.known) <= put:
            return answers, {name: value for name, value in known.items() if name in FACTS}
    return None


def _ways(expression: Expression, want: bool) -> Iterator[frozenset[Literal]]:
    """Every set of comparisons that together make the expression come out as wanted."""
    match expression:
        case Comparison():
            yield frozenset({(expression, want)})
        case Not(part):
            yield from _ways(part, not want)
        case And(parts) | Or(parts):
            if isinstance(expression, And) is want:
                for chosen in product(*(list(_ways(part, want)) for part in parts)):
                    yield frozenset(chain.from_iterable(chosen))
            else:
                for part in parts:
                    yield from _ways(part, want)


def _known(
    literals: frozenset[Literal], domains: Mapping[str, Domain]
) -> Mapping[str, Value] | None:
    found: dict[str, Value] = {}
    for name in sorted({comparison.name for comparison, _ in literals}):
        own = [(comparison, want) for comparison, want in literals if comparison.name == name]
        values = classes(domains[name], [comparison for comparison, _ in own])
        fit = (v.value for v in values if all(holds(c, {name: v.value}) is want for c, want in own))
        value = next(fit, None)
        if value is None:
            return None
        found[name] = value
    return found


def completed(protocol: Protocol, random: Random) -> Answers:
    """Every question that is put, answered at random; what people alone read is left out."""
    answers = Answers()
    for question in protocol.questions:
        if not question.section.before or question not in asked(protocol, answers):
            continue
        value = _any(question.domain, random)
        if question.id == "exempt_whole" and random.random() < 0.8:
            value = "no"
        if value is not None:
            answers = Answers({**answers.known, question.id: value})
    return answers


def whole_facts(random: Random) -> Facts:
    """Every registered fact, at random; a force without a baseline has no level."""
    facts: dict[str, Value] = {}
    for name, fact in FACTS.items():
        value = _any(fact.domain, random)
        if value is not None:
            facts[name] = value
    if facts["force.baseline"] == "none":
        del facts["force.baseline_level"]
    return facts


def _any(domain: Domain, random: Random) -> Value | None:
    match domain.kind:
        case Kind.YES_NO | Kind.CHOICE:
            return random.choice(domain.options)
        case Kind.SEVERAL:
            return frozenset(
                random.sample(domain.options, min(random.randint(1, 3), len(domain.options)))
            )
        case Kind.NUMBER | Kind.MONEY:
            return Range.exactly(random.randint(0, 20))
        case Kind.TEXT:
            return "In a few words."
        case Kind.DATE:
            return date(2026, 1, 1) + timedelta(days=random.randint(0, 400))
        case _:
            return None
