"""The page of the laws names tests that exist, for every law there is."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reference" / "laws.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", PAGE)
LAWS = 11


@cache
def named_in(path: str) -> frozenset[str]:
    """Every test of a file, as `test_x` or `TestClass::test_x`."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef)
            }
    return frozenset(found)


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)), ids=lambda part: part)
def test_every_test_that_the_page_names_exists(path: str, name: str) -> None:
    """A law whose test was renamed or removed stands on nothing."""
    assert (ROOT / path).is_file()
    assert name in named_in(path)


def test_every_law_has_a_row_with_a_test() -> None:
    """Eleven laws, each shown by a test or more, whatever of it is not built yet."""
    rows = [line for line in PAGE.splitlines() if re.match(r"\| \d+\. ", line)]
    assert [int(re.findall(r"\d+", row)[0]) for row in rows] == list(range(1, LAWS + 1))
    for row in rows:
        assert "::test_" in row


def test_the_page_says_what_is_not_yet() -> None:
    """What waits for the vault, for exposure and for search is said, not left out."""
    later = PAGE.lower()
    for part in ("the vault:", "exposure", "search"):
        assert part in later
