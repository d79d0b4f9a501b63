"""Files made to do harm, or by mistake: one clear error, in bounded work and memory."""

from __future__ import annotations

import difflib
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from primum import protocols
from primum.core.protocol import ExpressionError, Protocol, ProtocolError, parse
from primum.core.protocol.fields import ENOUGH, MOST_MISTAKES
from primum.core.protocol.parser import LONGEST
from primum.protocols.reader import MOST_EVENTS
from tests.cli.test_replay import run
from tests.core.protocol.small import NAMES
from tests.protocols.test_mistakes import GOOD

MEGABYTE = 1_000_000


def refused(text: str | bytes) -> list[str]:
    with pytest.raises(ProtocolError) as error:
        protocols.parse(text, "a.yaml", thorough=True)
    return str(error.value).splitlines()


def peak_of(does: Callable[[], object]) -> int:
    """The most memory held at once while it works, in bytes."""
    tracemalloc.start()
    try:
        does()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events of YAML were asked for."""
    counted = [0]
    real = yaml.parse

    def counting(*args: Any, **kwargs: Any) -> Iterator[Any]:
        for event in real(*args, **kwargs):
            counted[0] += 1
            yield event

    monkeypatch.setattr(yaml, "parse", counting)
    return counted


class TestTenMegabytes:
    TOO_LARGE = "1:1: the file is larger than a megabyte; a protocol is a few pages"

    @pytest.mark.parametrize("unit", ["a", "- a\n", "[", "{a: ", "# no\n", "é"])
    def test_it_is_not_even_looked_at(self, unit: str, events: list[int]) -> None:
        data = (unit * (10 * MEGABYTE // len(unit.encode()))).encode()
        assert peak_of(lambda: refused(data)) < MEGABYTE
        assert refused(data) == [f"a.yaml:{self.TOO_LARGE}"]
        assert events == [0]

    def test_the_command_reads_no_more_than_it_takes(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "big.yaml"
        path.write_bytes(b"a" * (10 * MEGABYTE))
        assert peak_of(lambda: run("protocols", "check", path)) < 5 * MEGABYTE
        assert capsys.readouterr().err == f"{path}:{self.TOO_LARGE}\n"

    def test_a_rule_of_a_megabyte(self) -> None:
        with pytest.raises(ExpressionError) as error:
            parse("armed == yes or " * 60_000, NAMES)
        (mistake,) = error.value.mistakes
        assert mistake.offset == LONGEST


RULE = "  - {{id: r{}, when: worth > {}, level: medium, says: {{en: A, fr: B}}, cites: c}}\n"
ASK = "  - {{id: q{}, section: do, ask: {{en: A, fr: B}}, kind: number}}\n"


def with_rules(count: int, rule: str = RULE, ask: str = "") -> str:
    head, tail = GOOD.split("rules:\n")
    return f"{head}{ask}rules:\n{''.join(rule.format(i, i) for i in range(count))}{tail}"


class TestTenThousandRules:
    def test_they_are_cut_off(self, events: list[int]) -> None:
        text = with_rules(10_000)
        assert len(text) < MEGABYTE
        said: list[str] = []
        assert peak_of(lambda: said.extend(refused(text))) < 60 * MEGABYTE
        assert [line.partition(": ")[2] for line in said] == [
            "the file holds more than 20,000 values; split it"
        ]
        assert events[0] <= MOST_EVENTS + 2

    def test_as_many_as_fit_are_read(self, events: list[int]) -> None:
        text = with_rules(950)
        read: list[Protocol] = []
        assert peak_of(lambda: read.append(protocols.parse(text))) < 60 * MEGABYTE
        assert events[0] <= MOST_EVENTS
        assert len(read[0].rules) == 952

    def test_a_mistake_in_each_is_told_a_hundred_times(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each wrong name costs a search for the word that was meant, among all there are."""
        searched = [0]
        real = difflib.get_close_matches

        def counting(*args: Any, **kwargs: Any) -> Any:
            searched[0] += 1
            return real(*args, **kwargs)

        monkeypatch.setattr(difflib, "get_close_matches", counting)
        when = " or ".join(["wrth > 1"] * 90)
        wrong = RULE.replace("worth > {}", when)
        text = with_rules(300, wrong, "".join(ASK.format(i) for i in range(300)))
        said = refused(text)
        assert len(said) == MOST_MISTAKES + 1
        assert said[0] == f"a.yaml:1:1: {ENOUGH}"
        assert searched[0] <= 2 * MOST_MISTAKES

    def test_anchors_without_end_are_told_a_hundred_times(self) -> None:
        said = refused("a:\n" + "".join(f"  - &a{i} x\n" for i in range(5_000)))
        assert len(said) == MOST_MISTAKES + 1
        assert said[0] == f"a.yaml:1:1: {ENOUGH}"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "!t ["])
