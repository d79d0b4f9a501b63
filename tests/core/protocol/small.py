"""Small protocols, made in Python, and strategies that make many of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from primum.core.protocol import (
    FACTS,
    Answers,
    CommitmentOffer,
    Condition,
    Domain,
    Kind,
    Phase,
    Proof,
    Protocol,
    Question,
    Range,
    Rule,
    Section,
    StopSpec,
    Value,
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
}
NAMES = {**DOMAINS, **{name: fact.domain for name, fact in FACTS.items()}}

VALUES: Mapping[str, Sequence[Value]] = {
    "armed": ("yes", "no"),
    "access": ("written", "spoken", "refused"),
    "heard": tuple(
        frozenset(some)
        for size in (1, 2, 3)
        for some in itertools.combinations(("nobody", "women", "elders"), size)
    ),
    "held": tuple(Range.exactly(number) for number in (0, 1, 2, 3, 4)),
    "since": (date(2024, 1, 1), date(2025, 6, 30), date(2026, 1, 1)),
}
"""Every value worth trying: one in each class that the constants below can tell apart."""

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


def completions(known: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Every way in which all the names of VALUES could turn out, given what is known."""
    choices = [[known[name]] if name in known else VALUES[name] for name in VALUES]
    for values in itertools.product(*choices):
        yield dict(zip(VALUES, values, strict=True))


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
    promises = (commitment("c", draw(EXPRESSIONS)),) if draw(st.booleans()) else ()
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
    if draw(st.booleans()):
        low, high = sorted((draw(st.integers(0, 4)), draw(st.integers(0, 4))))
        known["held"] = number(low, high)
    return known
