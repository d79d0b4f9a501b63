"""Does any text bring down what reads protocols, rules and answers? None may.

Inputs are grown from good ones: cut, spliced, repeated, nested, disguised. What brings a sentence
that no input brought before is kept and grown further. An input may be refused with an error that
was written to be read, placed inside the text; anything else is a find, and is printed so that it
can be tried again. With `--atheris` the same targets are fuzzed by coverage, one process each.

Run: make bench, or python bench/fuzz_protocols.py --inputs 1000000
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from primum import protocols
from primum.core.protocol import (
    FACTS,
    AnswerError,
    Answers,
    ExpressionError,
    ProtocolError,
    canonical,
    explain,
    holds,
    parse,
    plain_answers,
    plan,
    read_answers,
    replay,
    ruling_to_json,
    weigh,
)
from primum.core.protocol.classes import classes, comparisons
from primum.core.vocabulary import Recommendation

PEERS = Path(__file__).parents[1] / "build" / "bench"
"""Where `make bench` puts what only measurements need."""
INPUTS = 30_000
POOL = 400
LONGEST = 20_000
SMALL = """\
protocol: fuzzed
title: {en: Fuzzed, fr: Essayé}
review: needed
languages: [en, fr]
questions:
  - id: armed
    section: brings
    ask: {en: Armed?, fr: Armé ?}
    kind: yes_no
    required: yes
    changeable: yes
  - id: access
    section: do
    ask: {en: May we come?, fr: Pouvons-nous venir ?}
    kind: choice
    options: {written: {en: Written, fr: Écrit}, spoken: {en: Spoken, fr: Oral}}
    when: armed == yes
  - {id: heard, section: harm, ask: {en: Who?, fr: Qui ?}, kind: several, options: [women, men]}
  - {id: worth, section: brings, ask: {en: Worth?, fr: Prix ?}, kind: money, currency: USD}
  - {id: held, section: harm, ask: {en: Held?, fr: Qui ?}, kind: people, worse: more}
  - {id: since, section: harm, ask: {en: When?, fr: Quand ?}, kind: date}
  - {id: where, section: brings, ask: {en: Where?, fr: Où ?}, kind: place}
  - {id: force, section: brings, ask: {en: Who?, fr: Qui ?}, kind: party}
  - {id: papers, section: brings, ask: {en: Papers?, fr: Pièces ?}, kind: evidence}
  - {id: aim, section: decide, ask: {en: Aim?, fr: But ?}, kind: text, read_by: assesses}
  - {id: suffered, section: happened, ask: {en: Hurt?, fr: Blessés ?}, kind: yes_no}
rules:
  - id: shut
    when: armed == yes and (access != written or held.girls >= 1)
    level: high
    says: {en: Shut., fr: Fermé.}
    cites: a page
    audience: [advises]
  - {id: dear, when: worth > 500, level: medium, says: {en: D, fr: C}, cites: p, asks_first: yes}
  - id: old
    when: |
      since < 2020-01-01
      or party.record == none
    level: medium
    says: {en: Old., fr: Vieux.}
    cites: a page
    wording: to be checked
  - {id: none, when: women not in heard, level: barred, says: {en: N, fr: N}, cites: page}
hard_stops: [{rule: shut, passable_by: leadership}]
effects: [{id: fear, who: {en: All, fr: Tous}, what: {en: Fear, fr: Peur}, order: 2}]
commitments:
  - id: come
    text: {en: We come., fr: Nous venons.}
    phase: during
    by: recipient
    proof: visit
    verifier: verifies
    meets: shut
    due: 30d
    when: armed == yes
looks:
  - id: first
    title: {en: Look, fr: Suivi}
    by: monitor
    after: [3d, 30d]
    repeat: {every: 90d, until: 390d}
    grace: 14d
    method: [visit, phone]
    asks: [suffered]
