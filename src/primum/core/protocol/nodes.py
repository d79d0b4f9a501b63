"""Plain values that remember where they were written, and the mistakes found in them.

Whoever reads a file turns it into nodes; the core never opens one.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_GUESS = 80
"""Beyond this a "did you mean" costs more than it helps."""


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a file: a scalar (always a string), a sequence or a mapping.

    `line` and `column` start at 1 and point at the first character of the value. The lines of a
    `literal` scalar all begin in the column of the first.
    """

    value: str | tuple[Node, ...] | Mapping[Node, Node]
    line: int
    column: int
    style: str = "plain"

    def __hash__(self) -> int:
        return hash((self.line, self.column))

    def at(self, offset: int) -> tuple[int, int]:
        """Where the character at `offset` of a scalar stands in the file."""
        before = str(self.value)[:offset]
        return self.line + before.count("\n"), self.column + offset - (before.rfind("\n") + 1)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """What is wrong at one point of a file, and what would put it right."""

    line: int
    column: int
    says: str


class ProtocolError(Exception):
    """A protocol (or a file of answers) that cannot be used, with every mistake in it."""

    def __init__(self, filename: str, mistakes: Iterable[Mistake]) -> None:
        self.filename = filename
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__(
            "\n".join(f"{filename}:{m.line}:{m.column}: {m.says}" for m in self.mistakes)
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that names the nearest known word, or nothing.

    Of a word with a letter that only looks like another it names the letter.
    """
    if not word.isascii():
        odd = next(letter for letter in word if not letter.isascii())
        called = unicodedata.name(odd, "a character without a name")
        return f"; it holds {called}, and names are plain ASCII letters"
    near = nearest(word, known)
    return f'; did you mean "{near}"?' if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or nothing if none is."""
    if len(word) > LONGEST_GUESS:
        return ""
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1)), "")
