"""The moment of page tests."""

from __future__ import annotations

from datetime import datetime

from tests.cast import NOW


def now() -> datetime:
    return NOW
