"""Look: record what was seen. A look refused at the gate is not a look made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import acting
from primum.actions.once import tried
from primum.actions.seen import MADE, METHODS, NOT_MADE, Seen, check_there, held, record
from primum.people.sight import Viewer

__all__ = ["MADE", "METHODS", "NOT_MADE", "Seen", "look"]


def look(*, by: Viewer, now: datetime, look: UUID, seen: Seen) -> bool:
    """Record a look; True when it counts as made. Renewing the lease is for made looks alone.

    One visit serves every lease there: the looks in `seen.also` are made by it too.
    """
    with acting(by):
        row, *others = held(look, seen.also)
        if (before := tried(row.attempts, by, seen.key)) is not None:
            return before in MADE
        check_there(by, now, row, others)
        return record(by, now, [row, *others], seen)
