"""Imports: what was read into the register, from which file, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.people.sight import Viewer, require
from primum.register.models import ImportBatch

__all__ = ["ImportLine", "imports"]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One file that was imported, and where that stands."""

    id: UUID
    title: str
    publisher: str
    started: datetime
    ended: datetime | None
    undone: datetime | None
    done: int
    total: int
    counts: Mapping[str, int]


def imports(viewer: Viewer) -> tuple[ImportLine, ...]:
    """Every import that this viewer may know of, newest first."""
    require(viewer)
    return tuple(
        ImportLine(
            row.id,
            row.title,
            row.publisher,
            row.started,
            row.ended,
            row.undone,
            row.done,
            row.total,
            row.counts,
        )
        for row in ImportBatch.objects.order_by("-started", "id")
    )