def test_nesting_is_cut_off(opening: str, events: list[int]) -> None:
    text = opening * (900_000 // len(opening))
    said = refused(text)
    assert "nested deeper than 30" in said[-1] or "a key is a word" in said[-1]
    assert events[0] < 200
    assert peak_of(lambda: refused(text)) < 60 * MEGABYTE


@pytest.mark.parametrize(
    "text", ["\n" * 900_000, "---\n" * 200_000, " " * 900_000, "#\n" * 400_000]
)
def test_nothing_much_is_read_as_nothing(text: str) -> None:
    assert len(refused(text)) == 1


def test_a_million_keys_given_twice() -> None:
    said = refused("a: 1\n" * 9_000)
    assert len(said) == MOST_MISTAKES + 1
    assert said[0] == f"a.yaml:1:1: {ENOUGH}"
    assert said[1] == 'a.yaml:2:1: "a" is given twice, first on line 1; keep one'


class TestLookAlikes:
    """A letter of another script looks like ours and is another. The error names it."""

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (
                "protocol: post",
                "prоtocol: post",
                '1:1: "prоtocol" is not a key of a protocol; it holds CYRILLIC SMALL LETTER O, and'
                " names are plain ASCII letters",
            ),
            (
                "id: detention",
                "id: detentiоn",
                '10:9: "detentiоn" cannot be a question id; use small letters, digits and _; it'
                " holds CYRILLIC SMALL LETTER O, and names are plain ASCII letters",
            ),
            (
                "level: high",
                "level: hіgh",
                '35:12: "hіgh" is no level; it holds CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN'
                " I, and names are plain ASCII letters",
            ),
            (
                "access != written",
                "аccess != written",
                "34:32: CYRILLIC SMALL LETTER A has no meaning here; names are plain ASCII letters",
            ),
            (
                "worth > 50000",
                "worth > ５0000",
                "39:19: FULLWIDTH DIGIT FIVE has no meaning here; names are plain ASCII letters",
            ),
            (
                "lease: 90d",
                "lease: ９0d",
                '66:8: lease is a number of days such as 30d, not "９0d"',
            ),
        ],
    )
    def test_it_is_named(self, old: str, new: str, said: str) -> None:
        assert f"a.yaml:{said}" in refused(GOOD.replace(old, new))


PYTHON = [
    "__import__('os').system('true')",
    "exec('x')",
    "lambda: 1",
    "armed.__class__ == yes",
    "armed == yes if True else no",
    "[x for x in armed]",
    "armed == 'yes'",
    'f"{armed}"',
    "armed := yes",
    "held == 0x10",
    "held == 1_000",
    "held == 1e9",
    "held ** 99999999 > 1",
    "held > 10**100",
    "held is None",
    "not armed",
    "armed == yes # a comment",
    "armed == yes; held > 1",
    "armed\n== yes\\",
    "open('/etc/passwd')",
    "(yield)",
    "...",
    "True",
    "held == float('inf')",
    "`armed`",
]


@pytest.mark.parametrize("text", PYTHON)
def test_a_rule_that_is_python_is_one_error(text: str) -> None:
    """Nothing is ever evaluated as code; the reader of rules knows no code."""
    with pytest.raises(ExpressionError) as error:
        parse(text, NAMES)
    assert len(error.value.mistakes) == 1


@pytest.mark.parametrize("text", ["a" * LONGEST, "(" * LONGEST, "not " * (LONGEST // 4)])
def test_a_rule_as_long_as_may_be_takes_little(text: str) -> None:
    def does() -> None:
        with pytest.raises(ExpressionError):
            parse(text, NAMES)

    assert peak_of(does) < 3 * MEGABYTE
