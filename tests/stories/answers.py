"""Answers to the shipped protocol that tests share: a careful, harmless course."""

from __future__ import annotations

from primum.cli.story import CAREFUL, WATCHFUL

__all__ = ["CAREFUL", "WATCHFUL"]
