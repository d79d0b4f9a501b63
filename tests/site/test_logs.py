"""Log lines carry kinds and places, never the words of a row."""

from __future__ import annotations

import logging
import sys

from primum.site.logs import Terse


def test_an_error_is_logged_by_kind_and_place() -> None:
    try:
        raise ValueError("Key (name)=(a sealed name) already exists")
    except ValueError:
        record = logging.LogRecord("primum", logging.ERROR, "", 0, "case %s", (7,), sys.exc_info())
    line = Terse().format(record)
    assert "ERROR primum case 7" in line
    assert "ValueError at test_logs.py:" in line
    assert "sealed" not in line


def test_a_line_without_an_error_is_one_line() -> None:
    record = logging.LogRecord("primum", logging.WARNING, "", 0, "not lapsed: 7", (), None)
    assert Terse().format(record).endswith("WARNING primum not lapsed: 7")
    assert "\n" not in Terse().format(record)
