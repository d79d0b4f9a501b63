"""How reports about parties were weighed: on what route, on what standard, by which factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases.models import Allegation
from primum.people.sight import Viewer, require

__all__ = ["AllegationLine", "weighed"]


@dataclass(frozen=True, slots=True)
class AllegationLine:
    """One weighing of one report about one party. A claim, never a finding."""

    party: UUID
    post: UUID
    at: datetime
    route: str
    standard: str
    factors: Mapping[str, str]
    words: str


def weighed(viewer: Viewer, report: UUID) -> tuple[AllegationLine, ...]:
    """Every weighing of a report that this viewer may read, newest first."""
    require(viewer)
    rows = Allegation.objects.filter(report=report).select_related("by").order_by("-at", "id")
    return tuple(_line(row) for row in rows)


def _line(row: Allegation) -> AllegationLine:
    return AllegationLine(
        party=row.party_id,
        post=row.by.post_id,
        at=row.at,
        route=row.route,
        standard=row.standard,
        factors=row.factors,
        words=row.words,
    )
