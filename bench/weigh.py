"""One equal protocol of 25 rules, weighed by us and by two rule engines, and our explanations.

Peers know no unknowns, so the race is over complete answers, and every result is checked: the level
and the rules that hold must be the same. Core: from values to a result. End to end: from a text of
JSON to a text of JSON. Run: make bench
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from primum.core.protocol import (
    Answers,
    Condition,
    Domain,
    Expression,
    Kind,
    Protocol,
    Question,
    Rule,
    Section,
    canonical,
    explain,
    parse,
    read_answers,
    ruling_to_json,
    weigh,
)
from primum.core.protocol.expression import And, Comparison, Not, Op, Or
from primum.core.vocabulary import Level, Stakes

sys.path.append(str(Path(__file__).parents[1] / "build" / "bench"))
QUESTIONS, RULES, CASES, ROUNDS, POLICIES = 30, 25, 200, 15, 200
UNKNOWN = 0.3
Raw = Mapping[str, object]
Result = tuple[str, tuple[str, ...]]
"""The level, and the rules that hold."""


# Random policies of one size, and answers to them ------------------------------------------------


def policy(chance: random.Random) -> Protocol:
    """Questions of every kind that peers know, and rules of one to four comparisons."""
    asked = tuple(
        Question(
            f"q{i}", Section.HARM, {"en": "?"}, _domain(chance), changeable=chance.random() < 0.4
        )
        for i in range(QUESTIONS)
    )
    names = {question.id: question.domain for question in asked}
    levels = [Level.MEDIUM, Level.HIGH, Level.HIGH, Level.BARRED]
    rules = []
    for i in range(RULES):
        text = _condition(names, chance)
        when = Condition(text, parse(text, names))
        rules.append(Rule(f"r{i}", when, chance.choice(levels), {"en": "Because."}, "a page"))
    return Protocol(
        id="random",
        version="0" * 64,
        title={"en": "Random"},
        languages=("en",),
        review_needed=False,
        layout="page",
        questions=asked,
        rules=tuple(rules),
        hard_stops=(),
        effects=(),
        commitments=(),
        looks=(),
        assesses=frozenset({"a"}),
        advises=frozenset({"b"}),
        decides={stakes: frozenset({"c"}) for stakes in Stakes},
        lease_days=90,
        watch_days=365,
    )


def _domain(chance: random.Random) -> Domain:
    kind = chance.choice([Kind.YES_NO, Kind.YES_NO, Kind.CHOICE, Kind.CHOICE, Kind.SEVERAL])
    if chance.random() < 0.2:
        return Domain(Kind.NUMBER)
    return Domain(kind, ("yes", "no") if kind is Kind.YES_NO else ("a", "b", "c", "d"))


def _condition(names: Mapping[str, Domain], chance: random.Random) -> str:
    parts = [_comparison(names, chance) for _ in range(chance.randint(1, 4))]
    if len(parts) == 4:
        return f"({parts[0]} and {parts[1]}) or ({parts[2]} and {parts[3]})"
    return chance.choice([" and ", " and ", " or "]).join(parts)


def _comparison(names: Mapping[str, Domain], chance: random.Random) -> str:
    name, domain = chance.choice(list(names.items()))
    if domain.kind is Kind.NUMBER:
        return f"{name} {chance.choice(['>=', '<', '>', '=='])} {chance.randint(1, 5)}"
    if domain.kind is Kind.SEVERAL:
        return f"{chance.choice(domain.options)} in {name}"
    if domain.kind is Kind.CHOICE and chance.random() < 0.4:
        return f"{name} in [{', '.join(chance.sample(domain.options, 2))}]"
    return f"{name} {chance.choice(['==', '!='])} {chance.choice(domain.options)}"


def answers(protocol: Protocol, chance: random.Random, unknown: float) -> Raw:
    """Answers as they are sent; this share of them is left out."""
    return {
        question.id: _answer(question.domain, chance)
        for question in protocol.questions
        if chance.random() >= unknown
    }


def _answer(domain: Domain, chance: random.Random) -> object:
    if domain.kind is Kind.NUMBER:
        return chance.randint(0, 6)
    if domain.kind is Kind.SEVERAL:
        return chance.sample(domain.options, chance.randint(1, 3))
    return chance.choice(domain.options)


# The three engines -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Engine:
    """One way of weighing: `ready` prepares answers for `core`; `whole` goes from text to text."""

    name: str
    ready: Callable[[Raw], Any]
    core: Callable[[Any], Any]
    result: Callable[[Any], Result]
    whole: Callable[[str], str]


def ours(protocol: Protocol) -> Engine:
    def whole(text: str) -> str:
        return canonical(ruling_to_json(weigh(protocol, read_answers(protocol, json.loads(text)))))

    return Engine(
        "primum: reasons, interval, open questions",
        lambda raw: read_answers(protocol, raw),
        lambda given: weigh(protocol, given),
        lambda ruling: (
            ruling.lowest.word,
            tuple(sorted(reason.rule for reason in ruling.reasons)),
        ),
        whole,
    )


def zen(protocol: Protocol, *, trace: bool) -> Engine:
    rows = [
        {"id": rule.id, "key": rule.id, "value": written(rule.when.expression, ZEN)}
        for rule in protocol.rules
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {
            "id": "rules",
            "type": "expressionNode",
            "name": "rules",
            "content": {"expressions": rows},
        },
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
        {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
    ]
    engine = import_module("zen").ZenEngine()
    decision = engine.create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def core(raw: Any) -> Any:
        return decision.evaluate(raw, {"trace": trace})

    return Engine(
        f"zen-engine, {'with' if trace else 'without'} trace",
        lambda raw: raw,
        core,
        lambda given: held(protocol, given["result"]),
        lambda text: json.dumps(core(text)),
    )


def cel(protocol: Protocol) -> Engine:
    library = import_module("cel")
    programs = {
        rule.id: library.compile(written(rule.when.expression, CEL)) for rule in protocol.rules
    }

    def ready(raw: Raw) -> Any:
        return {k: float(v) if isinstance(v, int) else v for k, v in raw.items()}

    def core(raw: Any) -> Mapping[str, object]:
        # One context a case: twenty times faster than a dictionary handed to each program.
        context = library.Context(variables=raw)
        return {name: program.execute(context) for name, program in programs.items()}

    def whole(text: str) -> str:
        level, rules = held(protocol, core(ready(json.loads(text))))
        return json.dumps({"level": level, "rules": rules})

    return Engine("CEL (Rust), a program a rule", ready, core, lambda o: held(protocol, o), whole)


def held(protocol: Protocol, outcomes: Mapping[str, object]) -> Result:
    """What an engine that only says yes or no of each rule would make of them."""
    true = [rule for rule in protocol.rules if outcomes[rule.id] is True]
    level = max((rule.level for rule in true), default=Level.LOW)
    return level.word, tuple(sorted(rule.id for rule in true))


ZEN = {"and": " and ", "or": " or ", "not": "not ", "number": "{}"}
CEL = {"and": " && ", "or": " || ", "not": "!", "number": "{}.0"}


def written(expression: Expression, words: Mapping[str, str]) -> str:
    """An expression in another language."""
    match expression:
        case Comparison(name, Op.HAS, (option,)):
            return f"{json.dumps(option)} in {name}"
        case Comparison(name, Op.ONE_OF, options):
            return f"{name} in {json.dumps(options)}"
        case Comparison(name, op, (constant,)):
            number = isinstance(constant, Decimal)
            return f"{name} {op} " + (
                words["number"].format(constant) if number else json.dumps(constant)
            )
        case Not(part):
            return f"{words['not']}({written(part, words)})"
        case And(parts) | Or(parts):
            word = words["and" if isinstance(expression, And) else "or"]
            return word.join(f"({written(part, words)})" for part in parts)
    raise AssertionError(expression)


# Measuring ---------------------------------------------------------------------------------------


class Watch:
    """The best time of each case over some rounds: what else the machine does falls away."""

    def __init__(self, does: Callable[[Any], object], given: Sequence[Any]) -> None:
        self.does = does
        self.given = given
        self.best = [float("inf")] * len(given)

    def round(self) -> None:
        for at, each in enumerate(self.given):
            begun = time.perf_counter()
            self.does(each)
            self.best[at] = min(self.best[at], time.perf_counter() - begun)

    @property
    def each(self) -> float:
        """Milliseconds for one."""
        return sum(self.best) / len(self.best) * 1000


def race(chance: random.Random) -> Iterator[str]:
    protocol = policy(chance)
    raws = [answers(protocol, chance, 0) for _ in range(CASES)]
    texts = [json.dumps(raw) for raw in raws]
    engines = (ours(protocol), zen(protocol, trace=False), zen(protocol, trace=True), cel(protocol))
    ready = [[engine.ready(raw) for raw in raws] for engine in engines]
    results = [
        [e.result(e.core(each)) for each in given] for e, given in zip(engines, ready, strict=True)
    ]
    core = [Watch(engine.core, given) for engine, given in zip(engines, ready, strict=True)]
    whole = [Watch(engine.whole, texts) for engine in engines]
    for _ in range(ROUNDS):
        # In turns, so that no engine has the quiet hour to itself.
        for watch in (*core, *whole):
            watch.round()
    yield f"{RULES} rules, {QUESTIONS} questions, {CASES} complete answers; milliseconds for one"
    yield f"  {'':42} {'core':>8} {'ratio':>7} {'whole':>8} {'ratio':>7}   equal"
    for at, engine in enumerate(engines):
        equal = sum(one == other for one, other in zip(results[0], results[at], strict=True))
        yield (
            f"  {engine.name:42} {core[at].each:8.3f} {core[at].each / core[0].each:7.2f}"
            f" {whole[at].each:8.3f} {whole[at].each / whole[0].each:7.2f}   {equal} of {CASES}"
        )


def unknowns(chance: random.Random) -> Iterator[str]:
    """What each engine makes of answers of which a third is missing."""
    protocol = policy(chance)
    raws = [answers(protocol, chance, UNKNOWN) for _ in range(CASES)]
    rulings = [weigh(protocol, read_answers(protocol, raw)) for raw in raws]
    open_yet = [not ruling.settled for ruling in rulings]
    yield f"{UNKNOWN:.0%} of the answers left out: {sum(open_yet)} of {CASES} Rulings are open"
    for engine in (zen(protocol, trace=False), cel(protocol)):
        failed = too_low = 0
        for raw, ruling in zip(raws, rulings, strict=True):
            try:
                level, _ = engine.result(engine.core(engine.ready(raw)))
            except Exception:  # noqa: BLE001 (each engine has errors of its own)
                failed += 1
            else:
                too_low += Level[level.upper()] < ruling.highest
        yield f"  {engine.name:42} raised {failed}, named a level below what may be {too_low}"


def explanations(chance: random.Random) -> Iterator[str]:
    took: list[float] = []
    weighing: list[float] = []
    complete: list[bool] = []
    for _ in range(POLICIES):
        protocol = policy(chance)
        given = read_answers(protocol, answers(protocol, chance, 0.4))
        weigh(protocol, given)
        watch = Watch(partial(weigh, protocol), [given])
        for _ in range(ROUNDS):
            watch.round()
        weighing.append(watch.each)
        begun = time.perf_counter()
        found = explain(protocol, given)
        took.append((time.perf_counter() - begun) * 1000)
        searched = (found.settles_lowest, found.settles_highest, found.lowers)
        complete += [each.complete for each in searched if each is not None]
    yield f"{POLICIES} random policies, 40% unknown; milliseconds for one"
    yield f"  one weighing   median {median(weighing):7.3f}   p95 {_p95(weighing):8.3f}"
    yield (
        f"  explanations   median {median(took):7.2f}   p95 {_p95(took):8.2f}"
        f"   max {max(took):8.2f}   complete up to 3: {sum(complete)} of {len(complete)}"
    )


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


def main() -> int:
    chance = random.Random(20_260_101)
    for part in (race, unknowns, explanations):
        for line in part(chance):
            print(line, flush=True)
    assert weigh(policy(chance), Answers()).recommendation != "go"
    return 0


if __name__ == "__main__":
    sys.exit(main())
