"""The page on the language names all that the reader of protocols knows, with an example each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from primum.core.protocol import (
    CELLS,
    FACTS,
    Kind,
    Method,
    Phase,
    Proof,
    Section,
    parse,
    read_answers,
)
from primum.core.protocol.asking import QUESTION, TAKEN
from primum.core.protocol.expression import Op
from primum.core.protocol.model import CLOCKS
from primum.core.protocol.offers import AGAIN, COMMITMENT, EFFECT, GRAVE, LOOK, REPEAT
from primum.core.protocol.parser import RESERVED
from primum.core.protocol.reading import (
    CONFIDENCE,
    LEVELS,
    LIBRARY,
    NEEDS,
    PASSABLE,
    REACH,
    RULE,
    STOP,
)
from primum.core.vocabulary import Stakes
from primum.protocols import library, plain
from primum.protocols import parse as parse_protocol

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "protocol-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
HEADING = re.compile(r"^(#{2,3}) (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def keys(*groups: Collection[str]) -> set[str]:
    return {key for group in groups for key in group}


KEYS: Mapping[str, set[str]] = {
    "": keys(*NEEDS, ["library"]),
    "questions.": keys(*QUESTION, *TAKEN),
    "rules.": keys(*RULE),
    "hard_stops.": keys(*STOP),
    "effects.": keys(*EFFECT),
    "commitments.": keys(*COMMITMENT),
    "looks.": keys(*LOOK),
    "looks.repeat.": keys(REPEAT),
    "looks.again.": keys(AGAIN),
    "grave.": keys(*GRAVE),
    "exposure.": keys(REACH),
    "clocks.": keys(CLOCKS),
    "decides.": {stakes.word for stakes in Stakes},
    "library.": keys(*LIBRARY),
}
WORDS: Mapping[str, type[StrEnum]] = {
    "section": Section,
    "kind": Kind,
    "phase": Phase,
    "proof": Proof,
    "method": Method,
    "Operator": Op,
}


def parts() -> dict[str, str]:
    """Each heading of the page and what stands below it."""
    found = list(HEADING.finditer(TEXT))
    ends = [each.start() for each in found[1:]] + [len(TEXT)]
    return {each[2]: TEXT[each.end() : end] for each, end in zip(found, ends, strict=True)}


def named() -> Iterator[tuple[str, str]]:
    """What must have a heading, and a word that its example must show."""
    for prefix, some in KEYS.items():
        yield from ((f"{prefix}{key}", key) for key in some)
    for word, values in WORDS.items():
        yield from ((f"{word} {value.value}", value.value) for value in values)
    yield from ((word, word) for word in sorted(RESERVED - {"in", "unknown"}))


@pytest.mark.parametrize(("heading", "word"), sorted(set(named())))
def test_it_has_a_heading_and_an_example(heading: str, word: str) -> None:
    part = parts()[heading]
    shown = re.findall(r"`([^`\n]+)`", part) + [block for _, block in BLOCK.findall(part)]
    if part.strip().startswith("What is asked") or "See [" in part:
        return
    wanted = {"has": " in "}.get(word, word)
    assert any(wanted in example for example in shown), heading


def test_every_heading_is_of_something() -> None:
    """What is gone from the language goes from the page."""
    below = {name for name in parts() if f"\n### {name}\n" in TEXT}
    assert below == {heading for heading, _ in named()}


@pytest.mark.parametrize(
    "word", [*LEVELS, *PASSABLE, *CONFIDENCE, *CELLS, "page", "card", "activity", "party", "owner"]
)
def test_every_word_that_may_be_written_is_named(word: str) -> None:
    assert f"`{word}`" in TEXT or f" {word}," in TEXT or f"{word}]" in TEXT


def blocks(language: str) -> list[str]:
    return [block for kind, block in BLOCK.findall(TEXT) if kind == language]


WHOLE = parse_protocol(next(block for block in blocks("yaml") if block.startswith("protocol:")))


def test_the_whole_example_is_sound_and_uses_every_key() -> None:
    text = next(block for block in blocks("yaml") if block.startswith("protocol:"))
    assert parse_protocol(text, thorough=True) == WHOLE
    used = set(re.findall(r"([a-z_]+):", text))
    assert keys(*KEYS.values()) - used <= {"library", "use", "decide", "emergency_record"} | set(
        CLOCKS
    )
    assert {question.kind for question in WHOLE.questions} == set(Kind)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_every_example_is_yaml(block: str) -> None:
    assert plain(block)
    if block.startswith("library:"):
        assert library(block).questions


@pytest.mark.parametrize("line", [line for b in blocks("rule") for line in b.splitlines()])
def test_every_condition_is_one(line: str) -> None:
    names = {**WHOLE.names, **{name: fact.domain for name, fact in FACTS.items()}}
    assert parse(line, names)


def test_every_answer_shown_is_one() -> None:
    """Behind “answered” stands an answer as a file of answers has it."""
    shown = re.findall(r"answered\s+`([a-z_]+: [^`]+)`", TEXT)
    assert len(shown) == len(Kind)
    for line in shown:
        given = plain(line)
        assert isinstance(given, dict)
        assert read_answers(WHOLE, given).known
