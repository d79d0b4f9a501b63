"""Small counts: what a number may tell of rows its reader may not open (law 10)."""

from __future__ import annotations

LEAST = 5
"""Fewer than this many hidden rows could be worked out to be somebody's."""


def may_tell(hits: int, whole: int) -> bool:
    """Whether a total may be told that counts `whole` hidden rows, `hits` of them the thing sought.

    Whoever knows the total takes off what they can open, and is left with the hidden ones: so both
    those and their complement must be many, or there must be none.
    """
    return whole == 0 or LEAST <= hits <= whole - LEAST
