"""Text made safe to print."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.exchange.plain import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3 Région Militaire", "3 Région Militaire"),
        ("كتيبة المشاة", "كتيبة المشاة"),
        ("\x1b[2Jgone", "[2Jgone"),
        ("a\0b", "ab"),
        ("two\nlines", "two lines"),
        ("abc\u202edcba", "abcdcba"),
        ("\u2067left open", "left open"),
        ("\u200fعلي", "\u200fعلي"),
        ("\ufffe", ""),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_unseen_is_left(text: str) -> None:
    shown = visible(text)

    assert all(unicodedata.category(c) not in {"Cc", "Cs"} for c in shown)
    assert visible(shown) == shown