assesses: assesses
advises: [advises]
decides: {ordinary: head, high: deputy, leadership: chief}
clocks: {assess: 24h, review: 3d}
exposure: {up: 2, down: 1, confidence: plausible, weaker: 7d}
seal_floor: 1
lease: 90d
watch: 365d
"""
ANSWERS = """\
armed: yes
access: {unknown: nobody went}
heard: [women]
worth: {min: 100, max: 600}
held: {girls: 1, men: {min: 2, max: 4}}
since: 2019-05-06
where: 01234567-89ab-cdef-0123-456789abcdef
papers: [https://example.org/a, FILE-7]
aim: {answer: peace, evidence: [FILE-8]}
"""
PROTOCOL = protocols.parse(SMALL)
NAMES = {**PROTOCOL.names, **{name: fact.domain for name, fact in FACTS.items()}}
RULES = (
    *(rule.when.source for rule in PROTOCOL.rules),
    "not (held.women < 2 and worth == -1.5) or access in [written, spoken]",
    "party.harm_reports_24_months >= 3 and since >= 2024-02-29",
)
OFFERED = set(Recommendation) - {Recommendation.GO, Recommendation.GO_WITH_CONDITIONS}


def try_rule(text: str) -> str:
    """What the reader of rules says of a text: nothing, or what is wrong with it."""
    try:
        expression = parse(text, NAMES)
    except ExpressionError as error:
        assert error.mistakes
        assert all(0 <= mistake.offset <= max(len(text), 2_000) for mistake in error.mistakes)
        return "; ".join(mistake.says for mistake in error.mistakes)
    told = comparisons([expression])
    for name, compared in told.items():
        for each in classes(NAMES[name], compared):
            assert all(holds(one, {name: each.value}) is not None for one in compared)
    assert holds(expression, {}) is None
    return ""


def try_file(text: str) -> str:
    """The same of a protocol file; one that is read is weighed, explained and weighed again."""
    try:
        read = protocols.parse(text, thorough=True)
    except ProtocolError as error:
        assert error.mistakes
        lines = text.count("\n") + text.count("\r") + 2
        assert all(1 <= m.line <= lines + 5 and m.column >= 1 for m in error.mistakes)
        return "; ".join(mistake.says for mistake in error.mistakes)
    assert protocols.bundle(protocols.bundle(text)) == protocols.bundle(text)
    ruling = weigh(read, Answers())
    assert ruling.recommendation in OFFERED
    explain(read, Answers(), nodes=50)
    plan(read, Answers())
    stored = ruling_to_json(ruling)
    assert canonical(ruling_to_json(replay(read, stored))) == canonical(stored)
    return ""


def try_answers(text: str) -> str:
    """The same of a file of answers; answers that are taken come back as they were."""
    try:
        given = protocols.plain(text)
        answers = read_answers(PROTOCOL, given if isinstance(given, Mapping) else {})
    except ProtocolError as error:
        return "; ".join(mistake.says for mistake in error.mistakes)
    except AnswerError as error:
        return "; ".join(mistake.says for mistake in error.mistakes)
    assert read_answers(PROTOCOL, plain_answers(PROTOCOL, answers)) == answers
    weigh(PROTOCOL, answers)
    return ""


def words_of(*texts: str) -> tuple[str, ...]:
    return tuple(sorted({word for text in texts for word in re.findall(r"[\w.-]+", text)}))


SPECIAL = (
    *("&a ", "*a", "!!python/object ", "!t ", "|\n", ">\n", "---\n", "...\n", "%YAML 1.1\n", "? "),
    *("- ", ": ", "[", "]", "{", "}", "'", '"', "#", "\t", "\r\n", "\x00", "\x85", "\u2028"),
    *("\ufeff", "\u202e", "\ud800", "а", "е", "٣", "́", "🂡", "\\U0010FFFF", "\\x00", "0001-01-01"),
    *("9999-12-31", "-0", "1e9", "999999999999999", "0.000001", "NaN", "__import__('os')"),
    *("lambda: 0", "<<: ", "=", "==", "!=", "unknown", "(" * 45, "not " * 45, "[" * 40, "  " * 20),
)


@dataclass
class Target:
    """One reader, the good inputs it grows others from, and what became of them."""

    name: str
    share: int
    tries: Callable[[str], str]
    good: list[str]
    words: tuple[str, ...]
    odd: list[str] = field(default_factory=list)
    """Refused, each with a sentence that was new."""
    tried: int = 0
    taken: int = 0
    slowest: float = 0.0
    """Seconds of this processor, whatever else it does meanwhile."""
    slow: str = ""
    seen: set[str] = field(default_factory=set)
    finds: list[str] = field(default_factory=list)

    def one(self, text: str, chance: random.Random) -> None:
        begun = time.process_time()
        try:
            said = self.tries(text)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is what we look for)
            if len(self.finds) < 20:
                self.finds.append(f"{type(error).__name__}: {error!s:.200}\n    {text!r:.2000}")
            return
        self.tried += 1
        self.taken += not said
        took = time.process_time() - begun
        if took > self.slowest:
            self.slowest, self.slow = took, text
        new = {re.sub(r"[^a-z ]+|\b(is|has|of) [\w., ]+", "…", each) for each in said.split("; ")}
        if not said:
            self.keep(self.good, text, chance)
        elif new - self.seen:
            self.seen |= new
            self.keep(self.odd, text, chance)

    def keep(self, pool: list[str], text: str, chance: random.Random) -> None:
        if len(pool) < POOL:
            pool.append(text)
        elif len(text) < LONGEST // 4:
            pool[chance.randrange(len(pool))] = text

    def any(self, chance: random.Random) -> str:
        return chance.choice(self.odd if self.odd and chance.random() < 0.3 else self.good)


def targets() -> tuple[Target, ...]:
    return (
        Target("rules", 12, try_rule, list(RULES), words_of(*RULES, *NAMES)),
        Target("protocol files", 3, try_file, [SMALL], words_of(SMALL)),
        Target("files of answers", 5, try_answers, [ANSWERS], words_of(ANSWERS)),
    )


def grown(target: Target, chance: random.Random) -> str:
    """A good input, changed in one to six places."""
    text = target.any(chance)
    for _ in range(chance.choice((1, 1, 1, 1, 2, 4))):
        text = chance.choice(CHANGES)(text, target, chance)
    return text[:LONGEST]


def _places(text: str, chance: random.Random, widest: int = 12) -> tuple[int, int]:
    at = chance.randint(0, len(text))
    return at, min(len(text), at + chance.randint(0, widest))


def _cut(text: str, _target: Target, chance: random.Random) -> str:
    at, end = _places(text, chance, 40)
    return text[:at] + text[end:]


def _put(text: str, target: Target, chance: random.Random) -> str:
    at, end = _places(text, chance, chance.choice((0, 0, 8)))
    return text[:at] + chance.choice(SPECIAL) + text[end:]


def _word(text: str, target: Target, chance: random.Random) -> str:
    """One word for another, where words stand: most of these are still YAML."""
    found = list(re.finditer(r"[\w.-]+", text))
    if not found:
        return text
    where = chance.choice(found)
    return text[: where.start()] + chance.choice(target.words) + text[where.end() :]


def _line(text: str, _target: Target, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines) + 1)
    line = lines[at] if chance.random() < 0.5 else lines.pop(at)
    return "".join((*lines[:to], " " * chance.choice((0, 0, 2)), line, *lines[to:]))


def _splice(text: str, target: Target, chance: random.Random) -> str:
    other = target.any(chance)
    at, end = _places(other, chance, 200)
    to = chance.randint(0, len(text))
    return text[:to] + other[at:end] + text[to:]


def _repeat(text: str, _target: Target, chance: random.Random) -> str:
    at, end = _places(text, chance, 60)
    return text[:at] + text[at:end] * chance.choice((2, 3, 50)) + text[end:]


def _byte(text: str, _target: Target, chance: random.Random) -> str:
    at, end = _places(text, chance, 1)
    return (
        text[:at]
        + chr(chance.choice((chance.randrange(128), chance.randrange(0x3000))))
        + (text[end:])
    )


CHANGES = (_cut, _put, _word, _word, _word, _line, _splice, _repeat, _byte)


def fuzz(count: int, seed: int) -> Iterator[Target]:
    chance = random.Random(seed)
    tried = targets()
    whole = sum(target.share for target in tried)
    for target in tried:
        for text in tuple(target.good):
            assert target.tries(text) == "", f"the good input of {target.name} is refused"
        for _ in range(count * target.share // whole):
            target.one(grown(target, chance), chance)
        yield target


def by_coverage(name: str, count: int) -> None:
    """One target under atheris, which mutates bytes by what code they reach and ends by itself."""
    sys.path.append(str(PEERS))
    atheris = import_module("atheris")
    atheris.instrument_all()
    target = next(each for each in targets() if name in each.name)

    def one(data: bytes) -> None:
        target.tries(data.decode("utf-8", "surrogateescape"))

    with tempfile.TemporaryDirectory(prefix="primum-fuzz-") as corpus:
        for number, text in enumerate(target.good):
            Path(corpus, f"good{number}").write_text(text, encoding="utf-8")
        words = Path(corpus, "words.dict")
        words.write_text("".join(f'"{word}"\n' for word in target.words), encoding="utf-8")
        found = PEERS.parent / "fuzz"
        found.mkdir(parents=True, exist_ok=True)
        runs = [f"-runs={count}", "-max_len=4096", "-print_final_stats=1", f"-dict={words}"]
        atheris.Setup([sys.argv[0], *runs, f"-artifact_prefix={found}/", corpus], one)
        atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slowest", type=Path, help="a folder for the slowest input of each kind")
    parser.add_argument("--atheris", metavar="TARGET", help="rules, protocol or answers")
    args = parser.parse_args()
    if args.atheris:
        by_coverage(args.atheris, args.inputs)
        return 0
    print(f"{'':18} {'inputs':>9} {'taken':>8} {'sentences':>9} {'slowest':>9} {'finds':>6}")
    finds: list[str] = []
    for target in fuzz(args.inputs, args.seed):
        print(
            f"{target.name:18} {target.tried:9,} {target.taken:8,} {len(target.seen):9,}"
            f" {target.slowest * 1000:6.0f} ms {len(target.finds):6}",
            flush=True,
        )
        finds += target.finds
        if args.slowest:
            Path(args.slowest, f"{target.name}.txt").write_text(target.slow, encoding="utf-8")
    for find in finds:
        print(find)
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
