"""Small protocols, made in Python, and strategies that make many of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from primum.core.protocol import (
    CELLS,
    FACTS,
    Answers,
    CommitmentOffer,
    Condition,
    Domain,
    Kind,
    People,
    Phase,
    Proof,
    Protocol,
    Question,
    Range,
    Rule,
    Section,
    StopSpec,
    Value,
    names_in,
    parse,
)
from primum.core.vocabulary import Level, Stakes

DOMAINS: Mapping[str, Domain] = {
    "armed": Domain(Kind.YES_NO, ("yes", "no")),
    "access": Domain(Kind.CHOICE, ("written", "spoken", "refused")),
    "heard": Domain(Kind.SEVERAL, ("nobody", "women", "elders")),
    "held": Domain(Kind.NUMBER),
    "worth": Domain(Kind.MONEY, currency="USD"),
    "since": Domain(Kind.DATE),
    "aim": Domain(Kind.TEXT),
    "hurt": Domain(Kind.PEOPLE),
    "where": Domain(Kind.PLACE),
    "partners": Domain(Kind.PARTY),
    "papers": Domain(Kind.EVIDENCE),
}
CELLED = {f"hurt.{cell}": Domain(Kind.NUMBER, counted=True) for cell in CELLS}
NAMES = {**DOMAINS, **CELLED, **{name: fact.domain for name, fact in FACTS.items()}}

VALUES: Mapping[str, Sequence[Value]] = {
    "armed": ("yes", "no"),
    "access": ("written", "spoken", "refused"),
    "heard": tuple(
        frozenset(some)
        for size in (1, 2, 3)
        for some in itertools.combinations(("nobody", "women", "elders"), size)
    ),
    "held": tuple(Range.exactly(Decimal(halves) / 2) for halves in (0, 2, 3, 4, 5, 6, 8)),
    "since": (date(2024, 1, 1), date(2025, 6, 30), date(2026, 1, 1)),
    "worth": tuple(Range.exactly(amount) for amount in (0, 500, 1000)),
    "hurt.girls": tuple(Range.exactly(number) for number in (0, 1, 2, 3)),
}
"""Every value worth trying: one in each class that the constants below can tell apart."""
ON_A_LINE = ("held", "worth", "hurt.girls")
"""Names whose value may be a range."""

ATOMS = (
    "armed == yes",
    "armed != yes",
    "access == written",
    "access != refused",
    "access in [spoken, refused]",
    "access not in [written]",
    "women in heard",
    "nobody not in heard",
    "held >= 2",
    "held < 3",
    "held == 1",
    "held != 3",
    "held > 2",
    "held <= 1",
    "since < 2025-06-30",
    "since >= 2025-06-30",
    "worth > 500",
    "worth <= 500",
    "hurt.girls >= 1",
    "hurt.girls < 2",
    "hurt.girls == 2",
)


def question(name: str, **changes: object) -> Question:
    asked = Question(name, Section.HARM, {"en": f"{name}?"}, DOMAINS[name])
    return replace(asked, **changes)  # type: ignore[arg-type]


def rule(name: str, when: str, level: Level = Level.MEDIUM) -> Rule:
    return Rule(name, condition(when), level, {"en": f"Because {name}."}, f"page of {name}")


def condition(when: str) -> Condition:
    return Condition(when, parse(when, NAMES))


def stop(name: str, passable_by: Stakes | None = None) -> StopSpec:
    return StopSpec(name, passable_by, {"en": f"Stop for {name}."})


def commitment(name: str, when: str | None = None) -> CommitmentOffer:
    return CommitmentOffer(
        id=name,
        text={"en": f"Promise of {name}"},
        phase=Phase.DURING,
        by="owner",
        proof=Proof.NOTE,
        verifier="verifies",
        when=None if when is None else condition(when),
    )


def protocol(*rules: Rule, **changes: object) -> Protocol:
    made = Protocol(
        id="small",
        version="0" * 64,
        title={"en": "Small"},
        languages=("en",),
        review_needed=False,
        layout="page",
        questions=tuple(question(name) for name in DOMAINS),
        rules=rules,
        hard_stops=(),
        effects=(),
        commitments=(),
        looks=(),
        assesses=frozenset({"assesses"}),
        advises=frozenset(),
        decides={stakes: frozenset({"decides"}) for stakes in Stakes},
        lease_days=90,
        watch_days=365,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def answers(**known: Value) -> Answers:
    return Answers(known)


def number(low: int, high: int | None = None) -> Range:
    return Range(Decimal(low), Decimal(low if high is None else high))


def answered(known: Mapping[str, Value]) -> Answers:
    """The answers behind these names: the cells of a count are one answer."""
    cells = {name.partition(".")[2]: value for name, value in known.items() if "." in name}
    counted = tuple((cell, cells[cell]) for cell in CELLS if cell in cells)
    plain = {name: value for name, value in known.items() if "." not in name}
    return Answers({**plain, "hurt": People(counted)} if counted else plain)  # type: ignore[arg-type]


def completions(known: Mapping[str, Value], names: Iterable[str]) -> Iterator[dict[str, Value]]:
    """Every way in which these names could turn out, given what is known, be it as a range."""
    choices = {name: [v for v in VALUES[name] if agrees(v, known.get(name))] for name in names}
    for values in itertools.product(*choices.values()):
        yield {**known, **dict(zip(choices, values, strict=True))}


def agrees(value: Value, known: Value | None) -> bool:
    if isinstance(known, Range) and isinstance(value, Range):
        return known.low <= value.low <= known.high
    return known is None or value == known


def named(small: Protocol) -> frozenset[str]:
    """Every name that a rule mentions."""
    return frozenset().union(*(names_in(rule.when.expression) for rule in small.rules))


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        parts.map(lambda part: f"not ({part})"),
        several.map(lambda some: " and ".join(f"({part})" for part in some)),
        several.map(lambda some: " or ".join(f"({part})" for part in some)),
    )


EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), _joined, max_leaves=6)
LEVELS = st.sampled_from([Level.MEDIUM, Level.HIGH, Level.BARRED])
PASSABLE = st.sampled_from([None, Stakes.HIGH, Stakes.LEADERSHIP])


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Protocols of a few rules, some of them hard stops, some questions required."""
    count = draw(st.integers(0, 5))
    rules = tuple(rule(f"r{i}", draw(EXPRESSIONS), draw(LEVELS)) for i in range(count))
    stops = tuple(stop(r.id, draw(PASSABLE)) for r in rules if draw(st.booleans()))
    required = draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=2))
    met = draw(st.sets(st.sampled_from([r.id for r in rules]), max_size=3)) if rules else set()
    promise = replace(commitment("c", draw(EXPRESSIONS)), meets=frozenset(met))
    promises = (promise,) if draw(st.booleans()) else ()
    return protocol(
        *rules,
        hard_stops=stops,
        commitments=promises,
        questions=tuple(question(name, required=name in required) for name in DOMAINS),
    )


@st.composite
def known_values(draw: st.DrawFn) -> dict[str, Value]:
    """Some of the names, known; numbers sometimes as a range."""
    known: dict[str, Value] = {}
    for name, values in VALUES.items():
        if draw(st.booleans()):
            known[name] = draw(st.sampled_from(values))
    for name in ON_A_LINE:
        if draw(st.integers(0, 3)) == 0:
            ends = [draw(st.sampled_from(VALUES[name])) for _ in range(2)]
            numbers = sorted(end.low for end in ends if isinstance(end, Range))
            known[name] = Range(numbers[0], numbers[-1])
    return known
